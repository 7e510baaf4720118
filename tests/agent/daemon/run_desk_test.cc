#include "agent/daemon/run_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/plan/planner.h"
#include "tests/support/fake_directory.h"
#include "tests/support/lockstep_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

constexpr char kCorp[] = "corp";

// Keeps every task for good, as the thread of a task may for a moment after the task has said that
// it is done; counts those who were waited for.
class KeepingRuntime final : public Runtime {
 public:
  absl::Time Now() override { return runtime_.Now(); }
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override {
    return runtime_.SleepUntil(when, context);
  }
  uint64_t Random() override { return runtime_.Random(); }
  void RunAll(std::vector<std::function<void()>> tasks) override {
    runtime_.RunAll(std::move(tasks));
  }
  std::unique_ptr<Background> Start(std::function<void()> task) override {
    tasks_.push_back(task);
    return std::make_unique<Counted>(runtime_.Start(std::move(task)), waited_for_);
  }
  void IdleUntil(absl::Time when, const std::function<bool()>& woken) override {
    runtime_.IdleUntil(when, woken);
  }

  int waited_for() const { return waited_for_; }

 private:
  class Counted final : public Background {
   public:
    Counted(std::unique_ptr<Background> worker, int& waited_for)
        : worker_(std::move(worker)), waited_for_(waited_for) {}
    ~Counted() override {
      worker_.reset();
      ++waited_for_;
    }

   private:
    std::unique_ptr<Background> worker_;
    int& waited_for_;
  };

  LockstepRuntime runtime_{absl::FromUnixSeconds(1'767'225'600)};
  int waited_for_ = 0;
  std::vector<std::function<void()>> tasks_;
};

class CorpWiring final : public Wiring {
 public:
  CorpWiring(const Spec& spec, FakeDirectory& corp) : spec_(spec), corp_(corp) {}
  std::map<std::string, DirectoryReader*> readers() const override { return {{kCorp, &corp_}}; }
  Endpoints endpoints() const override {
    return {{kCorp, {&corp_, &corp_, corp_.Traits(), spec_.directories[0]}}};
  }
  ThrottlingByDirectory throttling() const override { return {}; }

 private:
  const Spec& spec_;
  FakeDirectory& corp_;
};

class RunDeskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::Open(folder_.File("rollcall.db"));
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    auto config = ParseConfig(
        "export: {people: nowhere.json}\n"
        "directories: [{id: corp, people: all, scim: {url: \"http://127.0.0.1:1/v2\", "
        "token: {env: NONE}}}]\n",
        folder_.File("rollcall.yaml"));
    ASSERT_TRUE(config.ok()) << config.status();
    office_ = std::make_unique<Office>(
        std::make_shared<const LoadedConfig>(*std::move(config)), *store_, runtime_,
        [this](const LoadedConfig& config) -> absl::StatusOr<std::unique_ptr<Wiring>> {
          return std::make_unique<CorpWiring>(config.spec, corp_);
        });
  }

  // A plan that deactivates this account.
  ApplyOrder PlanToDeactivate(const std::string& account) {
    AccountRecord record;
    record.id = account;
    record.user_name = record.email = account + "@example.com";
    corp_.AddAccount(record);
    Plan plan;
    plan.id = "p-" + account;
    plan.state = PlanState::kReady;
    plan.create_time = runtime_.Now();
    plan.config_hash = office_->config()->spec.config_hash;
    plan.state_id = store_->state_id();
    plan.directories = {kCorp};
    Change& change = plan.changes.emplace_back();
    change.id = "c-" + account;
    change.directory = kCorp;
    change.action = Action::kDeactivate;
    change.account = account;
    change.user_name = change.linked_email = record.email;
    plan.counts.Add(change.action);
    plan.etag = HashPlan(plan);
    EXPECT_TRUE(store_->plans().Save(plan, "{}").ok());
    ApplyOrder order;
    order.plan = plan.id;
    order.etag = plan.etag;
    order.requester = {"ops", "operator"};
    return order;
  }

  RunState Applied(RunDesk& desk, const ApplyOrder& order) {
    const auto run = desk.Begin(order);
    EXPECT_TRUE(run.ok()) << run.status();
    if (!run.ok()) return RunState::kFailed;
    runtime_.IdleUntil(absl::InfiniteFuture(), [&desk] { return desk.idle(); });
    return store_->runs().Load(*run)->state;
  }

  TempFolder folder_;
  KeepingRuntime runtime_;
  FakeDirectory corp_{kCorp, runtime_};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Office> office_;
};

// Its task holds the same job as the desk: the worker would end up waiting for itself.
TEST_F(RunDeskTest, WorkerOfARunThatHasEndedIsWaitedForByTheDeskAndNotByItself) {
  RunDesk desk(*office_);
  EXPECT_EQ(Applied(desk, PlanToDeactivate("ann")), RunState::kSucceeded);
  EXPECT_EQ(runtime_.waited_for(), 0);
  EXPECT_EQ(Applied(desk, PlanToDeactivate("bob")), RunState::kSucceeded);
  EXPECT_EQ(runtime_.waited_for(), 1);
}

}  // namespace
}  // namespace rollcall
