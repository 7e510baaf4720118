#include "agent/store/sqlite.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;

class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Database>> opened = Database::Open(folder_.File("state.db"));
    ASSERT_TRUE(opened.ok()) << opened.status();
    database_ = *std::move(opened);
    ASSERT_TRUE(database_
                    ->Write([&] {
                      return database_->Script(
                          "CREATE TABLE numbers (n INTEGER PRIMARY KEY, word TEXT);"
                          "INSERT INTO numbers VALUES (1, 'one'), (2, 'two'), (3, NULL)");
                    })
                    .ok());
  }

  absl::Status Insert(int n) {
    return database_->Write(
        [&] { return database_->Run("INSERT INTO numbers (n, word) VALUES (?, 'x')", n); });
  }

  TempFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(SqliteTest, OneTextTwiceAtATimeIsTwoStatements) {
  std::vector<std::string> pairs;
  const absl::Status status = database_->Read([&] {
    const char* sql = "SELECT n FROM numbers ORDER BY n";
    absl::StatusOr<Statement> outer = database_->Prepare(sql);
    if (!outer.ok()) return outer.status();
    outer->Bind();
    while (*outer->Next()) {
      absl::StatusOr<Statement> inner = database_->Prepare(sql);
      if (!inner.ok()) return inner.status();
      inner->Bind();
      while (*inner->Next()) pairs.push_back(absl::StrCat(outer->Int(0), inner->Int(0)));
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(pairs, ElementsAre("11", "12", "13", "21", "22", "23", "31", "32", "33"));
}

TEST_F(SqliteTest, StatementKnowsNothingOfWhatItWasBoundToBefore) {
  const char* sql = "SELECT count(*) FROM numbers WHERE word IS ?";
  std::vector<int64_t> counts;
  ASSERT_TRUE(database_
                  ->Read([&] {
                    counts.push_back(**database_->Number(sql, "one"));
                    counts.push_back(**database_->Number(sql, std::optional<std::string>()));
                    counts.push_back(**database_->Number(sql, "one"));
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(counts, ElementsAre(1, 1, 1));
}

TEST_F(SqliteTest, StatementThatFailedWorksTheNextTime) {
  EXPECT_EQ(Insert(1).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(Insert(4).ok());
  EXPECT_EQ(Insert(4).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(Insert(5).ok());
}

TEST_F(SqliteTest, StatementLeftInTheMiddleHoldsNoLockOnTheState) {
  ASSERT_TRUE(database_
                  ->Read([&] {
                    absl::StatusOr<Statement> rows = database_->Prepare("SELECT n FROM numbers");
                    if (!rows.ok()) return rows.status();
                    rows->Bind();
                    return rows->Next().status();
                  })
                  .ok());
  absl::StatusOr<std::unique_ptr<Database>> other = Database::Open(folder_.File("state.db"));
  ASSERT_TRUE(other.ok()) << other.status();
  // A checkpoint that empties the log waits for whoever still reads.
  EXPECT_THAT((*other)->Script("PRAGMA wal_checkpoint(TRUNCATE); DROP TABLE numbers"),
              absl::OkStatus());
}

TEST_F(SqliteTest, StatementsOfAnOldSchemaSeeTheNewOne) {
  EXPECT_TRUE(Insert(6).ok());
  ASSERT_TRUE(database_
                  ->Write([&] {
                    return database_->Script(
                        "DROP TABLE numbers;"
                        "CREATE TABLE numbers (word TEXT, n INTEGER PRIMARY KEY)");
                  })
                  .ok());
  EXPECT_TRUE(Insert(6).ok());
  EXPECT_EQ(Insert(6).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(SqliteTest, MoreTextsThanAreKeptAreNoTrouble) {
  const absl::Status status = database_->Read([&] {
    for (size_t round = 0; round < 2; ++round) {
      for (size_t i = 0; i < 2 * Database::kMostKept; ++i) {
        absl::StatusOr<std::optional<int64_t>> number =
            database_->Number(absl::StrCat("SELECT ", i));
        if (!number.ok()) return number.status();
        EXPECT_EQ(**number, static_cast<int64_t>(i));
      }
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace rollcall
