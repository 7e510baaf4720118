#include "clients/scim/scim_errors.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/scim/error_body.h"

namespace rollcall {
namespace {

constexpr char kKeyCure[] =
    "the key is wrong, has expired or is of another kind; make a new one for this directory (for "
    "Atlassian: the directory's own API key, not the organisation's) and put it where `token` "
    "points";

std::string RequestId(const Headers& headers) {
  for (absl::string_view name : {"x-request-id", "atl-traceid", "x-trace-id", "x-correlation-id",
                                 "x-amzn-requestid", "request-id"}) {
    absl::string_view value = FindHeader(headers, name);
    if (!value.empty()) return ForMessage(value, 80);
  }
  return "";
}

bool StartsLikeJson(absl::string_view body) {
  const char first = FirstByteOf(body);
  return first == '{' || first == '[';
}

}  // namespace

ServerError ParseServerError(const HttpResponse& response) {
  ServerError error;
  error.status = response.status;
  error.request_id = RequestId(response.headers);
  if (StartsLikeJson(response.body)) {
    std::string copy = response.body;
    ErrorBody body;
    // A body that breaks off still tells what it told until then.
    json::ParseInsitu(copy, body).IgnoreError();
    error.scim_type = ForMessage(body.scim_type(), 60);
    error.detail = ForMessage(body.detail());
    if (error.request_id.empty()) error.request_id = ForMessage(body.trace_id(), 80);
  } else if (LooksLikeHtml(response.body)) {
    error.detail = DescribeHtml(response.body);
  } else {
    error.detail = ForMessage(response.body);
  }
  return error;
}

std::string ServerError::ToString() const {
  std::string text = absl::StrCat(status);
  if (!scim_type.empty()) absl::StrAppend(&text, " ", scim_type);
  if (!detail.empty()) absl::StrAppend(&text, ": ", detail);
  if (!request_id.empty()) absl::StrAppend(&text, " (request id ", request_id, ")");
  return text;
}

bool ServerError::Mentions(absl::string_view words) const {
  const std::string wanted = absl::AsciiStrToLower(words);
  return absl::StrContains(absl::AsciiStrToLower(scim_type), wanted) ||
         absl::StrContains(absl::AsciiStrToLower(detail), wanted);
}

bool ServerError::SaysNotFound() const {
  return Mentions("does not exist") || Mentions("doesn't exist") || Mentions("not found") ||
         Mentions("notFound") || Mentions("no such") || Mentions("there is no ");
}

absl::Status ReadFailure(absl::string_view what, const ServerError& error) {
  std::string text = absl::StrCat(what, ": the server answered ", error.ToString());
  switch (error.status) {
    case 401:
      return absl::UnauthenticatedError(absl::StrCat(text, "; ", kKeyCure));
    case 403:
      return absl::PermissionDeniedError(absl::StrCat(
          text, "; the key is known but may not do this: give it the right, or use another key"));
    case 404:
    case 410:
      return absl::NotFoundError(text);
    default:
      break;
  }
  if (error.status == 429) {
    return absl::UnavailableError(
        absl::StrCat(text, "; it is still throttling: lower `rate`, or try later"));
  }
  if (error.status == 501) return absl::UnimplementedError(text);
  if (error.status >= 500) return absl::UnavailableError(text);
  if (error.status >= 300 && error.status < 400) {
    return absl::DataLossError(absl::StrCat(
        text, "; it points elsewhere, and redirects are not followed with a key: correct `url`"));
  }
  return absl::DataLossError(text);
}

absl::Status WriteFailure(absl::string_view what, const ServerError& error) {
  std::string text = absl::StrCat(what, ": the server answered ", error.ToString());
  switch (error.status) {
    case 400:
    case 413:
    case 422:
      return absl::InvalidArgumentError(text);
    case 401:
      return absl::UnauthenticatedError(absl::StrCat(text, "; ", kKeyCure));
    case 403:
      return absl::PermissionDeniedError(text);
    case 404:
    case 410:
      return absl::NotFoundError(text);
    case 429:
      return absl::UnavailableError(text);
    case 501:
      return absl::FailedPreconditionError(absl::StrCat(text, "; it does not know this request"));
    default:
      break;
  }
  if (error.status >= 500) {
    return absl::UnknownError(absl::StrCat(text, "; it may have been done all the same"));
  }
  return absl::FailedPreconditionError(text);
}

absl::Status RequireJson(absl::string_view what, const HttpResponse& response) {
  if (StartsLikeJson(response.body)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      what, ": the server answered ", response.status, " with ", DescribeBody(response.body),
      " instead of JSON; check that `url` is the SCIM base address (it often ends in /scim/v2) and "
      "that no sign-in page or proxy stands in between"));
}

}  // namespace rollcall
