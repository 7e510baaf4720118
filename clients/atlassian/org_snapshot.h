// OrgSnapshot: reads the whole organisation, as far as its configured directories go, into a
// Snapshot: the directories; of each its groups, and its users with the groups that they are in;
// and, where all directories count and accounts are disabled as a whole, the managed accounts that
// are in no directory. One object a snapshot, one thread.
//
// Proof (rule M3): users are as many as /users/count says, or more; the members of a wanted group
// are as many as its `counts.users` says. Members that differ from that are read once more, group
// by group; what is less than the server counts is DATA_LOSS in the end. No account at all is
// DATA_LOSS too: a key that lost its directories sees an empty list.
//
// Cost: pages; one request for the directories, one a directory for its count, two for the accounts
// in none; and a list of members for each wanted group whose count does not agree.
#ifndef CLIENTS_ATLASSIAN_ORG_SNAPSHOT_H_
#define CLIENTS_ATLASSIAN_ORG_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/atlassian/org_accounts.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_book.h"
#include "clients/atlassian/org_pager.h"
#include "reconciler/base/id_index.h"
#include "reconciler/base/string_arena.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"

namespace rollcall {

class OrgSnapshot {
 public:
  OrgSnapshot(OrgApi& api, OrgAccounts& accounts, OrgBook& book, const OrgPaging& paging,
              const std::string& directory, Progress& progress)
      : api_(api),
        accounts_reader_(accounts),
        book_(book),
        paging_(paging),
        directory_(directory),
        progress_(progress) {}

  // Everything but the time at which it was complete. The book learns what was read.
  absl::StatusOr<Snapshot> Read(const GroupFilter& managed, const CallContext& context);

 private:
  struct Row {  // one user in one directory's list
    absl::string_view id;
    absl::string_view email;
    OrgStanding standing;
    OrgMembership membership = OrgMembership::kActive;
    std::string oddity;
  };
  struct Account {
    absl::string_view email;
    OrgStanding standing;
  };
  struct ListedGroup {
    OrgGroup row;
    std::string directory;
    bool wanted = false;
    std::vector<absl::string_view> members;  // as the lists of users say; ids in texts_
    int64_t pages = 1;
  };
  struct Oddity {
    int64_t count = 0;
    std::string example;
  };

  absl::Status ReadGroups(const std::string& directory, const GroupFilter& managed,
                          const CallContext& context);
  absl::Status ReadUsers(uint16_t number, const std::string& directory, const CallContext& context);
  absl::Status ReadAccountsInNone(const CallContext& context);
  // Reads the managed accounts by themselves where there are not as many as were seen.
  absl::Status ReadHiddenAccounts(const CallContext& context);
  absl::StatusOr<int64_t> CountManaged(const CallContext& context);
  absl::StatusOr<int64_t> CountUsers(const std::string& directory, const CallContext& context);
  Row Keep(const OrgUser& user);
  void Merge(const Row& row, const OrgPlace& place);
  void NoteOddity(const std::string& oddity, absl::string_view id);
  absl::Status ProveMembers(ListedGroup& group, const CallContext& context);
  absl::StatusOr<Snapshot> Finish();
  void LearnAll(const Roster& roster);

  OrgApi& api_;
  OrgAccounts& accounts_reader_;
  OrgBook& book_;
  const OrgPaging paging_;
  const std::string directory_;
  Progress& progress_;
  StringArena texts_;
  IdIndex ids_;
  std::vector<Account> accounts_;  // by the same numbers
  std::vector<ListedGroup> groups_;
  absl::flat_hash_map<std::string, size_t> group_at_;  // by id
  std::map<std::string, Oddity> oddities_;
  bool any_roles_ = false;
  Snapshot snapshot_;
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_SNAPSHOT_H_
