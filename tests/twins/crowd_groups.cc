// /group: reading, creating, writing, removing, attributes; and all memberships at once.
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_reply.h"
#include "tests/twins/crowd_xml.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

const std::vector<std::string>& GroupMembers() {
  static const auto* const kMembers = new std::vector<std::string>{
      "name", "description", "type", "active", "attributes", "expand", "link"};
  return *kMembers;
}

CrowdGroup& OwnGroup(const CrowdCall& call, const CrowdView::Group& group) {
  return CrowdWritable(call, group.directory).groups.at(group.folded);
}

TwinResponse AnswerCrowdGroup(const CrowdCall& call, const std::string& name) {
  const CrowdView view = call.View();
  const std::optional<CrowdView::Group> group = view.FindGroup(name);
  if (!group.has_value()) return CrowdNoGroup(call, 404, name);
  const CrowdShown shown =
      call.Expanded().count("attributes") > 0 ? CrowdShown::kWithAttributes : CrowdShown::kFields;
  return CrowdAnswer(call, 200, "group", RenderCrowdGroup(call, view, *group, shown));
}

bool GroupActive(const CrowdCall& call, const json& body) {
  const auto found = body.find("active");
  if (found == body.end()) return !call.Has(CrowdQuirk::kActiveOmittedFalse);
  return *found == true || *found == "true";
}

TwinResponse CreateCrowdGroup(const CrowdCall& call) {
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, GroupMembers(), body, refusal)) return refusal;
  CrowdGroup group;
  group.name = CrowdText(body, "name");
  group.description = CrowdText(body, "description");
  group.active = GroupActive(call, body);
  const std::string type = CrowdText(body, "type");
  if (group.name.empty() || (!type.empty() && type != "GROUP")) {
    return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", "a group needs a name and the type GROUP");
  }
  if (call.Current().FindGroup(group.name).has_value()) {
    return CrowdRefusal(call, 400, "INVALID_GROUP", "Group already exists");
  }
  const std::string folded = FoldCrowdName(group.name);
  bool made = false;
  for (CrowdDirectory& directory : call.application.directories) {
    if (!directory.active || !directory.Allows(CrowdOperation::kCreateGroup)) continue;
    directory.groups[folded] = group;
    made = true;
  }
  if (!made) return CrowdForbidden(call, CrowdOperation::kCreateGroup);
  RecordCrowdEntity(call, "group", folded, "CREATED");
  TwinResponse response = CrowdCreated(call, CrowdHref(call, "/group", "groupname", group.name));
  if (call.Has(CrowdQuirk::kCreateGroupWithBody)) {
    const CrowdView view = call.Current();
    response.body =
        CrowdAnswer(call, 201, "group",
                    RenderCrowdGroup(call, view, *view.FindGroup(folded), CrowdShown::kFields))
            .body;
  }
  return response;
}

TwinResponse PutCrowdGroup(const CrowdCall& call, const std::string& name) {
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, GroupMembers(), body, refusal)) return refusal;
  const std::optional<CrowdView::Group> found = call.Current().FindGroup(name);
  if (!found.has_value()) return CrowdNoGroup(call, 404, name);
  if (FoldCrowdName(CrowdText(body, "name")) != found->folded) {
    return CrowdRefusal(call, 400, "INVALID_GROUP",
                        "The name of the body is not that of the address");
  }
  if (!found->directory->Allows(CrowdOperation::kUpdateGroup)) {
    return CrowdForbidden(call, CrowdOperation::kUpdateGroup);
  }
  CrowdGroup& group = OwnGroup(call, *found);
  group.description = CrowdText(body, "description");
  group.active = GroupActive(call, body);
  RecordCrowdEntity(call, "group", found->folded, "UPDATED");
  const CrowdView view = call.Current();
  return CrowdAnswer(
      call, 200, "group",
      RenderCrowdGroup(call, view, *view.FindGroup(found->folded), CrowdShown::kFields));
}

