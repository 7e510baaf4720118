// Users, groups and attributes as a Crowd server shows them.
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

void PutField(const CrowdCall& call, const char* name, const std::string& value, json& result) {
  if (value.empty() && call.Has(CrowdQuirk::kBlankOmitted)) return;
  if (value.empty() && call.Has(CrowdQuirk::kBlankNull)) {
    result[name] = nullptr;
  } else {
    result[name] = value;
  }
}

const char* AttributeResource(const CrowdCall& call, bool user) {
  if (call.Has(CrowdQuirk::kSwaggerShapes)) return user ? "/user/attributes" : "/group/attributes";
  return user ? "/user/attribute" : "/group/attribute";
}

}  // namespace

json RenderCrowdAttributes(const CrowdCall& call, const CrowdAttributes& attributes,
                           const std::string& href) {
  json items = json::array();
  for (const auto& [name, values] : attributes) {
    items.push_back(
        {{"name", name},
         {"values", values},
         {"link", CrowdLink(absl::StrCat(href, "&attributename=", PercentEncode(name)))}});
  }
  json result = {{"link", CrowdLink(href)}};
  result[call.Has(CrowdQuirk::kSwaggerShapes) ? "attribute" : "attributes"] = std::move(items);
  return result;
}

json RenderCrowdUser(const CrowdCall& call, const CrowdView& view, const CrowdView::User& found,
                     CrowdShown shown) {
  const CrowdUser& user = *found.user;
  const std::string name = view.ShownUser(found);
  json result = {{"name", name}, {"link", CrowdLink(CrowdHref(call, "/user", "username", name))}};
  if (shown == CrowdShown::kName) return result;
  PutField(call, "first-name", user.first_name, result);
  PutField(call, "last-name", user.last_name, result);
  PutField(call, "display-name", user.display_name, result);
  PutField(call, "email",
           call.Has(CrowdQuirk::kEmailLowered) ? FoldCrowdName(user.email) : user.email, result);
  result["active"] = user.active;
  result["expand"] = "attributes";
  if (!user.external_id.empty()) {
    result["key"] = absl::StrCat(found.directory->id, ":", user.external_id);
  }
  result["password"] = {
      {"link", {{"rel", "edit"}, {"href", CrowdHref(call, "/user/password", "username", name)}}}};
  result["attributes"] = RenderCrowdAttributes(
      call, shown == CrowdShown::kWithAttributes ? user.attributes : CrowdAttributes(),
      CrowdHref(call, AttributeResource(call, /*user=*/true), "username", name));
  if (call.Has(CrowdQuirk::kNewUserFields)) {
    result["created-date"] = absl::ToUnixMillis(user.created);
    result["updated-date"] = absl::ToUnixMillis(user.updated);
    result["directory-id"] = found.directory->id;
    result["directory-name"] = found.directory->name;
  }
  return result;
}

json RenderCrowdGroup(const CrowdCall& call, const CrowdView& view, const CrowdView::Group& found,
                      CrowdShown shown) {
  const CrowdGroup& group = *found.group;
  const std::string name = view.ShownGroup(found);
  json result = {{"name", name}, {"link", CrowdLink(CrowdHref(call, "/group", "groupname", name))}};
  if (shown == CrowdShown::kName) return result;
  PutField(call, "description", group.description, result);
  result["type"] = "GROUP";
  result["active"] = group.active;
  result["expand"] = "attributes";
  result["attributes"] = RenderCrowdAttributes(
      call, shown == CrowdShown::kWithAttributes ? group.attributes : CrowdAttributes(),
      CrowdHref(call, AttributeResource(call, /*user=*/false), "groupname", name));
  return result;
}

}  // namespace rollcall::twins
