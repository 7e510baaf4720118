// The only file that includes RapidJSON's reader. RapidJSON reads through a Cursor, see window.h:
// its own SIMD streams need the whole text in memory, miss some control characters, and switch SIMD
// off where encodings are checked. Encodings are checked here in a pass of their own.
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include "absl/strings/str_cat.h"
#include "clients/json/events.h"
#include "clients/json/sax_adapter.h"
#include "clients/json/stream.h"
#include "clients/json/utf8.h"
#include "clients/json/window.h"

namespace rapidjson {

// By reference: copying a Cursor at every token stalls on the stores before it (1.7 times slower).
template <>
struct StreamTraits<rollcall::json::Cursor> {
  enum { copyOptimization = 0 };
};

// RapidJSON's fast path for the plain part of a string, for our stream.
template <>
template <>
inline void Reader::ScanCopyUnescapedString<rollcall::json::Cursor, rollcall::json::Cursor>(
    rollcall::json::Cursor& in, rollcall::json::Cursor&) {
  in.ScanString();
}

}  // namespace rapidjson

namespace rollcall::json {
namespace {

// Not iterative: the depth limit bounds the recursion, and this is the faster one.
constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag |
                            rapidjson::kParseStopWhenDoneFlag;

absl::Status WithPlace(const absl::Status& status, absl::string_view path,
                       absl::string_view place) {
  absl::Status result(status.code(), absl::StrCat(status.message(), " (", path, ", ", place, ")"));
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { result.SetPayload(url, payload); });
  return result;
}

std::string Place(const Window& window, const Cursor& cursor) {
  const uint64_t byte = window.OffsetOf(cursor.src);
  if (!window.is_stream()) return absl::StrCat("byte ", byte);
  return absl::StrCat("line ", window.LineOf(cursor.src), ", byte ", byte);
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20; }

std::string WhatIsWrong(rapidjson::ParseErrorCode code, char at) {
  const bool in_text = code == rapidjson::kParseErrorStringEscapeInvalid ||
                       code == rapidjson::kParseErrorStringMissQuotationMark;
  if (IsControl(at) && (in_text || !IsJsonSpace(at))) {
    return absl::StrCat("not JSON: a bare control character (", static_cast<int>(at), ")");
  }
  return absl::StrCat("not JSON: ", rapidjson::GetParseError_En(code));
}

absl::Status ExplainWindow(const Window& window, const Cursor& cursor, const SaxAdapter& adapter) {
  if (!window.token_too_long()) return window.status();
  return WithPlace(window.status(), adapter.Path(SaxAdapter::Reading::kNotReported),
                   Place(window, cursor));
}

// Turns the reason why RapidJSON stopped into a status.
absl::Status Explain(rapidjson::ParseErrorCode code, const Window& window, const Cursor& cursor,
                     const SaxAdapter& adapter) {
  if (!window.status().ok()) return ExplainWindow(window, cursor, adapter);
  absl::Status status;
  SaxAdapter::Reading reading = SaxAdapter::Reading::kNotReported;
  if (code == rapidjson::kParseErrorTermination) {
    status = adapter.failure();
    reading = SaxAdapter::Reading::kReported;
    if (status.ok()) return absl::CancelledError("the reader of the document stopped");
  } else if (cursor.src >= window.end()) {
    status = absl::DataLossError("the text ends inside a document: it was cut");
  } else {
    status = absl::InvalidArgumentError(WhatIsWrong(code, *cursor.src));
  }
  return WithPlace(status, adapter.Path(reading), Place(window, cursor));
}

absl::Status ParseOne(rapidjson::Reader& reader, Window& window, Cursor& cursor,
                      SaxAdapter& adapter) {
  const rapidjson::ParseResult result = reader.Parse<kFlags>(cursor, adapter);
  if (!result.IsError()) return absl::OkStatus();
  return Explain(result.Code(), window, cursor, adapter);
}

absl::Status TrailingText(const Window& window, const Cursor& cursor) {
  return absl::InvalidArgumentError(
      absl::StrCat("text after the end of the document (", Place(window, cursor), ")"));
}

}  // namespace

absl::Status ParseInsitu(std::string& body, Handler& handler, const Limits& limits) {
  Utf8Checker utf8;
  if (!utf8.Add(body) || !utf8.Finish()) {
    return absl::InvalidArgumentError(
        absl::StrCat("byte ", utf8.bad_offset(), " is not valid UTF-8"));
  }
  Window window(body.data(), body.data() + body.size());
  Cursor cursor(window);
  SaxAdapter adapter(handler, window, limits);
  rapidjson::Reader reader;
  absl::Status status = ParseOne(reader, window, cursor, adapter);
  if (absl::IsDataLoss(status) && adapter.failure().ok()) {
    return absl::InvalidArgumentError(status.message());
  }
  if (!status.ok()) return status;
  SkipWhitespace(cursor);
  return cursor.src == window.end() ? absl::OkStatus() : TrailingText(window, cursor);
}

absl::Status ParseStream(ByteSource& source, Handler& handler, Documents documents,
                         const Limits& limits) {
  Window window(source, limits.max_string + Window::kPull);
  Cursor cursor(window);
  SaxAdapter adapter(handler, window, limits);
  window.set_before_move([&adapter] { adapter.SaveKeys(); });
  rapidjson::Reader reader;
  bool first = true;
  for (;; first = false) {
    SkipWhitespace(cursor);
    if (!window.status().ok()) return ExplainWindow(window, cursor, adapter);
    const bool at_end = cursor.src == window.end();
    if (at_end && (!first || documents == Documents::kMany)) return absl::OkStatus();
    if (!first && documents == Documents::kOne) return TrailingText(window, cursor);
    absl::Status status = ParseOne(reader, window, cursor, adapter);
    if (!status.ok()) return status;
  }
}

}  // namespace rollcall::json
