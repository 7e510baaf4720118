// Each oddity of Crowd shows what its name says.
#include "tests/twins/crowd_quirks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "tests/twins/crowd_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CrowdQuirksTest : public CrowdFixture {
 protected:
  json Shown() { return Get("/user?username=ada").body; }
  int PutStatus(const json& body) { return Put("/user?username=ada", body).status(); }
};

TEST(CrowdQuirksTableTest, NamesAreUniqueAndFoundAndInTheOrderOfTheEnum) {
  std::set<std::string> names;
  int number = 0;
  for (const CrowdQuirkInfo& info : AllCrowdQuirks()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(FindCrowdQuirk(info.name), info.quirk) << info.name;
    EXPECT_EQ(static_cast<int>(info.quirk), number++) << info.name;
  }
  CrowdOptions options;
  for (const char* text : {"", "nonsense", "page_cap", "page_cap=", "page_cap=-1", "x=1"}) {
    EXPECT_FALSE(ApplyCrowdQuirk(text, options).ok()) << text;
  }
}

TEST_F(CrowdQuirksTest, ForbiddenAddressIsAnHtmlPageBeforeThePasswordIsLookedAt) {
  Use({"address_forbidden"});
  const TwinHeaders wrong = {{"Authorization", Basic("rollcall", "wrong")}};
  const CrowdReply reply = Send("GET", "/config/cookie", "", wrong);
  EXPECT_EQ(reply.status(), 403);
  EXPECT_THAT(reply.header("Content-Type"), HasSubstr("text/html"));
  EXPECT_THAT(reply.raw.body, HasSubstr("forbidden from making requests to the application"));
  EXPECT_EQ(twin_->password_checks(), 0);
  EXPECT_EQ(Send("GET", "/config/cookie", "", {{"Authorization", Basic("x", "y")}}).status(), 401);
  Use({"address_forbidden", "password_before_address", "new_container_pages"});
  EXPECT_EQ(Send("GET", "/config/cookie", "", wrong).status(), 401);
  EXPECT_THAT(Get("/config/cookie").raw.body, HasSubstr("refuses to authorize it"));
}

