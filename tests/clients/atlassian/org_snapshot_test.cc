#include "clients/atlassian/org_snapshot.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

TEST(OrgSnapshot, ReadsAccountsGroupsAndMembers) {
  OrgScript org;
  org.Add("a1");
  org.Add("a2").org_admin = true;
  org.AddGroup("g1", "Staff", {"a1", "a2"});
  org.AddGroup("g2", "Synced", {"a2"}).synced = true;
  org.AddGroup("g3", "Fixed", {}).modifiable = false;
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Roster& roster = snapshot->roster;
  EXPECT_EQ(StatesOf(roster), "a1 active, a2 active");
  EXPECT_EQ(roster.accounts[0].email, "a1@example.com");
  EXPECT_EQ(roster.accounts[0].user_name, "");
  EXPECT_TRUE(roster.accounts[0].claimed);
  EXPECT_FALSE(roster.accounts[0].administrator);
  EXPECT_TRUE(roster.accounts[1].administrator);
  EXPECT_EQ(OrgMembersOf(roster, "g1"), "a1, a2");
  EXPECT_TRUE(roster.groups[1].externally_synced);
  EXPECT_FALSE(roster.groups[2].modifiable);
  EXPECT_TRUE(roster.groups[0].modifiable);
  EXPECT_TRUE(snapshot->notes.empty()) << NotesOf(*snapshot);
  // Directories, groups, count, users, twice the accounts in no directory: the members cost
  // nothing.
  EXPECT_EQ(org.Sent(), 6);
  EXPECT_EQ(org.directory->requests_sent(), 6);
  EXPECT_EQ(org.Writes(), 0);
}

TEST(OrgSnapshot, StatesFollowTheRule) {
  const struct {
    const char* claim;
    const char* account;
    std::map<std::string, std::string> places;
    const char* by_account;
    const char* by_directory;
  } cases[] = {
      {"managed", "active", {{"d1", "active"}, {"d2", "active"}}, "active", "active"},
      {"managed", "active", {{"d1", "suspended"}, {"d2", "active"}}, "partly", "partly"},
      {"managed", "active", {{"d1", "suspended"}, {"d2", "suspended"}}, "partly", "inactive"},
      {"managed", "active", {{"d2", "suspended"}}, "partly", "inactive"},
      {"managed", "inactive", {{"d1", "active"}}, "inactive", "inactive"},
      {"managed", "active", {}, "active", ""},
      {"unmanaged", "active", {{"d1", "active"}, {"d2", "active"}}, "active", "active"},
      {"unmanaged", "active", {{"d1", "suspended"}, {"d2", "active"}}, "partly", "partly"},
      {"unmanaged", "active", {{"d1", "suspended"}}, "inactive", "inactive"},
      {"unmanaged", "inactive", {{"d1", "active"}}, "inactive", "inactive"},
      {"managed", "closed", {{"d1", "active"}}, "untouchable", "untouchable"},
      {"unmanaged", "closed", {{"d1", "suspended"}}, "untouchable", "untouchable"},
  };
  for (const auto& item : cases) {
    for (const OrgWay way : {OrgWay::kAccount, OrgWay::kDirectory}) {
      OrgScript org(way);
      org.AddDirectory("d2");
      org.Add("z");
      ScriptAccount& account = org.Add("a", item.places);
      account.claim = item.claim;
      account.account_status = item.account;
      const auto snapshot = org.ReadAll();
      ASSERT_TRUE(snapshot.ok()) << snapshot.status();
      const std::string wanted = way == OrgWay::kAccount ? item.by_account : item.by_directory;
      const std::string text = wanted.empty() ? "z active" : "a " + wanted + ", z active";
      EXPECT_EQ(StatesOf(snapshot->roster), text) << item.claim << " " << item.account;
      // What single reading says agrees, for what can be read.
      const auto record = org.Read("a");
      if (wanted.empty()) {
        EXPECT_EQ(record.status().code(), absl::StatusCode::kNotFound);
      } else {
        ASSERT_TRUE(record.ok()) << record.status();
        EXPECT_EQ(record->state, snapshot->roster.accounts[0].state) << text;
      }
    }
  }
}

