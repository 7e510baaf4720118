#include "agent/daemon/timetable.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

using PlannedStart = ScheduleRecord::Planned;

std::string ShownTime(absl::Time time) {
  return absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone()), " UTC");
}

// All times until `until` are counted; the next one is drawn.
void CountUntil(const Schedule& schedule, absl::Time until, const Draw& draw,
                PlannedStart* planned) {
  planned->definition = schedule.Definition();
  planned->counted_until = until;
  planned->next_due.reset();
  planned->next_start.reset();
  const absl::Time due = schedule.cron.Next(until, schedule.zone);
  if (due == absl::InfiniteFuture()) return;
  const auto span = static_cast<uint64_t>(absl::ToInt64Milliseconds(schedule.jitter));
  planned->next_due = due;
  planned->next_start = due;
  if (span > 0) *planned->next_start += absl::Milliseconds(draw() % (span + 1));
}

// Times that were due until now, and were not counted before.
struct DueTimes {
  absl::Time first;
  absl::Time last_but_one;
  absl::Time last;
  int count = 1;
};

DueTimes DueUntil(const Schedule& schedule, const PlannedStart& planned, absl::Time now) {
  const absl::Time first = planned.next_due.value_or(now);
  DueTimes due = {first, first, first, 1};
  while (due.count < kMostMissed) {
    const absl::Time next =
        schedule.cron.Next(std::max(due.last, planned.counted_until), schedule.zone);
    if (next > now) break;
    due.last_but_one = std::exchange(due.last, next);
    ++due.count;
  }
  return due;
}

void Skip(absl::Time due, absl::Time now, std::string reason, PlannedStart* planned) {
  planned->skipped_due = due;
  planned->skipped_time = now;
  planned->skip_reason = std::move(reason);
}

// A clock that was wrong must not make a schedule back off for longer than it ever would.
bool IsBackingOff(const ScheduleRecord& record, absl::Time now) {
  return record.backing_off_until.has_value() && now < *record.backing_off_until &&
         *record.backing_off_until <= now + kLongestBackoff;
}

bool IsToBeMadeUpFor(const ScheduleRecord& record) {
  return !record.running.has_value() && record.last.has_value() &&
         record.last->result == ScheduleResult::kInterrupted;
}

std::string MissedReason(const DueTimes& due) {
  const bool more = due.count >= kMostMissed;
  return absl::StrCat(due.count - 1, more ? " or more" : "", due.count == 2 ? " time" : " times",
                      " from ", ShownTime(due.first),
                      " on passed without a start, as Rollcall was ",
                      "not running or the clock was set forward; one start makes up for them");
}

std::string BackoffReason(const ScheduleRecord& record) {
  return absl::StrCat("it failed ", record.failures, record.failures == 1 ? " time" : " times",
                      " in a row and backs off until ",
                      ShownTime(record.backing_off_until.value_or(absl::InfinitePast())));
}

}  // namespace

absl::Duration BackoffAfter(int64_t failures) {
  if (failures <= 0) return absl::ZeroDuration();
  absl::Duration backoff = kFirstBackoff;
  for (int64_t i = 1; i < failures && backoff < kLongestBackoff; ++i) backoff *= 2;
  return std::min(backoff, kLongestBackoff);
}

ScheduleRecord NewRecord(const Schedule& schedule, absl::Time now, const Draw& draw) {
  ScheduleRecord record;
  record.name = schedule.name;
  CountUntil(schedule, now, draw, &record.planned);
  return record;
}

void Adopt(const Schedule& schedule, absl::Time now, const Draw& draw, ScheduleRecord* record) {
  PlannedStart& planned = record->planned;
  const bool missed = planned.next_start.has_value() && *planned.next_start <= now;
  if (missed || IsToBeMadeUpFor(*record)) {
    planned.definition = schedule.Definition();
  } else if (planned.definition != schedule.Definition()) {
    CountUntil(schedule, std::max(now, planned.counted_until), draw, &planned);
  } else if (planned.next_due.has_value() && planned.next_start.has_value() &&
             *planned.next_start - *planned.next_due > schedule.jitter) {
    CountUntil(schedule, planned.counted_until, draw, &planned);
  }
}

bool Settle(const Schedule& schedule, absl::Time now, const Draw& draw, ScheduleRecord* record) {
  const bool cut_off = record->running.has_value();
  if (cut_off) {
    record->last = {record->running->due,
                    record->running->started,
                    now,
                    ScheduleResult::kInterrupted,
                    "Rollcall ended while it ran",
                    "",
                    ""};
    record->running.reset();
    record->backing_off_until.reset();
    if (++record->failures > 1) record->backing_off_until = now + BackoffAfter(record->failures);
  }
  Adopt(schedule, now, draw, record);
  if (record->last.has_value() && IsToBeMadeUpFor(*record)) {
    record->planned.next_due = record->last->due;
    record->planned.next_start =
        IsBackingOff(*record, now) ? record->backing_off_until.value_or(now) : now;
  }
  return cut_off;
}

Decision Decide(const Schedule& schedule, const ScheduleRecord& record, absl::Time now,
                const Draw& draw) {
  Decision decision;
  decision.planned = record.planned;
  PlannedStart& planned = decision.planned;
  if (planned.counted_until > now + kLongestStepBack) {
    CountUntil(schedule, now, draw, &planned);
    decision.kind = Decision::Kind::kReplanned;
    return decision;
  }
  if (!planned.next_start.has_value() || now < *planned.next_start) return decision;
  const DueTimes due = DueUntil(schedule, planned, now);
  CountUntil(schedule, std::max(now, planned.counted_until), draw, &planned);
  decision.kind = Decision::Kind::kSkip;
  if (record.running.has_value()) {
    Skip(due.last, now,
         absl::StrCat("the start of ", ShownTime(record.running->started), " was still running"),
         &planned);
  } else if (IsBackingOff(record, now)) {
    Skip(due.last, now, BackoffReason(record), &planned);
  } else {
    if (due.count > 1) Skip(due.last_but_one, now, MissedReason(due), &planned);
    decision.kind = Decision::Kind::kStart;
    decision.running = {due.last, now};
  }
  return decision;
}

void Conclude(const absl::StatusOr<WorkReport>& report, absl::Time now, bool stopped,
              ScheduleRecord* record) {
  ScheduleRecord::Ended ended;
  const auto running = record->running.value_or(ScheduleRecord::Running{now, now});
  ended.due = running.due;
  ended.started = running.started;
  ended.ended = now;
  if (report.ok()) {
    ended.result = report->result;
    ended.message = report->message;
    ended.plan = report->plan;
    ended.run = report->run;
  } else {
    ended.result = stopped && absl::IsCancelled(report.status()) ? ScheduleResult::kInterrupted
                                                                 : ScheduleResult::kFailed;
    ended.message = std::string(report.status().message());
  }
  record->running.reset();
  if (ended.result == ScheduleResult::kFailed) {
    record->backing_off_until = now + BackoffAfter(++record->failures);
  } else if (ended.result != ScheduleResult::kInterrupted) {
    record->failures = 0;
    record->backing_off_until.reset();
  }
  record->last = std::move(ended);
}

}  // namespace rollcall
