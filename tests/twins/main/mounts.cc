#include "tests/twins/main/mounts.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_options.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/id_source.h"
#include "tests/twins/jira_options.h"
#include "tests/twins/jira_twin.h"
#include "tests/twins/org_options.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/scim_options.h"
#include "tests/twins/scim_twin.h"

namespace rollcall::twins {
namespace {

constexpr char kOrganisation[] = "organisation";  // its name in a world and in the first line

absl::StatusOr<ScimOptions> MakeScimOptions(const TwinFlags& flags) {
  ScimOptions options;
  options.token = flags.token;
  if (absl::Status status = ApplyDialect(flags.dialect, options); !status.ok()) return status;
  for (const std::string& quirk : flags.quirks) {
    if (absl::Status status = ApplyQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

absl::StatusOr<CrowdOptions> MakeCrowdOptions(const TwinFlags& flags) {
  CrowdOptions options;
  options.application = flags.crowd_application;
  options.password = flags.token;
  for (const std::string& quirk : flags.crowd_quirks) {
    if (absl::Status status = ApplyCrowdQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

absl::StatusOr<OrgOptions> MakeOrgOptions(const TwinFlags& flags) {
  OrgOptions options;
  options.key = flags.org_key.empty() ? flags.token : flags.org_key;
  for (const std::string& quirk : flags.org_quirks) {
    if (absl::Status status = ApplyOrgQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

// "/scim/v2" for the directory "scim" and "/NAME/scim/v2" for others; Atlassian has its own form.
std::string BasePath(const TwinFlags& flags, const std::string& name, size_t number) {
  if (flags.dialect == "atlassian") {
    return absl::StrCat("/scim/directory/", IdSource(number + 1).Uuid());
  }
  return name == "scim" ? "/scim/v2" : absl::StrCat("/", name, "/scim/v2");
}

// Mounts every Crowd application of the world: "crowd" at /crowd, others at /NAME/crowd. `line`
// gets what a client needs, with the path alone as base_url.
absl::Status MountCrowd(const TwinFlags& flags, World& world, const TwinClock& clock,
                        Rehearsal& rehearsal, nlohmann::json& line) {
  const absl::StatusOr<CrowdOptions> options = MakeCrowdOptions(flags);
  if (!options.ok()) return options.status();
  uint64_t number = 0;
  for (const auto& [name, application] : world.crowd) {
    if (world.scim.count(name) > 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("two directories, of SCIM and of Crowd, are named ", name));
    }
    CrowdOptions own = *options;
    own.base_path = name == "crowd" ? "/crowd" : absl::StrCat("/", name, "/crowd");
    own.seed += number++;
    rehearsal.Mount(own.base_path, std::make_unique<CrowdTwin>(&world, name, own, clock));
    line[name] = {
        {"base_url", own.base_path}, {"application", own.application}, {"password", own.password}};
  }
  return absl::OkStatus();
}

// Mounts the organisation of the world, if it has one, at /atlassian, under the name of
// "organisation".
absl::Status MountOrganisation(const TwinFlags& flags, World& world, const TwinClock& clock,
                               Rehearsal& rehearsal, nlohmann::json& line) {
  const absl::StatusOr<OrgOptions> options = MakeOrgOptions(flags);
  if (!options.ok()) return options.status();
  if (!world.organisation.has_value()) return absl::OkStatus();
  if (world.scim.count(kOrganisation) > 0 || world.crowd.count(kOrganisation) > 0) {
    return absl::InvalidArgumentError("a directory cannot be named organisation beside one");
  }
  nlohmann::json directories = nlohmann::json::array();
  for (const OrgDirectory& directory : world.organisation->directories) {
    directories.push_back(directory.id);
  }
  line[kOrganisation] = {{"base_url", options->base_path},
                         {"org_id", world.organisation->id},
                         {"token", options->key},
                         {"directories", directories}};
  rehearsal.Mount(options->base_path, std::make_unique<OrgTwin>(&world, *options, clock));
  return absl::OkStatus();
}

absl::StatusOr<JiraOptions> MakeJiraOptions(const TwinFlags& flags) {
  JiraOptions options;
  options.email = flags.jira_email;
  options.token = flags.jira_token.empty() ? flags.token : flags.jira_token;
  for (const std::string& quirk : flags.jira_quirks) {
    if (absl::Status status = ApplyJiraQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

// Mounts every Jira site of the world twice: at /jira/NAME, which stands for its own address, and
// below the organisation's, at /atlassian/ex/jira/{cloud id}, as the gateway for scoped tokens.
absl::Status MountSites(const TwinFlags& flags, World& world, const TwinClock& clock,
                        Rehearsal& rehearsal, nlohmann::json& line) {
  const absl::StatusOr<JiraOptions> options = MakeJiraOptions(flags);
  if (!options.ok()) return options.status();
  JiraOptions own = *options;
  for (const auto& [name, site] : world.sites) {
    if (line.contains(name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("two directories, one of them of Jira, are named ", name));
    }
    line[name] = {{"kind", "jira"},
                  {"base_url", absl::StrCat("/jira/", name)},
                  {"gateway_url", absl::StrCat(OrgOptions().base_path, "/ex/jira/", site.id)},
                  {"cloud_id", site.id},
                  {"email", own.email},
                  {"token", own.token}};
    for (const char* key : {"base_url", "gateway_url"}) {
      own.base_path = line[name][key].get<std::string>();
      own.seed += 1;
      rehearsal.Mount(own.base_path, std::make_unique<JiraTwin>(&world, name, own, clock));
    }
  }
  return absl::OkStatus();
}

absl::Status MountScim(const TwinFlags& flags, World& world, const TwinClock& clock,
                       Rehearsal& rehearsal, nlohmann::json& line) {
  const absl::StatusOr<ScimOptions> options = MakeScimOptions(flags);
  if (!options.ok()) return options.status();
  uint64_t number = 0;
  for (const auto& [name, directory] : world.scim) {
    ScimOptions own = *options;
    own.base_path = BasePath(flags, name, number);
    own.seed = options->seed + number++;
    line[name] = {{"base_url", own.base_path}, {"token", flags.token}};
    rehearsal.Mount(own.base_path, std::make_unique<ScimTwin>(&world, name, own, clock));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<nlohmann::json> MountTwins(const TwinFlags& flags, World& world,
                                          const TwinClock& clock, Rehearsal& rehearsal) {
  nlohmann::json line = nlohmann::json::object();
  for (const auto mount : {&MountScim, &MountCrowd, &MountOrganisation, &MountSites}) {
    if (absl::Status status = mount(flags, world, clock, rehearsal, line); !status.ok()) {
      return status;
    }
  }
  return line;
}

}  // namespace rollcall::twins
