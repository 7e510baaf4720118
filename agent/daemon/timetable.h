// The rules by which a schedule starts, is skipped, is made up for and backs off, as functions of
// its record and the time. Pure: no clock, no store, no threads; chances are handed in.
//
// A time that is due is counted once: started or skipped. `counted_until` says how far. The next
// start is drawn (due + jitter) as soon as the one before is counted, and kept in the record.
//
//   * Missed. A start whose time has passed is made now, and stands for every time that was due
//     until now: whether Rollcall was not running, the machine was suspended, or the clock was set
//     forward. A schedule that is new to the state is first due at its next time.
//   * Running. What falls due while the schedule's work goes on is skipped.
//   * Failed. After the n-th failure in a row the schedule backs off for BackoffAfter(n) from the
//     end of the work: what falls due until then is skipped. A success, or a plan that a guard
//     blocks (an answer, not a failure), ends it.
//   * Interrupted. What Rollcall's own end has cut off is made up for at the next start of
//   Rollcall.
//     Where nothing could be recorded (a crash, kill -9), it counts as a failure as well, and from
//     the second failure in a row on it waits until the schedule has backed off, so that work which
//     brings Rollcall down does not do so again and again. An end that was asked for is none.
//   * Clock set back. Times that were counted already are not started again, until the clock has
//     come back to them. A step of more than kLongestStepBack says that the clock was wrong before:
//     then the schedule is due at its next time by the new clock.
//   * Changed. With another expression or zone the schedule is due at its next time from now on; a
//     start that has been missed already is still made.
#ifndef AGENT_DAEMON_TIMETABLE_H_
#define AGENT_DAEMON_TIMETABLE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/daemon/schedule.h"
#include "agent/store/schedule_store.h"

namespace rollcall {

// As cron does: smaller steps are corrections, larger ones another time.
inline constexpr absl::Duration kLongestStepBack = absl::Hours(3);
// Of missed times; what is older is not counted one by one.
inline constexpr int kMostMissed = 10000;
inline constexpr absl::Duration kFirstBackoff = absl::Minutes(1);
inline constexpr absl::Duration kLongestBackoff = absl::Hours(1);

// 1, 2, 4, … minutes for the 1st, 2nd, 3rd failure in a row; from the 7th on an hour. 0 for none.
absl::Duration BackoffAfter(int64_t failures);

// 64 random bits.
using Draw = std::function<uint64_t()>;

// Of a schedule that the state does not know.
ScheduleRecord NewRecord(const Schedule& schedule, absl::Time now, const Draw& draw);

// The schedule may have been changed since the record was made.
void Adopt(const Schedule& schedule, absl::Time now, const Draw& draw, ScheduleRecord* record);

// When Rollcall starts: Adopt, and makes up for what was interrupted. True: `last` has changed (the
// record says that it was cut off).
bool Settle(const Schedule& schedule, absl::Time now, const Draw& draw, ScheduleRecord* record);

struct Decision {
  // kReplanned, kSkip: `planned` has changed. kStart: `running` is there as well.
  enum class Kind : uint8_t { kWait, kReplanned, kSkip, kStart };
  Kind kind = Kind::kWait;
  ScheduleRecord::Planned planned;
  std::optional<ScheduleRecord::Running> running;
};
Decision Decide(const Schedule& schedule, const ScheduleRecord& record, absl::Time now,
                const Draw& draw);

// What the work of a start has come to.
struct WorkReport {
  ScheduleResult result = ScheduleResult::kSucceeded;  // not kInterrupted
  std::string message;                                 // a sentence
  std::string plan;                                    // ids; "" where there is none
  std::string run;
};
// An error is a failure; CANCELLED while `stopped` is an interruption. Nothing runs afterwards.
void Conclude(const absl::StatusOr<WorkReport>& report, absl::Time now, bool stopped,
              ScheduleRecord* record);

}  // namespace rollcall

#endif  // AGENT_DAEMON_TIMETABLE_H_
