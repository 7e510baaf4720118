#include "tests/twins/scim_groups.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_group_patch.h"
#include "tests/twins/scim_list.h"
#include "tests/twins/scim_precondition.h"
#include "tests/twins/scim_render.h"
#include "tests/twins/world_links.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

TwinResponse GroupReply(const ScimCall& call, int status, const ScimGroup& group) {
  const Projection wanted(call);
  if (auto error = wanted.Error()) return Refuse(call, *error);
  return ResourceReply(call, status, RenderGroup(call, group, wanted, Shown::kAlone), group.version,
                       GroupLocation(call, group.id));
}

void Commit(const ScimCall& call, const ScimGroup& group) {
  if (call.request.writes == Writes::kDiscarded) return;
  if (const ScimGroup* before = call.directory.FindGroup(group.id)) {
    if (AccountsFollow(call)) {
      CarryMembersAlong(call.world, call.directory_name, before->display_name, before->members,
                        group.members, call.now);
    }
    if (call.options.stale_reads > 0 || call.options.stale_for > absl::ZeroDuration()) {
      call.memory.stale_groups.Remember(*before, call.options.stale_reads,
                                        call.now + call.options.stale_for);
    }
  }
  call.directory.PutGroup(group);
}

std::optional<ScimError> FindClash(const ScimCall& call, const ScimGroup& group) {
  if (call.Has(Quirk::kDuplicateGroupNames)) return std::nullopt;
  for (const auto& other : call.directory.groups()) {
    if (other->id != group.id && absl::EqualsIgnoreCase(other->display_name, group.display_name)) {
      return ScimError{409, "uniqueness", "Resource [GROUP]: with displayName already exists."};
    }
  }
  return std::nullopt;
}

// What a client wrote: name, external id, and members unless the quirk drops them.
std::optional<ScimError> ReadGroupBody(const ScimCall& call, Quirk drops_members,
                                       ScimGroup& group) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded() || !body.is_object()) {
    return ScimError{400, "invalidSyntax", "The body is not a JSON object."};
  }
  const json name = body.contains("displayName") ? body["displayName"] : json();
  if (group.display_name.empty()) {
    if (!name.is_string() || name == "") {
      return ScimError{400, "invalidValue", "displayName is required."};
    }
    group.display_name = name.get<std::string>();
  } else if (auto error = RenameGroup(call, name, group)) {
    return error;
  }
  if (body.contains("externalId") && body["externalId"].is_string()) {
    group.external_id = body["externalId"].get<std::string>();
  }
  if (call.Has(drops_members)) return std::nullopt;
  group.members.clear();
  if (!body.contains("members")) return std::nullopt;
  std::vector<std::string> ids;
  if (auto error = ReadMembers(call, body["members"], ids)) return error;
  return AddMembers(call, ids, group);
}

// A PUT with unknown members, as one real server answers it.
TwinResponse JavaException(const ScimCall& call, const std::string& detail) {
  const json body = {
      {"cause", nullptr},
      {"stackTrace", json::array({{{"className", "ScimGroupService"}, {"lineNumber", 1}}})},
      {"responseStatus", "BAD_REQUEST"},
      {"scimErrorType", "INVALID_VALUE"},
      {"message", detail}};
  return JsonReply(400, body, call.options.quirks);
}

TwinResponse ReplaceGroup(const ScimCall& call, const ScimGroup& before) {
  ScimGroup group = before;
  if (auto error = ReadGroupBody(call, Quirk::kPutMembersIgnored, group)) {
    const bool member = absl::StartsWith(error->detail, "There is no user");
    if (member && call.Has(Quirk::kPutGroupJavaException)) {
      return JavaException(call, error->detail);
    }
    return Refuse(call, *error);
  }
  if (auto error = FindClash(call, group)) return Refuse(call, *error);
  group.modified = call.now;
  ++group.version;
  Commit(call, group);
  return GroupReply(call, 200, group);
}

TwinResponse PatchReply(const ScimCall& call, const ScimGroup& group, bool changed) {
  if (call.Has(Quirk::kPatchGroup204) || (!changed && call.Has(Quirk::kNoopPatch204))) {
    return EmptyReply(204);
  }
  return GroupReply(call, 200, group);
}

