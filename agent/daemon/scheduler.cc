#include "agent/daemon/scheduler.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

std::string TroubleOf(const absl::Status& status) {
  return status.ok() ? ""
                     : absl::StrCat("its record cannot be written, so it does not start: ",
                                    status.message());
}

// A clock that is set back does not make the wait longer.
bool IsWaiting(absl::Time retry, absl::Time now) {
  return now < retry && retry <= now + Scheduler::kStoreRetry;
}

}  // namespace

std::string HealthProblem(const ScheduleStatus& status) {
  const ScheduleRecord& record = status.record;
  const std::string name = absl::StrCat("schedule ", record.name, ": ");
  if (!status.trouble.empty()) return name + status.trouble;
  if (record.running.has_value()) {
    const bool skipped = record.planned.skipped_time.has_value() &&
                         *record.planned.skipped_time >= record.running->started;
    if (skipped) return absl::StrCat(name, record.planned.skip_reason);
  }
  if (record.failures == 0 || !record.last.has_value()) return "";
  return absl::StrCat(name, "failed ", record.failures, record.failures == 1 ? " time" : " times",
                      " in a row: ", record.last->message);
}

Scheduler::Scheduler(Runtime& runtime, ScheduleStore& store, Work work)
    : runtime_(runtime), store_(store), work_(std::move(work)) {}

absl::StatusOr<std::unique_ptr<Scheduler>> Scheduler::Open(Runtime& runtime, ScheduleStore& store,
                                                           const std::vector<Schedule>& schedules,
                                                           Work work) {
  auto scheduler = std::unique_ptr<Scheduler>(new Scheduler(runtime, store, std::move(work)));
  RETURN_IF_ERROR(scheduler->Load(schedules));
  return scheduler;
}

absl::Status Scheduler::Load(const std::vector<Schedule>& schedules) {
  ASSIGN_OR_RETURN(const std::vector<ScheduleRecord> stored, store_.List());
  std::map<std::string, ScheduleRecord> records;
  for (const ScheduleRecord& record : stored) records.emplace(record.name, record);
  const absl::Time now = runtime_.Now();
  std::map<std::string, Entry> entries;
  for (const Schedule& schedule : schedules) {
    const auto known = records.find(schedule.name);
    const bool is_new = known == records.end();
    ScheduleRecord record = is_new ? NewRecord(schedule, now, MakeDraw()) : known->second;
    if (Settle(schedule, now, MakeDraw(), &record)) RETURN_IF_ERROR(store_.End(record));
    if (is_new || record.planned != known->second.planned) {
      RETURN_IF_ERROR(store_.SavePlanned(record));
    }
    if (!is_new) records.erase(known);
    entries.insert({schedule.name, {schedule, std::move(record)}});
  }
  for (const auto& [name, record] : records) RETURN_IF_ERROR(store_.Remove(name));
  MutexLock lock(mutex_);
  entries_ = std::move(entries);
  return absl::OkStatus();
}

void Scheduler::Run(const CallContext& context, const CallContext& work) {
  while (!context.stopped()) {
    woken_.store(false, std::memory_order_release);
    const absl::Time next = Look(work);
    runtime_.IdleUntil(next,
                       [&] { return woken_.load(std::memory_order_acquire) || context.stopped(); });
  }
  workers_.clear();  // waits
  // What could not be written is tried once more; if it fails again, the start was interrupted.
  for (const std::string& name : Names()) {
    const std::optional<Entry> entry = Find(name);
    if (entry.has_value() && entry->end_unsaved) store_.End(entry->record).IgnoreError();
  }
}

void Scheduler::Replace(std::vector<Schedule> schedules) {
  {
    MutexLock lock(mutex_);
    replacement_ = std::move(schedules);
    replacement_retry_ = absl::InfinitePast();
  }
  Wake();
}

std::vector<ScheduleStatus> Scheduler::status() const {
  MutexLock lock(mutex_);
  std::vector<ScheduleStatus> result;
  for (const auto& [name, entry] : entries_) {
    if (entry.removed) continue;
    result.push_back({entry.schedule, entry.record,
                      entry.trouble.empty() ? replacement_trouble_ : entry.trouble});
  }
  return result;
}

absl::Time Scheduler::Look(const CallContext& work) {
  const absl::Time now = runtime_.Now();
  Reap();
  TakeReplacement(now);
  absl::Time next = absl::InfiniteFuture();
  for (const std::string& name : Names()) next = std::min(next, LookAt(name, now, work));
  MutexLock lock(mutex_);
  return replacement_.has_value() ? std::min(next, replacement_retry_) : next;
}

void Scheduler::TakeReplacement(absl::Time now) {
  std::optional<std::vector<Schedule>> schedules;
  {
    MutexLock lock(mutex_);
    if (IsWaiting(replacement_retry_, now)) return;
    schedules = std::exchange(replacement_, std::nullopt);
  }
  if (!schedules.has_value()) return;
  const absl::Status taken = TakeOver(*schedules, now);
  MutexLock lock(mutex_);
  replacement_trouble_ = TroubleOf(taken);
  if (taken.ok() || replacement_.has_value()) return;
  replacement_ = std::move(schedules);
  replacement_retry_ = now + kStoreRetry;
}

