#include "clients/scim/scim_check.h"

#include <gtest/gtest.h>

#include <string>

#include "clients/http/auth.h"
#include "tests/clients/scim/scim_harness.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

DirectoryCheck CheckOf(ScriptedClient::Script script) {
  ScriptedClient client(std::move(script));
  ScimApi api("http://127.0.0.1/scim/v2", client);
  Discovery discovery(api);
  return CheckScim(api, discovery, {});
}

DirectoryCheck AlwaysAnswers(int status, const std::string& body) {
  return CheckOf([=](const HttpRequest&) { return Answer(status, body); });
}

std::string OnlyFault(const DirectoryCheck& check) {
  return check.faults.size() == 1 ? check.faults[0] : absl::StrCat(check.faults.size(), " faults");
}

TEST(ScimCheck, AWorkingServerHasNoFaultsInThreeRequests) {
  ScimHarness harness;
  harness.AddUsers(2);
  harness.AddGroup("g1", "engineers", {});
  const DirectoryCheck check = harness.directory->Check({});
  EXPECT_TRUE(check.reachable);
  EXPECT_TRUE(check.signed_in);
  EXPECT_TRUE(check.faults.empty());
  EXPECT_TRUE(HasNote(check.may, "read users"));
  EXPECT_TRUE(HasNote(check.may, "read groups"));
  EXPECT_TRUE(HasNote(check.may, "PATCH is supported"));
  EXPECT_EQ(harness.directory->requests_sent(), 3);
  EXPECT_EQ(harness.client.Count("GET"), 3);
}

TEST(ScimCheck, AWrongKeyIsNamedWithItsCure) {
  ScimHarness harness("auth_error_not_scim", {}, "wrong");
  const DirectoryCheck check = harness.directory->Check({});
  EXPECT_TRUE(check.reachable);
  EXPECT_FALSE(check.signed_in);
  EXPECT_NE(OnlyFault(check).find("has expired"), std::string::npos) << OnlyFault(check);
  EXPECT_EQ(harness.directory->requests_sent(), 1);
}

TEST(ScimCheck, AKeyWithoutRightsIsToldFromAWrongOne) {
  const DirectoryCheck check = AlwaysAnswers(403, R"({"error":"Forbidden"})");
  EXPECT_NE(OnlyFault(check).find("may not do this"), std::string::npos) << OnlyFault(check);
}

TEST(ScimCheck, AMissingSecretIsNotBlamedOnTheNetwork) {
  ScriptedClient never([](const HttpRequest&) { return Answer(200, ""); });
  AuthOptions options;
  options.scheme = AuthScheme::kBearer;
  options.secret = [] { return absl::NotFoundError("environment variable KEY is not set"); };
  AuthClient client(never, options, *ParseOrigin("http://127.0.0.1"));
  ScimApi api("http://127.0.0.1/scim/v2", client);
  Discovery discovery(api);
  const DirectoryCheck check = CheckScim(api, discovery, {});
  EXPECT_EQ(OnlyFault(check), "GET /Users: environment variable KEY is not set");
}

TEST(ScimCheck, AFailureBelowNamesTheRequestOnceWhoeverNamedIt) {
  for (const char* message : {"GET /Users: the host is not known", "the host is not known"}) {
    const DirectoryCheck check =
        CheckOf([=](const HttpRequest&) { return absl::UnavailableError(message); });
    EXPECT_EQ(OnlyFault(check),
              "GET /Users: the host is not known; check `url`, the network and the proxy");
  }
}

TEST(ScimCheck, AWebPageAndAnEmptyBodyAreNoSuccess) {
  DirectoryCheck check = AlwaysAnswers(200, "<html><title>Sign in</title></html>");
  EXPECT_NE(OnlyFault(check).find("a web page, \"Sign in\""), std::string::npos);
  EXPECT_FALSE(check.signed_in);
  check = AlwaysAnswers(200, "");
  EXPECT_NE(OnlyFault(check).find("an empty body"), std::string::npos);
  check = AlwaysAnswers(200, "{}");
  EXPECT_NE(check.faults.at(0).find("no SCIM list"), std::string::npos);
}

TEST(ScimCheck, AWrongAddressIsNamedWithItsCure) {
  EXPECT_NE(OnlyFault(AlwaysAnswers(404, "")).find("/scim/v2"), std::string::npos);
  EXPECT_NE(OnlyFault(AlwaysAnswers(302, "")).find("correct `url`"), std::string::npos);
}

TEST(ScimCheck, AnUnreachableServerIsAskedOnce) {
  for (const absl::Status& failure :
       {absl::UnavailableError("the name directory.example.com is not known"),
        absl::UnavailableError("connection refused"), absl::DeadlineExceededError("timed out")}) {
    int requests = 0;
    const DirectoryCheck check = CheckOf([&](const HttpRequest&) {
      ++requests;
      return failure;
    });
    EXPECT_FALSE(check.reachable);
    EXPECT_NE(OnlyFault(check).find(std::string(failure.message())), std::string::npos);
    EXPECT_NE(OnlyFault(check).find("check"), std::string::npos);
    EXPECT_EQ(requests, 1);
  }
}

TEST(ScimCheck, ACertificateThatIsNotTrustedNamesCaFile) {
  const DirectoryCheck check = CheckOf([](const HttpRequest&) {
    return absl::FailedPreconditionError("the certificate is self-signed");
  });
  EXPECT_NE(OnlyFault(check).find("ca_file"), std::string::npos);
}

TEST(ScimCheck, AMissingOrDenyingServiceProviderConfigIsAWarningOnly) {
  for (const char* quirk : {"no_service_provider_config", "service_provider_config_denies"}) {
    ScimHarness harness(quirk);
    const DirectoryCheck check = harness.directory->Check({});
    EXPECT_TRUE(check.faults.empty()) << quirk;
    EXPECT_EQ(check.warnings.size(), 1u) << quirk;
  }
}

}  // namespace
}  // namespace rollcall
