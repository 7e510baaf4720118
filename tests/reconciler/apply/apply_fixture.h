// ApplyFixture: one fake directory (or several), a plan and an executor over fakes. In every test
// that applies, each change that the directory really makes must have had a durable intent.
#ifndef TESTS_RECONCILER_APPLY_APPLY_FIXTURE_H_
#define TESTS_RECONCILER_APPLY_APPLY_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "reconciler/apply/executor.h"
#include "reconciler/base/mutex.h"
#include "tests/support/fake_directory.h"
#include "tests/support/fake_journal.h"
#include "tests/support/fake_runtime.h"

namespace rollcall {

class ApplyFixture : public testing::Test {
 protected:
  ApplyFixture() { AddDirectory("scim"); }

  FakeDirectory& AddDirectory(const std::string& id) {
    auto& slot = directories_[id];
    slot = std::make_unique<FakeDirectory>(id, runtime_);
    DirectoryTraits traits;
    traits.concurrency = 2;
    slot->SetTraits(traits);
    slot->OnEffect([this, id](const FakeEffect& effect) { ExpectAnnounced(id, effect); });
    plan_.snapshot_times[id] = runtime_.Now();
    plan_.directories.push_back(id);
    plan_.id = "p1";
    return *slot;
  }
  FakeDirectory& scim() { return *directories_.at("scim"); }
  FakeDirectory& directory(const std::string& id) { return *directories_.at(id); }

  static AccountRecord Person(const std::string& name, AccountState state) {
    AccountRecord account;
    account.id = name;
    account.user_name = name;
    account.email = name + "@example.com";
    account.external_id = "x-" + name;
    account.state = state;
    return account;
  }
  void AddActive(const std::string& name) {
    scim().AddAccount(Person(name, AccountState::kActive));
  }
  void AddInactive(const std::string& name) {
    scim().AddAccount(Person(name, AccountState::kInactive));
  }

  // The new change's id. `group` is its id; its name is the id in capitals, see AddGroup.
  std::string Want(Action action, const std::string& account, const std::string& group = "",
                   const std::string& directory = "scim") {
    Change change;
    change.id = absl::StrCat("c", plan_.changes.size() + 1);
    change.directory = directory;
    change.action = action;
    change.person = "x-" + account;
    change.account = account;
    change.user_name = account;
    change.linked_email = account + "@example.com";
    change.linked_external_id = "x-" + account;
    change.group_id = group;
    change.group = group.empty() ? "" : "Name of " + group;
    plan_.changes.push_back(change);
    return change.id;
  }
  // Where the change goes if its directory refuses it and names SCIM as the owner (rule R5).
  void OrThrough(const std::string& change, const std::string& directory,
                 const std::string& account, const std::string& group = "") {
    for (Change& wanted : plan_.changes) {
      if (wanted.id != change) continue;
      wanted.reroute = Reroute{directory,     account,
                               account,       group.empty() ? "" : "Name of " + group,
                               group,         account + "@example.com",
                               "x-" + account};
    }
  }
  void AddGroup(const std::string& id, std::set<std::string> members) {
    scim().AddGroup(id, "Name of " + id, std::move(members));
  }

  RunResult Apply() { return ApplyWith(runtime_, RunRecord()); }
  RunResult Resume() { return ApplyWith(runtime_, journal_.Durable()); }
  RunResult ApplyWith(Runtime& runtime, const RunRecord& resumed) {
    Endpoints endpoints;
    for (auto& [id, directory] : directories_) {
      Endpoint& endpoint = endpoints[id];
      endpoint.reader = directory.get();
      endpoint.writer = directory.get();
      endpoint.traits = directory->Traits();
      endpoint.spec.id = id;
      endpoint.spec.kind = kinds_[id];
    }
    Executor executor(endpoints, journal_, runtime, progress_, options_);
    CallContext context;
    context.stop = &stop_;
    return executor.Execute(plan_, resumed, context);
  }

  void ExpectAnnounced(const std::string& directory, const FakeEffect& effect) {
    for (const Change& wanted : plan_.changes) {
      const bool other = wanted.reroute.has_value() && wanted.reroute->directory == directory;
      const Change change = other ? ThroughOwner(wanted) : wanted;
      if (change.directory == directory && change.action == effect.action &&
          change.account == effect.account && change.group_id == effect.group) {
        EXPECT_TRUE(journal_.IsAnnounced(change.id))
            << change.id << " took effect without a durable intent";
        return;
      }
    }
    ADD_FAILURE() << directory
                  << " made a change that is not in the plan: " << ActionName(effect.action) << " "
                  << effect.account << " " << effect.group;
  }

  AccountState StateOf(const std::string& account) {
    return scim().world().accounts.at(account).state;
  }
  std::set<std::string> MembersOf(const std::string& group) {
    return scim().world().groups.at(group).members;
  }
  static std::string Say(const RunResult& result, const std::string& change) {
    const auto found = result.outcomes.find(change);
    if (found == result.outcomes.end()) return "PENDING";
    return absl::StrCat(OutcomeStateName(found->second.state),
                        found->second.verified ? " verified" : "");
  }

  FakeRuntime runtime_;
  FakeJournal journal_;
  NoProgress progress_;
  StopFlag stop_;
  ExecutorOptions options_;
  Plan plan_;
  std::map<std::string, std::unique_ptr<FakeDirectory>> directories_;
  std::map<std::string, DirectoryKind> kinds_;  // kScim where nothing is said
};

}  // namespace rollcall

#endif  // TESTS_RECONCILER_APPLY_APPLY_FIXTURE_H_
