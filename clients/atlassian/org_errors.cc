#include "clients/atlassian/org_errors.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"

namespace rollcall {
namespace {

constexpr size_t kLongestCode = 80;
constexpr char kKeyCure[] =
    "`api_key` must be an API key of the organisation (Atlassian Administration, Settings, API "
    "keys), not an API token of a user (id.atlassian.com), and not one that has expired (they last "
    "a year at most)";
constexpr char kScopeCure[] =
    "the API key was made with scopes, and they do not cover this: make a key without scopes "
    "(Atlassian Administration, Settings, API keys)";
constexpr char kRightCure[] =
    "the key is known but may not do this here: check `org_id`, and make the key as an "
    "administrator of this organisation";
constexpr char kOrgCure[] =
    "`org_id` is no organisation that this key knows: copy it from Atlassian Administration (the "
    "address of its pages, or beside the API key)";
constexpr char kGatewayCure[] =
    "either `org_id` is no organisation that this key knows (copy it from Atlassian "
    "Administration), or there is no such call at this address: check `base_url`";
constexpr char kAddressCure[] =
    "check `base_url`, and that no sign-in page or proxy stands in between";
constexpr char kLicenceCure[] =
    "no licence is left, perhaps for another product of the same site: free some, or extend the "
    "plan";

// As the documents list them; none is a part of a later one.
constexpr const char* kReasons[] = {"authPolicy.saml",        "administrative.notMyself",
                                    "blocked.exportControl",  "externalDirectory.google",
                                    "externalDirectory.scim", "myselfOnly"};

// The first text that is there.
absl::string_view TextOf(const json::Value& value, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const absl::string_view text = value.Text(key);
    if (!text.empty()) return text;
  }
  return {};
}

void Append(std::string& text, absl::string_view more) {
  if (more.empty() || absl::StrContains(text, more)) return;
  absl::StrAppend(&text, text.empty() ? "" : ": ", more);
}

// {"errors":[{"id","status","code","title","detail"}]}; the first one has the code.
void ReadErrors(const json::Value& errors, OrgError& error, std::string& message) {
  for (const json::Value& item : errors.items()) {
    if (!item.is_object()) {
      Append(message, item.text());
      continue;
    }
    if (error.code.empty()) error.code = ForMessage(item.Text("code"), kLongestCode);
    if (error.request_id.empty()) error.request_id = ForMessage(item.Text("id"), kLongestCode);
    Append(message, item.Text("title"));
    Append(message, TextOf(item, {"detail", "message"}));
  }
}

// {"key","context"}: the context names a reason, or is a text, or lists error codes.
void ReadContext(const json::Value& context, OrgError& error, std::string& message) {
  if (context.is_string()) {
    for (const char* reason : kReasons) {
      if (absl::StrContains(context.text(), reason)) error.reason = reason;
    }
    return Append(message, context.text());
  }
  if (const json::Value* reason = context.Find("reason"); reason != nullptr) {
    error.reason = ForMessage(reason->is_string() ? reason->text() : reason->Text("key"), 80);
  }
  Append(message, TextOf(context, {"message", "domain"}));
  if (const json::Value* codes = context.Find("errorCodes"); codes != nullptr) {
    for (const json::Value& code : codes->items()) {
      Append(message, code.is_object() ? code.Text("code") : code.text());
      Append(message, code.Text("message"));
    }
  }
}

void ReadObject(const json::Value& body, OrgError& error) {
  std::string message;
  if (const json::Value* errors = body.Find("errors"); errors != nullptr) {
    ReadErrors(*errors, error, message);
  }
  if (error.code.empty()) error.code = ForMessage(TextOf(body, {"key", "errorKey"}), kLongestCode);
  if (const json::Value* context = body.Find("context")) ReadContext(*context, error, message);
  error.is_gateway = body.Find("timestamp") != nullptr && body.Find("path") != nullptr;
  // A bare `error` is a text in the gateway's and in {error, traceId}.
  Append(message, TextOf(body, {"message", "detail", "errorDetail", "error"}));
  if (error.code.empty()) error.code = ForMessage(TextOf(body, {"code", "scimType"}), 40);
  if (error.request_id.empty()) {
    error.request_id = ForMessage(TextOf(body, {"requestId", "traceId"}), kLongestCode);
  }
  error.message = ForMessage(message);
}

std::string RequestIdIn(const Headers& headers) {
  for (absl::string_view name : {"atl-traceid", "x-request-id", "x-trace-id"}) {
    const absl::string_view value = FindHeader(headers, name);
    if (!value.empty()) return ForMessage(value, kLongestCode);
  }
  return "";
}

absl::Status Forbidden(absl::string_view text, const OrgError& error) {
  const std::string cure = error.IsScope()         ? kScopeCure
                           : !error.reason.empty() ? CureOfReason(error.reason)
                           : error.code == "forbidden.targetUnverified"
                               ? "the account's e-mail address is not verified: its person must do "
                                 "that first"
                               : kRightCure;
  return absl::PermissionDeniedError(absl::StrCat(text, "; ", cure));
}

absl::Status UnknownOrganization(absl::string_view text, const OrgError& error) {
  const bool certain = !error.is_gateway || error.Mentions("TCS");
  return absl::PermissionDeniedError(absl::StrCat(text, "; ", certain ? kOrgCure : kGatewayCure));
}

absl::Status Unauthorized(absl::string_view text, const OrgError& error) {
  if (error.IsScope()) return absl::PermissionDeniedError(absl::StrCat(text, "; ", kScopeCure));
  return absl::UnauthenticatedError(absl::StrCat(text, "; ", kKeyCure));
}

std::string OrgAnswered(absl::string_view what, const OrgError& error) {
  return absl::StrCat(what, ": the server answered ", error.ToString());
}

}  // namespace

