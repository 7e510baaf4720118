#include "reconciler/base/fold.h"

#include <utf8proc.h>

#include <cstdlib>

#include "absl/strings/ascii.h"

namespace rollcall {
namespace {

bool IsAscii(absl::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

// NFC -> fold -> NFC. utf8proc's UTF8PROC_CASEFOLD with COMPOSE decomposes first and composes last,
// which is the same for canonical text; the explicit first pass keeps it so for all text.
bool Map(absl::string_view text, utf8proc_option_t options, std::string* out) {
  utf8proc_uint8_t* mapped = nullptr;
  utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
  if (length < 0) return false;
  out->assign(reinterpret_cast<char*>(mapped), static_cast<size_t>(length));
  std::free(mapped);
  return true;
}

bool GlobMatchesFolded(absl::string_view pattern, absl::string_view text) {
  size_t p = 0, t = 0;
  size_t star = absl::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != absl::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

std::string Fold(absl::string_view text) {
  if (IsAscii(text)) return absl::AsciiStrToLower(text);
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  constexpr auto kFold =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  std::string composed, folded, result;
  if (!Map(text, kCompose, &composed) || !Map(composed, kFold, &folded) ||
      !Map(folded, kCompose, &result)) {
    return std::string(text);
  }
  return result;
}

bool FoldedEquals(absl::string_view a, absl::string_view b) {
  if (a == b) return true;
  if (IsAscii(a) && IsAscii(b)) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (absl::ascii_tolower(a[i]) != absl::ascii_tolower(b[i])) return false;
    }
    return true;
  }
  return Fold(a) == Fold(b);
}

std::string SnakeCase(absl::string_view attribute) {
  std::string result;
  for (size_t i = 0; i < attribute.size(); ++i) {
    char c = attribute[i];
    if (c == ' ' || c == '-') c = '_';
    if (absl::ascii_isupper(c)) {
      bool word_start = i > 0 && attribute[i - 1] != '_' && attribute[i - 1] != ' ' &&
                        attribute[i - 1] != '-' && attribute[i - 1] != '.' &&
                        (!absl::ascii_isupper(attribute[i - 1]) ||
                         (i + 1 < attribute.size() && absl::ascii_islower(attribute[i + 1])));
      if (word_start) result.push_back('_');
      c = absl::ascii_tolower(c);
    }
    result.push_back(c);
  }
  return result;
}

bool GlobMatches(absl::string_view pattern, absl::string_view text) {
  return GlobMatchesFolded(Fold(pattern), Fold(text));
}

}  // namespace rollcall
