// One world behind the twins of SCIM, of the organisation and of a Jira site.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/twins/jira_twin.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/rehearsal.h"
#include "tests/twins/scim_twin.h"
#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr char kWorldWithASite[] = R"({
  "scim": {"scim": {"users": [{"id": "u-bob", "userName": "bob@example.com",
                               "email": "bob@example.com", "atlassianAccountId": "aa-bob"}]}},
  "organisation": {"id": "o-1", "directories": [{"id": "dir-main"}],
                   "groups": [{"id": "g-1", "name": "users", "members": ["aa-bob"]}]},
  "sites": {"site": {"id": "cloud-1", "access_groups": ["g-1"]}},
  "cloud_accounts": [{"id": "aa-ada", "email": "ada@example.com", "directories": ["dir-main"]},
                     {"id": "aa-bob", "email": "bob@example.com", "directories": ["dir-main"]}]})";
constexpr char kDirectoryPath[] = "/atlassian/admin/v2/orgs/o-1/directories/dir-main";

class JiraRehearsalTest : public ::testing::Test {
 protected:
  JiraRehearsalTest() : world_(*WorldFromJson(kWorldWithASite, absl::UnixEpoch())) {
    const TwinClock clock = [this] { return now_; };
    ScimOptions scim;
    EXPECT_TRUE(ApplyDialect("atlassian", scim).ok());
    rehearsal_ = std::make_unique<Rehearsal>(&world_, RehearsalOptions(), clock);
    rehearsal_->Mount("/scim/v2", std::make_unique<ScimTwin>(&world_, "scim", scim, clock));
    rehearsal_->Mount("/atlassian", std::make_unique<OrgTwin>(&world_, OrgOptions(), clock));
    for (const char* path : {"/jira/site", "/atlassian/ex/jira/cloud-1"}) {
      JiraOptions options;
      options.base_path = path;
      rehearsal_->Mount(path, std::make_unique<JiraTwin>(&world_, "site", options, clock));
    }
  }
  TwinResponse Raw(const std::string& method, const std::string& target, const std::string& body) {
    TwinRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    const bool jira = target.find("/jira/") != std::string::npos;
    request.headers = {
        {"Authorization", jira ? JiraAuthorization(JiraOptions()) : "Bearer twin-token"}};
    return rehearsal_->Handle(request);
  }
  json Ask(const std::string& method, const std::string& target, const std::string& body = "") {
    const TwinResponse response = Raw(method, target, body);
    return response.body.empty() ? json() : json::parse(response.body);
  }
  bool ActiveInJira(const std::string& id) {
    return Ask("GET", absl::StrCat("/jira/site/rest/api/3/user?accountId=", id))["active"];
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  std::unique_ptr<Rehearsal> rehearsal_;
};

TEST_F(JiraRehearsalTest, WhoIsDisabledInTheOrganisationIsInactiveInJira) {
  EXPECT_TRUE(ActiveInJira("aa-ada"));
  EXPECT_EQ(Raw("POST", "/atlassian/users/aa-ada/manage/lifecycle/disable", "").status, 204);
  EXPECT_FALSE(ActiveInJira("aa-ada"));
}

TEST_F(JiraRehearsalTest, WhoIsSuspendedInTheDirectoryIsInactiveInJira) {
  EXPECT_EQ(Raw("POST", absl::StrCat(kDirectoryPath, "/users/aa-ada/suspend"), "").status, 204);
  EXPECT_FALSE(ActiveInJira("aa-ada"));
}

TEST_F(JiraRehearsalTest, WhoIsDeactivatedByScimIsInactiveInJira) {
  Ask("PATCH", "/scim/v2/Users/u-bob",
      R"({"Operations":[{"op":"replace","path":"active","value":false}]})");
  EXPECT_FALSE(ActiveInJira("aa-bob"));
}

TEST_F(JiraRehearsalTest, WhoIsAddedThroughJiraIsAMemberInTheOrganisation) {
  const auto members = [&]() -> json {
    return Ask("GET", absl::StrCat(kDirectoryPath, "/groups/g-1"))["data"]["counts"]["users"];
  };
  EXPECT_EQ(members(), 1);
  EXPECT_EQ(
      Raw("POST", "/jira/site/rest/api/3/group/user?groupId=g-1", R"({"accountId": "aa-ada"})")
          .status,
      201);
  EXPECT_EQ(members(), 2);
  EXPECT_EQ(
      Raw("DELETE", absl::StrCat(kDirectoryPath, "/groups/g-1/memberships/aa-ada"), "").status,
      204);
  EXPECT_EQ(Ask("GET", "/jira/site/rest/api/3/group/member?groupId=g-1")["total"], 1);
}

TEST_F(JiraRehearsalTest, WhoIsTakenOffTheSiteIsActiveInTheOrganisation) {
  EXPECT_EQ(Raw("DELETE", "/jira/site/rest/api/3/user?accountId=aa-bob", "").status, 204);
  const json users = Ask("POST", absl::StrCat(kDirectoryPath, "/users/search"),
                         R"({"expand": ["productAccess"]})")["data"];
  ASSERT_EQ(users.size(), 2u);
  EXPECT_EQ(users[1]["accountStatus"], "active");
  EXPECT_EQ(users[0]["productAccess"].size(), 1u);
  EXPECT_EQ(users[1]["productAccess"].size(), 0u) << "of bob, who left the site";
  EXPECT_EQ(Ask("GET", "/_twin/world")["sites"]["site"]["removed"], json{"aa-bob"});
}

TEST_F(JiraRehearsalTest, GatewayAndSiteAreOneAndAreCountedByTheirCalls) {
  EXPECT_EQ(Raw("DELETE", "/atlassian/ex/jira/cloud-1/rest/api/3/user?accountId=aa-bob", "").status,
            204);
  EXPECT_FALSE(ActiveInJira("aa-bob"));
  EXPECT_EQ(rehearsal_->log().Count("DELETE /rest/api/3/user"), 1);
  EXPECT_EQ(rehearsal_->log().Count("GET /rest/api/3/user"), 1);
}

}  // namespace
}  // namespace rollcall::twins
