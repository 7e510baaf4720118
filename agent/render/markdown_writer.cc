// Markdown, as pull requests, tickets and wikis read it.
#include "absl/strings/str_cat.h"
#include "agent/render/document_writer.h"
#include "agent/render/safe_text.h"

namespace rollcall {
namespace {

class MarkdownWriter {
 public:
  void operator()(const Headline& headline) {
    absl::StrAppend(&out_, "**", EscapeMarkdown(headline.word), "** ",
                    EscapeMarkdown(headline.sentence), "\n\n");
  }
  void operator()(const Heading& heading) {
    absl::StrAppend(&out_, "\n## ", EscapeMarkdown(heading.text), "\n\n");
  }
  void operator()(const Paragraph& paragraph) {
    absl::StrAppend(&out_, EscapeMarkdown(paragraph.text), "\n\n");
  }
  void operator()(const Entry& entry) {
    absl::StrAppend(&out_, "* **", EscapeMarkdown(entry.label), "** **",
                    EscapeMarkdown(entry.title), "**\n");
    for (const std::string& line : entry.lines) {
      absl::StrAppend(&out_, "  * ", EscapeMarkdown(line), "\n");
    }
  }
  void operator()(const Table& table) {
    absl::StrAppend(&out_, "\n### ", EscapeMarkdown(table.title), "\n\n");
    Row(table.columns);
    for (size_t i = 0; i < table.columns.size(); ++i) out_ += "| --- ";
    out_ += "|\n";
    for (const std::vector<std::string>& row : table.rows) Row(row);
    out_ += "\n";
    if (!table.note.empty()) absl::StrAppend(&out_, EscapeMarkdown(table.note), "\n\n");
  }
  void operator()(const Commands& commands) {
    if (!commands.intro.empty()) absl::StrAppend(&out_, EscapeMarkdown(commands.intro), "\n\n");
    // An indented block: nothing inside a line can end it, unlike a fence.
    for (const std::string& line : commands.lines) {
      absl::StrAppend(&out_, "    ", Printable(line), "\n");
    }
    out_ += "\n";
  }

  std::string Take() { return std::move(out_); }

 private:
  void Row(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) absl::StrAppend(&out_, "| ", EscapeMarkdown(cell), " ");
    out_ += "|\n";
  }

  std::string out_;
};

}  // namespace

std::string WriteMarkdown(const Document& document) {
  MarkdownWriter writer;
  for (const Block& block : document.blocks) std::visit(writer, block);
  return writer.Take();
}

}  // namespace rollcall
