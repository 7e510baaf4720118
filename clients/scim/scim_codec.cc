#include "clients/scim/scim_codec.h"

#include <algorithm>
#include <utility>

#include "clients/json/events.h"
#include "clients/json/writer.h"
#include "clients/scim/group_rewriter.h"
#include "clients/scim/group_row.h"
#include "clients/scim/user_row.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kPatchSchema[] = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

// "Not JSON" is INVALID_ARGUMENT to the parser; to us the server broke its promise.
absl::Status AsDataLoss(absl::Status status) {
  if (status.ok() || status.code() == absl::StatusCode::kCancelled) return status;
  return absl::DataLossError(status.message());
}

json::Writer StartPatch() {
  json::Writer w;
  w.StartObject().Key("schemas").StartArray().String(kPatchSchema).EndArray();
  w.Key("Operations").StartArray();
  return w;
}

std::string FinishPatch(json::Writer w) {
  w.EndArray().EndObject();
  return std::move(w).Take();
}

void AppendMembers(json::Writer& w, absl::Span<const std::string> accounts) {
  w.Key("value").StartArray();
  for (const std::string& account : accounts) {
    w.StartObject().Key("value").String(account).EndObject();
  }
  w.EndArray();
}

}  // namespace

absl::Status DecodeUserPage(std::string& body, RowGate& gate, RosterBuilder& builder,
                            UserListFacts& facts, ListPage& page) {
  UserRow row;
  auto sink = [&](UserRow& user) {
    RowGate::Verdict verdict = gate.Admit(user.id());
    if (verdict == RowGate::Verdict::kTake) builder.AddAccount(user.account());
    return verdict != RowGate::Verdict::kStop;
  };
  ListHandler<UserRow> handler(row, sink, page);
  absl::Status status = json::ParseInsitu(body, handler);
  facts.active_as_text += row.active_as_text();
  return AsDataLoss(status);
}

absl::Status DecodeGroupPage(std::string& body, const GroupFilter& managed, RowGate& gate,
                             RosterBuilder& builder, GroupListFacts& facts, ListPage& page) {
  GroupRow row(&managed);
  std::vector<absl::string_view> members;
  auto sink = [&](GroupRow& read) {
    RowGate::Verdict verdict = gate.Admit(read.id());
    if (verdict != RowGate::Verdict::kTake) return verdict != RowGate::Verdict::kStop;
    Group group;
    group.id = read.id();
    group.name = read.name();
    group.nested = read.nested();
    const uint32_t handle = builder.AddGroup(group);
    ++facts.groups;
    if (read.has_members_key()) ++facts.with_members_key;
    if (!read.wanted()) return true;
    facts.wanted.emplace_back(handle, read.id());
    members.clear();
    for (size_t i = 0; i < read.member_count(); ++i) members.push_back(read.member(i));
    builder.AddMembers(handle, members);
    return true;
  };
  ListHandler<GroupRow> handler(row, sink, page);
  return AsDataLoss(json::ParseInsitu(body, handler));
}

absl::StatusOr<AccountRecord> DecodeUser(std::string& body) {
  UserRow row;
  ResourceHandler<UserRow> handler(row);
  RETURN_IF_ERROR(AsDataLoss(json::ParseInsitu(body, handler)));
  const Account account = row.account();
  AccountRecord record;
  record.id = std::string(account.id);
  record.user_name = std::string(account.user_name);
  record.email = std::string(account.email);
  record.external_id = std::string(account.external_id);
  record.linked_account = std::string(account.linked_account);
  record.state = account.state;
  return record;
}

absl::StatusOr<GroupRecordRead> DecodeGroup(std::string& body) {
  GroupRow row(nullptr);
  ResourceHandler<GroupRow> handler(row);
  RETURN_IF_ERROR(AsDataLoss(json::ParseInsitu(body, handler)));
  GroupRecordRead read;
  read.group.id = row.id();
  read.group.name = row.name();
  read.nested = row.nested();
  std::vector<std::string>& members = read.group.members;
  members.reserve(row.member_count());
  for (size_t i = 0; i < row.member_count(); ++i) members.emplace_back(row.member(i));
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return read;
}

std::string EncodeSetActive(bool active) {
  json::Writer w = StartPatch();
  w.StartObject().Key("op").String("replace").Key("path").String("active");
  w.Key("value").Bool(active).EndObject();
  return FinishPatch(std::move(w));
}

std::string EncodeAddMembers(absl::Span<const std::string> accounts) {
  json::Writer w = StartPatch();
  w.StartObject().Key("op").String("add").Key("path").String("members");
  AppendMembers(w, accounts);
  w.EndObject();
  return FinishPatch(std::move(w));
}

std::string EncodeRemoveByFilter(absl::Span<const std::string> accounts) {
  json::Writer w = StartPatch();
  for (const std::string& account : accounts) {
    // RFC 7644 writes the value of a filter as a JSON string; operators in lower case, since a
    // server is known to break on capitals.
    w.StartObject().Key("op").String("remove").Key("path");
    w.String(absl::StrCat("members[value eq ", json::Quoted(account), "]")).EndObject();
  }
  return FinishPatch(std::move(w));
}

std::string EncodeRemoveByValue(absl::Span<const std::string> accounts) {
  json::Writer w = StartPatch();
  w.StartObject().Key("op").String("remove").Key("path").String("members");
  AppendMembers(w, accounts);
  w.EndObject();
  return FinishPatch(std::move(w));
}

absl::StatusOr<std::string> EncodeGroupWithout(std::string& served,
                                               absl::Span<const std::string> accounts) {
  GroupRewriter rewriter(accounts);
  RETURN_IF_ERROR(AsDataLoss(json::ParseInsitu(served, rewriter)));
  return std::move(rewriter).Take();
}

}  // namespace rollcall
