#include "reconciler/plan/plan.h"

#include "absl/strings/str_cat.h"

namespace rollcall {

const char* ActionName(Action action) {
  switch (action) {
    case Action::kActivate:
      return "ACTIVATE";
    case Action::kDeactivate:
      return "DEACTIVATE";
    case Action::kAddMembership:
      return "ADD_MEMBERSHIP";
    case Action::kRemoveMembership:
      return "REMOVE_MEMBERSHIP";
  }
  return "";
}

Change ThroughOwner(const Change& change) {
  Change result = change;
  result.directory = change.reroute->directory;
  result.account = change.reroute->account;
  result.user_name = change.reroute->user_name;
  result.group = change.reroute->group;
  result.group_id = change.reroute->group_id;
  result.linked_email = change.reroute->linked_email;
  result.linked_external_id = change.reroute->linked_external_id;
  result.routed_from = change.directory;
  result.effects.insert(result.effects.begin(),
                        {change.directory, change.account, change.action, change.group_id});
  result.writes.reset();
  result.reroute.reset();
  return result;
}

std::string SubjectOf(const Change& change) {
  return change.person.empty() ? absl::StrCat(change.directory, "/", change.account)
                               : change.person;
}

void Counts::Add(Action action) {
  switch (action) {
    case Action::kActivate:
      ++activate;
      break;
    case Action::kDeactivate:
      ++deactivate;
      break;
    case Action::kAddMembership:
      ++add_membership;
      break;
    case Action::kRemoveMembership:
      ++remove_membership;
      break;
  }
}

const char* PlanStateName(PlanState state) {
  switch (state) {
    case PlanState::kPlanning:
      return "PLANNING";
    case PlanState::kReady:
      return "READY";
    case PlanState::kBlocked:
      return "BLOCKED";
    case PlanState::kEmpty:
      return "EMPTY";
    case PlanState::kApplying:
      return "APPLYING";
    case PlanState::kApplied:
      return "APPLIED";
    case PlanState::kStale:
      return "STALE";
    case PlanState::kFailed:
      return "FAILED";
  }
  return "";
}

}  // namespace rollcall
