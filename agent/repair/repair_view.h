// What a repair of SCIM links sees, and the steps that lead out of it. Values without behaviour.
#ifndef AGENT_REPAIR_REPAIR_VIEW_H_
#define AGENT_REPAIR_REPAIR_VIEW_H_

#include <optional>
#include <string>
#include <vector>

#include "agent/store/repair_store.h"
#include "reconciler/plan/roster.h"
#include "reconciler/ports/scim_links.h"

namespace rollcall {

// An account of the organisation, as it showed.
struct SeenAccount {
  std::string id;
  std::string email;  // may be empty
  AccountState state = AccountState::kActive;
  bool claimed = true;
  bool pending_deletion = false;
  bool operator==(const SeenAccount&) const = default;
};

struct SeenRecord {
  ScimLink link;
  std::string directory;  // of the configuration; empty: none is this one
  std::string user_name;  // as that directory has it; may be empty
  std::string email;
  bool operator==(const SeenRecord&) const = default;
};

struct RepairStep {
  enum class Kind : uint8_t { kUnlink, kDeleteRecords, kByHand, kWait };
  Kind kind = Kind::kByHand;
  std::string title;
  std::string sends;  // the request; empty: none
  std::string where;  // of steps by hand
  std::string meaning;
  std::vector<std::string> losses = {};
  std::string seen_by;  // how it shows to have worked
  // What is sent about.
  std::string account = {};
  std::vector<ScimLink> links = {};        // one to unlink; all that would be deleted
  std::optional<AccountState> state = {};  // of the account, before it was sent
  // What came of it; nullopt: nothing was done.
  std::optional<RepairOutcome> outcome = {};
  bool declined = false;
  std::string message = {};

  bool IsSent() const { return kind == Kind::kUnlink || kind == Kind::kDeleteRecords; }
};

struct RepairView {
  std::string query;
  std::string organisation;  // the directory's id
  std::vector<SeenAccount> accounts;
  std::vector<SeenRecord> records;
  std::vector<RepairStep> steps;  // those that are open, in order
  std::vector<std::string> notes;
  std::string summary;
};

}  // namespace rollcall

#endif  // AGENT_REPAIR_REPAIR_VIEW_H_
