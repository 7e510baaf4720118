// The client against the twin: whole stories, and every oddity that the twin knows.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "clients/atlassian/org_directory.h"
#include "tests/clients/atlassian/org_script.h"
#include "tests/support/twin_client.h"
#include "tests/twins/org_quirks.h"
#include "tests/twins/org_twin.h"

namespace rollcall {
namespace {

using absl::StatusCode;

// The organisation o-1 with two directories: ada and bob in both (bob suspended in dir-lab), eve an
// administrator, dan a guest, fay in none, gus inactive, hal Google's. Group g-staff: ada, bob.
class OrgOnTwin {
 public:
  explicit OrgOnTwin(const std::vector<std::string>& quirks = {}, OrgWay way = OrgWay::kAccount,
                     int64_t page_size = 100)
      : twin(&world, Options(quirks), [] { return absl::FromUnixSeconds(1'700'000'000); }),
        client(twin) {
    org().id = "o-1";
    org().directories = {{"dir-main", "Main"}, {"dir-lab", "Lab"}};
    for (const char* name : {"ada", "bob", "dan", "eve", "fay", "gus", "hal"}) Add(name);
    account("ada").directories["dir-lab"] = {};
    account("bob").directories["dir-lab"].suspended = true;
    account("dan").claimed = false;
    account("eve").roles = {twins::kOrgAdminRole};
    account("fay").directories.clear();
    account("gus").active = false;
    account("hal").owner = "externalDirectory.google";
    twins::OrgGroup& staff = org().groups["g-staff"];
    staff.id = "g-staff";
    staff.name = "staff";
    staff.directory = "dir-main";
    staff.members = {"aa-ada", "aa-bob"};
    OrgOptions options;
    options.id = "cloud";
    options.base_url = "http://127.0.0.1/atlassian";
    options.org_id = "o-1";
    options.scope.way = way;
    options.identity = "eve@example.com";
    options.paging.page_size = page_size;
    directory = std::make_unique<OrgDirectory>(options, client, runtime, &traits, progress_);
  }

  twins::Organisation& org() { return *world.organisation; }
  void Add(const std::string& name) {
    twins::CloudAccount& one = account(name);
    one.id = "aa-" + name;
    one.email = name + "@example.com";
    one.name = name;
    one.directories["dir-main"] = {};
  }
  twins::CloudAccount& account(const std::string& name) {
    return world.cloud_accounts["aa-" + name];
  }
  absl::StatusOr<Snapshot> ReadAll() { return directory->ReadAll(WantGroupsOf({"*"}), {}); }
  WriteReply Change(MembershipAction action, const std::string& name) {
    const std::vector<std::string> one = {"aa-" + name};
    return directory->ChangeMembers(action, "g-staff", one, {});
  }
  std::optional<Ownership> Probe(const std::string& name) {
    ProbeRequest request;
    request.accounts = {"aa-" + name};
    const auto result = directory->Probe(request, {});
    EXPECT_TRUE(result.ok()) << result.status();
    if (!result.ok() || result->accounts.empty()) return std::nullopt;
    return result->accounts.begin()->second;
  }

  twins::World world;
  twins::OrgTwin twin;
  TwinClient client;
  FakeRuntime runtime;
  MemoryTraits traits;
  std::unique_ptr<OrgDirectory> directory;

 private:
  static twins::OrgOptions Options(const std::vector<std::string>& quirks) {
    twins::OrgOptions options;
    for (const std::string& quirk : quirks) {
      EXPECT_TRUE(twins::ApplyOrgQuirk(quirk, options).ok()) << quirk;
    }
    return options;
  }

  NoProgress progress_;
};

constexpr char kWideStates[] =
    "aa-ada active, aa-bob active, aa-dan active, aa-eve active, aa-fay active, aa-gus inactive, "
    "aa-hal active";
constexpr char kOwnStates[] =
    "aa-ada active, aa-bob partly, aa-dan active, aa-eve active, aa-fay active, aa-gus inactive, "
    "aa-hal active";

TEST(OrgOnTwin, TheSnapshotIsWhatTheTwinHolds) {
  OrgOnTwin org({"status_per_directory"});
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), kOwnStates);
  EXPECT_EQ(OrgMembersOf(snapshot->roster, "g-staff"), "aa-ada, aa-bob");
  EXPECT_TRUE(snapshot->notes.empty()) << snapshot->notes[0];
  const Roster& roster = snapshot->roster;
  EXPECT_FALSE(roster.accounts[roster.FindAccount("aa-dan")].claimed);
  EXPECT_TRUE(roster.accounts[roster.FindAccount("aa-eve")].administrator);
}

TEST(OrgOnTwin, AStatusThatIsTheOrganisationsIsSeenThroughBySingleReads) {
  OrgOnTwin org;
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), kWideStates);
  const auto bob = org.directory->ReadAccount("aa-bob", {});
  ASSERT_TRUE(bob.ok()) << bob.status();
  EXPECT_EQ(bob->state, AccountState::kPartlyActive);
}

// Quirks under which a snapshot must be read as if nothing were odd.
TEST(OrgOnTwin, HarmlessOdditiesChangeNothing) {
  for (const char* quirk :
       {"next_url", "v1_next_token", "next_null", "next_empty", "links_absent", "cursor_alone",
        "short_pages", "empty_page", "uninvited_everywhere", "uninvited_hidden", "source_null",
        "error_status_number", "error_without_id", "lists_ended", "page_cap=2", "no_assignments"}) {
    OrgOnTwin org({"status_per_directory", quirk}, OrgWay::kAccount, 2);
    const auto snapshot = org.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << quirk << snapshot.status();
    EXPECT_EQ(StatesOf(snapshot->roster), kOwnStates) << quirk;
    EXPECT_EQ(OrgMembersOf(snapshot->roster, "g-staff"), "aa-ada, aa-bob") << quirk;
    for (const char* name : {"ada", "fay", "gus"}) {
      const auto record = org.directory->ReadAccount(std::string("aa-") + name, {});
      ASSERT_TRUE(record.ok()) << quirk << record.status();
      const Roster& roster = snapshot->roster;
      EXPECT_EQ(record->state, roster.accounts[roster.FindAccount(record->id)].state)
          << quirk << name;
    }
  }
}

// Quirks under which nothing may be believed.
TEST(OrgOnTwin, BrokenListsAreNoSnapshot) {
  for (const char* quirk :
       {"next_loops", "repeated_rows", "shifted_pages", "html_200", "empty_200"}) {
    OrgOnTwin org({quirk}, OrgWay::kAccount, 2);
    EXPECT_EQ(org.ReadAll().status().code(), StatusCode::kDataLoss) << quirk;
  }
}

TEST(OrgOnTwin, WhatTheKeyMayNotReadIsNoSnapshot) {
  const struct {
    std::vector<std::string> quirks;
    absl::StatusCode code;
  } cases[] = {{{"key_expired"}, StatusCode::kUnauthenticated},
               {{"key_scoped", "key_scoped_reads"}, StatusCode::kPermissionDenied},
               {{"forbidden"}, StatusCode::kPermissionDenied},
               {{"search_missing"}, StatusCode::kPermissionDenied}};
  for (const auto& item : cases) {
    OrgOnTwin org(item.quirks);
    const auto snapshot = org.ReadAll();
    EXPECT_EQ(snapshot.status().code(), item.code) << item.quirks[0] << snapshot.status();
  }
}

TEST(OrgOnTwin, WordsThatNobodyKnowsLeaveAccountsAlone) {
  for (const char* quirk : {"unknown_enums", "unknown_statuses", "claim_absent"}) {
    OrgOnTwin org({quirk});
    const auto snapshot = org.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << quirk << snapshot.status();
    for (const Account& account : snapshot->roster.accounts) {
      EXPECT_EQ(account.state, AccountState::kUntouchable) << quirk << account.id;
    }
    EXPECT_FALSE(snapshot->notes.empty());
  }
}

TEST(OrgOnTwin, ALeaverGoesAndComesBack) {
  OrgOnTwin org;
  ASSERT_TRUE(org.ReadAll().ok());
  for (const char* name : {"ada", "bob", "fay"}) {
    EXPECT_FALSE(org.Probe(name).has_value()) << name;
    const std::string id = std::string("aa-") + name;
    ASSERT_TRUE(org.directory->ReadAccount(id, {}).ok());
    WriteReply reply = org.directory->Deactivate(id, {});
    ASSERT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_FALSE(org.account(name).active) << name;
    EXPECT_EQ(org.directory->ReadAccount(id, {})->state, AccountState::kInactive);
    reply = org.directory->Activate(id, {});
    ASSERT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_TRUE(org.account(name).active);
    for (const auto& [where, membership] : org.account(name).directories) {
      EXPECT_FALSE(membership.suspended) << name << where;
    }
    EXPECT_EQ(org.directory->ReadAccount(id, {})->state, AccountState::kActive);
  }
}

TEST(OrgOnTwin, ByDirectoryALeaverIsSuspendedWhereItIsMissing) {
  for (const std::vector<std::string>& quirks : {std::vector<std::string>{},
                                                 {"status_per_directory"},
                                                 {"no_assignments", "status_per_directory"}}) {
    OrgOnTwin org(quirks, OrgWay::kDirectory);
    ASSERT_TRUE(org.ReadAll().ok());
    EXPECT_EQ(org.Probe("ada")->deactivate_writes, 2);
    ASSERT_TRUE(org.directory->ReadAccount("aa-bob", {}).ok());
    org.client.Forget();
    ASSERT_TRUE(org.directory->Deactivate("aa-bob", {}).status.ok());
    EXPECT_EQ(org.client.Count("POST", "dir-main/users/aa-bob/suspend"), 1);
    EXPECT_EQ(org.client.Count("POST"), 1);
    ASSERT_TRUE(org.directory->Deactivate("aa-ada", {}).status.ok());
    EXPECT_TRUE(org.account("ada").directories["dir-main"].suspended);
    EXPECT_TRUE(org.account("ada").directories["dir-lab"].suspended);
    EXPECT_TRUE(org.account("ada").active);
    const auto ada = org.directory->ReadAccount("aa-ada", {});
    ASSERT_TRUE(ada.ok()) << ada.status();
    EXPECT_EQ(ada->state, AccountState::kInactive);
    ASSERT_TRUE(org.directory->Activate("aa-ada", {}).status.ok());
    EXPECT_FALSE(org.account("ada").directories["dir-lab"].suspended);
  }
}

TEST(OrgOnTwin, GuestsAreSuspended) {
  OrgOnTwin org;
  ASSERT_TRUE(org.ReadAll().ok());
  EXPECT_FALSE(org.Probe("dan").has_value());
  ASSERT_TRUE(org.directory->Deactivate("aa-dan", {}).status.ok());
  EXPECT_TRUE(org.account("dan").directories["dir-main"].suspended);
  EXPECT_TRUE(org.account("dan").active);
  EXPECT_EQ(org.directory->ReadAccount("aa-dan", {})->state, AccountState::kInactive);
}

TEST(OrgOnTwin, OwnersAndAdministratorsAreFoundWhileProbing) {
  OrgOnTwin org;
  ASSERT_TRUE(org.ReadAll().ok());
  EXPECT_EQ(org.Probe("hal")->reason, "externalDirectory.google");
  EXPECT_FALSE(org.Probe("hal")->may_deactivate);
  EXPECT_FALSE(org.Probe("eve")->may_deactivate);
}

TEST(OrgOnTwin, ARefusalWhileApplyingNamesTheOwner) {
  for (const std::vector<std::string>& quirks : {std::vector<std::string>{"privileges_lie"},
                                                 {"privileges_lie", "context_text"},
                                                 {"privileges_lie", "context_absent"},
                                                 {"privileges_lie", "plain_manage_errors"}}) {
    OrgOnTwin org(quirks);
    ASSERT_TRUE(org.ReadAll().ok());
    EXPECT_FALSE(org.Probe("hal").has_value());
    const WriteReply reply = org.directory->Deactivate("aa-hal", {});
    EXPECT_EQ(reply.status.code(), StatusCode::kPermissionDenied) << reply.status;
    if (quirks.back() != "context_absent" && quirks.back() != "context_text") {
      EXPECT_EQ(reply.owner, "externalDirectory.google") << reply.status;
    }
    EXPECT_TRUE(org.account("hal").active);
  }
}

TEST(OrgOnTwin, DisablingAnAdministratorIsRefusedInEveryWay) {
  for (const char* quirk : {"", "admin_disable_409"}) {
    std::vector<std::string> quirks;
    if (*quirk != '\0') quirks.push_back(quirk);
    OrgOnTwin org(quirks);
    const WriteReply reply = org.directory->Deactivate("aa-eve", {});
    EXPECT_FALSE(reply.status.ok());
    EXPECT_TRUE(absl::IsPermissionDenied(reply.status) || absl::IsFailedPrecondition(reply.status))
        << reply.status;
    EXPECT_TRUE(org.account("eve").active);
  }
}

TEST(OrgOnTwin, DisablingTwiceIsDoneAlready) {
  for (const char* quirk : {"disable_again_409", "restore_inactive_400"}) {
    OrgOnTwin org({quirk});
    ASSERT_TRUE(org.directory->ReadAccount("aa-fay", {}).ok());
    ASSERT_TRUE(org.directory->ReadAccount("aa-gus", {}).ok());
    org.account("fay").active = false;  // by somebody else, since it was read
    const WriteReply reply = org.directory->Deactivate("aa-fay", {});
    EXPECT_TRUE(reply.status.ok() || absl::IsAlreadyExists(reply.status)) << reply.status;
    EXPECT_TRUE(org.directory->Activate("aa-gus", {}).status.ok());
  }
}

TEST(OrgOnTwin, MembersComeAndGo) {
  for (const char* quirk : {"", "readd_ok", "remove_absent_ok", "errors_empty", "errors_proxy"}) {
    std::vector<std::string> quirks;
    if (*quirk != '\0') quirks.push_back(quirk);
    OrgOnTwin org(quirks);
    WriteReply reply = org.Change(MembershipAction::kAdd, "eve");
    ASSERT_TRUE(reply.status.ok()) << quirk << reply.status;
    reply = org.Change(MembershipAction::kAdd, "eve");
    EXPECT_TRUE(reply.status.ok() || absl::IsAlreadyExists(reply.status)) << quirk << reply.status;
    const auto group = org.directory->ReadGroup("g-staff", {});
    ASSERT_TRUE(group.ok()) << quirk << group.status();
    EXPECT_EQ(group->members, (std::vector<std::string>{"aa-ada", "aa-bob", "aa-eve"})) << quirk;
    reply = org.Change(MembershipAction::kRemove, "eve");
    ASSERT_TRUE(reply.status.ok()) << quirk << reply.status;
    reply = org.Change(MembershipAction::kRemove, "eve");
    EXPECT_TRUE(reply.status.ok() || absl::IsNotFound(reply.status)) << quirk << reply.status;
    EXPECT_EQ(org.org().groups["g-staff"].members, (std::set<std::string>{"aa-ada", "aa-bob"}));
  }
}

TEST(OrgOnTwin, WithoutALicenceNobodyIsAdded) {
  for (const char* quirk : {"licence_limit", "licence_limit_400", "licence_limit_v1"}) {
    OrgOnTwin org({quirk});
    const WriteReply reply = org.Change(MembershipAction::kAdd, "eve");
    EXPECT_EQ(reply.status.code(), StatusCode::kFailedPrecondition) << quirk << reply.status;
    EXPECT_TRUE(Holds(reply.status.message(), "licence")) << reply.status;
  }
  OrgOnTwin silent({"licence_limit", "errors_empty"});
  const WriteReply reply = silent.Change(MembershipAction::kAdd, "eve");
  EXPECT_EQ(reply.status.code(), StatusCode::kFailedPrecondition) << reply.status;
}

TEST(OrgOnTwin, ASuspensionThatTheOwnerRefusesIsTold) {
  OrgOnTwin org({"synced_suspend_refused"}, OrgWay::kDirectory);
  const WriteReply reply = org.directory->Deactivate("aa-hal", {});
  EXPECT_EQ(reply.status.code(), StatusCode::kPermissionDenied) << reply.status;
}

TEST(OrgOnTwin, CheckNamesEachFault) {
  const struct {
    std::vector<std::string> quirks;
    const char* words;
  } cases[] = {
      {{"key_expired"}, "has expired"},
      {{"key_scoped", "key_scoped_reads"}, "without scopes"},
      {{"key_scoped"}, "without scopes"},
      {{"key_scoped", "scope_403_proxy"}, "without scopes"},
      {{"forbidden"}, "may not do this here"},
      {{"html_200"}, "sign-in page"},
      {{"empty_200"}, "empty body"},
  };
  for (const auto& item : cases) {
    OrgOnTwin org(item.quirks);
    const DirectoryCheck check = org.directory->Check({});
    ASSERT_EQ(check.faults.size(), 1u) << item.quirks.back();
    EXPECT_TRUE(Holds(check.faults[0], item.words)) << check.faults[0];
  }
  OrgOnTwin org;
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(check.faults.empty()) << check.faults[0];
  EXPECT_TRUE(check.warnings.empty()) << check.warnings[0];
}

TEST(OrgOnTwin, AWrongOrganisationIsNamedInEveryShape) {
  for (const char* quirk : {"", "wrong_org_gateway", "wrong_org_403"}) {
    std::vector<std::string> quirks;
    if (*quirk != '\0') quirks.push_back(quirk);
    OrgOnTwin org(quirks);
    org.org().id = "o-2";
    const DirectoryCheck check = org.directory->Check({});
    ASSERT_EQ(check.faults.size(), 1u);
    EXPECT_TRUE(Holds(check.faults[0], "the key sees o-2")) << quirk << check.faults[0];
  }
}

TEST(OrgOnTwin, TwentyThousandAccountsCostTheirPagesAndAtMostTen) {
  OrgOnTwin org;
  for (int i = 0; i < 20'000; ++i) org.Add(absl::StrCat("u", i));
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 20'007u);
  EXPECT_LE(org.directory->requests_sent(), 201 + 10);
  EXPECT_EQ(static_cast<int64_t>(org.client.requests().size()), org.directory->requests_sent());
}

}  // namespace
}  // namespace rollcall
