// The planner against the reference (reference.h), over random companies with all policies.
#include "tests/property/reference.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "tests/property/holds.h"
#include "tests/property/model.h"
#include "tests/property/worlds.h"
#include "tests/support/plan_text.h"

namespace rollcall::property {
namespace {

constexpr int kReferenceCases = 1000;

constexpr WorldOptions kCovered = {.duplicates = false, .partners = false, .unreadable = false};

std::set<std::string> Blocking(const Plan& plan) {
  std::set<std::string> guards;
  for (const Finding& finding : plan.findings) {
    if (finding.severity == Severity::kBlocking) guards.insert(finding.name);
  }
  return guards;
}

std::string Text(const Verdict& verdict) {
  std::string text = "the reference says:\n";
  for (const std::string& guard : verdict.blocking) {
    absl::StrAppend(&text, "BLOCKING ", guard, "\n");
  }
  for (const auto& [name, subjects] : verdict.findings) {
    absl::StrAppend(&text, name.first, " ", name.second, ":");
    for (const std::string& subject : subjects) absl::StrAppend(&text, " ", subject);
    absl::StrAppend(&text, "\n");
  }
  for (const std::string& row : verdict.rows) absl::StrAppend(&text, row, "\n");
  return text;
}

TEST(ReferenceProperty, ThePlanHasTheChangesOfTheReference) {
  Holds(kReferenceCases, [] {
    const World world = *Worlds(kCovered);
    const Plan plan = PlanOf(world).plan;
    const Verdict verdict = Judge(world);
    RC_LOG() << Text(verdict);
    RC_ASSERT(RowsOf(plan) == verdict.rows);
  });
}

TEST(ReferenceProperty, TheSameGuardsBlock) {
  Holds(kReferenceCases, [] {
    const World world = *Worlds(kCovered);
    const Plan plan = PlanOf(world).plan;
    const Verdict verdict = Judge(world);
    RC_LOG() << Text(verdict);
    RC_PRE(RowsOf(plan) == verdict.rows);
    RC_ASSERT(Blocking(plan) == verdict.blocking);
  });
}

// Findings whose subjects are compared. Not `ambiguous` and `identity_reused`: whom they name
// beside the account depends on the order of the proofs, which the contract leaves open.
const std::set<std::string>& ComparedFindings() {
  static const auto* const kNames =
      new std::set<std::string>{"link_conflict", "email_conflict",        "missing",
                                "not_entitled",  "deactivated_elsewhere", "vanished",
                                "unowned",       "unclaimed_accounts",    "held",
                                "group_held",    "group_missing",         "group_not_in_export",
                                "nested_access", "foreign_external_ids"};
  return *kNames;
}

using Findings = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

// A group is named as the configuration names it, or as it is served.
template <typename Subjects>
void AddFolded(const Subjects& subjects, std::set<std::string>& to) {
  for (const std::string& subject : subjects) to.insert(Fold(subject));
}

TEST(ReferenceProperty, TheSameFindingsNameTheSameSubjects) {
  Holds(kReferenceCases, [] {
    const World world = *Worlds(kCovered);
    const Plan plan = PlanOf(world).plan;
    const Verdict verdict = Judge(world);
    Findings planned;
    Findings expected;
    for (const Finding& finding : plan.findings) {
      if (!ComparedFindings().contains(finding.name)) continue;
      AddFolded(finding.subjects, planned[{finding.name, finding.directory}]);
    }
    for (const auto& [name, subjects] : verdict.findings) {
      if (ComparedFindings().contains(name.first)) AddFolded(subjects, expected[name]);
    }
    RC_LOG() << Text(verdict);
    RC_ASSERT(planned == expected);
  });
}

}  // namespace
}  // namespace rollcall::property
