#include "clients/http/response_sink.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rollcall {
namespace {

bool Named(const std::pair<std::string, std::string>& header, absl::string_view name) {
  return absl::EqualsIgnoreCase(header.first, name);
}

// All codings that were applied; more than one makes a list, which the decoder refuses.
std::string ContentCoding(const Headers& headers) {
  std::vector<absl::string_view> codings;
  for (const auto& header : headers) {
    if (Named(header, "Content-Encoding")) codings.push_back(header.second);
  }
  return absl::StrJoin(codings, ", ");
}

}  // namespace

bool ResponseSink::Fail(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
  return false;
}

bool ResponseSink::AddHeaderLine(absl::string_view line) {
  header_bytes_ += line.size();
  ++header_lines_;
  if (header_bytes_ > kMaxHeaderBytes) {
    return Fail(absl::DataLossError(
        absl::StrCat("the answer's header is larger than the limit of ", kMaxHeaderBytes)));
  }
  line = absl::StripAsciiWhitespace(line);
  if (head_complete_) return true;  // a trailer
  if (absl::StartsWith(line, "HTTP/")) return StartHead(line);
  if (line.empty()) return EndHead();
  // The status line and the empty line are not headers.
  if (header_lines_ > kMaxHeaders + 1) {
    return Fail(absl::DataLossError(
        absl::StrCat("the answer has more headers than the limit of ", kMaxHeaders)));
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits(':', 1));
  response_.headers.emplace_back(std::string(absl::StripAsciiWhitespace(parts.first)),
                                 std::string(absl::StripAsciiWhitespace(parts.second)));
  return true;
}

bool ResponseSink::StartHead(absl::string_view line) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, absl::MaxSplits(' ', 2));
  int code = 0;
  if (words.size() < 2 || !absl::SimpleAtoi(words[1], &code) || code < 100 || code > 999) {
    return Fail(absl::DataLossError("the answer has no valid status line"));
  }
  response_.status = code;
  response_.headers.clear();
  header_lines_ = 1;
  return true;
}

bool ResponseSink::EndHead() {
  if (response_.status < 200) return true;  // interim: the real one follows
  head_complete_ = true;
  absl::Status status = CheckLength();
  return status.ok() ? true : Fail(std::move(status));
}

// Refuses at once what would be refused after max_body_ bytes anyway.
absl::Status ResponseSink::CheckLength() const {
  uint64_t length = 0;
  const bool plain = ContentCoding(response_.headers).empty();
  const absl::string_view text = FindHeader(response_.headers, "Content-Length");
  if (!plain || !absl::SimpleAtoi(text, &length) || length <= max_body_) return absl::OkStatus();
  return TooLarge(max_body_);
}

bool ResponseSink::AddBody(absl::string_view bytes) {
  absl::Status status;
  if (!body_started_) status = decoder_.Start(ContentCoding(response_.headers));
  body_started_ = true;
  if (status.ok()) status = decoder_.Append(bytes);
  return status.ok() ? true : Fail(std::move(status));
}

absl::StatusOr<HttpResponse> ResponseSink::Finish() {
  if (!status_.ok()) return status_;
  if (!head_complete_) return absl::DataLossError("the answer has no complete header");
  if (absl::Status status = decoder_.Finish(); !status.ok()) return status;
  if (!ContentCoding(response_.headers).empty()) {
    std::erase_if(response_.headers, [](const auto& header) {
      return Named(header, "Content-Encoding") || Named(header, "Content-Length");
    });
  }
  response_.body = std::move(decoder_.body());
  return std::move(response_);
}

}  // namespace rollcall
