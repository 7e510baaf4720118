#include "tests/support/test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace rollcall {
namespace {

constexpr long kDay = 24 * 60 * 60;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(FILE* file) const { std::fclose(file); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using File = std::unique_ptr<FILE, Free>;

template <typename T>
T Checked(T value) {
  if (value) return value;
  std::fputs("OpenSSL cannot make a test certificate\n", stderr);
  std::abort();
}

File Open(const std::string& path, const char* mode) {
  return Checked(File(std::fopen(path.c_str(), mode)));
}

void Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  Checked(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void SetValidity(X509* certificate, Validity validity) {
  const long from = validity == Validity::kNotYet ? kDay : -2 * kDay;
  const long until = validity == Validity::kExpired ? -kDay : 2 * kDay;
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
}

Certificate Unsigned(const CertificateSpec& spec, EVP_PKEY* key) {
  static std::atomic<long> serial{1};
  Certificate certificate(Checked(X509_new()));
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  SetValidity(certificate.get(), spec.validity);
  X509_set_pubkey(certificate.get(), key);
  const auto* name = reinterpret_cast<const unsigned char*>(spec.name.c_str());
  Checked(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                     name, -1, -1, 0) == 1);
  return certificate;
}

void Sign(X509* certificate, EVP_PKEY* own_key, const CertificateFiles* issuer_files) {
  Certificate issuer;
  Key issuer_key;
  if (issuer_files != nullptr) {
    issuer.reset(Checked(
        PEM_read_X509(Open(issuer_files->certificate, "r").get(), nullptr, nullptr, nullptr)));
    issuer_key.reset(Checked(
        PEM_read_PrivateKey(Open(issuer_files->key, "r").get(), nullptr, nullptr, nullptr)));
  }
  X509* from = issuer ? issuer.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(from));
  Checked(X509_sign(certificate, issuer_key ? issuer_key.get() : own_key, EVP_sha256()) > 0);
}

}  // namespace

CertificateFiles MakeCertificate(const TempFolder& folder, const CertificateSpec& spec) {
  Key key(Checked(EVP_EC_gen("P-256")));
  Certificate certificate = Unsigned(spec, key.get());
  if (spec.alternative.empty()) {
    Extend(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  } else {
    Extend(certificate.get(), certificate.get(), NID_subject_alt_name, spec.alternative);
  }
  Sign(certificate.get(), key.get(), spec.issuer);
  CertificateFiles files{folder.File(spec.name + ".pem"), folder.File(spec.name + ".key")};
  Checked(PEM_write_X509(Open(files.certificate, "w").get(), certificate.get()) == 1);
  Checked(PEM_write_PrivateKey(Open(files.key, "w").get(), key.get(), nullptr, nullptr, 0, nullptr,
                               nullptr) == 1);
  return files;
}

}  // namespace rollcall
