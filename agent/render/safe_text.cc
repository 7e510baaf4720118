#include "agent/render/safe_text.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rollcall {
namespace {

struct Decoded {
  uint32_t code_point = 0;
  size_t length = 0;  // 0: not UTF-8 at this byte
};

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

Decoded DecodeFirst(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  uint32_t code_point = lead & (0xFF >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return {};
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  const bool overlong =
      (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (overlong || surrogate || code_point > 0x10FFFF) return {};
  return {code_point, length};
}

bool IsDangerous(uint32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;         // C0, DEL, C1
  if (c == 0xAD || c == 0x61C || c == 0x180E) return true;       // soft hyphen, Arabic mark
  if (c == 0x200B || c == 0x200E || c == 0x200F) return true;    // zero width space, LRM, RLM
  if (c >= 0x2028 && c <= 0x202E) return true;                   // separators, embeddings
  if (c >= 0x2060 && c <= 0x206F) return true;                   // invisible operators, isolates
  if (c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB)) return true;  // BOM, annotations
  return c >= 0xE0000 && c <= 0xE007F;                           // tags
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = DecodeFirst(text);
    if (decoded.length == 0 || (decoded.length == 1 && IsDangerous(decoded.code_point))) {
      absl::StrAppendFormat(&result, "\\x%02x", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    if (IsDangerous(decoded.code_point)) {
      absl::StrAppendFormat(&result, "\\u{%x}", decoded.code_point);
    } else {
      result.append(text.data(), decoded.length);
    }
    text.remove_prefix(decoded.length);
  }
  return result;
}

std::string EscapeHtml(absl::string_view text) {
  std::string result;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string EscapeMarkdown(absl::string_view text) {
  constexpr absl::string_view kSpecial = "\\`*_{}[]<>()#+!|~&";
  std::string result;
  for (const char c : Printable(text)) {
    if (kSpecial.find(c) != absl::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string ShellWord(absl::string_view text) {
  constexpr absl::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!text.empty() && text.find_first_not_of(kPlain) == absl::string_view::npos) {
    return std::string(text);
  }
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

size_t Width(absl::string_view printable) {
  size_t width = 0;
  for (const char c : printable) {
    if (!IsContinuation(c)) ++width;
  }
  return width;
}

}  // namespace rollcall
