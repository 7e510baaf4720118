// Groups of a Jira site and who belongs to them.
#include <gmock/gmock.h>

#include "tests/twins/jira_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using JiraGroupsTest = JiraFixture;

TEST_F(JiraGroupsTest, BulkListsTheGroupsOfTheDirectoryByName) {
  const JiraReply reply = Get("/group/bulk");
  EXPECT_THAT(reply.Each("name"), ElementsAre("admins", "synced", "team", "users"));
  EXPECT_EQ(reply.body["total"], 4);
  EXPECT_EQ(reply.body["isLast"], true);
  EXPECT_FALSE(reply.body.contains("nextPage"));
  EXPECT_THAT(Get("/group/bulk?groupId=g-team&groupId=g-users&groupId=g-lab").Each("groupId"),
              ElementsAre("g-team", "g-users"));
  EXPECT_THAT(Get("/group/bulk?groupName=team&groupName=synced").Each("groupId"),
              ElementsAre("g-synced", "g-team"));
}

TEST_F(JiraGroupsTest, BulkFiltersByAccess) {
  EXPECT_THAT(Get("/group/bulk?accessType=user").Each("groupId"), ElementsAre("g-users"));
  EXPECT_THAT(Get("/group/bulk?accessType=admin").Each("groupId"), ElementsAre("g-admins"));
  EXPECT_THAT(Get("/group/bulk?applicationKey=jira-software").Each("groupId"),
              ElementsAre("g-users"));
  EXPECT_EQ(Get("/group/bulk?accessType=owner").status(), 500);
  Use({"access_type_500"});
  EXPECT_EQ(Get("/group/bulk?accessType=site-admin").message(),
            "Couldn't retrieve groups with the site-admin accessType.");
}

TEST_F(JiraGroupsTest, NextPageLeadsThroughTheList) {
  const json first = Get("/group/bulk?maxResults=3").body;
  EXPECT_EQ(first["isLast"], false);
  EXPECT_EQ(first["total"], 4);
  EXPECT_EQ(first["nextPage"],
            "http://127.0.0.1:80/jira/site/rest/api/3/group/bulk?startAt=3&maxResults=3");
  EXPECT_THAT(Get("/group/bulk?startAt=3&maxResults=3").Each("name"), ElementsAre("users"));
}

TEST_F(JiraGroupsTest, MembersAreTheActiveOnesUnlessAllAreAskedFor) {
  EXPECT_THAT(Members("g-users", false), ElementsAre("aa-ada", "aa-bob"));
  EXPECT_THAT(Members("g-users", true), ElementsAre("aa-ada", "aa-bob", "aa-dan"));
  EXPECT_THAT(Get("/group/member?groupname=team").ids(), ElementsAre("aa-bob"));
  EXPECT_EQ(Get("/group/member").status(), 400);
  EXPECT_EQ(Get("/group/member?groupId=g-lab").status(), 404);
}

TEST_F(JiraGroupsTest, NobodyGetsMoreThanFiftyMembersOnAPage) {
  for (int i = 0; i < 51; ++i) {
    CloudAccount& one = world_.cloud_accounts[absl::StrCat("bb-", i)];
    one.id = absl::StrCat("bb-", i);
    one.directories["dir-main"] = {};
    group("g-team").members.insert(one.id);
  }
  const json page = Get("/group/member?groupId=g-team&maxResults=51").body;
  EXPECT_EQ(page["values"].size(), 50u);
  EXPECT_EQ(page["maxResults"], 50);
  EXPECT_EQ(page["total"], 52);
}

TEST_F(JiraGroupsTest, AddingIsSeenByTheOrganisation) {
  const JiraReply reply = Add("g-team", "gus");
  EXPECT_EQ(reply.status(), 201);
  EXPECT_EQ(reply.body["groupId"], "g-team");
  EXPECT_EQ(reply.body["users"]["size"], 4);
  EXPECT_EQ(group("g-team").members.count("aa-gus"), 1u);
  EXPECT_EQ(Send("POST", "/group/user?groupname=users", {{"accountId", "aa-gus"}}).status(), 201);
}

TEST_F(JiraGroupsTest, AddingAgainIs400OrTheQuirks201) {
  const JiraReply again = Add("g-team", "bob");
  EXPECT_EQ(again.status(), 400);
  EXPECT_EQ(again.message(), "Cannot add user. User is already a member of 'team'");
  Use({"already_member_400"});
  EXPECT_EQ(Add("g-team", "bob").status(), 400);
  Use({"readd_ok"});
  EXPECT_EQ(Add("g-team", "bob").status(), 201);
}

TEST_F(JiraGroupsTest, WrongAdditionsAreRefused) {
  EXPECT_EQ(Send("POST", "/group/user?groupId=g-team", json::object()).status(), 400);
  EXPECT_EQ(Send("POST", "/group/user", {{"accountId", "aa-ada"}}).status(), 400);
  EXPECT_EQ(Add("g-lab", "ada").status(), 404);
  EXPECT_EQ(Add("g-team", "nobody").status(), 404);
}