OrgError ParseOrgError(const HttpResponse& response) {
  OrgError error;
  error.status = response.status;
  const char first = FirstByteOf(response.body);
  error.is_page = first == '<';
  const absl::StatusOr<json::Value> value =
      first == '{' ? json::Value::Parse(response.body)
                   : absl::StatusOr<json::Value>(absl::InvalidArgumentError("no object"));
  if (value.ok()) {
    ReadObject(*value, error);
  } else {
    error.message = error.is_page ? DescribeHtml(response.body) : ForMessage(response.body);
  }
  if (error.request_id.empty()) error.request_id = RequestIdIn(response.headers);
  return error;
}

std::string OrgError::ToString() const {
  std::string text = absl::StrCat(status);
  if (!code.empty() && code != absl::StrCat(status)) absl::StrAppend(&text, " ", code);
  if (!reason.empty()) absl::StrAppend(&text, " (", reason, ")");
  if (!message.empty()) absl::StrAppend(&text, ": ", message);
  if (!request_id.empty()) absl::StrAppend(&text, " (request id ", request_id, ")");
  return text;
}

bool OrgError::Mentions(absl::string_view words) const {
  const std::string wanted = absl::AsciiStrToLower(words);
  return absl::StrContains(absl::AsciiStrToLower(code), wanted) ||
         absl::StrContains(absl::AsciiStrToLower(message), wanted);
}

bool OrgError::IsScope() const {
  return (status == 401 || status == 403) &&
         (code == "ADMIN-401-2" || Mentions("insufficient_scope") ||
          Mentions("insufficient scope") || Mentions("manage:org"));
}

bool OrgError::IsUnknownOrganization() const {
  if (status != 404) return false;
  return code == "ADMIN-404-2" || code == "ADMIN-UAM-404-2" || is_gateway;
}

bool OrgError::IsNotFound() const {
  if (status != 404 && status != 410) return false;
  if (is_page || IsUnknownOrganization()) return false;
  return !code.empty() || message.empty();
}

bool OrgError::IsLicenceLimit() const {
  return code == "ADMIN-UAM-409-3" || code == "ADMIN-409-3" || code == "ADMIN-400-32" ||
         code == "ADMIN-UAM-400-4";
}

bool OrgError::IsAlreadyMember() const {
  return code == "ADMIN-UAM-409-2" || code == "ADMIN-409-28";
}

absl::Status OrgReadFailure(absl::string_view what, const OrgError& error) {
  const std::string text = OrgAnswered(what, error);
  switch (error.status) {
    case 401:
      return Unauthorized(text, error);
    case 403:
      return Forbidden(text, error);
    case 404:
    case 410:
      if (error.IsUnknownOrganization()) {
        return UnknownOrganization(text, error);
      }
      if (error.IsNotFound()) return absl::NotFoundError(text);
      return absl::DataLossError(absl::StrCat(text, "; ", kAddressCure));
    case 429:
      return absl::UnavailableError(
          absl::StrCat(text, "; it is still throttling: lower `rate`, or try later"));
    default:
      break;
  }
  if (error.status >= 500) return absl::UnavailableError(text);
  return absl::DataLossError(error.code.empty() ? absl::StrCat(text, "; ", kAddressCure) : text);
}

absl::Status OrgWriteFailure(absl::string_view what, const OrgError& error) {
  const std::string text = OrgAnswered(what, error);
  if (error.status == 401) return Unauthorized(text, error);
  if (error.status == 403) return Forbidden(text, error);
  if (error.IsLicenceLimit()) {
    return absl::FailedPreconditionError(absl::StrCat(text, "; ", kLicenceCure));
  }
  if (error.IsUnknownOrganization()) {
    return UnknownOrganization(text, error);
  }
  if (error.IsNotFound()) return absl::NotFoundError(text);
  if (error.status == 429) return absl::UnavailableError(text);
  if (error.status >= 500) {
    return absl::UnknownError(absl::StrCat(text, "; it may have been done all the same"));
  }
  if (error.status == 400) return absl::InvalidArgumentError(text);
  return absl::FailedPreconditionError(error.is_page ? absl::StrCat(text, "; ", kAddressCure)
                                                     : text);
}

absl::Status RequireOrgJson(absl::string_view what, const HttpResponse& response) {
  if (FirstByteOf(response.body) == '{') return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(what, ": the server answered ", response.status, " with ",
                                          DescribeBody(response.body),
                                          " instead of a JSON object; ", kAddressCure));
}

std::string CureOfReason(absl::string_view reason) {
  if (reason == "externalDirectory.scim") {
    return "the account is provisioned through SCIM: change it there, or configure that SCIM "
           "directory with `provisions`";
  }
  if (reason == "externalDirectory.google") {
    return "the account is synchronised from Google Workspace: change it there, or end that "
           "synchronisation in Atlassian Administration";
  }
  if (reason == "blocked.exportControl") {
    return "Atlassian blocks the account because of export control; only Atlassian's support can "
           "undo that";
  }
  if (reason == "administrative.notMyself") {
    return "the key belongs to this very account, which cannot change itself: use another "
           "administrator's key";
  }
  if (reason == "myselfOnly") return "only the person can change this account";
  if (reason == "authPolicy.saml") {
    return "the account is set by SAML at each sign-in: change it at the identity provider";
  }
  return "look at the account in Atlassian Administration";
}

}  // namespace rollcall
