#include "clients/idp/text_source.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

absl::Status OtherEncoding(absl::string_view name) {
  return absl::InvalidArgumentError(
      absl::StrCat("is ", name,
                   ", not UTF-8; export it as UTF-8 (Excel: \"CSV UTF-8\"; "
                   "PowerShell: -Encoding utf8; or: iconv -t UTF-8)"));
}

absl::Status CheckHead(absl::string_view head) {
  const absl::string_view four = head.substr(0, 4);
  if (absl::StartsWith(head, absl::string_view("\xFF\xFE\0\0", 4)) ||
      absl::StartsWith(head, absl::string_view("\0\0\xFE\xFF", 4))) {
    return OtherEncoding("UTF-32");
  }
  if (absl::StartsWith(head, "\xFF\xFE") || absl::StartsWith(head, "\xFE\xFF")) {
    return OtherEncoding("UTF-16");
  }
  if (absl::StartsWith(head, "PK\x03\x04")) {
    return absl::InvalidArgumentError(
        "is a zip archive (or an Excel file); unpack it, or save it "
        "as CSV UTF-8");
  }
  if (absl::StartsWith(head, "\x1F\x8B")) {
    return absl::InvalidArgumentError("is compressed with gzip twice; unpack it once");
  }
  const auto zeros = std::count(four.begin(), four.end(), '\0');
  if (zeros > 0) return OtherEncoding(zeros >= 3 ? "UTF-32" : "UTF-16");
  return absl::OkStatus();
}

}  // namespace

TextSource::TextSource(json::ByteSource& bytes, uint64_t max_bytes, Fingerprint* hash)
    : bytes_(bytes), max_bytes_(max_bytes), hash_(hash) {}

absl::Status TextSource::Check(absl::string_view piece) {
  seen_ += piece.size();
  if (seen_ > max_bytes_) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "is longer than ", max_bytes_, " bytes when decoded; split it, or raise the limit"));
  }
  if (!utf8_.Add(piece)) {
    return absl::InvalidArgumentError(absl::StrCat("byte ", mark_ + utf8_.bad_offset(),
                                                   " is not valid UTF-8; export it as UTF-8"));
  }
  const void* zero = std::memchr(piece.data(), 0, piece.size());
  if (zero != nullptr) {
    const auto at = static_cast<const char*>(zero) - piece.data();
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", mark_ + seen_ - piece.size() + static_cast<uint64_t>(at),
                     " is a NUL: this is not a text; export it as UTF-8"));
  }
  if (hash_ != nullptr) hash_->AddRaw(piece);
  return absl::OkStatus();
}

absl::Status TextSource::Start() {
  started_ = true;
  head_.resize(kSample);
  size_t length = 0;
  while (length < head_.size() && !ended_) {
    ASSIGN_OR_RETURN(size_t n, bytes_.Read(head_.data() + length, head_.size() - length));
    ended_ = n == 0;
    length += n;
  }
  head_.resize(length);
  RETURN_IF_ERROR(CheckHead(head_));
  if (absl::StartsWith(head_, "\xEF\xBB\xBF")) {
    mark_ = 3;
    head_.erase(0, mark_);
  }
  RETURN_IF_ERROR(Check(head_));
  if (ended_ && !utf8_.Finish()) {
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", mark_ + utf8_.bad_offset(), ": the text ends inside a character"));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::string_view> TextSource::Sample() {
  if (!started_) RETURN_IF_ERROR(Start());
  return absl::string_view(head_);
}

absl::StatusOr<size_t> TextSource::Read(char* buffer, size_t size) {
  if (!started_) RETURN_IF_ERROR(Start());
  if (head_read_ < head_.size()) {
    const size_t n = std::min(size, head_.size() - head_read_);
    std::memcpy(buffer, head_.data() + head_read_, n);
    head_read_ += n;
    return n;
  }
  if (ended_) return 0;
  ASSIGN_OR_RETURN(size_t n, bytes_.Read(buffer, size));
  ended_ = n == 0;
  if (ended_ && !utf8_.Finish()) {
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", mark_ + utf8_.bad_offset(), ": the text ends inside a character"));
  }
  RETURN_IF_ERROR(Check(absl::string_view(buffer, n)));
  return n;
}

}  // namespace rollcall::idp
