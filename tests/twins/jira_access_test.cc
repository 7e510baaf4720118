// Who may ask a Jira site what, and what the site says of itself and of the caller.
#include <gmock/gmock.h>

#include "tests/twins/jira_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class JiraAccessTest : public JiraFixture {
 protected:
  JiraReply As(const std::string& authorization, const std::string& call) {
    return Ask("GET", absl::StrCat("/rest/api/3", call), "", authorization);
  }
};

constexpr char kWrongBasic[] = "Basic YWRtaW5AZXhhbXBsZS5jb206d3Jvbmc=";  // :wrong

TEST_F(JiraAccessTest, AnswersNameTheCaller) {
  EXPECT_EQ(Get("/myself").body["accountId"], "aa-ada");
  EXPECT_EQ(Get("/users").header("X-AAccountId"), "aa-ada");
  EXPECT_EQ(Get("/user?accountId=aa-nobody").header("X-AAccountId"), "aa-ada");
}

TEST_F(JiraAccessTest, CallerMayBeOfNoAccountOfTheWorld) {
  options_.email = "robot@example.com";
  Restart();
  const JiraReply reply = Get("/myself");
  EXPECT_EQ(reply.body["emailAddress"], "robot@example.com");
  EXPECT_EQ(reply.header("X-AAccountId"), reply.body["accountId"]);
  EXPECT_EQ(world_.cloud_accounts.count(reply.body["accountId"]), 0u);
}

TEST_F(JiraAccessTest, WrongCredentialsAre401) {
  for (const char* wrong : {kWrongBasic, "Bearer twin-token", ""}) {
    const JiraReply reply = As(wrong, "/users/search");
    EXPECT_EQ(reply.status(), 401) << wrong;
    EXPECT_EQ(reply.body,
              (json{{"errorMessages", {"Client must be authenticated to access this resource."}},
                    {"errors", json::object()}}));
    EXPECT_EQ(reply.header("X-AAccountId"), "");
  }
  EXPECT_EQ(As(kWrongBasic, "/serverInfo").status(), 401);
  EXPECT_EQ(As(kWrongBasic, "/groups/picker").status(), 401);
}

TEST_F(JiraAccessTest, WithoutCredentialsServerInfoAnswersAndThePickerIsEmpty) {
  EXPECT_EQ(As("", "/serverInfo").status(), 200);
  const JiraReply picker = As("", "/groups/picker?query=team");
  EXPECT_EQ(picker.status(), 200);
  EXPECT_EQ(picker.body["total"], 0);
}

TEST_F(JiraAccessTest, AnonymousReadsAreEmptyAndNotRefused) {
  Use({"anonymous_reads"});
  for (const char* call : {"/users/search", "/users", "/user/search?query=a", "/group/bulk",
                           "/group/member?groupId=g-team", "/user/groups?accountId=aa-ada"}) {
    const JiraReply reply = As(kWrongBasic, call);
    EXPECT_EQ(reply.status(), 200) << call;
    EXPECT_TRUE(reply.Each("name").empty()) << call;
    EXPECT_EQ(reply.header("X-AAccountId"), "") << "the only sign";
  }
  EXPECT_EQ(As(kWrongBasic, "/group/bulk").body["isLast"], true);
  EXPECT_EQ(As(kWrongBasic, "/groups/picker").body["groups"], json::array());
  EXPECT_EQ(As(kWrongBasic, "/serverInfo").status(), 200);
  EXPECT_EQ(As(kWrongBasic, "/myself").status(), 401);
  EXPECT_EQ(As(kWrongBasic, "/user?accountId=aa-ada").status(), 401);
  EXPECT_EQ(Get("/users/search").ids().size(), 8u) << "with the right ones nothing is missing";
}

TEST_F(JiraAccessTest, PermissionsSayWhatTheCallerMay) {
  const json all = Get("/mypermissions?permissions=ADMINISTER,USER_PICKER").body["permissions"];
  EXPECT_EQ(all["ADMINISTER"]["havePermission"], true);
  EXPECT_EQ(all["USER_PICKER"]["type"], "GLOBAL");
  EXPECT_EQ(Get("/mypermissions").status(), 400);
  EXPECT_EQ(Get("/mypermissions?permissions=FLY").status(), 400);
  Use({"not_admin"});
  const json some = Get("/mypermissions?permissions=ADMINISTER,USER_PICKER").body["permissions"];
  EXPECT_EQ(some["ADMINISTER"]["havePermission"], false);
  EXPECT_EQ(some["USER_PICKER"]["havePermission"], true);
}

