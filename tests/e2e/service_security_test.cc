// Who may reach the real `rollcall serve`, and as what: certificates, addresses, a configuration
// that is read again.
#include <gmock/gmock.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "reconciler/base/fingerprint.h"
#include "tests/e2e/served_place.h"
#include "tests/support/test_certificates.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

constexpr char kHost[] = "agent.example.com";

std::string Contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// An agent with certificates, and what its callers show.
class CertificateTest : public ::testing::Test {
 protected:
  // A certificate for that host; `file` is its own.
  CertificateFiles Leaf(const std::string& file, const std::string& host,
                        const CertificateFiles& issuer, Validity validity = Validity::kToday) {
    return MakeCertificate(folder_, {file, "DNS:" + host, validity, &issuer});
  }

  std::string ServeKeys() const {
    return absl::StrCat(
        "tls: {cert: \"", server_.certificate, "\", key: \"", server_.key, "\", client_ca: \"",
        ca_.certificate, "\"}, callers: [{name: ops, role: operator, certificate: ",
        "ops.example.com}, {name: eve, role: viewer, certificate: ", "eve.example.com}]");
  }

  // Creates a plan without making it; null: no certificate is shown.
  grpc::Status Ask(ServedPlace& served, const CertificateFiles* shown) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = Contents(ca_.certificate);
    if (shown != nullptr) {
      options.pem_cert_chain = Contents(shown->certificate);
      options.pem_private_key = Contents(shown->key);
    }
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride(kHost);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel =
        grpc::CreateCustomChannel(absl::StrCat("unix:", served.place().File("agent.sock")),
                                  grpc::SslCredentials(options), arguments);
    const auto stub = v1::Reconciler::NewStub(channel);
    if (shown == &first_) {
      // The agent may be about to begin to listen.
      channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::minutes(1));
    }
    v1::CreatePlanRequest request;
    request.set_validate_only(true);
    v1::Plan plan;
    const grpc::Status status = stub->CreatePlan(served.Context().get(), request, &plan);
    asked_as_ = plan.requester();
    return status;
  }

  TempFolder folder_;
  const CertificateFiles ca_ = MakeCertificate(folder_, {"ca", ""});
  const CertificateFiles server_ = Leaf("server", kHost, ca_);
  const CertificateFiles first_ = Leaf("ops", "ops.example.com", ca_);
  std::string asked_as_;
};

TEST_F(CertificateTest, CallersAreKnownByTheirCertificates) {
  ServedPlace served(ServedPlace::Secured(), ServeKeys());
  const CertificateFiles eve = Leaf("eve", "eve.example.com", ca_);
  const CertificateFiles stranger = Leaf("stranger", "stranger.example.com", ca_);
  const CertificateFiles expired = Leaf("expired", "ops.example.com", ca_, Validity::kExpired);
  const CertificateFiles other_ca = MakeCertificate(folder_, {"other", ""});
  const CertificateFiles forged = Leaf("forged", "ops.example.com", other_ca);
  const grpc::Status status = Ask(served, &first_);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(asked_as_, "ops");
  EXPECT_EQ(Ask(served, nullptr).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Ask(served, &expired).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Ask(served, &forged).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonIn(Ask(served, &stranger)), "UNKNOWN_CALLER");
  EXPECT_EQ(ReasonIn(Ask(served, &eve)), "ROLE_NOT_SUFFICIENT");
}

TEST(ServiceAddressTest, AddressThatOthersReachNeedsCertificatesAndCallers) {
  WorkplaceOptions options;
  options.more_config = "serve: {listen: \"0.0.0.0:0\"}\n";
  Workplace place(options);
  const ChildResult result = place.Rollcall({"serve"});
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_THAT(result.err, HasSubstr("can be reached from other machines"));
  EXPECT_THAT(result.err, HasSubstr("serve.callers"));
}

TEST(ServiceAddressTest, SecondAgentOnOneSocketIsRefusedAndTheFirstGoesOn) {
  ServedPlace served;
  const ChildResult second = served.place().Rollcall({"serve"});
  EXPECT_EQ(second.exit_code, 7);
  EXPECT_THAT(second.err, HasSubstr("another process listens"));
  EXPECT_NE(served.MakePlan().state(), v1::Plan::PLANNING);
}

TEST(ServiceReloadTest, ConfigurationIsReadAgainAndABadOneIsRefused) {
  const auto caller = [](const std::string& role) {
    return absl::StrCat("callers: [{name: ops, role: ", role,
                        ", token_sha256: ", Sha256Hex("ops-token"), "}]");
  };
  ServedPlace served({}, caller("viewer"), "ops-token");
  const auto reason = [&] {
    v1::CreatePlanRequest request;
    request.set_validate_only(true);
    v1::Plan plan;
    return ReasonIn(served.stub().CreatePlan(served.Context().get(), request, &plan));
  };
  // What it is told within a minute.
  const auto becomes = [&](const std::string& wanted) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    std::string is;
    do {
      is = reason();
    } while (is != wanted && absl::Now() < end);
    return is;
  };
  EXPECT_EQ(reason(), "ROLE_NOT_SUFFICIENT");
  const std::string config = served.place().Read("rollcall.yaml");
  served.place().Write("rollcall.yaml",
                       absl::StrReplaceAll(config, {{"role: viewer", "role: planner"}}));
  served.Signal(SIGHUP);
  EXPECT_EQ(becomes(""), "");
  // The agent looks four times a second; the old one stays.
  served.place().Write("rollcall.yaml", config + "nonsense: true\n");
  served.Signal(SIGHUP);
  absl::Time looked = absl::Now() + absl::Seconds(2);
  while (absl::Now() < looked) ASSERT_EQ(reason(), "");
  // One without callers does not open the service to everybody.
  served.place().Write("rollcall.yaml",
                       absl::StrReplaceAll(config, {{", " + caller("viewer"), ""}}));
  served.Signal(SIGHUP);
  looked = absl::Now() + absl::Seconds(2);
  while (absl::Now() < looked) {
    grpc::ClientContext nobody;
    v1::ListRunsResponse runs;
    ASSERT_EQ(ReasonIn(served.stub().ListRuns(&nobody, {}, &runs)), "UNKNOWN_CALLER");
  }
  served.place().Write("rollcall.yaml", config);
  served.Signal(SIGHUP);
  EXPECT_EQ(becomes("ROLE_NOT_SUFFICIENT"), "ROLE_NOT_SUFFICIENT");
  const ChildResult ended = served.Stop(SIGTERM);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, HasSubstr("is not used; the old one stays"));
  EXPECT_THAT(ended.err, HasSubstr("unknown key"));
  EXPECT_THAT(ended.err, HasSubstr("serve.callers` is gone"));
}

}  // namespace
}  // namespace rollcall
