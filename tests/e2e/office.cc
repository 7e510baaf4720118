#include "tests/e2e/office.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/jira_twin.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/scim_directory.h"
#include "tests/twins/world_json.h"

namespace rollcall {
namespace {

using nlohmann::json;

twins::ScimUser ToUser(const OfficeAccount& account) {
  twins::ScimUser user = twins::MakeScimUser(account.id, account.user_name, "", account.active);
  if (!account.email.empty()) user.attributes["emails"][0]["value"] = account.email;
  return user;
}

std::string ToLine(const OfficePerson& person) {
  const std::string& email = person.email.empty() ? person.user_name : person.email;
  json record = {{"id", person.id}, {"userName", person.user_name}, {"active", person.active}};
  record["emails"] = json::array({{{"value", email}, {"primary", true}}});
  if (!person.group.empty()) record["groups"] = json::array({{{"display", person.group}}});
  return absl::StrCat(record.dump(), "\n");
}

// Names that differ in case only are two names to the directory, as they are to some.
WorkplaceOptions AnyNames() {
  WorkplaceOptions options;
  options.quirks = {"user_name_case_sensitive"};
  return options;
}

absl::Time OfficeClock() { return absl::Now(); }

void MountCrowd(const OfficeEstate& estate, twins::Rehearsal& rehearsal, twins::World& world) {
  twins::CrowdOptions crowd;
  for (const std::string& quirk : estate.crowd_quirks) {
    const absl::Status known = twins::ApplyCrowdQuirk(quirk, crowd);
    EXPECT_TRUE(known.ok()) << known;
  }
  rehearsal.Mount(crowd.base_path,
                  std::make_unique<twins::CrowdTwin>(&world, "crowd", crowd, OfficeClock));
}

void MountOrganisation(const OfficeEstate& estate, twins::Rehearsal& rehearsal,
                       twins::World& world) {
  twins::OrgOptions organisation;
  for (const std::string& quirk : estate.org_quirks) {
    const absl::Status known = twins::ApplyOrgQuirk(quirk, organisation);
    EXPECT_TRUE(known.ok()) << known;
  }
  rehearsal.Mount(organisation.base_path,
                  std::make_unique<twins::OrgTwin>(&world, organisation, OfficeClock));
}

void MountSites(const OfficeEstate& estate, twins::Rehearsal& rehearsal, twins::World& world) {
  twins::JiraOptions site;
  for (const std::string& quirk : estate.jira_quirks) {
    const absl::Status known = twins::ApplyJiraQuirk(quirk, site);
    EXPECT_TRUE(known.ok()) << known;
  }
  for (const auto& [name, unused] : world.sites) {
    site.base_path = absl::StrCat("/jira/", name);
    rehearsal.Mount(site.base_path,
                    std::make_unique<twins::JiraTwin>(&world, name, site, OfficeClock));
  }
}

// Mounts what the estate's world has, and hands out the world as it was written.
WorkplaceOptions EstateOptions(const OfficeEstate& estate) {
  WorkplaceOptions options;
  options.quirks = estate.scim_quirks;
  options.world = [text = estate.world] {
    absl::StatusOr<twins::World> world = twins::WorldFromJson(text, absl::Now());
    EXPECT_TRUE(world.ok()) << world.status();
    return world.ok() ? *std::move(world) : twins::World();
  };
  options.mount = [estate](twins::Rehearsal& rehearsal, twins::World& world) {
    if (!world.crowd.empty()) MountCrowd(estate, rehearsal, world);
    if (world.organisation.has_value()) MountOrganisation(estate, rehearsal, world);
    MountSites(estate, rehearsal, world);
  };
  return options;
}

}  // namespace

Office::Office(const OfficeEstate& estate) : place_(EstateOptions(estate)) {
  place_.Write("rollcall.yaml",
               absl::StrCat("state: rollcall.db\nexport: {people: people.jsonl}\ndirectories:\n",
                            absl::StrReplaceAll(estate.directories, {{"URL", place_.host_url()}}),
                            estate.more_config));
}

Office::Office(const OfficeAccounts& accounts, const OfficeOptions& options) : place_(AnyNames()) {
  place_.Exclusively([&] {
    twins::ScimDirectory directory;
    for (const OfficeAccount& account : accounts) directory.PutUser(ToUser(account));
    place_.world().scim["scim"] = std::move(directory);
  });
  // Guards count in percent, and an office is small.
  place_.Write("rollcall.yaml",
               absl::StrCat("state: rollcall.db\nexport: {people: people.jsonl}\ndirectories:\n"
                            "  - {id: corp, people: ",
                            options.people, ", rate: 2000, policy: {activate: ", options.activate,
                            "},\n     scim: {url: \"", place_.twin_url(),
                            "\", token: {env: TWIN_TOKEN}}}\n"
                            "guards: {first_run: false, shrunken_export: false}\n"));
}

void Office::Export(const std::vector<OfficePerson>& people) {
  std::string text;
  for (const OfficePerson& person : people) text += ToLine(person);
  place_.Write("people.jsonl", text);
}

OfficePlan Office::Plan() {
  const ChildResult result = place_.Rollcall({"plan", "--format", "json"});
  OfficePlan plan;
  plan.exit_code = result.exit_code;
  const json document = json::parse(result.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << result.out << result.err;
  if (!document.is_object()) return plan;
  plan.state = document["state"];
  for (const json& change : document["changes"]) {
    plan.changes.push_back(absl::StrCat(change["action"].get<std::string>(), " ",
                                        change["account"].get<std::string>()));
    plan.placed.push_back(
        absl::StrCat(change["directory"].get<std::string>(), " ", plan.changes.back()));
  }
  for (const json& finding : document["findings"]) {
    const auto subjects = finding["subjects"].get<std::vector<std::string>>();
    plan.findings.push_back(
        absl::StrCat(finding["name"].get<std::string>(), ": ", absl::StrJoin(subjects, " ")));
  }
  std::sort(plan.findings.begin(), plan.findings.end());
  return plan;
}

ChildResult Office::RunOnSchedule() { return place_.Rollcall({"apply", "--plan-now", "--yes"}); }

std::vector<std::string> Office::Active() {
  std::vector<std::string> active;
  place_.Exclusively([&] {
    for (const auto& user : place_.world().scim["scim"].users()) {
      if (user->Active()) active.push_back(user->id);
    }
  });
  std::sort(active.begin(), active.end());
  return active;
}

}  // namespace rollcall
