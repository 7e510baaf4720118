// What the disk says of the write-ahead log: an intent is durable when its transaction was synced,
// whatever went wrong before.
#include "tests/simulation/sim_disk.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

namespace rollcall::simulation {
namespace {

class SimDiskTest : public testing::Test {
 protected:
  SimDiskTest() : disk_(Dice(1)) {
    EXPECT_EQ(sqlite3_open_v2("state.db", &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                              "rollcall-simulation"),
              SQLITE_OK);
    EXPECT_TRUE(Run("PRAGMA journal_mode = WAL"));
    EXPECT_TRUE(Run("PRAGMA synchronous = FULL"));
    EXPECT_TRUE(Run("CREATE TABLE t (x)"));
  }
  ~SimDiskTest() override { sqlite3_close(database_); }

  bool Run(const char* sql) {
    return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  bool Insert() { return Run("INSERT INTO t VALUES (zeroblob(20000))"); }  // several frames

  // The nth write from now (1 is the next) fails, or every sync.
  void FailWrite(int number) {
    disk_.set_weather([left = number](bool is_sync) mutable {
      const bool fails = !is_sync && --left == 0;
      return fails ? SimDisk::Write::kFull : SimDisk::Write::kDone;
    });
  }
  void FailSyncs() {
    disk_.set_weather(
        [](bool is_sync) { return is_sync ? SimDisk::Write::kFailed : SimDisk::Write::kDone; });
  }

  SimDisk disk_;
  sqlite3* database_ = nullptr;
};

TEST_F(SimDiskTest, WhatWasCommittedAndSyncedIsDurable) {
  EXPECT_TRUE(Insert());
  EXPECT_TRUE(disk_.LogIsDurable());
}

TEST_F(SimDiskTest, WhatWasCommittedWithoutASyncIsNot) {
  EXPECT_TRUE(Run("PRAGMA synchronous = OFF"));
  EXPECT_TRUE(Insert());
  EXPECT_FALSE(disk_.LogIsDurable());
}

TEST_F(SimDiskTest, WhatAFailedWriteLeftBelongsToNoTransaction) {
  for (int number = 1; number <= 6; ++number) {
    FailWrite(number);
    EXPECT_FALSE(Insert()) << number;
    EXPECT_TRUE(disk_.LogIsDurable()) << number;
  }
  disk_.set_weather(nullptr);
  EXPECT_TRUE(Insert());
  EXPECT_TRUE(disk_.LogIsDurable());
}

TEST_F(SimDiskTest, ATransactionWhoseSyncFailedIsNone) {
  FailSyncs();
  EXPECT_FALSE(Insert());
  EXPECT_TRUE(disk_.LogIsDurable());
}

// The looseness that was here: after a failed write nothing was judged until the next sync.
TEST_F(SimDiskTest, AfterAFailedWriteACommitWithoutASyncIsStillNotDurable) {
  EXPECT_TRUE(Run("PRAGMA synchronous = OFF"));
  FailWrite(2);
  EXPECT_FALSE(Insert());
  disk_.set_weather(nullptr);
  EXPECT_TRUE(Insert());
  FailWrite(2);
  EXPECT_FALSE(Insert());
  EXPECT_FALSE(disk_.LogIsDurable());
}

}  // namespace
}  // namespace rollcall::simulation