TwinResponse ModifyGroup(const ScimCall& call, const ScimGroup& before) {
  const PatchBody body = ReadPatchBody(call);
  if (body.error.has_value()) return Refuse(call, *body.error);
  if (body.does_nothing) return GroupReply(call, 200, before);
  ScimGroup group = before;
  const GroupPatchResult result = PatchGroup(call, body.operations, group);
  if (result.error.has_value() && !result.applied_all_the_same) return Refuse(call, *result.error);
  if (auto error = FindClash(call, group)) return Refuse(call, *error);
  const bool changed = group.members != before.members ||
                       group.display_name != before.display_name ||
                       group.external_id != before.external_id;
  if (changed || call.Has(Quirk::kNoopBumpsVersion)) {
    group.modified = call.now;
    ++group.version;
    Commit(call, group);
  }
  if (result.error.has_value()) return Refuse(call, *result.error);
  return PatchReply(call, group, changed);
}

TwinResponse DeleteGroup(const ScimCall& call, const std::string& id) {
  if (call.request.writes == Writes::kDiscarded) return EmptyReply(204);
  if (AccountsFollow(call)) {
    const ScimGroup& group = *call.directory.FindGroup(id);
    CarryMembersAlong(call.world, call.directory_name, group.display_name, group.members, {},
                      call.now);
  }
  call.memory.stale_groups.Forget(id);
  call.directory.RemoveGroup(std::string(id));
  return EmptyReply(204);
}

json FilterView(const ScimCall& call, const ScimGroup& group) {
  json view = {{"id", group.id}, {"displayName", group.display_name}};
  if (!group.external_id.empty()) view["externalId"] = group.external_id;
  const std::string& filter = call.target.parameters.at("filter");
  if (filter.find("members") != std::string::npos || filter.find("meta") != std::string::npos) {
    view.update(RenderGroup(call, group, Projection(call), Shown::kAlone));
  }
  return view;
}

}  // namespace

TwinResponse ListGroups(const ScimCall& call) {
  const Projection wanted(call);
  if (auto error = wanted.Error()) return Refuse(call, *error);
  JudgedFilter judged = JudgeFilter(call, {"displayName"});
  if (judged.refusal.has_value()) return *std::move(judged.refusal);
  std::vector<const ScimGroup*> found;
  for (const auto& group : call.directory.groups()) {
    if (judged.matches_nothing) break;
    if (!judged.filter.has_value() ||
        Matches(*judged.filter, FilterView(call, *group), judged.letters)) {
      found.push_back(group.get());
    }
  }
  return ListReply(call, found.size(), [&](size_t i) {
    return RenderGroup(call, call.memory.stale_groups.Seen(*found[i], call.now), wanted,
                       Shown::kInList);
  });
}

TwinResponse CreateGroup(const ScimCall& call) {
  ScimGroup group;
  if (auto error = ReadGroupBody(call, Quirk::kCreateMembersIgnored, group)) {
    return Refuse(call, *error);
  }
  group.id = call.memory.ids.Uuid();
  group.created = group.modified = call.now;
  const bool reserved =
      call.options.reserved_groups.count(absl::AsciiStrToLower(group.display_name)) > 0;
  if (reserved && call.Has(Quirk::kReservedGroupNames)) return GroupReply(call, 201, group);
  if (auto error = FindClash(call, group)) return Refuse(call, *error);
  Commit(call, group);
  return GroupReply(call, 201, group);
}

TwinResponse HandleGroup(const ScimCall& call, const std::string& id) {
  const std::string& method = call.request.method;
  const ScimGroup* group = call.directory.FindGroup(id);
  if (group == nullptr) {
    const bool as_500 = call.Has(Quirk::kMissingId500) && (method == "PATCH" || method == "DELETE");
    return Refuse(call, {as_500 ? 500 : 404, "", absl::StrCat("Group ", id, " does not exist.")});
  }
  if (method == "GET") {
    return GroupReply(call, 200, call.memory.stale_groups.Seen(*group, call.now));
  }
  if (auto refusal = CheckPrecondition(call, group->version)) return *std::move(refusal);
  if (method == "PUT") return ReplaceGroup(call, *group);
  if (method == "PATCH") return ModifyGroup(call, *group);
  if (method == "DELETE") return DeleteGroup(call, id);
  return Refuse(call, {405, "", absl::StrCat(method, " is not allowed here.")});
}

}  // namespace rollcall::twins
