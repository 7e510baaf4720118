#include "clients/crowd/crowd_snapshot.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/crowd/crowd_list.h"
#include "clients/crowd/member_list.h"
#include "clients/crowd/membership_document.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int kGroupPasses = 3;  // of groups with their members

absl::Status Incomplete(absl::string_view user) {
  return absl::DataLossError(absl::StrCat(
      "user ", ForMessage(user, 80),
      " comes without `active`: this Crowd does not give the fields of users in lists"));
}

}  // namespace

class CrowdSnapshot::Users final : public CrowdRowTarget {
 public:
  explicit Users(CrowdSnapshot& snapshot) : snapshot_(snapshot) {}
  void Restart() override {
    snapshot_.builder_ = RosterBuilder();
    snapshot_.texts_ = StringArena();
    snapshot_.names_ = IdIndex();
    snapshot_.ids_.clear();
  }
  absl::Status Take(const CrowdRow& row) override { return snapshot_.AddUser(row); }
  void Advance(int64_t done, int64_t total) override {
    snapshot_.progress_.Advance(snapshot_.directory_, Stage::kReading, done, total);
  }

 private:
  CrowdSnapshot& snapshot_;
};

class CrowdSnapshot::Groups final : public CrowdRowTarget {
 public:
  Groups(CrowdSnapshot& snapshot, const GroupFilter& managed)
      : snapshot_(snapshot),
        managed_(managed),
        users_(static_cast<int64_t>(snapshot.builder_.accounts())) {}
  void Restart() override {
    snapshot_.builder_.DropGroups();
    snapshot_.group_names_ = IdIndex();
    snapshot_.groups_.clear();
    snapshot_.dangling_ = 0;
  }
  absl::Status Take(const CrowdRow& row) override { return snapshot_.AddGroup(row, managed_); }
  void Advance(int64_t done, int64_t total) override {
    snapshot_.progress_.Advance(snapshot_.directory_, Stage::kReading, users_ + done,
                                users_ + total);
  }

 private:
  CrowdSnapshot& snapshot_;
  const GroupFilter& managed_;
  const int64_t users_;
};

class CrowdSnapshot::Members final : public MembershipSink {
 public:
  Members(CrowdSnapshot& snapshot, const GroupFilter& managed)
      : snapshot_(snapshot), managed_(managed) {}
  absl::Status Group(absl::string_view name) override {
    Flush();
    group_ = nullptr;
    const uint32_t number = snapshot_.group_names_.Find(Fold(name));
    if (number == IdIndex::kNone) {
      if (managed_.Wants(name)) unlisted_ = std::string(name);
      return absl::OkStatus();
    }
    ListedGroup& group = snapshot_.groups_[number];
    if (!group.wanted) return absl::OkStatus();
    if (group.read) {
      return absl::DataLossError(
          absl::StrCat("the group \"", ForMessage(name, 80), "\" comes twice"));
    }
    group.read = true;
    group_ = &group;
    return absl::OkStatus();
  }
  void User(absl::string_view name) override {
    if (group_ == nullptr) return;
    const absl::string_view id = snapshot_.AccountOf(name);
    if (!id.empty()) members_.push_back(id);
  }
  void ChildGroup(absl::string_view) override {
    if (group_ != nullptr) snapshot_.builder_.MarkNested(group_->handle);
  }
  // After the last group.
  void Flush() {
    if (group_ != nullptr) snapshot_.builder_.AddMembers(group_->handle, members_);
    members_.clear();
  }
  const std::string& unlisted() const { return unlisted_; }

 private:
  CrowdSnapshot& snapshot_;
  const GroupFilter& managed_;
  ListedGroup* group_ = nullptr;  // null: nobody wants it
  std::vector<absl::string_view> members_;
  std::string unlisted_;
};

absl::StatusOr<Snapshot> CrowdSnapshot::Read(const GroupFilter& managed,
                                             const CallContext& context) {
  CrowdLister lister(api_, paging_);
  Users users(*this);
  RETURN_IF_ERROR(lister.Read(CrowdEntity::kUser, users, context));
  gives_all_ = lister.gives_all();
  if (ids_.empty()) {
    return absl::DataLossError(
        "GET /search (users): Crowd shows this application no user at all; assign it a directory "
        "that holds them (Applications, Directories & groups)");
  }
  RETURN_IF_ERROR(ReadGroupsAndMembers(lister, managed, context));
  snapshot_.notes.insert(snapshot_.notes.end(), lister.notes().begin(), lister.notes().end());
  absl::StatusOr<Roster> roster = std::move(builder_).Finish();
  if (!roster.ok()) return absl::DataLossError(roster.status().message());
  snapshot_.roster = *std::move(roster);
  snapshot_.dangling_members = dangling_;
  return std::move(snapshot_);
}

