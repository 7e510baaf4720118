// MemorySource: a ByteSource over a text that somebody else owns. One thread.
#ifndef CLIENTS_IDP_MEMORY_SOURCE_H_
#define CLIENTS_IDP_MEMORY_SOURCE_H_

#include <algorithm>
#include <cstring>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/json/events.h"

namespace rollcall::idp {

class MemorySource final : public json::ByteSource {
 public:
  explicit MemorySource(absl::string_view text) : left_(text) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t n = std::min(size, left_.size());
    std::memcpy(buffer, left_.data(), n);
    left_.remove_prefix(n);
    return n;
  }

 private:
  absl::string_view left_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_MEMORY_SOURCE_H_
