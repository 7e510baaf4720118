// CrowdUsers: finds one user by account id, whatever it is called now. The id is the key, or the
// name where the directory has no keys; Crowd is asked by name where that is known, for every
// version understands that, else by key. Thread-safe.
#ifndef CLIENTS_CROWD_CROWD_USERS_H_
#define CLIENTS_CROWD_CROWD_USERS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_user.h"
#include "clients/crowd/name_book.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class CrowdUsers {
 public:
  // All must outlive this object.
  CrowdUsers(CrowdApi& api, NameBook& book, Runtime& runtime)
      : api_(api), book_(book), runtime_(runtime) {}

  // As it is now, under whatever name. NOT_FOUND only where Crowd itself says that there is no such
  // user, or where the name belongs to another one. One read; a second where that fails.
  absl::StatusOr<CrowdUser> Read(const std::string& id, const CallContext& context);

  // What it is called, where that is known or the id is the name. No read.
  std::optional<std::string> KnownNameOf(const std::string& id);
  // What it is called. No read where that is known.
  absl::StatusOr<std::string> NameOf(const std::string& id, const CallContext& context);

 private:
  absl::StatusOr<CrowdUser> ReadByName(const std::string& id, const std::string& name,
                                       const CallContext& context);
  absl::StatusOr<CrowdUser> ReadByKey(const std::string& id, const CallContext& context);
  absl::StatusOr<CrowdUser> Judge(const std::string& id, const std::string& what,
                                  const CrowdApi::Reply& reply);

  CrowdApi& api_;
  NameBook& book_;
  Runtime& runtime_;
};

// "<digits>:<anything>": what Crowd's keys look like. A user may be called so; then it is asked for
// by key first and found by name.
bool LooksLikeCrowdKey(absl::string_view id);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_USERS_H_
