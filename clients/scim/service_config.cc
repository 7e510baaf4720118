#include "clients/scim/service_config.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/json/value.h"
#include "clients/scim/scim_errors.h"

namespace rollcall {
namespace {

const json::Value* Feature(const json::Value& config, absl::string_view feature,
                           absl::string_view key) {
  const json::Value* part = config.FindIgnoringCase(feature);
  return part == nullptr ? nullptr : part->FindIgnoringCase(key);
}

std::optional<bool> Supported(const json::Value& config, absl::string_view feature) {
  const json::Value* value = Feature(config, feature, "supported");
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (absl::EqualsIgnoreCase(value->text(), "true")) return true;
    if (absl::EqualsIgnoreCase(value->text(), "false")) return false;
  }
  return value->boolean();
}

ServiceConfig Missing(absl::string_view why) {
  ServiceConfig config;
  config.note = absl::StrCat("the server has no usable /ServiceProviderConfig (", why,
                             "); what it can do is found out by trying");
  return config;
}

}  // namespace

ServiceConfig DecodeServiceConfig(absl::string_view body) {
  absl::StatusOr<json::Value> value = json::Value::Parse(body);
  if (!value.ok() || !value->is_object()) return Missing("not a JSON object");
  ServiceConfig config;
  config.declared = true;
  config.patch = Supported(*value, "patch");
  config.sort = Supported(*value, "sort");
  config.etag = Supported(*value, "etag");
  const json::Value* most = Feature(*value, "filter", "maxResults");
  if (most == nullptr) return config;
  std::optional<int64_t> number = most->integer();
  if (number.has_value() && *number >= 1) {
    config.max_results = number;
  } else {
    config.note = "filter.maxResults of /ServiceProviderConfig makes no sense and is ignored";
  }
  return config;
}

absl::StatusOr<ServiceConfig> ReadServiceConfig(ScimApi& api, const CallContext& context) {
  ScimApi::Reply reply = api.GetServiceProviderConfig(context);
  if (!reply.ok()) {
    if (absl::IsCancelled(reply.status())) return reply.status();
    return Missing(ForMessage(reply.status().message(), 120));
  }
  if (!IsSuccess(reply->status)) return Missing(ParseServerError(*reply).ToString());
  absl::Status json = RequireJson("GET /ServiceProviderConfig", *reply);
  if (!json.ok()) return Missing("the answer is not JSON");
  return DecodeServiceConfig(reply->body);
}

}  // namespace rollcall
