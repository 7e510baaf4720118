#include "clients/atlassian/org_accounts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/atlassian/org_errors.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kMostNamed = 20;  // directories in a message

std::string AccountWords(const std::string& account) {
  return absl::StrCat("account ", ForMessage(account, 80));
}

OrgMembership MembershipOf(const OrgUser& user) {
  OrgMembership status = OrgMembership::kActive;  // who is listed and says nothing is a member
  ParseMembership(user.membership_status, &status);
  return status;
}

}  // namespace

absl::StatusOr<OrgUser> DecodeOrgUser(const std::string& what, const std::string& account,
                                      HttpResponse& response) {
  RETURN_IF_ERROR(RequireOrgJson(what, response));
  OrgUser user;
  const auto take = [&](const OrgUser& row) {
    user = row;
    return absl::OkStatus();
  };
  OrgUserReader reader(take);
  OrgPageHandler handler(reader);
  RETURN_IF_ERROR(ReadOrgPage(what, response.body, handler));
  if (handler.rows() == 1 && user.id == account) return user;
  return absl::DataLossError(absl::StrCat(what, ": the server sent ", handler.rows(),
                                          " users, the last of them ", ForMessage(user.id, 80)));
}

absl::StatusOr<std::vector<OrgNamed>> OrgAccounts::ListAll(const CallContext& context) {
  std::vector<OrgNamed> rows;
  const auto take = [&](const OrgNamed& row) {
    rows.push_back(row);
    return absl::OkStatus();
  };
  OrgNamedReader reader(OrgNamedReader::Kind::kDirectory, take);
  const auto fetch = [&](const std::string& cursor) {
    return api_.ListDirectories(cursor, context);
  };
  const auto restart = [&] { rows.clear(); };
  OrgPaging paging = paging_;
  paging.max_rows = static_cast<int64_t>(kMaxDirectories);
  RETURN_IF_ERROR(OrgPager(paging).Read("the directories of the organisation", fetch, restart,
                                        reader, context));
  return rows;
}

absl::StatusOr<OrgDirectories> OrgAccounts::RefreshDirectories(const CallContext& context) {
  ASSIGN_OR_RETURN(const std::vector<OrgNamed> rows, ListAll(context));
  if (rows.empty()) {
    return absl::DataLossError(
        "the key sees no directory of the organisation: check `org_id`, and make the key as an "
        "administrator of it");
  }
  OrgDirectories directories;
  directories.only = rows.size() == 1;
  std::vector<std::string> known;
  for (const OrgNamed& row : rows) {
    if (known.size() < kMostNamed) {
      known.push_back(absl::StrCat(ForMessage(row.id, 80), " (", ForMessage(row.name, 80), ")"));
    }
    if (scope_.directory == kAllDirectories || scope_.directory == row.id) {
      directories.ids.push_back(row.id);
    }
  }
  if (directories.ids.empty()) {
    return absl::NotFoundError(absl::StrCat("`directory_id` ", ForMessage(scope_.directory, 80),
                                            " is no directory of the organisation; it has ",
                                            absl::StrJoin(known, ", ")));
  }
  book_.LearnDirectories(directories);
  return directories;
}

absl::StatusOr<OrgDirectories> OrgAccounts::Directories(const CallContext& context) {
  if (std::optional<OrgDirectories> known = book_.Directories()) return *std::move(known);
  return RefreshDirectories(context);
}

absl::StatusOr<OrgUser> OrgAccounts::Fetch(const std::string& account, const CallContext& context) {
  const std::string what = absl::StrCat("reading ", AccountWords(account));
  OrgApi::Reply reply = api_.GetUser(scope_.directory, account, context);
  if (!reply.ok()) return reply.status();
  if (IsSuccess(reply->status)) return DecodeOrgUser(what, account, *reply);
  const absl::Status failure = OrgReadFailure(what, ParseOrgError(*reply));
  // A managed account may be in no directory at all.
  const bool may_be_elsewhere = absl::IsNotFound(failure) && scope_.directory == kAllDirectories &&
                                scope_.way == OrgWay::kAccount;
  return may_be_elsewhere ? FetchProfile(account, failure, context)
                          : absl::StatusOr<OrgUser>(failure);
}

absl::StatusOr<OrgUser> OrgAccounts::FetchProfile(const std::string& account,
                                                  const absl::Status& not_found,
                                                  const CallContext& context) {
  const std::string what = absl::StrCat("reading the profile of ", AccountWords(account));
  const OrgApi::Reply reply = api_.GetProfile(account, context);
  if (!reply.ok()) return reply.status();
  const OrgError error = ParseOrgError(*reply);
  // It is nobody's here.
  const bool refused =
      error.status == 403 && !error.IsScope() && !error.is_page && !error.is_gateway;
  if (refused || error.IsNotFound()) {
    return not_found;
  }
  if (!IsSuccess(reply->status)) return OrgReadFailure(what, error);
  RETURN_IF_ERROR(RequireOrgJson(what, *reply));
  const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
  if (!body.ok()) return absl::DataLossError(absl::StrCat(what, ": ", body.status().message()));
  const json::Value* profile = body->Find("account");
  if (profile == nullptr || profile->Text("account_id") != absl::string_view(account)) {
    return absl::DataLossError(absl::StrCat(what, ": the server sent something else"));
  }
  OrgUser user;
  user.id = account;
  user.email = std::string(profile->Text("email"));
  user.account_type = std::string(profile->Text("account_type"));
  user.account_status = std::string(profile->Text("account_status"));
  user.claim_status = "managed";
  user.membership_status = "no_membership";
  return user;
}

