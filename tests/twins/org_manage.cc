// User management of single accounts: /users/{id}/manage and what is below it.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/org_endpoints.h"
#include "tests/twins/org_reply.h"
#include "tests/twins/world_links.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr const char* kProfileFields[] = {"name", "nickname", "zoneinfo", "locale"};
constexpr const char* kExtendedFields[] = {"job_title", "organization", "department", "location"};
constexpr size_t kLongestName = 100;
constexpr size_t kLongestNickname = 30;
constexpr size_t kLongestEmail = 255;

json Allowance(const std::string& reason) {
  if (reason.empty()) return {{"allowed", true}};
  return {{"allowed", false}, {"reason", {{"key", reason}}}};
}

json ProfileAllowances(const std::string& reason) {
  json fields = json::object();
  for (const char* field : kProfileFields) fields[field] = Allowance(reason);
  for (const char* field : kExtendedFields) {
    fields[absl::StrCat("extended_profile.", field)] = Allowance(reason);
  }
  return fields;
}

json PrivilegesOf(const OrgCall& call, const CloudAccount& account) {
  const bool lies = call.Has(OrgQuirk::kPrivilegesLie);
  const std::string owner = lies ? "" : OwnerReason(call, account);
  const bool by_admin_409 = call.Has(OrgQuirk::kAdminDisable409) && owner == "administrative";
  json privileges = {{"email.set", Allowance(owner)},
                     {"lifecycle.enablement", Allowance(by_admin_409 ? "" : owner)},
                     {"lifecycle.delete", Allowance(owner)},
                     {"profile.read", Allowance("")},
                     {"apiToken.read", Allowance("")},
                     {"apiToken.delete", Allowance("")},
                     {"profile.write", ProfileAllowances(owner)}};
  if (call.Has(OrgQuirk::kPrivilegesMissing)) privileges.erase("lifecycle.enablement");
  return privileges;
}

// `privileges` may come several times; a Target keeps only the last.
TwinResponse ShowPrivileges(const OrgCall& call, const CloudAccount& account) {
  const json all = PrivilegesOf(call, account);
  std::set<std::string> wanted;
  const size_t mark = call.request.target.find('?');
  const std::string parameters =
      mark == std::string::npos ? "" : call.request.target.substr(mark + 1);
  for (absl::string_view part : absl::StrSplit(parameters, '&', absl::SkipEmpty())) {
    if (absl::StartsWith(part, "privileges=")) {
      wanted.insert(PercentDecode(part.substr(11), Encoding::kForm));
    }
  }
  if (wanted.empty()) return OrgJson(200, all);
  json some = json::object();
  for (const std::string& name : wanted) {
    if (all.contains(name)) some[name] = all[name];
  }
  return OrgJson(200, some);
}

TwinResponse ShowProfile(const OrgCall& call, const CloudAccount& account) {
  json shown = account.profile;
  shown["account_id"] = account.id;
  shown["account_type"] = account.type;
  shown["account_status"] = account.closed ? "closed" : (account.active ? "active" : "inactive");
  shown["name"] = account.name;
  shown["nickname"] = account.Nickname();
  shown["picture"] = absl::StrCat("https://avatars.example.com/", account.id);
  shown["email"] = account.email;
  shown["characteristics"] = {{"not_mentionable", false}};
  if (call.Has(OrgQuirk::kUnknownStatuses)) shown["account_status"] = "quarantined";
  if (call.Has(OrgQuirk::kEmailAbsent)) shown.erase("email");
  return OrgJson(200, {{"account", shown}});
}

TwinResponse BadBody(const OrgCall& call) {
  return ManageRefuse(call, 400, "bodyParseFailure", nullptr, "Error: The body cannot be parsed");
}

TwinResponse TooLong(const OrgCall& call, const char* field, const char* violation) {
  const json violations =
      json::array({{{"field", field}, {"violations", json::array({{{"key", violation}}})}}});
  return ManageRefuse(call, 400, "fieldConstraintsViolated", {{"fieldViolations", violations}}, "");
}

TwinResponse ForbidAction(const OrgCall& call, const std::string& reason) {
  json context = Allowance(reason);
  if (call.Has(OrgQuirk::kContextText)) context = absl::StrCat("Error: Not allowed: ", reason);
  if (call.Has(OrgQuirk::kContextAbsent)) context = nullptr;
  return ManageRefuse(call, 403, "forbidden.action", context, "");
}

