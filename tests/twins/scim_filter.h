// Filters of RFC 7644 section 3.4.2.2, as far as directories are asked them: comparisons joined by
// `and` and `or` (`and` binds closer), without brackets and `not`. Pure functions.
#ifndef TESTS_TWINS_SCIM_FILTER_H_
#define TESTS_TWINS_SCIM_FILTER_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rollcall::twins {

struct Comparison {
  std::string attribute;
  std::string op;  // in lower case: eq, ne, co, sw, ew, pr, gt, ge, lt, le
  nlohmann::json value;
};

struct Filter {
  // Any of these, of which all must hold.
  std::vector<std::vector<Comparison>> alternatives;
  bool escaped = false;     // a string in it holds a backslash escape
  bool upper_case = false;  // an operator was written with capitals

  bool IsSingle() const { return alternatives.size() == 1 && alternatives[0].size() == 1; }
};

// INVALID_ARGUMENT says what is wrong.
absl::StatusOr<Filter> ParseFilter(absl::string_view text);

enum class Case { kAsDefined, kExact };
bool Matches(const Filter& filter, const nlohmann::json& resource, Case letters);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_FILTER_H_
