// What a Crowd server does without quirks: one test for each fact that a client depends on.
#include "tests/twins/crowd_twin.h"

#include <gmock/gmock.h>

#include "tests/twins/crowd_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CrowdTwinTest : public CrowdFixture {};

TEST_F(CrowdTwinTest, WrongApplicationOrPasswordIsPlainText401WithAChallenge) {
  for (const std::string& header :
       {Basic("rollcall", "wrong"), Basic("admin", "twin-token"), std::string("-")}) {
    const CrowdReply reply = Send("GET", "/config/cookie", "", {{"Authorization", header}});
    EXPECT_EQ(reply.status(), 401);
    EXPECT_EQ(reply.raw.body, "Application failed to authenticate");
    EXPECT_THAT(reply.header("Content-Type"), HasSubstr("text/plain"));
    EXPECT_THAT(reply.header("WWW-Authenticate"), HasSubstr("Crowd REST Service"));
  }
}

TEST_F(CrowdTwinTest, EveryAnswerNamesTheVersion) {
  EXPECT_EQ(Get("/config/cookie").header("X-Embedded-Crowd-Version"), "Crowd/5.1.0");
  EXPECT_EQ(Get("/user?username=nobody").header("X-Embedded-Crowd-Version"), "Crowd/5.1.0");
  EXPECT_EQ(Delete("/user?username=ada").header("X-Embedded-Crowd-Version"), "Crowd/5.1.0");
}

TEST_F(CrowdTwinTest, SessionSparesThePasswordCheckForTheSameApplicationOnly) {
  const std::string cookie = Get("/config/cookie").header("Set-Cookie");
  ASSERT_THAT(cookie, HasSubstr("JSESSIONID="));
  const std::string value = cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(twin_->password_checks(), 1);
  EXPECT_EQ(Send("GET", "/config/cookie", "", {{"Cookie", value}}).status(), 200);
  EXPECT_EQ(twin_->password_checks(), 1);
  EXPECT_EQ(Send("GET", "/config/cookie", "", {{"Cookie", value}, {"Authorization", "-"}}).status(),
            401);
  EXPECT_EQ(Send("GET", "/config/cookie", "",
                 {{"Cookie", value}, {"Authorization", Basic("other", "twin-token")}})
                .status(),
            401);
}

TEST_F(CrowdTwinTest, XmlIsTheStandardAndJsonIsHadByAcceptOrSuffix) {
  for (const char* accept : {"-", "*/*", "application/xml"}) {
    const CrowdReply reply = Send("GET", "/user?username=ada", "", {{"Accept", accept}});
    EXPECT_EQ(reply.header("Content-Type"), "application/xml") << accept;
    EXPECT_THAT(reply.raw.body, HasSubstr("<user expand=\"attributes\" name=\"ada\">"));
    EXPECT_THAT(reply.raw.body, HasSubstr("<active>true</active>"));
  }
  EXPECT_EQ(Get("/user?username=ada").body["name"], "ada");
  const CrowdReply suffix = Send("GET", "/user.json?username=ada", "", {{"Accept", "-"}});
  EXPECT_EQ(suffix.body["name"], "ada");
  EXPECT_EQ(Send("GET", "/user?username=ada", "", {{"Accept", "text/csv"}}).status(), 406);
}

TEST_F(CrowdTwinTest, UserHasTheMembersOfTheRealSample) {
  const json body = Get("/user?username=ada").body;
  EXPECT_EQ(body["first-name"], "Ada");
  EXPECT_EQ(body["key"], "1:x-ada");
  EXPECT_EQ(body["active"], true);
  EXPECT_THAT(body["password"]["link"]["href"].get<std::string>(),
              HasSubstr("/rest/usermanagement/1/user/password?username=ada"));
  EXPECT_EQ(body["attributes"]["attributes"], json::array());
  const json expanded = Get("/user?username=ada&expand=attributes").body;
  EXPECT_EQ(expanded["attributes"]["attributes"][0]["name"], "tags");
  EXPECT_EQ(expanded["attributes"]["attributes"][0]["values"], (json{"x", "y"}));
}

TEST_F(CrowdTwinTest, KeyCountsOnlyWithoutAUserName) {
  EXPECT_EQ(Get("/user?key=1:x-bob").reason(), "USER_NOT_FOUND");
  EXPECT_EQ(Get("/user?key=1:x-Bob").body["name"], "Bob");
  EXPECT_EQ(Get("/user?key=1:x-Bob&username=ada").body["name"], "ada");
  EXPECT_EQ(Get("/user").reason(), "ILLEGAL_ARGUMENT");
  EXPECT_EQ(Get("/user").status(), 400);
}