TEST_F(JiraAccessTest, WhoIsNoAdministratorWritesNothing) {
  Use({"not_admin"});
  EXPECT_EQ(Add("g-team", "gus").status(), 403);
  EXPECT_EQ(Remove("g-team", "bob").status(), 403);
  EXPECT_EQ(Create("joe@example.com", json::array()).status(), 403);
  EXPECT_EQ(Delete("bob").status(), 403);
  EXPECT_EQ(Send("POST", "/group", {{"name", "new"}}).status(), 403);
  EXPECT_EQ(group("g-team").members.size(), 3u);
  EXPECT_EQ(Get("/users").status(), 200);
}

TEST_F(JiraAccessTest, WhoMayNotBrowseSeesNobody) {
  Use({"browse_forbidden"});
  for (const char* call : {"/users/search", "/group/bulk", "/group/member?groupId=g-team",
                           "/user?accountId=aa-bob", "/user/groups?accountId=aa-bob"}) {
    EXPECT_EQ(Get(call).status(), 403) << call;
    EXPECT_EQ(Get(call).message(),
              "Browse users and groups permission is required to view groups.");
  }
  EXPECT_EQ(Get("/user/search?query=person").body, json::array());
  EXPECT_EQ(Get("/groups/picker").body["total"], 0);
  EXPECT_EQ(Get("/myself").status(), 200);
  EXPECT_EQ(Get("/mypermissions?permissions=USER_PICKER")
                .body["permissions"]["USER_PICKER"]["havePermission"],
            false);
}

TEST_F(JiraAccessTest, ServerInfoSaysCloud) {
  const json info = Get("/serverInfo").body;
  EXPECT_EQ(info["deploymentType"], "Cloud");
  EXPECT_EQ(info["baseUrl"], "http://127.0.0.1:80/jira/site");
  EXPECT_EQ(info["serverTime"], "2023-11-14T22:13:20.000+0000");
}

TEST_F(JiraAccessTest, DataCenterHasNoVersion3) {
  Use({"data_center"});
  const JiraReply page = Get("/serverInfo");
  EXPECT_EQ(page.status(), 404);
  EXPECT_THAT(page.header("Content-Type"), HasSubstr("text/html"));
  EXPECT_EQ(page.header("X-AAccountId"), "");
  EXPECT_EQ(Add("g-team", "gus").status(), 404);
  const json info = Ask("GET", "/rest/api/2/serverInfo", "", "").body;
  EXPECT_EQ(info["deploymentType"], "Server");
  EXPECT_EQ(info["versionNumbers"], (json{9, 12, 4}));
  Use({"data_center", "data_center_json"});
  EXPECT_EQ(Get("/users/search").status(), 404);
  EXPECT_EQ(Get("/users/search").body["status-code"], 404);
}

TEST_F(JiraAccessTest, LoginPageIsNoAnswer) {
  Use({"html_200"});
  const JiraReply page = Get("/users/search");
  EXPECT_EQ(page.status(), 200);
  EXPECT_THAT(page.raw.body, HasSubstr("Log in"));
  EXPECT_EQ(Add("g-team", "gus").status(), 201) << "writes are as ever";
}

TEST_F(JiraAccessTest, UnknownCallsAndMethodsAreRefused) {
  EXPECT_EQ(Get("/nothing").status(), 404);
  EXPECT_EQ(Send("PATCH", "/user").status(), 405);
  EXPECT_EQ(Ask("GET", "/rest/api/4/users", "", JiraAuthorization(options_)).status(), 404);
  options_.base_path = "/elsewhere";
  EXPECT_EQ(Get("/users").status(), 404) << "the twin lies below /jira/site";
}

TEST_F(JiraAccessTest, GatewayServesTheSameSite) {
  options_.base_path = "/atlassian/ex/jira/cloud-1";
  Restart();
  EXPECT_EQ(Get("/user?accountId=aa-bob").body["self"],
            "http://127.0.0.1:80/atlassian/ex/jira/cloud-1/rest/api/3/user?accountId=aa-bob");
}

}  // namespace
}  // namespace rollcall::twins
