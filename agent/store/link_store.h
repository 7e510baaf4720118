// LinkStore: the recorded ties between people and accounts, with their proof and their history
// (rules L1, L3, L6, L8). Thread-safe. Errors are those of sqlite.h. Times are handed in.
#ifndef AGENT_STORE_LINK_STORE_H_
#define AGENT_STORE_LINK_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/memory.h"

namespace rollcall {

// One step in the history of a tie. The numbers are stored.
struct LinkEvent {
  enum class Kind : uint8_t { kRecorded = 0, kDropped = 1, kByHand = 2, kSevered = 3 };
  absl::Time time;
  Kind kind = Kind::kRecorded;
  RecordedLink link;
};

class LinkStore {
 public:
  explicit LinkStore(Database& database) : database_(database) {}

  // Takes over the links of a complete plan, those made by hand left out; all of them or only new
  // ones. Only differences are written. An account that has another person now loses its old link;
  // one that the plan says nothing about keeps it (it goes on following its old person, L6). What
  // was settled by hand is never touched. INVALID_ARGUMENT when an account has two people.
  absl::Status Record(std::vector<RecordedLink> links, absl::Time now);

  // `rollcall link`: from now on this account is this person's and no other's, and the person has
  // no other in this directory.
  absl::Status LinkByHand(const std::string& person, const std::string& directory,
                          const std::string& account, const std::string& reason, absl::Time now);

  // `rollcall unlink`: the account is not this person's and is never linked to them by name or
  // e-mail again.
  absl::Status Sever(const std::string& person, const std::string& directory,
                     const std::string& account, const std::string& reason, absl::Time now);

  // Sorted by directory, account, person; severed ones included.
  absl::StatusOr<std::vector<RecordedLink>> List();

  // Oldest first; at most `limit` newest.
  absl::StatusOr<std::vector<LinkEvent>> History(const std::string& directory,
                                                 const std::string& account, int64_t limit);

 private:
  Database& database_;
};

// Within a transaction: what List reads.
absl::Status LoadLinks(Database& database, std::vector<RecordedLink>* links);

}  // namespace rollcall

#endif  // AGENT_STORE_LINK_STORE_H_
