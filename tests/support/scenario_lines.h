// How the lines of scenario files are read, section by section. Internal to Scenario: `words` are
// those before the colon, `tail` is what follows it. INVALID_ARGUMENT names the word that is not
// understood.
#ifndef TESTS_SUPPORT_SCENARIO_LINES_H_
#define TESTS_SUPPORT_SCENARIO_LINES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/support/company.h"

namespace rollcall::scenario {

using Words = std::vector<std::string>;

absl::Status Unknown(absl::string_view what);

Words SplitWords(absl::string_view line);
// "a, b" into its parts.
Words List(absl::string_view text);
// "a=b" into ("a", "b"); without "=" the value is empty.
std::pair<std::string, std::string> Pair(const std::string& word);
// "-" stands for no name.
std::string Name(const std::string& word);
absl::StatusOr<int64_t> Number(absl::string_view word);
absl::StatusOr<Action> ReadAction(absl::string_view word);

// One value of a table of words.
template <typename T>
absl::StatusOr<T> OneOf(const std::vector<std::pair<const char*, T>>& table,
                        absl::string_view word) {
  for (const auto& [name, value] : table) {
    if (word == name) return value;
  }
  return Unknown(word);
}

absl::Status ReadExportLine(Company& company, absl::string_view line, const Words& words,
                            const std::string& tail);
absl::Status ReadDirectoryLine(CompanyDirectory& directory, absl::string_view line,
                               const Words& words, const std::string& tail);
absl::Status ReadOwnedLine(ProbeResult& probe, const Words& words);
absl::Status ReadTakesLine(ProbeResult& probe, const Words& words);
absl::Status ReadManagedGroupLine(Company& company, const Words& words);
absl::Status ReadLinkLine(Company& company, const Words& words);
absl::Status ReadHoldLine(Company& company, const Words& words);
absl::Status ReadMemoryLine(Company& company, const Words& words);
absl::Status ReadConfigurationLine(Company& company, const Words& words);
absl::Status ReadGuardLine(GuardSpec& guards, const Words& words, const std::string& tail);

}  // namespace rollcall::scenario

#endif  // TESTS_SUPPORT_SCENARIO_LINES_H_
