// CrowdMemberLookup: asks Crowd whether one account is a direct member of a group. A list of
// members says no total and may come short; the answer to this question may not. Thread-safe.
//
// A name is trusted for a minute (NameBook). Who is a member under it is one. That nobody is proves
// nothing about an account that was renamed since, so that it is read once more, where its name was
// not just read and is not its id. Cost: one read, or two.
#ifndef CLIENTS_CROWD_MEMBER_LOOKUP_H_
#define CLIENTS_CROWD_MEMBER_LOOKUP_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_users.h"
#include "reconciler/base/call_context.h"

namespace rollcall {

class CrowdMemberLookup {
 public:
  // All must outlive this object.
  CrowdMemberLookup(CrowdApi& api, CrowdUsers& users) : api_(api), users_(users) {}

  // An account that is gone is a member of nothing. NOT_FOUND where Crowd says that the group is
  // gone; not all versions do.
  absl::StatusOr<bool> IsMember(const std::string& group, const std::string& account,
                                const CallContext& context);

  // In one request where the name is known; "no" may be about a name that the account had.
  absl::StatusOr<bool> SeemsMember(const std::string& group, const std::string& account,
                                   const CallContext& context);

 private:
  absl::StatusOr<bool> Ask(const std::string& group, const std::string& name,
                           const CallContext& context);

  CrowdApi& api_;
  CrowdUsers& users_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_MEMBER_LOOKUP_H_
