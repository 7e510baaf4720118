#include "agent/render/resources.h"

#include <algorithm>
#include <limits>
#include <string>

namespace rollcall {
namespace {

// The names are the same on both sides; the enumerators of the domain lack the "unspecified" one.
v1::Action ToAction(Action action) {
  v1::Action result = v1::ACTION_UNSPECIFIED;
  v1::Action_Parse(ActionName(action), &result);
  return result;
}

v1::Finding::Severity ToSeverity(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return v1::Finding::INFO;
    case Severity::kWarning:
      return v1::Finding::WARNING;
    case Severity::kWithholding:
      return v1::Finding::WITHHOLDING;
    case Severity::kBlocking:
      return v1::Finding::BLOCKING;
  }
  return v1::Finding::SEVERITY_UNSPECIFIED;
}

// Whole milliseconds: estimates and waits are no better known than that, and the text stays short.
void SetDuration(absl::Duration duration, google::protobuf::Duration* out) {
  const int64_t millis = absl::ToInt64Milliseconds(std::min(duration, absl::Hours(24 * 365)));
  out->set_seconds(millis / 1000);
  out->set_nanos(static_cast<int32_t>(millis % 1000) * 1'000'000);
}

}  // namespace

int32_t ToCount(int64_t number) {
  return static_cast<int32_t>(std::clamp<int64_t>(number, std::numeric_limits<int32_t>::min(),
                                                  std::numeric_limits<int32_t>::max()));
}

void SetTimestamp(absl::Time time, google::protobuf::Timestamp* out) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out->set_seconds(seconds);
  out->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void SetCounts(const Counts& counts, v1::Counts* out) {
  out->set_activate(ToCount(counts.activate));
  out->set_deactivate(ToCount(counts.deactivate));
  out->set_add_membership(ToCount(counts.add_membership));
  out->set_remove_membership(ToCount(counts.remove_membership));
  out->set_unchanged(ToCount(counts.unchanged));
  out->set_out_of_scope(ToCount(counts.out_of_scope));
}

void SetBudget(const Budget& budget, v1::Budget* out) {
  out->set_read_requests(ToCount(budget.read_requests));
  out->set_write_requests(ToCount(budget.write_requests));
  SetDuration(budget.estimated_duration, out->mutable_estimated_duration());
}

v1::Outcome ToResource(const Outcome& outcome, const std::string& through) {
  v1::Outcome result;
  result.set_change(outcome.change);
  v1::Outcome::State state = v1::Outcome::STATE_UNSPECIFIED;
  v1::Outcome::State_Parse(OutcomeStateName(outcome.state), &state);
  result.set_state(state);
  result.set_verified(outcome.verified);
  result.set_attempts(ToCount(outcome.attempts));
  result.set_http_status(outcome.http_status);
  result.set_message(outcome.message);
  result.set_finding(outcome.finding);
  result.set_rerouted_through(through);
  return result;
}

v1::Plan::State ToResource(PlanState state) {
  v1::Plan::State result = v1::Plan::STATE_UNSPECIFIED;
  v1::Plan::State_Parse(PlanStateName(state), &result);
  return result;
}

v1::Run::State ToResource(RunState state) {
  v1::Run::State result = v1::Run::STATE_UNSPECIFIED;
  v1::Run::State_Parse(RunStateName(state), &result);
  return result;
}

v1::Change ToResource(const Change& change) {
  v1::Change result;
  result.set_id(change.id);
  result.set_directory(change.directory);
  result.set_action(ToAction(change.action));
  result.set_person(change.person);
  result.set_account(change.account);
  result.set_user_name(change.user_name);
  result.set_group(change.group);
  result.set_reason(change.reason);
  result.set_routed_from(change.routed_from);
  for (const Effect& effect : change.effects) {
    v1::Effect* added = result.add_effects();
    added->set_directory(effect.directory);
    added->set_account(effect.account);
    added->set_action(ToAction(effect.action));
  }
  if (change.reroute.has_value()) {
    result.set_reroute_directory(change.reroute->directory);
    result.set_reroute_account(change.reroute->account);
  }
  return result;
}

v1::Finding ToResource(const Finding& finding) {
  v1::Finding result;
  result.set_name(finding.name);
  result.set_severity(ToSeverity(finding.severity));
  result.set_message(finding.message);
  result.set_cure(finding.cure);
  result.set_directory(finding.directory);
  result.set_observed(ToCount(finding.observed));
  result.set_limit(ToCount(finding.limit));
  for (const std::string& subject : finding.subjects) result.add_subjects(subject);
  return result;
}

v1::Plan ToResource(const Plan& plan) {
  v1::Plan result;
  result.set_id(plan.id);
  result.set_state(ToResource(plan.state));
  result.set_etag(plan.etag);
  SetTimestamp(plan.create_time, result.mutable_create_time());
  SetCounts(plan.counts, result.mutable_counts());
  result.set_requests_used(ToCount(plan.requests_used));
  SetBudget(plan.budget, result.mutable_budget());
  for (const Change& change : plan.changes) *result.add_changes() = ToResource(change);
  for (const Finding& finding : plan.findings) *result.add_findings() = ToResource(finding);
  for (const std::string& directory : plan.directories) result.add_directories(directory);
  for (const std::string& directory : plan.unreadable) result.add_unreadable(directory);
  for (const auto& [person, name] : plan.labels) {
    v1::Label* added = result.add_labels();
    added->set_person(person);
    added->set_name(name);
  }
  return result;
}

v1::Run ToResource(const RunRecord& run) {
  v1::Run result;
  result.set_id(run.id);
  result.set_plan(run.plan);
  result.set_state(ToResource(run.state));
  result.set_drift_left(ToCount(run.drift_left));
  result.set_requests_used(ToCount(run.requests_used));
  SetTimestamp(run.started, result.mutable_start_time());
  if (run.ended.has_value()) SetTimestamp(*run.ended, result.mutable_end_time());
  for (const Waiver& waiver : run.waivers) {
    v1::Waiver* added = result.add_waivers();
    added->set_guard(waiver.guard);
    added->set_reason(waiver.reason);
  }
  result.set_message(run.message);
  for (const auto& [directory, throttling] : run.throttling) {
    v1::Throttling* added = result.add_throttling();
    added->set_directory(directory);
    added->set_waits(ToCount(throttling.waits));
    added->set_busy(ToCount(throttling.busy));
    SetDuration(throttling.waited, added->mutable_waited());
  }
  for (const std::string& change : run.unknown) result.add_in_doubt(change);
  return result;
}

v1::Run ToResource(const RunRecord& run, const Plan& plan) {
  v1::Run result = ToResource(run);
  result.mutable_progress()->set_done(ToCount(static_cast<int64_t>(run.outcomes.size())));
  result.mutable_progress()->set_total(ToCount(static_cast<int64_t>(plan.changes.size())));
  for (const Change& change : plan.changes) {
    const auto outcome = run.outcomes.find(change.id);
    if (outcome == run.outcomes.end()) continue;
    const bool rerouted = outcome->second.rerouted && change.reroute.has_value();
    *result.add_outcomes() =
        ToResource(outcome->second, rerouted ? change.reroute->directory : std::string());
  }
  return result;
}

}  // namespace rollcall
