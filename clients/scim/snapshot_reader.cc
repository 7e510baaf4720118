#include "clients/scim/snapshot_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/scim/member_removal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

class SnapshotReader::Users final : public ListTarget {
 public:
  explicit Users(SnapshotReader& reader) : reader_(reader) {}
  ScimResource resource() const override { return ScimResource::kUsers; }
  void Restart() override {
    reader_.builder_ = RosterBuilder();
    reader_.user_facts_ = {};
  }
  absl::Status Decode(std::string& body, RowGate& gate, ListPage& page) override {
    return DecodeUserPage(body, gate, reader_.builder_, reader_.user_facts_, page);
  }
  void Advance(int64_t done, int64_t total) override {
    reader_.progress_.Advance(reader_.directory_, Stage::kReading, done, total);
  }

 private:
  SnapshotReader& reader_;
};

class SnapshotReader::Groups final : public ListTarget {
 public:
  Groups(SnapshotReader& reader, const GroupFilter& managed)
      : reader_(reader),
        managed_(managed),
        users_(static_cast<int64_t>(reader.builder_.accounts())) {}
  ScimResource resource() const override { return ScimResource::kGroups; }
  void Restart() override {
    reader_.builder_.DropGroups();
    reader_.group_facts_ = {};
  }
  absl::Status Decode(std::string& body, RowGate& gate, ListPage& page) override {
    return DecodeGroupPage(body, managed_, gate, reader_.builder_, reader_.group_facts_, page);
  }
  void Advance(int64_t done, int64_t total) override {
    reader_.progress_.Advance(reader_.directory_, Stage::kReading, users_ + done, users_ + total);
  }

 private:
  SnapshotReader& reader_;
  const GroupFilter& managed_;
  const int64_t users_;
};

SnapshotReader::SnapshotReader(ScimApi& api, Discovery& discovery, GuardedPatch& patch,
                               const PagingOptions& paging, const std::string& directory,
                               Progress& progress)
    : api_(api),
      discovery_(discovery),
      patch_(patch),
      paging_(paging),
      directory_(directory),
      progress_(progress) {}

absl::StatusOr<Snapshot> SnapshotReader::Read(const GroupFilter& managed,
                                              const CallContext& context) {
  ASSIGN_OR_RETURN(ServiceConfig config, discovery_.Refresh(context));
  if (!config.note.empty()) snapshot_.notes.push_back(config.note);
  ScimPager pager(api_, config, paging_);
  Users users(*this);
  RETURN_IF_ERROR(pager.Read(users, context));
  RETURN_IF_ERROR(ReadGroups(pager, managed, context));
  if (group_facts_.groups > 0 && group_facts_.with_members_key == 0) {
    RETURN_IF_ERROR(ReadMembersOneByOne(context));
  }
  snapshot_.notes.insert(snapshot_.notes.end(), pager.notes().begin(), pager.notes().end());
  if (user_facts_.active_as_text > 0) {
    snapshot_.notes.push_back(
        absl::StrCat(user_facts_.active_as_text,
                     " users have `active` as a text instead of a boolean; it was understood"));
  }
  absl::StatusOr<Roster> roster = std::move(builder_).Finish();
  if (!roster.ok()) return absl::DataLossError(roster.status().message());
  snapshot_.roster = *std::move(roster);
  snapshot_.dangling_members = builder_.dangling_members();
  return std::move(snapshot_);
}

absl::Status SnapshotReader::ReadGroups(ScimPager& pager, const GroupFilter& managed,
                                        const CallContext& context) {
  Groups groups(*this, managed);
  absl::Status status = pager.Read(groups, context);
  // Users were read, so the address and the key are right: this server has no groups. Managed ones
  // are then reported as missing, and nothing follows from that.
  if (absl::IsNotFound(status) || absl::IsUnimplemented(status)) {
    groups.Restart();
    snapshot_.notes.push_back(absl::StrCat("the server has no groups (", status.message(), ")"));
    return absl::OkStatus();
  }
  return status;
}

absl::Status SnapshotReader::ReadMembersOneByOne(const CallContext& context) {
  for (const auto& [handle, id] : group_facts_.wanted) {
    if (context.stopped()) return absl::CancelledError("stopped");
    absl::StatusOr<GroupRecordRead> read = FetchGroup(api_, patch_, id, context);
    if (absl::IsNotFound(read.status())) {
      return absl::DataLossError(absl::StrCat("reading the members of group ", id,
                                              ": it was in the list and is gone; plan again"));
    }
    if (!read.ok()) return Annotate(read.status(), absl::StrCat("reading the members of ", id));
    for (const std::string& member : read->group.members) builder_.AddMember(handle, member);
    if (read->nested) builder_.MarkNested(handle);
  }
  if (!group_facts_.wanted.empty()) {
    snapshot_.notes.push_back(
        absl::StrCat("the list of groups leaves out the members: ", group_facts_.wanted.size(),
                     " groups were read one by one"));
  }
  return absl::OkStatus();
}

}  // namespace rollcall
