#include "tests/twins/scim_users.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"
#include "tests/twins/scim_list.h"
#include "tests/twins/scim_patch.h"
#include "tests/twins/scim_precondition.h"
#include "tests/twins/scim_render.h"
#include "tests/twins/world_links.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

TwinResponse UserReply(const ScimCall& call, int status, const ScimUser& user) {
  const Projection wanted(call);
  if (auto error = wanted.Error()) return Refuse(call, *error);
  return ResourceReply(call, status, RenderUser(call, user, wanted), user.version,
                       UserLocation(call, user.id));
}

// What a client wrote, in the standard's spelling, without what it may not write.
std::optional<ScimError> ReadUserBody(const ScimCall& call, json& attributes) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded() || !body.is_object()) {
    return ScimError{400, "invalidSyntax", "The body is not a JSON object."};
  }
  attributes = json::object();
  for (const auto& item : body.items()) {
    const std::string key = AttributeKey(attributes, item.key());
    const bool read_only = key == "id" || key == "meta" || key == "groups" || key == "schemas" ||
                           key == "password" || key == kAtlassianExtension;
    if (!read_only && !item.value().is_null() && IsKnownAttribute(key)) {
      attributes[key] = item.value();
    }
  }
  const auto name = attributes.find("userName");
  const bool named = name != attributes.end() && name->is_string() && *name != "";
  if (!named && !call.Has(Quirk::kUserNameOptional)) {
    return ScimError{400, "invalidValue", "userName is required."};
  }
  if (attributes.contains("active")) return JudgeActive(call, attributes["active"]);
  return std::nullopt;
}

// 409 when another user has the name, or where the quirk says so, the e-mail.
std::optional<ScimError> FindClash(const ScimCall& call, const ScimUser& user) {
  for (const ScimUser* other : call.directory.UsersNamed(user.UserName())) {
    const bool same_letters = other->UserName() == user.UserName();
    if (other->id != user.id && !user.UserName().empty() &&
        (same_letters || !call.Has(Quirk::kUserNameCaseSensitive))) {
      return ScimError{409, "uniqueness",
                       absl::StrCat("User with userName ", user.UserName(), " already exists.")};
    }
  }
  const std::string email = user.Email();
  if (email.empty() || !call.Has(Quirk::kEmailUnique)) return std::nullopt;
  const auto has_email = [&](const std::unique_ptr<ScimUser>& other) {
    return other->id != user.id && absl::EqualsIgnoreCase(other->Email(), email);
  };
  if (call.memory.reserved_emails.count(absl::AsciiStrToLower(email)) > 0 ||
      std::any_of(call.directory.users().begin(), call.directory.users().end(), has_email)) {
    return ScimError{409, "uniqueness",
                     absl::StrCat("Resource [USER]: with email[", email, "] already exists.")};
  }
  return std::nullopt;
}

void Commit(const ScimCall& call, const ScimUser& user) {
  if (call.request.writes == Writes::kDiscarded) return;
  if (const ScimUser* before = call.directory.FindUser(user.id)) {
    if (call.options.stale_reads > 0 || call.options.stale_for > absl::ZeroDuration()) {
      call.memory.stale_users.Remember(*before, call.options.stale_reads,
                                       call.now + call.options.stale_for);
    }
  }
  if (AccountsFollow(call)) CarryAccountAlong(call.world, user, call.now);
  call.directory.PutUser(user);
}

// A new user with the e-mail of an Atlassian account is linked to it, else an account is made.
void LinkAccount(const ScimCall& call, ScimUser& user) {
  if (!call.Has(Quirk::kAtlassianAccounts)) return;
  std::string account_id;
  for (const auto& [id, account] : call.world.cloud_accounts) {
    if (absl::EqualsIgnoreCase(account.email, user.Email())) account_id = id;
  }
  if (account_id.empty()) {
    account_id = call.memory.ids.AccountId();
    if (call.request.writes == Writes::kKept) {
      call.world.cloud_accounts[account_id] = {account_id, user.Email(), user.Active()};
    }
  }
  user.attributes[kAtlassianExtension] = {{"atlassianAccountId", account_id}};
}

TwinResponse ReplaceUser(const ScimCall& call, const ScimUser& before) {
  ScimUser user = before;
  if (auto error = ReadUserBody(call, user.attributes)) return Refuse(call, *error);
  if (!user.attributes.contains("active")) {
    user.attributes["active"] = call.Has(Quirk::kPutActiveNull) ? json() : json(true);
  }
  if (before.attributes.contains(kAtlassianExtension)) {
    user.attributes[kAtlassianExtension] = before.attributes[kAtlassianExtension];
  }
  user.modified = call.now;
  ++user.version;
  if (auto error = FindClash(call, user)) {
    if (call.Has(Quirk::kDuplicatePatchApplied500)) Commit(call, user);
    const bool as_500 =
        call.Has(Quirk::kDuplicatePatchApplied500) || call.Has(Quirk::kDuplicatePatch500);
    return Refuse(call, as_500 ? ScimError{500, "", error->detail} : *error);
  }
  Commit(call, user);
  return UserReply(call, 200, user);
}

bool TouchesActive(const PatchBody& body) {
  return std::any_of(body.operations.begin(), body.operations.end(),
                     [](const PatchOperation& operation) {
                       if (operation.path.has_value())
                         return absl::EqualsIgnoreCase(*operation.path, "active");
                       return operation.value.is_object() && operation.value.contains("active");
                     });
}

TwinResponse PatchReply(const ScimCall& call, const ScimUser& user, bool changed) {
  if (call.Has(Quirk::kPatch204) || (!changed && call.Has(Quirk::kNoopPatch204))) {
    return EmptyReply(204);
  }
  return UserReply(call, 200, user);
}

