// `rollcall check` says which fault it is and what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/office.h"
#include "tests/e2e/workplace.h"
#include "tests/support/loopback_server.h"
#include "tests/support/test_certificates.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

WorkplaceOptions At(const std::string& url) {
  WorkplaceOptions options;
  options.url = url;
  return options;
}

ChildResult CheckAgainst(const LoopbackServer& server) {
  Workplace place(At(server.url()));
  return place.Rollcall({"check"});
}

TEST(CheckTest, AGoodDirectoryIsOkAndNothingIsWritten) {
  Workplace place;
  const ChildResult check = place.Rollcall({"check", "--format", "json"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  const json report = json::parse(check.out);
  EXPECT_TRUE(report["ok"]);
  EXPECT_TRUE(report["directories"][0]["signedIn"]);
  EXPECT_EQ(place.Writes(), 0);
}

TEST(CheckTest, AWrongKeyIsSaidToBeOne) {
  WorkplaceOptions options;
  options.token = "wrong";
  Workplace place(options);
  const ChildResult check = place.Rollcall({"check"});
  EXPECT_EQ(check.exit_code, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("Fault: "));
  EXPECT_THAT(check.out, HasSubstr("401"));
  EXPECT_EQ(check.out.find("wrong-secret"), std::string::npos);
}

TEST(CheckTest, AnUnreachableHostIsSaidToBeOne) {
  std::string url;
  {
    LoopbackServer gone([](const LoopbackServer::Request&) { return Answer(200); });
    url = gone.url();
  }
  Workplace place(At(url));
  const ChildResult check = place.Rollcall({"check"});
  EXPECT_EQ(check.exit_code, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("Not reachable"));
}

TEST(CheckTest, ASelfSignedCertificateIsSaidToBeOne) {
  const TempFolder folder;
  CertificateSpec spec;
  spec.name = "server";
  spec.alternative = "IP:127.0.0.1";
  const CertificateFiles files = MakeCertificate(folder, spec);
  const LoopbackServer server([](const LoopbackServer::Request&) { return Answer(200); }, &files);
  const ChildResult check = CheckAgainst(server);
  EXPECT_EQ(check.exit_code, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("certificate"));
  EXPECT_THAT(check.out, HasSubstr("ca_file"));
}

TEST(CheckTest, HtmlInsteadOfJsonIsSaidToBeThat) {
  const LoopbackServer server([](const LoopbackServer::Request&) {
    return Answer(200, "<html><body>Sign in</body></html>", {{"Content-Type", "text/html"}});
  });
  const ChildResult check = CheckAgainst(server);
  EXPECT_EQ(check.exit_code, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("a web page instead of JSON"));
}

TEST(CheckTest, AnEmptyAnswerIsSaidToBeOne) {
  const LoopbackServer server([](const LoopbackServer::Request&) { return Answer(200); });
  const ChildResult check = CheckAgainst(server);
  EXPECT_EQ(check.exit_code, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("empty"));
}

TEST(CheckTest, AnExpiredKeyIsSaidToBeOne) {
  const LoopbackServer server([](const LoopbackServer::Request&) {
    return Answer(401, R"({"detail":"The token has expired","status":"401"})",
                  {{"Content-Type", "application/scim+json"}});
  });
  const ChildResult check = CheckAgainst(server);
  EXPECT_EQ(check.exit_code, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("expired"));
}

// What is wrong with the key to an organisation, or with the organisation.
struct KeyFault {
  const char* name;
  std::vector<std::string> quirks;
  const char* org_id;
  const char* api_key;
  std::vector<std::string> sentences;
};

void PrintTo(const KeyFault& fault, std::ostream* out) { *out << fault.name; }

class OrganisationCheckTest : public testing::TestWithParam<KeyFault> {};

TEST_P(OrganisationCheckTest, TheFaultIsNamedWithItsCure) {
  OfficeEstate estate;
  estate.world = R"({"organisation": {"id": "o-1", "name": "Example", "domains": ["example.com"],
      "directories": [{"id": "dir-main", "name": "Main"}]},
      "cloud_accounts": [{"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main"]}]})";
  estate.directories = absl::StrCat(
      "  - {id: cloud, people: all, rate: 2000, identity: aa-1, base_url: \"URL/atlassian\",\n"
      "     atlassian_admin: {org_id: ",
      GetParam().org_id, ", api_key: ", GetParam().api_key, "}}\n");
  estate.org_quirks = GetParam().quirks;
  Office office(estate);
  office.Export({{"p-1", kAda}});
  const ChildResult check = office.place().Rollcall({"check"});
  EXPECT_EQ(check.exit_code, 1) << check.out << check.err;
  EXPECT_THAT(check.out, HasSubstr("Fault: "));
  for (const std::string& sentence : GetParam().sentences) {
    EXPECT_THAT(check.out, HasSubstr(sentence));
  }
  EXPECT_EQ(check.out.find("a-users-token"), std::string::npos);
  EXPECT_EQ(office.place().Writes(), 0);
}

