// One world behind the twins of SCIM and of the organisation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/rehearsal.h"
#include "tests/twins/scim_twin.h"
#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr char kSharedWorld[] = R"({
  "scim": {"scim": {"users": [{"id": "u-ada", "userName": "ada@example.com",
                               "email": "ada@example.com", "atlassianAccountId": "aa-ada"}],
                    "groups": [{"id": "sg", "displayName": "Staff", "members": ["u-ada"]}]}},
  "organisation": {"id": "o-1", "directories": [{"id": "dir-main"}],
                   "groups": [{"id": "og", "name": "Staff", "synced_by": "scim",
                               "members": ["aa-ada"]}]},
  "cloud_accounts": [{"id": "aa-ada", "email": "ada@example.com", "directories": ["dir-main"]}]})";

class OrgRehearsalTest : public ::testing::Test {
 protected:
  OrgRehearsalTest() : world_(*WorldFromJson(kSharedWorld, absl::UnixEpoch())) {}
  void Open(const std::vector<std::string>& org_quirks) {
    OrgOptions options;
    for (const std::string& quirk : org_quirks) EXPECT_TRUE(ApplyOrgQuirk(quirk, options).ok());
    ScimOptions scim;
    EXPECT_TRUE(ApplyDialect("atlassian", scim).ok());
    const TwinClock clock = [this] { return now_; };
    rehearsal_ = std::make_unique<Rehearsal>(&world_, RehearsalOptions(), clock);
    rehearsal_->Mount("/scim/v2", std::make_unique<ScimTwin>(&world_, "scim", scim, clock));
    rehearsal_->Mount("/atlassian", std::make_unique<OrgTwin>(&world_, options, clock));
  }
  json Ask(const std::string& method, const std::string& target, const std::string& body = "") {
    TwinRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"Authorization", "Bearer twin-token"}};
    const TwinResponse response = rehearsal_->Handle(request);
    return response.body.empty() ? json() : json::parse(response.body);
  }
  void DeactivateAda() {
    Ask("PATCH", "/scim/v2/Users/u-ada",
        R"({"Operations":[{"op":"replace","path":"active","value":false}]})");
  }
  std::string StatusOfAda() {
    const json found =
        Ask("POST", "/atlassian/admin/v2/orgs/o-1/directories/dir-main/users/search", "{}");
    return found["data"][0]["accountStatus"];
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  std::unique_ptr<Rehearsal> rehearsal_;
};

TEST_F(OrgRehearsalTest, WriteToScimShowsInTheOrganisation) {
  Open({});
  EXPECT_EQ(StatusOfAda(), "active");
  DeactivateAda();
  EXPECT_EQ(StatusOfAda(), "inactive");
  const json world = Ask("GET", "/_twin/world");
  EXPECT_EQ(world["cloud_accounts"][0]["active"], false);
  EXPECT_EQ(world["scim"]["scim"]["users"][0]["active"], false);
}

TEST_F(OrgRehearsalTest, WriteToScimShowsLate) {
  Open({"stale_ms=30000"});
  DeactivateAda();
  EXPECT_EQ(StatusOfAda(), "active");
  EXPECT_EQ(Ask("GET", "/scim/v2/Users/u-ada")["active"], false) << "SCIM itself is not late";
  now_ += absl::Seconds(30);
  EXPECT_EQ(StatusOfAda(), "inactive");
}

TEST_F(OrgRehearsalTest, MemberOfTheScimGroupIsMemberOfTheSyncedGroup) {
  Open({});
  Ask("PATCH", "/scim/v2/Groups/sg",
      R"({"Operations":[{"op":"remove","path":"members[value eq \"u-ada\"]"}]})");
  const json group = Ask("GET", "/atlassian/admin/v2/orgs/o-1/directories/-/groups/og");
  EXPECT_EQ(group["data"]["counts"]["users"], 0);
}

TEST_F(OrgRehearsalTest, SearchesCountAsReads) {
  Open({});
  StatusOfAda();
  Ask("POST", "/atlassian/users/aa-ada/manage/lifecycle/disable");
  const json requests = Ask("GET", "/_twin/requests");
  EXPECT_EQ(requests["reads"], 1);
  EXPECT_EQ(requests["writes"], 1);
  const std::string search = "POST /admin/v2/orgs/{org}/directories/{dir}/users/search";
  EXPECT_EQ(requests["by_endpoint"][search], 1);
  EXPECT_EQ(requests["by_endpoint"]["POST /users/{id}/manage/lifecycle/disable"], 1);
}

}  // namespace
}  // namespace rollcall::twins
