#include "clients/idp/gunzip_source.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

constexpr size_t kGunzipPull = 64 * 1024;
constexpr int kGzipOnly = 16 + MAX_WBITS;

}  // namespace

struct GunzipSource::State {
  enum class Mode { kUnknown, kPlain, kGzip, kEnded };
  Mode mode = Mode::kUnknown;
  std::vector<char> input = std::vector<char>(kGunzipPull);
  size_t at = 0;   // of what is not used yet
  size_t end = 0;  // of what is there
  bool drained = false;
  bool inflating = false;
  z_stream zlib{};

  size_t left() const { return end - at; }
};

GunzipSource::GunzipSource(json::ByteSource& compressed)
    : compressed_(compressed), state_(std::make_unique<State>()) {}

GunzipSource::~GunzipSource() {
  if (state_->inflating) inflateEnd(&state_->zlib);
}

absl::Status GunzipSource::Fill(size_t at_least) {
  State& s = *state_;
  if (s.left() >= at_least || s.drained) return absl::OkStatus();
  std::memmove(s.input.data(), s.input.data() + s.at, s.left());
  s.end = s.left();
  s.at = 0;
  while (s.end < at_least && !s.drained) {
    ASSIGN_OR_RETURN(size_t n, compressed_.Read(s.input.data() + s.end, s.input.size() - s.end));
    s.drained = n == 0;
    s.end += n;
  }
  return absl::OkStatus();
}

absl::Status GunzipSource::Start() {
  State& s = *state_;
  RETURN_IF_ERROR(Fill(2));
  const unsigned char* head = reinterpret_cast<const unsigned char*>(s.input.data());
  if (s.left() < 2 || head[0] != 0x1F || head[1] != 0x8B) {
    s.mode = State::Mode::kPlain;
    return absl::OkStatus();
  }
  s.mode = State::Mode::kGzip;
  if (inflateInit2(&s.zlib, kGzipOnly) != Z_OK) {
    return absl::ResourceExhaustedError("no memory to decompress gzip");
  }
  s.inflating = true;
  return absl::OkStatus();
}

absl::StatusOr<size_t> GunzipSource::Read(char* buffer, size_t size) {
  if (state_->mode == State::Mode::kUnknown) RETURN_IF_ERROR(Start());
  if (state_->mode == State::Mode::kPlain) return Plain(buffer, size);
  return Inflated(buffer, size);
}

absl::StatusOr<size_t> GunzipSource::Plain(char* buffer, size_t size) {
  State& s = *state_;
  if (s.left() == 0) return compressed_.Read(buffer, size);
  const size_t n = std::min(size, s.left());
  std::memcpy(buffer, s.input.data() + s.at, n);
  s.at += n;
  return n;
}

// After a member: another one, padding with zeros, or the end.
absl::Status GunzipSource::NextMember() {
  State& s = *state_;
  RETURN_IF_ERROR(Fill(1));
  while (s.left() > 0 && s.input[s.at] == 0) {
    ++s.at;
    RETURN_IF_ERROR(Fill(1));
  }
  if (s.left() == 0) {
    s.mode = State::Mode::kEnded;
    return absl::OkStatus();
  }
  if (static_cast<unsigned char>(s.input[s.at]) != 0x1F) {
    return absl::DataLossError("something that is not gzip follows the gzip data; copy it again");
  }
  inflateReset(&s.zlib);
  return absl::OkStatus();
}

absl::StatusOr<size_t> GunzipSource::Inflated(char* buffer, size_t size) {
  State& s = *state_;
  s.zlib.next_out = reinterpret_cast<Bytef*>(buffer);
  s.zlib.avail_out = static_cast<uInt>(std::min<size_t>(size, 1u << 30));
  const uInt room = s.zlib.avail_out;
  // Ends: every turn takes input, gives output, ends a member or fails.
  while (s.mode == State::Mode::kGzip && s.zlib.avail_out == room) {
    RETURN_IF_ERROR(Fill(1));
    if (s.left() == 0) {
      return absl::DataLossError("the gzip data ends early: the file was cut; copy it again");
    }
    s.zlib.next_in = reinterpret_cast<Bytef*>(s.input.data() + s.at);
    s.zlib.avail_in = static_cast<uInt>(s.left());
    const int code = inflate(&s.zlib, Z_NO_FLUSH);
    s.at = s.end - s.zlib.avail_in;
    if (code == Z_STREAM_END) {
      RETURN_IF_ERROR(NextMember());
    } else if (code != Z_OK) {
      return absl::DataLossError(absl::StrCat("the gzip data is damaged (",
                                              s.zlib.msg != nullptr ? s.zlib.msg : "zlib error",
                                              "); copy it again"));
    }
  }
  return room - s.zlib.avail_out;
}

}  // namespace rollcall::idp
