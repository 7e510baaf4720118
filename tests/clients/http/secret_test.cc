#include "clients/http/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <sstream>
#include <string>
#include <utility>

#include "absl/hash/hash.h"

namespace rollcall {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, CannotBePrintedComparedOrHashedByAccident) {
  static_assert(!Streamable<Secret>);
  static_assert(!std::equality_comparable<Secret>);
  static_assert(!std::convertible_to<Secret, std::string>);
  static_assert(!std::convertible_to<std::string, Secret>);
  static_assert(!std::is_invocable_v<absl::Hash<Secret>, const Secret&>);
  EXPECT_EQ(testing::PrintToString(Secret("hunter2")), "[secret]");
  EXPECT_EQ(testing::PrintToString(Secret()), "[no secret]");
}

TEST(Secret, IsRevealedOnDemandAndByAllCopies) {
  const Secret secret("hunter2");
  const Secret copy = secret;
  EXPECT_EQ(copy.Reveal(), "hunter2");
  EXPECT_EQ(secret.Reveal(), "hunter2");
  EXPECT_FALSE(secret.empty());
}

TEST(Secret, MayBeEmpty) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("").empty());
  EXPECT_EQ(Secret().Reveal(), "");
}

}  // namespace
}  // namespace rollcall