TEST(OrgSnapshot, WhatMustNotBeTouchedIsUntouchable) {
  OrgScript org;
  org.Add("app").type = "app";
  org.Add("customer").type = "customer";
  org.Add("deletion").status = "for_deletion";
  org.Add("gone").account_status = "closed";
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster),
            "app untouchable, customer untouchable, deletion untouchable, gone untouchable");
  EXPECT_TRUE(snapshot->notes.empty()) << NotesOf(*snapshot);
}

TEST(OrgSnapshot, UnknownWordsAreNeverTakenForActive) {
  OrgScript org;
  org.Add("a1").account_status = "frozen";
  org.Add("a2").type = "robot";
  org.Add("a3").claim = "perhaps";
  org.Add("a4").status = "odd";
  org.Add("a5", {{"d1", "banned"}});
  org.Add("a6").account_status = "";
  org.Add("a7").status = "deactivated";  // beside accountStatus active
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  for (const Account& account : snapshot->roster.accounts) {
    EXPECT_EQ(account.state, AccountState::kUntouchable) << account.id;
  }
  EXPECT_EQ(snapshot->notes.size(), 7u);
  EXPECT_TRUE(Holds(NotesOf(*snapshot), "an unknown `accountStatus`, frozen (for example a1)"))
      << NotesOf(*snapshot);
}

TEST(OrgSnapshot, DirectoriesThatDisagreeLeaveTheAccountAlone) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}, {"d2", "active"}});
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (Holds(request.url, "/d2/users/search")) org.accounts["a"].account_status = "inactive";
    return std::nullopt;
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "a untouchable");
  EXPECT_TRUE(Holds(NotesOf(*snapshot), "disagree")) << NotesOf(*snapshot);
}

TEST(OrgSnapshot, ManagedAccountsInNoDirectoryAreSeen) {
  OrgScript org;
  org.Add("a");
  org.Add("leaver", {});
  org.Add("off", {}).account_status = "inactive";
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "a active, leaver active, off inactive");
  for (const bool found : {true, false}) {
    org.finds_accounts_of_no_directory = found;
    const auto record = org.Read("leaver");
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_EQ(record->state, AccountState::kActive);
    EXPECT_EQ(org.Read("nobody").status().code(), absl::StatusCode::kNotFound);
  }
}

TEST(OrgSnapshot, ManagedAccountsThatTheDirectoriesHideAreSeen) {
  for (const bool total : {true, false}) {
    OrgScript org;
    org.lists_accounts_of_no_directory = org.finds_accounts_of_no_directory = false;
    org.tells_managed_total = total;
    org.AddMany(150);
    org.Add("z-leaver", {});
    org.Add("z-off", {}).account_status = "inactive";
    org.Add("z-odd", {}).type = "robot";
    org.Add("z-guest").claim = "unmanaged";
    const auto snapshot = org.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_TRUE(Holds(StatesOf(snapshot->roster),
                      "z-guest active, z-leaver active, z-odd untouchable, z-off inactive"))
        << StatesOf(snapshot->roster);
    const auto record = org.Read("z-leaver");
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_EQ(record->state, AccountState::kActive);
    EXPECT_EQ(record->email, "z-leaver@example.com");
    ASSERT_TRUE(org.directory->Deactivate("z-leaver", {}).status.ok());
    EXPECT_EQ(org.Read("z-leaver")->state, AccountState::kInactive);
    EXPECT_EQ(org.Read("nobody").status().code(), absl::StatusCode::kNotFound);
  }
}

