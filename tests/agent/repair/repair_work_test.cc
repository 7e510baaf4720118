#include "agent/repair/repair_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/runs/refusal.h"
#include "tests/support/company.h"
#include "tests/support/fake_directory.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Links as a set, with a write that does what the test says.
class FakeLinkDesk final : public ScimLinkDesk {
 public:
  explicit FakeLinkDesk(FakeDirectory& organisation) : organisation_(organisation) {}

  absl::StatusOr<std::vector<ScimLink>> OfAccount(const std::string& account,
                                                  const CallContext& context) override {
    if (context.stopped()) return absl::CancelledError("stopped");
    ++reads;
    if (on_read) on_read(reads);
    if (!read_status.ok()) return read_status;
    if (!organisation_.world().accounts.contains(account)) return absl::NotFoundError("no account");
    std::vector<ScimLink> found;
    for (const ScimLink& link : links) {
      if (link.account == account) found.push_back(link);
    }
    return found;
  }
  absl::StatusOr<std::vector<ScimLink>> OfEmail(const std::string& email,
                                                const CallContext&) override {
    std::vector<ScimLink> found;
    for (const ScimLink& link : links) {
      if (emails[link.record] == email) found.push_back(link);
    }
    return found;
  }
  WriteReply Unlink(const ScimLink& link, const CallContext&) override {
    ++writes;
    if (before_write) before_write();
    if (has_effect) {
      links.erase(link);
      links.insert({link.directory, link.record, ""});
    }
    return reply;
  }
  WriteReply DeleteRecords(const std::string& account, const CallContext&) override {
    ++writes;
    if (before_write) before_write();
    if (has_effect) {
      std::erase_if(links, [&](const ScimLink& link) { return link.account == account; });
    }
    return reply;
  }

  std::set<ScimLink> links;
  std::map<std::string, std::string> emails;  // of records
  bool has_effect = true;
  WriteReply reply = {absl::OkStatus(), 204, 1};
  absl::Status read_status;
  std::function<void(int read)> on_read;
  std::function<void()> before_write;
  int reads = 0;
  int writes = 0;

 private:
  FakeDirectory& organisation_;
};

