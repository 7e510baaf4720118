#include "agent/daemon/person_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/daemon/reasons.h"
#include "agent/runs/refusal.h"
#include "tests/support/lockstep_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

// Starts nothing until it is told to, or until somebody waits for it.
class LazyRuntime final : public Runtime {
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
    waiting_.push_back(std::make_shared<std::function<void()>>(std::move(task)));
    return std::make_unique<Lazy>(waiting_.back());
  }
  void StartAll() {
    for (const auto& task : std::exchange(waiting_, {})) Do(*task);
  }

 private:
  using Task = std::shared_ptr<std::function<void()>>;
  static void Do(std::function<void()>& task) {
    if (task) std::exchange(task, nullptr)();
  }
  class Lazy final : public Background {
   public:
    explicit Lazy(Task task) : task_(std::move(task)) {}
    ~Lazy() override { Do(*task_); }

   private:
    const Task task_;
  };

  LockstepRuntime runtime_{absl::FromUnixSeconds(1'767'225'600)};
  std::vector<Task> waiting_;
};

class Ear final : public PersonDesk::Listener {
 public:
  void Note(absl::string_view sentence) override { notes.emplace_back(sentence); }
  void Warn(absl::string_view sentence) override { notes.emplace_back(sentence); }
  void Ended(absl::StatusOr<PersonReport> report) override {
    ++ends;
    status = report.status();
  }

  std::vector<std::string> notes;
  int ends = 0;
  absl::Status status;
};

// No directory, and an export that is not there.
class BareWiring final : public Wiring {
 public:
  std::map<std::string, DirectoryReader*> readers() const override { return {}; }
  Endpoints endpoints() const override { return {}; }
  ThrottlingByDirectory throttling() const override { return {}; }
};

class PersonDeskTest : public ::testing::Test {
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
        [](const LoadedConfig&) -> absl::StatusOr<std::unique_ptr<Wiring>> {
          return std::make_unique<BareWiring>();
        });
    runs_ = std::make_unique<RunDesk>(*office_);
    desk_ = std::make_unique<PersonDesk>(*office_, *runs_);
  }

  static PersonOrder Back(const std::string& person) {
    PersonOrder order;
    order.kind = Hold::Kind::kActivated;
    order.person = person;
    order.reason = "a mistake";
    order.until = absl::FromUnixSeconds(1'800'000'000);
    return order;
  }
  absl::Status Begin(const std::string& person) {
    ears_.push_back(std::make_shared<Ear>());
    return desk_->Begin(Back(person), {"ops", "operator"}, ears_.back());
  }

  TempFolder folder_;
  LazyRuntime runtime_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<RunDesk> runs_;
  std::vector<std::shared_ptr<Ear>> ears_;
  std::unique_ptr<PersonDesk> desk_;
};

TEST_F(PersonDeskTest, SeesToSoManyAtOnceAndNoMore) {
  for (size_t i = 0; i < PersonDesk::kMostAtOnce; ++i) {
    EXPECT_TRUE(Begin(absl::StrCat("p", i, "@example.com")).ok()) << i;
  }
  EXPECT_FALSE(desk_->idle());
  EXPECT_EQ(ReasonOf(Begin("one.more@example.com")), v1::LIMIT_EXCEEDED);
  runtime_.StartAll();
  EXPECT_TRUE(desk_->idle());
  EXPECT_TRUE(Begin("one.more@example.com").ok());
}

TEST_F(PersonDeskTest, WhoeverListensHearsOfTheHoldAndThenOfTheEndOnce) {
  ASSERT_TRUE(Begin("ada@example.com").ok());
  EXPECT_TRUE(store_->holds().List()->empty());
  runtime_.StartAll();
  const Ear& ear = *ears_.front();
  ASSERT_EQ(ear.notes.size(), 1u);
  EXPECT_THAT(ear.notes[0], HasSubstr("Recorded hold 1: ada@example.com stays in until"));
  EXPECT_EQ(ear.ends, 1);
  EXPECT_EQ(ExitCodeOf(ear.status), ExitCode::kUnreadable) << ear.status;
  EXPECT_EQ(ReasonOf(ear.status), v1::UNREADABLE);
  EXPECT_EQ(store_->holds().List()->size(), 1u);
}

TEST_F(PersonDeskTest, ThatIsClosedBeginsNothing) {
  ASSERT_TRUE(Begin("ada@example.com").ok());
  desk_->Close();
  EXPECT_EQ(ReasonOf(Begin("bob@example.com")), v1::SHUTTING_DOWN);
  desk_.reset();  // what was begun has ended then
  EXPECT_EQ(ears_.front()->ends, 1);
  EXPECT_EQ(ears_.back()->ends, 0);
}

TEST_F(PersonDeskTest, AnOrderThatCannotBeMeantRecordsNothing) {
  PersonOrder endless = Back("ada@example.com");
  endless.until.reset();
  PersonOrder over = Back("ada@example.com");
  over.until = runtime_.Now();
  PersonOrder blind = Back("ada@example.com");
  blind.without_export = true;
  PersonOrder mute = Back("ada@example.com");
  mute.reason = " ";
  for (const PersonOrder& order : {endless, over, blind, mute, Back("")}) {
    const auto ear = std::make_shared<Ear>();
    ASSERT_TRUE(desk_->Begin(order, {}, ear).ok());
    runtime_.StartAll();
    EXPECT_EQ(ExitCodeOf(ear->status), ExitCode::kUsage) << ear->status;
  }
  EXPECT_TRUE(store_->holds().List()->empty());
}

}  // namespace
}  // namespace rollcall