TEST_F(JiraGroupsTest, UninvitedAccountIs404UnlessTheQuirkInvitesIt) {
  EXPECT_EQ(Add("g-team", "joe").message(),
            "Specified user does not exist or you do not have required permissions");
  Use({"uninvited_404"});
  EXPECT_EQ(Add("g-team", "joe").status(), 404);
  EXPECT_THAT(account("joe").directories, IsEmpty());
  Use({"uninvited_joins"});
  EXPECT_EQ(Add("g-team", "kim").status(), 404) << "not of the organisation";
  EXPECT_EQ(Add("g-team", "joe").status(), 201);
  EXPECT_TRUE(ShownActive("joe"));
}

TEST_F(JiraGroupsTest, RemovingIsSeenByTheOrganisation) {
  const JiraReply reply = Remove("g-team", "eve");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.raw.body, "");
  EXPECT_EQ(group("g-team").members.count("aa-eve"), 0u);
  EXPECT_EQ(Send("DELETE", "/group/user?groupId=g-team").message(),
            "The 'accountId' query parameter needs to be provided");
  EXPECT_EQ(Remove("g-none", "eve").status(), 404);
}

TEST_F(JiraGroupsTest, RemovingWhoIsNoMemberHasThreeAnswers) {
  EXPECT_EQ(Remove("g-team", "ada").status(), 404);
  Use({"remove_absent_404"});
  EXPECT_EQ(Remove("g-team", "ada").status(), 404);
  Use({"remove_absent_400"});
  EXPECT_EQ(Remove("g-team", "ada").status(), 400);
  Use({"remove_absent_ok"});
  EXPECT_EQ(Remove("g-team", "ada").status(), 200);
  EXPECT_EQ(Remove("g-team", "nobody").status(), 404) << "no account at all";
}

TEST_F(JiraGroupsTest, PickerFindsByPartOfTheNameAndSaysHowMany) {
  const json found = Get("/groups/picker?query=S&maxResults=1").body;
  EXPECT_EQ(found["header"], "Showing 1 of 3 matching groups");
  EXPECT_EQ(found["total"], 3);
  EXPECT_EQ(found["groups"][0]["html"], "admin<b>s</b>");
  const json rest =
      Get("/groups/picker?excludeId=g-admins&exclude=team&exclude=users").body["groups"];
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0]["groupId"], "g-synced");
  EXPECT_EQ(Get("/groups/picker?maxResults=-1").status(), 400);
}

TEST_F(JiraGroupsTest, GroupIsMadeShownAndDeleted) {
  const JiraReply made = Send("POST", "/group", {{"name", "power-users"}});
  EXPECT_EQ(made.status(), 201);
  const std::string id = made.body["groupId"];
  EXPECT_EQ(org().groups.at(id).directory, "dir-main");
  EXPECT_EQ(Send("POST", "/group", {{"name", "Power-Users"}}).status(), 400);
  EXPECT_EQ(Send("POST", "/group", json::object()).status(), 400);
  EXPECT_EQ(Send("DELETE", absl::StrCat("/group?groupId=", id, "&swapGroupId=g-none")).status(),
            404);
  EXPECT_EQ(Send("DELETE", absl::StrCat("/group?groupId=", id)).status(), 200);
  EXPECT_EQ(org().groups.count(id), 0u);
  EXPECT_EQ(Send("DELETE", absl::StrCat("/group?groupId=", id)).status(), 404);
  EXPECT_EQ(Send("DELETE", "/group").status(), 400);
}

TEST_F(JiraGroupsTest, DeletedGroupGivesNoAccessAnyMore) {
  EXPECT_EQ(Send("DELETE", "/group?groupId=g-users").status(), 200);
  EXPECT_THAT(site().access_groups, IsEmpty());
  group("g-team").deletable = false;
  EXPECT_EQ(Send("DELETE", "/group?groupId=g-team").status(), 400);
}

TEST_F(JiraGroupsTest, GroupShowsItsMembersWhereAsked) {
  EXPECT_EQ(Get("/group?groupId=g-team").body["users"]["items"], json::array());
  const json shown = Get("/group?groupId=g-team&expand=users").body["users"];
  EXPECT_EQ(shown["size"], 3);
  EXPECT_EQ(shown["end-index"], 2);
  EXPECT_EQ(shown["items"][0]["accountId"], "aa-bob");
}

TEST_F(JiraGroupsTest, DiscardedWritesAnswerAndChangeNothing) {
  writes_ = Writes::kDiscarded;
  EXPECT_EQ(Add("g-team", "gus").status(), 201);
  EXPECT_EQ(Remove("g-team", "bob").status(), 200);
  EXPECT_EQ(Send("POST", "/group", {{"name", "new"}}).status(), 201);
  EXPECT_EQ(Send("DELETE", "/group?groupId=g-team").status(), 200);
  EXPECT_THAT(group("g-team").members, ElementsAre("aa-bob", "aa-eve", "aa-fay"));
  EXPECT_EQ(org().groups.size(), 5u);
}

}  // namespace
}  // namespace rollcall::twins
