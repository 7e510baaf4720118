#include "clients/jira/jira_snapshot.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_account.h"
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
  const absl::Status users = ReadUsers(context);
  if (absl::IsDataLoss(users) || absl::IsNotFound(users)) {
    const std::string other = NameOtherJira(api_, context);
    if (!other.empty()) return absl::DataLossError(other);
  }
  if (absl::IsNotFound(users)) return absl::DataLossError(users.message());
  RETURN_IF_ERROR(users);
  if (!caller_named_) RETURN_IF_ERROR(ProveSignedIn(context));
  if (accounts_.empty()) {
    return absl::DataLossError(
        "the site shows no user at all: give the token's account the global permission `Browse "
        "users and groups`, and check `url`");
  }
  RETURN_IF_ERROR(ReadGroups(context));
  return Finish(managed, context);
}

void JiraSnapshot::Keep(const JiraRow& row) {
  accounts_[row.id] = {row.email, StateOfJiraUser(row)};
  if (IsKnownType(row) && row.active.has_value()) return;
  if (odd_++ == 0) odd_example_ = ForMessage(row.id, 80);
}

absl::Status JiraSnapshot::ReadUsers(const CallContext& context) {
  const auto fetch = [&](int64_t start, int64_t count) {
    JiraApi::Reply reply = api_.ListUsers(start, count, context);
    if (reply.ok() && !FindHeader(reply->headers, "X-AAccountId").empty()) caller_named_ = true;
    return reply;
  };
  const auto restart = [&] {
    accounts_.clear();
    odd_ = 0;
  };
  const auto take = [&](const JiraRow& row) { Keep(row); };
  const auto advance = [&](int64_t done) {
    progress_.Advance(directory_, Stage::kReading, done, 0);
  };
  return JiraPager(paging_).Read(JiraList{"the users of the site", JiraRowKind::kUser,
                                          paging_.page_size, fetch, restart, take, advance},
                                 context);
}

absl::Status JiraSnapshot::ProveSignedIn(const CallContext& context) {
  const std::string what = "the token's own account";
  JiraApi::Reply reply = api_.GetMyself(context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return JiraReadFailure(what, ParseJiraError(*reply));
  RETURN_IF_ERROR(RequireJiraJson(what, *reply));
  return ReadJiraRow(what, JiraRowKind::kUser, reply->body).status();
}

absl::Status JiraSnapshot::ReadGroups(const CallContext& context) {
  const auto fetch = [&](int64_t start, int64_t count) {
    return api_.ListGroups(start, count, context);
  };
  const auto restart = [&] { names_.clear(); };
  const auto take = [&](const JiraRow& row) { names_[row.id] = row.name; };
  const auto advance = [](int64_t) {};
  return JiraPager(paging_).Read(JiraList{"the groups of the site", JiraRowKind::kGroup,
                                          std::min(paging_.page_size, JiraGroups::kMembersPerPage),
                                          fetch, restart, take, advance},
                                 context);
}

absl::StatusOr<Snapshot> JiraSnapshot::Finish(const GroupFilter& managed,
                                              const CallContext& context) {
  Snapshot snapshot;
  RosterBuilder builder;
  for (const auto& [id, row] : accounts_) {
    Account account;
    account.id = id;
    account.email = row.email;
    account.state = row.state;
    builder.AddAccount(account);
  }
  for (const auto& [id, name] : names_) {
    Group group;
    group.id = id;
    group.name = name;
    const uint32_t handle = builder.AddGroup(group);
    if (!managed.Wants(name)) continue;
    if (context.stopped()) return absl::CancelledError("stopped");
    groups_.Learn(id, name, 1);
    ASSIGN_OR_RETURN(const GroupMembers members, groups_.Read(id, context));
    for (const std::string& member : members.members) builder.AddMember(handle, member);
  }
  if (odd_ > 0) {
    snapshot.notes.push_back(absl::StrCat(
        kNotJudged, odd_, odd_ == 1 ? " account is" : " accounts are",
        " left alone because the site does not say what type it is of, or whether it is active "
        "(for example ",
        odd_example_, ")"));
  }
  absl::StatusOr<Roster> roster = std::move(builder).Finish();
  if (!roster.ok()) return absl::DataLossError(roster.status().message());
  snapshot.dangling_members = builder.dangling_members();
  snapshot.roster = *std::move(roster);
  return snapshot;
}

}  // namespace rollcall
