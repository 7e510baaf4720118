// Users of a Jira site: lists, one user, searches, who comes and who goes.
#include <gmock/gmock.h>

#include "tests/twins/jira_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using JiraUsersTest = JiraFixture;

TEST_F(JiraUsersTest, ListHoldsEverybodyOnTheSiteByIdInactiveAndRemovedOnesToo) {
  const JiraReply reply = Get("/users/search?maxResults=1000");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_THAT(reply.ids(), ElementsAre("aa-ada", "aa-bob", "aa-cleo", "aa-dan", "aa-eve", "aa-fay",
                                       "aa-gus", "aa-ida"));
  std::vector<std::string> active;
  for (const json& user : reply.body) {
    if (user["active"] == true) active.push_back(user["accountId"]);
  }
  EXPECT_THAT(active, ElementsAre("aa-ada", "aa-bob", "aa-cleo", "aa-gus", "aa-ida"));
  EXPECT_THAT(reply.Each("accountType"),
              ElementsAre("atlassian", "atlassian", "customer", "atlassian", "atlassian",
                          "atlassian", "atlassian", "app"));
  EXPECT_EQ(Get("/users").ids(), reply.ids());
}

TEST_F(JiraUsersTest, PagesAreCutByStartAtAndMaxResults) {
  EXPECT_THAT(Get("/users/search?startAt=2&maxResults=2").ids(), ElementsAre("aa-cleo", "aa-dan"));
  EXPECT_THAT(Get("/users/search?startAt=8&maxResults=2").ids(), IsEmpty());
  for (const char* wrong : {"startAt=-1", "maxResults=0", "maxResults=many"}) {
    EXPECT_EQ(Get(absl::StrCat("/users/search?", wrong)).status(), 400) << wrong;
  }
}

TEST_F(JiraUsersTest, NobodyGetsMoreThanAThousandOnAPage) {
  for (int i = 0; i < 1001; ++i) {
    CloudAccount& one = world_.cloud_accounts[absl::StrCat("bb-", i)];
    one.id = absl::StrCat("bb-", i);
    one.directories["dir-main"] = {};
  }
  EXPECT_EQ(Get("/users/search?maxResults=1000").ids().size(), 1000u);
  EXPECT_EQ(Get("/users/search?maxResults=1001").ids().size(), 1000u);
  EXPECT_EQ(Get("/users/search").ids().size(), 50u) << "without a number";
}

TEST_F(JiraUsersTest, UserHasEmptyKeyAndNameAndNoEmailWhereItIsHidden) {
  const json bob = Get("/user?accountId=aa-bob").body;
  EXPECT_EQ(bob["emailAddress"], "bob@example.com");
  EXPECT_EQ(bob["key"], "");
  EXPECT_EQ(bob["name"], "");
  EXPECT_EQ(bob["groups"], (json{{"size", 2}, {"items", json::array()}}));
  EXPECT_EQ(bob["applicationRoles"]["size"], 1);
  EXPECT_EQ(bob["self"], "http://127.0.0.1:80/jira/site/rest/api/3/user?accountId=aa-bob");
  EXPECT_FALSE(Get("/user?accountId=aa-gus").body.contains("emailAddress"));
  Use({"email_hidden"});
  EXPECT_FALSE(Get("/user?accountId=aa-bob").body.contains("emailAddress"));
}

TEST_F(JiraUsersTest, UserExpandsGroupsAndRoles) {
  const json bob = Get("/user?accountId=aa-bob&expand=groups,applicationRoles").body;
  ASSERT_EQ(bob["groups"]["items"].size(), 2u);
  EXPECT_EQ(bob["groups"]["items"][0]["name"], "team");
  EXPECT_EQ(bob["applicationRoles"]["items"][0]["key"], "jira-software");
  EXPECT_EQ(Get("/user?accountId=aa-gus&expand=applicationRoles").body["applicationRoles"]["size"],
            0)
      << "in no group that gives access";
}

