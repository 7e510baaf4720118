#include "agent/cli/until.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/render/wording.h"
#include "agent/runs/refusal.h"

namespace rollcall {
namespace {

bool ParseInstant(const std::string& text, absl::Time now, absl::Time* time) {
  if (absl::ParseTime(absl::RFC3339_full, text, time, nullptr)) return true;
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day)) {
    *time = absl::FromCivil(day + 1, absl::UTCTimeZone());
    return true;
  }
  absl::Duration duration;
  int64_t days = 0;
  if (!text.empty() && text.back() == 'd' &&
      absl::SimpleAtoi(text.substr(0, text.size() - 1), &days) && days < 100'000) {
    *time = now + absl::Hours(24) * days;
    return true;
  }
  if (!absl::ParseDuration(text, &duration) || duration == absl::InfiniteDuration()) return false;
  *time = now + duration;
  return true;
}

}  // namespace

absl::StatusOr<absl::Time> ParseUntil(const std::string& text, absl::Time now) {
  absl::Time time;
  if (!ParseInstant(text, now, &time)) {
    return Refuse(ExitCode::kUsage,
                  absl::StrCat("--until ", text, " is no time; write 2026-12-24T18:00:00Z, a date ",
                               "(until its end, UTC) or how long from now: 90m, 12h, 7d"));
  }
  if (time <= now) {
    return Refuse(ExitCode::kUsage,
                  absl::StrCat("--until ", text, " is over already; now is ", Stamp(now)));
  }
  return time;
}

}  // namespace rollcall
