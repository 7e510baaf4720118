#include "clients/scim/scim_directory.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/scim/scim_harness.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

// Reading.

TEST(ScimDirectory, ASnapshotHoldsUsersGroupsAndMembersOfWantedGroups) {
  ScimHarness harness;
  harness.AddUser("ada");
  harness.AddUser("ben", false);
  harness.AddGroup("g1", "engineers", {"ada", "ben"});
  harness.AddGroup("g2", "others", {"ada"});
  absl::StatusOr<Snapshot> snapshot = harness.directory->ReadAll(WantNames({"engineers"}), {});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  ASSERT_EQ(snapshot->roster.accounts.size(), 2u);
  EXPECT_EQ(snapshot->roster.accounts[0].user_name, "ada@example.com");
  EXPECT_EQ(snapshot->roster.accounts[0].external_id, "p-ada");
  EXPECT_EQ(snapshot->roster.accounts[1].state, AccountState::kInactive);
  ASSERT_EQ(snapshot->roster.groups.size(), 2u);
  EXPECT_EQ(MembersOf(snapshot->roster, "g1"), (std::vector<std::string>{"ada", "ben"}));
  EXPECT_TRUE(MembersOf(snapshot->roster, "g2").empty());
  EXPECT_EQ(snapshot->complete_at, harness.runtime.Now());
  EXPECT_EQ(harness.directory->requests_sent(), 3);
}

TEST(ScimDirectory, EveryDialectIsReadAliveOrRefusedAsAWhole) {
  for (const std::string& dialect : twins::DialectNames()) {
    ScimHarness harness("dialect:" + dialect);
    harness.AddUsers(18);
    harness.AddGroup("g1", "engineers", {"u-0001", "u-0002"});
    harness.AddGroup("g2", "empty", {});
    absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << dialect << ": " << snapshot.status();
    EXPECT_EQ(snapshot->roster.accounts.size(), 18u) << dialect;
    EXPECT_EQ(MembersOf(snapshot->roster, "g1"), (std::vector<std::string>{"u-0001", "u-0002"}))
        << dialect;
    EXPECT_LT(harness.client.requests().size(), 10u) << dialect;
  }
}

TEST(ScimDirectory, WhereTheListLeavesOutAllMembersWantedGroupsAreReadOneByOne) {
  ScimHarness harness("members_absent_in_lists");
  harness.AddUsers(3);
  harness.AddGroup("g1", "engineers", {"u-0001", "u-0002"});
  harness.AddGroup("g2", "others", {"u-0000"});
  absl::StatusOr<Snapshot> snapshot = harness.directory->ReadAll(WantNames({"engineers"}), {});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(MembersOf(snapshot->roster, "g1"), (std::vector<std::string>{"u-0001", "u-0002"}));
  EXPECT_EQ(harness.directory->requests_sent(), 3 + 1);
  EXPECT_TRUE(HasNote(snapshot->notes, "one by one"));
}

TEST(ScimDirectory, WhereOnlyEmptyGroupsLackTheKeyNothingMoreIsRead) {
  ScimHarness harness("members_absent_when_empty");
  harness.AddUsers(3);
  harness.AddGroup("g1", "engineers", {"u-0001"});
  harness.AddGroup("g2", "empty", {});
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_TRUE(MembersOf(snapshot->roster, "g2").empty());
  EXPECT_EQ(harness.directory->requests_sent(), 3);
}

TEST(ScimServersD, D7_DanglingMembersAreCountedAndLeftOut) {
  ScimHarness harness("dangling_members");
  harness.AddUsers(2);
  harness.AddGroup("g1", "engineers", {"u-0000", "gone"});
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->dangling_members, 1);
  EXPECT_EQ(MembersOf(snapshot->roster, "g1"), (std::vector<std::string>{"u-0000"}));
}

TEST(ScimServersD, D2_MembersThatAreListedTwiceAreOneMembership) {
  ScimHarness harness("duplicate_members");
  harness.AddUsers(2);
  harness.AddGroup("g1", "engineers", {"u-0000", "u-0000"});
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.memberships.size(), 1u);
}

TEST(ScimDirectory, AServerWithoutGroupsIsReadWithANote) {
  for (int status : {404, 501}) {
    ScriptedClient client([&](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
      if (request.url.find("/Users") == std::string::npos) return Answer(status, "");
      return Answer(200, R"({"totalResults":1,"Resources":[{"id":"a"}]})");
    });
    FakeRuntime runtime;
    NoProgress progress;
    ScimDirectory directory({.id = "scim", .base_url = "http://127.0.0.1"}, client, runtime,
                            nullptr, progress);
    absl::StatusOr<Snapshot> snapshot = directory.ReadAll(WantAll(), {});
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_TRUE(HasNote(snapshot->notes, "no groups"));
  }
}

