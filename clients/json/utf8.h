// Utf8Checker: checks text that comes in pieces for valid UTF-8 (no surrogates, no overlong forms,
// nothing above U+10FFFF), skipping ASCII sixteen bytes at a time. One thread.
#ifndef CLIENTS_JSON_UTF8_H_
#define CLIENTS_JSON_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace rollcall::json {

class Utf8Checker {
 public:
  // False when a byte of `piece` cannot be; `bad_offset` then counts from the first piece's start.
  bool Add(absl::string_view piece);
  // False when the text ends inside a character.
  bool Finish();
  uint64_t bad_offset() const { return bad_offset_; }

 private:
  bool AddByte(unsigned char byte);

  uint64_t done_ = 0;      // bytes of earlier pieces
  uint64_t start_ = 0;     // offset of the character that is being read
  int missing_ = 0;        // continuation bytes that are still to come
  unsigned char low_ = 0;  // bounds of the next continuation byte
  unsigned char high_ = 0;
  uint64_t bad_offset_ = 0;
};

// The whole text at once.
bool IsUtf8(absl::string_view text);

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_UTF8_H_
