#include "reconciler/base/fingerprint.h"

#include <openssl/evp.h>

#include <array>
#include <cstring>

#include "absl/strings/escaping.h"

namespace rollcall {

struct Fingerprint::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(md); }
};

Fingerprint::Fingerprint() : context_(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context_->md, EVP_sha256(), nullptr);
}
Fingerprint::~Fingerprint() = default;

Fingerprint& Fingerprint::Add(absl::string_view field) {
  Add(static_cast<int64_t>(field.size()));
  return AddRaw(field);
}

Fingerprint& Fingerprint::Add(int64_t number) {
  std::array<char, 8> bytes;
  std::memcpy(bytes.data(), &number, bytes.size());
  return AddRaw(absl::string_view(bytes.data(), bytes.size()));
}

Fingerprint& Fingerprint::AddRaw(absl::string_view bytes) {
  EVP_DigestUpdate(context_->md, bytes.data(), bytes.size());
  return *this;
}

std::string Fingerprint::Hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  EVP_DigestFinal_ex(context_->md, digest.data(), &length);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(digest.data()), length));
}

std::string Sha256Hex(absl::string_view bytes) {
  Fingerprint fingerprint;
  return fingerprint.AddRaw(bytes).Hex();
}

}  // namespace rollcall
