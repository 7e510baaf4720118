#include "clients/json/window.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace rollcall::json {
namespace {

// The last quote in (from, end) that is certainly a string's first or last character: one that no
// backslash precedes. A token that starts before it ends at or before it. `from` when there is
// none.
char* LastCertainQuote(char* from, char* end) {
  while (end > from + 1) {
    char* quote = static_cast<char*>(memrchr(from + 1, '"', static_cast<size_t>(end - from - 1)));
    if (quote == nullptr) break;
    if (quote[-1] != '\\') return quote;
    end = quote;
  }
  return from;
}

// std::count, a few times faster.
uint64_t CountLineFeeds(const char* from, const char* to) {
  uint64_t count = 0;
#ifdef __SSE2__
  const __m128i feed = _mm_set1_epi8('\n');
  for (; to - from >= 16; from += 16) {
    const __m128i s = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(s, feed));
    if (mask != 0) count += static_cast<uint64_t>(__builtin_popcount(static_cast<unsigned>(mask)));
  }
#endif
  return count + static_cast<uint64_t>(std::count(from, to, '\n'));
}

}  // namespace

Window::Window(ByteSource& source, size_t max_token)
    : source_(&source),
      max_token_(max_token),
      capacity_(kPull),
      buffer_(std::make_unique<char[]>(kPull + 1)) {
  begin_ = end_ = safe_ = buffer_.get();
  *end_ = '\0';
}

uint64_t Window::LineOf(const char* at) const { return 1 + line_feeds_ - CountLineFeeds(at, end_); }

bool Window::TokenIsComplete(const char* at) const {
  if (*at == '"') {
    for (const char* p = at + 1; p < end_; ++p) {
      if (*p == '\\') {
        ++p;
      } else if (*p == '"') {
        return true;
      }
    }
    return false;
  }
  auto in_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '+' || c == '-' || c == '.' ||
           c == 'E';
  };
  const char* p = at;
  while (p < end_ && in_word(*p)) ++p;
  return p < end_;
}

char* Window::EnsureToken(char* at) {
  while (!eof_) {
    if (at < end_ && TokenIsComplete(at)) break;
    if (!Refill(at)) {
      eof_ = true;
      end_ = begin_;
      *end_ = '\0';
      return end_;
    }
    at = begin_;
    while (IsJsonSpace(*at)) ++at;
    if (at < safe_) break;
  }
  return at;
}

bool Window::Refill(char* keep_from) {
  if (before_move_) before_move_();
  const size_t kept = static_cast<size_t>(end_ - keep_from);
  base_ += static_cast<uint64_t>(keep_from - begin_);
  if (kept == capacity_) {
    if (capacity_ >= max_token_) {
      status_ = absl::InvalidArgumentError(
          absl::StrCat("a single text or number is longer than ", max_token_,
                       " bytes; see whether the file is damaged there, and export it again"));
      token_too_long_ = true;
      line_feeds_ -= CountLineFeeds(keep_from, end_);  // the place is where the token begins
      return false;
    }
    capacity_ = std::min(capacity_ * 2, max_token_);
    auto bigger = std::make_unique<char[]>(capacity_ + 1);
    std::memcpy(bigger.get(), keep_from, kept);
    buffer_ = std::move(bigger);
  } else {
    std::memmove(buffer_.get(), keep_from, kept);
  }
  begin_ = buffer_.get();
  end_ = begin_ + kept;
  if (!Pull(end_)) return false;
  safe_ = eof_ ? end_ + 1 : LastCertainQuote(begin_, end_);
  return true;
}

bool Window::Pull(char* to) {
  while (!eof_ && end_ < begin_ + capacity_) {
    absl::StatusOr<size_t> read =
        source_->Read(end_, static_cast<size_t>(begin_ + capacity_ - end_));
    if (!read.ok()) {
      status_ = read.status();
      return false;
    }
    eof_ = *read == 0;
    end_ += *read;
  }
  *end_ = '\0';
  line_feeds_ += CountLineFeeds(to, end_);
  bool valid = utf8_.Add(absl::string_view(to, static_cast<size_t>(end_ - to)));
  if (valid && eof_) valid = utf8_.Finish();
  if (!valid) {
    status_ = absl::InvalidArgumentError(
        absl::StrCat("byte ", utf8_.bad_offset(), " is not valid UTF-8; export it as UTF-8"));
  }
  return valid;
}

}  // namespace rollcall::json
