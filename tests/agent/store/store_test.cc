#include "agent/store/store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "agent/store/migrate.h"
#include "agent/store/schema.h"
#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

mode_t ModeOf(const std::string& file) {
  struct stat found{};
  return stat(file.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

class StoreTest : public StateTest {};

TEST_F(StoreTest, FileAndItsCompanionsAreReadableByTheOwnerOnlyWhateverTheUmask) {
  const mode_t before = umask(0);
  store_.reset();
  const std::string file = folder_.File("open.db");
  auto opened = Store::Open(file);
  umask(before);
  ASSERT_TRUE(opened.ok()) << opened.status();
  ASSERT_TRUE((*opened)->holds().Add({0, "p", "", Hold::Kind::kDeactivated, "x", now(), {}}).ok());
  EXPECT_EQ(ModeOf(file), 0600);
  EXPECT_EQ(ModeOf(file + "-wal"), 0600);
  EXPECT_EQ(ModeOf(file + "-shm"), 0600);
  EXPECT_THAT(StateFileWarnings(file), IsEmpty());
}

TEST_F(StoreTest, FileThatOthersMayReadIsWarnedAbout) {
  for (const mode_t mode : {0640, 0604, 0620}) {
    ASSERT_EQ(chmod(file_.c_str(), mode), 0);
    ASSERT_THAT(StateFileWarnings(file_), SizeIs(1));
    EXPECT_THAT(StateFileWarnings(file_)[0], HasSubstr("chmod 600"));
    EXPECT_EQ(ModeOf(file_), mode) << "who asks changes nothing";
  }
  EXPECT_THAT(StateFileWarnings(folder_.File("not-there.db")), IsEmpty());
}

TEST_F(StoreTest, FileThatOthersMayReadIsOursAloneOnceItIsOpened) {
  ASSERT_EQ(chmod(file_.c_str(), 0666), 0);
  ASSERT_EQ(chmod((file_ + "-wal").c_str(), 0644), 0);
  Reopen();
  EXPECT_EQ(ModeOf(file_), 0600);
  ASSERT_TRUE(store_->holds().Add({0, "p", "", Hold::Kind::kDeactivated, "x", now(), {}}).ok());
  EXPECT_EQ(ModeOf(file_ + "-wal"), 0600);
  EXPECT_THAT(StateFileWarnings(file_), IsEmpty());
}

TEST_F(StoreTest, FileThatIsNoStateFileKeepsItsMode) {
  const std::string notes = folder_.File("notes.txt");
  std::ofstream(notes)
      << "somebody's notes, which others are to read, named under `state` by mistake";
  ASSERT_EQ(chmod(notes.c_str(), 0644), 0);
  EXPECT_FALSE(Store::Open(notes).ok());
  EXPECT_EQ(ModeOf(notes), 0644);
}

TEST_F(StoreTest, StateIdIsRandomAndStaysWithTheFile) {
  const std::string id = store_->state_id();
  EXPECT_EQ(id.size(), 32u);
  Reopen();
  EXPECT_EQ(store_->state_id(), id);
  auto other = Store::Open(folder_.File("other.db"));
  ASSERT_TRUE(other.ok());
  EXPECT_NE((*other)->state_id(), id);
}

TEST_F(StoreTest, TwoNamesOfOneFileAreOneState) {
  ASSERT_EQ(symlink(file_.c_str(), folder_.File("link.db").c_str()), 0);
  auto linked = Store::Open(folder_.File("link.db"));
  ASSERT_TRUE(linked.ok()) << linked.status();
  EXPECT_EQ((*linked)->file(), store_->file());
}

TEST_F(StoreTest, TwoHandlesSeeEachOthersWrites) {
  auto second = Store::Open(file_);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_OK((*second)->plans().Save(MakePlan("p-1", {}), "{}"));
  EXPECT_TRUE(store_->plans().Load("p-1").ok());
}

TEST_F(StoreTest, FileThatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string file = folder_.File("notes.txt");
  const std::string text(5000, 'x');
  std::ofstream(file) << text;
  auto opened = Store::Open(file);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("is not a state file"));
  std::ifstream again(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(again), {}), text);
}

TEST_F(StoreTest, DatabaseOfAnotherProgramIsRefused) {
  const std::string file = folder_.File("other.db");
  {
    auto other = Database::Open(file);
    ASSERT_TRUE(other.ok());
    ASSERT_OK((*other)->Script("CREATE TABLE theirs (x)"));
  }
  auto opened = Store::Open(file);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("another program"));
}

TEST_F(StoreTest, DamagedFileIsSaidToBeDamaged) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-1", {}), std::string(100000, 'x')));
  store_.reset();
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(300000, '\xEE');
  }
  auto opened = Store::Open(file_);
  const absl::Status status =
      opened.ok() ? (*opened)->plans().Load("p-1").status() : opened.status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("damaged"));
}

TEST_F(StoreTest, MissingFolderAndFolderInPlaceOfTheFileAreTold) {
  EXPECT_EQ(Store::Open(folder_.File("missing/x.db")).status().code(),
            absl::StatusCode::kPermissionDenied);
  const absl::Status status = Store::Open(folder_.path()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), HasSubstr("no regular file"));
}

TEST_F(StoreTest, FullDiskUndoesTheWholePlanAndSaysSo) {
  auto database = Database::Open(folder_.File("small.db"));
  ASSERT_TRUE(database.ok());
  ASSERT_OK(Migrate(**database, SchemaSteps()));
  PlanStore plans(**database);
  ASSERT_OK((*database)->Script("PRAGMA max_page_count = 200"));
  const absl::Status status = plans.Save(MakePlan("p-1", {}), std::string(2 << 20, 'x'));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("disk is full"));
  EXPECT_EQ(plans.Load("p-1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(plans.Save(MakePlan("p-2", {}), "{}").ok());
}

TEST_F(StoreTest, NewerSchemaIsRefusedWithTheCure) {
  store_.reset();
  {
    auto database = Database::Open(file_);
    ASSERT_TRUE(database.ok());
    ASSERT_OK((*database)->Script("PRAGMA user_version = 999"));
  }
  auto opened = Store::Open(file_);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("use the newer Rollcall"));
}