TEST_F(CrowdTwinTest, NamesAreFoundInAnyCaseAndShownAsTheyAre) {
  EXPECT_EQ(Get("/user?username=bOB").body["name"], "Bob");
  EXPECT_EQ(Get("/group?groupname=TEAM").body["name"], "Team");
  directory().users["müller"] = MakeCrowdUser("Müller", true);
  EXPECT_EQ(Get("/user?username=M%C3%9CLLER").body["name"], "Müller");
}

TEST_F(CrowdTwinTest, NamesWithReservedCharactersSurviveEveryWay) {
  const std::string name = "R&D / 50% + \"Ü\" <漢> O'Brien";
  const std::string encoded = PercentEncode(name);
  ASSERT_EQ(Post("/group", {{"name", name}, {"type", "GROUP"}}).status(), 201);
  EXPECT_EQ(Post("/user/group/direct?username=ada", {{"name", name}}).status(), 201);
  EXPECT_EQ(Get("/group?groupname=" + encoded).body["name"], name);
  EXPECT_THAT(Get("/group/user/direct?groupname=" + encoded).names(), ElementsAre("ada"));
  const CrowdReply xml = Get("/group/membership");
  EXPECT_THAT(xml.raw.body, HasSubstr("R&amp;D / 50% + &quot;Ü&quot; &lt;漢&gt; O'Brien"));
  EXPECT_EQ(Delete("/user/group/direct?username=ada&groupname=" + encoded).status(), 204);
}

TEST_F(CrowdTwinTest, PlusInTheQueryIsASpaceUnlessItIsEscaped) {
  directory().users["a b"] = MakeCrowdUser("a b", true);
  directory().users["a+b"] = MakeCrowdUser("a+b", true);
  EXPECT_EQ(Get("/user?username=a+b").body["name"], "a b");
  EXPECT_EQ(Get("/user?username=a%20b").body["name"], "a b");
  EXPECT_EQ(Get("/user?username=a%2Bb").body["name"], "a+b");
}

TEST_F(CrowdTwinTest, LowerCaseOutputLowersNamesAndMemberships) {
  app().lower_case_output = true;
  EXPECT_EQ(Get("/user?username=Bob").body["name"], "bob");
  EXPECT_THAT(Get("/user/group/direct?username=carl").names(), ElementsAre("team"));
  EXPECT_THAT(Get("/group/membership").raw.body, HasSubstr("<user name=\"bob\"/>"));
}

TEST_F(CrowdTwinTest, AliasIsTheNameOfTheUser) {
  app().aliases["ada"] = "lovelace";
  EXPECT_EQ(Get("/user?username=Lovelace").body["name"], "lovelace");
  EXPECT_THAT(Get("/group/user/direct?groupname=staff").names(), ElementsAre("lovelace", "Bob"));
  json body = InactiveAda();
  body["name"] = "lovelace";
  EXPECT_EQ(Put("/user?username=lovelace", body).status(), 204);
  EXPECT_FALSE(user("ada").active);
}

TEST_F(CrowdTwinTest, PutOfAllFieldsChangesActiveAndNothingElse) {
  const CrowdUser before = user("ada");
  const CrowdReply reply = Put("/user?username=ADA", InactiveAda());
  EXPECT_EQ(reply.status(), 204);
  EXPECT_EQ(reply.raw.body, "");
  EXPECT_EQ(reply.header("Content-Type"), "application/json");
  EXPECT_FALSE(user("ada").active);
  EXPECT_EQ(user("ada").display_name, before.display_name);
  EXPECT_EQ(user("ada").email, before.email);
  EXPECT_EQ(user("ada").attributes, before.attributes);
  EXPECT_EQ(user("ada").password, before.password);
  EXPECT_THAT(Get("/user/group/direct?username=ada").names(), ElementsAre("staff"));
}

TEST_F(CrowdTwinTest, PutClearsWhatItLeavesOutAndDerivesTheNames) {
  EXPECT_EQ(Put("/user?username=ada", {{"name", "ada"}, {"active", true}}).status(), 204);
  EXPECT_EQ(user("ada").email, "");
  EXPECT_EQ(user("ada").first_name, "");
  EXPECT_EQ(user("ada").last_name, "ada");
  EXPECT_EQ(user("ada").display_name, "ada");
}

