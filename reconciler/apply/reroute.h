// Re-routing while applying (rule R5): a change that its directory refuses, naming the SCIM
// directory that owns the account or group, is handed over once to the way that its plan holds
// (Change::reroute). From then on it is a change of the owner's directory like any other: read
// before, announced, verified with its effects. Pure, any thread.
#ifndef RECONCILER_APPLY_REROUTE_H_
#define RECONCILER_APPLY_REROUTE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "reconciler/apply/endpoint.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// Is it a SCIM directory that the server names? Another owner (R4) is no matter of ours.
bool NamesScim(absl::string_view owner);

// Does the server (a Jira site) say that users and groups are managed elsewhere as a whole?
bool NamesManagedElsewhere(absl::string_view owner);

// May the change be handed over after this reply? Never a second time.
bool MayBeRerouted(const Change& change, const WriteReply& reply, const Endpoints& endpoints);

// For Outcome::message: says, where `outcome` is re-routed, whose refusal and which way it was.
std::string WithRoute(const Change& made, const Outcome& outcome, absl::string_view message);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_REROUTE_H_
