#include "tests/twins/org_reply.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

const char* ReasonPhrase(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 429:
      return "Too Many Requests";
    default:
      return "Error";
  }
}

// "forbidden.targetUnverified" is "forbidden.target-unverified".
std::string KebabCase(const std::string& key) {
  std::string result;
  for (const char c : key) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c))) result.push_back('-');
    result.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace

TwinResponse OrgJson(int status, const json& body) {
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

TwinResponse OrgEmpty(int status) {
  TwinResponse response;
  response.status = status;
  return response;
}

TwinResponse OrgProxyError(int status, absl::string_view message) {
  return OrgJson(status, {{"code", status}, {"message", std::string(message)}});
}

TwinResponse OrgGatewayError(const OrgCall& call, int status, absl::string_view message) {
  return OrgJson(
      status,
      {{"timestamp", absl::FormatTime("%Y-%m-%dT%H:%M:%E3S+00:00", call.now, absl::UTCTimeZone())},
       {"path", absl::StrCat("/api/", absl::StrJoin(call.path, "/"))},
       {"status", status},
       {"error", ReasonPhrase(status)},
       {"message", std::string(message)},
       {"requestId", call.ids.Uuid().substr(0, 8)}});
}

TwinResponse OrgRefuse(const OrgCall& call, const OrgError& error) {
  if (call.Has(OrgQuirk::kErrorsProxy)) return OrgProxyError(error.status, error.detail);
  if (call.Has(OrgQuirk::kErrorsGateway)) {
    return OrgGatewayError(call, error.status, error.detail);
  }
  json entry = {{"id", call.ids.Uuid().substr(0, 8)},
                {"status", absl::StrCat(error.status)},
                {"code", error.code},
                {"title", error.title},
                {"detail", error.detail}};
  if (call.Has(OrgQuirk::kErrorStatusNumber)) entry["status"] = error.status;
  if (call.Has(OrgQuirk::kErrorWithoutId)) entry.erase("id");
  return OrgJson(error.status, {{"errors", json::array({entry})}});
}

TwinResponse OrgRefuseWrite(const OrgCall& call, const OrgError& error) {
  return call.Has(OrgQuirk::kErrorsEmpty) ? OrgEmpty(error.status) : OrgRefuse(call, error);
}

TwinResponse OrgBadRequest(const OrgCall& call, absl::string_view detail) {
  return OrgRefuse(call, {400, "ADMIN-UAM-400-1", "Bad Request", std::string(detail)});
}

TwinResponse OrgNoUser(const OrgCall& call) {
  return OrgRefuseWrite(call, {404, "ADMIN-UAM-404-1", "Unknown Resource",
                               "One or more user not found in the directory"});
}

TwinResponse OrgNoSuchEndpoint(const OrgCall& call) {
  return OrgGatewayError(call, 404, "No such endpoint");
}

TwinResponse OrgEnded(const OrgCall& call) {
  const int status = call.Has(OrgQuirk::kLegacyGone) ? 410 : 404;
  return OrgGatewayError(call, status, "This endpoint is no longer available");
}

TwinResponse ManageRefuse(const OrgCall& call, int status, const std::string& key,
                          const json& context, const std::string& detail) {
  json body = {{"key", key}};
  if (!context.is_null()) body["context"] = context;
  if (!call.Has(OrgQuirk::kPlainManageErrors)) {
    body["errorKey"] = KebabCase(key);
    if (!detail.empty()) body["errorDetail"] = detail;
  }
  return OrgJson(status, body);
}

}  // namespace rollcall::twins