TwinResponse LifecycleConflict(const OrgCall& call, const CloudAccount& account,
                               const std::string& code, const std::string& message) {
  const json errors = json::array({{{"code", code},
                                    {"message", message},
                                    {"link", "https://support.example.com/account-lifecycle"}}});
  return ManageRefuse(call, 409, "conflict.lifecycleErrors",
                      {{"message", message}, {"accountId", account.id}, {"errorCodes", errors}},
                      "");
}

// A body that may be left out; nothing: it is no object.
std::optional<json> OptionalBody(const OrgCall& call) {
  if (call.request.body.empty()) return json::object();
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return std::nullopt;
  return body;
}

TwinResponse DisableAccount(const OrgCall& call, CloudAccount& account) {
  const std::optional<json> body = OptionalBody(call);
  if (!body.has_value()) return BadBody(call);
  if (account.IsOrgAdmin() && call.Has(OrgQuirk::kAdminDisable409)) {
    return LifecycleConflict(call, account, "organization-admin",
                             "The account is an organization administrator");
  }
  if (!account.active && call.Has(OrgQuirk::kDisableAgain409)) {
    return LifecycleConflict(call, account, "already-disabled", "The account is not active");
  }
  ChangeInOrg(call, account, [&](CloudAccount& changed) {
    changed.active = false;
    const auto message = body->find("message");
    changed.disable_message =
        message != body->end() && message->is_string() ? message->get<std::string>() : "";
  });
  return OrgEmpty(204);
}

TwinResponse EnableAccount(const OrgCall& call, CloudAccount& account) {
  if (!OptionalBody(call).has_value()) return BadBody(call);
  if (account.pending_deletion) {
    return LifecycleConflict(call, account, "pending-deletion", "The account is being deleted");
  }
  ChangeInOrg(call, account, [](CloudAccount& changed) {
    changed.active = true;
    changed.disable_message.clear();
  });
  return OrgEmpty(204);
}

TwinResponse DeleteAccount(const OrgCall& call, CloudAccount& account) {
  ChangeInOrg(call, account, [](CloudAccount& changed) {
    changed.active = false;
    changed.pending_deletion = true;
  });
  const std::string named = absl::StrCat("AccountId ", account.id, " has been deleted.");
  return OrgJson(200, {{"message", call.Has(OrgQuirk::kDeleteNamesAccount) ? named : "Success"}});
}

TwinResponse CancelDeletion(const OrgCall& call, CloudAccount& account) {
  if (!account.pending_deletion) {
    return LifecycleConflict(call, account, "not-deleted", "The account is not being deleted");
  }
  ChangeInOrg(call, account, [](CloudAccount& changed) {
    changed.active = true;
    changed.pending_deletion = false;
  });
  return OrgJson(200, {{"message", "Success"}});
}

// May the organisation change the account at all? Its privileges may say more.
std::optional<TwinResponse> JudgeWrite(const OrgCall& call, const CloudAccount& account) {
  if (!account.email_verified && !call.Has(OrgQuirk::kUnverifiedAllowed)) {
    const char text[] = "Error: Cannot perform action on unverified account";
    return ManageRefuse(call, 403, "forbidden.targetUnverified", text, text);
  }
  const std::string owner = OwnerReason(call, account);
  if (owner.empty() || (owner == "administrative" && call.Has(OrgQuirk::kAdminDisable409))) {
    return std::nullopt;
  }
  return ForbidAction(call, owner);
}

TwinResponse HandleLifecycle(const OrgCall& call, CloudAccount& account, const std::string& verb) {
  if (verb != "disable" && verb != "enable" && verb != "delete" && verb != "cancel-delete") {
    return ManageRefuse(call, 404, "notFound", nullptr, "");
  }
  if (!call.IsPost()) return OrgEmpty(405);
  if (auto refusal = JudgeWrite(call, account)) return *std::move(refusal);
  if (verb == "disable") return DisableAccount(call, account);
  if (verb == "enable") return EnableAccount(call, account);
  return verb == "delete" ? DeleteAccount(call, account) : CancelDeletion(call, account);
}

