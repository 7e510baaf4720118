// The steps of repairs, in words: what is sent, what it means, what is lost, how it shows. Pure.
#ifndef AGENT_REPAIR_REPAIR_STEPS_H_
#define AGENT_REPAIR_REPAIR_STEPS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/repair/repair_view.h"

namespace rollcall {

// "scim-id/user-id", as --record takes it.
std::string NameOf(const ScimLink& link);

RepairStep UnlinkStep(const SeenRecord& record);
// `losses`: a sentence for each record.
RepairStep DeleteStep(const SeenAccount& account, const std::vector<SeenRecord>& records,
                      std::vector<std::string> losses);

// The e-mail change that is to be repaired, as it is seen now.
struct EmailChange {
  std::string old_email;
  std::string new_email;
  std::vector<SeenAccount> accounts;  // that bear either address
  std::vector<SeenRecord> records;    // that bear either address, or own one of the accounts
};

// The steps that are open, by the documented sequence: the record goes off the account that holds
// the new address beside the old account; that account gives the address up; the old account gets
// it; the identity provider provisions again. None: the change is through.
// FAILED_PRECONDITION: no account bears either address, or two bear the same.
absl::StatusOr<std::vector<RepairStep>> EmailSteps(const EmailChange& change);

// What somebody should know of it besides.
std::vector<std::string> EmailNotes(const EmailChange& change);

}  // namespace rollcall

#endif  // AGENT_REPAIR_REPAIR_STEPS_H_
