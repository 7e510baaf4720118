// Store: the state file. Opens it, brings it to the newest schema, and owns what is in it. Move
// nothing out of it: its parts refer to one connection. Thread-safe: every call is one transaction.
// No clock inside: times are handed in.
//
//   ASSIGN_OR_RETURN(auto store, Store::Open("rollcall.db"));
//   ASSIGN_OR_RETURN(Memory memory, store->memory().Load(now, "exports/people.json"));
//
// The file, its -wal and its -shm are made with mode 0600. Errors of opening: see sqlite.h; a file
// of a newer Rollcall or of another program is FAILED_PRECONDITION and left as it is.
#ifndef AGENT_STORE_STORE_H_
#define AGENT_STORE_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/directory_store.h"
#include "agent/store/export_store.h"
#include "agent/store/hold_store.h"
#include "agent/store/link_store.h"
#include "agent/store/memory_store.h"
#include "agent/store/plan_store.h"
#include "agent/store/repair_store.h"
#include "agent/store/request_store.h"
#include "agent/store/run_events.h"
#include "agent/store/run_journal.h"
#include "agent/store/run_store.h"
#include "agent/store/schedule_store.h"
#include "agent/store/sqlite.h"
#include "agent/store/trait_store.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

// What `check` warns about, a sentence with its cure each: a state file that others may read. Opens
// nothing; OK where the file is not there yet.
std::vector<std::string> StateFileWarnings(const std::string& file);

class Store {
 public:
  // Makes the file, or brings one up to date. Where it is a state file and this user's, nobody else
  // may read or write it from then on.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& file);

  PlanStore& plans() { return plans_; }
  RunStore& runs() { return runs_; }
  LinkStore& links() { return links_; }
  HoldStore& holds() { return holds_; }
  ExportStore& exports() { return exports_; }
  MemoryStore& memory() { return memory_; }
  ScheduleStore& schedules() { return schedules_; }
  StoredTraits& traits() { return traits_; }
  RunEvents& events() { return events_; }
  RequestStore& requests() { return requests_; }
  DirectoryStore& directories() { return directories_; }
  RepairStore& repairs() { return repairs_; }

  // The journal of one run; see RunJournal::Open. The store outlives it.
  absl::StatusOr<std::unique_ptr<RunJournal>> OpenJournal(const std::string& run,
                                                          Runtime& runtime) {
    return RunJournal::Open(*database_, runtime, run);
  }

  // Saves a plan with its document, and what a complete plan from the configured export wants
  // remembered: links, accounts seen active, covered groups (at once where the plan is EMPTY, else
  // once it has been applied), the export (at once where it is accepted, else with the plan).
  absl::Status SaveAndRemember(const PlanResult& result, const std::string& document,
                               const ExportFacts& exported, absl::Time now,
                               std::optional<int64_t> begun = std::nullopt);

  // 32 hex digits, random, made with the file: a plan applies only on the state that made it.
  const std::string& state_id() const { return state_id_; }
  // The file's canonical path; RunLock::Acquire wants it.
  const std::string& file() const { return database_->file(); }

 private:
  Store(std::unique_ptr<Database> database, std::string state_id);

  std::unique_ptr<Database> database_;
  const std::string state_id_;
  PlanStore plans_;
  RunStore runs_;
  LinkStore links_;
  HoldStore holds_;
  ExportStore exports_;
  MemoryStore memory_;
  ScheduleStore schedules_;
  StoredTraits traits_;
  RunEvents events_;
  RequestStore requests_;
  DirectoryStore directories_;
  RepairStore repairs_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_STORE_H_