TEST_F(CrowdTwinTest, PutTakesBackWhatGetShows) {
  json body = Get("/user?username=ada&expand=attributes").body;
  body["active"] = "false";
  EXPECT_EQ(Put("/user?username=ada", body).status(), 204);
  EXPECT_FALSE(user("ada").active);
  EXPECT_EQ(user("ada").attributes.size(), 2u);
}

TEST_F(CrowdTwinTest, PutWithoutActiveActivates) {
  EXPECT_EQ(Put("/user?username=Bob", {{"name", "Bob"}}).status(), 204);
  EXPECT_TRUE(user("bob").active);
}

TEST_F(CrowdTwinTest, PutRefusesAnotherNameAndUnknownMembersAndUnknownUsers) {
  EXPECT_EQ(Put("/user?username=ada", {{"name", "bob"}, {"active", true}}).reason(),
            "ILLEGAL_ARGUMENT");
  const CrowdReply unknown = Put("/user?username=ada", {{"name", "ada"}, {"nick", "a"}});
  EXPECT_EQ(unknown.status(), 400);
  EXPECT_EQ(unknown.reason(), "") << "the framework's error has none";
  EXPECT_THAT(unknown.body["message"].get<std::string>(), HasSubstr("nick"));
  EXPECT_EQ(Put("/user?username=no", {{"name", "no"}}).status(), 404);
  EXPECT_TRUE(user("ada").active);
}

TEST_F(CrowdTwinTest, PutUnderstandsXml) {
  const CrowdReply reply =
      Send("PUT", "/user?username=ada",
           "<?xml version='1.0'?><user name=\"ada\"><first-name>Ada &amp; Co</first-name>"
           "<last-name>L</last-name><active>false</active><email/></user>",
           {{"Content-Type", "application/xml"}});
  EXPECT_EQ(reply.status(), 204);
  EXPECT_FALSE(user("ada").active);
  EXPECT_EQ(user("ada").display_name, "Ada & Co L");
}

TEST_F(CrowdTwinTest, NewUserAnswers201WithLocationAndBody) {
  const json body = {{"name", "New One"},
                     {"email", "n@example.com"},
                     {"active", true},
                     {"password", {{"value", "pw"}}},
                     {"attributes", {{"attributes", {{{"name", "a"}, {"values", {"1"}}}}}}}};
  const CrowdReply reply = Post("/user", body);
  EXPECT_EQ(reply.status(), 201);
  EXPECT_THAT(reply.header("Location"), HasSubstr("/user?username=New%20One"));
  EXPECT_EQ(reply.body["name"], "New One");
  EXPECT_EQ(user("new one").attributes["a"], (std::vector<std::string>{"1"}));
  EXPECT_EQ(Post("/user", body).status(), 400);
  EXPECT_EQ(Post("/user", body).reason(), "INVALID_USER");
  EXPECT_EQ(Post("/user", {{"name", "x"}}).reason(), "ILLEGAL_ARGUMENT");
}

TEST_F(CrowdTwinTest, RenameKeepsKeyAndMemberships) {
  const CrowdReply reply = Post("/user/rename?username=ada", {{"new-name", "Ada L"}});
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.body["key"], "1:x-ada");
  EXPECT_THAT(Get("/group/user/direct?groupname=staff").names(), ElementsAre("Ada L", "Bob"));
  EXPECT_EQ(Post("/user/rename?username=carl", {{"new-name", "BOB"}}).reason(), "INVALID_USER");
}

TEST_F(CrowdTwinTest, AttributesAreMergedAndAnEmptyListRemovesOne) {
  EXPECT_EQ(Post("/user/attribute?username=ada", {{"attributes",
                                                   {{{"name", "uuid"}, {"values", json::array()}},
                                                    {{"name", "new"}, {"values", {"1", "2"}}}}}})
                .status(),
            204);
  EXPECT_EQ(user("ada").attributes, (CrowdAttributes{{"new", {"1", "2"}}, {"tags", {"x", "y"}}}));
  EXPECT_EQ(Delete("/user/attribute?username=ada&attributename=new").status(), 204);
  EXPECT_EQ(Get("/user/attribute?username=ada").body["attributes"].size(), 1u);
  EXPECT_EQ(Put("/user/attribute?username=ada", json::object()).status(), 405);
}

