#include "clients/json/utf8.h"

#include <cstring>

namespace rollcall::json {
namespace {

// The first byte at or after `at` that is not ASCII.
size_t SkipAscii(absl::string_view text, size_t at) {
  constexpr uint64_t kHigh = 0x8080808080808080u;
  while (at + 16 <= text.size()) {
    uint64_t words[2];
    std::memcpy(words, text.data() + at, 16);
    if (((words[0] | words[1]) & kHigh) != 0) break;
    at += 16;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool Utf8Checker::AddByte(unsigned char byte) {
  if (missing_ > 0) {
    if (byte < low_ || byte > high_) return false;
    low_ = 0x80;
    high_ = 0xBF;
    --missing_;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  low_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
  high_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
  return true;
}

bool Utf8Checker::Add(absl::string_view piece) {
  for (size_t i = 0; i < piece.size(); ++i) {
    if (missing_ == 0) {
      i = SkipAscii(piece, i);
      if (i == piece.size()) break;
      start_ = done_ + i;
    }
    if (!AddByte(static_cast<unsigned char>(piece[i]))) {
      bad_offset_ = missing_ > 0 ? start_ : done_ + i;
      return false;
    }
  }
  done_ += piece.size();
  return true;
}

bool Utf8Checker::Finish() {
  if (missing_ == 0) return true;
  bad_offset_ = start_;
  return false;
}

bool IsUtf8(absl::string_view text) {
  Utf8Checker checker;
  return checker.Add(text) && checker.Finish();
}

}  // namespace rollcall::json
