// Routing: through whom each change must go, and what follows by itself (rules R1 to R5). Pure.
//
// A row of the diff in directory D for account A, first line that fits:
//
//   probing shows that it is so already           no change
//   applied twice and undone twice by others      contested: left out (R5)
//   a configured SCIM directory S provisions D,
//   and a record of S names A:
//     D does not manage A                         D's own change, or blocked_route (R2)
//     S has the same change itself                an effect of S's change: not sent (R2)
//     D says itself that it may do it, and it     D's own change
//       is not an activation
//     S's record says it already, not yet         sent to S once, to assert it again (R3), routed
//       asserted
//     S's record says it already, asserted        blocked_route (R3)
//     S's record says the opposite, and S has     sent to S, routed (R1)
//       no other opinion on it
//     S's record is another person's, or is to    blocked_route
//       stay as it is
//   D says that another one owns A                blocked_route, naming the owner (R4)
//   otherwise                                     D's own change
//
// A change whose effect would hit the account of another person is a blocked_route as well.
//
// D's own change to what a record of S names also carries the way through that record
// (Change::reroute), for the case that D's server names the owner only while the change is applied.
#ifndef RECONCILER_PLAN_ROUTER_H_
#define RECONCILER_PLAN_ROUTER_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

struct Routing {
  std::vector<Change> changes;    // without ids, in the order of directories and rows
  std::vector<Finding> findings;  // blocked_route, contested
  // (directory, account): the list says inactive, probing says that they are active already.
  std::set<std::pair<std::string, std::string>> active_already;
};

Routing Route(const PlanInput& input, const Draft& draft,
              const std::map<std::string, ProbeResult>& probes);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_ROUTER_H_
