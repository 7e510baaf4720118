// What the tests of the store share: a state file in a folder of its own, a plan with every field
// filled, and OK checks that stop the test.
#ifndef TESTS_AGENT_STORE_STATE_FIXTURE_H_
#define TESTS_AGENT_STORE_STATE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/store/store.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

#define ASSERT_OK(expression)                     \
  do {                                            \
    const absl::Status status_of_ = (expression); \
    ASSERT_TRUE(status_of_.ok()) << status_of_;   \
  } while (false)

namespace rollcall {

class StateTest : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    store_.reset();
    auto opened = Store::Open(file_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  absl::Time now() { return runtime_.Now(); }

  static Change MakeChange(int number, const std::string& directory, Action action,
                           const std::string& account, const std::string& group = "") {
    Change change;
    change.id = absl::StrCat("c", number);
    change.directory = directory;
    change.action = action;
    change.account = account;
    change.person = "person of " + account;
    change.group = group;
    return change;
  }

  // A READY plan of these changes over the directories that they are in.
  Plan MakePlan(const std::string& id, std::vector<Change> changes) {
    Plan plan;
    plan.id = id;
    plan.state = PlanState::kReady;
    plan.create_time = now();
    plan.state_id = store_->state_id();
    std::set<std::string> directories;
    for (const Change& change : changes) directories.insert(change.directory);
    plan.directories.assign(directories.begin(), directories.end());
    plan.changes = std::move(changes);
    return plan;
  }

  // Saves the plan and starts its run; both called after `name`: "p-x", "r-x".
  std::unique_ptr<RunJournal> Begin(const std::string& name, std::vector<Change> changes,
                                    const std::vector<Waiver>& waivers = {}) {
    EXPECT_TRUE(store_->plans().Save(MakePlan("p-" + name, std::move(changes)), "{}").ok());
    EXPECT_TRUE(store_->runs().Start("r-" + name, "p-" + name, waivers, now()).ok());
    auto journal = store_->OpenJournal("r-" + name, runtime_);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return *std::move(journal);
  }

  static Outcome MakeOutcome(const std::string& change, OutcomeState state) {
    Outcome outcome;
    outcome.change = change;
    outcome.state = state;
    outcome.attempts = 1;
    return outcome;
  }

  // Applies every change and ends the run.
  void ApplyAll(const std::string& name, std::vector<Change> changes,
                const std::vector<Waiver>& waivers = {}) {
    JournalBatch batch;
    for (const Change& change : changes) {
      batch.outcomes.push_back(MakeOutcome(change.id, OutcomeState::kApplied));
    }
    ASSERT_OK(Begin(name, std::move(changes), waivers)->Commit(batch));
    ASSERT_OK(store_->runs().Finish("r-" + name, {RunState::kSucceeded, now(), 0, 0, ""}));
  }

  Memory Remembered(const std::string& source = "people.json") {
    auto memory = store_->memory().Load(now(), source);
    EXPECT_TRUE(memory.ok()) << memory.status();
    return *std::move(memory);
  }

  TempFolder folder_;
  const std::string file_ = folder_.File("rollcall.db");
  FakeRuntime runtime_;
  std::unique_ptr<Store> store_;
};

}  // namespace rollcall

#endif  // TESTS_AGENT_STORE_STATE_FIXTURE_H_
