#include "agent/config/load_config.h"

#include <fstream>

#include "gmock/gmock.h"
#include "tests/agent/config/config_text.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every key that the contract shows.
constexpr char kWhole[] = R"yaml(
state: rollcall.db
export:
  people: exports/people.json
  groups: {exec: [fetch-groups, --all]}
  format: auto
  exclude: [{where: {user_type: Guest}}]
  min_people: 10
directories:
  - id: crowd
    people: {groups: [atlassian-users]}
    match: {user_name: local_part}
    crowd: {url: "https://crowd.example.com/crowd", application: rollcall, password: {file: /run/secrets/crowd}}
  - id: cloud
    people: {groups: [atlassian-users]}
    identity: "712020:aaaa-bbbb"
    atlassian_admin: {org_id: 1b2c, directory_id: "-", api_key: {env: ATLASSIAN_ORG_API_KEY}}
  - id: cloud-scim
    people: {groups: [atlassian-users]}
    rate: 12.5
    concurrency: 2
    timeout: 45s
    page_size: 50
    ca_file: ca.pem
    scim: {url: "https://api.atlassian.com/scim/directory/9f", token: {env: ATLASSIAN_SCIM_KEY}, provisions: cloud}
  - id: site
    people: all
    jira: {url: "https://acme.atlassian.net", email: bot@example.com, api_token: {env: JIRA_TOKEN}}
groups:
  - {export: "jira-users", directory: crowd}
  - {export: "eng-*", directory: cloud-scim, mode: additive}
  - {export: "Engineering", directory: site, name: "jira-software-users"}
policy: {activate: own, vanished: report}
managed: {domains: [example.com]}
guards: {max_deactivations: {floor: 10, percent: 5, count: 500}, protected: [breakglass@example.com, "group:site-admins"]}
schedules: [{name: hourly-drift, cron: "7 * * * *", action: plan}, {name: nightly, cron: "0 2 * * *", action: apply}]
serve: {listen: "127.0.0.1:8441", metrics: "127.0.0.1:9464", tls: {cert: a.pem, key: b.pem, client_ca: c.pem}}
)yaml";

TEST(LoadConfigTest, EveryKeyOfTheContractIsRead) {
  const LoadedConfig config = Loaded(kWhole);
  ASSERT_EQ(config.proto.directories_size(), 4);
  EXPECT_TRUE(config.proto.directories(0).has_crowd());
  EXPECT_TRUE(config.proto.directories(1).has_atlassian_admin());
  EXPECT_TRUE(config.proto.directories(3).has_jira());
  const config::v1::Directory& scim = config.proto.directories(2);
  EXPECT_EQ(scim.rate(), 12.5);
  EXPECT_EQ(scim.concurrency(), 2);
  EXPECT_EQ(scim.timeout().seconds(), 45);
  EXPECT_EQ(scim.page_size(), 50);
  EXPECT_EQ(scim.scim().token().env(), "ATLASSIAN_SCIM_KEY");
  EXPECT_EQ(config.spec.directories[2].provisions, "cloud");
  EXPECT_EQ(config.proto.export_().people().path(), "exports/people.json");
  EXPECT_THAT(config.proto.export_().groups().exec(), ElementsAre("fetch-groups", "--all"));
  EXPECT_EQ(config.proto.export_().min_people(), 10);
  EXPECT_EQ(config.proto.serve().tls().client_ca(), "c.pem");
  EXPECT_EQ(config.proto.schedules(1).action(), config::v1::Schedule::ACTION_APPLY);
}

TEST(LoadConfigTest, CsvColumnsAndStatusesAreRead) {
  const LoadedConfig config = Loaded(
      "export:\n  people: p.csv\n  format: csv\n"
      "  csv: {id: emp, user_name: login, email: mail, active: state, groups: teams, delimiter: "
      "semicolon, group_separator: \"|\"}\n"
      "directories: [{id: a, people: all, scim: {url: \"https://a.example.com\", token: {env: "
      "T}}}]\n");
  const config::v1::Csv& csv = config.proto.export_().csv();
  EXPECT_EQ(csv.id(), "emp");
  EXPECT_EQ(csv.delimiter(), config::v1::Csv::DELIMITER_SEMICOLON);
  EXPECT_EQ(csv.group_separator(), "|");
  const LoadedConfig okta = Loaded(
      "export: {people: p.json, format: okta, statuses: {LOCKED_OUT: hold, STAGED: active}}\n"
      "directories: [{id: a, people: all, scim: {url: \"https://a.example.com\", token: {env: "
      "T}}}]\n");
  EXPECT_EQ(okta.proto.export_().statuses().at("LOCKED_OUT"), config::v1::Export::STANDING_HOLD);
}

TEST(LoadConfigTest, StatusesAreForOktaAndCsvAndNameEachOnce) {
  const auto parse = [](const std::string& exported) {
    return ParseConfig(exported +
                           "directories: [{id: a, people: all, scim: {url: "
                           "\"https://a.example.com\", token: {env: T}}}]\n",
                       "rollcall.yaml")
        .status();
  };
  EXPECT_TRUE(parse("export: {people: p, format: csv, statuses: {LEAVE: hold}}\n").ok());
  EXPECT_THAT(
      std::string(parse("export: {people: p, format: scim, statuses: {LEAVE: hold}}\n").message()),
      HasSubstr("export.statuses: is for format: okta or csv only"));
  EXPECT_THAT(
      std::string(parse("export: {people: p, statuses: {LEAVE: hold, Leave: active}}\n").message()),
      HasSubstr("names the status LEAVE twice"));
}

TEST(LoadConfigTest, PathsAreRelativeToTheFile) {
  auto config = ParseConfig(SmallConfig("state: data/x.db\n"), "/etc/rollcall/rollcall.yaml");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->Resolve("people.json"), "/etc/rollcall/people.json");
  EXPECT_EQ(config->Resolve("/srv/people.json"), "/srv/people.json");
  EXPECT_EQ(config->StatePath(), "/etc/rollcall/data/x.db");
  EXPECT_EQ(Loaded(SmallConfig()).StatePath(), "rollcall.db");
  EXPECT_EQ(ParseConfig(SmallConfig(), "/rollcall.yaml")->Resolve("x"), "/x");
}

TEST(LoadConfigTest, FileIsReadFromTheDisk) {
  TempFolder folder;
  std::ofstream(folder.File("c.yaml")) << SmallConfig();
  auto config = LoadConfig(folder.File("c.yaml"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->folder, folder.path());
}

TEST(LoadConfigTest, FileThatIsNotThereIsToldWithTheCure) {
  TempFolder folder;
  const absl::Status missing = LoadConfig(folder.File("c.yaml")).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr("--config FILE"));
  EXPECT_FALSE(LoadConfig(folder.path()).ok()) << "a folder";
}

TEST(LoadConfigTest, FileOverTheLimitIsNotCut) {
  TempFolder folder;
  std::ofstream(folder.File("c.yaml")) << SmallConfig() << "#" << std::string(1 << 20, 'x');
  EXPECT_THAT(std::string(LoadConfig(folder.File("c.yaml")).status().message()),
              HasSubstr("larger than"));
}

}  // namespace
}  // namespace rollcall
