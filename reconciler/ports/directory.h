// The ports of one directory. Reader and writer are two interfaces: the planner is handed readers
// only, so a preview cannot write. Implementations are thread-safe (workers share them) and block;
// they count every request that they send.
//
// What a status code of a reader means (the message names the object and says what to do):
//   NOT_FOUND           the account or group is not there
//   UNAUTHENTICATED     the key is wrong or has expired
//   PERMISSION_DENIED   the key may not do this
//   UNAVAILABLE         the server cannot be reached, or keeps failing
//   DATA_LOSS           the answer is cut, contradictory or not what the API promises: fail closed
//   CANCELLED           the run is being stopped
#ifndef RECONCILER_PORTS_DIRECTORY_H_
#define RECONCILER_PORTS_DIRECTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/roster.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

// Which groups are managed: the reader keeps the members of these only. `Wants` is called with the
// group's name as served.
class GroupFilter {
 public:
  virtual ~GroupFilter() = default;
  virtual bool Wants(absl::string_view group_name) const = 0;
};

// The complete state of one directory; a partial one does not exist.
struct Snapshot {
  Roster roster;
  absl::Time complete_at;          // by the runtime's clock
  int64_t dangling_members = 0;    // members that are no account of this directory
  std::vector<std::string> notes;  // tolerated oddities, a sentence each, for `check` and logs
};

// One account as it is now, for staleness and verification.
struct AccountRecord {
  std::string id;
  std::string user_name;
  std::string email;
  std::string external_id;
  std::string linked_account;
  AccountState state = AccountState::kActive;
  bool operator==(const AccountRecord&) const = default;
};

// One group's direct account members as they are now; sorted, unique.
struct GroupMembers {
  std::string id;
  std::string name;
  std::vector<std::string> members;
};

// Memberships of one group that somebody has to know about.
struct MembershipQuestion {
  std::string group_id;
  std::vector<std::string> added;    // accounts that are to be members
  std::vector<std::string> removed;  // accounts that are to be none
};

// Who owns an account or group that a plan would touch (rule R1), found by probing.
struct Ownership {
  bool may_activate = true;
  bool may_deactivate = true;
  bool may_change_membership = true;
  std::string reason;  // as the API says it: "externalDirectory.scim"; empty: nobody else owns it
  std::string cure = {};  // what to do about it, where the reader knows; may be empty
  // Write requests that the change takes, where it is not Traits().writes_per_account_change (an
  // account that is suspended in several directories). 0: probing shows that it is so already.
  std::optional<int64_t> activate_writes = {};
  std::optional<int64_t> deactivate_writes = {};
  // The account itself is on; activating it takes back suspensions in directories, and no more.
  // That is not for the owner of the account to do.
  bool restores_only = false;
};
struct ProbeRequest {
  std::vector<std::string> accounts;
  std::vector<std::string> groups;  // group ids
};
struct ProbeResult {
  // Only entries that differ from "this directory itself may do everything".
  std::map<std::string, Ownership> accounts;
  std::map<std::string, Ownership> groups;
};

// What `rollcall check` says of a directory.
struct DirectoryCheck {
  bool reachable = false;
  bool signed_in = false;
  std::string server;                 // what answered, as far as it says so
  std::vector<std::string> may;       // "read users", "change users (PATCH is supported)"
  std::vector<std::string> warnings;  // with the cure
  std::vector<std::string> faults;    // with the cure; any: the check fails
};

// What planning needs to know to compute a budget (rule M2) and an order (rule O1).
struct DirectoryTraits {
  int64_t membership_batch = 1000;       // accounts per membership request, per group (rule O2)
  int64_t reads_per_account_change = 2;  // one before, one after
  int64_t writes_per_account_change = 1;
  int64_t reads_per_group_batch = 2;  // at most
  bool refuses_changes_to_inactive = false;
  double requests_per_second = 20;  // for the estimate
  int concurrency = 4;              // workers
};

