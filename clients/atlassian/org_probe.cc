#include "clients/atlassian/org_probe.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_errors.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kEnablement[] = "lifecycle.enablement";
constexpr char kAdministers[] = "the account administers the organisation";
constexpr char kAdministersCure[] =
    "take the role of organisation admin away from it first (Atlassian Administration, or POST "
    "/admin/v1/orgs/{org}/users/{id}/role-assignments/revoke), then plan again";
constexpr char kNotClaimed[] = "not managed by this organisation";
constexpr char kNotClaimedCure[] =
    "claim the domain of its e-mail address, or ask its owner: an account that the organisation "
    "does not manage cannot be switched on or off";

OrgPrivilege Refused(std::string reason, std::string cure) {
  return OrgPrivilege{false, std::move(reason), std::move(cure)};
}

// 403 and 404 say whom the key may not manage.
OrgPrivilege FromRefusal(const OrgError& error) {
  if (error.IsScope()) {
    return Refused("manage:org",
                   "the API key was made with scopes, which the user management API refuses: make "
                   "a key without scopes");
  }
  if (!error.reason.empty()) return Refused(error.reason, CureOfReason(error.reason));
  if (error.code == "forbidden.targetUnverified") {
    return Refused(error.code,
                   "the account's e-mail address is not verified: its person must do that first");
  }
  return Refused(error.code.empty() ? kNotClaimed : error.code,
                 absl::StrCat("this organisation does not manage the account, as its own API for "
                              "that says (",
                              error.ToString(), "): ", kNotClaimedCure));
}

// `planned_on`: the state that the plan starts from, which says what may be planned at all.
void SetWrites(const OrgStanding& standing, AccountState planned_on, OrgWay way,
               Ownership& ownership) {
  const int out = DeactivateWrites(standing, way);
  const int in = ActivateWrites(standing);
  // One request is what Traits say.
  if (planned_on != AccountState::kInactive && out != 1) ownership.deactivate_writes = out;
  if (planned_on != AccountState::kActive && in != 1) ownership.activate_writes = in;
  ownership.restores_only = planned_on != AccountState::kActive && standing.account_active;
}

bool IsPlain(const Ownership& ownership) {
  return ownership.may_activate && ownership.may_deactivate && ownership.reason.empty() &&
         !ownership.activate_writes.has_value() && !ownership.deactivate_writes.has_value() &&
         !ownership.restores_only;
}

}  // namespace

absl::StatusOr<OrgPrivilege> ReadPrivilege(const std::string& account, const HttpResponse& answer) {
  const std::string what =
      absl::StrCat("asking what may be done with account ", ForMessage(account, 80));
  if (!IsSuccess(answer.status)) {
    const OrgError error = ParseOrgError(answer);
    const bool understood = (error.status == 403 || error.IsNotFound() || error.IsScope()) &&
                            !error.is_page && !error.is_gateway;
    if (understood) return FromRefusal(error);
    return OrgReadFailure(what, error);
  }
  RETURN_IF_ERROR(RequireOrgJson(what, answer));
  const absl::StatusOr<json::Value> body = json::Value::Parse(answer.body);
  if (!body.ok()) return absl::DataLossError(absl::StrCat(what, ": ", body.status().message()));
  const json::Value* privilege = body->Find(kEnablement);
  const json::Value* allowed = privilege == nullptr ? nullptr : privilege->Find("allowed");
  if (allowed == nullptr || !allowed->boolean().has_value()) {
    return Refused("unknown",
                   "the answer does not say whether the account may be switched on and "
                   "off; look at it in Atlassian Administration");
  }
  if (*allowed->boolean()) return OrgPrivilege{true, "", ""};
  const json::Value* reason = privilege->Find("reason");
  std::string key = reason == nullptr ? "" : ForMessage(reason->Text("key"), 80);
  if (key.empty()) key = "unknown";
  std::string cure = CureOfReason(key);
  return Refused(std::move(key), std::move(cure));
}

