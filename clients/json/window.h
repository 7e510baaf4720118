// Window and Cursor: the bytes that RapidJSON reads, in place, over memory or over a ByteSource.
// Internal to clients/json. RapidJSON decodes strings in place and holds pointers into a token
// while it reads it, so the window moves between tokens only (in SkipWhitespace, which RapidJSON
// calls there), and it guarantees that the next token lies in it as a whole.
#ifndef CLIENTS_JSON_WINDOW_H_
#define CLIENTS_JSON_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "clients/json/events.h"
#include "clients/json/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace rollcall::json {

class Window {
 public:
  static constexpr size_t kPull = 64 * 1024;  // bytes of the window as long as tokens are short

  // A whole text in memory; `end` points at a NUL.
  Window(char* begin, char* end) : begin_(begin), end_(end), safe_(end + 1), eof_(true) {}

  // A pull stream. A token longer than `max_token` bytes is INVALID_ARGUMENT.
  Window(ByteSource& source, size_t max_token);

  // Called before the bytes move, so that views into the window can be saved.
  void set_before_move(std::function<void()> call) { before_move_ = std::move(call); }

  // Makes the token at or after `at` complete and returns where it starts now: at the end of the
  // text, or after a failure, the NUL at `end`.
  char* EnsureToken(char* at);

  uint64_t OffsetOf(const char* at) const { return base_ + static_cast<uint64_t>(at - begin_); }
  // 1-based line of a place that is not decoded yet. Pull streams only: what is decoded in place
  // may hold line feeds that were escapes, so lines are counted as bytes come in.
  uint64_t LineOf(const char* at) const;
  bool is_stream() const { return source_ != nullptr; }

  char* begin() { return begin_; }
  const char* end() const { return end_; }
  const char* safe() const { return safe_; }  // a token that starts before it lies in the window
  const absl::Status& status() const { return status_; }
  // `status` tells of the token at the end, whose place it does not name.
  bool token_too_long() const { return token_too_long_; }

  bool escaped = false;  // an escape was decoded since this was last reset

 private:
  bool TokenIsComplete(const char* at) const;
  bool Refill(char* keep_from);
  bool Pull(char* to);

  char* begin_ = nullptr;
  char* end_ = nullptr;
  char* safe_ = nullptr;
  bool eof_ = false;
  uint64_t base_ = 0;  // offset of `begin_` in the whole text

  ByteSource* source_ = nullptr;
  size_t max_token_ = 0;
  size_t capacity_ = 0;
  std::unique_ptr<char[]> buffer_;
  std::function<void()> before_move_;
  Utf8Checker utf8_;
  uint64_t line_feeds_ = 0;  // pulled so far
  absl::Status status_;
  bool token_too_long_ = false;
};

// RapidJSON's stream concept, reading and writing in place.
struct Cursor {
  using Ch = char;
  Window* window;
  char* src;
  char* dst = nullptr;

  explicit Cursor(Window& w) : window(&w), src(w.begin()) {}
  char Peek() const { return *src; }
  char Take() { return *src++; }
  size_t Tell() const { return static_cast<size_t>(window->OffsetOf(src)); }
  char* PutBegin() { return dst = src; }
  void Put(char c) { *dst++ = c; }
  size_t PutEnd(char* head) { return static_cast<size_t>(dst - head); }
  void Flush() {}

  // Moves over the characters of a string that stand for themselves.
  void ScanString();
};

inline bool IsJsonSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Found by RapidJSON through the argument's namespace, in place of its own.
inline void SkipWhitespace(Cursor& cursor) {
  char* p = cursor.src;
  while (IsJsonSpace(*p)) ++p;
  if (p >= cursor.window->safe()) p = cursor.window->EnsureToken(p);
  cursor.src = p;
}

inline bool EndsRun(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

inline void Cursor::ScanString() {
  char* p = src;
  if (p != dst) {
    window->escaped = true;
    char* q = dst;
    while (!EndsRun(*p)) *q++ = *p++;
    src = p;
    dst = q;
    return;
  }
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1F);
  for (; window->end() - p >= 16; p += 16) {
    const __m128i s = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i hit =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(s, quote), _mm_cmpeq_epi8(s, backslash)),
                     _mm_cmpeq_epi8(_mm_max_epu8(s, control), control));
    const int mask = _mm_movemask_epi8(hit);
    if (mask != 0) {
      src = dst = p + __builtin_ctz(static_cast<unsigned>(mask));
      return;
    }
  }
#endif
  while (!EndsRun(*p)) ++p;
  src = dst = p;
}

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_WINDOW_H_