class RepairWorkTest : public ::testing::Test {
 protected:
  RepairWorkTest() : cloud_("cloud", runtime_), scim_("cloud-scim", runtime_), desk_(cloud_) {
    company_.Directory("cloud", DirectoryKind::kAtlassianAdmin);
    company_.Directory("cloud-scim").spec().provisions = "cloud";
    AccountRecord account;
    account.id = "aa-1";
    account.email = "ada@example.com";
    cloud_.AddAccount(account);
    AccountRecord record = account;
    record.id = "u-1";
    record.user_name = "ada";
    record.linked_account = "aa-1";
    scim_.AddAccount(record);
    scim_.AddGroup("g-1", "Engineers", {"u-1"});
    desk_.links = {{"9f", "u-1", "aa-1"}};
    desk_.emails["u-1"] = "ada@example.com";
    auto store = Store::Open(folder_.File("state.db"));
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // What a command works with; made anew for each.
  RepairWork& Work(std::map<std::string, std::string> scim_ids = {}) {
    input_ = std::make_unique<PlanInput>(company_.Input());
    const std::map<std::string, DirectoryReader*> readers = {{"cloud", &cloud_},
                                                             {"cloud-scim", &scim_}};
    planning_ = std::make_unique<Planning>(PlanningPorts{.spec = input_->spec,
                                                         .store = *store_,
                                                         .runtime = runtime_,
                                                         .readers = readers,
                                                         .export_source = "people.json"});
    work_ = std::make_unique<RepairWork>(
        RepairPorts{.spec = input_->spec,
                    .store = *store_,
                    .runtime = runtime_,
                    .planning = *planning_,
                    .links = desk_,
                    .organisation = "cloud",
                    .readers = readers,
                    .scim_ids = std::move(scim_ids),
                    .read_export = [] { return absl::StatusOr<Export>(Export()); }});
    return *work_;
  }
  RepairView ToUnlink() {
    const auto view = Work().LookToUnlink("aa-1", {"9f", "u-1", ""}, {});
    EXPECT_TRUE(view.ok()) << view.status();
    return view.ok() ? *view : RepairView();
  }
  RepairStep UnlinkStepNow() {
    RepairView view = ToUnlink();
    EXPECT_EQ(view.steps.size(), 1u);
    return view.steps.empty() ? RepairStep() : view.steps[0];
  }
  std::vector<RepairRecord> History() { return *store_->repairs().List(); }

  TempFolder folder_;
  FakeRuntime runtime_;
  Company company_;
  FakeDirectory cloud_;
  FakeDirectory scim_;
  FakeLinkDesk desk_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<PlanInput> input_;
  std::unique_ptr<Planning> planning_;
  std::unique_ptr<RepairWork> work_;
};

TEST_F(RepairWorkTest, WhatIsToBeSentIsInTheStateBeforeItIsSent) {
  RepairStep step = UnlinkStepNow();
  std::vector<RepairRecord> at_the_write;
  desk_.before_write = [&] { at_the_write = History(); };
  ASSERT_TRUE(work_->Do(step, "ticket 17", {}).ok());
  ASSERT_THAT(at_the_write, SizeIs(1));
  EXPECT_EQ(at_the_write[0].outcome, RepairOutcome::kOpen);
  EXPECT_EQ(at_the_write[0].reason, "ticket 17");
  EXPECT_EQ(at_the_write[0].account, "aa-1");
  EXPECT_EQ(at_the_write[0].scim_directory, "9f");
  EXPECT_EQ(at_the_write[0].record, "u-1");
  EXPECT_EQ(History()[0].outcome, RepairOutcome::kDone);
  EXPECT_EQ(step.outcome, RepairOutcome::kDone);
}

TEST_F(RepairWorkTest, LookingWritesNothing) {
  ToUnlink();
  ASSERT_TRUE(Work().LookToDelete("aa-1", {}).ok());
  ASSERT_TRUE(Work().LookAtEmailChange("ada@example.com", "ada2@example.com", {}).ok());
  ASSERT_TRUE(Work().List("aa-1", {}).ok());
  EXPECT_EQ(desk_.writes + cloud_.writes() + scim_.writes(), 0);
  EXPECT_THAT(History(), IsEmpty());
}

TEST_F(RepairWorkTest, AnEffectThatShowsLateIsWaitedFor) {
  RepairStep step = UnlinkStepNow();
  desk_.has_effect = false;
  const int before = desk_.reads;
  desk_.on_read = [&](int read) {
    if (read == before + 4) desk_.links = {{"9f", "u-1", ""}};  // one look, then the third read
  };
  ASSERT_TRUE(work_->Do(step, "r", {}).ok());
  EXPECT_EQ(step.outcome, RepairOutcome::kDone);
  EXPECT_EQ(runtime_.slept(), absl::Seconds(3));
}

TEST_F(RepairWorkTest, ASuccessThatDidNothingIsNotSeenAndNotSentAgain) {
  RepairStep step = UnlinkStepNow();
  desk_.has_effect = false;
  ASSERT_TRUE(work_->Do(step, "r", {}).ok());
  EXPECT_EQ(step.outcome, RepairOutcome::kNotSeen);
  EXPECT_THAT(step.message, HasSubstr("204"));
  EXPECT_EQ(desk_.writes, 1);
  EXPECT_EQ(History()[0].outcome, RepairOutcome::kNotSeen);
}

TEST_F(RepairWorkTest, ALostReplyAndANotFoundAreJudgedByWhatIsRead) {
  for (const absl::Status& said : {absl::UnknownError("lost"), absl::NotFoundError("404")}) {
    for (const bool has_effect : {true, false}) {
      desk_.links = {{"9f", "u-1", "aa-1"}};
      desk_.writes = 0;
      desk_.has_effect = has_effect;
      desk_.reply = {said, 0, 1};
      // By what the account's links say now, whatever the history says of before.
      RepairStep step = UnlinkStepNow();
      ASSERT_TRUE(work_->Do(step, "r", {}).ok()) << said;
      EXPECT_EQ(step.outcome, has_effect ? RepairOutcome::kDone : RepairOutcome::kNotSeen) << said;
      EXPECT_EQ(desk_.writes, 1);
    }
  }
}

TEST_F(RepairWorkTest, ARefusalKeepsTheServersWordsAndIsAFailure) {
  RepairStep step = UnlinkStepNow();
  desk_.has_effect = false;
  desk_.reply = {absl::PermissionDeniedError("403; make a key without scopes"), 403, 1};
  const absl::Status status = work_->Do(step, "r", {});
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kFailure);
  EXPECT_THAT(std::string(status.message()), HasSubstr("make a key without scopes"));
  EXPECT_EQ(step.outcome, RepairOutcome::kRefused);
  EXPECT_EQ(History()[0].outcome, RepairOutcome::kRefused);
  EXPECT_EQ(runtime_.slept(), absl::ZeroDuration());
}

