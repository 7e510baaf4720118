// The bulk membership document: <memberships> with a <membership group="…"> for every group, its
// <users> and its child <groups>. Read event by event, nothing is kept. Pure, any thread.
//
// A document that breaks off, that says a group twice, or that is none of these is DATA_LOSS: an
// error while Crowd writes it cuts it short, and few members must never be taken for all.
#ifndef CLIENTS_CROWD_MEMBERSHIP_DOCUMENT_H_
#define CLIENTS_CROWD_MEMBERSHIP_DOCUMENT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rollcall {

class MembershipSink {
 public:
  virtual ~MembershipSink() = default;
  // In the order of the document; what follows belongs to the last group.
  virtual absl::Status Group(absl::string_view name) = 0;
  virtual void User(absl::string_view name) = 0;
  virtual void ChildGroup(absl::string_view name) = 0;
};

absl::Status DecodeMemberships(absl::string_view document, MembershipSink& sink);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_MEMBERSHIP_DOCUMENT_H_
