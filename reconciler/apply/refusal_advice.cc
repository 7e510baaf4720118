#include "reconciler/apply/refusal_advice.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "reconciler/apply/reroute.h"

namespace rollcall {
namespace {

// The reason of an organisation's refusal, as its API names it.
constexpr absl::string_view kOwnedElsewhere = "externalDirectory.";

std::string AdviceForScim(const std::string& directory, const Endpoints& endpoints) {
  for (const auto& [id, endpoint] : endpoints) {
    if (endpoint.spec.provisions != directory) continue;
    if (!endpoint.spec.apply) {
      return absl::StrCat(id, " owns it (R1), and says `apply: false`: take that out, or make the ",
                          "change there by hand; then plan again");
    }
    return absl::StrCat(id, " owns it (R1): plan again, and the change goes through ", id);
  }
  return absl::StrCat(
      "a SCIM directory owns it that is not configured: configure it with "
      "`provisions: ",
      directory, "`, or make the change there (R4)");
}

std::string Advice(absl::string_view owner, const std::string& directory,
                   const Endpoints& endpoints) {
  if (NamesScim(owner)) return AdviceForScim(directory, endpoints);
  if (NamesManagedElsewhere(owner)) {
    return "the site's users and groups are managed elsewhere: make the change in the "
           "organisation, "
           "or in the SCIM directory that provisions it, and configure that one here (R4)";
  }
  if (absl::StrContains(owner, kOwnedElsewhere)) {
    return "another identity provider owns it: make the change there (R4)";
  }
  return absl::StrCat("give the key of ", directory,
                      " the right to make this change, or make it where the account is owned; then "
                      "plan again (R5)");
}

}  // namespace

std::string WithAdvice(absl::string_view refusal, const std::string& directory,
                       const Endpoints& endpoints, absl::string_view owner) {
  const bool named = owner.empty() || absl::StrContains(refusal, owner);
  return absl::StrCat(refusal, named ? "" : absl::StrCat(" (", owner, ")"), "; ",
                      Advice(owner.empty() ? refusal : owner, directory, endpoints));
}

}  // namespace rollcall
