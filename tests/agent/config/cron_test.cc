#include "agent/config/cron.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rollcall::config {
namespace {

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

Cron Parsed(const std::string& text) {
  auto cron = Cron::Parse(text);
  EXPECT_TRUE(cron.ok()) << text << ": " << cron.status();
  return *cron;
}

// "2026-03-29 02:30" as the zone's clock shows it; the first time where it shows it twice.
absl::Time At(const std::string& text, const absl::TimeZone& zone) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, zone, &time, &error)) << text << error;
  return time;
}

// With the offset, so that the passes of a doubled hour differ.
std::string Shown(absl::Time time, const absl::TimeZone& zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S%Ez", time, zone);
}

// The starts after `from`, as the zone's clock shows them: "03-29 03:00+02:00".
std::vector<std::string> Starts(const std::string& cron, const std::string& zone_name,
                                const std::string& from, int count) {
  const absl::TimeZone zone = Zone(zone_name);
  std::vector<std::string> starts;
  absl::Time time = At(from, zone);
  for (int i = 0; i < count; ++i) {
    time = Parsed(cron).Next(time, zone);
    starts.push_back(absl::FormatTime("%m-%d %H:%M%Ez", time, zone));
  }
  return starts;
}

using Texts = std::vector<std::string>;

TEST(CronTest, GoodAndBadExpressions) {
  for (const char* good : {"* * * * *", "*/15 0-6 1,15 1-12/3 7", "0 0 31 12 0", "\t0  2 * * * ",
                           "59 23 29 2 *", "0 0 29 2 */7", "0 0 31 2 1"}) {
    EXPECT_TRUE(Cron::Parse(good).ok()) << good;
  }
  for (const char* bad : {"",
                          "* * * *",
                          "* * * * * *",
                          "60 * * * *",
                          "* 24 * * *",
                          "* * 0 * *",
                          "* * 32 * *",
                          "* * * 0 *",
                          "* * * 13 *",
                          "* * * * 8",
                          "5-1 * * * *",
                          "*/0 * * * *",
                          "*/60 * * * *",
                          "a * * * *",
                          ", * * * *",
                          "1--2 * * * *",
                          "+1 * * * *",
                          "1/2/3 * * * *",
                          "@daily",
                          "99999999999 * * * *"}) {
    EXPECT_FALSE(Cron::Parse(bad).ok()) << bad;
  }
}

TEST(CronTest, MessageNamesTheFieldAndItsBounds) {
  EXPECT_EQ(Cron::Parse("0 24 * * *").status().message(),
            "the hour cannot be \"24\"; it goes from 0 to 23");
}

TEST(CronTest, ADayThatNoMonthHasIsRefused) {
  for (const char* never : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 4 */2"}) {
    EXPECT_TRUE(absl::StartsWith(Cron::Parse(never).status().message(), "never starts")) << never;
  }
}

TEST(CronTest, TheNextStartIsStrictlyAfter) {
  EXPECT_EQ(Starts("0 2 * * *", "UTC", "2026-01-01 02:00", 1), Texts{"01-02 02:00+00:00"});
  EXPECT_EQ(Starts("0 2 * * *", "UTC", "2026-01-01 01:59", 1), Texts{"01-01 02:00+00:00"});
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::Time two = At("2026-01-01 02:00", utc);
  for (const char* text : {"0 2 * * *", "0 * * * *"}) {
    EXPECT_EQ(Parsed(text).Next(two - absl::Nanoseconds(1), utc), two) << text;
    EXPECT_EQ(Parsed(text).Next(two - absl::Seconds(30), utc), two) << text;
    EXPECT_GT(Parsed(text).Next(two, utc), two) << text;
    EXPECT_GT(Parsed(text).Next(two + absl::Nanoseconds(1), utc), two) << text;
  }
}

TEST(CronTest, EitherDayFitsWhereBothAreGiven) {
  // 2026-06-13 is a Saturday.
  EXPECT_EQ(
      Starts("0 0 13 * 5", "UTC", "2026-06-01 00:00", 4),
      (Texts{"06-05 00:00+00:00", "06-12 00:00+00:00", "06-13 00:00+00:00", "06-19 00:00+00:00"}));
  // A star, stepped or not, restricts nothing of its own: both must fit.
  EXPECT_EQ(Starts("0 0 */2 * 1", "UTC", "2026-06-02 00:00", 2),
            (Texts{"06-15 00:00+00:00", "06-29 00:00+00:00"}));
}

TEST(CronTest, SundayIsZeroAndSeven) {
  const Texts sundays = {"06-07 00:00+00:00", "06-14 00:00+00:00"};
  EXPECT_EQ(Starts("0 0 * * 0", "UTC", "2026-06-01 00:00", 2), sundays);
  EXPECT_EQ(Starts("0 0 * * 7", "UTC", "2026-06-01 00:00", 2), sundays);
  EXPECT_EQ(Starts("0 0 * * 6-7", "UTC", "2026-06-01 00:00", 3),
            (Texts{"06-06 00:00+00:00", "06-07 00:00+00:00", "06-13 00:00+00:00"}));
}