TEST_F(CrowdQuirksTest, SessionsAreNotReusedOrSufficeAlone) {
  Use({"no_session_reuse"});
  EXPECT_EQ(Get("/config/cookie").header("Set-Cookie"), "");
  Get("/config/cookie");
  EXPECT_EQ(twin_->password_checks(), 2);
  Use({"session_suffices"});
  const std::string cookie = Get("/config/cookie").header("Set-Cookie");
  EXPECT_EQ(Send("GET", "/config/cookie", "",
                 {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Authorization", "-"}})
                .status(),
            200);
}

TEST_F(CrowdQuirksTest, ChallengeVersionAndXsrfHeader) {
  Use({"no_challenge", "no_version_header", "xsrf_required"});
  const CrowdReply refused = Send("GET", "/config/cookie", "", {{"Authorization", "-"}});
  EXPECT_EQ(refused.header("WWW-Authenticate"), "");
  EXPECT_EQ(refused.header("X-Embedded-Crowd-Version"), "");
  EXPECT_EQ(Delete("/user?username=ada").status(), 403);
  EXPECT_EQ(Send("DELETE", "/user?username=ada", "", {{"X-Atlassian-Token", "no-check"}}).status(),
            204);
}

TEST_F(CrowdQuirksTest, RateLimitAnswers429AndCountsDown) {
  Use({"rate_limit=2"});
  EXPECT_EQ(Get("/config/cookie").header("X-RateLimit-Remaining"), "1");
  EXPECT_EQ(Get("/config/cookie").header("X-RateLimit-Remaining"), "0");
  const CrowdReply limited = Get("/config/cookie");
  EXPECT_EQ(limited.status(), 429);
  EXPECT_EQ(limited.header("Retry-After"), "1");
  EXPECT_EQ(limited.header("X-RateLimit-Limit"), "2");
  now_ += absl::Seconds(1);
  EXPECT_EQ(Get("/config/cookie").status(), 200);
  Use({"rate_limit=1", "no_retry_after"});
  Get("/config/cookie");
  EXPECT_EQ(Get("/config/cookie").header("Retry-After"), "");
}

TEST_F(CrowdQuirksTest, ShapesOfUsersAndLists) {
  Use({"default_json"});
  EXPECT_EQ(Send("GET", "/user?username=ada", "", {{"Accept", "-"}}).body["name"], "ada");
  Use({"swagger_shapes"});
  EXPECT_TRUE(Get("/user?username=ada&expand=attributes").body["attributes"].contains("attribute"));
  EXPECT_TRUE(Get("/search?entity-type=group").body.contains("group"));
  Use({"new_user_fields"});
  EXPECT_EQ(Shown()["created-date"], 1'700'000'000'000);
  EXPECT_EQ(Shown()["directory-id"], 1);
  user("ada").email = "";
  Use({"blank_omitted"});
  EXPECT_FALSE(Shown().contains("email"));
  Use({"blank_null"});
  EXPECT_EQ(Shown()["email"], nullptr);
  Use({"no_list_expand"});
  EXPECT_FALSE(Get("/search?entity-type=user").body.contains("expand"));
}

TEST_F(CrowdQuirksTest, EmptyAnswersWithoutTypeAndFrameworkErrorsAsJson) {
  Use({"empty_without_type", "framework_errors_json"});
  EXPECT_EQ(Delete("/user?username=ada").header("Content-Type"), "");
  const CrowdReply reply = Get("/nonsense");
  EXPECT_EQ(reply.body["status-code"], 404);
  EXPECT_FALSE(reply.body.contains("reason"));
}

TEST_F(CrowdQuirksTest, AliasesAreIgnored) {
  app().aliases["ada"] = "lovelace";
  Use({"aliases_ignored"});
  EXPECT_EQ(Shown()["name"], "ada");
  EXPECT_EQ(Get("/user?username=lovelace").status(), 404);
}

TEST_F(CrowdQuirksTest, ImpossiblePagesAreAccepted) {
  Use({"zero_max_results_empty", "negative_start_is_zero"});
  EXPECT_THAT(Get("/search?entity-type=user&max-results=0").names(), IsEmpty());
  EXPECT_EQ(Get("/search?entity-type=user&start-index=-1").names().size(), 4u);
}

TEST_F(CrowdQuirksTest, UnknownObjectsHaveEmptyListsInsteadOf404) {
  EXPECT_EQ(Get("/user/group/direct?username=no").status(), 404);
  EXPECT_EQ(Get("/group/user/direct?groupname=no").status(), 404);
  Use({"unknown_list_empty"});
  EXPECT_EQ(Get("/user/group/direct?username=no").status(), 200);
  EXPECT_EQ(Get("/group/user/direct?groupname=no").body["users"], json::array());
}

TEST_F(CrowdQuirksTest, LaterPagesOfMembershipsDropOrRepeatRows) {
  group("staff").users = {"ada", "bob", "carl", "dora"};
  Use({"membership_pages_drop"});
  EXPECT_THAT(Get("/group/user/direct?groupname=staff&max-results=2").names(),
              ElementsAre("ada", "Bob"));
  EXPECT_THAT(Get("/group/user/direct?groupname=staff&max-results=2&start-index=2").names(),
              ElementsAre("carl"));
  Use({"membership_pages_repeat"});
  EXPECT_THAT(Get("/group/user/direct?groupname=staff&max-results=2&start-index=2").names(),
              ElementsAre("Bob", "carl"));
  Use({"page_cap=3"});
  EXPECT_EQ(Get("/group/user/direct?groupname=staff&max-results=-1").names().size(), 3u);
}

TEST_F(CrowdQuirksTest, OrderOfListsChangesFromCallToCall) {
  Use({"unstable_order"});
  std::set<std::vector<std::string>> seen;
  for (int i = 0; i < 8; ++i) seen.insert(Get("/search?entity-type=user").names());
  EXPECT_GT(seen.size(), 2u);
}

TEST_F(CrowdQuirksTest, CreatingAnswersAndAcceptsOtherThings) {
  const json body = {{"name", "n"},
                     {"attributes", {{"attributes", {{{"name", "a"}, {"values", {"1"}}}}}}}};
  Use({"create_without_body", "create_password_optional", "create_attributes_ignored"});
  const CrowdReply reply = Post("/user", body);
  EXPECT_EQ(reply.status(), 201);
  EXPECT_EQ(reply.raw.body, "");
  EXPECT_THAT(user("n").attributes, IsEmpty());
  Use({"create_group_with_body"});
  EXPECT_EQ(Post("/group", {{"name", "g"}, {"type", "GROUP"}}).body["name"], "g");
  Use({"password_length=3"});
  EXPECT_EQ(Put("/user/password?username=ada", {{"value", "pw"}}).reason(), "INVALID_CREDENTIAL");
  Use({"missing_parameter_500"});
  EXPECT_EQ(Get("/user").status(), 500);
}

TEST_F(CrowdQuirksTest, ActiveLeftOutDeactivatesOrIsRefused) {
  Use({"active_omitted_rejected"});
  EXPECT_EQ(PutStatus({{"name", "ada"}}), 400);
  EXPECT_TRUE(user("ada").active);
  Use({"active_omitted_false"});
  EXPECT_EQ(PutStatus({{"name", "ada"}}), 204);
  EXPECT_FALSE(user("ada").active);
}

TEST_F(CrowdQuirksTest, ActiveAsAStringIsRefusedInJsonButNotInXml) {
  Use({"active_string_rejected"});
  EXPECT_EQ(PutStatus({{"name", "ada"}, {"active", "false"}}), 400);
  EXPECT_EQ(Send("PUT", "/user?username=ada", "<user name='ada'><active>false</active></user>",
                 {{"Content-Type", "application/xml"}})
                .status(),
            204);
}

TEST_F(CrowdQuirksTest, PutNamesItsRefusalOrderAndCase) {
  Use({"put_name_invalid_user"});
  EXPECT_EQ(Put("/user?username=ada", {{"name", "bob"}}).reason(), "INVALID_USER");
  Use({"put_name_case_sensitive"});
  EXPECT_EQ(PutStatus({{"name", "ADA"}, {"active", true}}), 400);
}

TEST_F(CrowdQuirksTest, PutTouchesPasswordAndAttributes) {
  Use({"put_sets_password", "put_sets_attributes"});
  json body = InactiveAda();
  body["password"] = {{"value", "other"}};
  EXPECT_EQ(PutStatus(body), 204);
  EXPECT_EQ(user("ada").password, "other");
  EXPECT_THAT(user("ada").attributes, IsEmpty());
}

TEST_F(CrowdQuirksTest, UnknownMembersAreIgnoredOr500) {
  Use({"unknown_members_ignored"});
  EXPECT_EQ(PutStatus({{"name", "ada"}, {"nick", "x"}}), 204);
  Use({"unknown_members_500"});
  EXPECT_EQ(PutStatus({{"name", "ada"}, {"nick", "x"}}), 500);
}

TEST_F(CrowdQuirksTest, EmailsAreNotChangedOrShownLower) {
  json body = InactiveAda();
  body["email"] = "new@example.com";
  Use({"email_change_refused"});
  EXPECT_EQ(PutStatus(body), 403);
  EXPECT_TRUE(user("ada").active);
  Use({"email_change_ignored"});
  EXPECT_EQ(PutStatus(body), 204);
  EXPECT_EQ(user("ada").email, "ada@example.com");
  user("ada").email = "Ada@Example.com";
  Use({"email_lowered"});
  EXPECT_EQ(Shown()["email"], "ada@example.com");
}

TEST_F(CrowdQuirksTest, NamesStayBlankAndDeactivationDropsMemberships) {
  Use({"names_not_derived", "deactivate_drops_memberships"});
  EXPECT_EQ(PutStatus({{"name", "ada"}, {"active", false}}), 204);
  EXPECT_EQ(user("ada").display_name, "");
  EXPECT_THAT(group("staff").users, ElementsAre("bob"));
}

TEST_F(CrowdQuirksTest, RivalChangesTheNameJustBeforeThePut) {
  Use({"rival_edits=1", "names_not_derived"});
  EXPECT_EQ(PutStatus(InactiveAda()), 204);
  EXPECT_EQ(user("ada").display_name, "Ada Example") << "the rival's change is lost";
}

TEST_F(CrowdQuirksTest, TheRivalsChangeIsAnEventBeforeThatOfThePut) {
  Use({"rival_edits=1", "events_whole"});
  const std::string token = "/event/" + Get("/event").body["newEventToken"].get<std::string>();
  EXPECT_EQ(PutStatus(InactiveAda()), 204);
  const json events = Get(token).body["events"];
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]["user"]["display-name"], "Ada Example (edited)");
  EXPECT_EQ(events[0]["user"]["active"], true);
  EXPECT_EQ(events[1]["user"]["display-name"], user("ada").display_name);
  EXPECT_EQ(events[1]["user"]["active"], false);
}