TwinResponse ModifyUser(const ScimCall& call, const ScimUser& before) {
  const PatchBody body = ReadPatchBody(call);
  if (body.error.has_value()) return Refuse(call, *body.error);
  if (body.does_nothing) return UserReply(call, 200, before);
  ScimUser user = before;
  if (auto error = PatchUser(call, body.operations, user.attributes)) return Refuse(call, *error);
  const bool changed = user.attributes != before.attributes;
  if (!changed && !call.Has(Quirk::kNoopBumpsVersion)) {
    // A PATCH that changes nothing asserts the activity again.
    if (AccountsFollow(call) && !call.Has(Quirk::kNoopPatchAccountStays)) {
      CarryAccountAlong(call.world, user, call.now);
    }
    return PatchReply(call, user, changed);
  }
  user.modified = call.now;
  ++user.version;
  if (auto error = FindClash(call, user)) {
    if (call.Has(Quirk::kDuplicatePatchApplied500)) Commit(call, user);
    const bool as_500 =
        call.Has(Quirk::kDuplicatePatchApplied500) || call.Has(Quirk::kDuplicatePatch500);
    return Refuse(call, as_500 ? ScimError{500, "", error->detail} : *error);
  }
  Commit(call, user);
  if (call.Has(Quirk::kPatchApplied500) && TouchesActive(body)) {
    return Refuse(call, {500, "", "conflict"});
  }
  return PatchReply(call, user, changed);
}

TwinResponse DeleteUser(const ScimCall& call, const ScimUser& user) {
  if (call.request.writes == Writes::kDiscarded) return EmptyReply(204);
  if (call.Has(Quirk::kEmailStaysReserved)) {
    call.memory.reserved_emails.insert(absl::AsciiStrToLower(user.Email()));
  }
  if (AccountsFollow(call)) {
    DropAccount(call.world, call.directory_name, user, call.now);
  }
  const std::string id = user.id;
  call.memory.stale_users.Forget(id);
  call.directory.RemoveUser(
      id, call.Has(Quirk::kDanglingMembers) ? Memberships::kLeftDangling : Memberships::kRemoved);
  return EmptyReply(204);
}

bool IsPlainName(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '@' || c == '.' || c == '-' || c == '_';
  });
}

// Users by what the filter looks at; a full rendering only where it asks for more.
json FilterView(const ScimCall& call, const ScimUser& user) {
  json view = user.attributes;
  view["id"] = user.id;
  if (call.target.parameters.at("filter").find("meta") != std::string::npos ||
      call.target.parameters.at("filter").find("groups") != std::string::npos) {
    view.update(RenderUser(call, user, Projection(call)));
  }
  return view;
}

}  // namespace

TwinResponse ListUsers(const ScimCall& call) {
  const Projection wanted(call);
  if (auto error = wanted.Error()) return Refuse(call, *error);
  JudgedFilter judged = JudgeFilter(call, {"userName", "externalId"});
  if (judged.refusal.has_value()) return *std::move(judged.refusal);
  std::vector<const ScimUser*> found;
  for (const auto& user : call.directory.users()) {
    if (call.Has(Quirk::kPoisonPercent) && absl::StrContains(user->UserName(), '%')) {
      return Refuse(call, {400, "invalidSyntax", "URI malformed"});
    }
    if (judged.matches_nothing) continue;
    if (judged.filter.has_value() &&
        !Matches(*judged.filter, FilterView(call, *user), judged.letters)) {
      continue;
    }
    found.push_back(user.get());
  }
  return ListReply(call, found.size(), [&](size_t i) {
    return RenderUser(call, call.memory.stale_users.Seen(*found[i], call.now), wanted);
  });
}

TwinResponse CreateUser(const ScimCall& call) {
  ScimUser user;
  if (auto error = ReadUserBody(call, user.attributes)) return Refuse(call, *error);
  if (!user.attributes.contains("active")) user.attributes["active"] = true;
  if (auto error = FindClash(call, user)) return Refuse(call, *error);
  user.id = call.Has(Quirk::kIdsAreUserNames) ? user.UserName() : call.memory.ids.Uuid();
  user.created = user.modified = call.now;
  LinkAccount(call, user);
  Commit(call, user);
  if (call.Has(Quirk::kCreateWithoutId) && !IsPlainName(user.UserName())) {
    json body = RenderUser(call, user, Projection(call));
    body.erase("id");
    return ResourceReply(call, 201, body, 1, absl::StrCat(call.base_url, "/Users/undefined"));
  }
  return UserReply(call, 201, user);
}

TwinResponse HandleUser(const ScimCall& call, const std::string& id) {
  const std::string& method = call.request.method;
  const ScimUser* user = call.directory.FindUser(id);
  if (user == nullptr) {
    const bool as_500 = call.Has(Quirk::kMissingId500) && (method == "PATCH" || method == "DELETE");
    return Refuse(call, {as_500 ? 500 : 404, "", absl::StrCat("User ", id, " does not exist.")});
  }
  if (method == "GET") {
    return UserReply(call, 200, call.memory.stale_users.Seen(*user, call.now));
  }
  if (auto refusal = CheckPrecondition(call, user->version)) return *std::move(refusal);
  if (method == "PUT") return ReplaceUser(call, *user);
  if (method == "PATCH") return ModifyUser(call, *user);
  if (method == "DELETE") return DeleteUser(call, *user);
  return Refuse(call, {405, "", absl::StrCat(method, " is not allowed here.")});
}

}  // namespace rollcall::twins
