#include "clients/atlassian/org_snapshot.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_errors.h"
#include "clients/atlassian/org_members.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/ports/notes.h"

namespace rollcall {
namespace {

constexpr int64_t kUnknown = -1;
constexpr int64_t kUnreadable = -2;
constexpr char kChangedMeanwhile[] = "two directories that disagree about the account itself";

bool SameAccount(const OrgStanding& one, const OrgStanding& other) {
  return one.claimed == other.claimed && one.account_active == other.account_active &&
         one.untouchable == other.untouchable;
}

}  // namespace

absl::StatusOr<Snapshot> OrgSnapshot::Read(const GroupFilter& managed, const CallContext& context) {
  ASSIGN_OR_RETURN(const OrgDirectories directories, accounts_reader_.RefreshDirectories(context));
  for (const std::string& directory : directories.ids) {
    RETURN_IF_ERROR(ReadGroups(directory, managed, context));
  }
  for (size_t i = 0; i < directories.ids.size(); ++i) {
    RETURN_IF_ERROR(ReadUsers(static_cast<uint16_t>(i), directories.ids[i], context));
  }
  const OrgScope& scope = accounts_reader_.scope();
  if (scope.directory == kAllDirectories && scope.way == OrgWay::kAccount) {
    RETURN_IF_ERROR(ReadAccountsInNone(context));
  }
  if (accounts_.empty()) {
    return absl::DataLossError(
        "the key sees no account at all in the organisation's directories; check `org_id` and "
        "`directory_id`, and that the key's owner administers them");
  }
  for (ListedGroup& group : groups_) {
    if (!group.wanted) continue;
    if (context.stopped()) return absl::CancelledError("stopped");
    RETURN_IF_ERROR(ProveMembers(group, context));
  }
  return Finish();
}

absl::Status OrgSnapshot::ReadGroups(const std::string& directory, const GroupFilter& managed,
                                     const CallContext& context) {
  const std::string what = absl::StrCat("the groups of directory ", ForMessage(directory, 80));
  std::vector<OrgGroup> rows;
  const auto take = [&](const OrgGroup& row) {
    // A list that does not keep to the directory: the others come with their own.
    if (row.directory.empty() || row.directory == directory) rows.push_back(row);
    return absl::OkStatus();
  };
  OrgGroupReader reader(take);
  const auto fetch = [&](const std::string& cursor) {
    return api_.SearchGroups(directory, paging_.page_size, cursor, context);
  };
  const auto restart = [&] { rows.clear(); };
  RETURN_IF_ERROR(OrgPager(paging_).Read(what, fetch, restart, reader, context));
  for (OrgGroup& row : rows) {
    if (!group_at_.emplace(row.id, groups_.size()).second) {
      return absl::DataLossError(absl::StrCat(what, ": group ", ForMessage(row.id, 80),
                                              " is in another directory's list as well"));
    }
    ListedGroup group;
    group.wanted = managed.Wants(row.name);
    group.directory = directory;
    group.row = std::move(row);
    groups_.push_back(std::move(group));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> OrgSnapshot::CountUsers(const std::string& directory,
                                                const CallContext& context) {
  const std::string what =
      absl::StrCat("counting the users of directory ", ForMessage(directory, 80));
  OrgApi::Reply reply = api_.CountUsers(directory, context);
  if (!reply.ok()) return reply.status();
  absl::Status failure;
  if (!IsSuccess(reply->status)) {
    failure = OrgReadFailure(what, ParseOrgError(*reply));
    if (absl::IsUnavailable(failure) || absl::IsUnauthenticated(failure)) return failure;
  } else {
    const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
    const json::Value* count = body.ok() ? body->Find("count") : nullptr;
    if (count != nullptr && count->integer().value_or(-1) >= 0) return *count->integer();
    failure = absl::DataLossError(absl::StrCat(what, ": the answer holds no count"));
  }
  const std::string note =
      absl::StrCat(failure.message(), "; that the list of users is whole rests on its pages alone");
  if (std::find(snapshot_.notes.begin(), snapshot_.notes.end(), note) == snapshot_.notes.end()) {
    snapshot_.notes.push_back(note);
  }
  return 0;
}

OrgSnapshot::Row OrgSnapshot::Keep(const OrgUser& user) {
  Row row;
  row.id = texts_.Copy(user.id);
  row.email = texts_.Copy(user.email);
  row.standing = StandingOf(user, &row.oddity);
  ParseMembership(user.membership_status, &row.membership);
  any_roles_ = any_roles_ || user.has_roles;
  return row;
}

absl::Status OrgSnapshot::ReadUsers(uint16_t number, const std::string& directory,
                                    const CallContext& context) {
  const auto wanted_here = [&](const ListedGroup& group) {
    return group.wanted && group.directory == directory;
  };
  OrgUserSearch search;
  search.directory = directory;
  search.limit = paging_.page_size;
  search.expand = {"platformRoles"};
  if (std::any_of(groups_.begin(), groups_.end(), wanted_here)) search.expand.push_back("groups");
  std::vector<Row> rows;
  std::vector<std::pair<size_t, absl::string_view>> members;
  const auto take = [&](const OrgUser& user) {
    rows.push_back(Keep(user));
    for (const std::string& group : user.groups) {
      const auto found = group_at_.find(group);
      if (found == group_at_.end() || !wanted_here(groups_[found->second])) continue;
      members.emplace_back(found->second, rows.back().id);
    }
    return absl::OkStatus();
  };
  OrgUserReader reader(take);
  const auto fetch = [&](const std::string& cursor) {
    return api_.SearchUsers(search, cursor, context);
  };
  const auto restart = [&] {
    rows.clear();
    members.clear();
  };
  const auto promised = [&] { return CountUsers(directory, context); };
  const int64_t before = static_cast<int64_t>(accounts_.size());
  const auto advance = [&](int64_t done) {
    progress_.Advance(directory_, Stage::kReading, before + done, 0);
  };
  const std::string what = absl::StrCat("the users of directory ", ForMessage(directory, 80));
  RETURN_IF_ERROR(
      OrgPager(paging_).Read(OrgList{what, fetch, restart, promised, advance}, reader, context));
  for (const Row& row : rows) {
    // A list that holds accounts of no directory as well: they are no members of this one.
    if (row.membership != OrgMembership::kNone) Merge(row, {number, row.membership});
  }
  for (const auto& [group, account] : members) groups_[group].members.push_back(account);
  return absl::OkStatus();
}

absl::Status OrgSnapshot::ReadAccountsInNone(const CallContext& context) {
  OrgUserSearch search;
  search.membership_status = "no_membership";
  search.limit = paging_.page_size;
  search.expand = {"platformRoles"};
  std::vector<Row> rows;
  const auto take = [&](const OrgUser& user) {
    // A server that does not know the filter sends everybody.
    if (user.membership_status == search.membership_status) rows.push_back(Keep(user));
    return absl::OkStatus();
  };
  OrgUserReader reader(take);
  const auto fetch = [&](const std::string& cursor) {
    return api_.SearchUsers(search, cursor, context);
  };
  const auto restart = [&] { rows.clear(); };
  RETURN_IF_ERROR(OrgPager(paging_).Read("the managed accounts in no directory", fetch, restart,
                                         reader, context));
  for (const Row& row : rows) {
    if (row.standing.claimed || row.standing.untouchable) Merge(row, OrgPlace());
  }
  return ReadHiddenAccounts(context);
}

// The first page of the list of managed accounts says how many there are; kUnknown if not.
absl::StatusOr<int64_t> OrgSnapshot::CountManaged(const CallContext& context) {
  const OrgApi::Reply reply = api_.ListManaged("", context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) {
    const absl::Status failure = OrgReadFailure("the managed accounts", ParseOrgError(*reply));
    if (absl::IsUnavailable(failure) || absl::IsUnauthenticated(failure)) return failure;
    snapshot_.notes.push_back(
        absl::StrCat(kNotJudged, failure.message(),
                     "; managed accounts that are in no directory may be missing"));
    return kUnreadable;
  }
  const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
  const json::Value* meta = body.ok() ? body->Find("meta") : nullptr;
  const json::Value* total = meta == nullptr ? nullptr : meta->Find("total");
  return total == nullptr ? kUnknown : total->integer().value_or(kUnknown);
}

absl::Status OrgSnapshot::ReadHiddenAccounts(const CallContext& context) {
  ASSIGN_OR_RETURN(const int64_t total, CountManaged(context));
  const int64_t seen =
      std::count_if(accounts_.begin(), accounts_.end(),
                    [](const Account& account) { return account.standing.claimed; });
  if (total == kUnreadable || total == seen) return absl::OkStatus();
  std::vector<Row> rows;
  const auto take = [&](const OrgUser& listed) {
    if (ids_.Find(listed.id) != IdIndex::kNone) return absl::OkStatus();
    OrgUser user = listed;
    user.claim_status = "managed";  // what this list is about
    user.membership_status = "no_membership";
    rows.push_back(Keep(user));
    return absl::OkStatus();
  };
  OrgUserReader reader(take);
  const auto fetch = [&](const std::string& cursor) { return api_.ListManaged(cursor, context); };
  const auto restart = [&] { rows.clear(); };
  RETURN_IF_ERROR(OrgPager(paging_).Read("the managed accounts", fetch, restart, reader, context));
  for (const Row& row : rows) Merge(row, OrgPlace());
  return absl::OkStatus();
}

void OrgSnapshot::Merge(const Row& row, const OrgPlace& place) {
  if (!row.oddity.empty()) NoteOddity(row.oddity, row.id);
  uint32_t number = ids_.Find(row.id);
  if (number == IdIndex::kNone) {
    number = ids_.Append(row.id);
    accounts_.push_back({row.email, row.standing});
  }
  OrgStanding& standing = accounts_[number].standing;
  if (!SameAccount(standing, row.standing)) {
    standing.untouchable = true;
    NoteOddity(kChangedMeanwhile, row.id);
  }
  standing.administrator = standing.administrator || row.standing.administrator;
  if (accounts_[number].email.empty()) accounts_[number].email = row.email;
  if (place.status != OrgMembership::kNone) standing.places.push_back(place);
}

void OrgSnapshot::NoteOddity(const std::string& oddity, absl::string_view id) {
  Oddity& noted = oddities_[oddity];
  if (noted.count++ == 0) noted.example = ForMessage(id, 80);
}

// What the users' own groups say is taken where it agrees with the group's count; else the group's
// list of members is read, and both together must not fall short of the count.
absl::Status OrgSnapshot::ProveMembers(ListedGroup& group, const CallContext& context) {
  std::vector<absl::string_view>& members = group.members;
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  const std::optional<int64_t> count = group.row.users;
  const auto agrees = [&](size_t number) {
    return count.has_value() && static_cast<int64_t>(number) == *count;
  };
  group.pages = 1 + static_cast<int64_t>(members.size()) / std::max<int64_t>(paging_.page_size, 1);
  if (agrees(members.size())) return absl::OkStatus();
  std::string last;
  for (int pass = 1; pass <= OrgPager::kPasses; ++pass) {
    ASSIGN_OR_RETURN(const OrgMembers listed,
                     ReadOrgMembers(api_, paging_, group.directory, group.row.id, context));
    group.pages = listed.pages;
    std::vector<absl::string_view> both;
    std::set_union(members.begin(), members.end(), listed.accounts.begin(), listed.accounts.end(),
                   std::back_inserter(both));
    const bool same = both.size() == members.size() && both.size() == listed.accounts.size();
    // The lists of users do not tell groups; the group grew. Not everybody, though: that would be a
    // server that does not hear which group is meant.
    const bool grew = members.empty() && both.size() < accounts_.size() && count.has_value() &&
                      static_cast<int64_t>(both.size()) > *count;
    if (same || agrees(both.size()) || agrees(listed.accounts.size()) || !count.has_value() ||
        grew) {
      for (absl::string_view& member : both) member = texts_.Copy(member);
      members = std::move(both);
      return absl::OkStatus();
    }
    last = absl::StrCat(members.size(), " by the users' groups, ", listed.accounts.size(),
                        " by its own list, ", *count, " by its count");
  }
  return absl::DataLossError(absl::StrCat("the members of group ", ForMessage(group.row.name, 80),
                                          ": ", last, ", and each of ", OrgPager::kPasses,
                                          " readings said so; try again when nobody changes it"));
}

absl::StatusOr<Snapshot> OrgSnapshot::Finish() {
  RosterBuilder builder;
  const OrgWay way = accounts_reader_.scope().way;
  for (uint32_t i = 0; i < ids_.size(); ++i) {
    const OrgStanding& standing = accounts_[i].standing;
    if (IsNowhere(standing, way)) continue;
    rollcall::Account account;
    account.id = ids_[i];
    account.email = accounts_[i].email;
    account.state = StateOf(standing, way);
    account.claimed = standing.claimed;
    account.administrator = standing.administrator;
    account.synced = standing.synced;
    account.pending_deletion = standing.pending_deletion;
    builder.AddAccount(account);
  }
  for (const ListedGroup& listed : groups_) {
    Group group;
    group.id = listed.row.id;
    group.name = listed.row.name;
    group.modifiable = listed.row.modifiable;
    group.externally_synced = listed.row.externally_synced;
    const uint32_t handle = builder.AddGroup(group);
    if (listed.wanted) builder.AddMembers(handle, listed.members);
  }
  for (const auto& [oddity, noted] : oddities_) {
    snapshot_.notes.push_back(
        absl::StrCat(kNotJudged, noted.count, noted.count == 1 ? " account is" : " accounts are",
                     " left alone because of ", oddity, " (for example ", noted.example, ")"));
  }
  if (!any_roles_) {
    snapshot_.notes.push_back(
        "no account shows `platformRoles`: who administers the organisation is not known");
  }
  absl::StatusOr<Roster> roster = std::move(builder).Finish();
  if (!roster.ok()) return absl::DataLossError(roster.status().message());
  snapshot_.dangling_members = builder.dangling_members();
  LearnAll(*roster);
  snapshot_.roster = *std::move(roster);
  return std::move(snapshot_);
}

void OrgSnapshot::LearnAll(const Roster& roster) {
  std::vector<OrgBook::Entry> entries;
  entries.reserve(roster.accounts.size());
  for (const rollcall::Account& account : roster.accounts) {
    entries.emplace_back(account.id, accounts_[ids_.Find(account.id)].standing);
  }
  std::map<std::string, OrgKnownGroup> groups;
  for (const ListedGroup& listed : groups_) {
    if (!listed.wanted) continue;
    groups[listed.row.id] = {listed.directory, listed.row.name, listed.pages};
  }
  book_.LearnAll(std::move(entries), std::move(groups), roster.arena);
}

}  // namespace rollcall
