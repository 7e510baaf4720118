#include "clients/crowd/crowd_users.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

bool LooksLikeCrowdKey(absl::string_view id) {
  const size_t colon = id.find(':');
  if (colon == absl::string_view::npos || colon == 0 || colon + 1 == id.size()) return false;
  return std::all_of(id.begin(), id.begin() + static_cast<ptrdiff_t>(colon),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

absl::StatusOr<CrowdUser> CrowdUsers::Read(const std::string& id, const CallContext& context) {
  const std::optional<std::string> known = book_.Find(id, runtime_.Now());
  const bool maybe_key = LooksLikeCrowdKey(id);
  if (!known.has_value() && maybe_key) {
    absl::StatusOr<CrowdUser> user = ReadByKey(id, context);
    return absl::IsNotFound(user.status()) ? ReadByName(id, id, context) : user;
  }
  absl::StatusOr<CrowdUser> user = ReadByName(id, known.value_or(id), context);
  // Renamed, perhaps, and the name free or somebody else's.
  if (absl::IsNotFound(user.status()) && maybe_key && known != id) return ReadByKey(id, context);
  return user;
}

std::optional<std::string> CrowdUsers::KnownNameOf(const std::string& id) {
  std::optional<std::string> known = book_.Find(id, runtime_.Now());
  if (!known.has_value() && !LooksLikeCrowdKey(id)) return id;
  return known;
}

absl::StatusOr<std::string> CrowdUsers::NameOf(const std::string& id, const CallContext& context) {
  if (std::optional<std::string> known = KnownNameOf(id)) return *std::move(known);
  ASSIGN_OR_RETURN(CrowdUser user, Read(id, context));
  return std::move(user.name);
}

absl::StatusOr<CrowdUser> CrowdUsers::ReadByName(const std::string& id, const std::string& name,
                                                 const CallContext& context) {
  return Judge(id, absl::StrCat("GET /user ", ForMessage(name, 80)),
               api_.GetUserByName(name, context));
}

absl::StatusOr<CrowdUser> CrowdUsers::ReadByKey(const std::string& id, const CallContext& context) {
  return Judge(id, absl::StrCat("GET /user with key ", ForMessage(id, 80)),
               api_.GetUserByKey(id, context));
}

absl::StatusOr<CrowdUser> CrowdUsers::Judge(const std::string& id, const std::string& what,
                                            const CrowdApi::Reply& reply) {
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
  ASSIGN_OR_RETURN(CrowdUser user, DecodeCrowdUser(what, *reply));
  const bool same = user.key.empty() ? FoldedEquals(user.name, id) : user.key == id;
  if (!same) {
    return absl::NotFoundError(absl::StrCat(what, ": this name belongs to account ",
                                            ForMessage(user.id(), 80), " now, not to ",
                                            ForMessage(id, 80)));
  }
  book_.Learn(id, user.name, runtime_.Now());
  return user;
}

}  // namespace rollcall
