// ScimLinkDesk: the port to the links between the accounts of an organisation and the SCIM records
// that own them, and to what repairs them. It is no part of reader and writer: planning, runs and
// schedules never see it; somebody at a command line uses it, step by step. Status codes are those
// of reconciler/ports/directory.h. Thread-safe; blocks.
#ifndef RECONCILER_PORTS_SCIM_LINKS_H_
#define RECONCILER_PORTS_SCIM_LINKS_H_

#include <compare>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// One SCIM record, and the account that it owns.
struct ScimLink {
  std::string directory;  // the SCIM directory's id, as the organisation names it
  std::string record;     // the SCIM user's id
  std::string account;    // empty: the record owns none
  auto operator<=>(const ScimLink&) const = default;
};

class ScimLinkDesk {
 public:
  virtual ~ScimLinkDesk() = default;

  // Sorted, unique. Without any: the account is the organisation's own. NOT_FOUND: the organisation
  // does not show the account.
  virtual absl::StatusOr<std::vector<ScimLink>> OfAccount(const std::string& account,
                                                          const CallContext& context) = 0;
  // Of the records that bear the address, whatever they own.
  virtual absl::StatusOr<std::vector<ScimLink>> OfEmail(const std::string& email,
                                                        const CallContext& context) = 0;

  // One request each, never sent again when its answer is lost. OK says that the server took it:
  // what is so is for the caller to read. NOT_FOUND likewise: it may have been done before.
  virtual WriteReply Unlink(const ScimLink& link, const CallContext& context) = 0;
  // Deletes the records of the account in every SCIM directory; the account stays.
  virtual WriteReply DeleteRecords(const std::string& account, const CallContext& context) = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_PORTS_SCIM_LINKS_H_
