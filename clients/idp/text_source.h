// TextSource: checks that what another source gives is UTF-8 text, takes a byte order mark off,
// refuses other encodings and archives with the cure, limits the length, hashes what goes through,
// and lets the beginning be looked at before it is read. One thread.
//   INVALID_ARGUMENT    not UTF-8 (with the byte), another encoding, an archive
//   RESOURCE_EXHAUSTED  longer than the limit
#ifndef CLIENTS_IDP_TEXT_SOURCE_H_
#define CLIENTS_IDP_TEXT_SOURCE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/json/events.h"
#include "clients/json/utf8.h"
#include "reconciler/base/fingerprint.h"

namespace rollcall::idp {

class TextSource final : public json::ByteSource {
 public:
  static constexpr size_t kSample = 64 * 1024;

  // `hash` gets every byte that goes through; null: none.
  TextSource(json::ByteSource& bytes, uint64_t max_bytes, Fingerprint* hash);

  // The first kSample bytes (fewer where the text is shorter); they will be read again.
  absl::StatusOr<absl::string_view> Sample();

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

 private:
  absl::Status Start();
  absl::Status Check(absl::string_view piece);

  json::ByteSource& bytes_;
  const uint64_t max_bytes_;
  Fingerprint* const hash_;
  json::Utf8Checker utf8_;
  std::string head_;  // the sample
  size_t head_read_ = 0;
  bool started_ = false;
  bool ended_ = false;
  uint64_t mark_ = 0;  // bytes of the byte order mark
  uint64_t seen_ = 0;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_TEXT_SOURCE_H_
