#include "agent/service/access.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "reconciler/base/fingerprint.h"

namespace rollcall {
namespace {

constexpr char kBearer[] = "bearer ";

Role RoleOf(config::v1::Caller::Role role) {
  switch (role) {
    case config::v1::Caller::ROLE_OPERATOR:
      return Role::kOperator;
    case config::v1::Caller::ROLE_PLANNER:
      return Role::kPlanner;
    default:
      return Role::kViewer;
  }
}

}  // namespace

const char* RoleName(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kPlanner:
      return "planner";
    case Role::kOperator:
      return "operator";
  }
  return "";
}

Access::Access(const config::v1::Serve& serve) : open_(serve.callers().empty()) {
  for (const config::v1::Caller& caller : serve.callers()) {
    const Caller known = {caller.name(), RoleOf(caller.role())};
    if (!caller.token_sha256().empty()) {
      by_token_[absl::AsciiStrToLower(caller.token_sha256())] = known;
    }
    if (!caller.certificate().empty()) by_certificate_[caller.certificate()] = known;
  }
}

// A token decides where one is shown: whoever forwards another one's call speaks for that one. What
// is looked up is a hash, so that the time it takes tells nothing of the token.
const Access::Caller* Access::Find(const Credentials& shown) const {
  if (!shown.authorization.empty()) {
    if (!absl::StartsWithIgnoreCase(shown.authorization, kBearer)) return nullptr;
    const std::string token(
        absl::StripAsciiWhitespace(shown.authorization.substr(sizeof(kBearer) - 1)));
    const auto found = by_token_.find(Sha256Hex(token));
    return found == by_token_.end() ? nullptr : &found->second;
  }
  for (const std::string& name : shown.certificates) {
    const auto found = by_certificate_.find(name);
    if (found != by_certificate_.end()) return &found->second;
  }
  return nullptr;
}

absl::StatusOr<Requester> Access::Admit(const Credentials& shown, Role needed) const {
  if (open_) return Requester{"local", RoleName(Role::kOperator)};
  const Caller* const caller = Find(shown);
  if (caller == nullptr) {
    return WithReason(
        v1::UNKNOWN_CALLER,
        absl::UnauthenticatedError(
            "the caller is not known: show a bearer token or a certificate of `serve.callers`"));
  }
  if (caller->role < needed) {
    return WithReason(v1::ROLE_NOT_SUFFICIENT,
                      absl::PermissionDeniedError(absl::StrCat(
                          caller->name, " is a ", RoleName(caller->role), ", and this needs a ",
                          RoleName(needed), "; see `serve.callers`")));
  }
  return Requester{caller->name, RoleName(caller->role)};
}

}  // namespace rollcall
