// ScheduleStore: what a state remembers of each schedule, so that a restart neither loses a start
// nor makes it twice. Thread-safe. Errors are those of sqlite.h. Times are handed in.
//
// A record has two writers, who do not touch each other's columns: who decides what starts when
// (SavePlanned, Begin) and who does the work (End).
#ifndef AGENT_STORE_SCHEDULE_STORE_H_
#define AGENT_STORE_SCHEDULE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"

namespace rollcall {

// How the work of a start ended. Numbers are stored.
enum class ScheduleResult : uint8_t {
  kSucceeded = 1,
  kBlocked = 2,      // there is a plan, and a guard blocks it
  kFailed = 3,       // the message says why
  kInterrupted = 4,  // Rollcall ended while it ran; it is made up for at the next start of Rollcall
};

struct ScheduleRecord {
  // What decides about starts.
  struct Planned {
    std::string definition;    // the expression and zone that the next start comes from
    absl::Time counted_until;  // all times due until then are started, skipped or of no concern
    std::optional<absl::Time> next_due;
    std::optional<absl::Time> next_start;    // next_due with its jitter; both or neither
    std::optional<absl::Time> skipped_due;   // the last time that was due and was not started
    std::optional<absl::Time> skipped_time;  // when that was decided
    std::string skip_reason;
    bool operator==(const Planned&) const = default;
  };
  struct Running {
    absl::Time due;
    absl::Time started;
    bool operator==(const Running&) const = default;
  };
  struct Ended {
    absl::Time due;
    absl::Time started;
    absl::Time ended;
    ScheduleResult result = ScheduleResult::kSucceeded;
    std::string message;
    std::string plan;  // ids; "" where there is none
    std::string run;
    bool operator==(const Ended&) const = default;
  };

  std::string name;
  Planned planned;
  std::optional<Running> running;
  std::optional<Ended> last;
  int64_t failures = 0;  // in a row
  std::optional<absl::Time> backing_off_until;
  bool operator==(const ScheduleRecord&) const = default;
};

class ScheduleStore {
 public:
  explicit ScheduleStore(Database& database) : database_(database) {}

  // All of them, by name.
  absl::StatusOr<std::vector<ScheduleRecord>> List();

  // Writes what is planned; makes the record where it is missing.
  absl::Status SavePlanned(const ScheduleRecord& record);

  // Writes what is planned and what runs, before it runs.
  absl::Status Begin(const ScheduleRecord& record);

  // Writes what ended, the failures and the backing off; nothing runs any more.
  absl::Status End(const ScheduleRecord& record);

  // OK where there is no such record.
  absl::Status Remove(const std::string& name);

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_SCHEDULE_STORE_H_
