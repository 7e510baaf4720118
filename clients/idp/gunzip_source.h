// GunzipSource: hands through what another source gives, decompressed where it begins with gzip's
// magic bytes; several members after one another are one text. One thread.
//   DATA_LOSS  the compressed text ends early or its checksum does not fit
#ifndef CLIENTS_IDP_GUNZIP_SOURCE_H_
#define CLIENTS_IDP_GUNZIP_SOURCE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "clients/json/events.h"

namespace rollcall::idp {

class GunzipSource final : public json::ByteSource {
 public:
  explicit GunzipSource(json::ByteSource& compressed);
  ~GunzipSource() override;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

 private:
  struct State;
  absl::Status Start();
  absl::Status Fill(size_t at_least);
  absl::StatusOr<size_t> Plain(char* buffer, size_t size);
  absl::StatusOr<size_t> Inflated(char* buffer, size_t size);
  absl::Status NextMember();

  json::ByteSource& compressed_;
  std::unique_ptr<State> state_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_GUNZIP_SOURCE_H_
