#include "clients/jira/jira_snapshot.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_account.h"
#include "clients/jira/jira_caller.h"
#include "clients/jira/jira_errors.h"
#include "clients/json/value.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/ports/notes.h"

namespace rollcall {
namespace {

bool IsKnownType(const JiraRow& row) {
  return row.account_type.empty() || row.account_type == "atlassian" || row.account_type == "app" ||
         row.account_type == "customer";
}

}  // namespace

std::string NameOtherJira(JiraApi& api, const CallContext& context) {
  const JiraApi::Reply reply = api.GetServerInfo(context);
  if (!reply.ok() || !IsSuccess(reply->status)) return "";
  const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
  if (!body.ok()) return "";
  const absl::string_view type = body->Text("deploymentType");
  if (type.empty() || type == "Cloud") return "";
  return absl::StrCat("a Jira of type \"", ForMessage(type, 40), "\", version ",
                      ForMessage(body->Text("version"), 40),
                      ", answers there: kind `jira` is for Jira Cloud sites. A Jira Data Center "
                      "takes its users from Crowd or LDAP: configure that (kind `crowd`)");
}

absl::StatusOr<Snapshot> JiraSnapshot::Read(const GroupFilter& managed,
                                            const CallContext& context) {
  absl::StatusOr<Snapshot> snapshot = ReadOnce(managed, context);
  // Somebody who came while it was read is there the second time.
  if (!snapshot.ok() && incomplete_) snapshot = ReadOnce(managed, context);
  return snapshot;
}

absl::StatusOr<Snapshot> JiraSnapshot::ReadOnce(const GroupFilter& managed,
                                                const CallContext& context) {
  incomplete_ = false;
  stranger_.clear();
  const absl::Status users = ReadUsers(context);
  if (absl::IsDataLoss(users) || absl::IsNotFound(users)) {
    const std::string other = NameOtherJira(api_, context);
    if (!other.empty()) return absl::DataLossError(other);
  }
  if (absl::IsNotFound(users)) return absl::DataLossError(users.message());
  RETURN_IF_ERROR(users);
  if (!caller_named_) RETURN_IF_ERROR(ProveSignedIn(api_, context));
  if (accounts_.empty()) {
    return absl::DataLossError(
        "the site shows no user at all: give the token's account the global permission `Browse "
        "users and groups`, and check `url`");
  }
  RETURN_IF_ERROR(ReadGroups(context));
  RosterBuilder builder;
  for (const auto& [id, row] : accounts_) {
    Account account;
    account.id = id;
    account.email = row.email;
    account.state = row.state;
    builder.AddAccount(account);
  }
  RETURN_IF_ERROR(AddGroups(managed, builder, context));
  RETURN_IF_ERROR(ProveList(context));
  Snapshot snapshot;
  snapshot.notes = Notes();
  absl::StatusOr<Roster> roster = std::move(builder).Finish();
  if (!roster.ok()) return absl::DataLossError(roster.status().message());
  snapshot.dangling_members = builder.dangling_members();
  snapshot.roster = *std::move(roster);
  return snapshot;
}

void JiraSnapshot::Keep(const JiraRow& row) {
  if (row.is_broken()) {
    ++broken_;
    return;
  }
  accounts_[row.id] = {row.email, StateOfJiraUser(row)};
  if (IsKnownType(row) && row.active.has_value()) return;
  if (odd_++ == 0) odd_example_ = ForMessage(row.id, 80);
}

absl::Status JiraSnapshot::ReadUsers(const CallContext& context) {
  const auto fetch = [&](int64_t start, int64_t count) {
    JiraApi::Reply reply = api_.ListUsers(start, count, context);
    if (reply.ok() && NamesCaller(*reply)) caller_named_ = true;
    return reply;
  };
  const auto restart = [&] {
    accounts_.clear();
    odd_ = 0;
    broken_ = 0;
  };
  const auto take = [&](const JiraRow& row) { Keep(row); };
  const auto advance = [&](int64_t done) {
    progress_.Advance(directory_, Stage::kReading, done, 0);
  };
  return JiraPager(paging_).Read(JiraList{"the users of the site", JiraRowKind::kUser,
                                          paging_.page_size, fetch, restart, take, advance},
                                 context);
}

absl::Status JiraSnapshot::ReadGroups(const CallContext& context) {
  bool caller_named = false;
  const auto fetch = [&](int64_t start, int64_t count) {
    JiraApi::Reply reply = api_.ListGroups(start, count, context);
    caller_named = reply.ok() && NamesCaller(*reply);
    return reply;
  };
  const auto restart = [&] { names_.clear(); };
  const auto take = [&](const JiraRow& row) { names_[row.id] = row.name; };
  const auto advance = [](int64_t) {};
  RETURN_IF_ERROR(
      JiraPager(paging_).Read(JiraList{"the groups of the site", JiraRowKind::kGroup,
                                       std::min(paging_.page_size, JiraGroups::kMembersPerPage),
                                       fetch, restart, take, advance},
                              context));
  return names_.empty() && !caller_named ? ProveSignedIn(api_, context) : absl::OkStatus();
}

absl::Status JiraSnapshot::AddGroups(const GroupFilter& managed, RosterBuilder& builder,
                                     const CallContext& context) {
  for (const auto& [id, name] : names_) {
    Group group;
    group.id = id;
    group.name = name;
    const uint32_t handle = builder.AddGroup(group);
    if (!managed.Wants(name)) continue;
    if (context.stopped()) return absl::CancelledError("stopped");
    groups_.Learn(id, name, 1);
    ASSIGN_OR_RETURN(const GroupMembers members, groups_.Read(id, context));
    for (const std::string& member : members.members) {
      builder.AddMember(handle, member);
      if (stranger_.empty() && accounts_.count(member) == 0) stranger_ = member;
    }
  }
  return absl::OkStatus();
}

// Users are filtered after paging: a long stretch that is hidden looks like the end.
absl::Status JiraSnapshot::ProveList(const CallContext& context) {
  if (stranger_.empty()) return absl::OkStatus();
  const std::string what = absl::StrCat("reading account ", ForMessage(stranger_, 80));
  const JiraApi::Reply reply = api_.GetUser(stranger_, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) {
    const absl::Status status = JiraReadFailure(what, ParseJiraError(*reply));
    return absl::IsNotFound(status) ? absl::OkStatus() : status;
  }
  incomplete_ = true;
  return absl::DataLossError(absl::StrCat(
      "the list of the site's users is not whole: account ", ForMessage(stranger_, 80),
      " is a member of a group and a user of the site, and the list does not have it; try again, "
      "and tell Atlassian's support if it stays"));
}

std::vector<std::string> JiraSnapshot::Notes() const {
  std::vector<std::string> notes;
  if (odd_ > 0) {
    notes.push_back(absl::StrCat(
        kNotJudged, odd_, odd_ == 1 ? " account is" : " accounts are",
        " left alone because the site does not say what type it is of, or whether it is active "
        "(for example ",
        odd_example_, ")"));
  }
  if (broken_ > 0) {
    notes.push_back(absl::StrCat(broken_, broken_ == 1 ? " record" : " records",
                                 " of deleted users are damaged: the site does not say whose they "
                                 "are, and they are left out"));
  }
  return notes;
}

}  // namespace rollcall
