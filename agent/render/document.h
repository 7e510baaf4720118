// Document: what Rollcall says to people, before it is decided how: on a terminal, as Markdown or
// as HTML. Documents are made from domain values (plan_document.h, run_document.h, …) and written
// by document_writer.h. Texts are raw here; the writers make them safe. Values.
#ifndef AGENT_RENDER_DOCUMENT_H_
#define AGENT_RENDER_DOCUMENT_H_

#include <string>
#include <variant>
#include <vector>

namespace rollcall {

enum class Tone : uint8_t { kPlain, kGood, kNotice, kBad, kDim };

// The first line: one word that says how it stands, and a sentence.
struct Headline {
  Tone tone = Tone::kPlain;
  std::string word;  // "BLOCKED"
  std::string sentence;
};

struct Heading {
  std::string text;
};

struct Paragraph {
  std::string text;
  Tone tone = Tone::kPlain;
};

// One thing with a label: a finding, a check, an account of a person.
struct Entry {
  Tone tone = Tone::kPlain;
  std::string label;               // "BLOCKING"
  std::string title;               // "first_run (cloud-scim)"
  std::vector<std::string> lines;  // sentences below it
};

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`
  std::string note;                            // below it; may be empty
};

// Exact command lines to copy.
struct Commands {
  std::string intro;
  std::vector<std::string> lines;
};

using Block = std::variant<Headline, Heading, Paragraph, Entry, Table, Commands>;

struct Document {
  std::string title;  // of the HTML page
  std::vector<Block> blocks;
};

}  // namespace rollcall

#endif  // AGENT_RENDER_DOCUMENT_H_
