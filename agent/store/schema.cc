#include "agent/store/schema.h"

namespace rollcall {
namespace {

// Times are nanoseconds since 1970. Enumerations are stored by number, which is why their numbers
// never change. `grp` is a group's name as served; in covered_groups and adopted_groups, folded.
constexpr char kPlansAndRuns[] = R"sql(
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO facts VALUES ('state_id', lower(hex(randomblob(16))));

CREATE TABLE plans (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, etag TEXT NOT NULL,
  created INTEGER NOT NULL, config_hash TEXT NOT NULL, state_id TEXT NOT NULL,
  activate INTEGER NOT NULL, deactivate INTEGER NOT NULL, add_membership INTEGER NOT NULL,
  remove_membership INTEGER NOT NULL, unchanged INTEGER NOT NULL, out_of_scope INTEGER NOT NULL,
  requests_used INTEGER NOT NULL, read_requests INTEGER NOT NULL, write_requests INTEGER NOT NULL,
  estimated INTEGER NOT NULL, document TEXT NOT NULL, document_sha256 TEXT NOT NULL) STRICT;
CREATE TABLE plan_directories (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, position INTEGER NOT NULL,
  directory TEXT NOT NULL, readable INTEGER NOT NULL, PRIMARY KEY (plan, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_snapshots (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, directory TEXT NOT NULL,
  time INTEGER NOT NULL, PRIMARY KEY (plan, directory)) STRICT, WITHOUT ROWID;
CREATE TABLE plan_covers (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, position INTEGER NOT NULL,
  directory TEXT NOT NULL, grp TEXT NOT NULL, PRIMARY KEY (plan, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_changes (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, position INTEGER NOT NULL,
  id TEXT NOT NULL, directory TEXT NOT NULL, action INTEGER NOT NULL, person TEXT NOT NULL,
  account TEXT NOT NULL, user_name TEXT NOT NULL, grp TEXT NOT NULL, reason TEXT NOT NULL,
  routed_from TEXT NOT NULL, group_id TEXT NOT NULL, linked_email TEXT NOT NULL,
  linked_external_id TEXT NOT NULL, PRIMARY KEY (plan, position)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX plan_changes_by_id ON plan_changes (plan, id);
CREATE TABLE plan_effects (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, change INTEGER NOT NULL,
  position INTEGER NOT NULL, directory TEXT NOT NULL, account TEXT NOT NULL,
  action INTEGER NOT NULL, group_id TEXT NOT NULL, PRIMARY KEY (plan, change, position)) STRICT, WITHOUT ROWID;
CREATE TABLE plan_findings (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL, cure TEXT NOT NULL,
  directory TEXT NOT NULL, observed INTEGER NOT NULL, bound INTEGER NOT NULL,
  PRIMARY KEY (plan, position)) STRICT, WITHOUT ROWID;
CREATE TABLE plan_subjects (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, finding INTEGER NOT NULL,
  position INTEGER NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (plan, finding, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, plan INTEGER NOT NULL REFERENCES plans,
  state INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, drift_left INTEGER NOT NULL,
  requests_used INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
CREATE INDEX runs_by_plan ON runs (plan);
CREATE TABLE run_waivers (
  run INTEGER NOT NULL REFERENCES runs, position INTEGER NOT NULL, guard TEXT NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;
-- intent: 1 from before the write is sent until its result is known. state: NULL until then.
CREATE TABLE journal (
  run INTEGER NOT NULL REFERENCES runs, change TEXT NOT NULL, intent INTEGER NOT NULL,
  state INTEGER, verified INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
  http_status INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (run, change)) STRICT, WITHOUT ROWID;
)sql";

constexpr char kHistory[] = R"sql(
-- What was applied: effect 0 is the change itself, from 1 on its effects.
CREATE TABLE applied (
  run INTEGER NOT NULL REFERENCES runs, change TEXT NOT NULL, effect INTEGER NOT NULL,
  directory TEXT NOT NULL, action INTEGER NOT NULL, account TEXT NOT NULL, grp TEXT NOT NULL,
  person TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (run, change, effect)
) STRICT, WITHOUT ROWID;
CREATE INDEX applied_by_time ON applied (time);
-- Directories in which a run has written, or may have.
CREATE TABLE touched (
  run INTEGER NOT NULL REFERENCES runs, directory TEXT NOT NULL, PRIMARY KEY (directory, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE deactivated_by_us (
  directory TEXT NOT NULL, account TEXT NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY (directory, account)) STRICT, WITHOUT ROWID;
CREATE TABLE repeats (
  directory TEXT NOT NULL, account TEXT NOT NULL, grp TEXT NOT NULL, action INTEGER NOT NULL,
  times INTEGER NOT NULL, PRIMARY KEY (directory, account, grp, action)) STRICT, WITHOUT ROWID;
CREATE TABLE asserted (
  directory TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (directory, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE applied_directories (directory TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE covered_groups (
  directory TEXT NOT NULL, grp TEXT NOT NULL, PRIMARY KEY (directory, grp)) STRICT, WITHOUT ROWID;
CREATE TABLE adopted_groups (
  directory TEXT NOT NULL, grp TEXT NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY (directory, grp)) STRICT, WITHOUT ROWID;
)sql";

constexpr char kPeople[] = R"sql(
CREATE TABLE links (
  directory TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, proof INTEGER NOT NULL,
  reason TEXT NOT NULL, severed INTEGER NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY (directory, account, person)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX links_live ON links (directory, account) WHERE severed = 0;
CREATE TABLE link_history (
  seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, event INTEGER NOT NULL, directory TEXT NOT NULL,
  account TEXT NOT NULL, person TEXT NOT NULL, proof INTEGER NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE holds (
  id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, email TEXT NOT NULL,
  kind INTEGER NOT NULL, reason TEXT NOT NULL, created INTEGER NOT NULL, until INTEGER,
  ended INTEGER) STRICT;
CREATE TABLE accepted_exports (
  seq INTEGER PRIMARY KEY, source TEXT NOT NULL, content_hash TEXT NOT NULL,
  people INTEGER NOT NULL, active_people INTEGER NOT NULL, groups INTEGER NOT NULL,
  memberships INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
CREATE INDEX accepted_by_source ON accepted_exports (source, seq);
-- absent_since: the first accepted export (seq) of the unbroken row that misses the person.
CREATE TABLE known_people (person TEXT PRIMARY KEY, absent_since INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX absent_people ON known_people (absent_since) WHERE absent_since IS NOT NULL;
-- Exports of plans that an export guard blocks: accepted when such a plan is applied with waivers.
CREATE TABLE proposed_exports (
  plan TEXT PRIMARY KEY, source TEXT NOT NULL, content_hash TEXT NOT NULL,
  people INTEGER NOT NULL, active_people INTEGER NOT NULL, groups INTEGER NOT NULL,
  memberships INTEGER NOT NULL, time INTEGER NOT NULL) STRICT;
CREATE TABLE proposed_people (
  plan TEXT NOT NULL REFERENCES proposed_exports ON DELETE CASCADE, person TEXT NOT NULL,
  PRIMARY KEY (plan, person)) STRICT, WITHOUT ROWID;
CREATE TABLE traits (
  directory TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (directory, key)
) STRICT, WITHOUT ROWID;
)sql";

// Waits that a directory asked for (429 or 503) while a run was at work.
constexpr char kThrottling[] = R"sql(
CREATE TABLE run_throttling (
  run INTEGER NOT NULL REFERENCES runs, directory TEXT NOT NULL, waits INTEGER NOT NULL,
  waited INTEGER NOT NULL, PRIMARY KEY (run, directory)) STRICT, WITHOUT ROWID;
)sql";

// What a plan holds for the case that it is refused while it is applied, what people are called in
// its findings, and what was refused for a reason that lasts.
constexpr char kRefusals[] = R"sql(
ALTER TABLE plan_changes ADD COLUMN writes INTEGER;
ALTER TABLE plan_subjects ADD COLUMN label TEXT NOT NULL DEFAULT '';
CREATE TABLE plan_reroutes (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE, change INTEGER NOT NULL,
  directory TEXT NOT NULL, account TEXT NOT NULL, user_name TEXT NOT NULL, grp TEXT NOT NULL,
  group_id TEXT NOT NULL, linked_email TEXT NOT NULL, linked_external_id TEXT NOT NULL,
  PRIMARY KEY (plan, change)) STRICT, WITHOUT ROWID;
-- rerouted: 1 once the change was handed over to its way in plan_reroutes.
ALTER TABLE journal ADD COLUMN finding TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN rerouted INTEGER NOT NULL DEFAULT 0;
-- Of `read_only`, which is about all changes of accounts or of memberships: account and group ''.
CREATE TABLE refusals (
  finding TEXT NOT NULL, directory TEXT NOT NULL, action INTEGER NOT NULL, account TEXT NOT NULL,
  group_id TEXT NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY (finding, directory, action, account, group_id)) STRICT, WITHOUT ROWID;
-- Of the waits, those that began with 503.
ALTER TABLE run_throttling ADD COLUMN busy INTEGER NOT NULL DEFAULT 0;
)sql";

// The order of runs and plans without the clock, which may be set back. runs.mark: counted up over
// all runs whenever one begins, goes on, is interrupted or ends. plans.begun: the highest mark when
// the plan was begun. Plans of before are older than every run.
constexpr char kOrder[] = R"sql(
ALTER TABLE plans ADD COLUMN begun INTEGER NOT NULL DEFAULT -1;
ALTER TABLE runs ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
)sql";

// What the service needs. run_events.change: NULL where the run's own state is told. requests: what
// a caller asked for under an id of its choice, so that asking again gives the same; digest: of
// what was asked, subject: the plan that it made or applied.
constexpr char kService[] = R"sql(
ALTER TABLE plans ADD COLUMN requester TEXT NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN requester_role TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN requester TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN requester_role TEXT NOT NULL DEFAULT '';
CREATE TABLE run_events (
  run INTEGER NOT NULL REFERENCES runs, number INTEGER NOT NULL, time INTEGER NOT NULL,
  state INTEGER NOT NULL, change TEXT, verified INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, http_status INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '', finding TEXT NOT NULL DEFAULT '',
  rerouted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run, number)) STRICT, WITHOUT ROWID;
CREATE TABLE requests (
  requester TEXT NOT NULL, request_id TEXT NOT NULL, digest TEXT NOT NULL, subject TEXT NOT NULL,
  time INTEGER NOT NULL, PRIMARY KEY (requester, request_id)) STRICT, WITHOUT ROWID;
)sql";

// Of a schedule: counted_until to skip_reason are what is planned, the next two what runs, the rest
// what ended last.
constexpr char kSchedules[] = R"sql(
CREATE TABLE schedules (
  name TEXT PRIMARY KEY, definition TEXT NOT NULL, counted_until INTEGER NOT NULL,
  next_due INTEGER, next_start INTEGER, skipped_due INTEGER, skipped_time INTEGER,
  skip_reason TEXT NOT NULL, running_due INTEGER, running_started INTEGER, last_due INTEGER,
  last_started INTEGER, last_ended INTEGER, last_result INTEGER, last_message TEXT,
  last_plan TEXT, last_run TEXT, failures INTEGER NOT NULL DEFAULT 0,
  backing_off_until INTEGER) STRICT, WITHOUT ROWID;
)sql";

// What is known of each directory now, for health and metrics. read: when a plan last read it
// completely; success: when it was last known to be as wanted; failed: since when it cannot be
// used, NULL: it can; plan: which the drift is of. directory_drift.directory: '' for what concerns
// all.
constexpr char kDirectories[] = R"sql(
CREATE TABLE directory_status (
  directory TEXT PRIMARY KEY, read INTEGER, success INTEGER, failed INTEGER,
  problem TEXT NOT NULL DEFAULT '', plan TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO directory_status (directory, read)
  SELECT directory, MAX(time) FROM plan_snapshots GROUP BY directory;
CREATE TABLE directory_drift (
  directory TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (directory, kind)) STRICT, WITHOUT ROWID;
-- Retention looks for the oldest.
CREATE INDEX plans_by_creation ON plans (created);
CREATE INDEX touched_by_run ON touched (run);
-- Runs (1) and plans (0) that retention has taken out, whose other rows are still to be deleted.
CREATE TABLE taken_out (
  is_run INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (is_run, seq)) STRICT, WITHOUT ROWID;
)sql";

// Repairs of links between accounts and SCIM records: in the state before their request is sent.
// outcome 0, ended NULL: at work, or interrupted.
constexpr char kRepairs[] = R"sql(
CREATE TABLE repairs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, organisation TEXT NOT NULL,
  action INTEGER NOT NULL, account TEXT NOT NULL, scim_directory TEXT NOT NULL,
  record TEXT NOT NULL, reason TEXT NOT NULL, outcome INTEGER NOT NULL DEFAULT 0, ended INTEGER,
  message TEXT NOT NULL DEFAULT '') STRICT;
)sql";

}  // namespace

const std::vector<const char*>& SchemaSteps() {
  static const std::vector<const char*>& kSteps =
      *new std::vector<const char*>{kPlansAndRuns, kHistory, kPeople,    kThrottling,  kRefusals,
                                    kOrder,        kService, kSchedules, kDirectories, kRepairs};
  return kSteps;
}

}  // namespace rollcall
