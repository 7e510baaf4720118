// The client against the twin: whole stories, and every oddity that the twin knows.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "clients/crowd/crowd_directory.h"
#include "clients/http/auth.h"
#include "tests/clients/crowd/crowd_script.h"
#include "tests/support/twin_client.h"
#include "tests/twins/crowd_twin.h"

namespace rollcall {
namespace {

constexpr char kTwinUrl[] = "http://127.0.0.1/crowd";

AuthOptions TwinLogin() {
  AuthOptions login;
  login.scheme = AuthScheme::kBasic;
  login.user = "rollcall";
  login.secret = [] { return Secret("twin-token"); };
  return login;
}

// One Crowd with ada (with attributes), bob (inactive) and group "staff" of both, under quirks.
class OnTwin {
 public:
  explicit OnTwin(const std::string& quirk = "", int64_t page_size = 1000)
      : twin(&world, "crowd", Options(quirk), [] { return absl::FromUnixSeconds(1'700'000'000); }),
        client(twin, ""),
        login_(client, TwinLogin(), *ParseOrigin(kTwinUrl)) {
    twins::CrowdDirectory internal;
    internal.users["ada"] = twins::MakeCrowdUser("ada", true);
    internal.users["ada"].attributes = {{"badge", {"7", "8"}}, {"note", {"a & \"b\""}}};
    internal.users["bob"] = twins::MakeCrowdUser("bob", false);
    internal.groups["staff"].name = "staff";
    internal.groups["staff"].users = {"ada", "bob"};
    application().directories = {internal};
    CrowdOptions options;
    options.id = "crowd";
    options.base_url = kTwinUrl;
    options.paging.page_size = page_size;
    directory = std::make_unique<CrowdDirectory>(options, login_, runtime, &traits, progress_);
  }

  twins::CrowdApplication& application() { return world.crowd["crowd"]; }
  twins::CrowdDirectory& first() { return application().directories[0]; }
  twins::CrowdUser& ada() { return first().users["ada"]; }

  // Everything about ada but `active`, and her groups.
  std::string Ada() {
    const twins::CrowdUser& user = ada();
    std::string text = absl::StrJoin(
        {user.name, user.first_name, user.last_name, user.display_name, user.email}, "|");
    for (const auto& [name, values] : user.attributes) {
      absl::StrAppend(&text, "|", name, "=", absl::StrJoin(values, ","));
    }
    for (const auto& [name, group] : first().groups) {
      if (group.users.count("ada") > 0) absl::StrAppend(&text, "|in ", name);
    }
    return text;
  }
  std::string AdasId() {
    const auto snapshot = directory->ReadAll(WantEveryGroup(), {});
    if (!snapshot.ok()) return std::string(snapshot.status().message());
    for (const Account& account : snapshot->roster.accounts) {
      if (account.user_name == "ada") return std::string(account.id);
    }
    return "(nobody is called ada)";
  }

  twins::World world;
  twins::CrowdTwin twin;
  TwinClient client;
  FakeRuntime runtime;
  MemoryTraits traits;
  std::unique_ptr<CrowdDirectory> directory;

 private:
  static twins::CrowdOptions Options(const std::string& quirk) {
    twins::CrowdOptions options;
    for (absl::string_view part : absl::StrSplit(quirk, ' ', absl::SkipEmpty())) {
      EXPECT_TRUE(twins::ApplyCrowdQuirk(part, options).ok()) << part;
    }
    return options;
  }
  AuthClient login_;
  NoProgress progress_;
};

TEST(CrowdOnTwin, ADeactivatedAndReactivatedUserIsAsBefore) {
  for (const char* quirk : {"", "put_sets_attributes", "put_sets_password", "blank_omitted",
                            "active_string_rejected", "active_omitted_rejected"}) {
    OnTwin crowd(quirk);
    const std::string before = crowd.Ada();
    const std::string id = crowd.AdasId();
    WriteReply reply = crowd.directory->Deactivate(id, {});
    ASSERT_TRUE(reply.status.ok()) << quirk << ": " << reply.status;
    EXPECT_FALSE(crowd.ada().active) << quirk;
    EXPECT_EQ(crowd.Ada(), before) << quirk;
    reply = crowd.directory->Activate(id, {});
    ASSERT_TRUE(reply.status.ok()) << quirk << ": " << reply.status;
    EXPECT_TRUE(crowd.ada().active) << quirk;
    EXPECT_EQ(crowd.Ada(), before) << quirk;
  }
}

// Of everything that versions of Crowd are known or believed to do: read right or not at all, and
// written right, or refused with nothing changed, or said what is different.
TEST(CrowdOnTwin, NoOddityIsMistaken) {
  for (const twins::CrowdQuirkInfo& info : twins::AllCrowdQuirks()) {
    OnTwin crowd(info.name);
    const std::string before = crowd.Ada();
    const auto snapshot = crowd.directory->ReadAll(WantEveryGroup(), {});
    if (!snapshot.ok()) continue;
    ASSERT_EQ(snapshot->roster.accounts.size(), 2u) << info.name;
    EXPECT_EQ(snapshot->roster.memberships.size(), 2u) << info.name;
    const WriteReply reply = crowd.directory->Deactivate(crowd.AdasId(), {});
    if (reply.status.ok()) {
      EXPECT_FALSE(crowd.ada().active) << info.name;
      const bool told = !reply.note.empty() ||
                        info.quirk == twins::CrowdQuirk::kDeactivateDropsMemberships ||
                        info.quirk == twins::CrowdQuirk::kEmailLowered;
      EXPECT_TRUE(crowd.Ada() == before || told) << info.name << ": " << crowd.Ada();
    } else {
      EXPECT_TRUE(crowd.ada().active) << info.name << ": " << reply.status;
      EXPECT_EQ(crowd.Ada(), before) << info.name;
    }
  }
}

TEST(CrowdOnTwin, OnlyTheseOdditiesKeepASnapshotAway) {
  std::set<std::string> unread;
  for (const twins::CrowdQuirkInfo& info : twins::AllCrowdQuirks()) {
    OnTwin crowd(info.name);
    if (!crowd.directory->ReadAll(WantEveryGroup(), {}).ok()) unread.insert(info.name);
  }
  EXPECT_EQ(unread, (std::set<std::string>{"address_forbidden", "membership_truncated"}));
}

TEST(CrowdOnTwin, TheFirstAndTheLastNameThatCrowdFillsAreNamed) {
  OnTwin crowd;
  crowd.ada().first_name = "";
  crowd.ada().last_name = "";
  crowd.ada().display_name = "Ada Lovelace";
  const WriteReply reply = crowd.directory->Deactivate(crowd.AdasId(), {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(absl::StrContains(reply.note, "first-name, last-name")) << reply.note;
}

TEST(CrowdOnTwin, ARenameSinceThePlanIsSeenAndNotLost) {
  OnTwin crowd;
  const std::string id = crowd.AdasId();
  twins::CrowdUser renamed = crowd.ada();
  renamed.name = "ada.new";
  crowd.first().users.erase("ada");
  crowd.first().users["ada.new"] = renamed;
  const auto record = crowd.directory->ReadAccount(id, {});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->user_name, "ada.new");
  ASSERT_TRUE(crowd.directory->Deactivate(id, {}).status.ok());
  EXPECT_EQ(crowd.first().users["ada.new"].name, "ada.new");
  EXPECT_FALSE(crowd.first().users["ada.new"].active);
}

TEST(CrowdOnTwin, AWriteThatReachesAnotherDirectoryIsNotCalledSeen) {
  OnTwin crowd("update_first_writable");
  twins::CrowdDirectory second = crowd.first();
  second.id = 2;
  crowd.first().denied.insert(twins::CrowdOperation::kUpdateUser);
  crowd.application().directories.push_back(second);
  const WriteReply reply = crowd.directory->Deactivate(crowd.AdasId(), {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(absl::StrContains(reply.note, "does not show it yet")) << reply.note;
  EXPECT_EQ(crowd.directory->ReadAccount(crowd.AdasId(), {})->state, AccountState::kActive);
}

TEST(CrowdOnTwin, ARivalBetweenOurReadAndOurWriteIsToldWhereThereIsAFeed) {
  const struct {
    std::string quirks;
    std::string told;  // empty: nothing
  } cases[] = {{"", "may have been overwritten"},
               {"events_by_kind", "may have been overwritten"},
               {"events_whole", "display-name \"ada example (edited)\""},
               {"events_whole events_twice", "display-name \"ada example (edited)\""},
               {"events_whole events_by_kind swagger_shapes", "(edited)"},
               {"events_missing", ""},
               {"events_unavailable", ""},
               {"events_xml_only", ""},
               {"events_missing framework_errors_json", ""},
               {"event_limit=1", ""}};
  for (const auto& item : cases) {
    OnTwin crowd(item.quirks + " rival_edits=1");
    crowd.ada().display_name = "ada example";
    const std::string id = crowd.AdasId();
    WriteReply reply = crowd.directory->Deactivate(id, {});
    ASSERT_TRUE(reply.status.ok()) << item.quirks << ": " << reply.status;
    EXPECT_FALSE(crowd.ada().active) << item.quirks;
    EXPECT_EQ(crowd.ada().display_name, "ada example") << item.quirks;
    EXPECT_EQ(reply.note.empty(), item.told.empty()) << item.quirks << ": " << reply.note;
    EXPECT_TRUE(absl::StrContains(reply.note, item.told)) << item.quirks << ": " << reply.note;
    if (absl::StrContains(item.quirks, "events_twice")) continue;
    // Nobody comes in between any more.
    reply = crowd.directory->Activate(id, {});
    EXPECT_TRUE(reply.status.ok()) << item.quirks << ": " << reply.status;
    EXPECT_EQ(reply.note, "") << item.quirks;
  }
}

TEST(CrowdOnTwin, AnAliasIsRecognisedByItsKeyWhereEventsShowIt) {
  for (const bool whole : {false, true}) {
    OnTwin crowd(whole ? "rival_edits=1 events_whole" : "rival_edits=1");
    crowd.application().aliases["ada"] = "countess";
    crowd.ada().display_name = "ada example";
    const WriteReply reply = crowd.directory->Deactivate("1:x-ada", {});
    ASSERT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_EQ(absl::StrContains(reply.note, "(edited)"), whole) << reply.note;
  }
}

TEST(CrowdOnTwin, AReadOnlyDirectoryIsReadOnly) {
  for (const char* quirk : {"", "read_only_unsupported"}) {
    OnTwin crowd(quirk);
    crowd.first().denied = {twins::CrowdOperation::kUpdateUser,
                            twins::CrowdOperation::kUpdateGroup};
    const std::string id = crowd.AdasId();
    EXPECT_EQ(FindingOf(crowd.directory->Deactivate(id, {}).status), "read_only") << quirk;
    const WriteReply reply =
        crowd.directory->ChangeMembers(MembershipAction::kRemove, "staff", {id}, {});
    EXPECT_EQ(FindingOf(reply.status), "read_only") << quirk << reply.status;
  }
}

TEST(CrowdOnTwin, ThePasswordIsCheckedOnce) {
  OnTwin crowd;
  ASSERT_TRUE(crowd.directory->ReadAll(WantEveryGroup(), {}).ok());
  EXPECT_EQ(crowd.twin.password_checks(), 1);
}

TEST(CrowdOnTwin, TwentyThousandUsersCostTheirPagesAndAtMostTen) {
  OnTwin crowd;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = absl::StrCat("u", i);
    crowd.first().users[name] = twins::MakeCrowdUser(name, true);
  }
  const auto snapshot = crowd.directory->ReadAll(WantEveryGroup(), {});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 20'002u);
  EXPECT_LE(crowd.directory->requests_sent(), 21 + 1 + 10);
  EXPECT_EQ(crowd.client.Count("GET"), crowd.directory->requests_sent());
}

TEST(CrowdOnTwin, PagesWithACapOfTheServerAreReadWhole) {
  OnTwin crowd("page_cap=7", 10);
  for (int i = 0; i < 50; ++i) {
    const std::string name = absl::StrCat("u", i);
    crowd.first().users[name] = twins::MakeCrowdUser(name, true);
    crowd.first().groups["staff"].users.insert(name);
  }
  const auto snapshot = crowd.directory->ReadAll(WantEveryGroup(), {});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 52u);
  const auto group = crowd.directory->ReadGroup("staff", {});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->members.size(), 52u);
}

TEST(CrowdOnTwin, WhoIsInAGroupIsFoundWhateverTheListsDo) {
  for (const char* quirk : {"", "unknown_list_empty", "membership_pages_drop", "unstable_order",
                            "page_cap=1", "default_json", "new_user_fields", "swagger_shapes"}) {
    OnTwin crowd(quirk);
    crowd.first().users["carl"] = twins::MakeCrowdUser("carl", true);
    for (const bool planned : {false, true}) {
      if (planned) {
        ASSERT_TRUE(crowd.directory->ReadAll(WantEveryGroup(), {}).ok()) << quirk;
      }
      const auto several =
          crowd.directory->ReadMemberships({"staff", {"1:x-ada"}, {"1:x-bob", "1:x-carl"}}, {});
      ASSERT_TRUE(several.ok()) << quirk << ": " << several.status();
      EXPECT_EQ(several->members, (std::vector<std::string>{"1:x-ada", "1:x-bob"})) << quirk;
      for (const char* who : {"1:x-bob", "1:x-carl"}) {
        const auto one = crowd.directory->ReadMemberships({"staff", {}, {who}}, {});
        ASSERT_TRUE(one.ok()) << quirk << ": " << one.status();
        EXPECT_EQ(one->members.size(), who[4] == 'b' ? 1u : 0u) << quirk;
      }
    }
  }
}

TEST(CrowdOnTwin, NamesOfAllKindsGoThereAndBack) {
  for (const std::string name :
       {"a/b", "50%", "r&d", "c++", "o'hara", "say \"x\"", "grün", "漢字"}) {
    OnTwin crowd;
    crowd.first().users[name] = twins::MakeCrowdUser(name, true);
    crowd.first().groups[name].name = name;
    crowd.AdasId();
    const std::string id = absl::StrCat("1:x-", name);
    const std::vector<std::string> one = {id};
    WriteReply reply = crowd.directory->ChangeMembers(MembershipAction::kAdd, name, one, {});
    ASSERT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_EQ(crowd.first().groups[name].users, std::set<std::string>{name});
    const auto snapshot = crowd.directory->ReadAll(WantEveryGroup(), {});
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ(CrowdMembersOf(snapshot->roster, name), id);
    ASSERT_TRUE(crowd.directory->Deactivate(id, {}).status.ok());
    EXPECT_FALSE(crowd.first().users[name].active);
    reply = crowd.directory->ChangeMembers(MembershipAction::kRemove, name, one, {});
    ASSERT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_TRUE(crowd.first().groups[name].users.empty());
  }
}

TEST(CrowdOnTwin, LowerCaseOutputAndAliasesAreTheNamesThatCount) {
  OnTwin crowd;
  crowd.ada().name = "Ada";
  crowd.application().lower_case_output = true;
  crowd.application().aliases["bob"] = "robert";
  const auto snapshot = crowd.directory->ReadAll(WantEveryGroup(), {});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(CrowdMembersOf(snapshot->roster, "staff"), "1:x-ada, 1:x-bob");
  ASSERT_TRUE(crowd.directory->Activate("1:x-bob", {}).status.ok());
  EXPECT_TRUE(crowd.first().users["bob"].active);
}

}  // namespace
}  // namespace rollcall