// A directory may list managed accounts that are in none: they are no accounts of this one.
TEST(OrgSnapshot, WhoIsListedWithoutMembershipIsNoAccountOfTheOneDirectory) {
  OrgScript org(OrgWay::kAccount, "d1");
  org.Add("a");
  org.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.url, "/directories/d1/users/search")) return std::nullopt;
    return Answer(200, R"({"data":[
        {"accountId":"a","accountType":"atlassian","accountStatus":"active","platformRoles":[],
         "membershipStatus":"active","claimStatus":"managed","email":"a@example.com"},
        {"accountId":"b","accountType":"atlassian","accountStatus":"active","platformRoles":[],
         "membershipStatus":"no_membership","claimStatus":"managed","email":"b@example.com"}],
        "links":{}})");
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "a active");
}

// `min_admins` counts whoever any of the lists shows as an administrator.
TEST(OrgSnapshot, AnAdministratorOfOneListIsOne) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}, {"d2", "active"}}).org_admin = true;
  org.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.url, "/directories/d2/users/search")) return std::nullopt;
    return Answer(200, R"({"data":[
        {"accountId":"a","accountType":"atlassian","accountStatus":"active",
         "membershipStatus":"active","claimStatus":"managed","email":"a@example.com"}],
        "links":{}})");
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  ASSERT_EQ(snapshot->roster.accounts.size(), 1u);
  EXPECT_TRUE(snapshot->roster.accounts[0].administrator);
}

TEST(OrgSnapshot, AListOfManagedAccountsThatCannotBeReadIsTold) {
  OrgScript org;
  org.Add("a");
  org.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.url, "/v1/orgs/org-1/users")) return std::nullopt;
    return Answer(410, "");
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_TRUE(Holds(NotesOf(*snapshot), "may be missing")) << NotesOf(*snapshot);
}

TEST(OrgSnapshot, ACursorGoesAloneWhereTheServerWantsThat) {
  OrgScript org;
  org.cursor_goes_alone = true;
  org.AddMany(350);
  org.AddGroup("g1", "Staff", {"u1349"});
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 350u);
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g1"), "u1349");
  EXPECT_EQ(org.Count("POST", "/d1/users/search"), 4 + 1);  // refused once
}

TEST(OrgSnapshot, AServerThatDoesNotHearTheFilterAddsNobodyTwice) {
  OrgScript org;
  org.Add("a");
  org.Add("b", {});
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.body, "no_membership")) return std::nullopt;
    HttpRequest plain = request;
    plain.body = R"({"limit":100})";
    return org.Plain(plain);
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "a active, b active");
}

TEST(OrgSnapshot, OneConfiguredDirectoryIsReadAlone) {
  OrgScript org(OrgWay::kAccount, "d2");
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}});
  org.Add("b", {{"d2", "active"}});
  org.Add("c", {});
  org.AddGroup("g1", "Staff", {"a"}, "d1");
  org.AddGroup("g2", "Staff", {"b"}, "d2");
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "b active");
  ASSERT_EQ(snapshot->roster.groups.size(), 1u);
  EXPECT_EQ(snapshot->roster.groups[0].id, "g2");
  EXPECT_EQ(org.Count("POST", "/d1/"), 0);
}

TEST(OrgSnapshot, ANameInTwoDirectoriesIsTwoGroups) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}, {"d2", "active"}});
  org.AddGroup("g1", "Staff", {"a"}, "d1");
  org.AddGroup("g2", "Staff", {"a"}, "d2");
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.groups.size(), 2u);
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g1"), "a");
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g2"), "a");
}

TEST(OrgSnapshot, AConfiguredDirectoryThatIsNoneIsToldWithThoseThatAre) {
  OrgScript org(OrgWay::kAccount, "d9");
  org.Add("a");
  const auto snapshot = org.ReadAll();
  EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(Holds(snapshot.status().message(), "it has d1 (Directory d1)")) << snapshot.status();
}

TEST(OrgSnapshot, NobodyAtAllIsNoSnapshot) {
  OrgScript org;
  EXPECT_EQ(org.ReadAll().status().code(), absl::StatusCode::kDataLoss);
  org.directories.clear();
  EXPECT_EQ(org.ReadAll().status().code(), absl::StatusCode::kDataLoss);
}