absl::Status CrowdSnapshot::AddUser(const CrowdRow& row) {
  if (!row.active.has_value()) return Incomplete(row.name);
  Account account;
  account.id = row.key.empty() ? row.name : row.key;
  account.user_name = row.name;
  account.email = row.email;
  account.state = *row.active ? AccountState::kActive : AccountState::kInactive;
  builder_.AddAccount(account);
  names_.Append(texts_.Copy(Fold(row.name)));
  ids_.push_back(texts_.Copy(account.id));
  return absl::OkStatus();
}

absl::Status CrowdSnapshot::AddGroup(const CrowdRow& row, const GroupFilter& managed) {
  // Crowd knows groups by their names only.
  Group group;
  group.id = row.name;
  group.name = row.name;
  const bool wanted = managed.Wants(row.name);
  groups_.push_back({row.name, builder_.AddGroup(group), wanted, false});
  group_names_.Append(texts_.Copy(Fold(row.name)));
  return absl::OkStatus();
}

absl::Status CrowdSnapshot::ReadGroupsAndMembers(CrowdLister& lister, const GroupFilter& managed,
                                                 const CallContext& context) {
  std::string unlisted;
  for (int pass = 1; pass <= kGroupPasses; ++pass) {
    Groups groups(*this, managed);
    RETURN_IF_ERROR(lister.Read(CrowdEntity::kGroup, groups, context));
    const bool any = std::any_of(groups_.begin(), groups_.end(),
                                 [](const ListedGroup& group) { return group.wanted; });
    if (!any) return absl::OkStatus();
    unlisted.clear();
    RETURN_IF_ERROR(ReadMemberships(managed, unlisted, context));
    if (unlisted.empty()) return ReadOneByOne(context);
  }
  return absl::DataLossError(absl::StrCat("the group \"", ForMessage(unlisted, 80),
                                          "\" has members and is in no list of groups, in each of ",
                                          kGroupPasses, " readings; look at it in Crowd"));
}

absl::Status CrowdSnapshot::ReadMemberships(const GroupFilter& managed, std::string& unlisted,
                                            const CallContext& context) {
  const char* const what = "GET /group/membership";
  const CrowdApi::Reply reply = api_.GetMemberships(context);
  if (!reply.ok()) return reply.status();
  if (reply->status == 404 || reply->status == 405) {
    // Users and groups were read, so the address and the password are right: an old Crowd.
    snapshot_.notes.push_back(
        absl::StrCat(what, " answers ", reply->status, ": the members are read group by group"));
    return absl::OkStatus();
  }
  if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
  RETURN_IF_ERROR(RequireCrowdXml(what, *reply));
  Members members(*this, managed);
  RETURN_IF_ERROR(DecodeMemberships(reply->body, members));
  members.Flush();
  unlisted = members.unlisted();
  return absl::OkStatus();
}

absl::Status CrowdSnapshot::ReadOneByOne(const CallContext& context) {
  for (ListedGroup& group : groups_) {
    if (!group.wanted || group.read) continue;
    if (context.stopped()) return absl::CancelledError("stopped");
    const absl::Status status = ReadMembersOf(group, context);
    if (absl::IsNotFound(status)) {
      return absl::DataLossError(
          absl::StrCat(status.message(), "; it was in the list of groups and is gone: plan again"));
    }
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status CrowdSnapshot::ReadMembersOf(ListedGroup& group, const CallContext& context) {
  std::vector<absl::string_view> members;
  const auto take = [&](const CrowdRow& row) {
    const absl::string_view id = AccountOf(row.name);
    if (!id.empty()) members.push_back(id);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ReadCrowdMembers(api_, group.name, false, take, context));
  builder_.AddMembers(group.handle, members);
  const std::string what = absl::StrCat("the groups in group ", ForMessage(group.name, 80));
  CrowdApi::Reply children = api_.GetChildGroups(group.name, 1, context);
  if (!children.ok()) return children.status();
  if (!IsSuccess(children->status)) return CrowdReadFailure(what, ParseCrowdError(*children));
  RETURN_IF_ERROR(RequireCrowdJson(what, *children));
  return DecodeCrowdList(what, CrowdEntity::kGroup, children->body, [&](const CrowdRow&) {
    builder_.MarkNested(group.handle);
    return absl::OkStatus();
  });
}

absl::string_view CrowdSnapshot::AccountOf(absl::string_view name) {
  const uint32_t number = names_.Find(Fold(name));
  if (number != IdIndex::kNone) return ids_[number];
  ++dangling_;
  return {};
}

}  // namespace rollcall
