#include "clients/http/content_decoder.h"

#include <zlib.h>

#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kChunk = 64 * 1024;
constexpr int kGzipOrZlib = MAX_WBITS + 32;  // zlib reads either header
constexpr int kRawDeflate = -MAX_WBITS;

// "deflate" should be a zlib stream (RFC 9110, 8.4.1.2), but some servers send it without the
// two-byte header, which is recognisable: method 8, and divisible by 31.
bool LooksLikeZlib(unsigned char first, unsigned char second) {
  return (first & 15) == 8 && (first * 256 + second) % 31 == 0;
}

}  // namespace

class ContentDecoder::Inflater {
 public:
  using Sink = std::function<absl::Status(absl::string_view)>;

  explicit Inflater(std::string coding) : coding_(std::move(coding)) {}
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  absl::Status Append(absl::string_view bytes, const Sink& sink) {
    if (ready_) return Run(bytes, sink);
    head_.append(bytes.data(), bytes.size());
    if (head_.size() < 2) return absl::OkStatus();
    RETURN_IF_ERROR(Open());
    return Run(head_, sink);
  }

  // An answer without any body is fine (204, 304); a stream that was begun must have ended.
  absl::Status Finish() const {
    if (head_.empty() || ended_) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("the answer's ", coding_, " stream is cut"));
  }

 private:
  absl::Status Open() {
    const bool raw = coding_ == "deflate" && !LooksLikeZlib(head_[0], head_[1]);
    if (inflateInit2(&stream_, raw ? kRawDeflate : kGzipOrZlib) != Z_OK) {
      return absl::ResourceExhaustedError("no memory to decompress the answer");
    }
    ready_ = true;
    return absl::OkStatus();
  }

  absl::Status Run(absl::string_view bytes, const Sink& sink) {
    char out[kChunk];
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      // A gzip file may be several streams one after the other (RFC 1952, 2.2).
      if (ended_ && inflateReset(&stream_) != Z_OK) return Broken();
      stream_.next_out = reinterpret_cast<Bytef*>(out);
      stream_.avail_out = kChunk;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END) return Broken();
      ended_ = result == Z_STREAM_END;
      RETURN_IF_ERROR(sink(absl::string_view(out, kChunk - stream_.avail_out)));
    }
    return Drain(out, sink);
  }

  // All input is taken, but more output may be waiting inside zlib.
  absl::Status Drain(char* out, const Sink& sink) {
    while (!ended_) {
      stream_.next_out = reinterpret_cast<Bytef*>(out);
      stream_.avail_out = kChunk;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_BUF_ERROR) return absl::OkStatus();  // it wants more input
      if (result != Z_OK && result != Z_STREAM_END) return Broken();
      ended_ = result == Z_STREAM_END;
      RETURN_IF_ERROR(sink(absl::string_view(out, kChunk - stream_.avail_out)));
    }
    return absl::OkStatus();
  }

  absl::Status Broken() const {
    return absl::DataLossError(absl::StrCat("the answer is not valid ", coding_));
  }

  const std::string coding_;
  std::string head_;  // the first bytes, until there are two of them
  z_stream stream_ = {};
  bool ready_ = false;
  bool ended_ = false;
};

ContentDecoder::ContentDecoder(size_t max_bytes) : max_bytes_(max_bytes) {}
ContentDecoder::~ContentDecoder() = default;

absl::Status ContentDecoder::Start(absl::string_view coding) {
  const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(coding));
  if (name.empty() || name == "identity") return absl::OkStatus();
  if (name == "gzip" || name == "x-gzip" || name == "deflate") {
    inflater_ = std::make_unique<Inflater>(name);
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "the answer comes in a Content-Encoding that was not asked for: ", name.substr(0, 32)));
}

absl::Status ContentDecoder::Append(absl::string_view bytes) {
  if (inflater_ == nullptr) return Keep(bytes);
  return inflater_->Append(bytes, [this](absl::string_view decoded) { return Keep(decoded); });
}

absl::Status ContentDecoder::Finish() {
  return inflater_ == nullptr ? absl::OkStatus() : inflater_->Finish();
}

absl::Status ContentDecoder::Keep(absl::string_view bytes) {
  if (bytes.size() > max_bytes_ - body_.size()) return TooLarge(max_bytes_);
  body_.append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::Status TooLarge(size_t max_bytes) {
  return absl::DataLossError(absl::StrCat("the answer is larger than the limit of ", max_bytes,
                                          " bytes; ask for smaller pages (page_size)"));
}

}  // namespace rollcall
