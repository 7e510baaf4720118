#include "clients/json/writer.h"

#include "absl/strings/str_cat.h"
#include "clients/json/utf8.h"

namespace rollcall::json {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendAscii(char c, std::string& out) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
    out.append("\\u00");
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kHex[c & 0x0F]);
    return;
  }
  out.push_back(c);
}

// The length of the valid character that `text` starts with; 0 when there is none.
size_t CharacterLength(absl::string_view text) {
  for (size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (IsUtf8(text.substr(0, length))) return length;
  }
  return 0;
}

void AppendQuoted(absl::string_view text, std::string& out) {
  out.push_back('"');
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      AppendAscii(text[0], out);
      text.remove_prefix(1);
      continue;
    }
    const size_t length = CharacterLength(text);
    if (length == 0) {
      out.append("\xEF\xBF\xBD");
      text.remove_prefix(1);
      continue;
    }
    out.append(text.data(), length);
    text.remove_prefix(length);
  }
  out.push_back('"');
}

}  // namespace

Writer& Writer::Key(absl::string_view key) {
  Separate();
  AppendQuoted(key, text_);
  text_.push_back(':');
  comma_ = false;
  return *this;
}

Writer& Writer::String(absl::string_view text) {
  Separate();
  AppendQuoted(text, text_);
  return *this;
}

Writer& Writer::Int(int64_t number) {
  Separate();
  absl::StrAppend(&text_, number);
  return *this;
}

Writer& Writer::Raw(absl::string_view json) {
  Separate();
  text_.append(json.data(), json.size());
  return *this;
}

std::string Quoted(absl::string_view text) {
  std::string out;
  AppendQuoted(text, out);
  return out;
}

}  // namespace rollcall::json
