#include "clients/idp/csv_values.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "clients/idp/okta_status.h"

namespace rollcall::idp {
namespace {

constexpr absl::string_view kTrue[] = {"true", "yes", "1", "active", "enabled"};
constexpr absl::string_view kFalse[] = {"false", "no", "0", "inactive", "disabled"};
// Besides Okta's: the words of its reports, and of Google's console.
constexpr absl::string_view kStatusTrue[] = {"password expired", "locked out"};
constexpr absl::string_view kStatusFalse[] = {"deactivated", "archived"};

template <size_t kSize>
bool IsOneOf(const absl::string_view (&words)[kSize], absl::string_view cell) {
  for (absl::string_view word : words) {
    if (absl::EqualsIgnoreCase(word, cell)) return true;
  }
  return false;
}

}  // namespace

std::optional<Standing> StandingOf(absl::string_view cell, ActiveWords words,
                                   const StatusMap& statuses) {
  cell = absl::StripAsciiWhitespace(cell);
  if (const std::optional<Standing> named = statuses.Find(cell)) return named;
  if (IsOneOf(kTrue, cell)) return Standing::kActive;
  if (IsOneOf(kFalse, cell)) return Standing::kInactive;
  if (words == ActiveWords::kStatus) {
    if (const std::optional<Standing> okta = StandingOfOktaStatus(cell)) return okta;
    if (IsOneOf(kStatusTrue, cell)) return Standing::kActive;
    if (IsOneOf(kStatusFalse, cell)) return Standing::kInactive;
  }
  return std::nullopt;
}

absl::string_view ExpectedWords(ActiveWords words) {
  return words == ActiveWords::kTruth
             ? "true/false, yes/no, 1/0, active/inactive or enabled/disabled is expected"
             : "active/inactive, or a status of Okta or Google, is expected";
}

}  // namespace rollcall::idp
