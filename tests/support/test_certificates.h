// Certificates made while the test runs, with keys that nobody else has. Any thread; aborts when
// OpenSSL fails, since no test can go on then.
#ifndef TESTS_SUPPORT_TEST_CERTIFICATES_H_
#define TESTS_SUPPORT_TEST_CERTIFICATES_H_

#include <string>

#include "tests/support/temp_folder.h"

namespace rollcall {

// Paths of PEM files.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

enum class Validity { kToday, kExpired, kNotYet };

struct CertificateSpec {
  std::string name;                      // of the files and of the subject
  std::string alternative;               // "IP:127.0.0.1", "DNS:other.example.com"; "" makes a CA
  Validity validity = Validity::kToday;  //
  const CertificateFiles* issuer = nullptr;  // null: self-signed
};

CertificateFiles MakeCertificate(const TempFolder& folder, const CertificateSpec& spec);

}  // namespace rollcall

#endif  // TESTS_SUPPORT_TEST_CERTIFICATES_H_
