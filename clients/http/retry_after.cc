#include "clients/http/retry_after.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace rollcall {
namespace {

constexpr size_t kMaxValue = 64;  // the longest date has 33 characters

// A reset of this many seconds is an instant (2001-09-09), not a duration; one of this many
// milliseconds too. Durations of 30 years and seconds of the year 33658 do not occur.
constexpr double kFirstEpochSecond = 1e9;
constexpr double kFirstEpochMillisecond = 1e12;
constexpr double kLastMillisecond = 1e15;  // beyond any limit, within an int64_t

absl::Duration Clamp(absl::Duration wait) {
  return std::clamp(wait, absl::ZeroDuration(), kMaxRetryAfter);
}

// "12", "1.5". No sign, no exponent, no "inf".
std::optional<double> ParseNumber(absl::string_view text) {
  const bool plain = !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text[0])) &&
                     text.find_first_not_of("0123456789.") == absl::string_view::npos;
  double value = 0;
  if (!plain || !absl::SimpleAtod(text, &value)) return std::nullopt;
  return value;
}

// The three forms of RFC 9110, section 5.6.7, all in UTC.
std::optional<absl::Time> ParseHttpDate(absl::string_view text) {
  static constexpr const char* kForms[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                           "%a %b %e %H:%M:%S %Y"};
  for (const char* form : kForms) {
    absl::Time time;
    if (absl::ParseTime(form, text, &time, nullptr)) return time;
  }
  return std::nullopt;
}

// ISO 8601 with a zone; without one it is taken as UTC.
std::optional<absl::Time> ParseIsoDate(absl::string_view text) {
  static constexpr const char* kForms[] = {absl::RFC3339_full, "%Y-%m-%d%ET%H:%M:%E*S"};
  for (const char* form : kForms) {
    absl::Time time;
    if (absl::ParseTime(form, text, &time, nullptr)) return time;
  }
  return std::nullopt;
}

absl::string_view Value(const Headers& headers, absl::string_view name) {
  const absl::string_view value = absl::StripAsciiWhitespace(FindHeader(headers, name));
  return value.size() > kMaxValue ? absl::string_view() : value;
}

std::optional<absl::Duration> WaitOfRetryAfter(absl::string_view value, absl::Time now) {
  if (std::optional<double> seconds = ParseNumber(value)) return absl::Seconds(*seconds);
  if (std::optional<absl::Time> date = ParseHttpDate(value)) return *date - now;
  return std::nullopt;
}

std::optional<absl::Duration> WaitOfReset(absl::string_view value, absl::Time now) {
  if (std::optional<double> number = ParseNumber(value)) {
    if (*number >= kFirstEpochMillisecond) {
      // Whole numbers: a double of seconds since 1970 would round.
      return absl::FromUnixMillis(static_cast<int64_t>(std::min(*number, kLastMillisecond))) - now;
    }
    if (*number >= kFirstEpochSecond) return absl::UnixEpoch() + absl::Seconds(*number) - now;
    return absl::Seconds(*number);
  }
  if (std::optional<absl::Time> date = ParseIsoDate(value)) return *date - now;
  if (std::optional<absl::Time> date = ParseHttpDate(value)) return *date - now;
  return std::nullopt;
}

}  // namespace

std::optional<absl::Duration> ParseRetryAfter(const Headers& headers, absl::Time now) {
  const absl::Time reference = ParseHttpDate(Value(headers, "Date")).value_or(now);
  for (absl::string_view name : {"Retry-After", "Beta-Retry-After"}) {
    if (std::optional<absl::Duration> wait = WaitOfRetryAfter(Value(headers, name), reference)) {
      return Clamp(*wait);
    }
  }
  for (absl::string_view name : {"X-RateLimit-Reset", "RateLimit-Reset"}) {
    if (std::optional<absl::Duration> wait = WaitOfReset(Value(headers, name), reference)) {
      return Clamp(*wait);
    }
  }
  return std::nullopt;
}

}  // namespace rollcall
