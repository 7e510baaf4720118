// Roster: the accounts, groups and direct memberships of one directory, flat. Both what a directory
// really holds (a snapshot) and what it should hold (the projection) are rosters, so that the diff
// is one function. Built by RosterBuilder, immutable afterwards, safe to read from any thread.
#ifndef RECONCILER_PLAN_ROSTER_H_
#define RECONCILER_PLAN_ROSTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "reconciler/base/id_index.h"
#include "reconciler/base/string_arena.h"

namespace rollcall {

using AccountIndex = uint32_t;  // into Roster::accounts
using GroupIndex = uint32_t;    // into Roster::groups
inline constexpr AccountIndex kNoAccount = UINT32_MAX;
inline constexpr GroupIndex kNoGroup = UINT32_MAX;

enum class AccountState : uint8_t {
  kActive,
  kInactive,
  kPartlyActive,  // a Cloud account that is suspended in some of its directories (rule A4)
  kUntouchable,   // closed, pending deletion, app or customer account (rule A5)
};

struct Account {
  absl::string_view id;              // the directory's unchangeable account id
  absl::string_view user_name;       // empty where the kind has none
  absl::string_view email;           // may be empty
  absl::string_view external_id;     // may be empty
  absl::string_view linked_account;  // SCIM: the record's atlassianAccountId; may be empty
  AccountState state = AccountState::kActive;
  bool claimed = true;            // Cloud: managed by this organisation
  bool administrator = false;     // Cloud: administers the organisation by role (`min_admins`)
  bool synced = false;            // Cloud: says that some identity provider's directory manages it
  bool pending_deletion = false;  // Cloud: will be deleted, unless that is taken back (rule A5)

  bool operator==(const Account&) const = default;
};

struct Group {
  absl::string_view id;
  absl::string_view name;  // as served
  bool nested = false;     // has groups as members (left alone; `nested_access`)
  bool modifiable = true;
  bool externally_synced = false;  // rule R1

  bool operator==(const Group&) const = default;
};

struct Membership {
  GroupIndex group = 0;
  AccountIndex account = 0;
  auto operator<=>(const Membership&) const = default;
};

struct Roster {
  std::shared_ptr<const StringArena> arena;  // shared, so that a projection may reuse a snapshot's
  std::vector<Account> accounts;             // sorted by id, unique
  std::vector<Group> groups;                 // sorted by id, unique
  std::vector<Membership> memberships;  // sorted, unique; only of the groups that were asked for

  AccountIndex FindAccount(absl::string_view id) const;  // kNoAccount when absent
  GroupIndex FindGroup(absl::string_view id) const;
  bool HasMembership(GroupIndex group, AccountIndex account) const;
  // The slice of `memberships` of one group.
  std::vector<Membership>::const_iterator MembersBegin(GroupIndex group) const;
  std::vector<Membership>::const_iterator MembersEnd(GroupIndex group) const;
  // Over ids, states and memberships (not bytes): equal for equal content in any page order.
  std::string Hash() const;
};

// Collects rows in any order; sorts and checks at the end. One thread.
class RosterBuilder {
 public:
  RosterBuilder();
  // Copies the texts. The same id twice is for the caller to notice (paging); Finish fails on it.
  void AddAccount(const Account& account);
  // Returns a handle for AddMember.
  uint32_t AddGroup(const Group& group);
  // An id may be unknown at the end: such a member (dangling, foreign) is counted and left out.
  // Doubled memberships become one. Cheapest with many members at once, after the accounts.
  void AddMembers(uint32_t group_handle, absl::Span<const absl::string_view> account_ids);
  void AddMember(uint32_t group_handle, absl::string_view account_id) {
    AddMembers(group_handle, absl::MakeConstSpan(&account_id, 1));
  }
  // Found out later that the group holds groups.
  void MarkNested(uint32_t group_handle) { groups_[group_handle].nested = true; }
  // Forgets groups and memberships, keeps accounts: a list of groups is being read again.
  void DropGroups();

  size_t accounts() const { return accounts_.size(); }

  // INVALID_ARGUMENT naming the id that came twice or is empty.
  absl::StatusOr<Roster> Finish() &&;
  int64_t dangling_members() const { return dangling_; }

 private:
  struct OpenRow {  // the account was not known when its membership came
    uint32_t group;
    absl::string_view account_id;
  };
  // Sorts the accounts by id; where each of them, by its number, lies then.
  std::vector<AccountIndex> SortAccounts();
  std::vector<GroupIndex> SortGroups();
  // Sorted and unique, from rows_, which it empties.
  std::vector<Membership> SortRows(const std::vector<GroupIndex>& group_at,
                                   const std::vector<AccountIndex>& account_at);

  std::shared_ptr<StringArena> arena_;
  std::vector<Account> accounts_;
  IdIndex ids_;  // of accounts_, by the same numbers
  std::vector<Group> groups_;
  std::vector<Membership> rows_;  // numbers in the order of coming
  std::vector<OpenRow> open_rows_;
  std::vector<uint32_t> found_;  // scratch
  int64_t dangling_ = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_ROSTER_H_
