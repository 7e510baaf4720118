// Holds: checks a property with RapidCheck inside a GoogleTest test. The seed is the same in every
// run, so that CI does not fail by chance; the environment says otherwise, as RapidCheck's manual
// has it:
//
//   RC_PARAMS="seed=7 max_success=100000" property_test --gtest_filter=…
//
// A failing case is shrunk and printed, with what RC_PARAMS must say to repeat it. One thread.
#ifndef TESTS_PROPERTY_HOLDS_H_
#define TESTS_PROPERTY_HOLDS_H_

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

namespace rollcall::property {

inline constexpr uint64_t kSeed = 20261122;

// `property` takes no arguments, draws what it needs, and judges by RC_ASSERT and its like.
template <typename Property>
void Holds(int cases, Property property) {
  const char* set = std::getenv("RC_PARAMS");
  std::string given = set == nullptr ? "" : set;
  if (given.find("seed=") == std::string::npos) {
    given += " seed=" + std::to_string(kSeed);
    setenv("RC_PARAMS", given.c_str(), 1);  // read once, by the next line
  }
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  if (given.find("max_success=") == std::string::npos) params.maxSuccess = cases;
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(info->test_suite_name()) + "/" + info->name();
  metadata.description = info->name();
  const auto result = rc::detail::checkTestable(std::move(property), metadata, params);
  if (result.template is<rc::detail::SuccessResult>()) return;
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  FAIL() << text.str() << "\nRC_PARAMS=\"seed=" << params.seed
         << " max_success=" << params.maxSuccess << "\"";
}

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_HOLDS_H_
