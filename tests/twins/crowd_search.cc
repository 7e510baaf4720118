// /search: users or groups that a restriction in the address or in an XML body asks for.
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_list.h"
#include "tests/twins/crowd_reply.h"
#include "tests/twins/crowd_restriction.h"

namespace rollcall::twins {
namespace {

std::vector<std::string> OneValue(const std::string& value) {
  if (value.empty()) return {};
  return {value};
}

std::vector<std::string> AttributeValues(const CrowdAttributes& attributes,
                                         const std::string& name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::vector<std::string>() : found->second;
}

std::string SearchTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%S", time, absl::UTCTimeZone());
}

CrowdFields FieldsOfUser(const CrowdView& view, const CrowdView::User& found) {
  return [&view, &found](const std::string& field) -> std::vector<std::string> {
    const CrowdUser& user = *found.user;
    if (field == "name") return OneValue(view.ShownUser(found));
    if (field == "email") return OneValue(user.email);
    if (field == "firstName") return OneValue(user.first_name);
    if (field == "lastName") return OneValue(user.last_name);
    if (field == "displayName") return OneValue(user.display_name);
    if (field == "active") return {user.active ? "true" : "false"};
    if (field == "createdDate") return {SearchTime(user.created)};
    if (field == "updatedDate") return {SearchTime(user.updated)};
    return AttributeValues(user.attributes, field);
  };
}

CrowdFields FieldsOfGroup(const CrowdView& view, const CrowdView::Group& found) {
  return [&view, &found](const std::string& field) -> std::vector<std::string> {
    if (field == "name") return OneValue(view.ShownGroup(found));
    if (field == "description") return OneValue(found.group->description);
    if (field == "active") return {found.group->active ? "true" : "false"};
    return AttributeValues(found.group->attributes, field);
  };
}

// Nothing: `refusal` is the answer.
std::optional<CrowdRestriction> TakeRestriction(const CrowdCall& call, TwinResponse& refusal) {
  if (call.IsGet()) {
    const std::string query = call.Parameter("restriction");
    refusal = CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT",
                           absl::StrCat("Cannot parse the restriction ", query));
    return ParseCrowdQuery(query);
  }
  const absl::string_view type = FindTwinHeader(call.request.headers, "Content-Type");
  if (absl::StrContains(type, "json")) {
    refusal = CrowdFault(500,
                         "Can not construct instance of SearchRestriction, problem: abstract types "
                         "can only be instantiated with additional type information");
    if (call.Has(CrowdQuirk::kJsonSearchAccepted)) return ParseCrowdQuery("");
    return std::nullopt;
  }
  if (!absl::StrContains(type, "xml")) {
    refusal = CrowdFrameworkError(call.options, 415, "Unsupported Media Type");
    return std::nullopt;
  }
  refusal = CrowdFault(400, "The search restriction cannot be read");
  const std::optional<XmlNode> node = ParseXml(call.request.body);
  if (!node.has_value()) return std::nullopt;
  return ReadCrowdRestriction(*node);
}

}  // namespace

TwinResponse HandleCrowdSearch(const CrowdCall& call) {
  if (call.path.size() > 1) return CrowdNoSuchEndpoint(call);
  if (!call.IsGet() && call.request.method != "POST") return CrowdNoSuchMethod(call);
  const std::string type = call.Parameter("entity-type");
  if (type != "user" && type != "group") {
    return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT",
                        absl::StrCat("entity-type is \"", type, "\", not user or group"));
  }
  TwinResponse refusal;
  const std::optional<CrowdRestriction> restriction = TakeRestriction(call, refusal);
  if (!restriction.has_value()) return refusal;
  const CrowdView view = call.View();
  std::vector<std::string> names;
  if (type == "user") {
    for (const auto& [folded, user] : view.Users()) {
      if ((*restriction)(FieldsOfUser(view, user))) names.push_back(folded);
    }
    return CrowdList(call, view, CrowdListOf::kUsers, std::move(names), CrowdListKind::kSearch);
  }
  for (const auto& [folded, group] : view.Groups()) {
    if ((*restriction)(FieldsOfGroup(view, group))) names.push_back(folded);
  }
  return CrowdList(call, view, CrowdListOf::kGroups, std::move(names), CrowdListKind::kSearch);
}

}  // namespace rollcall::twins
