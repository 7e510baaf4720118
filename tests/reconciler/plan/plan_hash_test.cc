// HashPlan: whatever is applied or shown changes the etag; what passes with time does not.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {
namespace {

Plan Sample() {
  Plan plan;
  plan.id = "plan-1";
  plan.state = PlanState::kReady;
  plan.config_hash = "config";
  plan.state_id = "state";
  plan.counts = {1, 2, 3, 4, 5, 6};
  plan.budget = {7, 8, absl::Seconds(9)};
  Change change;
  change.id = "c1";
  change.directory = "dir";
  change.person = "p1";
  change.account = "a1";
  change.user_name = "ada";
  change.group = "eng";
  change.reason = "G1: listed";
  change.effects = {{"cloud", "x1", Action::kDeactivate}};
  change.group_id = "g1";
  change.linked_email = "ada@example.com";
  change.linked_external_id = "p1";
  plan.changes = {change};
  Finding finding;
  finding.name = "missing";
  finding.message = "1 person has no account";
  finding.cure = "create it";
  finding.directory = "dir";
  finding.observed = 1;
  finding.limit = 2;
  finding.subjects = {"p2"};
  plan.findings = {finding};
  plan.directories = {"dir"};
  plan.unreadable = {"other"};
  plan.covered_groups = {{"dir", "eng"}};
  return plan;
}

using Edit = std::function<void(Plan&)>;

TEST(HashPlan, EveryFieldThatIsAppliedOrShownChangesIt) {
  std::vector<Edit> edits = {
      [](Plan& p) { p.config_hash += "x"; },
      [](Plan& p) { p.state_id += "x"; },
      [](Plan& p) { ++p.counts.activate; },
      [](Plan& p) { ++p.counts.deactivate; },
      [](Plan& p) { p.changes[0].effects[0].group_id += "x"; },
      [](Plan& p) { ++p.counts.add_membership; },
      [](Plan& p) { ++p.counts.remove_membership; },
      [](Plan& p) { ++p.counts.unchanged; },
      [](Plan& p) { ++p.counts.out_of_scope; },
      [](Plan& p) { ++p.budget.read_requests; },
      [](Plan& p) { ++p.budget.write_requests; },
      [](Plan& p) { p.budget.estimated_duration += absl::Milliseconds(1); },
      [](Plan& p) { p.changes.clear(); },
      [](Plan& p) { p.changes.push_back(p.changes[0]); },
      [](Plan& p) { p.changes[0].id = "c2"; },
      [](Plan& p) { p.changes[0].directory += "x"; },
      [](Plan& p) { p.changes[0].action = Action::kActivate; },
      [](Plan& p) { p.changes[0].person += "x"; },
      [](Plan& p) { p.changes[0].account += "x"; },
      [](Plan& p) { p.changes[0].user_name += "x"; },
      [](Plan& p) { p.changes[0].group += "x"; },
      [](Plan& p) { p.changes[0].reason += "x"; },
      [](Plan& p) { p.changes[0].routed_from += "x"; },
      [](Plan& p) { p.changes[0].effects.clear(); },
      [](Plan& p) { p.changes[0].effects[0].directory += "x"; },
      [](Plan& p) { p.changes[0].effects[0].account += "x"; },
      [](Plan& p) { p.changes[0].effects[0].action = Action::kActivate; },
      [](Plan& p) { p.changes[0].group_id += "x"; },
      [](Plan& p) { p.changes[0].linked_email += "x"; },
      [](Plan& p) { p.changes[0].linked_external_id += "x"; },
      [](Plan& p) { p.changes[0].writes = 0; },
      [](Plan& p) { p.changes[0].writes = 2; },
      [](Plan& p) { p.changes[0].reroute = Reroute(); },
      [](Plan& p) { p.changes[0].reroute = Reroute{"x", "", "", "", "", "", ""}; },
      [](Plan& p) { p.changes[0].reroute = Reroute{"", "x", "", "", "", "", ""}; },
      [](Plan& p) { p.changes[0].reroute = Reroute{"", "", "x", "", "", "", ""}; },
      [](Plan& p) { p.changes[0].reroute = Reroute{"", "", "", "x", "", "", ""}; },
      [](Plan& p) { p.changes[0].reroute = Reroute{"", "", "", "", "x", "", ""}; },
      [](Plan& p) { p.changes[0].reroute = Reroute{"", "", "", "", "", "x", ""}; },
      [](Plan& p) { p.changes[0].reroute = Reroute{"", "", "", "", "", "", "x"}; },
      [](Plan& p) { p.labels["p2"] = "bob"; },
      [](Plan& p) { p.labels["p2"] = "cyd"; },
      [](Plan& p) { p.findings.clear(); },
      [](Plan& p) { p.findings[0].name += "x"; },
      [](Plan& p) { p.findings[0].severity = Severity::kBlocking; },
      [](Plan& p) { p.findings[0].message += "x"; },
      [](Plan& p) { p.findings[0].cure += "x"; },
      [](Plan& p) { p.findings[0].directory += "x"; },
      [](Plan& p) { ++p.findings[0].observed; },
      [](Plan& p) { ++p.findings[0].limit; },
      [](Plan& p) { p.findings[0].subjects.push_back("p3"); },
      [](Plan& p) { p.findings[0].subjects[0] += "x"; },
      [](Plan& p) { p.directories.clear(); },
      [](Plan& p) { p.unreadable.clear(); },
      [](Plan& p) { p.covered_groups.clear(); },
      [](Plan& p) { p.covered_groups[0].second += "x"; },
      // Text that moves from one field to its neighbour.
      [](Plan& p) {
        p.changes[0].person = "p1a";
        p.changes[0].account = "1";
      },
      // A directory that moves from one list to the next.
      [](Plan& p) {
        p.directories = {"dir", "other"};
        p.unreadable = {};
      },
  };
  std::set<std::string> hashes = {HashPlan(Sample())};
  for (size_t i = 0; i < edits.size(); ++i) {
    Plan plan = Sample();
    edits[i](plan);
    EXPECT_TRUE(hashes.insert(HashPlan(plan)).second) << "edit " << i;
  }
}

TEST(HashPlan, WhatPassesWithTimeDoesNotChangeIt) {
  std::vector<Edit> edits = {
      [](Plan& p) { p.id = "plan-2"; },
      [](Plan& p) { p.create_time += absl::Hours(1); },
      [](Plan& p) { ++p.requests_used; },
      [](Plan& p) { p.snapshot_times["dir"] = absl::FromUnixSeconds(1); },
      [](Plan& p) { p.state = PlanState::kApplied; },
      [](Plan& p) { p.etag = "x"; },
  };
  std::string hash = HashPlan(Sample());
  for (size_t i = 0; i < edits.size(); ++i) {
    Plan plan = Sample();
    edits[i](plan);
    EXPECT_EQ(HashPlan(plan), hash) << "edit " << i;
  }
}

TEST(HashPlan, IsTheHexOfASha256) {
  EXPECT_EQ(HashPlan(Sample()).size(), 64u);
  EXPECT_EQ(HashPlan(Sample()), HashPlan(Sample()));
}

}  // namespace
}  // namespace rollcall
