// ResponseSink: collects one answer as it comes from the wire, header line by header line and piece
// by piece, within limits. Knows nothing of sockets or libraries. One answer, one thread.
//
// Interim answers (1xx) are dropped, trailers are counted and ignored. Cookies are not kept.
// Errors: DATA_LOSS (a limit is passed, the encoding is broken, no status line).
#ifndef CLIENTS_HTTP_RESPONSE_SINK_H_
#define CLIENTS_HTTP_RESPONSE_SINK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/http/content_decoder.h"
#include "clients/http/message.h"

namespace rollcall {

class ResponseSink {
 public:
  static constexpr size_t kMaxHeaderBytes = 256 * 1024;  // of all header lines, 1xx included
  static constexpr size_t kMaxHeaders = 1000;            // lines of one answer

  explicit ResponseSink(size_t max_body) : max_body_(max_body), decoder_(max_body) {}

  // False: the answer is unusable, the transfer must be ended; status() says why.
  bool AddHeaderLine(absl::string_view line);
  bool AddBody(absl::string_view bytes);

  const absl::Status& status() const { return status_; }

  // The answer, after the last byte. The decoded body's `Content-Encoding` and `Content-Length`
  // are taken out, since they no longer describe it.
  absl::StatusOr<HttpResponse> Finish();

 private:
  bool Fail(absl::Status status);
  bool StartHead(absl::string_view line);
  bool EndHead();
  absl::Status CheckLength() const;

  const size_t max_body_;
  ContentDecoder decoder_;
  HttpResponse response_;
  absl::Status status_;
  size_t header_bytes_ = 0;
  size_t header_lines_ = 0;
  bool head_complete_ = false;
  bool body_started_ = false;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_RESPONSE_SINK_H_
