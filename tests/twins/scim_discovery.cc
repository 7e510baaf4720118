#include "tests/twins/scim_discovery.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"
#include "tests/twins/scim_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

// What filter.maxResults says where no page cap is set.
constexpr int64_t kDefaultMaxResults = 200;

json ServiceProviderConfig(const ScimCall& call) {
  const bool denies = call.Has(Quirk::kServiceProviderConfigDenies);
  const bool etag = call.Has(Quirk::kEtagChecked) || call.Has(Quirk::kEtagRequired);
  const int64_t cap = call.options.page_cap;
  json config;
  config["schemas"] = json::array({"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"});
  config["patch"]["supported"] = !denies;
  config["bulk"] = {{"supported", false}, {"maxOperations", 0}, {"maxPayloadSize", 0}};
  config["filter"] = {{"supported", !denies}, {"maxResults", cap > 0 ? cap : kDefaultMaxResults}};
  config["changePassword"]["supported"] = false;
  config["sort"]["supported"] = false;
  config["etag"]["supported"] = etag;
  config["authenticationSchemes"] = json::array({{{"type", "oauthbearertoken"},
                                                  {"name", "Bearer token"},
                                                  {"description", "A token of the directory"}}});
  config["meta"] = {{"resourceType", "ServiceProviderConfig"},
                    {"location", absl::StrCat(call.base_url, "/ServiceProviderConfig")}};
  return config;
}

json ResourceType(const ScimCall& call, const char* name, const char* endpoint,
                  const char* schema) {
  const std::string base = call.Has(Quirk::kAbsoluteEndpoints) ? call.options.base_path : "";
  json type;
  type["schemas"] = json::array({"urn:ietf:params:scim:schemas:core:2.0:ResourceType"});
  type["id"] = name;
  type["name"] = name;
  type["endpoint"] = absl::StrCat(base, endpoint);
  type["schema"] = schema;
  type["meta"] = {{"resourceType", "ResourceType"},
                  {"location", absl::StrCat(call.base_url, "/ResourceTypes/", name)}};
  return type;
}

json Attribute(const char* name, const char* type, bool many, const char* uniqueness) {
  return {{"name", name},          {"type", type},
          {"multiValued", many},   {"required", false},
          {"caseExact", false},    {"mutability", "readWrite"},
          {"returned", "default"}, {"uniqueness", uniqueness}};
}

json Schema(const ScimCall& call, const char* id, const char* name, json attributes) {
  json schema;
  schema["schemas"] = json::array({"urn:ietf:params:scim:schemas:core:2.0:Schema"});
  schema["id"] = id;
  schema["name"] = name;
  schema["attributes"] = std::move(attributes);
  schema["meta"] = {{"resourceType", "Schema"},
                    {"location", absl::StrCat(call.base_url, "/Schemas/", id)}};
  return schema;
}

json Resources(const ScimCall& call, const std::string& endpoint) {
  if (endpoint == "ResourceTypes") {
    return json::array({ResourceType(call, "User", "/Users", kUserSchema),
                        ResourceType(call, "Group", "/Groups", kGroupSchema)});
  }
  json user = json::array({Attribute("userName", "string", false, "server"),
                           Attribute("name", "complex", false, "none"),
                           Attribute("displayName", "string", false, "none"),
                           Attribute("active", "boolean", false, "none"),
                           Attribute("emails", "complex", true, "none")});
  json group = json::array({Attribute("displayName", "string", false, "server"),
                            Attribute("members", "complex", true, "none")});
  return json::array({Schema(call, kUserSchema, "User", std::move(user)),
                      Schema(call, kGroupSchema, "Group", std::move(group))});
}

}  // namespace

TwinResponse HandleDiscovery(const ScimCall& call, const std::string& endpoint,
                             const std::string& id) {
  const ScimQuirks& quirks = call.options.quirks;
  const ScimError missing = {404, "", absl::StrCat("There is no ", endpoint, " ", id, ".")};
  if (call.request.method != "GET") {
    return ErrorReply({405, "", absl::StrCat(endpoint, " can only be read.")}, quirks);
  }
  if (endpoint == "ServiceProviderConfig") {
    if (call.Has(Quirk::kNoServiceProviderConfig) || !id.empty()) {
      return ErrorReply(missing, quirks);
    }
    return JsonReply(200, ServiceProviderConfig(call), quirks);
  }
  const json resources = Resources(call, endpoint);
  if (id.empty()) {
    json list = {{"totalResults", resources.size()},
                 {"itemsPerPage", resources.size()},
                 {"startIndex", 1},
                 {"Resources", resources}};
    list["schemas"] = json::array({"urn:ietf:params:scim:api:messages:2.0:ListResponse"});
    return JsonReply(200, list, quirks);
  }
  for (const json& resource : resources) {
    if (resource["id"] == id) return JsonReply(200, resource, quirks);
  }
  return ErrorReply(missing, quirks);
}

}  // namespace rollcall::twins