TEST(CronTest, FixedTimesInTheGapStartOnceAfterIt) {
  EXPECT_EQ(Starts("30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", 2),
            (Texts{"03-29 03:00+02:00", "03-30 02:30+02:00"}));
  EXPECT_EQ(Starts("0,30 2,3 * * *", "Europe/Berlin", "2026-03-28 12:00", 3),
            (Texts{"03-29 03:00+02:00", "03-29 03:30+02:00", "03-30 02:00+02:00"}));
  EXPECT_EQ(Starts("15 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00", 2),
            (Texts{"10-04 02:30+11:00", "10-05 02:15+11:00"}));
}

TEST(CronTest, FixedTimesThatComeTwiceStartOnce) {
  EXPECT_EQ(Starts("30 2 * * *", "Europe/Berlin", "2026-10-24 12:00", 2),
            (Texts{"10-25 02:30+02:00", "10-26 02:30+01:00"}));
  EXPECT_EQ(Starts("45 1 * * *", "Australia/Lord_Howe", "2026-04-04 12:00", 2),
            (Texts{"04-05 01:45+11:00", "04-06 01:45+10:30"}));
}

TEST(CronTest, OpenTimesGoOnByElapsedTime) {
  EXPECT_EQ(
      Starts("7 * * * *", "Europe/Berlin", "2026-10-25 01:30", 4),
      (Texts{"10-25 02:07+02:00", "10-25 02:07+01:00", "10-25 03:07+01:00", "10-25 04:07+01:00"}));
  EXPECT_EQ(Starts("7 * * * *", "Europe/Berlin", "2026-03-29 01:00", 2),
            (Texts{"03-29 01:07+01:00", "03-29 03:07+02:00"}));
  EXPECT_EQ(Starts("*/30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", 1),
            Texts{"03-30 02:00+02:00"});
  EXPECT_EQ(
      Starts("*/20 * * * *", "Australia/Lord_Howe", "2026-04-05 01:25", 4),
      (Texts{"04-05 01:40+11:00", "04-05 01:40+10:30", "04-05 02:00+10:30", "04-05 02:20+10:30"}));
}

TEST(CronTest, ADayThatIsLeftOutStartsAtTheNextOne) {
  // Samoa went from the 29th to the 31st of December 2011.
  EXPECT_EQ(
      Starts("0 2 * * *", "Pacific/Apia", "2011-12-28 12:00", 4),
      (Texts{"12-29 02:00-10:00", "12-31 00:00+14:00", "12-31 02:00+14:00", "01-01 02:00+14:00"}));
}

TEST(CronTest, LeapDaysAreFoundAcrossTheCenturyThatHasNone) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::Time last = At("2096-02-29 00:00", utc);
  EXPECT_EQ(Parsed("0 0 29 2 *").Next(last, utc), At("2104-02-29 00:00", utc));
  EXPECT_EQ(Parsed("*/30 * 29 2 *").Next(last + absl::Hours(24), utc), At("2104-02-29 00:00", utc));
  // The leap days that are Sundays: 2088, then 40 years later.
  EXPECT_EQ(Parsed("0 0 29 2 */7").Next(At("2088-03-01 00:00", utc), utc),
            At("2128-02-29 00:00", utc));
}

TEST(CronTest, AfterTheEndOfTimeThereIsNoStart) {
  for (const char* text : {"0 2 * * *", "* * * * *"}) {
    EXPECT_EQ(Parsed(text).Next(absl::InfiniteFuture(), absl::UTCTimeZone()),
              absl::InfiniteFuture());
  }
}

TEST(CronTest, ShortestWaits) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  EXPECT_EQ(Parsed("* * * * *").ShortestWait(utc), absl::Minutes(1));
  EXPECT_EQ(Parsed("0 2 * * *").ShortestWait(utc), absl::Hours(24));
  EXPECT_EQ(Parsed("0 2 * * *").ShortestWait(Zone("Europe/Berlin")), absl::Hours(23));
  EXPECT_EQ(Parsed("0,10 2 * * *").ShortestWait(utc), absl::Minutes(10));
  EXPECT_EQ(Parsed("0 0 29 2 *").ShortestWait(utc), absl::Hours(24 * (365 * 4 + 1)));
}

