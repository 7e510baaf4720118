// Streaming XML: calls a handler for each element and text, keeps nothing. libexpat stays inside
// this folder. One thread per call.
//
// Refused: documents with a DOCTYPE (so that no entity can be declared), elements nested deeper
// than `max_depth`, attributes longer than `max_attribute`, more than one document, anything that
// is not well-formed; a document that breaks off is one of these.
#ifndef CLIENTS_XML_READER_H_
#define CLIENTS_XML_READER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rollcall::xml {

// The attributes of one element; valid during the call only.
class Attributes {
 public:
  // As libexpat has them: name, value, name, value, …, null.
  explicit Attributes(const char* const* pairs) : pairs_(pairs) {}
  // Null when there is none of that name.
  const char* Find(absl::string_view name) const;

 private:
  const char* const* pairs_;
};

// Receives what comes, in order. Views are valid during the call only. Names are as written. An
// error ends the parse and keeps its code.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual absl::Status StartElement(absl::string_view name, const Attributes& attributes) = 0;
  virtual absl::Status EndElement(absl::string_view name) = 0;
  // A text may come in several pieces.
  virtual absl::Status Text(absl::string_view) { return absl::OkStatus(); }
};

struct Limits {
  int max_depth = 16;
  size_t max_attribute = 64 << 10;  // bytes of one value
};

// INVALID_ARGUMENT with line and column, unless the handler's error.
absl::Status Parse(absl::string_view document, Handler& handler, const Limits& limits = {});

}  // namespace rollcall::xml

#endif  // CLIENTS_XML_READER_H_
