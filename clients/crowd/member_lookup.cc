#include "clients/crowd/member_lookup.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<bool> CrowdMemberLookup::IsMember(const std::string& group,
                                                 const std::string& account,
                                                 const CallContext& context) {
  const std::optional<std::string> known = users_.KnownNameOf(account);
  if (known.has_value()) {
    ASSIGN_OR_RETURN(const bool member, Ask(group, *known, context));
    if (member || !LooksLikeCrowdKey(account)) return member;
  }
  const absl::StatusOr<CrowdUser> user = users_.Read(account, context);
  if (absl::IsNotFound(user.status())) return false;
  if (!user.ok()) return user.status();
  if (known.has_value() && FoldedEquals(user->name, *known)) return false;
  return Ask(group, user->name, context);
}

absl::StatusOr<bool> CrowdMemberLookup::SeemsMember(const std::string& group,
                                                    const std::string& account,
                                                    const CallContext& context) {
  const absl::StatusOr<std::string> name = users_.NameOf(account, context);
  if (absl::IsNotFound(name.status())) return false;
  if (!name.ok()) return name.status();
  return Ask(group, *name, context);
}

absl::StatusOr<bool> CrowdMemberLookup::Ask(const std::string& group, const std::string& name,
                                            const CallContext& context) {
  if (context.stopped()) return absl::CancelledError("stopped");
  const std::string what =
      absl::StrCat("whether ", ForMessage(name, 80), " is in group ", ForMessage(group, 80));
  const CrowdApi::Reply reply = api_.GetMember(group, name, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) {
    const CrowdError error = ParseCrowdError(*reply);
    const bool no = error.Says("MEMBERSHIP_NOT_FOUND") || error.Says("USER_NOT_FOUND");
    if (error.status == 404 && no) return false;
    return CrowdReadFailure(what, error);
  }
  RETURN_IF_ERROR(RequireCrowdJson(what, *reply));
  const absl::StatusOr<json::Value> user = json::Value::Parse(reply->body);
  if (user.ok() && user->is_object() && FoldedEquals(user->Text("name"), name)) return true;
  return absl::DataLossError(absl::StrCat(what, ": the server sent something else than that user"));
}

}  // namespace rollcall
