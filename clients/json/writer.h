// Writer: builds one JSON document as text, compact, in the order of the calls. Commas are put by
// itself; that keys and ends match is the caller's matter. What is not valid UTF-8 becomes U+FFFD,
// so that the result is always JSON. One thread.
//
//   json::Writer w;
//   w.StartObject().Key("value").StartArray().String("7").EndArray().EndObject();
//   std::string body = std::move(w).Take();  // {"value":["7"]}
#ifndef CLIENTS_JSON_WRITER_H_
#define CLIENTS_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace rollcall::json {

class Writer {
 public:
  Writer& StartObject() { return Open('{'); }
  Writer& EndObject() { return Close('}'); }
  Writer& StartArray() { return Open('['); }
  Writer& EndArray() { return Close(']'); }
  Writer& Key(absl::string_view key);
  Writer& String(absl::string_view text);
  Writer& Int(int64_t number);
  Writer& Bool(bool value) { return Raw(value ? "true" : "false"); }
  Writer& Null() { return Raw("null"); }
  // A value that is JSON already: a number as it was read, a prepared document.
  Writer& Raw(absl::string_view json);

  const std::string& text() const { return text_; }
  std::string Take() && { return std::move(text_); }

 private:
  void Separate() {
    if (comma_) text_.push_back(',');
    comma_ = true;
  }
  Writer& Open(char c) {
    Separate();
    text_.push_back(c);
    comma_ = false;
    return *this;
  }
  Writer& Close(char c) {
    text_.push_back(c);
    comma_ = true;
    return *this;
  }

  std::string text_;
  bool comma_ = false;  // the next value or key needs a comma before it
};

// `text` as a JSON string, quotes included.
std::string Quoted(absl::string_view text);

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_WRITER_H_
