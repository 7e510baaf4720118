// A Jira site's groups and who belongs to them.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/jira_endpoints.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/jira_users.h"
#include "tests/twins/json_fields.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

std::optional<TwinResponse> JudgeMemberWrite(const JiraCall& call, const OrgGroup& group) {
  const bool refused = call.Has(JiraQuirk::kExternalUserManagement) || !group.modifiable ||
                       (group.synced && call.Has(JiraQuirk::kSyncedGroupRefused));
  if (refused) return JiraExternallyManaged(call);
  return std::nullopt;
}

bool CanBeAdded(const JiraCall& call, const CloudAccount* account) {
  if (account == nullptr) return false;
  if (IsOnSite(call, *account)) return true;
  return account->claimed && call.Has(JiraQuirk::kUninvitedJoins);
}

// A group that gives access gives the account back to the site.
void Join(const JiraCall& call, OrgGroup& group, CloudAccount& account) {
  if (!call.Keeps()) return;
  ChangeOnSite(call, group, [&](OrgGroup& changed) { changed.members.insert(account.id); });
  const bool comes = !IsOnSite(call, account) || GivesAccess(call, group);
  if (comes) call.site.removed.erase(account.id);
  if (!comes || account.directories.count(call.site.directory) > 0) return;
  ChangeOnSite(call, account,
               [&](CloudAccount& changed) { changed.directories[call.site.directory] = {}; });
}

}  // namespace

TwinResponse JiraAddMember(const JiraCall& call) {
  OrgGroup* group = nullptr;
  if (auto refusal = FindNamedGroup(call, group)) return *std::move(refusal);
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  const std::string id = body.is_object() ? TextField(body, "accountId") : "";
  if (id.empty()) return JiraNeeds("accountId");
  if (group == nullptr) return JiraNoGroup(call);
  if (auto refusal = JudgeMemberWrite(call, *group)) return *std::move(refusal);
  CloudAccount* account = call.FindAccount(id);
  if (!CanBeAdded(call, account)) return JiraNoUser();
  if (group->members.count(id) > 0 && !call.Has(JiraQuirk::kReaddOk)) {
    return JiraRefuse(
        400, absl::StrCat("Cannot add user. User is already a member of '", group->name, "'"));
  }
  Join(call, *group, *account);
  return JiraJson(201, RenderJiraGroup(call, *group, /*with_members=*/false));
}

TwinResponse JiraRemoveMember(const JiraCall& call) {
  OrgGroup* group = nullptr;
  if (auto refusal = FindNamedGroup(call, group)) return *std::move(refusal);
  const std::string id = call.Text("accountId");
  if (id.empty()) return JiraNeeds("accountId");
  if (group == nullptr) return JiraNoGroup(call);
  if (auto refusal = JudgeMemberWrite(call, *group)) return *std::move(refusal);
  if (group->members.count(id) == 0) {
    if (call.FindAccount(id) == nullptr) return JiraNoUser();
    if (call.Has(JiraQuirk::kRemoveAbsentOk)) return JiraEmpty(200);
    if (!call.Has(JiraQuirk::kRemoveAbsent400)) return JiraNoUser();
    return JiraRefuse(
        400, absl::StrCat("Cannot remove user. User is not a member of '", group->name, "'"));
  }
  ChangeOnSite(call, *group, [&](OrgGroup& changed) { changed.members.erase(id); });
  return JiraEmpty(200);
}

TwinResponse JiraCreateGroup(const JiraCall& call) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  OrgGroup made;
  made.name = body.is_object() ? TextField(body, "name") : "";
  if (made.name.empty()) return JiraRefuse(400, "The name of the group is needed.");
  for (const auto& [id, group] : call.org.groups) {
    if (group.directory == call.site.directory && absl::EqualsIgnoreCase(group.name, made.name)) {
      return JiraRefuse(400, "A group with this name already exists.");
    }
  }
  made.id = call.ids.Uuid();
  made.directory = call.site.directory;
  if (call.Keeps()) call.org.groups[made.id] = made;
  return JiraJson(201, RenderJiraGroup(call, made, /*with_members=*/true));
}

TwinResponse JiraDeleteGroup(const JiraCall& call) {
  OrgGroup* group = nullptr;
  if (auto refusal = FindNamedGroup(call, group)) return *std::move(refusal);
  if (group == nullptr) return JiraNoGroup(call);
  const std::string heir = call.Text("swapGroupId");
  if (!heir.empty() && call.FindGroup(heir) == nullptr) {
    return JiraRefuse(404, absl::StrCat("Group with id '", heir, "' does not exist."));
  }
  if (!group->deletable) return JiraRefuse(400, "The group cannot be deleted.");
  if (!call.Keeps()) return JiraEmpty(200);
  const std::string id = group->id;
  for (auto& [name, site] : call.world.sites) {
    std::vector<std::string>& ids = site.access_groups;
    ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
  }
  call.org.past_groups.Forget(id);
  call.org.groups.erase(id);
  return JiraEmpty(200);
}

}  // namespace rollcall::twins