TEST(ScimDirectory, AMissingOrWrongServiceProviderConfigIsANoteOnly) {
  for (const char* body : {"", "<html></html>", "[]", "{\"patch\":7}", "hello"}) {
    for (int status : {200, 404, 500, 501}) {
      ScriptedClient client([&](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
        if (request.url.find("/Service") != std::string::npos) return Answer(status, body);
        return Answer(200, R"({"totalResults":0})");
      });
      FakeRuntime runtime;
      NoProgress progress;
      ScimDirectory directory({.id = "scim", .base_url = "http://127.0.0.1"}, client, runtime,
                              nullptr, progress);
      EXPECT_TRUE(directory.ReadAll(WantAll(), {}).ok()) << status << " " << body;
    }
  }
}

TEST(ScimDirectory, AServerThatDeniesPatchInItsConfigIsPatchedAllTheSame) {
  ScimHarness harness("service_provider_config_denies");
  harness.AddUser("ada");
  ASSERT_TRUE(harness.ReadAll().ok());
  EXPECT_TRUE(harness.directory->Deactivate("ada", {}).status.ok());
  EXPECT_FALSE(harness.Active("ada"));
}

TEST(ScimDirectory, ReadersAreToldWhyNothingWasRead) {
  ScimHarness wrong_key("", {}, "another-token");
  EXPECT_EQ(wrong_key.ReadAll().status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(wrong_key.ReadAll().status().message().find("another-token"), std::string::npos);
  ScimHarness harness;
  EXPECT_EQ(harness.directory->ReadAccount("nobody", {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(harness.directory->ReadGroup("none", {}).status().code(), absl::StatusCode::kNotFound);
}

TEST(ScimDirectory, AnAccountIsReadById) {
  ScimHarness harness;
  harness.AddUser("ada");
  absl::StatusOr<AccountRecord> record = harness.directory->ReadAccount("ada", {});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->user_name, "ada@example.com");
  EXPECT_EQ(record->email, "ada@example.com");
}

TEST(ScimDirectory, AnAnswerAboutSomebodyElseIsRefused) {
  ScriptedClient client([](const HttpRequest&) { return Answer(200, R"({"id":"other"})"); });
  FakeRuntime runtime;
  NoProgress progress;
  ScimDirectory directory({.id = "scim", .base_url = "http://127.0.0.1"}, client, runtime, nullptr,
                          progress);
  EXPECT_EQ(directory.ReadAccount("ada", {}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(directory.ReadGroup("g", {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimDirectory, ProbingSendsNothing) {
  ScimHarness harness;
  ASSERT_TRUE(harness.directory->Probe({{"ada"}, {"g1"}}, {}).ok());
  EXPECT_EQ(harness.directory->requests_sent(), 0);
}

TEST(ScimServersA, A2_AUserWhoseIdIsUndefinedIsRefused) {
  ScriptedClient client([](const HttpRequest&) {
    return Answer(200, R"({"totalResults":1,"Resources":[{"id":"undefined","userName":"x"}]})");
  });
  FakeRuntime runtime;
  NoProgress progress;
  ScimDirectory directory({.id = "scim", .base_url = "http://127.0.0.1"}, client, runtime, nullptr,
                          progress);
  EXPECT_EQ(directory.ReadAll(WantAll(), {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimServersA, A3_JsonIsReadWhateverItsContentTypeSays) {
  ScimHarness harness("content_type_text");
  harness.AddUsers(2);
  EXPECT_TRUE(harness.ReadAll().ok());
}

TEST(ScimServersA, A7_ActiveThatIsStoredAsTextIsUnderstoodWithANote) {
  ScimHarness harness("active_string_stored");
  harness.AddUser("ada");
  twins::ScimUser ben = twins::MakeScimUser("ben", "ben", "p", true);
  ben.attributes["active"] = "False";
  harness.world().PutUser(ben);
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts[1].state, AccountState::kInactive);
  EXPECT_TRUE(HasNote(snapshot->notes, "`active` as a text"));
}

TEST(ScimServersA, A9_IdsArePercentEncodedInPaths) {
  for (const char* id : {"a@b+c d", "50%", "ä/ö", "..", "x?y#z", "DOMAIN\\user", "q\"uote"}) {
    ScimHarness harness;
    harness.AddUser(id);
    harness.AddUser("other");
    harness.AddGroup("g1", "engineers", {});
    ASSERT_TRUE(harness.directory->ReadAccount(id, {}).ok()) << id;
    EXPECT_TRUE(harness.directory->Deactivate(id, {}).status.ok()) << id;
    EXPECT_FALSE(harness.Active(id)) << id;
    EXPECT_TRUE(harness.Active("other"));
    EXPECT_TRUE(harness.Add("g1", {id}).status.ok()) << id;
    EXPECT_EQ(harness.Members("g1"), (std::vector<std::string>{id}));
    EXPECT_TRUE(harness.Remove("g1", {id}).status.ok()) << id;
    EXPECT_TRUE(harness.Members("g1").empty()) << id;
  }
}

TEST(ScimServersA, A9_APoisonRecordMakesTheDirectoryUnreadableWithTheServersWords) {
  ScimHarness harness("poison_percent");
  harness.world().PutUser(twins::MakeScimUser("u", "50%", "p", true));
  const absl::Status status = harness.ReadAll().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("URI malformed"), std::string::npos) << status;
}

// Writing `active`: facts, part C.

class PatchActive : public testing::TestWithParam<const char*> {};

TEST_P(PatchActive, SetsTheAccountInOneRequest) {
  ScimHarness harness(GetParam());
  harness.AddUser("ada");
  const WriteReply off = harness.directory->Deactivate("ada", {});
  EXPECT_TRUE(off.status.ok()) << off.status;
  EXPECT_EQ(off.attempts, 1);
  EXPECT_FALSE(harness.Active("ada"));
  EXPECT_TRUE(harness.directory->Activate("ada", {}).status.ok());
  EXPECT_TRUE(harness.Active("ada"));
  EXPECT_EQ(harness.directory->requests_sent(), 2);
}

INSTANTIATE_TEST_SUITE_P(C1_To_C12, PatchActive,
                         testing::Values("", "patch_204", "noop_patch_204", "noop_bumps_version",
                                         "active_string_is_true", "add_active_501",
                                         "op_case_sensitive", "lower_operations_noop",
                                         "unknown_path_noop", "patch_not_atomic", "etag_ignored",
                                         "etag_checked", "active_never_shown", "dialect:atlassian",
                                         "dialect:server_g", "dialect:server_d",
                                         "dialect:server_r"));

TEST(ScimServersC, C2_AnAppliedChangeThatIsAnswered500IsUnknownAndShowsWhenRead) {
  ScimHarness harness("patch_applied_500");
  harness.AddUser("ada");
  const WriteReply reply = harness.directory->Deactivate("ada", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(reply.http_status, 500);
  EXPECT_EQ(harness.directory->ReadAccount("ada", {})->state, AccountState::kInactive);
}

TEST(ScimServersC, C3_ActiveIsSentAsARealBoolean) {
  ScimHarness harness;
  harness.AddUser("ada");
  harness.directory->Deactivate("ada", {});
  const HttpRequest& sent = harness.client.requests().at(0);
  EXPECT_EQ(sent.method, "PATCH");
  EXPECT_NE(sent.body.find("\"value\":false"), std::string::npos);
  EXPECT_NE(sent.body.find("\"Operations\""), std::string::npos);
  EXPECT_EQ(FindHeader(sent.headers, "Content-Type"), "application/scim+json");
  EXPECT_EQ(FindHeader(sent.headers, "If-Match"), "");
  EXPECT_EQ(sent.idempotency, Idempotency::kIdempotent);
}

TEST(ScimServersC, C11_AMissingAccountIsNotFoundOrUnknownAndReadingTells) {
  ScimHarness plain;
  EXPECT_EQ(plain.directory->Deactivate("nobody", {}).status.code(), absl::StatusCode::kNotFound);
  ScimHarness odd("missing_id_500");
  EXPECT_EQ(odd.directory->Deactivate("nobody", {}).status.code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(odd.directory->ReadAccount("nobody", {}).status().code(), absl::StatusCode::kNotFound);
}

TEST(ScimServersC, C13_ActiveThatAPutMadeNullCountsAsActive) {
  ScimHarness harness;
  twins::ScimUser user = twins::MakeScimUser("ada", "ada", "p", true);
  user.attributes["active"] = nullptr;
  harness.world().PutUser(user);
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts[0].state, AccountState::kActive);
}

TEST(ScimAtlassian, C7_6_ActiveMayBeAbsent) {
  ScimHarness harness("dialect:atlassian");
  harness.AddUsers(10);
  harness.AddUser("out", false);
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  for (const Account& account : snapshot->roster.accounts) {
    EXPECT_EQ(account.state, account.id == "out" ? AccountState::kInactive : AccountState::kActive)
        << account.id;
  }
}

TEST(ScimDirectory, NothingIsSentWithoutAnIdOrBeyondTheBatch) {
  ScimHarness harness;
  EXPECT_EQ(harness.directory->Deactivate("", {}).status.code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(harness.Add("", {"a"}).status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(harness.Add("g", {""}).status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(harness.Add("g", {}).status.ok());
  EXPECT_EQ(harness.Remove("g", std::vector<std::string>(1001, "a")).status.code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(harness.directory->requests_sent(), 0);
}

TEST(ScimDirectory, AStoppedWriteIsCancelledBeforeItIsSent) {
  ScimHarness harness;
  harness.AddUser("ada");
  StopFlag stop;
  stop.Request();
  CallContext context;
  context.stop = &stop;
  EXPECT_EQ(harness.directory->Deactivate("ada", context).status.code(),
            absl::StatusCode::kCancelled);
  EXPECT_TRUE(harness.Active("ada"));
}

// Adding members: facts, part D.

TEST(ScimServersD, AThousandMembersAreAddedInOneRequest) {
  ScimHarness harness;
  harness.AddUsers(1000);
  harness.AddGroup("g1", "engineers", {});
  std::vector<std::string> all;
  for (int i = 0; i < 1000; ++i) all.push_back(ScimHarness::UserId(i));
  const WriteReply reply = harness.Add("g1", all);
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(harness.directory->requests_sent(), 1);
  EXPECT_EQ(harness.Members("g1"), all);
  EXPECT_EQ(harness.client.requests()[0].idempotency, Idempotency::kNotIdempotent);
}

TEST(ScimServersD, D1_AnUnknownMemberInABatchIsAnInvalidArgumentSoThatItIsHalved) {
  for (const char* quirk : {"", "unknown_member_500", "unknown_member_404"}) {
    ScimHarness harness(quirk);
    harness.AddUsers(2);
    harness.AddGroup("g1", "engineers", {});
    const WriteReply reply = harness.Add("g1", {"u-0000", "nobody"});
    EXPECT_EQ(reply.status.code(), absl::StatusCode::kInvalidArgument) << quirk << reply.status;
    EXPECT_LE(harness.directory->requests_sent(), 2);
  }
}

TEST(ScimAtlassian, C7_12_A404ForOneUnknownMemberIsToldFromAMissingGroup) {
  ScimHarness harness("unknown_member_404");
  harness.AddUsers(2);
  harness.AddGroup("g1", "engineers", {});
  const WriteReply member = harness.Add("g1", {"nobody"});
  EXPECT_EQ(member.status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(member.status.message().find("does not know nobody"), std::string::npos);
  const WriteReply group = harness.Add("gone", {"u-0000", "u-0001"});
  EXPECT_EQ(group.status.code(), absl::StatusCode::kNotFound) << group.status;
}

TEST(ScimServersD, D3AndD5_MembersAreOnlyEverAddedWithAPathAndAnArray) {
  ScimHarness harness("replace_members_merges add_pathless_noop single_member_500");
  harness.AddUsers(2);
  harness.AddGroup("g1", "engineers", {"u-0000"});
  EXPECT_TRUE(harness.Add("g1", {"u-0001"}).status.ok());
  EXPECT_EQ(harness.Members("g1"), (std::vector<std::string>{"u-0000", "u-0001"}));
}

TEST(ScimServersD, D8_AGroupThatIsFullRefusesTheBatch) {
  ScimHarness harness("max_group_members=2");
  harness.AddUsers(3);
  harness.AddGroup("g1", "engineers", {"u-0000"});
  EXPECT_EQ(harness.Add("g1", {"u-0001", "u-0002"}).status.code(),
            absl::StatusCode::kInvalidArgument);
}

// Versions: facts, part E.

TEST(ScimServersE, AServerThatDemandsIfMatchGetsItFromTheReadThatHappensAnyway) {
  ScimHarness harness("etag_checked etag_required");
  harness.AddUser("ada");
  harness.AddUser("ben");
  EXPECT_TRUE(harness.directory->Deactivate("ada", {}).status.ok());  // 428, GET, PATCH
  EXPECT_FALSE(harness.Active("ada"));
  EXPECT_EQ(harness.directory->requests_sent(), 3);
  ASSERT_TRUE(harness.directory->ReadAccount("ben", {}).ok());
  const WriteReply reply = harness.directory->Deactivate("ben", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.attempts, 1);
  EXPECT_EQ(harness.directory->requests_sent(), 5);
}

TEST(ScimServersE, AVersionThatIsTooOldIsReadAgainOnce) {
  ScimHarness harness("etag_checked etag_required");
  harness.AddUser("ada");
  ASSERT_TRUE(harness.directory->Deactivate("ada", {}).status.ok());
  ASSERT_TRUE(harness.directory->ReadAccount("ada", {}).ok());
  twins::ScimUser changed = *harness.world().FindUser("ada");
  ++changed.version;
  harness.world().PutUser(changed);
  EXPECT_TRUE(harness.directory->Activate("ada", {}).status.ok());
  EXPECT_TRUE(harness.Active("ada"));
}

}  // namespace
}  // namespace rollcall
