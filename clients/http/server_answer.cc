#include "clients/http/server_answer.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/http/auth.h"
#include "clients/http/client.h"
#include "clients/http/retry.h"

namespace rollcall {
namespace {

// A key could stand after one of these words, or be a token of its own kind.
bool AnnouncesKey(absl::string_view word) {
  return absl::EqualsIgnoreCase(word, "bearer") || absl::EqualsIgnoreCase(word, "basic");
}

bool LooksLikeKey(absl::string_view word) {
  constexpr size_t kLongestName = 100;  // ids and names are shorter; keys often are not
  return word.size() > kLongestName || absl::StrContains(word, "eyJ") ||
         absl::StartsWith(word, "ATATT") || absl::StartsWith(word, "ATCTT");
}

std::string PageTitle(absl::string_view html) {
  std::string lower = absl::AsciiStrToLower(html.substr(0, std::min<size_t>(html.size(), 4096)));
  size_t begin = lower.find("<title>");
  size_t end = lower.find("</title>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return "";
  begin += 7;
  return ForMessage(absl::StripAsciiWhitespace(html.substr(begin, end - begin)), 80);
}

// Cuts at a character's start, so that the message stays valid UTF-8.
void CutTo(std::string& text, size_t limit) {
  if (text.size() <= limit) return;
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  text += "…";
}

}  // namespace

std::string ForMessage(absl::string_view text, size_t limit) {
  // Far more than is kept: no need to look at the rest of a large body.
  text = text.substr(0, std::min(text.size(), 8 * limit));
  std::string flat;
  flat.reserve(text.size());
  for (char c : text) flat += absl::ascii_iscntrl(static_cast<unsigned char>(c)) ? ' ' : c;
  std::string result;
  bool secret_next = false;
  for (absl::string_view word : absl::StrSplit(flat, ' ', absl::SkipEmpty())) {
    bool hide = secret_next || LooksLikeKey(word);
    absl::StrAppend(&result, result.empty() ? "" : " ", hide ? "(left out)" : word);
    secret_next = AnnouncesKey(word);
  }
  CutTo(result, limit);
  return result;
}

char FirstByteOf(absl::string_view body) {
  body = absl::StripLeadingAsciiWhitespace(body);
  if (absl::ConsumePrefix(&body, "\xEF\xBB\xBF")) body = absl::StripLeadingAsciiWhitespace(body);
  return body.empty() ? '\0' : body.front();
}

bool LooksLikeHtml(absl::string_view body) { return FirstByteOf(body) == '<'; }

std::string DescribeHtml(absl::string_view body) {
  std::string title = PageTitle(body);
  return title.empty() ? "a web page" : absl::StrCat("a web page, \"", title, "\"");
}

std::string DescribeBody(absl::string_view body) {
  body = absl::StripAsciiWhitespace(body);
  if (body.empty()) return "an empty body";
  return LooksLikeHtml(body) ? DescribeHtml(body) : absl::StrCat("\"", ForMessage(body, 80), "\"");
}

int AttemptsIn(const absl::StatusOr<HttpResponse>& reply) {
  if (reply.ok()) return reply->attempts;
  int attempts = AttemptsOf(reply.status());
  // Without a retrying client in between: what may have had an effect was sent once.
  return attempts == 0 && EffectUnknown(reply.status()) ? 1 : attempts;
}

absl::Status WriteTransportFailure(absl::string_view what, const absl::Status& status) {
  std::string text = absl::StrCat(what, ": ", status.message());
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return absl::CancelledError(text);
    case absl::StatusCode::kUnavailable:
      return absl::UnavailableError(text);
    case absl::StatusCode::kFailedPrecondition:
      return absl::UnavailableError(text);
    default:
      return absl::UnknownError(text);
  }
}

absl::Status RefusalInDoubt(const absl::Status& refusal, bool after_doubt) {
  const bool clear = refusal.ok() || absl::IsNotFound(refusal) || absl::IsAlreadyExists(refusal) ||
                     absl::IsCancelled(refusal) || absl::IsUnknown(refusal);
  if (clear || !after_doubt) return refusal;
  return absl::UnknownError(
      absl::StrCat("an earlier attempt may have had its effect; ", refusal.message()));
}

absl::Status NothingWritten(absl::string_view what, const absl::Status& status) {
  const std::string text = absl::StrCat(what, ": ", status.message());
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kCancelled:
      return absl::Status(status.code(), text);
    default:
      return absl::UnavailableError(absl::StrCat(text, "; nothing was written"));
  }
}

std::string TransportCure(const absl::Status& status) {
  if (RefusedBeforeSending(status)) return "";
  switch (status.code()) {
    case absl::StatusCode::kFailedPrecondition:
      return "; if the server's certificate comes from your own authority, set `ca_file`; never "
             "switch the verification off";
    case absl::StatusCode::kDeadlineExceeded:
      return "; check the network and the proxy, or set a longer `timeout`";
    default:
      return "; check `url`, the network and the proxy";
  }
}

}  // namespace rollcall