TEST_F(RepairWorkTest, WhatCannotBeReadBackStaysOpenUntilItIsSettled) {
  RepairStep step = UnlinkStepNow();
  desk_.before_write = [&] { desk_.read_status = absl::UnavailableError("down"); };
  EXPECT_EQ(ExitCodeOf(work_->Do(step, "r", {})), ExitCode::kUnreadable);
  EXPECT_EQ(step.outcome, RepairOutcome::kOpen);
  EXPECT_FALSE(History()[0].ended.has_value());
  EXPECT_FALSE(work_->SettleInterrupted({}).ok());
  EXPECT_FALSE(History()[0].ended.has_value());
  desk_.read_status = absl::OkStatus();
  ASSERT_TRUE(work_->SettleInterrupted({}).ok());
  EXPECT_EQ(History()[0].outcome, RepairOutcome::kDone);
  const int reads = desk_.reads;
  ASSERT_TRUE(work_->SettleInterrupted({}).ok());
  EXPECT_EQ(desk_.reads, reads) << "nothing is open";
  EXPECT_EQ(desk_.writes, 1);
}

TEST_F(RepairWorkTest, AnInterruptedRepairOfAnAccountThatIsGoneStopsNoFurtherOne) {
  RepairStep step = UnlinkStepNow();
  desk_.before_write = [&] { desk_.read_status = absl::UnavailableError("down"); };
  EXPECT_FALSE(work_->Do(step, "r", {}).ok());
  desk_.read_status = absl::OkStatus();
  cloud_.RemoveAccount("aa-1");
  ASSERT_TRUE(work_->SettleInterrupted({}).ok());
  EXPECT_EQ(History()[0].outcome, RepairOutcome::kNotSeen);
  EXPECT_THAT(History()[0].message, HasSubstr("no longer shows the account"));
}

TEST_F(RepairWorkTest, ADeletionIsNotSeenWhileTheDirectoryStillHasTheRecord) {
  const auto view = Work().LookToDelete("aa-1", {});
  ASSERT_TRUE(view.ok()) << view.status();
  RepairStep left = view->steps.at(0);
  ASSERT_TRUE(work_->Do(left, "r", {}).ok());
  EXPECT_EQ(left.outcome, RepairOutcome::kNotSeen) << "its links are gone, and it is not";
  desk_.links = {{"9f", "u-1", "aa-1"}};
  desk_.before_write = [&] { scim_.RemoveAccount("u-1"); };
  RepairStep gone = view->steps.at(0);
  ASSERT_TRUE(work_->Do(gone, "r", {}).ok());
  EXPECT_EQ(gone.outcome, RepairOutcome::kDone);
  EXPECT_THAT(gone.message, Not(HasSubstr("look at it")));
}

TEST_F(RepairWorkTest, AnAccountThatWasSwitchedOffByARepairIsTold) {
  RepairStep step = UnlinkStepNow();
  desk_.before_write = [&] { (void)cloud_.Deactivate("aa-1", {}); };
  ASSERT_TRUE(work_->Do(step, "r", {}).ok());
  EXPECT_EQ(step.outcome, RepairOutcome::kDone);
  EXPECT_THAT(step.message, HasSubstr("was active and is inactive now"));
}

TEST_F(RepairWorkTest, StoppedBeforeItIsSentNothingIsDoneAndThatIsSaid) {
  RepairStep step = UnlinkStepNow();
  desk_.has_effect = false;
  desk_.reply = {absl::CancelledError("stopped"), 0, 0};
  EXPECT_EQ(ExitCodeOf(work_->Do(step, "r", {})), ExitCode::kPartial);
  EXPECT_EQ(History()[0].outcome, RepairOutcome::kRefused);
}

TEST_F(RepairWorkTest, AnAddressWhoseRecordNamesAnAccountThatNobodyShowsIsListedAllTheSame) {
  desk_.links.insert({"77", "w-1", "aa-9"});
  desk_.emails["w-1"] = "ada@example.com";
  const auto view = Work().List("ada@example.com", {});
  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_THAT(view->records, SizeIs(2));
  EXPECT_THAT(view->accounts, SizeIs(1));
  EXPECT_THAT(view->notes, ElementsAre(HasSubstr("aa-9")));
  EXPECT_EQ(ExitCodeOf(Work().List("aa-9", {}).status()), ExitCode::kFailure);
}

TEST_F(RepairWorkTest, WhatWasDoneByOthersMeanwhileIsNotDoneAgain) {
  RepairStep step = UnlinkStepNow();
  desk_.links = {{"9f", "u-1", ""}};
  ASSERT_TRUE(work_->Do(step, "r", {}).ok());
  EXPECT_EQ(step.outcome, RepairOutcome::kDone);
  EXPECT_EQ(desk_.writes, 0);
  EXPECT_THAT(History(), IsEmpty());
}

