// User management of the organisation's twin: privileges, lifecycle, every body of an error.
#include <gmock/gmock.h>

#include "tests/twins/org_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class OrgManageTest : public OrgFixture {
 protected:
  // What the privileges say of enabling and disabling: "" is allowed, else the reason.
  std::string Reason(const std::string& name) {
    const json privilege = Manage("GET", name, "").body["lifecycle.enablement"];
    return privilege["allowed"] == true ? "" : privilege["reason"]["key"].get<std::string>();
  }
};

TEST_F(OrgManageTest, PrivilegesNameWhoOwnsTheAccount) {
  EXPECT_EQ(Reason("ada"), "");
  EXPECT_EQ(Reason("cleo"), "externalDirectory.scim");
  EXPECT_EQ(Reason("hal"), "externalDirectory.google");
  EXPECT_EQ(Reason("eve"), "administrative");
  account("ada").owner = "blocked.exportControl";
  EXPECT_EQ(Reason("ada"), "blocked.exportControl");
  const json all = Manage("GET", "cleo", "").body;
  EXPECT_EQ(all["profile.write"]["extended_profile.job_title"]["reason"]["key"],
            "externalDirectory.scim");
  EXPECT_EQ(all["profile.read"]["allowed"], true);
}

TEST_F(OrgManageTest, PrivilegesCanBeChosen) {
  const json some =
      Manage("GET", "ada", "?privileges=email.set&privileges=lifecycle%2Eenablement&privileges=x")
          .body;
  EXPECT_EQ(some, (json{{"email.set", {{"allowed", true}}},
                        {"lifecycle.enablement", {{"allowed", true}}}}));
}

TEST_F(OrgManageTest, PrivilegesMayLieOrBeSilent) {
  Use({"privileges_lie"});
  EXPECT_EQ(Reason("cleo"), "");
  EXPECT_EQ(Lifecycle("cleo", "disable").status(), 403) << "refused only when it is tried";
  Use({"privileges_missing"});
  EXPECT_FALSE(Manage("GET", "ada", "").body.contains("lifecycle.enablement"));
}

TEST_F(OrgManageTest, ApiTokensAreListedWithoutTheirTexts) {
  account("ada").api_tokens = 2;
  const json tokens = Manage("GET", "ada", "/api-tokens").body;
  ASSERT_THAT(tokens, SizeIs(2));
  EXPECT_EQ(tokens[0]["label"], "Token 1");
  EXPECT_EQ(Manage("GET", "cleo", "/api-tokens").body, json::array());
  EXPECT_EQ(Manage("POST", "ada", "/api-tokens", "{}").status(), 405);
}

TEST_F(OrgManageTest, ScimLinksNameTheRecordsThatOwnTheAccount) {
  const std::string links = "/admin/user-provisioning/v1/org/o-1/user/";
  const json cleo = Send("GET", links + "aa-cleo/get-scim-links").body["scimLinks"];
  ASSERT_THAT(cleo, SizeIs(1));
  EXPECT_EQ(cleo[0]["atlassianAccountId"], "aa-cleo");
  EXPECT_EQ(Send("GET", links + "aa-ada/get-scim-links").body["scimLinks"], json::array());
  EXPECT_EQ(Send("GET", links + "aa-nobody/get-scim-links").status(), 404);
  EXPECT_EQ(Send("GET", "/admin/user-provisioning/v1/org/o-9/user/aa-ada/get-scim-links").status(),
            404);
}

TEST_F(OrgManageTest, AccountIsDisabledWithAMessageAndEnabled) {
  const OrgReply reply = Manage("POST", "ada", "/lifecycle/disable", R"({"message":"On leave"})");
  EXPECT_EQ(reply.status(), 204);
  EXPECT_EQ(reply.raw.body, "");
  EXPECT_FALSE(account("ada").active);
  EXPECT_EQ(account("ada").disable_message, "On leave");
  EXPECT_FALSE(account("ada").directories["dir-main"].suspended) << "another matter";
  EXPECT_EQ(Search("-", {{"accountIds", {"aa-ada"}}}).body["data"][0]["status"], "deactivated");
  EXPECT_EQ(Lifecycle("ada", "enable").status(), 204);
  EXPECT_TRUE(account("ada").active);
  EXPECT_EQ(account("ada").disable_message, "");
  EXPECT_EQ(Manage("POST", "ada", "/lifecycle/enable", "{}").status(), 204);
}

