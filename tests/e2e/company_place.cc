#include "tests/e2e/company_place.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/org_twin.h"

namespace rollcall {
namespace {

absl::Time CompanyClock() { return absl::Now(); }

twins::Company CompanyOf(const twins::CompanyOptions& options) {
  absl::StatusOr<twins::Company> company = twins::MakeCompany(options, absl::Now());
  EXPECT_TRUE(company.ok()) << company.status();
  return company.ok() ? *std::move(company) : twins::Company();
}

WorkplaceOptions PlaceOptions(const CompanyPlaceOptions& options) {
  WorkplaceOptions place;
  place.quirks = {"atlassian_accounts"};
  place.world = [company = options.company] { return CompanyOf(company).world; };
  place.mount = [](twins::Rehearsal& rehearsal, twins::World& world) {
    rehearsal.Mount("/crowd", std::make_unique<twins::CrowdTwin>(
                                  &world, "crowd", twins::CrowdOptions(), CompanyClock));
    rehearsal.Mount("/atlassian",
                    std::make_unique<twins::OrgTwin>(&world, twins::OrgOptions(), CompanyClock));
  };
  return place;
}

}  // namespace

CompanyPlace::CompanyPlace(const CompanyPlaceOptions& options)
    : options_(options), place_(PlaceOptions(options)) {
  const absl::Status exported =
      twins::WriteExport(MakeCompany(), twins::ExportFormat::kScim, place_.File("."));
  EXPECT_TRUE(exported.ok()) << exported;
  std::string org_id;
  place_.Exclusively([&] { org_id = place_.world().organisation->id; });
  const std::string url = place_.host_url();
  place_.Write(
      "rollcall.yaml",
      absl::StrCat("state: ", options.state,
                   "\nexport: {people: people.json, groups: groups.json}\n"
                   "directories:\n"
                   "  - {id: crowd, people: all, rate: 5000, ",
                   options.crowd_options, "match: {user_name: local_part},\n     crowd: {url: \"",
                   url, "/crowd\", application: rollcall, password: {env: TWIN_TOKEN}}}\n",
                   "  - {id: cloud, people: all, rate: 5000, base_url: \"", url,
                   "/atlassian\",\n     atlassian_admin: {org_id: ", org_id,
                   ", api_key: {env: TWIN_TOKEN}}}\n",
                   "  - {id: corp, people: all, rate: 5000, scim: {url: \"", url,
                   "/scim/v2\", token: {env: TWIN_TOKEN}, provisions: cloud}}\n",
                   "groups: [{export: \"*\", directory: corp},\n"
                   "         {export: \"*\", directory: crowd}]\n",
                   options.guards));
}

twins::Company CompanyPlace::MakeCompany() const { return CompanyOf(options_.company); }

}  // namespace rollcall
