// SimSite: the Jira site of a simulated world: how it behaves, who has left it, its own groups, and
// what the configuration says of it. All from dice of its own, so that the rest of a world is the
// same with and without it. A value.
#ifndef TESTS_SIMULATION_SIM_SITE_H_
#define TESTS_SIMULATION_SIM_SITE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "reconciler/plan/spec.h"
#include "tests/simulation/dice.h"
#include "tests/twins/company.h"
#include "tests/twins/jira_options.h"

namespace rollcall::simulation {

struct SimSite {
  twins::JiraOptions twin;
  std::vector<std::string> access_groups;  // as configured: names
  std::vector<std::string> products;
  bool follows_activity = false;
  int64_t page_size = 1000;

  // Whether the site may refuse such a change, whoever asks and however often. Nothing can bring it
  // about, and each plan has it again.
  bool MayRefuseForGood(Action action) const;

  // What was drawn, for the events.
  std::string ToString() const;
};

// Puts groups of its own, that no SCIM directory carries along, and people who were taken off it
// into the company's site, and the directory and its groups into the configuration.
SimSite DrawSite(Dice& dice, twins::Company& company, Spec& spec);

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_SITE_H_
