// Model: what applying a plan does to a world, small enough to be seen to be right. A change alters
// its object and whatever follows from it by itself in the real systems (not what the plan lists as
// effects: FollowsAsListed compares the two); the state remembers what a successful run leaves.
// Pure.
//
//   a SCIM record that names an account which the organisation manages carries it along (R2);
//   activating a record does not lift a suspension in some directories (A4)
//   a site's account has the state of the organisation's account of that id (A6)
//   a group of the organisation follows the SCIM group of its name (R2, G6)
#ifndef TESTS_PROPERTY_MODEL_H_
#define TESTS_PROPERTY_MODEL_H_

#include <set>
#include <string>
#include <vector>

#include "tests/property/world.h"

namespace rollcall::property {

// A change as one line, without its id and its reason: "DEACTIVATE dir/a1", "ADD_MEMBERSHIP dir/a1
// to eng".
std::string RowOf(const Change& change);
std::set<std::string> RowsOf(const Plan& plan);

// Everything that the change and what follows from it does to accounts' states.
World Applied(const World& world, const Change& change);

// Empty: the activity that follows is exactly what the change lists; else what differs.
std::string FollowsAsListed(const World& world, const Change& change);

// The world after a run that applied these changes of the plan, in that order.
World AfterRun(const World& world, const PlanResult& result,
               const std::vector<const Change*>& applied);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_MODEL_H_
