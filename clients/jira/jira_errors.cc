#include "clients/jira/jira_errors.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"

namespace rollcall {
namespace {

constexpr char kTokenCure[] =
    "`email` and `api_token` must belong together: an API token of that user (id.atlassian.com, "
    "Security), not an API key of the organisation, and not one that has expired; a Jira Data "
    "Center "
    "refuses such tokens too";
constexpr char kRightsCure[] =
    "the token's account may not do this: make it an administrator of the site, and give it the "
    "global permission `Browse users and groups`";
constexpr char kSiteCure[] =
    "check `url` (https://NAME.atlassian.net, without a path), and that no sign-in page or proxy "
    "stands in between";
constexpr char kElsewhereCure[] =
    "users and groups of this site are managed elsewhere: change them in the identity provider, or "
    "through the SCIM directory or the organisation behind it";

void AddText(std::string& message, absl::string_view text) {
  if (text.empty() || absl::StrContains(message, text)) return;
  absl::StrAppend(&message, message.empty() ? "" : "; ", text);
}

std::string MessageOf(const json::Value& body) {
  std::string message;
  if (const json::Value* texts = body.Find("errorMessages"); texts != nullptr) {
    for (const json::Value& text : texts->items()) AddText(message, text.text());
  }
  if (const json::Value* errors = body.Find("errors"); errors != nullptr) {
    for (const auto& [field, text] : errors->members()) {
      AddText(message, absl::StrCat(field, ": ", text.text()));
    }
  }
  for (const char* key : {"message", "errorMessage", "detail", "error"}) {
    AddText(message, body.Text(key));
  }
  return message;
}

std::string JiraAnswered(absl::string_view what, const JiraError& error) {
  return absl::StrCat(what, ": the site answered ", error.ToString());
}

}  // namespace

JiraError ParseJiraError(const HttpResponse& response) {
  JiraError error;
  error.status = response.status;
  const char first = FirstByteOf(response.body);
  error.is_page = first == '<';
  const absl::StatusOr<json::Value> value =
      first == '{' ? json::Value::Parse(response.body)
                   : absl::StatusOr<json::Value>(absl::InvalidArgumentError("no object"));
  error.message = value.ok()      ? ForMessage(MessageOf(*value))
                  : error.is_page ? DescribeHtml(response.body)
                                  : ForMessage(response.body);
  for (const char* name : {"atl-traceid", "x-arequestid", "x-request-id"}) {
    if (error.request_id.empty()) error.request_id = ForMessage(FindHeader(response.headers, name));
  }
  return error;
}

std::string JiraError::ToString() const {
  std::string text = absl::StrCat(status);
  if (!message.empty()) absl::StrAppend(&text, ": ", message);
  if (!request_id.empty()) absl::StrAppend(&text, " (request id ", request_id, ")");
  return text;
}

bool JiraError::Mentions(absl::string_view words) const {
  return absl::StrContains(absl::AsciiStrToLower(message), words);
}

bool JiraError::IsManagedElsewhere() const {
  if (status != 400 && status != 403 && status != 409) return false;
  return Mentions("external user management") || Mentions("externally managed") ||
         Mentions("managed externally");
}

bool JiraError::IsAlreadyMember() const {
  return (status == 400 || status == 409) && Mentions("already a member");
}

absl::Status JiraReadFailure(absl::string_view what, const JiraError& error) {
  const std::string text = JiraAnswered(what, error);
  switch (error.status) {
    case 401:
      return absl::UnauthenticatedError(absl::StrCat(text, "; ", kTokenCure));
    case 403:
      return absl::PermissionDeniedError(absl::StrCat(text, "; ", kRightsCure));
    case 404:
    case 410:
      // Without the envelope it is another server, or another path of it, that answers.
      if (error.is_page || error.message.empty()) {
        return absl::DataLossError(absl::StrCat(text, "; ", kSiteCure));
      }
      return absl::NotFoundError(text);
    case 409:
      return absl::UnavailableError(
          absl::StrCat(text, "; the site took too long over this page: try a smaller `page_size`"));
    case 429:
      return absl::UnavailableError(
          absl::StrCat(text, "; it is still throttling: lower `rate`, or try later"));
    default:
      break;
  }
  if (error.status >= 500) return absl::UnavailableError(text);
  return absl::DataLossError(absl::StrCat(text, "; ", kSiteCure));
}

absl::Status JiraWriteFailure(absl::string_view what, const JiraError& error) {
  const std::string text = JiraAnswered(what, error);
  if (error.IsManagedElsewhere()) {
    return absl::PermissionDeniedError(absl::StrCat(text, "; ", kElsewhereCure));
  }
  if (error.IsAlreadyMember()) return absl::AlreadyExistsError(text);
  switch (error.status) {
    case 400:
      return absl::InvalidArgumentError(text);
    case 401:
      return absl::UnauthenticatedError(absl::StrCat(text, "; ", kTokenCure));
    case 403:
      return absl::PermissionDeniedError(absl::StrCat(text, "; ", kRightsCure));
    case 404:
      if (error.is_page || error.message.empty()) {
        return absl::FailedPreconditionError(absl::StrCat(text, "; ", kSiteCure));
      }
      return absl::NotFoundError(text);
    case 429:
      return absl::UnavailableError(text);
    default:
      break;
  }
  if (error.status >= 500) {
    return absl::UnknownError(absl::StrCat(text, "; it may have been done all the same"));
  }
  return absl::FailedPreconditionError(text);
}

absl::Status JiraWriteSuccess(absl::string_view what, const HttpResponse& response) {
  if (FirstByteOf(response.body) != '<') return absl::OkStatus();
  return absl::UnknownError(absl::StrCat(what, ": the site answered ", response.status, " with ",
                                         DescribeHtml(response.body), "; ", kSiteCure));
}

absl::Status RequireJiraJson(absl::string_view what, const HttpResponse& response) {
  const char first = FirstByteOf(response.body);
  if (first == '{' || first == '[') return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(what, ": the site answered ", response.status, " with ",
                                          DescribeBody(response.body), " instead of JSON; ",
                                          kSiteCure));
}

}  // namespace rollcall
