// ParseStream: JSON from a pull stream, through a window of 64 KiB that grows only for a longer
// text. For exports of any size. One thread per call.
#ifndef CLIENTS_JSON_STREAM_H_
#define CLIENTS_JSON_STREAM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "clients/json/events.h"

namespace rollcall::json {

// How many documents a stream may hold. Several may follow one another with or without white space
// between them: one object a line, or pages written one after another.
enum class Documents : uint8_t { kOne, kMany };

// Calls the handler for every event of every document. A stream of nothing but white space is no
// document: OK for kMany.
//   INVALID_ARGUMENT  not JSON, not UTF-8, too deep, a text that is too long
//   DATA_LOSS         the stream ends inside a document
//   others            what the source or the handler said
// Messages name the line, the byte (from 0) and the path.
absl::Status ParseStream(ByteSource& source, Handler& handler, Documents documents,
                         const Limits& limits = {});

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_STREAM_H_
