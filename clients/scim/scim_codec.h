// SCIM bodies in, rosters and records out; and the bodies of the writes. Lists go from JSON events
// straight into the RosterBuilder: no document tree, no allocation per event. Bodies are
// overwritten while they are read. Errors are DATA_LOSS with the path in the document: a body that
// is not what SCIM promises is never read in part. Pure functions, any thread.
#ifndef CLIENTS_SCIM_SCIM_CODEC_H_
#define CLIENTS_SCIM_SCIM_CODEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/scim/list_handler.h"
#include "clients/scim/row_gate.h"
#include "reconciler/plan/roster.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// What was seen on the way, over all pages of a pass.
struct UserListFacts {
  int64_t active_as_text = 0;  // users whose `active` is a string
};
struct GroupListFacts {
  int64_t groups = 0;
  int64_t with_members_key = 0;
  // The wanted ones: their handle in the builder and their id, in case they must be read one by
  // one.
  std::vector<std::pair<uint32_t, std::string>> wanted;
};

// Rows that the gate does not take are not added; a stop of the gate is CANCELLED (ask the gate).
absl::Status DecodeUserPage(std::string& body, RowGate& gate, RosterBuilder& builder,
                            UserListFacts& facts, ListPage& page);
absl::Status DecodeGroupPage(std::string& body, const GroupFilter& managed, RowGate& gate,
                             RosterBuilder& builder, GroupListFacts& facts, ListPage& page);

absl::StatusOr<AccountRecord> DecodeUser(std::string& body);

struct GroupRecordRead {
  GroupMembers group;
  bool nested = false;
};
absl::StatusOr<GroupRecordRead> DecodeGroup(std::string& body);

std::string EncodeSetActive(bool active);
std::string EncodeAddMembers(absl::Span<const std::string> accounts);
// One operation a member: remove members[value eq "id"].
std::string EncodeRemoveByFilter(absl::Span<const std::string> accounts);
// One operation: remove members, with the members as value.
std::string EncodeRemoveByValue(absl::Span<const std::string> accounts);

// The group's own document without these members and without `meta`, everything else as it was
// served: the body of a PUT.
absl::StatusOr<std::string> EncodeGroupWithout(std::string& served,
                                               absl::Span<const std::string> accounts);

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SCIM_CODEC_H_
