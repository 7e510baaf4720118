#include "reconciler/apply/reroute.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall {

bool NamesScim(absl::string_view owner) {
  return absl::StrContains(owner, "externalDirectory.scim");
}

bool NamesManagedElsewhere(absl::string_view owner) {
  return absl::StrContains(owner, "external user management");
}

bool MayBeRerouted(const Change& change, const WriteReply& reply, const Endpoints& endpoints) {
  if (!absl::IsPermissionDenied(reply.status)) return false;
  if (!NamesScim(reply.owner) && !NamesManagedElsewhere(reply.owner)) return false;
  if (!change.reroute.has_value()) return false;
  const auto owner = endpoints.find(change.reroute->directory);
  return owner != endpoints.end() && owner->second.writer != nullptr;
}

std::string WithRoute(const Change& made, const Outcome& outcome, absl::string_view message) {
  if (!outcome.rerouted) return std::string(message);
  return absl::StrCat("re-routed through ", made.directory, ", which owns it, since ",
                      made.routed_from, " refused it (R5)", message.empty() ? "" : ": ", message);
}

}  // namespace rollcall
