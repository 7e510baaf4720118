// Who comes to a Jira site and who is taken off it. Neither touches the account itself.
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

constexpr const char* kProducts[] = {"jira-core", "jira-servicedesk", "jira-product-discovery",
                                     "jira-software"};

// What is wrong with the body of POST /user, or "".
std::string JudgeNewUser(const json& body) {
  if (!body.is_object()) return "Invalid request payload.";
  if (TextField(body, "emailAddress").find('@') == std::string::npos) {
    return "The e-mail address is not valid.";
  }
  if (!body.contains("products") || !body["products"].is_array()) return "products is needed.";
  for (const json& product : body["products"]) {
    if (std::find(std::begin(kProducts), std::end(kProducts), product) == std::end(kProducts)) {
      return absl::StrCat("No such product: ", product.dump());
    }
  }
  return "";
}

CloudAccount* FindByEmail(const JiraCall& call, const std::string& email) {
  for (auto& [id, account] : call.world.cloud_accounts) {
    if (absl::EqualsIgnoreCase(account.email, email)) return &account;
  }
  return nullptr;
}

bool IsOfClaimedDomain(const JiraCall& call, const std::string& email) {
  for (const OrgDomain& domain : call.org.domains) {
    if (domain.status != "verified") continue;
    if (absl::EndsWithIgnoreCase(email, absl::StrCat("@", domain.name))) return true;
  }
  return false;
}

// An account that nobody had. Names that were sent count for nothing.
CloudAccount InvitedAccount(const JiraCall& call, const std::string& email) {
  CloudAccount account;
  account.id = call.ids.AccountId();
  account.email = email;
  account.name = email.substr(0, email.find('@'));
  account.claimed = IsOfClaimedDomain(call, email);
  account.email_verified = false;
  return account;
}

// Refuses, where the quirks say so, what would give an account access that has none.
std::optional<TwinResponse> JudgeReturn(const JiraCall& call, const CloudAccount& account) {
  if (call.Has(JiraQuirk::kRevive500) && call.site.removed.count(account.id) > 0) {
    return JiraRefuse(500, "Internal server error");
  }
  if (call.Has(JiraQuirk::kCreateExists400) && IsOnSite(call, account) &&
      !HasSiteAccess(call, account)) {
    return JiraRefuse(400, absl::StrCat("A user with the e-mail address '", account.email,
                                        "' exists but has no access to the site."));
  }
  return std::nullopt;
}

void Admit(const JiraCall& call, CloudAccount& account, bool with_product) {
  if (!call.Keeps()) return;
  call.site.removed.erase(account.id);
  if (account.directories.count(call.site.directory) == 0) {
    ChangeOnSite(call, account,
                 [&](CloudAccount& changed) { changed.directories[call.site.directory] = {}; });
  }
  if (!with_product || call.site.access_groups.empty() || HasSiteAccess(call, account)) return;
  if (OrgGroup* group = call.FindGroup(call.site.access_groups.front())) {
    ChangeOnSite(call, *group, [&](OrgGroup& changed) { changed.members.insert(account.id); });
  }
}

}  // namespace

TwinResponse JiraCreateUser(const JiraCall& call) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (const std::string wrong = JudgeNewUser(body); !wrong.empty()) return JiraRefuse(400, wrong);
  if (call.Has(JiraQuirk::kExternalUserManagement)) return JiraExternallyManaged(call);
  const std::string email = TextField(body, "emailAddress");
  CloudAccount* account = FindByEmail(call, email);
  if (account != nullptr) {
    if (auto refusal = JudgeReturn(call, *account)) return *std::move(refusal);
  } else {
    CloudAccount invited = InvitedAccount(call, email);
    if (!call.Keeps()) return JiraJson(201, RenderWholeJiraUser(call, invited));
    const std::string id = invited.id;
    account = &call.world.cloud_accounts.emplace(id, std::move(invited)).first->second;
  }
  Admit(call, *account, !body["products"].empty());
  return JiraJson(201, RenderWholeJiraUser(call, *account));
}

TwinResponse JiraRemoveUser(const JiraCall& call) {
  const std::string id = call.Text("accountId");
  if (id.empty()) return JiraNeeds("accountId");
  if (call.Has(JiraQuirk::kExternalUserManagement)) return JiraExternallyManaged(call);
  const CloudAccount* account = call.FindAccount(id);
  if (account == nullptr || !IsOnSite(call, *account)) return JiraNoUser();
  const bool stays =
      call.Has(JiraQuirk::kDeleteUser400) || id == call.caller || call.site.admins.count(id) > 0;
  if (stays) return JiraRefuse(400, absl::StrCat("Cannot delete user '", account->name, "'."));
  if (!call.Keeps()) return JiraEmpty(204);
  call.site.removed.insert(id);
  for (auto& [group_id, group] : call.org.groups) {
    if (group.directory != call.site.directory || group.members.count(id) == 0) continue;
    ChangeOnSite(call, group, [&](OrgGroup& changed) { changed.members.erase(id); });
  }
  return JiraEmpty(204);
}

}  // namespace rollcall::twins
