// ContentDecoder: undoes `Content-Encoding` (identity, gzip, deflate) of one body that comes in
// pieces. Decompression stops at the limit, so a bomb costs no more memory than an honest answer. A
// stream that ends early is an error, never a short success. One body, one thread.
//
// Errors: DATA_LOSS (unknown coding, broken or cut stream, more than `max_bytes` decoded).
#ifndef CLIENTS_HTTP_CONTENT_DECODER_H_
#define CLIENTS_HTTP_CONTENT_DECODER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rollcall {

class ContentDecoder {
 public:
  // What requests should say in `Accept-Encoding`.
  static constexpr char kAccepted[] = "gzip, deflate";

  explicit ContentDecoder(size_t max_bytes);
  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // `coding` is the value of `Content-Encoding`, "" for none. Call it before the first Append.
  absl::Status Start(absl::string_view coding);
  absl::Status Append(absl::string_view bytes);
  absl::Status Finish();

  // The decoded body; complete only after Finish() returned OK.
  std::string& body() { return body_; }

 private:
  class Inflater;
  absl::Status Keep(absl::string_view bytes);

  const size_t max_bytes_;
  std::string body_;
  std::unique_ptr<Inflater> inflater_;  // null: identity
};

// DATA_LOSS: the answer passes the limit; with the cure.
absl::Status TooLarge(size_t max_bytes);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_CONTENT_DECODER_H_
