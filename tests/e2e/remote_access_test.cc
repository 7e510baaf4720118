// Who may ask a running agent with `--server`: certificates and tokens on the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fingerprint.h"
#include "tests/e2e/served_place.h"
#include "tests/support/test_certificates.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RemoteCertificateTest : public ::testing::Test {
 protected:
  CertificateFiles Leaf(const std::string& file, const std::string& host,
                        const CertificateFiles& issuer, Validity validity = Validity::kToday) {
    return MakeCertificate(folder_, {file, "DNS:" + host, validity, &issuer});
  }
  // The agent's own is for "localhost", which is what a socket on this machine counts as.
  std::string ServeKeys() {
    const CertificateFiles server = Leaf("server", "localhost", ca_);
    return absl::StrCat(
        "tls: {cert: \"", server.certificate, "\", key: \"", server.key, "\", client_ca: \"",
        ca_.certificate, "\"}, callers: [{name: ops, role: operator, certificate: ",
        "ops.example.com}, {name: eve, role: viewer, certificate: ", "eve.example.com}]");
  }
  ChildResult Ask(const std::vector<std::string>& command, const CertificateFiles* shown,
                  const std::string& ca) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--server", ServedPlace::kAddress});
    if (!ca.empty()) arguments.insert(arguments.end(), {"--server-ca", ca});
    if (shown != nullptr) {
      arguments.insert(arguments.end(),
                       {"--client-cert", shown->certificate, "--client-key", shown->key});
    }
    return served_.place().Rollcall(arguments);
  }
  void AwaitAgent() { served_.LogUntil("\"listening\""); }

  TempFolder folder_;
  const CertificateFiles ca_ = MakeCertificate(folder_, {"ca", ""});
  ServedPlace served_{ServedPlace::Secured(), ServeKeys()};
};

TEST_F(RemoteCertificateTest, TheAgentAndTheCallerShowWhoTheyAre) {
  AwaitAgent();
  const CertificateFiles ops = Leaf("ops", "ops.example.com", ca_);
  const CertificateFiles eve = Leaf("eve", "eve.example.com", ca_);
  const CertificateFiles expired = Leaf("expired", "ops.example.com", ca_, Validity::kExpired);
  const CertificateFiles other_ca = MakeCertificate(folder_, {"other", ""});
  const std::vector<std::string> list = {"plans", "list"};

  const ChildResult planned = Ask({"plan", "--format", "json"}, &ops, ca_.certificate);
  EXPECT_EQ(planned.exit_code, 3) << planned.err;
  EXPECT_THAT(planned.out, HasSubstr("\"requester\": \"ops\""));
  EXPECT_EQ(Ask(list, &eve, ca_.certificate).exit_code, 0);
  const ChildResult viewer = Ask({"plan"}, &eve, ca_.certificate);
  EXPECT_EQ(viewer.exit_code, 7) << viewer.err;
  EXPECT_THAT(viewer.err, HasSubstr("viewer"));

  // Whoever cannot be trusted is not spoken with.
  for (const ChildResult& refused :
       {Ask(list, nullptr, ca_.certificate), Ask(list, &expired, ca_.certificate),
        Ask(list, &ops, other_ca.certificate), Ask(list, &ops, ""), Ask(list, nullptr, "")}) {
    EXPECT_EQ(refused.exit_code, 1) << refused.err;
    EXPECT_EQ(refused.out, "");
  }
}

TEST_F(RemoteCertificateTest, FilesThatAreNoneAreNamed) {
  const CertificateFiles ops = Leaf("ops", "ops.example.com", ca_);
  served_.place().Write("empty.pem", "");
  served_.place().Write("text.pem", "hello");
  for (const auto& [file, what] : std::vector<std::pair<std::string, std::string>>{
           {"none.pem", "No such file"}, {"empty.pem", "is empty"}, {"text.pem", "no PEM"}}) {
    const ChildResult result = Ask({"plans", "list"}, &ops, file);
    EXPECT_EQ(result.exit_code, 7) << result.err;
    EXPECT_THAT(result.err, HasSubstr("--server-ca"));
    EXPECT_THAT(result.err, HasSubstr(file));
    EXPECT_THAT(result.err, HasSubstr(what));
  }
}

TEST(RemoteTokenTest, TheTokenOfAFileSaysWhoAsks) {
  ServedPlace served(
      {},
      absl::StrCat("callers: [{name: ops, role: operator, token_sha256: ", Sha256Hex("ops-token"),
                   "}, {name: eve, role: viewer, ", "token_sha256: ", Sha256Hex("eve-token"), "}]"),
      "ops-token");
  const auto ask = [&served](const std::vector<std::string>& command, const std::string& token) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--server", ServedPlace::kAddress});
    if (!token.empty()) {
      served.place().Write("shown", token);
      arguments.insert(arguments.end(), {"--token-file", "shown"});
    }
    return served.place().Rollcall(arguments);
  };
  EXPECT_EQ(ask({"plans", "list"}, "eve-token\n").exit_code, 0);
  EXPECT_EQ(ask({"plan"}, "ops-token").exit_code, 3);
  const ChildResult viewer = ask({"plan"}, "eve-token");
  EXPECT_EQ(viewer.exit_code, 7) << viewer.err;
  for (const std::string wrong : {"", "wrong-token"}) {
    const ChildResult refused = ask({"plans", "list"}, wrong);
    EXPECT_EQ(refused.exit_code, 7) << refused.err;
    EXPECT_THAT(refused.err, Not(HasSubstr("wrong-token")));
  }
  const ChildResult two = ask({"plans", "list"}, "two words");
  EXPECT_EQ(two.exit_code, 7) << two.err;
  EXPECT_THAT(two.err, HasSubstr("more than one word"));
  EXPECT_THAT(two.err, Not(HasSubstr("two words")));
}

}  // namespace
}  // namespace rollcall
