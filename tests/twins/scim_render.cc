#include "tests/twins/scim_render.h"

#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/scim_attributes.h"

namespace rollcall::twins {
namespace {

std::set<std::string> NamesIn(const ScimCall& call, const char* parameter) {
  std::set<std::string> names;
  const std::string list = call.target.Parameter(parameter).value_or("");
  for (absl::string_view name : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    const QualifiedName qualified = SplitSchema(absl::StripAsciiWhitespace(name));
    names.insert(
        absl::AsciiStrToLower(qualified.schema.empty() ? qualified.name : qualified.schema));
  }
  return names;
}

std::string TopLevel(const std::string& name) { return name.substr(0, name.find('.')); }

std::string TimeText(const ScimCall& call, absl::Time time) {
  if (!call.Has(Quirk::kMicrosecondTimes)) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
  }
  std::string text = absl::FormatTime("%Y-%m-%dT%H:%M:%E6S", time, absl::UTCTimeZone());
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return absl::StrCat(text, "Z");
}

std::string Location(const ScimCall& call, const char* endpoint, const std::string& id) {
  // A relative location keeps the base path but leaves out the host.
  const std::string base =
      call.Has(Quirk::kRelativeLocation) ? call.options.base_path : call.base_url;
  return absl::StrCat(base, endpoint, PercentEncode(id));
}

template <typename T>
nlohmann::json Meta(const ScimCall& call, const T& resource, const char* type,
                    const std::string& location) {
  nlohmann::json meta = {{"resourceType", type},
                         {"created", TimeText(call, resource.created)},
                         {"lastModified", TimeText(call, resource.modified)},
                         {"location", location}};
  if (call.Has(Quirk::kEtagChecked) || call.Has(Quirk::kEtagRequired)) {
    meta["version"] = Etag(resource.version);
  }
  return meta;
}

nlohmann::json GroupsOfUser(const ScimCall& call, const ScimUser& user) {
  nlohmann::json groups = nlohmann::json::array();
  for (const std::string& id : call.directory.GroupsOf(user.id)) {
    const ScimGroup* group = call.directory.FindGroup(id);
    groups.push_back({{"value", id},
                      {"display", group->display_name},
                      {"$ref", GroupLocation(call, id)},
                      {"type", "direct"}});
  }
  return groups;
}

nlohmann::json RenderMember(const ScimCall& call, const std::string& id) {
  nlohmann::json member = {{"value", id}};
  if (const ScimUser* user = call.directory.FindUser(id)) {
    member["type"] = "User";
    member["display"] = user->UserName();
    member["$ref"] = UserLocation(call, id);
  } else if (const ScimGroup* group = call.directory.FindGroup(id)) {
    member["type"] = "Group";
    member["display"] = group->display_name;
    member["$ref"] = GroupLocation(call, id);
  }
  return member;
}

void ShowActivity(const ScimCall& call, const ScimUser& user, nlohmann::json& resource) {
  // Half of the users by their id, so that the same ones lack it in every answer.
  const int sum = std::accumulate(user.id.begin(), user.id.end(), 0);
  const bool sometimes = call.Has(Quirk::kActiveSometimesAbsent) && user.Active() && sum % 2 == 0;
  if (sometimes || call.Has(Quirk::kActiveNeverShown)) resource.erase("active");
}

}  // namespace

Projection::Projection(const ScimCall& call)
    : only_(NamesIn(call, "attributes")),
      without_(NamesIn(call, "excludedAttributes")),
      drops_id_(call.Has(Quirk::kAttributesDropId)) {
  if (call.Has(Quirk::kAttributesIgnored)) only_.clear();
  if (call.Has(Quirk::kAttributesIgnored) || call.Has(Quirk::kExcludedAttributesIgnored)) {
    without_.clear();
  }
}

std::optional<ScimError> Projection::Error() const {
  if (only_.empty() || without_.empty()) return std::nullopt;
  return ScimError{400, "invalidValue", "attributes and excludedAttributes exclude each other."};
}

