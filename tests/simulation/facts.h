// Facts: what is true of a world as far as Rollcall may change it: who is active where, and who is
// in which group. Two sets of facts tell what became of a request. Values.
//
// A Jira site has facts of its own about who is active there: an account that the organisation
// disables is off there by itself, and who was taken off the site may be on elsewhere. Its groups
// are the organisation's, so that who is in them is a fact of the organisation only.
#ifndef TESTS_SIMULATION_FACTS_H_
#define TESTS_SIMULATION_FACTS_H_

#include <string>
#include <tuple>
#include <vector>

#include "reconciler/plan/plan.h"
#include "tests/twins/world.h"

namespace rollcall::simulation {

// Directories as the simulated configuration calls them.
inline constexpr char kScim[] = "scim";
inline constexpr char kCrowd[] = "crowd";
inline constexpr char kCloud[] = "cloud";
inline constexpr char kSite[] = "site";  // not in every world

struct Fact {
  std::string directory;
  std::string account;  // as the directory's client calls it
  std::string group;    // its id; empty: the account is active
  std::string place;    // the organisation's directory in which it is not suspended; else empty
  bool operator<(const Fact& other) const {
    return std::tie(directory, account, group, place) <
           std::tie(other.directory, other.account, other.group, other.place);
  }
  bool operator==(const Fact&) const = default;
  std::string ToString() const;
};
using Facts = std::vector<Fact>;  // sorted

Facts FactsOf(const twins::World& world);

// One thing that has become true or ceased to be so.
struct Turn {
  Fact fact;
  Action action = Action::kActivate;
};
std::vector<Turn> TurnsBetween(const Facts& before, const Facts& after);

// "1:crowd-ada", as Crowd shows it.
std::string CrowdKeyOf(const twins::CrowdDirectory& directory, const twins::CrowdUser& user);

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_FACTS_H_