TEST_F(RepairWorkTest, ARecordThatNobodyWasShownIsNotDeleted) {
  const auto view = Work().LookToDelete("aa-1", {});
  ASSERT_TRUE(view.ok()) << view.status();
  RepairStep step = view->steps.at(0);
  desk_.links.insert({"77", "w-1", "aa-1"});
  const absl::Status status = work_->Do(step, "r", {});
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kStale);
  EXPECT_EQ(desk_.writes, 0);
  EXPECT_THAT(desk_.links, SizeIs(2));
}

TEST_F(RepairWorkTest, NoRunWorksThereWhileAStepIsDone) {
  RepairStep step = UnlinkStepNow();
  std::vector<bool> free;
  desk_.before_write = [&] {
    for (const char* directory : {"cloud", "cloud-scim", "elsewhere"}) {
      free.push_back(RunLock::Acquire(store_->file(), "r-1", {directory}).ok());
    }
  };
  ASSERT_TRUE(work_->Do(step, "r", {}).ok());
  EXPECT_THAT(free, ElementsAre(false, false, true));
  EXPECT_TRUE(RunLock::Acquire(store_->file(), "r-1", {"cloud", "cloud-scim"}).ok());
}

TEST_F(RepairWorkTest, ADirectoryThatIsUnreadableStopsOnlyWhatDependsOnIt) {
  company_.Directory("crowd", DirectoryKind::kCrowd);
  FakeDirectory crowd("crowd", runtime_);
  crowd.RefuseAllFrom(1, absl::StatusCode::kUnavailable);
  const auto look = [&] {
    input_ = std::make_unique<PlanInput>(company_.Input());
    Planning planning({.spec = input_->spec,
                       .store = *store_,
                       .runtime = runtime_,
                       .readers = {{"cloud", &cloud_}, {"cloud-scim", &scim_}, {"crowd", &crowd}},
                       .export_source = "people.json"});
    RepairWork work({.spec = input_->spec,
                     .store = *store_,
                     .runtime = runtime_,
                     .planning = planning,
                     .links = desk_,
                     .organisation = "cloud",
                     .readers = {{"cloud", &cloud_}, {"cloud-scim", &scim_}, {"crowd", &crowd}},
                     .scim_ids = {},
                     .read_export = [] { return absl::StatusOr<Export>(Export()); }});
    return ExitCodeOf(work.LookToUnlink("aa-1", {"9f", "u-1", ""}, {}).status());
  };
  EXPECT_EQ(look(), ExitCode::kInStep) << "nobody is protected: nothing of it matters";
  company_.spec().guards.protected_entries = {"members:admins"};
  EXPECT_EQ(look(), ExitCode::kUnreadable) << "who the members are is not known";
}

TEST_F(RepairWorkTest, ADirectoryIsKnownByItsAddressElseByTheRecordThatNamesTheAccount) {
  const auto found = [&](std::map<std::string, std::string> ids) {
    const auto view = Work(std::move(ids)).List("aa-1", {});
    EXPECT_TRUE(view.ok()) << view.status();
    return view.ok() ? view->records.at(0).directory : "?";
  };
  EXPECT_EQ(found({}), "cloud-scim");
  EXPECT_EQ(found({{"cloud-scim", "9f"}}), "cloud-scim");
  EXPECT_EQ(found({{"cloud-scim", "another"}}), "cloud-scim") << "its record names the account";
  AccountRecord other;
  other.id = "u-1";
  other.linked_account = "aa-2";
  scim_.RemoveAccount("u-1");
  scim_.AddAccount(other);
  EXPECT_EQ(found({}), "") << "another directory's record of the same id";
  scim_.RemoveAccount("u-1");
  EXPECT_EQ(found({}), "");
  EXPECT_EQ(found({{"cloud-scim", "9f"}}), "cloud-scim") << "which does not hold it any more";
}

TEST_F(RepairWorkTest, ADeletionNamesTheGroupsOfTheRecordAlsoThoseThatNobodyManages) {
  const auto view = Work().LookToDelete("aa-1", {});
  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_THAT(view->steps.at(0).losses,
              ElementsAre("memberships of record 9f/u-1 in cloud-scim: Engineers"));
}

TEST_F(RepairWorkTest, StoppedWhileItWaitsItSaysThatItIsOpen) {
  RepairStep step = UnlinkStepNow();
  desk_.has_effect = false;
  StopFlag stop;
  CallContext context;
  context.stop = &stop;
  runtime_.StopAt(runtime_.Now() + absl::Seconds(2), &stop);
  const absl::Status status = work_->Do(step, "r", context);
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kPartial) << status;
  EXPECT_FALSE(History()[0].ended.has_value());
}

}  // namespace
}  // namespace rollcall
