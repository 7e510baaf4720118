// A plan and a run as the tests of rendering need them.
#ifndef TESTS_AGENT_RENDER_SAMPLE_PLAN_H_
#define TESTS_AGENT_RENDER_SAMPLE_PLAN_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

inline Change SampleChange(int number, Action action, const std::string& user_name,
                           const std::string& group = "") {
  Change change;
  change.id = absl::StrCat("c", number);
  change.directory = "corp";
  change.action = action;
  change.person = absl::StrCat("id-", user_name);
  change.account = absl::StrCat("acc-", user_name);
  change.user_name = user_name;
  change.group = group;
  change.reason = "A1: the export says that the person is inactive";
  change.linked_email = absl::StrCat(user_name, "@example.com");
  return change;
}

inline void AddSample(Plan& plan, Action action, const std::string& user_name,
                      const std::string& group = "") {
  plan.changes.push_back(
      SampleChange(static_cast<int>(plan.changes.size()) + 1, action, user_name, group));
  switch (action) {
    case Action::kActivate:
      ++plan.counts.activate;
      break;
    case Action::kDeactivate:
      ++plan.counts.deactivate;
      break;
    case Action::kAddMembership:
      ++plan.counts.add_membership;
      break;
    case Action::kRemoveMembership:
      ++plan.counts.remove_membership;
      break;
  }
}

inline Plan SamplePlan() {
  Plan plan;
  plan.id = "p-0123456789abcdef";
  plan.state = PlanState::kReady;
  plan.etag = std::string(64, 'a');
  plan.create_time = absl::FromUnixSeconds(1767225600);
  plan.directories = {"corp"};
  plan.requests_used = 7;
  plan.budget = {9, 3, absl::Milliseconds(1500)};
  plan.counts.unchanged = 497;
  AddSample(plan, Action::kDeactivate, "bob");
  AddSample(plan, Action::kRemoveMembership, "carol", "engineers");
  AddSample(plan, Action::kActivate, "ada");
  return plan;
}

inline Finding SampleFinding(const std::string& name, Severity severity) {
  Finding finding;
  finding.name = name;
  finding.severity = severity;
  finding.message = "The plan deactivates 1 account where nothing was applied before.";
  finding.cure = "Read the changes; if they are right, waive first_run.";
  finding.directory = "corp";
  finding.observed = 1;
  finding.subjects = {"id-bob"};
  return finding;
}

}  // namespace rollcall

#endif  // TESTS_AGENT_RENDER_SAMPLE_PLAN_H_
