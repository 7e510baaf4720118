// The pure core: from the export and the snapshots to a plan. No I/O, no clock, no threads.
//
//   link -> project -> diff          MakeDraft
//   probe                            (reading who owns what would be touched: WhatToProbe)
//   route -> guards -> plan          FinishPlan
//
// The caller keeps every input alive while the draft lives: it points into them.
#ifndef RECONCILER_PLAN_PLANNER_H_
#define RECONCILER_PLAN_PLANNER_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "reconciler/plan/diff.h"
#include "reconciler/plan/entitlement.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/linker.h"
#include "reconciler/plan/managed_groups.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/projection.h"
#include "reconciler/plan/spec.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

struct DirectoryInput {
  std::string id;                    // as in the spec
  std::optional<Snapshot> snapshot;  // absent: unreadable, or left out by --directory
  std::string unreadable;            // why it could not be read; empty: it was not asked for
  DirectoryTraits traits;
};

struct PlanInput {
  const Spec& spec;
  const Export& exported;
  const Memory& memory;
  const std::vector<DirectoryInput>& directories;  // in the order of spec.directories
  absl::Time now;
  // `rollcall deactivate|activate EMAIL`: only this person's changes are planned, and export
  // guards, first_run and max_* do not stop them. A stable id, or an e-mail where the export does
  // not know the person.
  std::optional<std::string> only_person;
  int64_t requests_used = 0;
  std::string plan_id;
  std::string state_id;
};

// One directory that was read, on its way through the core.
struct DraftDirectory {
  const DirectorySpec* spec = nullptr;
  const DirectoryInput* input = nullptr;
  DirectoryLinks links;
  Entitlement entitlement;
  ManagedGroups groups;
  Projection projection;
  std::vector<DiffRow> rows;
  const Roster& roster() const { return input->snapshot->roster; }
};

struct Draft {
  std::vector<DraftDirectory> directories;  // only those that were read, in the spec's order
  std::vector<bool> excluded;
  std::vector<Finding> findings;  // unreadable_directory and the like
  std::vector<std::string> unreadable;
};

Draft MakeDraft(const PlanInput& input);

// What to probe, by directory id: the accounts and groups that would be touched, and no others
// (M2).
std::map<std::string, ProbeRequest> WhatToProbe(const Draft& draft);

// What a complete plan from the configured export wants remembered (rules L3, A3, A2, first_run).
struct ToRemember {
  std::vector<RecordedLink> links;  // of the directories that were read; hand-made ones excluded
  std::vector<std::string> directories;  // whose links these are
  // (directory, account): seen active now, so that they no longer count as deactivated by Rollcall.
  std::vector<std::pair<std::string, std::string>> seen_active;
  // Whether the export counts as accepted without a waiver (rule A3): no export guard blocks.
  bool export_accepted = false;
};

struct PlanResult {
  Plan plan;
  ToRemember to_remember;
};

PlanResult FinishPlan(const PlanInput& input, const Draft& draft,
                      const std::map<std::string, ProbeResult>& probes);

// Etag: SHA-256 over everything that is applied or shown, except id, times and requests used.
std::string HashPlan(const Plan& plan);

// Every name that may be waived.
const std::vector<std::string>& WaivableGuards();
bool IsExportGuard(absl::string_view guard);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_PLANNER_H_
