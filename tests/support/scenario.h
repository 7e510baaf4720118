// Scenario: a situation and the plan that must follow from it, written so that an administrator can
// read it (tests/scenarios/*.scenario; the words are listed in tests/scenarios/README.md). Sections
// begin in the first column, their lines are indented, `#` begins a comment.
//
//   export
//     person p1 ada ada@example.com
//     person p2 bob bob@example.com inactive
//     group eng: p1
//   directory dir
//     account a1 ada
//     account a2 bob
//     group eng: a1 a2
//   groups
//     eng -> dir
//   expect
//     state READY
//     DEACTIVATE dir/a2 p2 by A1
//
// A word or a line that is not understood fails the scenario, with its line number. One thread.
#ifndef TESTS_SUPPORT_SCENARIO_H_
#define TESTS_SUPPORT_SCENARIO_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/company.h"

namespace rollcall {

struct Scenario {
  std::unique_ptr<Company> company = std::make_unique<Company>();
  std::map<std::string, ProbeResult> probes;
  std::optional<std::string> only_person;
  std::string expected;            // as PlanText writes it
  std::optional<std::string> odd;  // what AccountsOf must be, where it is said
};

// INVALID_ARGUMENT with the line's number and text.
absl::StatusOr<Scenario> ParseScenario(absl::string_view text);

Plan PlanOf(Scenario& scenario);

// What is odd about people's accounts (account_conditions.h): "in step N", then a line each,
// "removed_from_site site/c1 p1 beside cloud/c1", by subject.
std::string AccountsOf(Scenario& scenario);

}  // namespace rollcall

#endif  // TESTS_SUPPORT_SCENARIO_H_