TEST_F(OrgManageTest, DisablingAgainIsSuccessOrConflict) {
  EXPECT_EQ(Lifecycle("gus", "disable").status(), 204);
  Use({"disable_again_409"});
  const OrgReply reply = Lifecycle("gus", "disable");
  EXPECT_EQ(reply.status(), 409);
  EXPECT_EQ(reply.body["key"], "conflict.lifecycleErrors");
  EXPECT_EQ(reply.body["context"]["accountId"], "aa-gus");
  EXPECT_THAT(reply.body["context"]["errorCodes"], SizeIs(1));
}

TEST_F(OrgManageTest, AccountOfAnotherDirectoryIsRefusedWithAReason) {
  const OrgReply reply = Lifecycle("cleo", "disable");
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(reply.body["key"], "forbidden.action");
  EXPECT_EQ(reply.body["context"],
            (json{{"allowed", false}, {"reason", {{"key", "externalDirectory.scim"}}}}));
  EXPECT_TRUE(account("cleo").active);
  Use({"context_text"});
  EXPECT_THAT(Lifecycle("cleo", "disable").body["context"].get<std::string>(),
              HasSubstr("externalDirectory.scim"));
  Use({"context_absent"});
  EXPECT_FALSE(Lifecycle("cleo", "disable").body.contains("context"));
}

TEST_F(OrgManageTest, AccountIsFreeWhenTheScimUserIsGone) {
  world_.scim["scim"].RemoveUser("u-cleo", Memberships::kRemoved);
  EXPECT_EQ(Reason("cleo"), "");
  EXPECT_EQ(Lifecycle("cleo", "disable").status(), 204);
}

TEST_F(OrgManageTest, GuestIsRefusedWhateverIsAsked) {
  for (const char* rest : {"", "/profile"}) {
    EXPECT_EQ(Manage("GET", "dan", rest).status(), 403) << rest;
  }
  const OrgReply reply = Lifecycle("dan", "disable");
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(
      reply.body,
      (json{{"key", "forbidden"},
            {"errorKey", "forbidden"},
            {"errorDetail", "Error: Caller must be a verified org admin of targeted account"}}));
  EXPECT_TRUE(account("dan").active);
}

TEST_F(OrgManageTest, UnverifiedAccountIsRefusedWithAText) {
  const OrgReply reply = Lifecycle("ida", "disable");
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(reply.body["key"], "forbidden.targetUnverified");
  EXPECT_EQ(reply.body["errorKey"], "forbidden.target-unverified");
  EXPECT_TRUE(reply.body["context"].is_string());
  EXPECT_EQ(Manage("GET", "ida", "").status(), 200);
  Use({"unverified_hides_privileges"});
  EXPECT_EQ(Manage("GET", "ida", "").code(), "forbidden.targetUnverified");
  Use({"unverified_allowed"});
  EXPECT_EQ(Lifecycle("ida", "disable").status(), 204);
}

TEST_F(OrgManageTest, AdministratorIsRefusedInTwoWaysOrAllowed) {
  EXPECT_EQ(Lifecycle("eve", "disable").body["context"]["reason"]["key"], "administrative");
  Use({"admin_disable_409"});
  EXPECT_EQ(Reason("eve"), "");
  EXPECT_EQ(Lifecycle("eve", "disable").code(), "conflict.lifecycleErrors");
  EXPECT_TRUE(account("eve").active);
  Use({"admin_disable_allowed"});
  EXPECT_EQ(Lifecycle("eve", "disable").status(), 204);
}

TEST_F(OrgManageTest, UnknownAndClosedAccountsAreNotFound) {
  account("gus").closed = true;
  for (const char* name : {"nobody", "gus"}) {
    const OrgReply reply = Lifecycle(name, "enable");
    EXPECT_EQ(reply.status(), 404) << name;
    EXPECT_EQ(reply.body, (json{{"key", "accountNotFound"},
                                {"errorKey", "account-not-found"},
                                {"errorDetail", "Error: User account not found"}}));
  }
  Use({"not_found_key", "plain_manage_errors"});
  EXPECT_EQ(Lifecycle("nobody", "enable").body, (json{{"key", "notFound"}}));
}