TEST_F(CrowdTwinTest, PasswordIsSetOnItsOwnAndDecidesAuthentication) {
  EXPECT_EQ(Put("/user/password?username=ada", {{"value", "new"}}).status(), 204);
  EXPECT_EQ(Post("/authentication?username=ada", {{"value", "new"}}).body["name"], "ada");
  EXPECT_EQ(Post("/authentication?username=ada", {{"value", "pw"}}).reason(),
            "INVALID_USER_AUTHENTICATION");
  EXPECT_EQ(Post("/authentication?username=no", {{"value", "pw"}}).status(), 400);
  EXPECT_EQ(Post("/authentication?username=bob", {{"value", "pw"}}).reason(), "INACTIVE_ACCOUNT");
}

TEST_F(CrowdTwinTest, GroupPutAnswers200WithTheGroupAndClearsTheDescription) {
  const CrowdReply reply = Put("/group?groupname=staff", {{"name", "STAFF"}, {"active", true}});
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.body["description"], "");
  EXPECT_EQ(reply.body["name"], "staff");
  EXPECT_EQ(Put("/group?groupname=staff", {{"name", "other"}}).reason(), "INVALID_GROUP");
  EXPECT_EQ(Post("/group", {{"name", "TEAM"}, {"type", "GROUP"}}).reason(), "INVALID_GROUP");
  EXPECT_EQ(Delete("/group?groupname=team").status(), 204);
  EXPECT_THAT(group("staff").groups, IsEmpty());
}

TEST_F(CrowdTwinTest, EventsTellWhatChangedUntilTheirTokenExpires) {
  Use({"event_limit=2"});
  const json start = Get("/event").body;
  EXPECT_EQ(start["incrementalSynchronisationAvailable"], true);
  const std::string token = "/event/" + start["newEventToken"].get<std::string>();
  Put("/user?username=ada", InactiveAda());
  Post("/user/group/direct?username=dora", {{"name", "team"}});
  const json events = Get(token).body["events"];
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]["operation"], "UPDATED");
  EXPECT_EQ(events[1]["type"], "userMembershipEvent");
  Delete("/user/group/direct?username=dora&groupname=team");
  EXPECT_EQ(Get(token).status(), 410);
  EXPECT_EQ(Get("/event/nonsense:0").reason(), "EVENT_TOKEN_EXPIRED");
}

