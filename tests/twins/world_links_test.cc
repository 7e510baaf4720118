#include "tests/twins/world_links.h"

#include <gmock/gmock.h>

#include "tests/twins/scim_fixture.h"

namespace rollcall::twins {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// User u1 names the account aa-1, u2 names aa-2; the group Engineering of the organisation is
// carried along by that of SCIM.
class WorldLinksTest : public ScimFixture {
 protected:
  WorldLinksTest() {
    for (const char* number : {"1", "2"}) {
      const std::string account = absl::StrCat("aa-", number);
      ScimUser user = *directory().FindUser(absl::StrCat("u", number));
      user.attributes[kAtlassianExtension]["atlassianAccountId"] = account;
      world_.cloud_accounts[account] = {account, user.Email(), true};
      world_.scim["scim"].PutUser(user);
    }
    world_.organisation.emplace();
    world_.organisation->directories = {{"dir-main", "Main"}};
    OrgGroup group;
    group.id = "og-1";
    group.name = "engineering";
    group.directory = "dir-main";
    group.synced = true;
    group.synced_by = "scim";
    group.members = {"aa-1", "aa-2"};
    world_.organisation->groups["og-1"] = group;
    Use({"atlassian_accounts"});
  }
  CloudAccount& account() { return world_.cloud_accounts["aa-1"]; }
  std::set<std::string>& members() { return world_.organisation->groups["og-1"].members; }
};

TEST_F(WorldLinksTest, ClaimedAccountFollowsItsScimUser) {
  EXPECT_TRUE(IsNamedByScim(world_, "aa-1"));
  Patch("/Users/u1", kDeactivate);
  EXPECT_FALSE(account().active);
  EXPECT_TRUE(world_.cloud_accounts["aa-2"].active);
}

TEST_F(WorldLinksTest, UnclaimedAccountStaysAsItIs) {
  account().claimed = false;
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).body["active"], false);
  EXPECT_TRUE(account().active);
  EXPECT_EQ(Delete("/Users/u1").status(), 204);
  EXPECT_TRUE(account().active);
}

TEST_F(WorldLinksTest, AccountThatDoesNotFollowStaysAsItIs) {
  account().follows_scim = false;
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).status(), 200);
  EXPECT_TRUE(account().active);
}

TEST_F(WorldLinksTest, UserWithoutLinkReachesNoAccount) {
  ScimUser user = *directory().FindUser("u1");
  user.attributes.erase(kAtlassianExtension);
  world_.scim["scim"].PutUser(user);
  EXPECT_FALSE(IsNamedByScim(world_, "aa-1"));
  Patch("/Users/u1", kDeactivate);
  EXPECT_TRUE(account().active);
}

TEST_F(WorldLinksTest, QuirkAccountsStayLetsNothingFollow) {
  Use({"atlassian_accounts", "accounts_stay"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).body["active"], false);
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1).status(), 200);
  EXPECT_TRUE(account().active);
  EXPECT_THAT(members(), ElementsAre("aa-1", "aa-2"));
}

TEST_F(WorldLinksTest, PatchThatChangesNothingAssertsTheActivityAgainUnlessTheQuirkSaysNo) {
  Use({"atlassian_accounts", "noop_patch_account_stays"});
  account().active = false;
  const char activate[] = R"({"op":"replace","path":"active","value":true})";
  EXPECT_EQ(Patch("/Users/u1", activate).status(), 200);
  EXPECT_FALSE(account().active);
  Use({"atlassian_accounts"});
  EXPECT_EQ(Patch("/Users/u1", activate).status(), 200);
  EXPECT_TRUE(account().active);
}

TEST_F(WorldLinksTest, SyncedGroupFollowsTheScimGroup) {
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1).status(), 200);
  EXPECT_THAT(members(), ElementsAre("aa-2"));
  Patch("/Groups/g1", R"({"op":"add","path":"members","value":[{"value":"u1"}]})");
  EXPECT_THAT(members(), ElementsAre("aa-1", "aa-2"));
}

TEST_F(WorldLinksTest, GroupOfAnotherDirectoryDoesNotFollow) {
  world_.organisation->groups["og-1"].synced_by = "other";
  Patch("/Groups/g1", kRemoveU1);
  EXPECT_THAT(members(), ElementsAre("aa-1", "aa-2"));
}

TEST_F(WorldLinksTest, DeletedScimUserLeavesADeactivatedAccountOutsideItsSyncedGroups) {
  EXPECT_EQ(Delete("/Users/u1").status(), 204);
  EXPECT_FALSE(account().active);
  EXPECT_FALSE(IsNamedByScim(world_, "aa-1"));
  EXPECT_THAT(members(), ElementsAre("aa-2"));
}

TEST_F(WorldLinksTest, DeletedScimGroupEmptiesTheSyncedGroup) {
  EXPECT_EQ(Delete("/Groups/g1").status(), 204);
  EXPECT_THAT(members(), IsEmpty());
}

TEST_F(WorldLinksTest, ChangesAreRememberedForReadersThatLag) {
  world_.organisation->propagation.reads = 1;
  Patch("/Users/u1", kDeactivate);
  Organisation& organisation = *world_.organisation;
  EXPECT_FALSE(account().active);
  EXPECT_TRUE(organisation.past_accounts.Peek(account(), now_).active);
  EXPECT_TRUE(organisation.past_accounts.Seen(account(), now_).active);
  EXPECT_FALSE(organisation.past_accounts.Seen(account(), now_).active);
}

}  // namespace
}  // namespace rollcall::twins