TwinResponse ChangeProfile(const OrgCall& call, CloudAccount& account) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return BadBody(call);
  for (const char* field : kProfileFields) {
    if (body.contains(field) && !body[field].is_string()) return BadBody(call);
  }
  if (body.value("name", "").size() > kLongestName) return TooLong(call, "name", "maxLength");
  if (body.value("nickname", "").size() > kLongestNickname) {
    return TooLong(call, "nickname", "maxLength");
  }
  if (const std::string owner = OwnerReason(call, account); !owner.empty()) {
    json refused = json::object();
    for (const auto& item : body.items()) refused[item.key()] = Allowance(owner);
    return ManageRefuse(call, 403, "forbidden.fieldMutation", refused, "");
  }
  ChangeInOrg(call, account, [&](CloudAccount& changed) {
    changed.profile.merge_patch(body);
    changed.name = body.value("name", changed.name);
    changed.profile.erase("name");
  });
  return ShowProfile(call, account);
}

TwinResponse ChangeEmail(const OrgCall& call, CloudAccount& account) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("email") || !body["email"].is_string()) {
    return BadBody(call);
  }
  const std::string email = body["email"].get<std::string>();
  if (email.size() > kLongestEmail) return TooLong(call, "email", "partMaxLength");
  const std::string domain = email.substr(email.rfind('@') + 1);
  const auto& domains = call.org.domains;
  if (std::none_of(domains.begin(), domains.end(), [&](const OrgDomain& one) {
        return one.status == "verified" && absl::EqualsIgnoreCase(one.name, domain);
      })) {
    return ManageRefuse(call, 403, "forbidden.unclaimedDomain", {{"domain", domain}}, "");
  }
  if (auto refusal = JudgeWrite(call, account)) return *std::move(refusal);
  ChangeInOrg(call, account, [&](CloudAccount& changed) { changed.email = email; });
  return OrgEmpty(204);
}

// Their texts are never told.
TwinResponse ShowApiTokens(const CloudAccount& account) {
  json tokens = json::array();
  for (int64_t i = 1; i <= account.api_tokens; ++i) {
    tokens.push_back({{"id", absl::StrCat("token-", i)},
                      {"label", absl::StrCat("Token ", i)},
                      {"createdAt", "2026-01-01T00:00:00.000Z"}});
  }
  return OrgJson(200, tokens);
}

TwinResponse ManageOne(const OrgCall& call, CloudAccount& account) {
  const std::string what = call.path.size() > 3 ? call.path[3] : "";
  if (what == "lifecycle" && call.path.size() == 5) {
    return HandleLifecycle(call, account, call.path[4]);
  }
  if (call.path.size() > 4) return ManageRefuse(call, 404, "notFound", nullptr, "");
  if (what == "email") {
    return call.request.method == "PUT" ? ChangeEmail(call, account) : OrgEmpty(405);
  }
  if (what == "profile" && call.request.method == "PATCH") return ChangeProfile(call, account);
  if (what == "api-tokens") return call.IsGet() ? ShowApiTokens(account) : OrgEmpty(405);
  if (what != "" && what != "profile") return ManageRefuse(call, 404, "notFound", nullptr, "");
  if (!call.IsGet()) return OrgEmpty(405);
  if (what == "profile") return ShowProfile(call, call.Read(account));
  if (!account.email_verified && call.Has(OrgQuirk::kUnverifiedHidesPrivileges)) {
    if (auto refusal = JudgeWrite(call, account)) return *std::move(refusal);
  }
  return ShowPrivileges(call, account);
}

}  // namespace

std::string OwnerReason(const OrgCall& call, const CloudAccount& account) {
  if (!account.owner.empty()) return account.owner;
  if (IsNamedByScim(call.world, account.id)) return "externalDirectory.scim";
  if (account.IsOrgAdmin() && !call.Has(OrgQuirk::kAdminDisableAllowed)) return "administrative";
  return "";
}

TwinResponse HandleManage(const OrgCall& call) {
  if (call.path.size() < 3 || call.path[2] != "manage") {
    return ManageRefuse(call, 404, "notFound", nullptr, "");
  }
  CloudAccount* account = call.FindAccount(call.path[1]);
  if (account == nullptr || account->closed) {
    const char* key = call.Has(OrgQuirk::kNotFoundKey) ? "notFound" : "accountNotFound";
    return ManageRefuse(call, 404, key, nullptr, "Error: User account not found");
  }
  if (!account->claimed) {
    return ManageRefuse(call, 403, "forbidden", nullptr,
                        "Error: Caller must be a verified org admin of targeted account");
  }
  return ManageOne(call, *account);
}

}  // namespace rollcall::twins