absl::Status Scheduler::TakeOver(const std::vector<Schedule>& schedules, absl::Time now) {
  std::set<std::string> names;
  for (const Schedule& schedule : schedules) {
    names.insert(schedule.name);
    const std::optional<Entry> known = Find(schedule.name);
    ScheduleRecord record =
        known.has_value() ? known->record : NewRecord(schedule, now, MakeDraw());
    Adopt(schedule, now, MakeDraw(), &record);
    if (!known.has_value() || record.planned != known->record.planned) {
      RETURN_IF_ERROR(store_.SavePlanned(record));
    }
    MutexLock lock(mutex_);
    // Of one that is known, a worker may have changed the rest meanwhile.
    Entry& entry = entries_.insert({schedule.name, {schedule, record}}).first->second;
    entry.schedule = schedule;
    entry.record.planned = record.planned;
    entry.removed = false;
  }
  MutexLock lock(mutex_);
  for (auto& [name, entry] : entries_) entry.removed = !names.contains(name);
  return absl::OkStatus();
}

absl::Time Scheduler::LookAt(const std::string& name, absl::Time now, const CallContext& work) {
  const std::optional<Entry> seen = Find(name);
  if (!seen.has_value()) return absl::InfiniteFuture();
  if (IsWaiting(seen->retry, now)) return seen->retry;
  const absl::Status done = Act(*seen, now, work);
  MutexLock lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return absl::InfiniteFuture();
  Entry& entry = found->second;
  if (done.ok() && entry.end_unsaved) return entry.retry;  // ended just now
  entry.trouble = TroubleOf(done);
  entry.retry = done.ok() ? absl::InfinitePast() : now + kStoreRetry;
  if (!done.ok()) return entry.retry;
  return entry.removed ? absl::InfiniteFuture()
                       : entry.record.planned.next_start.value_or(absl::InfiniteFuture());
}

absl::Status Scheduler::Act(const Entry& entry, absl::Time now, const CallContext& work) {
  ScheduleRecord record = entry.record;
  if (entry.removed && record.running.has_value()) return absl::OkStatus();
  if (entry.removed) {
    workers_.erase(record.name);
    RETURN_IF_ERROR(store_.Remove(record.name));
    MutexLock lock(mutex_);
    entries_.erase(record.name);
    return absl::OkStatus();
  }
  if (entry.end_unsaved) {
    RETURN_IF_ERROR(store_.End(record));
    MutexLock lock(mutex_);
    entries_.at(record.name).end_unsaved = false;
  }
  const Decision decision = Decide(entry.schedule, record, now, MakeDraw());
  if (decision.kind == Decision::Kind::kWait) return absl::OkStatus();
  record.planned = decision.planned;
  if (decision.kind == Decision::Kind::kStart) {
    record.running = decision.running;
    RETURN_IF_ERROR(store_.Begin(record));
    Begin(entry.schedule, record, work);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(store_.SavePlanned(record));
  MutexLock lock(mutex_);
  entries_.at(record.name).record.planned = record.planned;
  return absl::OkStatus();
}

void Scheduler::Begin(const Schedule& schedule, const ScheduleRecord& record,
                      const CallContext& work) {
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_.at(record.name);
    entry.record.planned = record.planned;
    entry.record.running = record.running;
  }
  workers_.erase(record.name);  // of the start before, which has ended
  workers_[record.name] = runtime_.Start([this, schedule, work] { DoWork(schedule, work); });
}

void Scheduler::DoWork(const Schedule& schedule, const CallContext& context) {
  const absl::StatusOr<WorkReport> report = work_(schedule, context);
  const absl::Time now = runtime_.Now();
  const std::optional<Entry> begun = Find(schedule.name);
  if (!begun.has_value()) return;  // never: it stays while the work runs
  ScheduleRecord record = begun->record;
  Conclude(report, now, context.stopped(), &record);
  const absl::Status saved = store_.End(record);
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_.at(schedule.name);
    record.planned = entry.record.planned;  // may have gone on meanwhile
    entry.record = std::move(record);
    entry.end_unsaved = !saved.ok();
    if (!saved.ok()) {
      entry.trouble = TroubleOf(saved);
      entry.retry = now + kStoreRetry;
    }
  }
  Wake();
}

void Scheduler::Reap() {
  for (const std::string& name : Names()) {
    const std::optional<Entry> entry = Find(name);
    if (entry.has_value() && !entry->record.running.has_value()) workers_.erase(name);
  }
}

Draw Scheduler::MakeDraw() {
  return [this] { return runtime_.Random(); };
}

std::optional<Scheduler::Entry> Scheduler::Find(const std::string& name) const {
  MutexLock lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Scheduler::Names() const {
  MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

}  // namespace rollcall
