// How values from an export appear in messages: short, on one line, quoted. Pure functions.
#ifndef CLIENTS_IDP_SHOWN_H_
#define CLIENTS_IDP_SHOWN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rollcall::idp {

inline constexpr size_t kShownBytes = 60;

// `"some text…"`, cut at a character's edge, control characters as spaces.
inline std::string Shown(absl::string_view text) {
  size_t length = text.size();
  if (length > kShownBytes) {
    length = kShownBytes;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  }
  std::string shown = "\"";
  for (char c : text.substr(0, length)) {
    shown.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  if (length < text.size()) shown += "…";
  shown.push_back('"');
  return shown;
}

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SHOWN_H_
