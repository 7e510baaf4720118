#include "clients/xml/reader.h"

#include <expat.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"

namespace rollcall::xml {
namespace {

constexpr size_t kPiece = 1 << 20;  // bytes handed to libexpat at a time

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<XML_ParserStruct, FreeParser>;

class Reading {
 public:
  Reading(Parser parser, Handler& handler, const Limits& limits)
      : parser_(std::move(parser)), handler_(handler), limits_(limits) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &Reading::OnStart, &Reading::OnEnd);
    XML_SetCharacterDataHandler(parser_.get(), &Reading::OnText);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &Reading::OnDoctype);
  }

  absl::Status Run(absl::string_view document) {
    size_t begin = 0;
    bool last = false;
    while (!last) {
      const size_t size = std::min(kPiece, document.size() - begin);
      last = begin + size == document.size();
      const XML_Status status =
          XML_Parse(parser_.get(), document.data() + begin, static_cast<int>(size), last);
      if (!error_.ok()) return error_;
      if (status != XML_STATUS_OK) return Broken(XML_ErrorString(XML_GetErrorCode(parser_.get())));
      begin += size;
    }
    return absl::OkStatus();
  }

 private:
  static void OnStart(void* self, const XML_Char* name, const XML_Char** attributes) {
    static_cast<Reading*>(self)->Start(name, attributes);
  }
  static void OnEnd(void* self, const XML_Char* name) {
    Reading& reading = *static_cast<Reading*>(self);
    --reading.depth_;
    // After the stop libexpat still reports the end of an empty element.
    if (reading.error_.ok()) reading.Note(reading.handler_.EndElement(name));
  }
  static void OnText(void* self, const XML_Char* text, int size) {
    Reading& reading = *static_cast<Reading*>(self);
    reading.Note(reading.handler_.Text(absl::string_view(text, static_cast<size_t>(size))));
  }
  static void OnDoctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    Reading& reading = *static_cast<Reading*>(self);
    reading.Note(reading.Broken("it has a DOCTYPE, which is refused"));
  }

  void Start(const XML_Char* name, const XML_Char** attributes) {
    if (++depth_ > limits_.max_depth) {
      return Note(Broken(absl::StrCat("it is nested deeper than ", limits_.max_depth)));
    }
    for (const XML_Char** pair = attributes; *pair != nullptr; pair += 2) {
      if (absl::string_view(pair[1]).size() > limits_.max_attribute) {
        return Note(Broken(absl::StrCat("the attribute ", pair[0], " is longer than ",
                                        limits_.max_attribute, " bytes")));
      }
    }
    Note(handler_.StartElement(name, Attributes(attributes)));
  }

  void Note(const absl::Status& status) {
    if (status.ok()) return;
    error_ = status;
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  absl::Status Broken(absl::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("the XML is broken at line ", XML_GetCurrentLineNumber(parser_.get()),
                     ", column ", XML_GetCurrentColumnNumber(parser_.get()) + 1, ": ", what));
  }

  const Parser parser_;
  Handler& handler_;
  const Limits limits_;
  int depth_ = 0;
  absl::Status error_;
};

}  // namespace

const char* Attributes::Find(absl::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == pair[0]) return pair[1];
  }
  return nullptr;
}

absl::Status Parse(absl::string_view document, Handler& handler, const Limits& limits) {
  Parser parser(XML_ParserCreate(nullptr));
  if (parser == nullptr) return absl::ResourceExhaustedError("no memory for an XML parser");
  return Reading(std::move(parser), handler, limits).Run(document);
}

}  // namespace rollcall::xml
