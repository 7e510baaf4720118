// Streaming JSON: a reader that calls a handler for each event, over memory (here) or over a pull
// stream (stream.h). Nothing is kept; depth and string length are limited. RapidJSON stays inside
// this folder. One thread per call.
#ifndef CLIENTS_JSON_EVENTS_H_
#define CLIENTS_JSON_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rollcall::json {

// Receives the events in order. Views are valid during the call only. Returning false ends the
// parse: the reader then returns the handler's `error()`, or CANCELLED where that is OK.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual bool Null() = 0;
  virtual bool Bool(bool value) = 0;
  virtual bool Number(absl::string_view raw) = 0;  // as written: "42", "-1.5e3"
  virtual bool String(absl::string_view value) = 0;
  virtual bool StartObject() = 0;
  virtual bool Key(absl::string_view key) = 0;
  virtual bool EndObject() = 0;
  virtual bool StartArray() = 0;
  virtual bool EndArray() = 0;
  virtual absl::Status error() const { return absl::OkStatus(); }

  // For the reader: was SkipValue called since the last question?
  bool TakeSkip() {
    bool skip = skip_;
    skip_ = false;
    return skip;
  }

 protected:
  // Called inside Key: the value of that key is parsed and checked but not reported. Called inside
  // StartObject or StartArray: the same for the rest of that container, its end included.
  void SkipValue() { skip_ = true; }

 private:
  bool skip_ = false;
};

struct Limits {
  int max_depth = 64;            // of nested objects and arrays; never more than 1,000
  size_t max_string = 16 << 20;  // bytes of one string or key
};

// Pulls bytes: returns 0 at the end, an error when the source fails.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;
};

// Parses exactly one document in `body`, which is overwritten (strings are decoded in place).
// INVALID_ARGUMENT with the byte offset, the path in the document and what was expected; a document
// that ends early, an encoding error, a NUL byte or trailing text is an error too. An error of the
// handler keeps its code and gets the path and the offset.
absl::Status ParseInsitu(std::string& body, Handler& handler, const Limits& limits = {});

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_EVENTS_H_