TEST_F(CrowdQuirksTest, EventsComeTwiceAndInOneListForEachKind) {
  Use({"events_twice", "events_by_kind"});
  const std::string token = "/event/" + Get("/event").body["newEventToken"].get<std::string>();
  EXPECT_EQ(PutStatus(InactiveAda()), 204);
  Delete("/user/group/direct?username=ada&groupname=staff");
  const json body = Get(token).body;
  EXPECT_EQ(body.count("events"), 0u);
  const json event = {{"operation", "UPDATED"}, {"user", {{"name", "ada"}}}};
  EXPECT_EQ(body["userEvent"], json({event, event}));
  EXPECT_EQ(body["userMembershipEvent"].size(), 1u);
}

TEST_F(CrowdQuirksTest, RenameAttributesAndTheirLimits) {
  Use({"rename_missing"});
  EXPECT_EQ(Post("/user/rename?username=ada", {{"new-name", "x"}}).status(), 404);
  const json empty = {{"attributes", {{{"name", "uuid"}, {"values", json::array()}}}}};
  Use({"empty_values_kept"});
  EXPECT_EQ(Post("/user/attribute?username=ada", empty).status(), 204);
  EXPECT_EQ(user("ada").attributes.count("uuid"), 1u);
  for (const size_t length : {255, 256}) {
    Use({"attribute_limit_255"});
    const json body = {{"attributes", {{{"name", "a"}, {"values", {std::string(length, 'x')}}}}}};
    EXPECT_EQ(Post("/user/attribute?username=ada", body).status(), length == 255 ? 204 : 400);
  }
}

