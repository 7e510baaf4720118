// Three directories of 20,000 accounts each that are in step with the export: reading them costs
// their pages and next to nothing else, and nothing is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/workplace.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/org_twin.h"

namespace rollcall {
namespace {

constexpr int64_t kPeople = 20'000;
constexpr int64_t kGroups = 20;

absl::Time ScaleClock() { return absl::Now(); }

twins::Company BigCompany() {
  twins::CompanyOptions options;
  options.people = kPeople;
  options.groups = kGroups;
  options.drift = 0;
  options.cloud = 1;
  options.crowd = 1;
  options.seed = 5;
  return *twins::MakeCompany(options, absl::Now());
}

WorkplaceOptions BigPlace() {
  WorkplaceOptions options;
  options.quirks = {"atlassian_accounts"};
  options.world = [] { return BigCompany().world; };
  options.mount = [](twins::Rehearsal& rehearsal, twins::World& world) {
    rehearsal.Mount("/crowd", std::make_unique<twins::CrowdTwin>(
                                  &world, "crowd", twins::CrowdOptions(), ScaleClock));
    rehearsal.Mount("/atlassian",
                    std::make_unique<twins::OrgTwin>(&world, twins::OrgOptions(), ScaleClock));
  };
  return options;
}

// Pages of a list of `rows`; each begins with the last row of the page before where they overlap.
int64_t Pages(int64_t rows, int64_t page, int64_t overlap = 0) {
  return (rows - overlap + page - overlap - 1) / (page - overlap);
}

TEST(ScaleTest, ThreeConvergedDirectoriesCostTheirPagesAndNotOneWrite) {
  Workplace place(BigPlace());
  const absl::Status exported =
      twins::WriteExport(BigCompany(), twins::ExportFormat::kScim, place.File("."));
  ASSERT_TRUE(exported.ok()) << exported;
  const std::string url = place.host_url();
  std::string org_id;
  int64_t in_lab = 0;
  place.Exclusively([&] {
    org_id = place.world().organisation->id;
    for (const auto& [id, account] : place.world().cloud_accounts) {
      in_lab += static_cast<int64_t>(account.directories.count("dir-lab"));
    }
  });
  place.Write("rollcall.yaml",
              absl::StrCat("state: rollcall.db\n"
                           "export: {people: people.json, groups: groups.json}\n"
                           "directories:\n"
                           "  - {id: crowd, people: all, rate: 5000, page_size: 1000,\n"
                           "     match: {user_name: local_part}, crowd: {url: \"",
                           url, "/crowd\", application: rollcall, password: {env: TWIN_TOKEN}}}\n",
                           "  - {id: cloud, people: all, rate: 5000, base_url: \"", url,
                           "/atlassian\",\n     atlassian_admin: {org_id: ", org_id,
                           ", api_key: {env: TWIN_TOKEN}}}\n",
                           "  - {id: corp, people: all, rate: 5000, page_size: 100,\n"
                           "     scim: {url: \"",
                           url, "/scim/v2\", token: {env: TWIN_TOKEN}, provisions: cloud}}\n",
                           "groups: [{export: \"*\", directory: corp},\n"
                           "         {export: \"*\", directory: crowd}]\n"));
  const ChildResult plan = place.Rollcall({"plan", "--format", "json"});
  ASSERT_EQ(plan.exit_code, 0) << plan.out.substr(0, 4000) << plan.err;
  const nlohmann::json document = nlohmann::json::parse(plan.out);
  EXPECT_EQ(document["state"], "EMPTY");
  EXPECT_EQ(document["counts"]["unchanged"], 3 * kPeople);
  EXPECT_EQ(place.Writes(), 0);
  const int64_t pages = Pages(kPeople, 1000) + Pages(kGroups, 1000) + 1 +  // Crowd; memberships
                        Pages(kPeople, 100) + Pages(in_lab, 100) + 2 +     // the organisation
                        Pages(kPeople, 100, 1) + Pages(kGroups, 100, 1);   // SCIM
  EXPECT_EQ(document["requestsUsed"], place.Requests());
  EXPECT_LE(place.Requests(), pages + 10);
  RecordProperty("pages", absl::StrCat(pages));
  RecordProperty("requests", absl::StrCat(place.Requests()));
}

}  // namespace
}  // namespace rollcall
