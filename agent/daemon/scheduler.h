// Scheduler: starts what the schedules say, when they say it (timetable.h has the rules), and
// remembers it in the state. It waits in one place for all schedules and costs next to nothing
// while nothing is due; each piece of work runs on a worker of its own, so that one that hangs
// keeps back nothing but its own schedule, which never overlaps itself.
//
//   ASSIGN_OR_RETURN(auto scheduler, Scheduler::Open(runtime, store.schedules(), schedules, work));
//   scheduler->Run({&stopping}, {&interrupting});  // on a thread of its own
//
// Durable before acting: a start is in the state before its work begins; where that cannot be
// written the work does not begin, and is tried again after kStoreRetry. A start that is in the
// state without its end when Rollcall starts was interrupted, and is made up for once.
//
// One scheduler a state at a time: the owner sees to it. Replace and status may be called from any
// thread and never wait for work or for the state file. Neither the runtime, the store nor the work
// may be taken away before Run has returned.
#ifndef AGENT_DAEMON_SCHEDULER_H_
#define AGENT_DAEMON_SCHEDULER_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/daemon/schedule.h"
#include "agent/daemon/timetable.h"
#include "agent/store/schedule_store.h"
#include "reconciler/base/call_context.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct ScheduleStatus {
  Schedule schedule;
  // What ended last, what runs and since when, the next start, the last one that was skipped and
  // why, failures in a row, backing off until when.
  ScheduleRecord record;
  // Why the state file cannot be written, which keeps starts from being made; "".
  std::string trouble;
};

// What is wrong with a schedule, a sentence for health; "" where nothing is.
std::string HealthProblem(const ScheduleStatus& status);

class Scheduler {
 public:
  static constexpr absl::Duration kStoreRetry = absl::Seconds(30);

  // Does the work of one start; blocks. Called on several threads at once, for different schedules.
  // See Conclude (timetable.h) for what becomes of errors.
  using Work = std::function<absl::StatusOr<WorkReport>(const Schedule& schedule,
                                                        const CallContext& context)>;

  // Reads what the state remembers, and forgets schedules that are no more. Errors are those of
  // sqlite.h. Names differ.
  static absl::StatusOr<std::unique_ptr<Scheduler>> Open(Runtime& runtime, ScheduleStore& store,
                                                         const std::vector<Schedule>& schedules,
                                                         Work work);

  // Makes starts until `context` is stopped (noticed as IdleUntil does); then waits until the work
  // that goes on has ended. `work` is what the work is called with: stopping it as well interrupts
  // the work. Call it once.
  void Run(const CallContext& context, const CallContext& work);

  // From now on these schedules count; taken over at the next look, at once as a rule. What runs
  // goes on, also where its schedule is no more (which then is no longer shown).
  void Replace(std::vector<Schedule> schedules);

  // By name.
  std::vector<ScheduleStatus> status() const;

 private:
  struct Entry {
    Schedule schedule;
    ScheduleRecord record;
    bool removed = false;      // is no more, but its work goes on
    bool end_unsaved = false;  // `record.last` is not in the state yet
    std::string trouble = {};
    absl::Time retry = absl::InfinitePast();  // not before, while there is trouble
  };

  Scheduler(Runtime& runtime, ScheduleStore& store, Work work);
  absl::Status Load(const std::vector<Schedule>& schedules);

  // The parts of a look, on the thread of Run.
  absl::Time Look(const CallContext& work);
  void TakeReplacement(absl::Time now);
  absl::Status TakeOver(const std::vector<Schedule>& schedules, absl::Time now);
  absl::Time LookAt(const std::string& name, absl::Time now, const CallContext& work);
  absl::Status Act(const Entry& entry, absl::Time now, const CallContext& work);
  void Begin(const Schedule& schedule, const ScheduleRecord& record, const CallContext& work);
  void Reap();

  // On a worker.
  void DoWork(const Schedule& schedule, const CallContext& context);

  Draw MakeDraw();
  void Wake() {
    woken_.store(true, std::memory_order_release);
    runtime_.Rouse();
  }
  std::optional<Entry> Find(const std::string& name) const;
  std::vector<std::string> Names() const;

  Runtime& runtime_;
  ScheduleStore& store_;
  const Work work_;
  std::atomic<bool> woken_{false};
  std::map<std::string, std::unique_ptr<Runtime::Background>> workers_;  // of the thread of Run
  mutable Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::optional<std::vector<Schedule>> replacement_ ABSL_GUARDED_BY(mutex_);
  absl::Time replacement_retry_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::string replacement_trouble_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_SCHEDULER_H_