TEST_F(CrowdQuirksTest, OtherStatusesForMemberships) {
  Use({"body_missing_404"});
  EXPECT_EQ(Post("/user/group/direct?username=ada", {{"name", "no"}}).status(), 404);
  Use({"existing_membership_ok"});
  EXPECT_EQ(Post("/user/group/direct?username=ada", {{"name", "staff"}}).status(), 201);
  Use({"other_existing_membership_400"});
  EXPECT_EQ(Post("/user/group/direct?username=ada", {{"name", "staff"}}).reason(),
            "INVALID_MEMBERSHIP");
  EXPECT_EQ(Post("/group/user/direct?groupname=staff", {{"name", "ada"}}).status(), 409);
  Use({"absent_membership_ok"});
  EXPECT_EQ(Delete("/user/group/direct?username=ada&groupname=team").status(), 204);
}

TEST_F(CrowdQuirksTest, DirectParentsAreFilteredByEitherName) {
  const std::string call = "/group/parent-group/direct?groupname=team&parent-groupname=staff";
  EXPECT_THAT(Get(call).names(), ElementsAre("staff")) << "a list: the filter is not known";
  Use({"parent_filter_both"});
  EXPECT_EQ(Get(call).body["name"], "staff");
}

TEST_F(CrowdQuirksTest, AllMembershipsAreMissingRefusedOrTruncated) {
  Use({"membership_missing"});
  EXPECT_EQ(Get("/group/membership").status(), 404);
  Use({"membership_json_406"});
  EXPECT_EQ(Get("/group/membership").status(), 406);
  EXPECT_EQ(Send("GET", "/group/membership", "", {{"Accept", "application/xml"}}).status(), 200);
  Use({"membership_truncated"});
  EXPECT_EQ(Get("/group/membership").status(), 200);
  EXPECT_THAT(Get("/group/membership").raw.body, Not(HasSubstr("</memberships>")));
}

TEST_F(CrowdQuirksTest, WritesGoToOtherDirectories) {
  AddSecondDirectory();
  directory().denied = Everything();
  Use({"add_where_user_lives"});
  EXPECT_EQ(Post("/user/group/direct?username=ada", {{"name", "team"}}).status(), 403);
  directory(1).users["ada"].active = true;
  Use({"update_first_writable"});
  EXPECT_EQ(PutStatus(InactiveAda()), 204);
  EXPECT_TRUE(user("ada").active) << "the read-back shows that nothing moved";
  EXPECT_FALSE(directory(1).users["ada"].active);
  Use({"read_only_unsupported"});
  EXPECT_EQ(Put("/user?username=ada", InactiveAda()).reason(), "UNSUPPORTED_OPERATION");
}

TEST_F(CrowdQuirksTest, ReadsLagBehindWrites) {
  Use({"stale_reads=2"});
  EXPECT_EQ(PutStatus(InactiveAda()), 204);
  EXPECT_EQ(Shown()["active"], true);
  EXPECT_EQ(Shown()["active"], true);
  EXPECT_EQ(Shown()["active"], false);
  Use({"stale_ms=500", "stale_search_only"});
  EXPECT_EQ(Delete("/user/group/direct?username=ada&groupname=staff").status(), 204);
  EXPECT_EQ(Put("/user?username=ada", {{"name", "ada"}, {"active", true}}).status(), 204);
  EXPECT_EQ(Shown()["active"], true);
  const std::string search = "/search?entity-type=user&restriction=active%3Dtrue";
  EXPECT_THAT(Get(search).names(), ElementsAre("carl", "dora"));
  now_ += absl::Milliseconds(500);
  EXPECT_THAT(Get(search).names(), ElementsAre("ada", "carl", "dora"));
}

TEST_F(CrowdQuirksTest, SearchEventsAndSessions) {
  Use({"json_search_accepted"});
  EXPECT_EQ(Post("/search?entity-type=user", json::object()).names().size(), 4u);
  Use({"events_missing"});
  EXPECT_EQ(Get("/event").status(), 404);
  Use({"events_unavailable"});
  EXPECT_EQ(Get("/event").body["incrementalSynchronisationAvailable"], false);
  EXPECT_EQ(Get("/event/x:1").reason(), "INCREMENTAL_SYNC_NOT_AVAILABLE");
  Use({"events_xml_only"});
  EXPECT_EQ(Get("/event").status(), 406);
  Use({"unknown_session_400"});
  EXPECT_EQ(Get("/session/none").status(), 400);
}

}  // namespace
}  // namespace rollcall::twins
