// HashPlan: the etag of a plan. In it: what is applied (changes with the facts that staleness is
// judged by), what is shown (findings, counts, budget, directories) and where it belongs
// (configuration, state file, groups it covers). Not in it: id, create_time, requests_used, the
// snapshots' times, the etag itself, and the state, which follows from changes and findings and
// moves on while the plan is applied.
//
// Each list is preceded by its length, so that no field can pass for one of its neighbours. What
// came later (writes, re-routes, labels) is preceded by its name and left out where it is not set:
// the plans of an earlier Rollcall keep their etags, and its interrupted runs can go on.
#include "reconciler/base/fingerprint.h"
#include "reconciler/plan/planner.h"

namespace rollcall {
namespace {

// Names the layout of the fields: another layout is another hash.
constexpr absl::string_view kLayout = "rollcall plan 1";

int64_t Size(size_t size) { return static_cast<int64_t>(size); }

void AddTexts(const std::vector<std::string>& texts, Fingerprint& hash) {
  hash.Add(Size(texts.size()));
  for (const std::string& text : texts) hash.Add(text);
}

void AddReroute(const Reroute& reroute, Fingerprint& hash) {
  hash.Add("reroute");
  hash.Add(reroute.directory).Add(reroute.account).Add(reroute.user_name);
  hash.Add(reroute.group).Add(reroute.group_id);
  hash.Add(reroute.linked_email).Add(reroute.linked_external_id);
}

void AddChange(const Change& change, Fingerprint& hash) {
  hash.Add(change.id).Add(change.directory).Add(static_cast<int64_t>(change.action));
  hash.Add(change.person).Add(change.account).Add(change.user_name);
  hash.Add(change.group).Add(change.reason).Add(change.routed_from);
  hash.Add(change.group_id).Add(change.linked_email).Add(change.linked_external_id);
  hash.Add(Size(change.effects.size()));
  for (const Effect& effect : change.effects) {
    hash.Add(effect.directory).Add(effect.account).Add(static_cast<int64_t>(effect.action));
    hash.Add(effect.group_id);
  }
  if (change.writes.has_value()) hash.Add("writes").Add(*change.writes);
  if (change.reroute.has_value()) AddReroute(*change.reroute, hash);
}

void AddFinding(const Finding& finding, Fingerprint& hash) {
  hash.Add(finding.name).Add(static_cast<int64_t>(finding.severity));
  hash.Add(finding.message).Add(finding.cure).Add(finding.directory);
  hash.Add(finding.observed).Add(finding.limit);
  AddTexts(finding.subjects, hash);
}

void AddCounts(const Counts& counts, Fingerprint& hash) {
  hash.Add(counts.activate).Add(counts.deactivate);
  hash.Add(counts.add_membership).Add(counts.remove_membership);
  hash.Add(counts.unchanged).Add(counts.out_of_scope);
}

void AddBudget(const Budget& budget, Fingerprint& hash) {
  hash.Add(budget.read_requests).Add(budget.write_requests);
  hash.Add(absl::ToInt64Nanoseconds(budget.estimated_duration));
}

}  // namespace

std::string HashPlan(const Plan& plan) {
  Fingerprint hash;
  hash.Add(kLayout).Add(plan.config_hash).Add(plan.state_id);
  AddCounts(plan.counts, hash);
  AddBudget(plan.budget, hash);
  hash.Add(Size(plan.changes.size()));
  for (const Change& change : plan.changes) AddChange(change, hash);
  hash.Add(Size(plan.findings.size()));
  for (const Finding& finding : plan.findings) AddFinding(finding, hash);
  AddTexts(plan.directories, hash);
  AddTexts(plan.unreadable, hash);
  hash.Add(Size(plan.covered_groups.size()));
  for (const auto& [directory, group] : plan.covered_groups) hash.Add(directory).Add(group);
  for (const auto& [id, label] : plan.labels) hash.Add("label").Add(id).Add(label);
  return hash.Hex();
}

}  // namespace rollcall
