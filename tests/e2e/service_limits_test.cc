// The real `rollcall serve` where much is asked of it: a message of a gigabyte, a kill amid a
// thousand changes, uploads that count, certificates that are replaced.
#include <gmock/gmock.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "reconciler/base/fingerprint.h"
#include "tests/e2e/served_place.h"
#include "tests/support/test_certificates.h"
#include "tests/twins/company.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::string TextOf(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// The most that the process ever held, in MB.
int64_t PeakMegabytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  int64_t kilobytes = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  return kilobytes / 1024;
}

TEST(ServiceLimitsTest, AMessageOfAGigabyteIsRefusedBeforeItIsHeld) {
  ServedPlace served;
  v1::ExplainPersonRequest request;
  request.set_person(std::string(size_t{1} << 30, 'x'));
  v1::Explanation explanation;
  EXPECT_EQ(served.stub().ExplainPerson(served.Context().get(), request, &explanation).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  const int64_t before = PeakMegabytes(served.pid());
  EXPECT_GT(before, 0);
  EXPECT_LT(before, 512);  // a sanitizer's own memory is in it
  EXPECT_NE(served.MakePlan().state(), v1::Plan::PLANNING);
}

// Everybody of a company of 1,000 is to be let in again.
class ThousandTest : public ::testing::Test {
 protected:
  static constexpr int64_t kPeople = 1100;

  static twins::Company Company() {
    twins::CompanyOptions options;
    options.people = kPeople;
    options.groups = 2;
    options.drift = 0;
    twins::Company company = *twins::MakeCompany(options, absl::Now());
    for (const auto& user : company.world.scim.at("scim").users()) {
      user->attributes["active"] = false;
    }
    return company;
  }
  static WorkplaceOptions Options() {
    WorkplaceOptions options;
    options.directory_options = "rate: 2000, concurrency: 4, page_size: 1000, ";
    options.world = [] { return std::move(Company().world); };
    return options;
  }
  ThousandTest() : served_(Options()) {
    const absl::Status exported =
        twins::WriteExport(Company(), twins::ExportFormat::kScim, served_.place().File(""));
    EXPECT_TRUE(exported.ok()) << exported;
  }

  ServedPlace served_;
};

TEST_F(ThousandTest, KilledAmidThemEveryChangeIsMadeOnce) {
  const v1::Plan plan = served_.MakePlan();
  ASSERT_GE(plan.changes_size(), 1000);
  std::map<std::string, int> writes;  // by account
  int sent = 0;
  served_.place().watched().set_watch([&](int64_t, const twins::TwinRequest& request) {
    if (request.method != "PATCH") return true;
    ++writes[request.target];
    if (++sent == 500) served_.Signal(SIGKILL);
    return true;
  });
  v1::Run run = served_.Apply(plan);
  EXPECT_EQ(served_.Wait().signal, SIGKILL);
  served_.Start();
  const ServedPlace::Watched watched = served_.Watch(run.id());
  ASSERT_FALSE(watched.events.empty());
  EXPECT_EQ(watched.events.back().state(), v1::Run::SUCCEEDED);
  v1::GetRunRequest request;
  request.set_name(absl::StrCat("runs/", run.id()));
  ASSERT_TRUE(served_.stub().GetRun(served_.Context().get(), request, &run).ok());
  EXPECT_EQ(run.drift_left(), 0);
  EXPECT_EQ(static_cast<int>(writes.size()), plan.changes_size());
  // What was in flight when it was killed was read again, and was so or was sent again.
  int again = 0;
  for (const auto& [target, times] : writes) again += times - 1;
  EXPECT_LE(again, 4);
  EXPECT_EQ(served_.MakePlan().state(), v1::Plan::EMPTY);
}

class UploadTest : public ::testing::Test {
 protected:
  // Uploads the first `people` rows of the configured export; the plan that is made of them.
  v1::Plan PlanOf(size_t people, bool as_configured_source) {
    json document = json::parse(served_.place().Read("people.json"));
    json& rows = document.at("Resources");
    while (rows.size() > people) rows.erase(rows.size() - 1);
    document["totalResults"] = rows.size();
    document["itemsPerPage"] = rows.size();
    const std::string bytes = document.dump();
    v1::CreatePlanRequest request;
    request.set_as_configured_source(as_configured_source);
    request.set_people(Upload(bytes).name());
    return served_.MakePlan(request);
  }
  v1::UploadedExport Upload(const std::string& bytes, grpc::Status* status = nullptr) {
    v1::UploadExportRequest message;
    message.mutable_header()->set_size(static_cast<int64_t>(bytes.size()));
    message.mutable_header()->set_sha256(Sha256Hex(bytes));
    v1::UploadedExport uploaded;
    const auto context = served_.Context();
    const auto stream = served_.stub().UploadExport(context.get(), &uploaded);
    stream->Write(message);
    message.Clear();
    message.set_data(bytes);
    stream->Write(message);
    stream->WritesDone();
    const grpc::Status ended = stream->Finish();
    EXPECT_TRUE(status != nullptr || ended.ok()) << ended.error_message();
    if (status != nullptr) *status = ended;
    return uploaded;
  }
  static bool IsShrunken(const v1::Plan& plan) {
    for (const v1::Finding& finding : plan.findings()) {
      if (finding.name() == "shrunken_export") return true;
    }
    return false;
  }

  ServedPlace served_{WorkplaceOptions(), "max_upload: 300000"};
};

TEST_F(UploadTest, OnlyOneThatIsSaidToBeTheConfiguredExportIsComparedWith) {
  EXPECT_FALSE(IsShrunken(PlanOf(280, false)));
  EXPECT_FALSE(IsShrunken(PlanOf(100, false)));
  EXPECT_FALSE(IsShrunken(PlanOf(280, true)));
  EXPECT_TRUE(IsShrunken(PlanOf(100, false)));
  EXPECT_TRUE(IsShrunken(PlanOf(100, true)));
  EXPECT_FALSE(IsShrunken(PlanOf(280, false)));
}

TEST_F(UploadTest, TheLimitIsThatOfTheConfigurationThatWasReadLast) {
  const std::string bytes = served_.place().Read("people.json");
  ASSERT_LT(bytes.size(), 300000u);
  grpc::Status status;
  Upload(bytes, &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  std::string config = served_.place().Read("rollcall.yaml");
  config.replace(config.find("300000"), 6, "1000");
  served_.place().Write("rollcall.yaml", config);
  served_.Signal(SIGHUP);
  served_.LogUntil("was read again\"");
  Upload(bytes, &status);
  EXPECT_EQ(ReasonIn(status), "LIMIT_EXCEEDED");
  EXPECT_THAT(status.error_message(), HasSubstr("serve.max_upload is 1000"));
}

TEST(ServiceDirectoryTest, DirectoriesAreShownAsTheyWereSeenLast) {
  ServedPlace served;
  const auto look = [&served] {
    v1::GetDirectoryRequest request;
    request.set_name("directories/corp");
    v1::Directory directory;
    const grpc::Status status =
        served.stub().GetDirectory(served.Context().get(), request, &directory);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return directory;
  };
  EXPECT_FALSE(look().has_last_read_time());
  served.MakePlan();
  const v1::Directory read = look();
  EXPECT_TRUE(read.reachable());
  EXPECT_TRUE(read.has_last_read_time());
  EXPECT_FALSE(read.has_failing_since_time());
  served.place().watched().set_watch([](int64_t, const twins::TwinRequest&) { return false; });
  served.MakePlan();
  const v1::Directory failing = look();
  EXPECT_FALSE(failing.reachable());
  EXPECT_TRUE(failing.has_failing_since_time());
  EXPECT_EQ(failing.last_read_time().seconds(), read.last_read_time().seconds());
  ASSERT_EQ(failing.faults_size(), 1);
  EXPECT_NE(failing.faults(0), "");
}

TEST(ServiceCertificateTest, FilesThatAreReplacedAreUsedWithoutARestart) {
  TempFolder folder;
  const CertificateFiles old_ca = MakeCertificate(folder, {"old-ca", ""});
  const CertificateFiles new_ca = MakeCertificate(folder, {"new-ca", ""});
  const auto leaf = [&folder](const std::string& name, const CertificateFiles& issuer) {
    return MakeCertificate(folder, {name, "DNS:localhost", Validity::kToday, &issuer});
  };
  const CertificateFiles served_files = leaf("served", old_ca);
  const CertificateFiles next = leaf("next", new_ca);
  ServedPlace served(ServedPlace::Secured(),
                     absl::StrCat("tls: {cert: \"", served_files.certificate, "\", key: \"",
                                  served_files.key, "\"}"));
  served.LogUntil("\"listening\"");
  // Is the agent the one that this authority has signed? Looks for so long.
  const auto trusts = [&served](const CertificateFiles& ca, absl::Duration patience) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = TextOf(ca.certificate);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
    const auto channel =
        grpc::CreateCustomChannel(absl::StrCat("unix:", served.place().File("agent.sock")),
                                  grpc::SslCredentials(options), arguments);
    return channel->WaitForConnected(std::chrono::system_clock::now() +
                                     absl::ToChronoMilliseconds(patience));
  };
  EXPECT_TRUE(trusts(old_ca, absl::Minutes(1)));
  EXPECT_FALSE(trusts(new_ca, absl::Milliseconds(300)));
  // Both files of a pair, as a renewal does it.
  std::ofstream(served_files.key) << TextOf(next.key);
  std::ofstream(served_files.certificate) << TextOf(next.certificate);
  EXPECT_TRUE(trusts(new_ca, absl::Minutes(2)));
  EXPECT_FALSE(trusts(old_ca, absl::Milliseconds(300)));
  EXPECT_EQ(served.Stop(SIGTERM).exit_code, 0);
}

}  // namespace
}  // namespace rollcall
