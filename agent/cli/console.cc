#include "agent/cli/console.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/render/document_writer.h"
#include "agent/render/json.h"
#include "agent/render/safe_text.h"

namespace rollcall {
namespace {

std::string PrintableLines(absl::string_view text) {
  std::string result;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::StrAppend(&result, result.empty() ? "" : "\n", Printable(line));
  }
  return result;
}

}  // namespace

Console::Console(std::istream& in, std::ostream& out, std::ostream& err, const Options& options)
    : in_(in), out_(out), err_(err), options_(options) {}

Console Console::OfProcess() {
  Options options;
  options.input_is_terminal = isatty(STDIN_FILENO) != 0;
  options.output_is_terminal = isatty(STDOUT_FILENO) != 0;
  options.error_is_terminal = isatty(STDERR_FILENO) != 0;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  options.no_color = (no_color != nullptr && *no_color != '\0') ||
                     (term != nullptr && absl::string_view(term) == "dumb");
  return Console(std::cin, std::cout, std::cerr, options);
}

void Console::Print(const Document& document, const google::protobuf::Message& message) {
  switch (format_) {
    case Format::kText: {
      const bool colour = options_.output_is_terminal && !options_.no_color;
      out_ << WriteText(document, colour ? Colour::kOn : Colour::kOff);
      break;
    }
    case Format::kJson:
      out_ << ToJson(message);
      break;
    case Format::kMarkdown:
      out_ << WriteMarkdown(document);
      break;
    case Format::kHtml:
      out_ << WriteHtml(document);
      break;
  }
  out_ << std::flush;
}

void Console::PrintRaw(absl::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out_ << std::flush;
}

void Console::ShowAside(const Document& document) {
  const bool colour = options_.error_is_terminal && !options_.no_color;
  err_ << WriteText(document, colour ? Colour::kOn : Colour::kOff) << std::flush;
}

void Console::Note(absl::string_view text) { err_ << PrintableLines(text) << std::endl; }

void Console::Warn(absl::string_view text) {
  err_ << "warning: " << PrintableLines(text) << std::endl;
}

void Console::Error(const absl::Status& status) {
  const absl::string_view message = status.message();
  err_ << "rollcall: "
       << PrintableLines(message.empty() ? absl::StatusCodeToString(status.code())
                                         : std::string(message))
       << std::endl;
}

bool Console::Confirm(absl::string_view question) {
  if (!CanAsk()) return false;
  err_ << PrintableLines(question) << " Type yes to go on: " << std::flush;
  std::string answer;
  if (!std::getline(in_, answer)) return false;
  return absl::StripAsciiWhitespace(answer) == "yes";
}

}  // namespace rollcall
