// Writers of documents. Each makes every text safe for its medium (safe_text.h), so that a user
// name cannot move a cursor, add a link or run a script. Pure functions, any thread.
#ifndef AGENT_RENDER_DOCUMENT_WRITER_H_
#define AGENT_RENDER_DOCUMENT_WRITER_H_

#include <string>

#include "agent/render/document.h"

namespace rollcall {

enum class Colour : uint8_t { kOff, kOn };

std::string WriteText(const Document& document, Colour colour);
std::string WriteMarkdown(const Document& document);
// One self-contained page: no script, nothing loaded from elsewhere.
std::string WriteHtml(const Document& document);

}  // namespace rollcall

#endif  // AGENT_RENDER_DOCUMENT_WRITER_H_