absl::Status OrgProbe::AskPrivilege(const std::string& account, Ownership& ownership,
                                    const CallContext& context) {
  OrgApi::Reply reply = api_.GetPrivileges(account, context);
  if (!reply.ok()) return reply.status();
  ASSIGN_OR_RETURN(const OrgPrivilege privilege, ReadPrivilege(account, *reply));
  if (privilege.allowed) return absl::OkStatus();
  // Taking back suspensions is not what the privilege is about.
  ownership.may_deactivate = false;
  ownership.may_activate = ownership.restores_only;
  ownership.reason = privilege.reason;
  ownership.cure = privilege.cure;
  return absl::OkStatus();
}

absl::StatusOr<OrgStanding> OrgProbe::StandingOfAccount(const std::string& account,
                                                        const CallContext& context) {
  const OrgScope& scope = accounts_.scope();
  std::optional<OrgStanding> known = book_.FindInSnapshot(account);
  if (!known.has_value()) {
    ASSIGN_OR_RETURN(const OrgAccount read, accounts_.Read(account, OrgDepth::kPlaces, context));
    return read.standing;
  }
  ASSIGN_OR_RETURN(const OrgDirectories directories, accounts_.Directories(context));
  // The status may be meant for several directories together, as far as the listing tells.
  const bool spread =
      known->places.size() > 1 || (!directories.only && scope.directory != kAllDirectories);
  const bool matters =
      GoesByDirectory(*known, scope.way) || StateOf(*known, scope.way) != AccountState::kActive;
  if (spread && matters && !known->administrator) {
    RETURN_IF_ERROR(accounts_.ReadPlaces(account, *known, context));
  }
  return *std::move(known);
}

absl::StatusOr<std::optional<Ownership>> OrgProbe::ProbeAccount(const std::string& account,
                                                                const CallContext& context) {
  absl::StatusOr<OrgStanding> standing = StandingOfAccount(account, context);
  // Gone since it was listed: applying will see it, and skip the change.
  if (absl::IsNotFound(standing.status())) return std::optional<Ownership>();
  RETURN_IF_ERROR(standing.status());
  const OrgWay way = accounts_.scope().way;
  Ownership ownership;
  const std::optional<OrgStanding> listed = book_.FindInSnapshot(account);
  SetWrites(*standing, StateOf(listed.value_or(*standing), way), way, ownership);
  const bool switches_account = !GoesByDirectory(*standing, way) || !standing->account_active;
  if (!standing->claimed && !standing->account_active) {
    ownership.may_activate = false;
    ownership.reason = kNotClaimed;
    ownership.cure = kNotClaimedCure;
  } else if (standing->claimed && switches_account && !standing->administrator) {
    RETURN_IF_ERROR(AskPrivilege(account, ownership, context));
  }
  if (standing->administrator) {
    ownership.may_deactivate = false;
    ownership.may_activate =
        standing->account_active && standing->Count(OrgMembership::kSuspended) == 0;
    ownership.reason = kAdministers;
    ownership.cure = kAdministersCure;
  }
  if (IsPlain(ownership)) return std::optional<Ownership>();
  return std::optional<Ownership>(std::move(ownership));
}

absl::StatusOr<ProbeResult> OrgProbe::Run(const ProbeRequest& request, const CallContext& context) {
  using Answer = absl::StatusOr<std::optional<Ownership>>;
  const size_t total = request.accounts.size();
  std::vector<Answer> answers(total, Answer(std::optional<Ownership>()));
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  const auto work = [&] {
    for (size_t i = next++; i < total && !failed; i = next++) {
      answers[i] = context.stopped() ? Answer(absl::CancelledError("stopped"))
                                     : ProbeAccount(request.accounts[i], context);
      if (!answers[i].ok()) failed = true;
      progress_.Advance(directory_, Stage::kProbing, static_cast<int64_t>(i) + 1,
                        static_cast<int64_t>(total));
    }
  };
  const size_t workers = std::min(total, static_cast<size_t>(std::max(workers_, 1)));
  runtime_.RunAll(std::vector<std::function<void()>>(workers, work));
  ProbeResult result;
  for (size_t i = 0; i < total; ++i) {
    if (!answers[i].ok()) return answers[i].status();
    if (answers[i]->has_value()) result.accounts[request.accounts[i]] = **std::move(answers[i]);
  }
  return result;
}

}  // namespace rollcall
