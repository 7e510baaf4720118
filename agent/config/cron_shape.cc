#include "agent/config/cron_shape.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rollcall::config {
namespace {

struct Field {
  const char* name;
  int min;
  int max;
};

constexpr Field kFields[] = {{"minute", 0, 59},
                             {"hour", 0, 23},
                             {"day of month", 1, 31},
                             {"month", 1, 12},
                             {"day of week", 0, 7}};

bool Number(absl::string_view text, int min, int max, int* value) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, value) && *value >= min && *value <= max;
}

// "*", "5", "1-5", each with an optional "/2".
bool IsPart(absl::string_view part, const Field& field) {
  const std::vector<absl::string_view> stepped = absl::StrSplit(part, '/');
  int step = 1;
  if (stepped.size() > 2) return false;
  if (stepped.size() == 2 && !Number(stepped[1], 1, field.max, &step)) return false;
  if (stepped[0] == "*") return true;
  const std::vector<absl::string_view> range = absl::StrSplit(stepped[0], '-');
  int from = 0;
  int to = 0;
  if (range.size() > 2 || !Number(range[0], field.min, field.max, &from)) return false;
  return range.size() == 1 || (Number(range[1], field.min, field.max, &to) && from <= to);
}

}  // namespace

absl::Status CheckCron(absl::string_view text) {
  const std::vector<absl::string_view> fields =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (fields.size() != std::size(kFields)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "has ", fields.size(),
        " fields; expected minute, hour, day of month, month, day of week: \"0 2 * * *\""));
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    for (absl::string_view part : absl::StrSplit(fields[i], ',')) {
      if (IsPart(part, kFields[i])) continue;
      return absl::InvalidArgumentError(absl::StrCat("the ", kFields[i].name, " cannot be \"", part,
                                                     "\"; it goes from ", kFields[i].min, " to ",
                                                     kFields[i].max));
    }
  }
  return absl::OkStatus();
}

}  // namespace rollcall::config
