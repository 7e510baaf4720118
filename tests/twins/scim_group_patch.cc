#include "tests/twins/scim_group_patch.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"
#include "tests/twins/scim_path.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

GroupPatchResult Done() { return {}; }
GroupPatchResult Wrong(int status, const char* scim_type, std::string detail) {
  return {ScimError{status, scim_type, std::move(detail)}, false};
}
GroupPatchResult As(std::optional<ScimError> error) { return {std::move(error), false}; }

bool Exists(const ScimCall& call, const std::string& id) {
  return call.directory.FindUser(id) != nullptr || call.directory.FindGroup(id) != nullptr;
}

std::optional<ScimError> JudgeUnknown(const ScimCall& call, const std::string& id,
                                      std::vector<std::string>& ids) {
  if (call.Has(Quirk::kUnknownMemberDropped)) return std::nullopt;
  if (call.Has(Quirk::kUnknownMemberStored)) {
    ids.push_back(id);
    return std::nullopt;
  }
  const std::string detail = absl::StrCat("There is no user ", id, ".");
  if (call.Has(Quirk::kUnknownMember404)) return ScimError{404, "", detail};
  if (call.Has(Quirk::kUnknownMember500)) return ScimError{500, "", detail};
  return ScimError{400, "invalidValue", detail};
}

void RemoveIds(const std::vector<std::string>& ids, ScimGroup& group) {
  const std::unordered_set<std::string> gone(ids.begin(), ids.end());
  std::erase_if(group.members, [&](const std::string& id) { return gone.count(id) > 0; });
}

GroupPatchResult RemoveAll(const ScimCall& call, ScimGroup& group) {
  if (call.Has(Quirk::kRemoveAllNoop)) return Done();
  if (call.Has(Quirk::kRemoveAll400)) {
    return Wrong(400, "noTarget", "Removing all members is not allowed.");
  }
  group.members.clear();
  return Done();
}

GroupPatchResult RemoveByFilter(const ScimCall& call, const Filter& filter, ScimGroup& group) {
  if (call.Has(Quirk::kRemoveFilter501))
    return Wrong(501, "", "Filters in paths: not implemented.");
  if (filter.alternatives.size() > 1 && call.Has(Quirk::kRemoveOrFilterNoop)) return Done();
  const size_t before = group.members.size();
  std::erase_if(group.members, [&](const std::string& id) {
    return Matches(filter, json{{"value", id}}, Case::kExact);
  });
  if (call.Has(Quirk::kRemoveFilterApplied400)) {
    return {ScimError{400, "noTarget", "The path's filter matches nothing."}, true};
  }
  if (group.members.size() == before && call.Has(Quirk::kRemoveNoMatch400)) {
    return Wrong(400, "noTarget", "The path's filter matches nothing.");
  }
  return Done();
}

GroupPatchResult RemoveMembers(const ScimCall& call, const PatchPath& path, const json& value,
                               ScimGroup& group) {
  if (path.filter.has_value()) return RemoveByFilter(call, *path.filter, group);
  if (value.is_null() || call.Has(Quirk::kRemoveValueArrayWipes)) return RemoveAll(call, group);
  if (call.Has(Quirk::kRemoveValueArray400)) {
    return Wrong(400, "invalidValue", "remove takes no value.");
  }
  std::vector<std::string> ids;
  if (auto error = ReadMembers(call, value, ids)) return As(std::move(error));
  RemoveIds(ids, group);
  return Done();
}

enum class Place { kInPath, kInValue };  // where `members` was named

GroupPatchResult ChangeMembers(const ScimCall& call, const std::string& op, const json& value,
                               Place place, ScimGroup& group) {
  const bool pathless = place == Place::kInValue;
  if (pathless && op == "add") {
    if (call.Has(Quirk::kAddPathless400)) return Wrong(400, "noTarget", "add needs a path.");
    if (call.Has(Quirk::kAddPathlessNoop)) return Done();
  }
  if (pathless && op == "replace" && call.Has(Quirk::kReplacePathlessNoop)) return Done();
  std::vector<std::string> ids;
  if (auto error = ReadMembers(call, value, ids)) return As(std::move(error));
  const bool merges = call.Has(Quirk::kReplaceMembersMerges) ||
                      (pathless && call.Has(Quirk::kReplacePathlessAppends));
  if (op == "replace" && !merges) group.members.clear();
  return As(AddMembers(call, ids, group));
}