// The slow reference: it knows nothing of changes of the offset, only what the clock shows at each
// minute.
class Reference {
 public:
  explicit Reference(const std::string& text) {
    const std::vector<std::string> fields = absl::StrSplit(text, ' ');
    const auto open = [&](size_t i) { return fields[i].find_first_of("*/") != std::string::npos; };
    const auto star = [&](size_t i) { return absl::StrContains(fields[i], "*"); };
    fixed_ = !open(0) && !open(1);
    either_day_ = !star(2) && !star(4);
    const int bounds[5][2] = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};
    for (size_t i = 0; i < 5; ++i) {
      for (int value = bounds[i][0]; value <= bounds[i][1]; ++value) {
        holds_[i][value] = Holds(fields[i], value, bounds[i][0], bounds[i][1]);
      }
    }
  }

  bool fixed() const { return fixed_; }

  bool Fits(absl::CivilMinute minute) const {
    if (!holds_[0][minute.minute()] || !holds_[1][minute.hour()]) return false;
    const absl::CivilDay day(minute);
    const int weekday = static_cast<int>(absl::GetWeekday(day)) + 1;  // Sunday is 7
    const bool of_month = holds_[2][day.day()];
    const bool of_week = holds_[4][weekday] || (weekday == 7 && holds_[4][0]);
    return holds_[3][day.month()] && (either_day_ ? of_month || of_week : of_month && of_week);
  }

 private:
  static bool Holds(const std::string& field, int value, int min, int max) {
    for (absl::string_view part : absl::StrSplit(field, ',')) {
      const std::pair<std::string, std::string> stepped =
          absl::StrSplit(part, absl::MaxSplits('/', 1));
      const std::pair<std::string, std::string> range =
          absl::StrSplit(stepped.first, absl::MaxSplits('-', 1));
      const int step = stepped.second.empty() ? 1 : std::stoi(stepped.second);
      const int from = range.first == "*" ? min : std::stoi(range.first);
      int to = range.first == "*" || !stepped.second.empty() ? max : from;
      if (!range.second.empty()) to = std::stoi(range.second);
      if (value >= from && value <= to && (value - from) % step == 0) return true;
    }
    return false;
  }

  bool holds_[5][60] = {};
  bool either_day_ = false;
  bool fixed_ = false;
};

// Walks through the minutes after `from`, given as what the clock shows at each. Of fixed times
// each is started when the clock first shows it, or as soon as the clock has jumped over it.
std::vector<absl::Time> SlowStarts(const std::string& text, absl::Time from,
                                   const std::vector<absl::CivilMinute>& minutes) {
  const Reference reference(text);
  std::vector<absl::Time> starts;
  absl::CivilMinute reached = minutes[0];
  for (size_t i = 1; i < minutes.size(); ++i) {
    bool starts_now = false;
    if (!reference.fixed()) starts_now = reference.Fits(minutes[i]);
    while (reference.fixed() && reached < minutes[i]) {
      ++reached;
      if (reference.Fits(reached)) starts_now = true;
    }
    if (starts_now) starts.push_back(from + absl::Minutes(1) * i);
  }
  return starts;
}

TEST(CronTest, AgreesWithAWalkThroughEveryMinute) {
  const std::vector<std::string> texts = {
      "* * * * *",        "*/7 * * * *",     "7 * * * *",    "0 2 * * *",    "30 2 * * *",
      "15,45 1-3 * * *",  "0 */6 * * *",     "*/15 2 * * *", "59 23 * * 0",  "0 0 1 * *",
      "0 3 29-31 3,10 7", "30 1 1,15 * 1-5", "0 12 */2 * 1", "5/20 4 * * *", "0 0 31 12 *",
      "10 2-4/2 * * 6,7", "45 23 29,30 12 *"};
  // A year with both changes of each zone; Samoa's left-out day.
  const std::map<std::string, int> years = {{"UTC", 2026},
                                            {"Europe/Berlin", 2026},
                                            {"America/New_York", 2027},
                                            {"Australia/Lord_Howe", 2026},
                                            {"Pacific/Apia", 2011}};
  size_t compared = 0;
  for (const auto& [name, year] : years) {
    const absl::TimeZone zone = Zone(name);
    const absl::Time from = absl::FromCivil(absl::CivilDay(year), zone);
    const absl::Time to = absl::FromCivil(absl::CivilDay(year + 1, 1, 3), zone);
    std::vector<absl::CivilMinute> minutes;
    for (absl::Time time = from; time <= to; time += absl::Minutes(1)) {
      minutes.push_back(absl::ToCivilMinute(time, zone));
    }
    for (const std::string& text : texts) {
      const Cron cron = Parsed(text);
      absl::Time start = from;
      for (absl::Time expected : SlowStarts(text, from, minutes)) {
        start = cron.Next(start, zone);
        ASSERT_EQ(Shown(start, zone), Shown(expected, zone)) << text << " in " << name;
        ++compared;
      }
      EXPECT_GT(cron.Next(start, zone), to) << text << " in " << name;
    }
  }
  EXPECT_GT(compared, 2500000u);
}

}  // namespace
}  // namespace rollcall::config