TEST_F(JiraUsersTest, StrangersToTheSiteAreNotFound) {
  for (const char* name : {"hal", "joe", "nobody"}) {
    const JiraReply reply = Get(absl::StrCat("/user?accountId=aa-", name));
    EXPECT_EQ(reply.status(), 404) << name;
    EXPECT_EQ(reply.message(),
              "Specified user does not exist or you do not have required permissions");
  }
  EXPECT_EQ(Get("/user").message(), "The 'accountId' query parameter needs to be provided");
}

TEST_F(JiraUsersTest, GroupsOfAUserAreAnArray) {
  EXPECT_THAT(Get("/user/groups?accountId=aa-ada").Each("groupId"),
              ElementsAre("g-admins", "g-synced", "g-users"));
  EXPECT_EQ(Get("/user/groups?accountId=aa-hal").status(), 404);
}

TEST_F(JiraUsersTest, SearchFindsActivePeopleByPrefixOrId) {
  EXPECT_THAT(Get("/user/search?query=person").ids(),
              ElementsAre("aa-ada", "aa-bob", "aa-cleo", "aa-gus", "aa-ida"));
  EXPECT_THAT(Get("/user/search?query=BOB").ids(), ElementsAre("aa-bob"));
  EXPECT_THAT(Get("/user/search?query=ob").ids(), IsEmpty()) << "no prefix";
  EXPECT_THAT(Get("/user/search?query=gus%40").ids(), IsEmpty()) << "a hidden e-mail";
  EXPECT_THAT(Get("/user/search?accountId=aa-bob").ids(), ElementsAre("aa-bob"));
  EXPECT_THAT(Get("/user/search?accountId=aa-dan").ids(), IsEmpty()) << "inactive";
  EXPECT_EQ(Get("/user/search").status(), 400);
  EXPECT_EQ(Get("/user/search?query=a&accountId=b").status(), 400);
}

TEST_F(JiraUsersTest, SearchEndsAtTheThousandthUser) {
  for (int i = 0; i < 1100; ++i) {
    CloudAccount& one = world_.cloud_accounts[absl::StrCat("bb-", i)];
    one.id = absl::StrCat("bb-", i);
    one.name = "Person";
    one.directories["dir-main"] = {};
  }
  EXPECT_EQ(Get("/user/search?query=person&startAt=990&maxResults=50").ids().size(), 10u);
  EXPECT_THAT(Get("/user/search?query=person&startAt=1000").ids(), IsEmpty());
}

TEST_F(JiraUsersTest, BulkIsAPageOfTenOfThoseWhoAreAskedFor) {
  std::string target = "/user/bulk?";
  for (const char* name : {"ada", "bob", "hal", "dan", "nobody"}) {
    absl::StrAppend(&target, "accountId=aa-", name, "&");
  }
  const JiraReply reply = Get(target);
  EXPECT_THAT(reply.ids(), ElementsAre("aa-ada", "aa-bob", "aa-dan"));
  EXPECT_EQ(reply.body["maxResults"], 10);
  EXPECT_EQ(reply.body["isLast"], true);
  EXPECT_EQ(Get("/user/bulk").status(), 400);
}

TEST_F(JiraUsersTest, CreatedUserIsTheExistingAccountWithThatEmail) {
  const JiraReply reply = Send("POST", "/user",
                               {{"emailAddress", "JOE@example.com"},
                                {"products", {"jira-software"}},
                                {"displayName", "Somebody else"}});
  EXPECT_EQ(reply.status(), 201);
  EXPECT_EQ(reply.body["accountId"], "aa-joe");
  EXPECT_EQ(reply.body["displayName"], "Person joe");
  EXPECT_EQ(account("joe").directories.count("dir-main"), 1u);
  EXPECT_EQ(group("g-users").members.count("aa-joe"), 1u);
  EXPECT_TRUE(ShownActive("joe"));
}

TEST_F(JiraUsersTest, CreatedUserWithoutProductsHasNoAccess) {
  EXPECT_EQ(Create("joe@example.com", json::array()).status(), 201);
  EXPECT_EQ(group("g-users").members.count("aa-joe"), 0u);
  EXPECT_EQ(Get("/user?accountId=aa-joe").body["applicationRoles"]["size"], 0);
}

