// Text for a terminal or a log.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "agent/render/document_writer.h"
#include "agent/render/safe_text.h"

namespace rollcall {
namespace {

class TextWriter {
 public:
  explicit TextWriter(Colour colour) : colour_(colour) {}

  void operator()(const Headline& headline) {
    absl::StrAppend(&out_, Paint(headline.tone, Printable(headline.word)), "  ",
                    Printable(headline.sentence), "\n");
  }
  void operator()(const Heading& heading) {
    absl::StrAppend(&out_, "\n", Bold(Printable(heading.text)), "\n");
  }
  void operator()(const Paragraph& paragraph) {
    const std::string text = Printable(paragraph.text);
    absl::StrAppend(&out_, paragraph.tone == Tone::kPlain ? text : Paint(paragraph.tone, text),
                    "\n");
  }
  void operator()(const Entry& entry) {
    absl::StrAppend(&out_, "  ", Paint(entry.tone, Printable(entry.label)), "  ",
                    Bold(Printable(entry.title)), "\n");
    for (const std::string& line : entry.lines) {
      absl::StrAppend(&out_, "      ", Printable(line), "\n");
    }
  }
  void operator()(const Table& table) { WriteTable(table); }
  void operator()(const Commands& commands) {
    if (!commands.intro.empty()) absl::StrAppend(&out_, Printable(commands.intro), "\n");
    for (const std::string& line : commands.lines) {
      absl::StrAppend(&out_, "    ", Bold(Printable(line)), "\n");
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  void WriteTable(const Table& table) {
    absl::StrAppend(&out_, "\n  ", Bold(Printable(table.title)), "\n");
    std::vector<std::vector<std::string>> cells;
    std::vector<size_t> widths(table.columns.size(), 0);
    for (const std::vector<std::string>& row : table.rows) {
      std::vector<std::string>& line = cells.emplace_back();
      for (size_t i = 0; i < row.size(); ++i) {
        line.push_back(Printable(row[i]));
        widths[i] = std::max(widths[i], std::min(Width(line.back()), kWidestColumn));
      }
    }
    for (const std::vector<std::string>& row : cells) {
      std::string line = "   ";
      for (size_t i = 0; i < row.size(); ++i) {
        const size_t width = Width(row[i]);
        const size_t pad = width < widths[i] ? widths[i] - width : 0;
        absl::StrAppend(&line, " ", row[i], std::string(pad + 1, ' '));
      }
      absl::StrAppend(&out_, absl::StripTrailingAsciiWhitespace(line), "\n");
    }
    if (!table.note.empty()) {
      absl::StrAppend(&out_, "    ", Paint(Tone::kDim, Printable(table.note)), "\n");
    }
  }

  std::string Bold(const std::string& text) const {
    return colour_ == Colour::kOn ? absl::StrCat("\x1b[1m", text, "\x1b[0m") : text;
  }

  std::string Paint(Tone tone, const std::string& text) const {
    if (colour_ == Colour::kOff) return text;
    switch (tone) {
      case Tone::kGood:
        return absl::StrCat("\x1b[1;32m", text, "\x1b[0m");
      case Tone::kNotice:
        return absl::StrCat("\x1b[1;33m", text, "\x1b[0m");
      case Tone::kBad:
        return absl::StrCat("\x1b[1;31m", text, "\x1b[0m");
      case Tone::kDim:
        return absl::StrCat("\x1b[2m", text, "\x1b[0m");
      case Tone::kPlain:
        break;
    }
    return Bold(text);
  }

  static constexpr size_t kWidestColumn = 60;  // longer texts push their own row only

  Colour colour_;
  std::string out_;
};

}  // namespace

std::string WriteText(const Document& document, Colour colour) {
  TextWriter writer(colour);
  for (const Block& block : document.blocks) std::visit(writer, block);
  return writer.Take();
}

}  // namespace rollcall
