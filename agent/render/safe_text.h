// Safe text: what comes from a directory or an export may hold anything, also sequences that move a
// terminal's cursor or turn the reading direction around. Every writer of this folder passes every
// text through one of these. Pure functions, any thread.
#ifndef AGENT_RENDER_SAFE_TEXT_H_
#define AGENT_RENDER_SAFE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rollcall {

// Control characters, line and paragraph separators, bidirectional controls, invisible characters
// and bytes that are not UTF-8 become visible: "\x1b", "\u{202e}". Everything else stays. The
// joiners U+200C and U+200D stay too: names are spelt with them.
std::string Printable(absl::string_view text);

// Printable, and safe as text and as attribute value of HTML.
std::string EscapeHtml(absl::string_view text);

// Printable, and without any meaning to Markdown, also inside a table.
std::string EscapeMarkdown(absl::string_view text);

// One word of a POSIX shell; quoted only where it must be. Not printable by itself.
std::string ShellWord(absl::string_view text);

// How many characters a Printable text has, for columns.
size_t Width(absl::string_view printable);

}  // namespace rollcall

#endif  // AGENT_RENDER_SAFE_TEXT_H_