constexpr char kTwinsKey[] = "{env: TWIN_TOKEN}";
constexpr char kUsersToken[] = "{exec: [/bin/echo, \"ada@example.com:a-users-token\"]}";

INSTANTIATE_TEST_SUITE_P(
    Faults, OrganisationCheckTest,
    testing::Values(
        KeyFault{"key_expired", {"key_expired"}, "o-1", kTwinsKey, {"401", "expired", "api_key"}},
        KeyFault{"api_token", {}, "o-1", kUsersToken, {"401", "API token of a user", "api_key"}},
        KeyFault{"key_scoped", {"key_scoped"}, "o-1", kTwinsKey, {"a key without scopes"}},
        KeyFault{"key_scoped_reads",
                 {"key_scoped", "key_scoped_reads"},
                 "o-1",
                 kTwinsKey,
                 {"INSUFFICIENT_SCOPE", "a key without scopes"}},
        KeyFault{"scope_403_proxy",
                 {"key_scoped", "scope_403_proxy"},
                 "o-1",
                 kTwinsKey,
                 {"manage:org", "a key without scopes"}},
        KeyFault{"forbidden", {"forbidden"}, "o-1", kTwinsKey, {"403", "as an administrator"}},
        KeyFault{"wrong_org", {}, "o-2", kTwinsKey, {"`org_id`", "the key sees o-1 (Example)"}},
        KeyFault{"wrong_org_gateway",
                 {"wrong_org_gateway"},
                 "o-2",
                 kTwinsKey,
                 {"`org_id`", "the key sees o-1 (Example)"}},
        KeyFault{"wrong_org_403",
                 {"wrong_org_403"},
                 "o-2",
                 kTwinsKey,
                 {"`org_id`", "the key sees o-1 (Example)"}},
        KeyFault{"html_200", {"html_200"}, "o-1", kTwinsKey, {"a web page", "`base_url`"}},
        KeyFault{"empty_200", {"empty_200"}, "o-1", kTwinsKey, {"an empty body", "`base_url`"}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CheckTest, ConfigurationErrorsAreAllToldAtOnce) {
  Workplace place;
  place.Write("rollcall.yaml",
              "stat: x.db\nexport: {people: p.json}\ndirectories:\n  - {id: a, people: all, scim: "
              "{url: \"https://127.0.0.1\", token: {env: X}, tokn: 1}}\n");
  const ChildResult check = place.Rollcall({"check"});
  EXPECT_EQ(check.exit_code, 7);
  EXPECT_THAT(check.err, HasSubstr("rollcall.yaml:1"));
  EXPECT_THAT(check.err, HasSubstr("rollcall.yaml:4"));
}

TEST(CheckTest, UsageErrorsAreSeven) {
  Workplace place;
  EXPECT_EQ(place.Rollcall({}).exit_code, 7);
  EXPECT_EQ(place.Rollcall({"nonsense"}).exit_code, 7);
  EXPECT_EQ(place.Rollcall({"plan", "--format", "yaml"}).exit_code, 7);
  EXPECT_EQ(place.Rollcall({"plan", "--directory", "nowhere"}).exit_code, 7);
  EXPECT_EQ(place.Rollcall({"--config", "nowhere.yaml", "check"}).exit_code, 7);
  EXPECT_EQ(place.Requests(), 0);
}

TEST(CheckTest, EveryCommandHasHelpWithAnExample) {
  Workplace place;
  for (const char* command :
       {"check", "plan", "apply", "show", "explain", "deactivate", "activate", "link", "unlink",
        "links", "holds", "adopt", "runs", "plans", "serve"}) {
    const ChildResult help = place.Rollcall({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command;
    EXPECT_THAT(help.out, HasSubstr("Example:")) << command;
  }
}

}  // namespace
}  // namespace rollcall
