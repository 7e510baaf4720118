#include "tests/twins/scim_reply.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

TwinResponse Reply(int status, const char* content_type, std::string body) {
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", content_type}};
  response.body = std::move(body);
  return response;
}

TwinResponse HtmlReply(const ScimError& error) {
  return Reply(error.status, "text/html; charset=utf-8",
               absl::StrCat("<!DOCTYPE html><html><head><title>Error ", error.status,
                            "</title></head><body><h1>Error ", error.status, "</h1><pre>",
                            error.detail, "</pre></body></html>\n"));
}

std::string InventedType(int status) {
  switch (status) {
    case 401:
      return "invalidToken";
    case 404:
      return "notFound";
    case 409:
      return "conflict";
    case 412:
      return "versionMismatch";
    case 500:
      return "internal";
    default:
      return "invalidSyntax";
  }
}

}  // namespace

TwinResponse JsonReply(int status, const nlohmann::json& body, const ScimQuirks& quirks) {
  // Names may hold bytes that are no UTF-8 (a client sent them); they are replaced, not thrown at.
  return Reply(
      status,
      quirks.Has(Quirk::kContentTypeText) ? "text/plain; charset=utf-8" : "application/scim+json",
      body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

TwinResponse ErrorReply(const ScimError& error, const ScimQuirks& quirks) {
  if (quirks.Has(Quirk::kErrorEmpty)) return EmptyReply(error.status);
  if (quirks.Has(Quirk::kErrorText)) return TextReply(error.status, error.detail);
  if (quirks.Has(Quirk::kErrorHtml)) return HtmlReply(error);
  nlohmann::json body;
  body["schemas"] = nlohmann::json::array({"urn:ietf:params:scim:api:messages:2.0:Error"});
  body["status"] = std::to_string(error.status);
  if (quirks.Has(Quirk::kErrorStatusInteger)) body["status"] = error.status;
  body["detail"] = error.detail;
  if (quirks.Has(Quirk::kErrorDetailArray)) body["detail"] = nlohmann::json::array({error.detail});
  std::string type = error.scim_type;
  if (quirks.Has(Quirk::kErrorInventedScimType)) type = InventedType(error.status);
  if (quirks.Has(Quirk::kConflictWithoutScimType) && error.status == 409) type.clear();
  if (!type.empty()) body["scimType"] = type;
  return JsonReply(error.status, body, quirks);
}

TwinResponse UnauthorizedReply(const ScimQuirks& quirks) {
  TwinResponse response;
  if (quirks.Has(Quirk::kAuthErrorNotScim)) {
    response =
        Reply(401, "application/json", R"({"error":"Unauthorized","traceId":"7f3c2a9be1d04f55"})");
  } else if (quirks.Has(Quirk::kAuthErrorText)) {
    response = TextReply(401, "Unauthorized");
  } else {
    response = ErrorReply({401, "", "The bearer token is missing or not valid."}, quirks);
  }
  if (!quirks.Has(Quirk::kNoWwwAuthenticate)) {
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"scim\"");
  }
  return response;
}

TwinResponse EmptyReply(int status) {
  TwinResponse response;
  response.status = status;
  return response;
}

TwinResponse TextReply(int status, absl::string_view text) {
  return Reply(status, "text/plain; charset=utf-8", absl::StrCat(text, "\n"));
}

TwinResponse DroppedConnection() {
  TwinResponse response;
  response.delivery = Delivery::kNothing;
  return response;
}

}  // namespace rollcall::twins
