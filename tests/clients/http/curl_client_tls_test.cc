// Who is trusted, and what an administrator is told when it is not.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "clients/http/curl_client.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

constexpr char kHere[] = "IP:127.0.0.1";

class CurlClientTlsTest : public testing::Test {
 protected:
  CertificateFiles Issue(const std::string& name, const std::string& alternative,
                         Validity validity = Validity::kToday) {
    CertificateSpec spec{name, alternative, validity, &authority_};
    return MakeCertificate(folder_, spec);
  }
  absl::StatusOr<HttpResponse> Call(const CertificateFiles& certificate,
                                    const std::string& ca_file) {
    LoopbackServer server([](const LoopbackServer::Request&) { return Answer(200, "hello"); },
                          &certificate);
    options_.ca_file = ca_file;
    HttpRequest request;
    request.url = server.url() + "/Users";
    request.endpoint = "GET /Users";
    request.headers = {{"Authorization", "Bearer hunter2"}};
    auto result = MakeCurlClient(options_, runtime_)->Send(request, {});
    requests_ = static_cast<int>(server.requests().size());
    return result;
  }
  // Refused before anything was sent, in words that hold all of `words`.
  void ExpectRefused(const absl::Status& status, const std::vector<std::string>& words) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    for (const std::string& word : words) {
      EXPECT_NE(std::string(status.message()).find(word), std::string::npos)
          << status << " lacks " << word;
    }
    EXPECT_EQ(requests_, 0);
  }

  FakeRuntime runtime_;
  TempFolder folder_;
  CurlOptions options_;
  int requests_ = 0;
  const CertificateFiles authority_ =
      MakeCertificate(folder_, {"authority", "", Validity::kToday, nullptr});
};

TEST_F(CurlClientTlsTest, AServerFromTheConfiguredAuthorityIsTrusted) {
  const auto response = Call(Issue("server", kHere), authority_.certificate);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "hello");
}

TEST_F(CurlClientTlsTest, ManyRequestsShareOneConnection) {
  const CertificateFiles certificate = Issue("server", kHere);
  LoopbackServer server([](const LoopbackServer::Request&) { return Answer(200, "hello"); },
                        &certificate);
  options_.ca_file = authority_.certificate;
  const auto client = MakeCurlClient(options_, runtime_);
  HttpRequest request;
  request.url = server.url();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(client->Send(request, {}).ok());
  EXPECT_EQ(server.requests().size(), 10);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlClientTlsTest, ASelfSignedCertificateIsRefusedAndTheCureNamed) {
  const CertificateFiles own = MakeCertificate(folder_, {"own", kHere, Validity::kToday, nullptr});
  ExpectRefused(Call(own, "").status(), {"self-signed", "ca_file", "127.0.0.1", "GET /Users"});
}

TEST_F(CurlClientTlsTest, ASelfSignedCertificateIsTrustedWhenItIsTheCaFile) {
  const CertificateFiles own = MakeCertificate(folder_, {"own", kHere, Validity::kToday, nullptr});
  EXPECT_TRUE(Call(own, own.certificate).ok());
}

TEST_F(CurlClientTlsTest, AnUnknownAuthorityIsRefused) {
  ExpectRefused(Call(Issue("server", kHere), "").status(), {"not trusted", "ca_file"});
  const CertificateFiles other = MakeCertificate(folder_, {"other", "", Validity::kToday, nullptr});
  ExpectRefused(Call(Issue("server", kHere), other.certificate).status(),
                {"ca_file", other.certificate});
}

TEST_F(CurlClientTlsTest, ACertificateForAnotherHostIsRefused) {
  ExpectRefused(Call(Issue("server", "DNS:directory.example.com"), authority_.certificate).status(),
                {"another host name"});
}

TEST_F(CurlClientTlsTest, ACertificateOutsideOfItsDaysIsRefused) {
  ExpectRefused(Call(Issue("server", kHere, Validity::kExpired), authority_.certificate).status(),
                {"expired", "renewed"});
  ExpectRefused(Call(Issue("server", kHere, Validity::kNotYet), authority_.certificate).status(),
                {"not valid yet", "clock"});
}

TEST_F(CurlClientTlsTest, ACaFileThatCannotBeReadIsNamed) {
  const CertificateFiles server = Issue("server", kHere);
  ExpectRefused(Call(server, folder_.File("missing.pem")).status(), {"missing.pem", "PEM"});
  std::ofstream(folder_.File("rubbish.pem")) << "this is no certificate";
  ExpectRefused(Call(server, folder_.File("rubbish.pem")).status(), {"rubbish.pem", "PEM"});
}

TEST_F(CurlClientTlsTest, AServerThatSpeaksPlainHttpIsTold) {
  LoopbackServer plain([](const LoopbackServer::Request&) { return Answer(200); });
  HttpRequest request;
  request.url = "https" + plain.url().substr(4);
  // The server waits for the end of a request that never comes; the client must not.
  options_.connect_timeout = absl::Milliseconds(100);
  const auto result = MakeCurlClient(options_, runtime_)->Send(request, {});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable) << result.status();
}

}  // namespace
}  // namespace rollcall
