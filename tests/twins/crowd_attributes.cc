// Custom attributes: of users and groups alike.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr size_t kOldValueLimit = 255;

TwinResponse MergeAttributes(const CrowdCall& call, CrowdAttributes& attributes) {
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, {"attributes", "link", "expand"}, body, refusal)) return refusal;
  CrowdAttributes given;
  for (const json& item : body.value("attributes", json::array())) {
    if (!item.is_object() || CrowdText(item, "name").empty()) {
      return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", "an attribute has no name");
    }
    std::vector<std::string>& values = given[CrowdText(item, "name")];
    for (const json& value : item.value("values", json::array())) {
      values.push_back(value.is_string() ? value.get<std::string>() : value.dump());
      if (values.back().size() > kOldValueLimit && call.Has(CrowdQuirk::kAttributeLimit255)) {
        return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", "a value is too long");
      }
    }
  }
  for (auto& [name, values] : given) {
    if (!values.empty()) {
      attributes[name] = std::move(values);
    } else if (!call.Has(CrowdQuirk::kEmptyValuesKept)) {
      attributes.erase(name);
    }
  }
  return CrowdEmpty(call, 204);
}

}  // namespace

TwinResponse HandleCrowdAttributes(const CrowdCall& call, CrowdAttributes& attributes,
                                   const CrowdAttributes& seen, bool allowed,
                                   CrowdOperation operation, const std::string& href) {
  if (call.IsGet()) {
    return CrowdAnswer(call, 200, "attributes", RenderCrowdAttributes(call, seen, href));
  }
  if (call.request.method != "POST" && call.request.method != "DELETE") {
    return CrowdNoSuchMethod(call);
  }
  if (!allowed) return CrowdForbidden(call, operation);
  if (call.request.method == "POST") return MergeAttributes(call, attributes);
  const std::string name = call.Parameter("attributename");
  if (name.empty()) return CrowdNoParameter(call, "attributename");
  attributes.erase(name);
  return CrowdEmpty(call, 204);
}

}  // namespace rollcall::twins