bool OrgAccounts::NeedsPlaces(const OrgUser& user, const OrgStanding& standing,
                              OrgDepth depth) const {
  if (standing.untouchable || MembershipOf(user) == OrgMembership::kNone) return false;
  if (depth == OrgDepth::kPlaces) return true;
  if (!standing.account_active) return false;
  // Suspended in all of them says everything.
  return MembershipOf(user) != OrgMembership::kSuspended;
}

absl::StatusOr<OrgAccount> OrgAccounts::Read(const std::string& account, OrgDepth depth,
                                             const CallContext& context) {
  ASSIGN_OR_RETURN(const OrgDirectories directories, Directories(context));
  ASSIGN_OR_RETURN(const OrgUser user, Fetch(account, context));
  OrgAccount result;
  result.id = account;
  result.email = user.email;
  result.standing = StandingOf(user, nullptr);
  absl::Time deactivated;
  if (absl::ParseTime(absl::RFC3339_full, user.deactivated_on, &deactivated, nullptr)) {
    result.deactivated = deactivated;
  }
  const OrgMembership status = MembershipOf(user);
  bool complete = true;
  if (!directories.only && NeedsPlaces(user, result.standing, depth)) {
    RETURN_IF_ERROR(ReadPlaces(account, result.standing, context));
  } else if (status != OrgMembership::kNone) {
    result.standing.places = {{0, status}};
    complete = directories.only;
  }
  if (IsNowhere(result.standing, scope_.way)) {
    return absl::NotFoundError(
        absl::StrCat(AccountWords(account), " belongs to none of the configured directories"));
  }
  if (complete) book_.LearnAccount(account, result.standing, runtime_.Now());
  return result;
}

absl::Status OrgAccounts::ReadPlaces(const std::string& account, OrgStanding& standing,
                                     const CallContext& context) {
  ASSIGN_OR_RETURN(const OrgDirectories directories, Directories(context));
  ASSIGN_OR_RETURN(const std::vector<std::optional<OrgMembership>> by_role,
                   StatusesByRole(account, directories, context));
  standing.places.clear();
  for (size_t i = 0; i < directories.ids.size(); ++i) {
    std::optional<OrgMembership> status = by_role[i];
    if (!status.has_value()) {
      ASSIGN_OR_RETURN(status, StatusIn(directories.ids[i], account, context));
    }
    if (*status == OrgMembership::kNone) continue;
    standing.places.push_back({static_cast<uint16_t>(i), *status});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::optional<OrgMembership>>> OrgAccounts::StatusesByRole(
    const std::string& account, const OrgDirectories& directories, const CallContext& context) {
  const std::string what = absl::StrCat("the role assignments of ", AccountWords(account));
  std::vector<std::optional<OrgMembership>> statuses(directories.ids.size());
  std::vector<bool> disputed(directories.ids.size());
  const auto take = [&](const OrgRoleAssignment& row) {
    const auto found = std::find(directories.ids.begin(), directories.ids.end(), row.directory);
    OrgMembership status;
    if (found == directories.ids.end() || !ParseMembership(row.status, &status)) {
      return absl::OkStatus();
    }
    const size_t i = static_cast<size_t>(found - directories.ids.begin());
    if (statuses[i].has_value() && *statuses[i] != status) disputed[i] = true;
    statuses[i] = status;
    return absl::OkStatus();
  };
  OrgRoleReader reader(take);
  const auto fetch = [&](const std::string& cursor) {
    return api_.GetRoleAssignments(scope_.directory, account, cursor, context);
  };
  const auto restart = [&] {
    std::fill(statuses.begin(), statuses.end(), std::nullopt);
    std::fill(disputed.begin(), disputed.end(), false);
  };
  const absl::Status read = OrgPager(paging_).Read(what, fetch, restart, reader, context);
  if (absl::IsNotFound(read)) {
    restart();
    return statuses;  // it has no role at all
  }
  RETURN_IF_ERROR(read);
  for (size_t i = 0; i < statuses.size(); ++i) {
    if (disputed[i]) statuses[i].reset();
  }
  return statuses;
}

absl::StatusOr<OrgMembership> OrgAccounts::StatusIn(const std::string& directory,
                                                    const std::string& account,
                                                    const CallContext& context) {
  const std::string what =
      absl::StrCat("reading ", AccountWords(account), " in directory ", ForMessage(directory, 80));
  OrgApi::Reply reply = api_.GetUser(directory, account, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) {
    const absl::Status failure = OrgReadFailure(what, ParseOrgError(*reply));
    if (absl::IsNotFound(failure)) return OrgMembership::kNone;
    return failure;
  }
  ASSIGN_OR_RETURN(const OrgUser user, DecodeOrgUser(what, account, *reply));
  return MembershipOf(user);
}

}  // namespace rollcall
