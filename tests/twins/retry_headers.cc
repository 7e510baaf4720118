#include "tests/twins/retry_headers.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

constexpr struct {
  RetryStyle style;
  const char* name;
} kStyles[] = {{RetryStyle::kNone, "none"},
               {RetryStyle::kSeconds, "seconds"},
               {RetryStyle::kDate, "date"},
               {RetryStyle::kResetIso, "reset-iso"},
               {RetryStyle::kResetEpoch, "reset-epoch"},
               {RetryStyle::kResetSeconds, "reset-seconds"}};

absl::Time RoundedUp(absl::Time time) {
  const absl::Time whole = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  return whole < time ? whole + absl::Seconds(1) : whole;
}

}  // namespace

std::optional<RetryStyle> FindRetryStyle(absl::string_view name) {
  for (const auto& item : kStyles) {
    if (name == item.name) return item.style;
  }
  return std::nullopt;
}

std::vector<std::string> RetryStyleNames() {
  std::vector<std::string> names;
  for (const auto& item : kStyles) names.emplace_back(item.name);
  return names;
}

TwinHeaders RetryHeaders(RetryStyle style, absl::Duration wait, absl::Time now) {
  const int64_t seconds = absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)));
  const absl::Time at = RoundedUp(now + wait);
  switch (style) {
    case RetryStyle::kNone:
      return {};
    case RetryStyle::kSeconds:
      return {{"Retry-After", absl::StrCat(seconds)}};
    case RetryStyle::kDate:
      return {
          {"Retry-After", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", at, absl::UTCTimeZone())}};
    case RetryStyle::kResetIso:
      return {
          {"X-RateLimit-Reset", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", at, absl::UTCTimeZone())}};
    case RetryStyle::kResetEpoch:
      return {{"X-RateLimit-Reset", absl::StrCat(absl::ToUnixSeconds(at))}};
    case RetryStyle::kResetSeconds:
      return {{"X-RateLimit-Reset", absl::StrCat(seconds)}};
  }
  return {};
}

}  // namespace rollcall::twins