TEST_F(JiraUsersTest, CreatedUserOfAnUnknownEmailIsANewAccount) {
  const JiraReply mine = Create("new@example.com", {"jira-software"});
  EXPECT_EQ(mine.status(), 201);
  const CloudAccount& made = world_.cloud_accounts.at(mine.body["accountId"].get<std::string>());
  EXPECT_EQ(made.email, "new@example.com");
  EXPECT_TRUE(made.claimed);
  const JiraReply guest = Create("new@partner.example.net", {"jira-software"});
  EXPECT_FALSE(world_.cloud_accounts.at(guest.body["accountId"].get<std::string>()).claimed);
}

TEST_F(JiraUsersTest, CreatingAUserWithAccessChangesNothing) {
  EXPECT_EQ(Create("bob@example.com", {"jira-software"}).status(), 201);
  EXPECT_THAT(Members("g-users"), ElementsAre("aa-ada", "aa-bob", "aa-dan"));
}

TEST_F(JiraUsersTest, WrongNewUsersAreRefused) {
  EXPECT_EQ(Send("POST", "/user", {{"emailAddress", "a@example.com"}}).status(), 400);
  EXPECT_EQ(Send("POST", "/user", {{"products", json::array()}}).status(), 400);
  EXPECT_EQ(Create("no address", json::array()).status(), 400);
  EXPECT_EQ(Create("a@example.com", {"chess"}).status(), 400);
  EXPECT_EQ(world_.cloud_accounts.size(), 11u);
}

TEST_F(JiraUsersTest, RemovedUserStaysListedLosesGroupsAndIsAliveElsewhere) {
  const JiraReply reply = Delete("bob");
  EXPECT_EQ(reply.status(), 204);
  EXPECT_EQ(reply.raw.body, "");
  EXPECT_THAT(Get("/users/search").ids(), ::testing::Contains("aa-bob"));
  EXPECT_FALSE(ShownActive("bob"));
  EXPECT_TRUE(account("bob").active);
  EXPECT_THAT(Members("g-users"), Not(::testing::Contains("aa-bob")));
  EXPECT_THAT(Members("g-team"), Not(::testing::Contains("aa-bob")));
  EXPECT_EQ(Delete("bob").status(), 204) << "again";
}

TEST_F(JiraUsersTest, WhoCannotBeRemovedStays) {
  EXPECT_EQ(Delete("ada").status(), 400) << "the administrator and the caller";
  EXPECT_EQ(Delete("hal").status(), 404);
  EXPECT_EQ(Send("DELETE", "/user").status(), 400);
  EXPECT_THAT(site().removed, ElementsAre("aa-fay"));
}

TEST_F(JiraUsersTest, RemovedUserComesBackByPostOrByTheGroupThatGivesAccess) {
  EXPECT_EQ(Create("fay@example.com", {"jira-software"}).status(), 201);
  EXPECT_TRUE(ShownActive("fay"));
  EXPECT_EQ(Delete("bob").status(), 204);
  EXPECT_EQ(Add("g-team", "bob").status(), 201);
  EXPECT_FALSE(ShownActive("bob")) << "the group gives no access";
  EXPECT_EQ(Add("g-users", "bob").status(), 201);
  EXPECT_TRUE(ShownActive("bob"));
}

TEST_F(JiraUsersTest, PutFailsAsReported) {
  EXPECT_EQ(Send("PUT", "/user?accountId=aa-fay").status(), 500);
  EXPECT_EQ(Send("PUT", "/user?accountId=aa-dan").status(), 500);
  EXPECT_EQ(Send("PUT", "/user?accountId=aa-bob").status(), 405);
}

TEST_F(JiraUsersTest, DiscardedWritesAnswerAndChangeNothing) {
  const size_t accounts = world_.cloud_accounts.size();
  writes_ = Writes::kDiscarded;
  EXPECT_EQ(Create("new@example.com", {"jira-software"}).status(), 201);
  EXPECT_EQ(Create("joe@example.com", {"jira-software"}).status(), 201);
  EXPECT_EQ(Delete("bob").status(), 204);
  EXPECT_EQ(world_.cloud_accounts.size(), accounts);
  EXPECT_THAT(account("joe").directories, IsEmpty());
  EXPECT_TRUE(ShownActive("bob"));
}

}  // namespace
}  // namespace rollcall::twins