TEST_F(CrowdTwinTest, SessionsEndWithTheirTime) {
  const CrowdReply made = Post("/session?duration=60", {{"username", "ada"}, {"password", "pw"}});
  EXPECT_EQ(made.status(), 201);
  const std::string session = "/session/" + made.body["token"].get<std::string>();
  EXPECT_EQ(Get(session).body["user"]["email"], "ada@example.com");
  EXPECT_EQ(made.body["expiry-date"].get<int64_t>() - made.body["created-date"].get<int64_t>(),
            60'000);
  now_ += absl::Seconds(60);
  EXPECT_EQ(Get(session).status(), 404);
  EXPECT_EQ(Get(session).reason(), "INVALID_SSO_TOKEN");
}

TEST_F(CrowdTwinTest, ForbiddenOperationsAre403WithAReasonAndChangeNothing) {
  directory().denied = Everything();
  for (const CrowdReply& reply :
       {Put("/user?username=ada", InactiveAda()), Delete("/user?username=ada"),
        Post("/user/group/direct?username=dora", {{"name", "team"}}),
        Delete("/user/group/direct?username=carl&groupname=team"),
        Post("/group", {{"name", "g"}, {"type", "GROUP"}})}) {
    EXPECT_EQ(reply.status(), 403);
    EXPECT_EQ(reply.reason(), "APPLICATION_PERMISSION_DENIED");
  }
  EXPECT_TRUE(user("ada").active);
  EXPECT_THAT(group("team").users, ElementsAre("carl"));
}

TEST_F(CrowdTwinTest, WhatTheFrameworkRefusesIsAnHtmlPage) {
  EXPECT_EQ(Get("/nonsense").status(), 404);
  EXPECT_THAT(Get("/nonsense").header("Content-Type"), HasSubstr("text/html"));
  EXPECT_EQ(Send("PUT", "/user?username=ada", "x", {{"Content-Type", "text/plain"}}).status(), 415);
  TwinRequest elsewhere;
  elsewhere.target = "/crowd/console";
  EXPECT_EQ(Handle(elsewhere).status(), 404);
}

TEST_F(CrowdTwinTest, DiscardedWriteAnswersAsIfItHadHappened) {
  TwinRequest request;
  request.method = "PUT";
  request.target = "/crowd/rest/usermanagement/1/user?username=ada";
  request.headers = {{"Authorization", Basic("rollcall", "twin-token")},
                     {"Content-Type", "application/json"}};
  request.body = InactiveAda().dump();
  request.writes = Writes::kDiscarded;
  EXPECT_EQ(Handle(request).status(), 204);
  EXPECT_TRUE(user("ada").active);
}

TEST_F(CrowdTwinTest, EndpointsAreNamedWithoutTokens) {
  EXPECT_EQ(twin_->Endpoint("/rest/usermanagement/1/user/group/direct"), "/user/group/direct");
  EXPECT_EQ(twin_->Endpoint("/rest/usermanagement/latest/session/abc"), "/session/{token}");
  EXPECT_EQ(twin_->Endpoint("/rest/usermanagement/1/user.json"), "/user");
  EXPECT_EQ(twin_->Endpoint("/console"), "elsewhere");
}

// Several directories behind one application.

TEST_F(CrowdTwinTest, FirstDirectoryWinsAndMasksMembershipsBelow) {
  AddSecondDirectory();
  EXPECT_EQ(Get("/user?username=ada").body["active"], true);
  EXPECT_EQ(Get("/user?username=zoe").body["key"], "2:x-zoe");
  EXPECT_THAT(Get("/user/group/direct?username=ada").names(), ElementsAre("staff"));
  EXPECT_THAT(Get("/group/user/direct?groupname=lower").names(), ElementsAre("zoe"));
  app().aggregating = true;
  EXPECT_THAT(Get("/user/group/direct?username=ada").names(), ElementsAre("lower", "staff"));
  EXPECT_THAT(Get("/group/user/direct?groupname=lower").names(), ElementsAre("ada", "zoe"));
}

TEST_F(CrowdTwinTest, MembershipOfAMaskedUserIsAddedWhereItCannotBeSeen) {
  AddSecondDirectory();
  directory().denied = Everything();
  EXPECT_EQ(Post("/user/group/direct?username=ada", {{"name", "team"}}).status(), 201);
  EXPECT_THAT(Get("/user/group/direct?username=ada").names(), ElementsAre("staff"));
  EXPECT_THAT(directory(1).groups.at("team").users, ElementsAre("ada"));
}

TEST_F(CrowdTwinTest, WritesReachTheFirstDirectoryThatHasTheUser) {
  AddSecondDirectory();
  directory().denied = {CrowdOperation::kUpdateUser, CrowdOperation::kCreateUser};
  EXPECT_EQ(Put("/user?username=ada", InactiveAda()).status(), 403);
  EXPECT_EQ(Put("/user?username=zoe", {{"name", "zoe"}, {"active", false}}).status(), 204);
  EXPECT_FALSE(directory(1).users.at("zoe").active);
  const json created = {{"name", "new"}, {"password", {{"value", "pw"}}}};
  EXPECT_EQ(Post("/user", created).status(), 201);
  EXPECT_EQ(directory(1).users.count("new"), 1u) << "the first that allows it";
  EXPECT_EQ(Post("/group", {{"name", "both"}, {"type", "GROUP"}}).status(), 201);
  EXPECT_EQ(directory(0).groups.count("both") + directory(1).groups.count("both"), 2u);
}

TEST_F(CrowdTwinTest, RemovalReachesTheFirstDirectoryOrAllIfTheyAggregate) {
  AddSecondDirectory();
  EXPECT_EQ(Delete("/user/group/direct?username=ada&groupname=lower").status(), 404) << "masked";
  app().aggregating = true;
  EXPECT_EQ(Delete("/user/group/direct?username=ada&groupname=lower").status(), 204);
  EXPECT_THAT(directory(1).groups.at("lower").users, ElementsAre("zoe"));
}

TEST_F(CrowdTwinTest, InactiveDirectoryIsAsIfItWereNotThere) {
  AddSecondDirectory().active = false;
  EXPECT_EQ(Get("/user?username=zoe").status(), 404);
  EXPECT_EQ(Get("/search?entity-type=group").names().size(), 3u);
}

}  // namespace
}  // namespace rollcall::twins
