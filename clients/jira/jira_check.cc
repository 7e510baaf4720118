#include "clients/jira/jira_check.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_errors.h"
#include "clients/jira/jira_rows.h"
#include "clients/jira/jira_snapshot.h"
#include "clients/json/value.h"
#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

constexpr int64_t kSample = 10;

class JiraChecker {
 public:
  JiraChecker(JiraApi& api, const CallContext& context) : api_(api), context_(context) {}

  DirectoryCheck Run(JiraAccess& access, const std::string& identity, bool follows_activity) {
    if (!SignIn()) return std::move(check_);
    SeePermissions();
    Sample("users", JiraRowKind::kUser, api_.ListUsers(0, kSample, context_));
    Sample("groups", JiraRowKind::kGroup, api_.ListGroups(0, kSample, context_));
    if (follows_activity) SeeAccess(access);
    SeeIdentity(identity);
    return std::move(check_);
  }

 private:
  void Fault(const absl::Status& status) { check_.faults.push_back(std::string(status.message())); }

  void SeeAccess(JiraAccess& access) {
    const JiraAccessOptions& options = access.options();
    if (options.groups.empty() && options.products.empty()) {
      check_.warnings.push_back(
          "`site_access: follow_activity` is on, and nothing says how access is given back: name "
          "`access_groups`, or `products`, of this directory");
    }
    for (const std::string& group : options.groups) {
      const absl::StatusOr<std::string> id = access.GroupId(group, context_);
      if (!id.ok()) Fault(id.status());
    }
  }

  bool SignIn() {
    JiraApi::Reply reply = api_.GetMyself(context_);
    if (!reply.ok()) {
      Fault(absl::Status(reply.status().code(),
                         absl::StrCat(reply.status().message(), TransportCure(reply.status()))));
      return false;
    }
    check_.reachable = true;
    absl::Status status = IsSuccess(reply->status)
                              ? RequireJiraJson("signing in", *reply)
                              : JiraReadFailure("signing in", ParseJiraError(*reply));
    if (status.ok()) {
      absl::StatusOr<JiraRow> row = ReadJiraRow("signing in", JiraRowKind::kUser, reply->body);
      status = row.status();
      if (row.ok()) myself_ = *std::move(row);
    }
    if (status.ok()) {
      check_.signed_in = true;
      check_.server = "Jira Cloud";
      return true;
    }
    const std::string other = absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status)
                                  ? ""
                                  : NameOtherJira(api_, context_);
    check_.faults.push_back(other.empty() ? std::string(status.message()) : other);
    return false;
  }

  void SeePermissions() {
    const std::string what = "what the token's account may do";
    const JiraApi::Reply reply = api_.GetMyPermissions(context_);
    if (!reply.ok()) return Fault(reply.status());
    if (!IsSuccess(reply->status)) return Fault(JiraReadFailure(what, ParseJiraError(*reply)));
    if (const absl::Status json = RequireJiraJson(what, *reply); !json.ok()) return Fault(json);
    const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
    const json::Value* all = body.ok() ? body->Find("permissions") : nullptr;
    const auto has = [&](const char* key) {
      const json::Value* one = all == nullptr ? nullptr : all->Find(key);
      const json::Value* have = one == nullptr ? nullptr : one->Find("havePermission");
      return have != nullptr && have->boolean().value_or(false);
    };
    if (has("ADMINISTER") || has("SYSTEM_ADMIN")) {
      check_.may.push_back(
          "change the members of groups, unless they are synchronised from elsewhere");
    } else {
      check_.faults.push_back(
          "the token's account does not administer Jira, so it cannot change groups: give it the "
          "global permission `Administer Jira`");
    }
    if (!has("USER_PICKER")) {
      check_.faults.push_back(
          "the token's account lacks the global permission `Browse users and groups`: it would see "
          "no users, or not all of them");
    }
  }

  void Sample(absl::string_view what, JiraRowKind kind, JiraApi::Reply reply) {
    const std::string list = absl::StrCat("the ", what, " of the site");
    if (!reply.ok()) return Fault(reply.status());
    if (!IsSuccess(reply->status)) return Fault(JiraReadFailure(list, ParseJiraError(*reply)));
    const absl::Status json = RequireJiraJson(list, *reply);
    if (!json.ok()) return Fault(json);
    const absl::StatusOr<JiraPage> page = ReadJiraPage(list, kind, reply->body);
    if (!page.ok()) return Fault(page.status());
    if (page->rows.empty()) {
      return check_.faults.push_back(
          absl::StrCat(list, ": there are none that the token's account can see"));
    }
    check_.may.push_back(absl::StrCat("read ", what));
  }

  void SeeIdentity(const std::string& identity) {
    const bool same =
        identity == myself_.id || (!myself_.email.empty() && FoldedEquals(identity, myself_.email));
    if (identity.empty()) {
      check_.warnings.push_back(
          absl::StrCat("set `identity: \"", ForMessage(myself_.id, 128),
                       "\"`, the token's own account, so that Rollcall keeps its hands off it"));
    } else if (!same) {
      check_.warnings.push_back(absl::StrCat(
          "`identity` is ", ForMessage(identity, 128), ", and the token belongs to ",
          ForMessage(myself_.id, 128), ": Rollcall would not keep its hands off that one"));
    }
  }

  JiraApi& api_;
  const CallContext& context_;
  DirectoryCheck check_;
  JiraRow myself_;
};

}  // namespace

DirectoryCheck CheckJira(JiraApi& api, JiraAccess& access, const std::string& identity,
                         bool follows_activity, const CallContext& context) {
  return JiraChecker(api, context).Run(access, identity, follows_activity);
}

}  // namespace rollcall
