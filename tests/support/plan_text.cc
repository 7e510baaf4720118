#include "tests/support/plan_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall {
namespace {

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kWithholding:
      return "WITHHOLDING";
    case Severity::kBlocking:
      return "BLOCKING";
  }
  return "";
}

std::string FindingText(const Finding& finding) {
  std::string text = absl::StrCat(SeverityName(finding.severity), " ", finding.name);
  if (!finding.directory.empty()) absl::StrAppend(&text, " ", finding.directory);
  if (finding.severity == Severity::kBlocking) {
    absl::StrAppend(&text, " ", finding.observed, " against ", finding.limit);
  }
  if (!finding.subjects.empty()) {
    absl::StrAppend(&text, ": ", absl::StrJoin(finding.subjects, ", "));
  }
  return text;
}

std::string ChangeText(const Change& change) {
  std::string text =
      absl::StrCat(ActionName(change.action), " ", change.directory, "/", change.account);
  if (!change.group.empty()) absl::StrAppend(&text, " ", change.group);
  absl::StrAppend(&text, " ", change.person.empty() ? "-" : change.person, " by ",
                  change.reason.substr(0, change.reason.find(':')));
  for (const Effect& effect : change.effects) {
    absl::StrAppend(&text, ", effect ", effect.directory, "/", effect.account, " ",
                    ActionName(effect.action));
  }
  if (!change.routed_from.empty()) absl::StrAppend(&text, ", routed from ", change.routed_from);
  if (change.writes.has_value()) absl::StrAppend(&text, ", ", *change.writes, " writes");
  if (change.reroute.has_value()) {
    absl::StrAppend(&text, ", else through ", change.reroute->directory, "/",
                    change.reroute->account);
  }
  return text;
}

}  // namespace

std::string PlanText(const Plan& plan) {
  std::string text = absl::StrCat("state ", PlanStateName(plan.state), "\n");
  for (const Finding& finding : plan.findings) absl::StrAppend(&text, FindingText(finding), "\n");
  for (const Change& change : plan.changes) absl::StrAppend(&text, ChangeText(change), "\n");
  return text;
}

}  // namespace rollcall
