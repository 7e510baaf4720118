#include "agent/config/cron.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::config {
namespace {

struct CronField {
  const char* name;
  int min;
  int max;
};

constexpr CronField kCronFields[] = {{"minute", 0, 59},
                                     {"hour", 0, 23},
                                     {"day of month", 1, 31},
                                     {"month", 1, 12},
                                     {"day of week", 0, 7}};

// 2026-01-01: the years from it on are what a configuration of today is about.
constexpr int kFirstYear = 2026;

bool ParseNumber(absl::string_view text, int min, int max, int* value) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, value) && *value >= min && *value <= max;
}

// "*", "5", "1-5", each with an optional "/2"; "5/2" is "5-MAX/2".
bool ParsePart(absl::string_view part, const CronField& field, std::bitset<60>* values) {
  const std::vector<absl::string_view> stepped = absl::StrSplit(part, '/');
  int step = 1;
  if (stepped.size() > 2) return false;
  if (stepped.size() == 2 && !ParseNumber(stepped[1], 1, field.max, &step)) return false;
  int from = field.min;
  int to = field.max;
  if (stepped[0] != "*") {
    const std::vector<absl::string_view> range = absl::StrSplit(stepped[0], '-');
    if (range.size() > 2 || !ParseNumber(range[0], field.min, field.max, &from)) return false;
    if (range.size() == 2 && !ParseNumber(range[1], field.min, field.max, &to)) return false;
    if (range.size() == 1 && stepped.size() == 1) to = from;
    if (from > to) return false;
  }
  for (int value = from; value <= to; value += step) values->set(static_cast<size_t>(value));
  return true;
}

absl::StatusOr<std::bitset<60>> ParseField(absl::string_view text, const CronField& field) {
  std::bitset<60> values;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    if (ParsePart(part, field, &values)) continue;
    return absl::InvalidArgumentError(absl::StrCat("the ", field.name, " cannot be \"", part,
                                                   "\"; it goes from ", field.min, " to ",
                                                   field.max));
  }
  return values;
}

template <size_t N>
std::bitset<N> Narrow(const std::bitset<60>& values) {
  std::bitset<N> result;
  for (size_t i = 0; i < N && i < values.size(); ++i) result[i] = values[i];
  return result;
}

bool IsOpen(absl::string_view field) {
  return absl::StrContains(field, "*") || absl::StrContains(field, "/");
}

absl::Time AtMinute(absl::CivilMinute minute) {
  return absl::FromCivil(absl::CivilSecond(minute), absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<Cron> Cron::Parse(absl::string_view text) {
  const std::vector<absl::string_view> fields =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (fields.size() != std::size(kCronFields)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "has ", fields.size(),
        " fields; expected minute, hour, day of month, month, day of week: \"0 2 * * *\""));
  }
  std::vector<std::bitset<60>> values;
  for (size_t i = 0; i < fields.size(); ++i) {
    ASSIGN_OR_RETURN(const std::bitset<60> field, ParseField(fields[i], kCronFields[i]));
    values.push_back(field);
  }
  Cron cron;
  cron.minutes_ = values[0];
  cron.hours_ = Narrow<24>(values[1]);
  cron.days_ = Narrow<32>(values[2]);
  cron.months_ = Narrow<13>(values[3]);
  cron.weekdays_ = Narrow<7>(values[4]);
  if (values[4][7]) cron.weekdays_.set(0);
  cron.either_day_ = !absl::StrContains(fields[2], "*") && !absl::StrContains(fields[4], "*");
  cron.fixed_ = !IsOpen(fields[0]) && !IsOpen(fields[1]);
  if (!cron.FirstFit(absl::CivilMinute(kFirstYear)).has_value()) {
    return absl::InvalidArgumentError(
        "never starts: the months have no such day; write a day that they have, such as 28");
  }
  return cron;
}

bool Cron::Fits(absl::CivilDay day) const {
  const bool of_month = days_[static_cast<size_t>(day.day())];
  // absl counts from Monday, cron from Sunday.
  const int weekday = (static_cast<int>(absl::GetWeekday(day)) + 1) % 7;
  const bool of_week = weekdays_[static_cast<size_t>(weekday)];
  return either_day_ ? of_month || of_week : of_month && of_week;
}

