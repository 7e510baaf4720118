// HTML: one page that needs nothing else, with a policy that forbids scripts and any loading.
#include "absl/strings/str_cat.h"
#include "agent/render/document_writer.h"
#include "agent/render/safe_text.h"

namespace rollcall {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
)";

constexpr char kStyle[] = R"(<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72em; margin: 2em auto; padding: 0 1em; }
body { color: #1b1f24; background: #fff; }
.verdict { font-size: 1.2em; padding: .6em .8em; border-left: .4em solid #57606a; }
.good { border-color: #1a7f37; color: #116329; }
.notice { border-color: #9a6700; color: #7d4e00; }
.bad { border-color: #cf222e; color: #a40e26; }
.dim { color: #57606a; }
.entry { margin: .8em 0; padding-left: .8em; border-left: .3em solid #d0d7de; }
.entry p { margin: .1em 0; color: #1b1f24; }
table { border-collapse: collapse; margin: .5em 0; }
th, td { text-align: left; vertical-align: top; padding: .2em .8em .2em 0; }
th { color: #57606a; font-weight: 600; }
td { border-top: 1px solid #d8dee4; overflow-wrap: anywhere; }
pre { background: #f6f8fa; padding: .8em; overflow-x: auto; }
</style>
</head>
<body>
)";

const char* ToneClass(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "good";
    case Tone::kNotice:
      return "notice";
    case Tone::kBad:
      return "bad";
    case Tone::kDim:
      return "dim";
    case Tone::kPlain:
      break;
  }
  return "plain";
}

class HtmlWriter {
 public:
  void operator()(const Headline& headline) {
    absl::StrAppend(&out_, "<p class=\"verdict ", ToneClass(headline.tone), "\"><strong>",
                    EscapeHtml(headline.word), "</strong> ", EscapeHtml(headline.sentence),
                    "</p>\n");
  }
  void operator()(const Heading& heading) {
    absl::StrAppend(&out_, "<h2>", EscapeHtml(heading.text), "</h2>\n");
  }
  void operator()(const Paragraph& paragraph) {
    absl::StrAppend(&out_, "<p class=\"", ToneClass(paragraph.tone), "\">",
                    EscapeHtml(paragraph.text), "</p>\n");
  }
  void operator()(const Entry& entry) {
    absl::StrAppend(&out_, "<div class=\"entry ", ToneClass(entry.tone), "\"><strong>",
                    EscapeHtml(entry.label), " ", EscapeHtml(entry.title), "</strong>\n");
    for (const std::string& line : entry.lines) {
      absl::StrAppend(&out_, "<p>", EscapeHtml(line), "</p>\n");
    }
    out_ += "</div>\n";
  }
  void operator()(const Table& table) {
    absl::StrAppend(&out_, "<h3>", EscapeHtml(table.title), "</h3>\n<table>\n");
    Row("th", table.columns);
    for (const std::vector<std::string>& row : table.rows) Row("td", row);
    out_ += "</table>\n";
    if (!table.note.empty()) {
      absl::StrAppend(&out_, "<p class=\"dim\">", EscapeHtml(table.note), "</p>\n");
    }
  }
  void operator()(const Commands& commands) {
    if (!commands.intro.empty()) {
      absl::StrAppend(&out_, "<p>", EscapeHtml(commands.intro), "</p>\n");
    }
    out_ += "<pre>";
    for (const std::string& line : commands.lines) absl::StrAppend(&out_, EscapeHtml(line), "\n");
    out_ += "</pre>\n";
  }

  std::string Take() { return std::move(out_); }

 private:
  void Row(const char* tag, const std::vector<std::string>& cells) {
    out_ += "<tr>";
    for (const std::string& cell : cells) {
      absl::StrAppend(&out_, "<", tag, ">", EscapeHtml(cell), "</", tag, ">");
    }
    out_ += "</tr>\n";
  }

  std::string out_;
};

}  // namespace

std::string WriteHtml(const Document& document) {
  HtmlWriter writer;
  for (const Block& block : document.blocks) std::visit(writer, block);
  return absl::StrCat(kHead, "<title>", EscapeHtml(document.title), "</title>\n", kStyle,
                      writer.Take(), "</body>\n</html>\n");
}

}  // namespace rollcall
