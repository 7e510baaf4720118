// Who is let in, and how the organisation's twin refuses: keys, scopes, envelopes, rate limits.
#include <gmock/gmock.h>

#include "tests/twins/org_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OrgAccessTest : public OrgFixture {};

constexpr char kV1Users[] = "/admin/v1/orgs/o-1/users";
constexpr char kV2Directories[] = "/admin/v2/orgs/o-1/directories";

TEST_F(OrgAccessTest, EveryLayerAsksForTheKeyInItsOwnWay) {
  for (const char* authorization : {"Bearer wrong", "", "Basic YTpi", "Bearer"}) {
    const OrgReply v1 = Send("GET", kV1Users, "", authorization);
    EXPECT_EQ(v1.status(), 401);
    EXPECT_EQ(v1.body, (json{{"code", 401}, {"message", "Unauthorized"}}));
    EXPECT_EQ(Send("GET", kV2Directories, "", authorization).code(), "ADMIN-UAM-401-1");
    EXPECT_EQ(Send("GET", "/users/aa-ada/manage", "", authorization).code(), "unauthorized");
  }
  EXPECT_EQ(Send("GET", kV1Users, "", "bearer twin-token").status(), 200) << "any case";
}

TEST_F(OrgAccessTest, ExpiredKeyCountsForNothing) {
  Use({"key_expired"});
  EXPECT_EQ(Get(kV1Users).status(), 401);
  EXPECT_EQ(Get(kV2Directories).status(), 401);
  EXPECT_EQ(Manage("GET", "ada", "").status(), 401);
}

TEST_F(OrgAccessTest, ScopedKeyReadsDirectoriesAndDoesNothingElse) {
  Use({"key_scoped"});
  EXPECT_THAT(Get("/admin/v1/orgs").body["data"], IsEmpty());
  EXPECT_EQ(Get(kV1Users).status(), 200);
  EXPECT_EQ(Search("dir-main", json::object()).status(), 200) << "a POST that reads";
  const OrgReply write = Act("dir-main", "ada", "suspend");
  EXPECT_EQ(write.status(), 401);
  EXPECT_EQ(write.body["errors"][0]["title"], "INSUFFICIENT_SCOPE");
  EXPECT_FALSE(write.body["errors"][0].contains("id"));
  EXPECT_FALSE(account("ada").directories["dir-main"].suspended);
  const OrgReply manage = Manage("GET", "ada", "");
  EXPECT_EQ(manage.status(), 403);
  EXPECT_THAT(manage.raw.body, HasSubstr("manage:org"));
}

TEST_F(OrgAccessTest, ScopedKeyWithoutTheRightScopesCannotReadDirectories) {
  Use({"key_scoped", "key_scoped_reads", "scope_403_proxy"});
  EXPECT_EQ(Get(kV1Users).status(), 200);
  EXPECT_EQ(Get(kV2Directories).code(), "ADMIN-401-2");
  EXPECT_EQ(Manage("GET", "ada", "").code(), "403");
}

TEST_F(OrgAccessTest, KeyOfNoAdministratorIsRefusedByTheGateway) {
  Use({"forbidden"});
  const OrgReply reply = Get(kV1Users);
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(reply.body["status"], 403);
  EXPECT_EQ(reply.body["message"], "User has no permission to access resource.");
  EXPECT_EQ(reply.body["path"], "/api/admin/v1/orgs/o-1/users");
  EXPECT_EQ(Manage("GET", "ada", "").code(), "forbidden");
}

TEST_F(OrgAccessTest, UnknownOrganisationIsToldInThreeWays) {
  EXPECT_EQ(Get("/admin/v1/orgs/other/users").code(), "ADMIN-404-2");
  EXPECT_EQ(Get("/admin/v2/orgs/other/directories").status(), 404);
  Use({"wrong_org_gateway"});
  EXPECT_EQ(Get("/admin/v2/orgs/other/directories").body["message"], "TCS validation failed");
  Use({"wrong_org_403"});
  EXPECT_EQ(Get("/admin/v2/orgs/other/directories").body["error"], "Forbidden");
}

TEST_F(OrgAccessTest, ErrorsComeInEveryEnvelope) {
  const std::string target = In("dir-main", "/users/nobody");
  const OrgReply usual = Get(target);
  EXPECT_EQ(usual.status(), 404);
  const json& error = usual.body["errors"][0];
  EXPECT_EQ(error["status"], "404");
  EXPECT_EQ(error["code"], "ADMIN-UAM-404-1");
  EXPECT_EQ(error["title"], "Unknown Resource");
  EXPECT_THAT(error["id"].get<std::string>(), SizeIs(8));
  Use({"error_status_number", "error_without_id"});
  EXPECT_EQ(Get(target).body["errors"][0]["status"], 404);
  EXPECT_FALSE(Get(target).body["errors"][0].contains("id"));
  Use({"errors_proxy"});
  EXPECT_EQ(Get(target).body["code"], 404);
  Use({"errors_gateway"});
  EXPECT_EQ(Get(target).body["error"], "Not Found");
  EXPECT_EQ(Get(target).body["timestamp"], "2023-11-14T22:13:20.000+00:00");
  Use({"errors_empty"});
  EXPECT_EQ(Act("dir-main", "nobody", "suspend").status(), 404);
  EXPECT_EQ(Act("dir-main", "nobody", "suspend").raw.body, "");
  EXPECT_EQ(Get(In("none", "/users")).code(), "ADMIN-UAM-404-1") << "reads have one";
}