TEST(OrgSnapshot, PagesAreFollowedByTokenAndByUrl) {
  for (const bool url : {false, true}) {
    OrgScript org;
    org.next_is_url = url;
    org.AddMany(250);
    for (int i = 0; i < 120; ++i) org.AddGroup(absl::StrCat("g", i), absl::StrCat("n", i), {});
    const auto snapshot = org.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ(snapshot->roster.accounts.size(), 250u);
    EXPECT_EQ(snapshot->roster.groups.size(), 120u);
    // 3 pages of users, 2 of groups, and four more.
    EXPECT_EQ(org.Sent(), 3 + 2 + 4);
  }
}

TEST(OrgSnapshot, TwentyThousandAccountsCostTheirPagesAndAtMostTen) {
  OrgScript org;
  org.AddDirectory("d2");
  org.AddMany(20'000);
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 20'000u);
  EXPECT_LE(org.Sent(), 200 + 10);
}

TEST(OrgSnapshot, MembersThatTheUsersDoNotTellAreReadGroupByGroup) {
  for (const bool counts : {true, false}) {
    OrgScript org;
    org.tells_groups = false;
    org.tells_counts = counts;
    org.Add("a");
    org.Add("b");
    org.AddGroup("g1", "Staff", {"a"});
    org.AddGroup("g2", "Other", {"b"});
    const auto snapshot = org.directory->ReadAll(WantGroupsOf({"Staff"}), {});
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ(OrgMembersOf(snapshot->roster, "g1"), "a");
    EXPECT_EQ(OrgMembersOf(snapshot->roster, "g2"), "");
    EXPECT_EQ(org.Sent(), 7);
  }
}

TEST(OrgSnapshot, GroupsThatAreCutInTheRowsOfUsersAreReadOnceMore) {
  OrgScript org;
  org.most_groups = 1;
  org.Add("a");
  org.AddGroup("g1", "Staff", {"a"});
  org.AddGroup("g2", "Other", {"a"});
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g1"), "a");
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g2"), "a");
  EXPECT_EQ(org.Sent(), 7);
}

TEST(OrgSnapshot, NoGroupIsReadWhereNoneIsWanted) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {"a"});
  ASSERT_TRUE(org.directory->ReadAll(WantGroupsOf({}), {}).ok());
  for (const HttpRequest& request : org.client.requests()) {
    EXPECT_FALSE(Holds(request.body, "\"groups\"")) << request.body;
  }
}

TEST(OrgSnapshot, MembersFewerThanTheGroupCountsAreNoSnapshot) {
  OrgScript org;
  org.Add("a");
  org.Add("b");
  org.AddGroup("g1", "Staff", {"a", "b"});
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (Holds(request.url, "/users/search")) org.groups["g1"].members = {"a"};
    if (Holds(request.url, "/groups/search")) org.groups["g1"].members = {"a", "b", "c"};
    if (Holds(request.body, "groupIds")) org.groups["g1"].members = {"b"};
    return std::nullopt;
  };
  const auto snapshot = org.ReadAll();
  EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kDataLoss) << snapshot.status();
  EXPECT_TRUE(Holds(snapshot.status().message(), "Staff")) << snapshot.status();
  EXPECT_TRUE(Holds(snapshot.status().message(), "3 by its count")) << snapshot.status();
}

TEST(OrgSnapshot, SomebodyWhoJoinsAGroupMeanwhileIsNoContradiction) {
  OrgScript org;
  org.Add("a");
  org.Add("b");
  org.AddGroup("g1", "Staff", {"a"});
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (Holds(request.url, "/users/search")) org.groups["g1"].members = {"a", "b"};
    return std::nullopt;
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g1"), "a, b");
}

TEST(OrgSnapshot, AServerThatDoesNotHearTheGroupIsNoSnapshot) {
  OrgScript org;
  org.tells_groups = false;
  org.Add("a");
  org.Add("b");
  org.AddGroup("g1", "Staff", {"a"});
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.body, "groupIds")) return std::nullopt;
    HttpRequest plain = request;
    plain.body = R"({"limit":100})";
    return org.Plain(plain);
  };
  EXPECT_EQ(org.ReadAll().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rollcall
