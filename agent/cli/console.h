// Console: where a command's results and questions go. Results to standard output in the format
// that was asked for; diagnosis to standard error. One thread.
#ifndef AGENT_CLI_CONSOLE_H_
#define AGENT_CLI_CONSOLE_H_

#include <istream>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/render/document.h"
#include "google/protobuf/message.h"

namespace rollcall {

enum class Format : uint8_t { kText, kJson, kMarkdown, kHtml };

class Console {
 public:
  struct Options {
    bool input_is_terminal = false;
    bool output_is_terminal = false;
    bool error_is_terminal = false;
    bool no_color = false;  // NO_COLOR is set and not empty
  };

  Console(std::istream& in, std::ostream& out, std::ostream& err, const Options& options);

  // Of this process: standard streams and the environment.
  static Console OfProcess();

  void set_format(Format format) { format_ = format; }
  Format format() const { return format_; }

  // Prints the one that the format asks for.
  void Print(const Document& document, const google::protobuf::Message& message);
  // Exact bytes, for JSON that was stored.
  void PrintRaw(absl::string_view bytes);

  // Text to standard error, for what somebody must see before answering.
  void ShowAside(const Document& document);

  // One line to standard error, made safe for a terminal (line ends stay).
  void Note(absl::string_view text);
  void Warn(absl::string_view text);
  void Error(const absl::Status& status);

  // False without a terminal.
  bool CanAsk() const { return options_.input_is_terminal && options_.error_is_terminal; }
  // True for "yes" only: whatever else was typed declines.
  bool Confirm(absl::string_view question);

  bool error_is_terminal() const { return options_.error_is_terminal; }
  std::ostream& err() { return err_; }

 private:
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
  const Options options_;
  Format format_ = Format::kText;
};

}  // namespace rollcall

#endif  // AGENT_CLI_CONSOLE_H_
