#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "tests/support/scenario_lines.h"

namespace rollcall::scenario {

absl::Status Unknown(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("not understood: ", what));
}

Words SplitWords(absl::string_view line) { return absl::StrSplit(line, ' ', absl::SkipEmpty()); }

Words List(absl::string_view text) {
  Words names;
  for (absl::string_view name : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    names.emplace_back(absl::StripAsciiWhitespace(name));
  }
  return names;
}

std::pair<std::string, std::string> Pair(const std::string& word) {
  return absl::StrSplit(word, absl::MaxSplits('=', 1));
}

std::string Name(const std::string& word) { return word == "-" ? "" : word; }

absl::StatusOr<int64_t> Number(absl::string_view word) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(word, &number)) return Unknown(word);
  return number;
}

absl::StatusOr<Action> ReadAction(absl::string_view word) {
  return OneOf<Action>({{"activate", Action::kActivate},
                        {"deactivate", Action::kDeactivate},
                        {"add", Action::kAddMembership},
                        {"remove", Action::kRemoveMembership}},
                       word);
}

}  // namespace rollcall::scenario