TwinResponse DeleteCrowdGroup(const CrowdCall& call, const std::string& name) {
  const std::optional<CrowdView::Group> found = call.Current().FindGroup(name);
  if (!found.has_value()) return CrowdNoGroup(call, 404, name);
  const std::string folded = found->folded;
  bool removed = false;
  for (CrowdDirectory& directory : call.application.directories) {
    if (!directory.active || !directory.Allows(CrowdOperation::kDeleteGroup)) continue;
    removed = directory.groups.erase(folded) > 0 || removed;
    for (auto& [other, group] : directory.groups) group.groups.erase(folded);
  }
  if (!removed) return CrowdForbidden(call, CrowdOperation::kDeleteGroup);
  RecordCrowdEntity(call, "group", folded, "DELETED");
  return CrowdEmpty(call, 204);
}

TwinResponse GroupAttributes(const CrowdCall& call, const std::string& name) {
  const std::optional<CrowdView::Group> found = call.Current().FindGroup(name);
  const std::optional<CrowdView::Group> seen = call.View().FindGroup(name);
  if (!found.has_value() || !seen.has_value()) return CrowdNoGroup(call, 404, name);
  constexpr CrowdOperation kOperation = CrowdOperation::kUpdateGroupAttribute;
  return HandleCrowdAttributes(
      call, OwnGroup(call, *found).attributes, seen->group->attributes,
      found->directory->Allows(kOperation), kOperation,
      CrowdHref(call, "/group/attribute", "groupname", call.View().ShownGroup(*seen)));
}

}  // namespace

TwinResponse HandleCrowdAllMemberships(const CrowdCall& call) {
  if (call.Has(CrowdQuirk::kMembershipMissing)) return CrowdNoSuchEndpoint(call);
  if (!call.IsGet()) return CrowdNoSuchMethod(call);
  if (call.format == CrowdFormat::kJson && call.Has(CrowdQuirk::kMembershipJson406)) {
    return CrowdFrameworkError(call.options, 406, "Not Acceptable");
  }
  const CrowdView view = call.View();
  std::string body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><memberships>";
  for (const auto& [folded, group] : view.Groups()) {
    absl::StrAppend(&body, "<membership group=\"", EscapeXml(view.ShownGroup(group)), "\"><users>");
    for (const std::string& member : view.Members(folded, CrowdView::Depth::kDirect)) {
      const std::optional<CrowdView::User> user = view.UserOf(member);
      if (!user.has_value()) continue;
      absl::StrAppend(&body, "<user name=\"", EscapeXml(view.ShownUser(*user)), "\"/>");
    }
    absl::StrAppend(&body, "</users><groups>");
    for (const std::string& child : view.Children(folded, CrowdView::Depth::kDirect)) {
      const std::optional<CrowdView::Group> found = view.FindGroup(child);
      if (!found.has_value()) continue;
      absl::StrAppend(&body, "<group name=\"", EscapeXml(view.ShownGroup(*found)), "\"/>");
    }
    absl::StrAppend(&body, "</groups></membership>");
  }
  absl::StrAppend(&body, "</memberships>");
  if (call.Has(CrowdQuirk::kMembershipTruncated)) body.resize(body.size() / 2);
  TwinResponse response;
  response.headers = {{"Content-Type", "application/xml"}};
  response.body = std::move(body);
  return response;
}

TwinResponse HandleCrowdGroup(const CrowdCall& call) {
  const std::string part = call.path.size() > 1 ? call.path[1] : "";
  const std::string& method = call.request.method;
  if (call.path.size() == 3) return HandleCrowdMemberships(call);
  if (call.path.size() == 2 && part == "membership") return HandleCrowdAllMemberships(call);
  if (call.path.size() > 2 || (!part.empty() && part != "attribute")) {
    return CrowdNoSuchEndpoint(call);
  }
  if (part.empty() && method == "POST") return CreateCrowdGroup(call);
  const std::string name = call.Parameter("groupname");
  if (name.empty()) return CrowdNoParameter(call, "groupname");
  if (part == "attribute") return GroupAttributes(call, name);
  if (call.IsGet()) return AnswerCrowdGroup(call, name);
  if (method == "PUT") return PutCrowdGroup(call, name);
  if (method == "DELETE") return DeleteCrowdGroup(call, name);
  return CrowdNoSuchMethod(call);
}

}  // namespace rollcall::twins
