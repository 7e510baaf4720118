// SHA-256 over a sequence of fields. Each field is hashed with its length first, so that ("ab","c")
// and ("a","bc") differ. Used for etags, plan hashes, configuration hashes. One thread at a time.
#ifndef RECONCILER_BASE_FINGERPRINT_H_
#define RECONCILER_BASE_FINGERPRINT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace rollcall {

class Fingerprint {
 public:
  Fingerprint();
  ~Fingerprint();
  Fingerprint(const Fingerprint&) = delete;
  Fingerprint& operator=(const Fingerprint&) = delete;

  Fingerprint& Add(absl::string_view field);
  Fingerprint& Add(int64_t number);
  // Bytes without a length: for one long text that comes in pieces.
  Fingerprint& AddRaw(absl::string_view bytes);
  // 64 lower-case hex digits; the object is used up.
  std::string Hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Sha256Hex("") is e3b0c442…
std::string Sha256Hex(absl::string_view bytes);

}  // namespace rollcall

#endif  // RECONCILER_BASE_FINGERPRINT_H_
