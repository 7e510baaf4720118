#include "reconciler/base/id_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

std::vector<uint32_t> FindAll(const IdIndex& index, const std::vector<absl::string_view>& texts) {
  std::vector<uint32_t> numbers(texts.size(), 12345);
  index.FindAll(texts, absl::MakeSpan(numbers));
  return numbers;
}

TEST(IdIndexTest, AnEmptyIndexKnowsNothing) {
  IdIndex index;
  EXPECT_EQ(index.Find("a"), IdIndex::kNone);
  EXPECT_THAT(FindAll(index, {"a", ""}), Each(IdIndex::kNone));
}

TEST(IdIndexTest, TextsAreNumberedInTheOrderInWhichTheyCome) {
  IdIndex index;
  EXPECT_EQ(index.Append("b"), 0u);
  EXPECT_EQ(index.Append("a"), 1u);
  EXPECT_EQ(index.Find("a"), 1u);
  EXPECT_EQ(index[0], "b");
}

TEST(IdIndexTest, ATextThatCameBeforeIsFoundAtItsFirstPlace) {
  IdIndex index;
  index.Append("a");
  index.Append("b");
  EXPECT_EQ(index.Append("a"), 2u);
  EXPECT_EQ(index.Append("c"), 3u);
  EXPECT_THAT(FindAll(index, {"a", "b", "c"}), ElementsAre(0u, 1u, 3u));
}

TEST(IdIndexTest, TextsOfDifferentLengthWithOneBeginningAreDifferent) {
  IdIndex index;
  index.Append("");
  index.Append(absl::string_view("a\0", 2));
  EXPECT_EQ(index.Find("a"), IdIndex::kNone);
  EXPECT_EQ(index.Find(""), 0u);
}

// More texts than 32-bit hashes keep apart: some share one, and only the texts decide then.
TEST(IdIndexTest, ManyTextsAreFoundOneByOneAndInBatchesOfAnyLength) {
  constexpr uint32_t kTexts = 300'000;
  std::vector<std::string> owned;
  for (uint32_t i = 0; i < 2 * kTexts; ++i) owned.push_back(absl::StrCat("account-", i * 7));
  IdIndex index;
  for (uint32_t i = 0; i < kTexts; ++i) index.Append(owned[i]);
  std::vector<absl::string_view> asked(owned.begin(), owned.end());
  const std::vector<uint32_t> found = FindAll(index, asked);
  for (uint32_t i = 0; i < 2 * kTexts; ++i) {
    const uint32_t expected = i < kTexts ? i : IdIndex::kNone;
    ASSERT_EQ(found[i], expected) << i;
    ASSERT_EQ(index.Find(owned[i]), expected) << i;
  }
  for (size_t length : {1, 31, 32, 33, 65}) {
    asked.assign(owned.begin(), owned.begin() + static_cast<ptrdiff_t>(length));
    EXPECT_EQ(FindAll(index, asked).back(), length - 1);
  }
}

}  // namespace
}  // namespace rollcall