class DirectoryReader {
 public:
  virtual ~DirectoryReader() = default;
  virtual DirectoryTraits Traits() const = 0;
  virtual absl::StatusOr<Snapshot> ReadAll(const GroupFilter& managed,
                                           const CallContext& context) = 0;
  virtual absl::StatusOr<ProbeResult> Probe(const ProbeRequest& request,
                                            const CallContext& context) = 0;
  virtual absl::StatusOr<AccountRecord> ReadAccount(const std::string& account,
                                                    const CallContext& context) = 0;
  virtual absl::StatusOr<GroupMembers> ReadGroup(const std::string& group_id,
                                                 const CallContext& context) = 0;
  // The members as far as the question goes; the answer may name others too. Whoever of `removed`
  // is not named is none: a list that may have come short is no proof of that. Whoever of `added`
  // is not named may be one all the same, which shows when he is added, or read again.
  virtual absl::StatusOr<GroupMembers> ReadMemberships(const MembershipQuestion& question,
                                                       const CallContext& context) {
    return ReadGroup(question.group_id, context);
  }
  // What an account can still do here beside what its state and groups say, a sentence each without
  // a full stop ("3 API tokens, which work as long as the account is on"): told after somebody was
  // deactivated. Kinds that know nothing more ask nothing.
  virtual absl::StatusOr<std::vector<std::string>> AccessLeft(const std::string&,
                                                              const CallContext&) {
    return std::vector<std::string>();
  }
  // The earliest moment at which an account that is about to be deleted may be gone for good;
  // nullopt: it is not about to be, or the kind cannot tell.
  virtual absl::StatusOr<std::optional<absl::Time>> DeletedNotBefore(const std::string&,
                                                                     const CallContext&) {
    return std::optional<absl::Time>();
  }
  // The directories of identity providers whose records own an account ("SCIM directory ID, record
  // ID"); empty: none, or the kind cannot tell.
  virtual absl::StatusOr<std::vector<std::string>> OwnersOf(const std::string&,
                                                            const CallContext&) {
    return std::vector<std::string>();
  }
  virtual DirectoryCheck Check(const CallContext& context) = 0;
  // Every request sent since the object was made, retries included.
  virtual int64_t requests_sent() const = 0;
};

// The answer to one write. What the executor does with each code:
//
// * OK: done, as far as the server says; verified later by reading.
// * ALREADY_EXISTS: it was so already: ALREADY_DONE.
// * NOT_FOUND: the account (or group) is gone: SKIPPED_STALE; a member to be removed: ALREADY_DONE.
// * INVALID_ARGUMENT: refused because of its content: a batch is halved (rule O2), one alone is
//   REFUSED.
// * PERMISSION_DENIED: refused by the owner or for lack of rights: REFUSED (re-routed once, rule
//   R5).
// * FAILED_PRECONDITION: refused by the state of the object (limits, read-only): REFUSED.
// * UNAUTHENTICATED: the key is refused: the run stops when nothing else works (section 8).
// * UNAVAILABLE: not sent, or refused before any effect, and retries are used up: FAILED.
// * UNKNOWN: the effect is unknown: the object is read and the change judged by what it shows.
// * CANCELLED: stopped before anything was sent: the change stays pending.
struct WriteReply {
  absl::Status status;
  int http_status = 0;  // of the last answer; 0: none came
  int attempts = 0;     // requests sent for this write
  // With OK: what somebody should know all the same (rule A7), a sentence; may be empty.
  std::string note = {};
  // With PERMISSION_DENIED: who owns the object, as the API says it ("externalDirectory.scim"), so
  // that the change can be made there (rule R5); empty: the server names nobody.
  std::string owner = {};
};

// The payload of a status that is about a finding of its own (`masked`, `read_only`): its name, so
// that nobody has to read it out of the message.
inline constexpr char kFindingPayload[] = "rollcall/finding";

enum class MembershipAction : uint8_t { kAdd, kRemove };

class DirectoryWriter {
 public:
  virtual ~DirectoryWriter() = default;
  virtual WriteReply Activate(const std::string& account, const CallContext& context) = 0;
  virtual WriteReply Deactivate(const std::string& account, const CallContext& context) = 0;
  // One request for at most Traits().membership_batch accounts.
  virtual WriteReply ChangeMembers(MembershipAction action, const std::string& group_id,
                                   absl::Span<const std::string> accounts,
                                   const CallContext& context) = 0;
};

// Small facts about a server that are worth remembering between processes (which form of member
// removal it understands). Thread-safe. Losing one costs a request, never correctness.
class TraitStore {
 public:
  virtual ~TraitStore() = default;
  virtual std::optional<std::string> Get(const std::string& directory, const std::string& key) = 0;
  virtual void Set(const std::string& directory, const std::string& key,
                   const std::string& value) = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_PORTS_DIRECTORY_H_