bool Projection::Wants(const std::string& attribute) const {
  const std::string name = absl::AsciiStrToLower(attribute);
  if (without_.count(name) > 0) return false;
  if (only_.empty()) return true;
  for (const std::string& wanted : only_) {
    if (wanted == name || TopLevel(wanted) == name) return true;
  }
  return false;
}

void Projection::Apply(nlohmann::json& resource) const {
  for (auto item = resource.begin(); item != resource.end();) {
    const bool always = item.key() == "schemas" || (item.key() == "id" && !drops_id_);
    const bool by_default = item.key() == "id" && only_.empty();
    if (always || by_default || Wants(item.key())) {
      ++item;
    } else {
      item = resource.erase(item);
    }
  }
}

nlohmann::json RenderUser(const ScimCall& call, const ScimUser& user, const Projection& wanted) {
  nlohmann::json resource = user.attributes;
  resource["schemas"] = nlohmann::json::array({kUserSchema});
  for (const char* extension : {kEnterpriseSchema, kAtlassianExtension}) {
    if (resource.contains(extension)) resource["schemas"].push_back(extension);
  }
  resource["id"] = user.id;
  resource["meta"] = Meta(call, user, "User", UserLocation(call, user.id));
  if (call.Has(Quirk::kUserGroups) && wanted.Wants("groups")) {
    resource["groups"] = GroupsOfUser(call, user);
  }
  ShowActivity(call, user, resource);
  wanted.Apply(resource);
  return resource;
}

nlohmann::json RenderGroup(const ScimCall& call, const ScimGroup& group, const Projection& wanted,
                           Shown shown) {
  nlohmann::json resource = {{"id", group.id}, {"displayName", group.display_name}};
  resource["schemas"] = nlohmann::json::array({kGroupSchema});
  if (!group.external_id.empty()) resource["externalId"] = group.external_id;
  const bool hidden = (shown == Shown::kInList && call.Has(Quirk::kMembersAbsentInLists)) ||
                      (group.members.empty() && call.Has(Quirk::kMembersAbsentWhenEmpty));
  if (!hidden && wanted.Wants("members")) {
    nlohmann::json& members = resource["members"] = nlohmann::json::array();
    for (const std::string& id : group.members) members.push_back(RenderMember(call, id));
  }
  resource["meta"] = Meta(call, group, "Group", GroupLocation(call, group.id));
  wanted.Apply(resource);
  return resource;
}

std::string UserLocation(const ScimCall& call, const std::string& id) {
  return Location(call, "/Users/", id);
}

std::string GroupLocation(const ScimCall& call, const std::string& id) {
  return Location(call, "/Groups/", id);
}

std::string Etag(int64_t version) { return absl::StrCat("W/\"", version, "\""); }

TwinResponse Refuse(const ScimCall& call, const ScimError& error) {
  return ErrorReply(error, call.options.quirks);
}

TwinResponse ResourceReply(const ScimCall& call, int status, const nlohmann::json& resource,
                           int64_t version, const std::string& location) {
  TwinResponse response = JsonReply(status, resource, call.options.quirks);
  if (call.Has(Quirk::kEtagChecked) || call.Has(Quirk::kEtagRequired)) {
    response.headers.emplace_back("ETag", Etag(version));
  } else if (call.Has(Quirk::kEtagIgnored)) {
    response.headers.emplace_back(
        "ETag",
        absl::StrCat("W/\"", absl::Hex(response.body.size()), "-",
                     absl::Hex(std::accumulate(
                         response.body.begin(), response.body.end(), uint32_t{17},
                         [](uint32_t sum, char c) { return sum * 31 + static_cast<uint8_t>(c); })),
                     "\""));
  }
  if (status == 201 && !call.Has(Quirk::kNoLocation)) {
    response.headers.emplace_back("Location", location);
  }
  return response;
}

}  // namespace rollcall::twins
