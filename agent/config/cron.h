// Cron: when a schedule starts, as five fields (minute, hour, day of month, month, day of week),
// and the first start after a time in a time zone. A value: copyable, usable from any thread.
//
// Each field is `*` or a list of numbers and ranges, each with an optional /step: "*/15", "1-5",
// "0,30". Sunday is 0 or 7. Where neither day field holds a `*`, a day fits that fits one of them;
// otherwise it must fit both.
//
// Daylight saving, as users of cron know it:
//   * Fixed times (neither minute nor hour is a `*` or stepped) are times of the clock on the wall:
//     one that the clock leaves out starts at the first minute after the gap (once, however many
//     fall into it), one that comes twice starts the first time only.
//   * Others ("7 * * * *", "*/10 * * * *", "0 */6 * * *") go on by elapsed time: they start
//   whenever
//     the clock on the wall shows a time that fits, so every hour in both passes of an hour that
//     comes twice, and not at all at times that are left out.
//
//   auto cron = Cron::Parse("30 2 * * *");
//   absl::Time start = cron->Next(now, berlin);
#ifndef AGENT_CONFIG_CRON_H_
#define AGENT_CONFIG_CRON_H_

#include <bitset>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace rollcall::config {

class Cron {
 public:
  // How far ahead a start is looked for: longer than any fitting expression waits (29 February on a
  // given day of the week: 40 years, across 2100).
  static constexpr int kMaxYears = 48;
  // How many starts ShortestWait looks at, and over how many days (but always at two starts).
  static constexpr int kMaxLooks = 10000;
  static constexpr int kLookDays = 4 * 366;

  // INVALID_ARGUMENT names the field that is wrong, or says that no day ever fits (31 February).
  static absl::StatusOr<Cron> Parse(absl::string_view text);

  // The first start strictly after `after`, on a whole minute of the zone. InfiniteFuture where
  // there is none within kMaxYears, which no usual zone brings about.
  absl::Time Next(absl::Time after, const absl::TimeZone& zone) const;

  // The shortest time between two starts among the first kMaxLooks from 2026 on, at most kLookDays.
  absl::Duration ShortestWait(const absl::TimeZone& zone) const;

 private:
  Cron() = default;
  bool Fits(absl::CivilDay day) const;
  // The first time that fits, from this one on; none within kMaxYears.
  std::optional<absl::CivilMinute> FirstFit(absl::CivilMinute from) const;
  absl::Time NextFixed(absl::Time after, const absl::TimeZone& zone) const;
  absl::Time NextElapsed(absl::Time after, const absl::TimeZone& zone) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;  // Sunday is 0
  bool either_day_ = false;
  bool fixed_ = false;
};

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_CRON_H_
