#include "tests/twins/crowd_reply.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/crowd_xml.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

const char* CrowdContentType(CrowdFormat format) {
  return format == CrowdFormat::kJson ? "application/json" : "application/xml";
}

const char* CrowdPhrase(int status) {
  switch (status) {
    case 403:
      return "The server understood the request but refuses to authorize it.";
    case 404:
      return "The requested resource is not available.";
    case 405:
      return "The specified HTTP method is not allowed for the requested resource.";
    case 406:
      return "The resource cannot be written in an acceptable form.";
    default:
      return "The server refused this request.";
  }
}

// The members that no call knows.
std::string UnknownMember(const json& body, const std::vector<std::string>& known) {
  for (const auto& item : body.items()) {
    if (std::find(known.begin(), known.end(), item.key()) == known.end()) return item.key();
  }
  return "";
}

}  // namespace

std::set<std::string> CrowdCall::Expanded() const {
  return absl::StrSplit(Parameter("expand"), ',', absl::SkipEmpty());
}

TwinResponse CrowdRefusal(const CrowdCall& call, int status, absl::string_view reason,
                          absl::string_view message) {
  return CrowdAnswer(call, status, "error",
                     {{"reason", std::string(reason)}, {"message", std::string(message)}});
}

TwinResponse CrowdNoUser(const CrowdCall& call, int status, const std::string& name) {
  return CrowdRefusal(call, status, "USER_NOT_FOUND",
                      absl::StrCat("User <", name, "> does not exist"));
}

TwinResponse CrowdNoGroup(const CrowdCall& call, int status, const std::string& name) {
  return CrowdRefusal(call, status, "GROUP_NOT_FOUND",
                      absl::StrCat("Group <", name, "> does not exist"));
}

TwinResponse CrowdNoMembership(const CrowdCall& call, const std::string& child,
                               const std::string& parent) {
  return CrowdRefusal(call, 404, "MEMBERSHIP_NOT_FOUND",
                      absl::StrCat("<", child, "> is not a member of group <", parent, ">"));
}

TwinResponse CrowdForbidden(const CrowdCall& call, CrowdOperation operation) {
  return CrowdRefusal(call, 403,
                      call.Has(CrowdQuirk::kReadOnlyUnsupported) ? "UNSUPPORTED_OPERATION"
                                                                 : "APPLICATION_PERMISSION_DENIED",
                      absl::StrCat("Not allowed to ", NameOfCrowdOperation(operation)));
}

TwinResponse CrowdNoParameter(const CrowdCall& call, absl::string_view name) {
  if (call.Has(CrowdQuirk::kMissingParameter500)) {
    return CrowdRefusal(call, 500, "OPERATION_FAILED", "null");
  }
  return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", absl::StrCat(name, " is missing"));
}

TwinResponse CrowdPage(const CrowdOptions& options, int status, absl::string_view message) {
  const absl::string_view shown =
      options.quirks.Has(CrowdQuirk::kNewContainerPages) || message.empty() ? CrowdPhrase(status)
                                                                            : message;
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html;charset=utf-8"}};
  response.body =
      absl::StrCat("<!doctype html><html><head><title>Error</title></head><body><h1>",
                   "HTTP Status ", status, " - ", EscapeXml(shown), "</h1></body></html>\n");
  return response;
}

TwinResponse CrowdFault(int status, absl::string_view message) {
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = json({{"message", std::string(message)},
                        {"status-code", status},
                        {"stack-trace", "java.lang.RuntimeException"}})
                      .dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

TwinResponse CrowdFrameworkError(const CrowdOptions& options, int status,
                                 absl::string_view message) {
  if (options.quirks.Has(CrowdQuirk::kFrameworkErrorsJson)) return CrowdFault(status, message);
  return CrowdPage(options, status, message);
}

TwinResponse CrowdAnswer(const CrowdCall& call, int status, const std::string& root,
                         const json& body) {
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", CrowdContentType(call.format)}};
  response.body = call.format == CrowdFormat::kJson
                      ? body.dump(-1, ' ', false, json::error_handler_t::replace)
                      : BodyToXml(root, body);
  return response;
}

TwinResponse CrowdEmpty(const CrowdCall& call, int status) {
  TwinResponse response;
  response.status = status;
  if (!call.Has(CrowdQuirk::kEmptyWithoutType)) {
    response.headers = {{"Content-Type", CrowdContentType(call.format)}};
  }
  return response;
}

TwinResponse CrowdCreated(const CrowdCall& call, const std::string& location) {
  TwinResponse response = CrowdEmpty(call, 201);
  response.headers.emplace_back("Location", location);
  return response;
}

bool ReadCrowdBody(const CrowdCall& call, const std::vector<std::string>& known, json& body,
                   TwinResponse& refusal) {
  const std::string type(FindTwinHeader(call.request.headers, "Content-Type"));
  if (absl::StrContains(type, "xml")) {
    const std::optional<XmlNode> node = ParseXml(call.request.body);
    if (!node.has_value()) {
      refusal = CrowdFault(400, "The XML of the request cannot be read");
      return false;
    }
    body = XmlToBody(*node);
    if (!body.is_object()) body = json::object();
    return true;
  }
  if (!absl::StrContains(type, "json")) {
    refusal = CrowdFrameworkError(call.options, 415, "Unsupported Media Type");
    return false;
  }
  body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) {
    refusal = CrowdFault(400, "Unexpected character in the JSON of the request");
    return false;
  }
  const std::string unknown = UnknownMember(body, known);
  if (unknown.empty() || call.Has(CrowdQuirk::kUnknownMembersIgnored)) return true;
  refusal = CrowdFault(call.Has(CrowdQuirk::kUnknownMembers500) ? 500 : 400,
                       absl::StrCat("Unrecognized field \"", unknown, "\""));
  return false;
}

std::string CrowdText(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string CrowdHref(const CrowdCall& call, absl::string_view resource,
                      absl::string_view parameter, absl::string_view value) {
  return absl::StrCat(call.api_url, resource, "?", parameter, "=", PercentEncode(value));
}

json CrowdLink(const std::string& href) { return {{"rel", "self"}, {"href", href}}; }

}  // namespace rollcall::twins