TEST_F(StoreTest, FileOfVersionOneIsBroughtForwardWithItsContent) {
  const std::string file = folder_.File("old.db");
  std::string state_id;
  {
    auto old = Database::Open(file);
    ASSERT_TRUE(old.ok());
    ASSERT_OK(Migrate(**old, {SchemaSteps()[0]}));
    ASSERT_EQ(*(*old)->Number("PRAGMA user_version"), 1);
    ASSERT_OK((*old)->Script(
        "INSERT INTO plans VALUES (NULL, 'p-old', 1, 'etag', 1, 'config', 'state', "
        "0, 1, 0, 0, 0, 0, 0, 2, 1, 0, 'the document', 'hash');"
        "INSERT INTO plan_changes VALUES (1, 0, 'c1', 'crowd', 1, 'p1', 'a1', 'ada', '', "
        "'A1', '', '', '', '');"
        "INSERT INTO plan_findings VALUES (1, 0, 'missing', 0, 'm', 'c', '', 1, 0);"
        "INSERT INTO plan_subjects VALUES (1, 0, 0, 'p2');"
        "INSERT INTO runs VALUES (NULL, 'r-old', 1, 1, 1, NULL, 0, 0, '');"
        "INSERT INTO journal VALUES (1, 'c1', 0, 3, 0, 1, 403, 'no')"));
  }
  auto opened = Store::Open(file);
  ASSERT_TRUE(opened.ok()) << opened.status();
  auto plan = (*opened)->plans().Load("p-old");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->changes, SizeIs(1));
  EXPECT_EQ(plan->changes[0].account, "a1");
  EXPECT_EQ(plan->changes[0].writes, std::nullopt);
  EXPECT_EQ(plan->changes[0].reroute, std::nullopt);
  EXPECT_THAT(plan->findings[0].subjects, ElementsAre("p2"));
  EXPECT_THAT(plan->labels, IsEmpty());
  EXPECT_EQ(*(*opened)->plans().LoadDocument("p-old"), "the document");
  // Its interrupted run goes on.
  auto run = (*opened)->runs().Load("r-old");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->outcomes.at("c1").state, OutcomeState::kRefused);
  EXPECT_THAT(run->rerouted, IsEmpty());
  ASSERT_OK((*(*opened)->OpenJournal("r-old", runtime_))
                ->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {}}));
  EXPECT_TRUE((*opened)->memory().Load(now(), "x").ok());
}

TEST_F(StoreTest, StepThatFailsLeavesTheFileInItsOldVersion) {
  const std::string file = folder_.File("old.db");
  auto database = Database::Open(file);
  ASSERT_TRUE(database.ok());
  ASSERT_OK(Migrate(**database, {"CREATE TABLE one (x)"}));
  EXPECT_FALSE(
      Migrate(**database, {"CREATE TABLE one (x)", "CREATE TABLE two (x); nonsense"}).ok());
  EXPECT_EQ(*(*database)->Number("PRAGMA user_version"), 1);
  EXPECT_EQ(*(*database)->Number("SELECT count(*) FROM sqlite_schema WHERE name = 'two'"), 0);
}

TEST_F(StoreTest, WhatACompletePlanWantsRememberedIsRemembered) {
  PlanResult result;
  result.plan = MakePlan("p-1", {});
  result.plan.state = PlanState::kEmpty;
  result.plan.covered_groups = {{"crowd", "engineers"}};
  result.to_remember.links = {{"crowd", "a1", "ada", Proof::kRecordedName, "", false}};
  result.to_remember.export_accepted = true;
  ExportFacts facts{"people.json", "hash", {1, 1, 0, 0}, {"ada"}};
  ASSERT_OK(store_->SaveAndRemember(result, "{}", facts, now()));
  const Memory memory = Remembered();
  EXPECT_THAT(memory.links, ElementsAre(result.to_remember.links[0]));
  EXPECT_TRUE(memory.covered_groups.contains({"crowd", "engineers"}));
  EXPECT_EQ(memory.last_accepted_hash, "hash");
}

TEST_F(StoreTest, GroupsOfAPlanWithChangesCountOnlyOnceItIsApplied) {
  PlanResult result;
  result.plan = MakePlan("p-1", {MakeChange(1, "crowd", Action::kAddMembership, "a1", "Eng")});
  result.plan.covered_groups = {{"crowd", "eng"}};
  ASSERT_OK(store_->SaveAndRemember(result, "{}", {}, now()));
  EXPECT_THAT(Remembered().covered_groups, IsEmpty());
  ASSERT_OK(store_->runs().Start("r-1", "p-1", {}, now()));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 0, ""}));
  EXPECT_TRUE(Remembered().covered_groups.contains({"crowd", "eng"}));
}

TEST_F(StoreTest, TraitsAreKeptAndReplaced) {
  EXPECT_EQ(store_->traits().Get("scim", "removal"), std::nullopt);
  store_->traits().Set("scim", "removal", "path");
  store_->traits().Set("scim", "removal", "value");
  Reopen();
  EXPECT_EQ(store_->traits().Get("scim", "removal"), "value");
  EXPECT_EQ(store_->traits().Get("other", "removal"), std::nullopt);
}

}  // namespace
}  // namespace rollcall