TEST_F(OrgManageTest, DeletionCanBeTakenBackAndActivates) {
  EXPECT_EQ(Lifecycle("ada", "delete").body, (json{{"message", "Success"}}));
  EXPECT_TRUE(account("ada").pending_deletion);
  EXPECT_EQ(Lifecycle("ada", "enable").code(), "conflict.lifecycleErrors");
  EXPECT_EQ(Lifecycle("ada", "cancel-delete").status(), 200);
  EXPECT_TRUE(account("ada").active);
  EXPECT_EQ(Lifecycle("ada", "cancel-delete").status(), 409);
  Use({"delete_names_account"});
  EXPECT_EQ(Lifecycle("ada", "delete").body["message"], "AccountId aa-ada has been deleted.");
}

TEST_F(OrgManageTest, BodiesThatCannotBeReadAreRefused) {
  for (const char* body : {"{", "[]", "7"}) {
    EXPECT_EQ(Manage("POST", "ada", "/lifecycle/disable", body).code(), "bodyParseFailure");
    EXPECT_EQ(Manage("POST", "ada", "/lifecycle/enable", body).code(), "bodyParseFailure");
    EXPECT_EQ(Manage("PATCH", "ada", "/profile", body).code(), "bodyParseFailure");
  }
  EXPECT_TRUE(account("ada").active);
  EXPECT_EQ(Manage("GET", "ada", "/lifecycle/disable").status(), 405);
  EXPECT_EQ(Manage("POST", "ada", "").status(), 405);
  EXPECT_EQ(Lifecycle("ada", "freeze").code(), "notFound");
}

TEST_F(OrgManageTest, ProfileIsReadAndChanged) {
  EXPECT_EQ(Manage("GET", "ada", "/profile").body["account"]["nickname"], "ada Example");
  const OrgReply changed =
      Manage("PATCH", "ada", "/profile",
             R"({"name":"Ada L","nickname":"al","extended_profile":{"location":"London"}})");
  EXPECT_EQ(changed.status(), 200);
  const json shown = Manage("GET", "ada", "/profile").body["account"];
  EXPECT_EQ(shown["name"], "Ada L");
  EXPECT_EQ(shown["nickname"], "al");
  EXPECT_EQ(shown["extended_profile"]["location"], "London");
  EXPECT_EQ(shown["account_status"], "active");
}

TEST_F(OrgManageTest, ProfileOfAnotherDirectoryIsRefusedFieldByField) {
  const OrgReply reply = Manage("PATCH", "cleo", "/profile", R"({"nickname":"c"})");
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(reply.body["key"], "forbidden.fieldMutation");
  EXPECT_EQ(reply.body["context"]["nickname"]["reason"]["key"], "externalDirectory.scim");
}

TEST_F(OrgManageTest, NamesHaveTheirLengths) {
  const auto patch = [&](const char* field, size_t length) {
    return Manage("PATCH", "ada", "/profile", json{{field, std::string(length, 'x')}}.dump());
  };
  EXPECT_EQ(patch("nickname", 30).status(), 200);
  const OrgReply reply = patch("nickname", 31);
  EXPECT_EQ(reply.status(), 400);
  EXPECT_EQ(reply.body["key"], "fieldConstraintsViolated");
  EXPECT_EQ(reply.body["context"]["fieldViolations"][0]["field"], "nickname");
  EXPECT_EQ(reply.body["context"]["fieldViolations"][0]["violations"][0]["key"], "maxLength");
  EXPECT_EQ(patch("name", 100).status(), 200);
  EXPECT_EQ(patch("name", 101).status(), 400);
}

TEST_F(OrgManageTest, EmailMustBeOfADomainThatIsVerified) {
  const auto put = [&](const std::string& email) {
    return Manage("PUT", "ada", "/email", json{{"email", email}}.dump());
  };
  EXPECT_EQ(put("new@example.com").status(), 204);
  EXPECT_EQ(account("ada").email, "new@example.com");
  const OrgReply reply = put("ada@example.org");
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(reply.body["key"], "forbidden.unclaimedDomain");
  EXPECT_EQ(reply.body["context"], (json{{"domain", "example.org"}}));
  EXPECT_EQ(Manage("PUT", "ada", "/email", "{}").code(), "bodyParseFailure");
}

}  // namespace
}  // namespace rollcall::twins