GroupPatchResult ApplyAt(const ScimCall& call, const std::string& op, const PatchPath& path,
                         const json& value, Place place, ScimGroup& group) {
  if (absl::EqualsIgnoreCase(path.attribute, "members")) {
    if (op == "remove") return RemoveMembers(call, path, value, group);
    return ChangeMembers(call, op, value, place, group);
  }
  if (absl::EqualsIgnoreCase(path.attribute, "displayName")) {
    if (call.Has(Quirk::kRenameGroup501)) return Wrong(501, "", "displayName: not implemented.");
    return As(RenameGroup(call, op == "remove" ? json() : value, group));
  }
  if (absl::EqualsIgnoreCase(path.attribute, "externalId")) {
    group.external_id = value.is_string() ? value.get<std::string>() : std::string();
    return Done();
  }
  const bool known = absl::EqualsIgnoreCase(path.attribute, "schemas") ||
                     absl::EqualsIgnoreCase(path.attribute, "id") ||
                     absl::EqualsIgnoreCase(path.attribute, "meta");
  if ((known && place == Place::kInValue) || call.Has(Quirk::kUnknownPathNoop)) return Done();
  return Wrong(400, known ? "mutability" : "invalidPath",
               absl::StrCat(path.attribute, " cannot be changed."));
}

GroupPatchResult ApplyOperation(const ScimCall& call, const PatchOperation& operation,
                                ScimGroup& group) {
  std::string op;
  if (auto error = CheckOp(call, operation, op)) return As(std::move(error));
  if (operation.path.has_value()) {
    const absl::StatusOr<PatchPath> path = ParsePatchPath(*operation.path);
    if (!path.ok()) return Wrong(400, "invalidPath", std::string(path.status().message()));
    return ApplyAt(call, op, *path, operation.value, Place::kInPath, group);
  }
  if (op == "remove") {
    if (call.Has(Quirk::kUnknownPathNoop)) return Done();
    return Wrong(400, "noTarget", "remove needs a path.");
  }
  if (!operation.value.is_object()) {
    return Wrong(400, "invalidValue", "Without a path the value must be an object.");
  }
  for (const auto& item : operation.value.items()) {
    PatchPath path;
    path.attribute = item.key();
    GroupPatchResult result = ApplyAt(call, op, path, item.value(), Place::kInValue, group);
    if (result.error.has_value()) return result;
  }
  return Done();
}

std::optional<ScimError> JudgeSize(const ScimCall& call,
                                   const std::vector<PatchOperation>& operations) {
  int64_t members = 0;
  for (const PatchOperation& operation : operations) {
    if (operation.value.is_array()) members += static_cast<int64_t>(operation.value.size());
  }
  const int64_t cap = call.options.max_patch_members;
  if (cap == 0 || members <= cap) return std::nullopt;
  return ScimError{400, "tooMany", absl::StrCat("A PATCH takes at most ", cap, " members.")};
}

}  // namespace

GroupPatchResult PatchGroup(const ScimCall& call, const std::vector<PatchOperation>& operations,
                            ScimGroup& group) {
  if (auto error = JudgeSize(call, operations)) return As(std::move(error));
  GroupPatchResult applied;
  for (const PatchOperation& operation : operations) {
    GroupPatchResult result = ApplyOperation(call, operation, group);
    if (!result.error.has_value() || call.Has(Quirk::kPatchNotAtomic)) continue;
    if (!result.applied_all_the_same) return result;
    applied = std::move(result);
  }
  return applied;
}

std::optional<ScimError> ReadMembers(const ScimCall& call, const json& value,
                                     std::vector<std::string>& ids) {
  if (value.is_object()) {
    const char* detail = "members must be a list.";
    if (call.Has(Quirk::kSingleMember400)) return ScimError{400, "invalidValue", detail};
    if (call.Has(Quirk::kSingleMember500)) return ScimError{500, "", detail};
  }
  for (const json& member : value.is_array() ? value : json::array({value})) {
    const auto id = member.is_object() ? member.find("value") : member.end();
    if (!member.is_object() || id == member.end() || !id->is_string()) {
      return ScimError{400, "invalidValue", "A member must be an object with a value."};
    }
    const auto text = id->get<std::string>();
    if (Exists(call, text)) {
      ids.push_back(text);
    } else if (auto error = JudgeUnknown(call, text, ids)) {
      return error;
    }
  }
  return std::nullopt;
}

std::optional<ScimError> AddMembers(const ScimCall& call, const std::vector<std::string>& ids,
                                    ScimGroup& group) {
  std::unordered_set<std::string> present(group.members.begin(), group.members.end());
  for (const std::string& id : ids) {
    if (present.insert(id).second || call.Has(Quirk::kDuplicateMembers)) {
      group.members.push_back(id);
    }
  }
  const int64_t cap = call.options.max_group_members;
  if (cap == 0 || static_cast<int64_t>(present.size()) <= cap) return std::nullopt;
  return ScimError{400, "tooMany",
                   absl::StrCat("Groups cannot contain more than ", cap, " direct members.")};
}

std::optional<ScimError> RenameGroup(const ScimCall& call, const json& value, ScimGroup& group) {
  if (!value.is_string() || value == "") {
    return ScimError{400, "invalidValue", "displayName is required."};
  }
  const auto name = value.get<std::string>();
  if (name == group.display_name || call.Has(Quirk::kGroupNameImmutableSilent)) {
    return std::nullopt;
  }
  if (call.Has(Quirk::kGroupNameImmutable)) {
    return ScimError{400, "mutability", "displayName is immutable."};
  }
  group.display_name = name;
  return std::nullopt;
}

}  // namespace rollcall::twins
