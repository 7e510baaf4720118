#include "clients/crowd/crowd_errors.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "clients/xml/reader.h"
#include "reconciler/ports/directory.h"

namespace rollcall {
namespace {

constexpr char kPasswordCure[] =
    "the name or the password of the application is wrong: `application` and `password` are those "
    "of an application in Crowd (Applications), not of a Crowd user";
constexpr char kAddressCure[] =
    "most likely this machine's address is not among the Remote Addresses of the application in "
    "Crowd: add it there (behind a proxy or in a container it is the proxy's address that counts)";
constexpr char kPermissionCure[] =
    "the application, or its directory, does not allow this: give the permission in Crowd, or "
    "leave "
    "this directory to whoever may write it";
constexpr char kUrlCure[] =
    "check that `url` is Crowd's address with its context path (often https://host/crowd) and that "
    "no sign-in page or proxy stands in between";

// <error><reason/><message/></error>
class XmlError final : public xml::Handler {
 public:
  absl::Status StartElement(absl::string_view name, const xml::Attributes&) override {
    ++depth_;
    if (depth_ == 1 && name != "error") return absl::InvalidArgumentError("no error of Crowd's");
    into_ = depth_ != 2         ? nullptr
            : name == "reason"  ? &reason
            : name == "message" ? &message
                                : nullptr;
    return absl::OkStatus();
  }
  absl::Status EndElement(absl::string_view) override {
    --depth_;
    into_ = nullptr;
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view piece) override {
    if (into_ != nullptr) absl::StrAppend(into_, piece);
    return absl::OkStatus();
  }
  std::string reason;
  std::string message;

 private:
  int depth_ = 0;
  std::string* into_ = nullptr;
};

bool ReadJson(const std::string& body, CrowdError& error) {
  const absl::StatusOr<json::Value> value = json::Value::Parse(body);
  if (!value.ok() || !value->is_object()) return false;
  error.reason = ForMessage(value->Text("reason"), 60);
  error.message = ForMessage(value->Text("message"));
  return true;
}

bool ReadXml(const std::string& body, CrowdError& error) {
  XmlError handler;
  if (!xml::Parse(body, handler).ok()) return false;
  error.reason = ForMessage(handler.reason, 60);
  error.message = ForMessage(handler.message);
  return true;
}

// The caller's address is refused before Crowd looks at anything: a page or a text, no reason.
bool IsAddress(const CrowdError& error) {
  return error.status == 403 && error.reason.empty() &&
         (error.is_page || absl::StrContains(error.message, "address"));
}

absl::Status Require(absl::string_view what, absl::string_view form, const HttpResponse& response) {
  return absl::DataLossError(absl::StrCat(what, ": the server answered ", response.status, " with ",
                                          DescribeBody(response.body), " instead of ", form, "; ",
                                          kUrlCure));
}

}  // namespace

absl::Status WithFinding(absl::Status status, absl::string_view finding) {
  status.SetPayload(kFindingPayload, absl::Cord(finding));
  return status;
}

CrowdError ParseCrowdError(const HttpResponse& response) {
  CrowdError error;
  error.status = response.status;
  const char first = FirstByteOf(response.body);
  if (first == '{' && ReadJson(response.body, error)) return error;
  if (first == '<' && ReadXml(response.body, error)) return error;
  error.is_page = first == '<';
  error.message = error.is_page ? DescribeHtml(response.body) : ForMessage(response.body);
  return error;
}

std::string CrowdError::ToString() const {
  std::string text = absl::StrCat(status);
  if (!reason.empty()) absl::StrAppend(&text, " ", reason);
  if (!message.empty()) absl::StrAppend(&text, ": ", message);
  return text;
}

bool CrowdError::IsNotFound() const {
  return status == 404 && (Says("USER_NOT_FOUND") || Says("GROUP_NOT_FOUND"));
}

absl::Status CrowdReadFailure(absl::string_view what, const CrowdError& error) {
  const std::string text = absl::StrCat(what, ": the server answered ", error.ToString());
  switch (error.status) {
    case 401:
      return absl::UnauthenticatedError(absl::StrCat(text, "; ", kPasswordCure));
    case 403:
      return absl::PermissionDeniedError(
          absl::StrCat(text, "; ", IsAddress(error) ? kAddressCure : kPermissionCure));
    case 404:
    case 410:
      if (error.IsNotFound()) return absl::NotFoundError(text);
      return absl::DataLossError(absl::StrCat(text, "; ", kUrlCure));
    case 429:
      return absl::UnavailableError(
          absl::StrCat(text, "; it is still throttling: lower `rate`, or try later"));
    default:
      break;
  }
  if (error.status >= 500) return absl::UnavailableError(text);
  return absl::DataLossError(error.reason.empty() ? absl::StrCat(text, "; ", kUrlCure) : text);
}

absl::Status CrowdWriteFailure(absl::string_view what, const CrowdError& error) {
  const std::string text = absl::StrCat(what, ": the server answered ", error.ToString());
  if (error.status == 401)
    return absl::UnauthenticatedError(absl::StrCat(text, "; ", kPasswordCure));
  if (error.status == 403 || error.Says("UNSUPPORTED_OPERATION")) {
    if (IsAddress(error))
      return absl::PermissionDeniedError(absl::StrCat(text, "; ", kAddressCure));
    return WithFinding(absl::PermissionDeniedError(absl::StrCat(text, "; ", kPermissionCure)),
                       "read_only");
  }
  if (error.IsNotFound()) return absl::NotFoundError(text);
  if (error.status == 429) return absl::UnavailableError(text);
  if (error.status >= 500) {
    return absl::UnknownError(absl::StrCat(text, "; it may have been done all the same"));
  }
  if (error.status == 400 || error.status == 409) return absl::InvalidArgumentError(text);
  return absl::FailedPreconditionError(error.reason.empty() ? absl::StrCat(text, "; ", kUrlCure)
                                                            : text);
}

absl::Status RequireCrowdJson(absl::string_view what, const HttpResponse& response) {
  const char first = FirstByteOf(response.body);
  if (first == '{') return absl::OkStatus();
  return Require(what, "JSON", response);
}

absl::Status RequireCrowdXml(absl::string_view what, const HttpResponse& response) {
  if (FirstByteOf(response.body) == '<') return absl::OkStatus();
  return Require(what, "XML", response);
}

}  // namespace rollcall
