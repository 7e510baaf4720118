#include "reconciler/plan/plan.h"

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