TEST_F(OrgAccessTest, WhatIsNotThereIsTheGateways) {
  for (const char* target : {"/nothing", "/admin/v3/orgs", "/admin/v2/orgs/o-1/workspaces",
                             "/admin/v1/orgs/o-1/policies"}) {
    EXPECT_EQ(Get(target).status(), 404) << target;
    EXPECT_EQ(Get(target).body["error"], "Not Found") << target;
  }
  EXPECT_EQ(Send("PUT", kV2Directories).status(), 405);
}

TEST_F(OrgAccessTest, CallsOfVersionOneThatEndedAre404Or410) {
  const struct {
    const char* method;
    const char* target;
  } calls[] = {{"POST", "/admin/v1/orgs/o-1/directory/users/aa-ada/suspend-access"},
               {"POST", "/admin/v1/orgs/o-1/directory/users/aa-ada/restore-access"},
               {"DELETE", "/admin/v1/orgs/o-1/directory/users/aa-ada"},
               {"POST", "/admin/v1/orgs/o-1/directory/groups/g-staff/memberships"},
               {"POST", "/admin/v1/orgs/o-1/users/search"},
               {"POST", "/admin/v1/orgs/o-1/groups/search"},
               {"POST", "/admin/v1/orgs/o-1/users/invite"}};
  for (const auto& call : calls) {
    Use({});
    EXPECT_EQ(Send(call.method, call.target).status(), 404) << call.target;
    Use({"legacy_gone"});
    EXPECT_EQ(Send(call.method, call.target).status(), 410) << call.target;
  }
  EXPECT_FALSE(account("ada").directories["dir-main"].suspended);
}

TEST_F(OrgAccessTest, SuccessMayBeAPageOrNothing) {
  Use({"html_200"});
  EXPECT_EQ(Search("dir-main", json::object()).status(), 200);
  EXPECT_THAT(Get(kV1Users).header("Content-Type"), HasSubstr("text/html"));
  Use({"empty_200"});
  EXPECT_EQ(Get(kV1Users).raw.body, "");
  EXPECT_EQ(Act("dir-main", "ada", "suspend").status(), 204) << "writes are as ever";
}

TEST_F(OrgAccessTest, RateLimitNamesTheTimeOfTheNextRequest) {
  Use({"rate_limit=1"});
  const OrgReply first = Get(kV1Users);
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(first.header("X-RateLimit-Limit"), "1");
  EXPECT_EQ(first.header("X-RateLimit-Remaining"), "0");
  const OrgReply v1 = Get(kV1Users);
  EXPECT_EQ(v1.status(), 429);
  EXPECT_EQ(v1.code(), "429");
  EXPECT_EQ(v1.header("X-RateLimit-Reset"), "2023-11-14T22:13:21Z");
  EXPECT_EQ(v1.header("Retry-After"), "");
  EXPECT_EQ(Get(kV2Directories).code(), "ADMIN-429-1");
  EXPECT_EQ(Manage("GET", "ada", "").raw.body, "");
  now_ += absl::Seconds(1);
  EXPECT_EQ(Get(kV1Users).status(), 200);
}

TEST_F(OrgAccessTest, RateLimitMaySayMoreOrNothing) {
  Use({"rate_limit=1", "retry_after"});
  Get(kV1Users);
  EXPECT_EQ(Get(kV1Users).header("Retry-After"), "1");
  Use({"rate_limit=1", "no_rate_headers"});
  Get(kV1Users);
  EXPECT_EQ(Get(kV1Users).header("X-RateLimit-Reset"), "");
}

TEST_F(OrgAccessTest, EndpointsAreCountedWithoutIds) {
  const struct {
    const char* path;
    const char* label;
  } cases[] = {{"/admin/v1/orgs", "/admin/v1/orgs"},
               {"/admin/v1/orgs/o-1/users", "/admin/v1/orgs/{org}/users"},
               {"/admin/v2/orgs/o-1/directories/-/users/search",
                "/admin/v2/orgs/{org}/directories/{dir}/users/search"},
               {"/admin/v2/orgs/o-1/directories/dir-main/users/712020%3Ax/suspend",
                "/admin/v2/orgs/{org}/directories/{dir}/users/{id}/suspend"},
               {"/admin/v2/orgs/o-1/directories/d/groups/g/memberships/aa-ada",
                "/admin/v2/orgs/{org}/directories/{dir}/groups/{id}/memberships/{id}"},
               {"/users/712020:x/manage/lifecycle/disable", "/users/{id}/manage/lifecycle/disable"},
               {"", "/"}};
  for (const auto& item : cases) EXPECT_EQ(twin_->Endpoint(item.path), item.label);
}

TEST_F(OrgAccessTest, EveryQuirkCanBeNamed) {
  for (const OrgQuirkInfo& info : AllOrgQuirks()) {
    OrgOptions options;
    EXPECT_TRUE(ApplyOrgQuirk(info.name, options).ok()) << info.name;
    EXPECT_TRUE(options.quirks.Has(info.quirk)) << info.name;
  }
  OrgOptions options;
  EXPECT_TRUE(ApplyOrgQuirk("stale_ms=1500", options).ok());
  EXPECT_EQ(options.propagation.time, absl::Milliseconds(1500));
  for (const char* text : {"nonsense", "page_cap", "page_cap=-1", "page_cap=x", "next_url=1"}) {
    EXPECT_FALSE(ApplyOrgQuirk(text, options).ok()) << text;
  }
}

}  // namespace
}  // namespace rollcall::twins
