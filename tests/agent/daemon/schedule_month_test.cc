// A month with three changes of daylight saving, three outages and a directory that hangs: every
// expected start once.
#include <map>
#include <set>

#include "tests/agent/daemon/daemon_fixture.h"

namespace rollcall {
namespace {

struct Outage {
  std::string from;
  std::string to;
};

// Lord Howe leaves out half an hour in the first (3 October, 15:30 UTC), the hung work is in the
// second, and the third ends within the hour that comes twice in Berlin (25 October, 00:00 to 02:00
// UTC).
const Outage kOutages[] = {{"2026-10-03 12:00", "2026-10-04 01:00"},
                           {"2026-10-15 10:30", "2026-10-15 18:30"},
                           {"2026-10-24 22:00", "2026-10-25 00:45"}};
constexpr char kBegin[] = "2026-10-01 00:00";
constexpr char kEnd[] = "2026-11-03 00:30";
constexpr char kHangs[] = "2026-10-10 12:00";

using Dues = std::set<absl::Time>;

// When a time of the day is first shown, or the end of the gap that it falls into, day by day.
Dues Daily(const std::string& zone_name, int hour, int minute) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone));
  Dues dues;
  for (absl::CivilDay day(2026, 9, 29); day < absl::CivilDay(2026, 11, 5); ++day) {
    const absl::CivilSecond shown(day.year(), day.month(), day.day(), hour, minute, 0);
    const absl::TimeZone::TimeInfo info = zone.At(shown);
    const absl::Time due = info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
    if (due > Utc(kBegin) && due < Utc(kEnd)) dues.insert(due);
  }
  return dues;
}

Dues Every(absl::Duration period, absl::Duration offset) {
  Dues dues;
  for (absl::Time due = Utc(kBegin) + offset; due < Utc(kEnd); due += period) {
    if (due > Utc(kBegin)) dues.insert(due);
  }
  return dues;
}

class ScheduleMonthTest : public DaemonTest {
 protected:
  void PlayTheMonth() {
    SleepUntil(kBegin);
    RunUntil(kOutages[0].from);
    DownUntil(kOutages[0].to);
    RunUntilKilled(kOutages[1].from);
    hanging_ = false;
    DownUntil(kOutages[1].to);
    RunUntilKilled(kOutages[2].from);
    DownUntil(kOutages[2].to);
    RunUntil(kEnd);
  }

  // The times at which each due time was started.
  std::map<absl::Time, std::vector<absl::Time>> ByDue(const std::string& name) const {
    std::map<absl::Time, std::vector<absl::Time>> by_due;
    for (const Start& start : starts_) {
      if (start.name == name) by_due[start.due].push_back(start.time);
    }
    return by_due;
  }

  // Takes the dues of an outage out and expects that the last of them was started at its end.
  void ExpectMadeUpOnce(const Outage& outage, absl::Time from, Dues& dues,
                        std::map<absl::Time, std::vector<absl::Time>>& starts) {
    std::optional<absl::Time> last;
    for (auto due = dues.upper_bound(from); due != dues.end() && *due <= Utc(outage.to);) {
      if (last.has_value()) {
        EXPECT_FALSE(starts.contains(*last)) << ShownUtc(*last);
      }
      last = *due;
      due = dues.erase(due);
    }
    if (!last.has_value()) return;
    EXPECT_EQ(starts[*last], std::vector<absl::Time>{Utc(outage.to)}) << ShownUtc(*last);
    starts.erase(*last);
  }

  void ExpectEachOnce(const std::string& name, const Dues& dues, absl::Duration jitter,
                      const std::map<absl::Time, std::vector<absl::Time>>& starts) {
    for (absl::Time due : dues) {
      const auto found = starts.find(due);
      ASSERT_NE(found, starts.end()) << name << " " << ShownUtc(due);
      EXPECT_EQ(found->second.size(), 1u) << name << " " << ShownUtc(due);
      EXPECT_GE(found->second[0], due) << name;
      EXPECT_LE(found->second[0], due + jitter) << name;
    }
    EXPECT_EQ(starts.size(), dues.size()) << name << " starts at times when it is not due";
  }

  void ExpectStarts(const std::string& name, Dues dues, absl::Duration jitter) {
    auto starts = ByDue(name);
    for (const Outage& outage : kOutages) {
      ExpectMadeUpOnce(outage, Utc(outage.from), dues, starts);
    }
    ExpectEachOnce(name, dues, jitter, starts);
  }

  bool hanging_ = true;
};

TEST_F(ScheduleMonthTest, EveryExpectedStartIsMadeOnce) {
  // Due seven minutes past, so that no start is pending when an outage begins or the month ends.
  const absl::Duration jitter = absl::Minutes(20);
  schedules_ = {MakeSchedule("berlin", "30 2 * * *", "Europe/Berlin"),
                MakeSchedule("howe", "15 2 * * *", "Australia/Lord_Howe"),
                MakeSchedule("new-york", "30 1 * * *", "America/New_York"),
                MakeSchedule("hourly", "7 * * * *", "Europe/Berlin", jitter),
                MakeSchedule("hung", "0 */4 * * *")};
  WorkIs("hung", [&](const CallContext& context) {
    const bool hangs = hanging_ && runtime_.Now() >= Utc(kHangs);
    return Take(hangs ? absl::InfiniteDuration() : absl::Minutes(1), context);
  });
  PlayTheMonth();
  ExpectStarts("berlin", Daily("Europe/Berlin", 2, 30), absl::ZeroDuration());
  ExpectStarts("howe", Daily("Australia/Lord_Howe", 2, 15), absl::ZeroDuration());
  ExpectStarts("new-york", Daily("America/New_York", 1, 30), absl::ZeroDuration());
  ExpectStarts("hourly", Every(absl::Hours(1), absl::Minutes(7)), jitter);

  // While its work hung nothing else of it started; cut off, it was made up for once.
  Dues dues = Every(absl::Hours(4), absl::ZeroDuration());
  auto starts = ByDue("hung");
  EXPECT_EQ(starts[Utc(kHangs)], std::vector<absl::Time>{Utc(kHangs)});
  starts.erase(Utc(kHangs));
  dues.erase(Utc(kHangs));
  ExpectMadeUpOnce(kOutages[1], Utc(kHangs), dues, starts);
  ExpectMadeUpOnce(kOutages[0], Utc(kOutages[0].from), dues, starts);
  ExpectMadeUpOnce(kOutages[2], Utc(kOutages[2].from), dues, starts);
  ExpectEachOnce("hung", dues, absl::ZeroDuration(), starts);
}

TEST_F(ScheduleMonthTest, TheMonthHoldsWhatItIsAbout) {
  EXPECT_TRUE(Daily("Australia/Lord_Howe", 2, 15).contains(Utc("2026-10-03 15:30")));
  EXPECT_TRUE(Daily("Europe/Berlin", 2, 30).contains(Utc("2026-10-25 00:30")));
  EXPECT_FALSE(Daily("Europe/Berlin", 2, 30).contains(Utc("2026-10-25 01:30")));
  EXPECT_TRUE(Daily("America/New_York", 1, 30).contains(Utc("2026-11-01 05:30")));
}

}  // namespace
}  // namespace rollcall