std::optional<absl::CivilMinute> Cron::FirstFit(absl::CivilMinute from) const {
  const absl::CivilDay last(from.year() + kMaxYears, 1, 1);
  for (absl::CivilDay day(from); day < last;) {
    if (!months_[static_cast<size_t>(day.month())]) {
      day = absl::CivilDay(absl::CivilMonth(day) + 1);
      continue;
    }
    const bool first = day == absl::CivilDay(from);
    for (int hour = first ? from.hour() : 0; hour < 24 && Fits(day); ++hour) {
      if (!hours_[static_cast<size_t>(hour)]) continue;
      for (int minute = first && hour == from.hour() ? from.minute() : 0; minute < 60; ++minute) {
        if (!minutes_[static_cast<size_t>(minute)]) continue;
        return absl::CivilMinute(day.year(), day.month(), day.day(), hour, minute);
      }
    }
    ++day;
  }
  return std::nullopt;
}

// What the clock on the wall shows never goes back against the instants that it is first shown at,
// so the first fit that is shown after `after` is the answer. From within the second pass of an
// hour some fits lie behind; they are passed over, at most as many as the pass has minutes.
absl::Time Cron::NextFixed(absl::Time after, const absl::TimeZone& zone) const {
  absl::CivilMinute from = absl::ToCivilMinute(after, zone);
  while (true) {
    const std::optional<absl::CivilMinute> fit = FirstFit(from);
    if (!fit.has_value()) return absl::InfiniteFuture();
    const absl::TimeZone::TimeInfo shown = zone.At(absl::CivilSecond(*fit));
    const absl::Time start =
        shown.kind == absl::TimeZone::TimeInfo::SKIPPED ? shown.trans : shown.pre;
    if (start > after) return start;
    from = *fit + 1;
  }
}

// From one change of the zone's offset to the next the clock on the wall runs like any other.
absl::Time Cron::NextElapsed(absl::Time after, const absl::TimeZone& zone) const {
  const absl::Time last = after + absl::Hours(24 * 366) * kMaxYears;
  while (after < last) {
    const absl::CivilSecond shown = absl::ToCivilSecond(after, zone);
    const absl::Time minute_began =
        absl::FromUnixSeconds(absl::ToUnixSeconds(after) - shown.second());
    const std::optional<absl::CivilMinute> fit = FirstFit(absl::CivilMinute(shown) + 1);
    const absl::Time start =
        fit.has_value() ? minute_began + (AtMinute(*fit) - AtMinute(absl::CivilMinute(shown)))
                        : absl::InfiniteFuture();
    absl::TimeZone::CivilTransition change;
    if (!zone.NextTransition(after, &change)) return start;
    const absl::Time changed = zone.At(change.to).trans;
    if (start < changed) return start;
    // What the clock shows right after the change.
    const absl::CivilMinute first(change.to);
    if (absl::CivilSecond(first) == change.to && FirstFit(first) == first) return changed;
    after = changed;
  }
  return absl::InfiniteFuture();
}

absl::Time Cron::Next(absl::Time after, const absl::TimeZone& zone) const {
  if (after == absl::InfiniteFuture()) return after;
  return fixed_ ? NextFixed(after, zone) : NextElapsed(after, zone);
}

absl::Duration Cron::ShortestWait(const absl::TimeZone& zone) const {
  const absl::Time begin = absl::FromCivil(absl::CivilDay(kFirstYear), zone);
  const absl::Time end = begin + absl::Hours(24) * kLookDays;
  absl::Duration shortest = absl::InfiniteDuration();
  absl::Time start = Next(begin, zone);
  for (int looks = 1; looks < kMaxLooks; ++looks) {
    const absl::Time next = Next(start, zone);
    if (next == absl::InfiniteFuture() || (next > end && looks > 1)) break;
    shortest = std::min(shortest, next - start);
    start = next;
  }
  return shortest;
}

}  // namespace rollcall::config
