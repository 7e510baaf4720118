// Three directories of 20,000 accounts each that are in step with the export: reading them costs
// their pages and next to nothing else, and nothing is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/company_place.h"

namespace rollcall {
namespace {

constexpr int64_t kPeople = 20'000;
constexpr int64_t kGroups = 20;

CompanyPlaceOptions BigCompany() {
  CompanyPlaceOptions options;
  options.company.people = kPeople;
  options.company.groups = kGroups;
  options.company.drift = 0;
  options.company.cloud = 1;
  options.company.crowd = 1;
  options.company.seed = 5;
  options.crowd_options = "page_size: 1000, ";
  return options;
}

// Pages of a list of `rows`; each begins with the last row of the page before where they overlap.
int64_t Pages(int64_t rows, int64_t page, int64_t overlap = 0) {
  return (rows - overlap + page - overlap - 1) / (page - overlap);
}

TEST(ScaleTest, ThreeConvergedDirectoriesCostTheirPagesAndNotOneWrite) {
  CompanyPlace company(BigCompany());
  Workplace& place = *company;
  int64_t in_lab = 0;
  place.Exclusively([&] {
    for (const auto& [id, account] : place.world().cloud_accounts) {
      in_lab += static_cast<int64_t>(account.directories.count("dir-lab"));
    }
  });
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
