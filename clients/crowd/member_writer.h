// CrowdMemberWriter: adds one user to a group or takes one out. Crowd knows no more at once. A user
// who was renamed since is found by key and taken under the new name, once. Thread-safe. Cost: one
// write; one read where the name is not known; one more of each after a rename.
#ifndef CLIENTS_CROWD_MEMBER_WRITER_H_
#define CLIENTS_CROWD_MEMBER_WRITER_H_

#include <string>

#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_users.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class CrowdMemberWriter {
 public:
  // All must outlive this object.
  CrowdMemberWriter(CrowdApi& api, CrowdUsers& users) : api_(api), users_(users) {}

  WriteReply Change(MembershipAction action, const std::string& group, const std::string& account,
                    const CallContext& context);

 private:
  CrowdApi& api_;
  CrowdUsers& users_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_MEMBER_WRITER_H_
