// ScimHarness: a world, a twin with quirks, and the directory under test on it. One thread.
#ifndef TESTS_CLIENTS_SCIM_SCIM_HARNESS_H_
#define TESTS_CLIENTS_SCIM_SCIM_HARNESS_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/scim/scim_directory.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/memory_traits.h"
#include "tests/support/twin_client.h"
#include "tests/twins/scim_twin.h"

namespace rollcall {

class WantAll final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return true; }
};

class WantNames final : public GroupFilter {
 public:
  explicit WantNames(std::set<std::string> names) : names_(std::move(names)) {}
  bool Wants(absl::string_view name) const override { return names_.count(std::string(name)) > 0; }

 private:
  std::set<std::string> names_;
};

class ScimHarness {
 public:
  // `quirks`: names, numbers (page_cap=20) and dialects (dialect:scimmy), separated by spaces.
  explicit ScimHarness(const std::string& quirks = "", PagingOptions paging = {},
                       std::string token = "twin-token")
      : twin_(&world_, "scim", Options(quirks),
              [] { return absl::FromUnixSeconds(1'700'000'000); }),
        client(twin_, std::move(token)),
        paging_(paging) {
    Restart();
  }

  // A new process: only the traits remain.
  void Restart() {
    ScimOptions options;
    options.id = "scim";
    options.base_url = "http://127.0.0.1/scim/v2";
    options.paging = paging_;
    directory = std::make_unique<ScimDirectory>(options, client, runtime, &traits, progress_);
  }

  twins::ScimDirectory& world() { return world_.scim["scim"]; }

  void AddUser(const std::string& id, bool active = true) {
    world().PutUser(twins::MakeScimUser(id, id + "@example.com", "p-" + id, active));
  }
  // u-0000, u-0001, …
  void AddUsers(int count) {
    for (int i = 0; i < count; ++i) AddUser(UserId(i));
  }
  static std::string UserId(int i) {
    const std::string digits = absl::StrCat(i);
    return absl::StrCat("u-", std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0'), digits);
  }
  void AddGroup(const std::string& id, const std::string& name, std::vector<std::string> members) {
    twins::ScimGroup group;
    group.id = id;
    group.display_name = name;
    group.members = std::move(members);
    world().PutGroup(std::move(group));
  }
  // As the server holds them, doubled ones kept; sorted.
  std::vector<std::string> Members(const std::string& group) {
    std::vector<std::string> members = world().FindGroup(group)->members;
    std::sort(members.begin(), members.end());
    return members;
  }
  bool Active(const std::string& user) { return world().FindUser(user)->Active(); }

  absl::StatusOr<Snapshot> ReadAll() { return directory->ReadAll(WantAll(), {}); }
  WriteReply Add(const std::string& group, std::vector<std::string> accounts) {
    return directory->ChangeMembers(MembershipAction::kAdd, group, accounts, {});
  }
  WriteReply Remove(const std::string& group, std::vector<std::string> accounts) {
    return directory->ChangeMembers(MembershipAction::kRemove, group, accounts, {});
  }

 private:
  static twins::ScimOptions Options(const std::string& quirks) {
    twins::ScimOptions options;
    for (absl::string_view name : absl::StrSplit(quirks, ' ', absl::SkipEmpty())) {
      absl::string_view dialect = name;
      const absl::Status status = absl::ConsumePrefix(&dialect, "dialect:")
                                      ? twins::ApplyDialect(dialect, options)
                                      : twins::ApplyQuirk(name, options);
      EXPECT_TRUE(status.ok()) << status;
    }
    return options;
  }

  twins::World world_;
  twins::ScimTwin twin_;
  NoProgress progress_;

 public:
  TwinClient client;
  FakeRuntime runtime;
  MemoryTraits traits;
  std::unique_ptr<ScimDirectory> directory;

 private:
  PagingOptions paging_;
};

// Of a roster, "group: member member", in order.
inline std::vector<std::string> MembersOf(const Roster& roster, absl::string_view group_id) {
  std::vector<std::string> members;
  const GroupIndex group = roster.FindGroup(group_id);
  if (group == kNoGroup) return members;
  for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
    members.emplace_back(roster.accounts[row->account].id);
  }
  return members;
}

inline bool HasNote(const std::vector<std::string>& notes, absl::string_view part) {
  for (const std::string& note : notes) {
    if (note.find(std::string(part)) != std::string::npos) return true;
  }
  return false;
}

}  // namespace rollcall

#endif  // TESTS_CLIENTS_SCIM_SCIM_HARNESS_H_
