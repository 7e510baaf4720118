#include "tests/simulation/sim_wiring.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_directory.h"
#include "clients/crowd/crowd_directory.h"
#include "clients/jira/jira_directory.h"
#include "clients/scim/scim_directory.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::simulation {
namespace {

AuthOptions Bearer() {
  AuthOptions auth;
  auth.scheme = AuthScheme::kBearer;
  auth.secret = []() -> absl::StatusOr<Secret> { return Secret(SimWorld::kToken); };
  return auth;
}

AuthOptions Basic(const std::string& user) {
  AuthOptions auth = Bearer();
  auth.scheme = AuthScheme::kBasic;
  auth.user = user;
  return auth;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Wiring>> SimWiring::Connect(const Parts& parts) {
  std::unique_ptr<SimWiring> wiring(new SimWiring(parts));
  RETURN_IF_ERROR(wiring->ConnectAll());
  return std::unique_ptr<Wiring>(std::move(wiring));
}

template <typename Directory, typename Options>
absl::Status SimWiring::ConnectOne(const std::string& id, const char* base, const AuthOptions& auth,
                                   Options options) {
  StackOptions stack;
  stack.directory = id;
  stack.base_url = absl::StrCat(SimWorld::kOrigin, base);
  stack.requests_per_second = parts_.rate;
  stack.auth = auth;
  Connection connection;
  ASSIGN_OR_RETURN(connection.http,
                   BuildHttpStack(stack, parts_.runtime, parts_.progress, parts_.network));
  options.id = id;
  options.base_url = stack.base_url;
  options.requests_per_second = parts_.rate;
  auto directory = std::make_unique<Directory>(options, *connection.http, parts_.runtime,
                                               parts_.traits, parts_.progress);
  connection.writer = directory.get();
  connection.reader = std::move(directory);
  connections_[id] = std::move(connection);
  return absl::OkStatus();
}

absl::Status SimWiring::ConnectAll() {
  RETURN_IF_ERROR(
      (ConnectOne<ScimDirectory, ScimOptions>(kScim, SimWorld::kScimBase, Bearer(), {})));
  RETURN_IF_ERROR((ConnectOne<CrowdDirectory, CrowdOptions>(kCrowd, SimWorld::kCrowdBase,
                                                            Basic("rollcall"), {})));
  OrgOptions cloud;
  cloud.org_id = parts_.world.org_id();
  for (const DirectorySpec& spec : parts_.world.spec().directories) {
    if (spec.id != kCloud) continue;
    cloud.identity = spec.identity;
    if (spec.policy.deactivate_by == Policy::DeactivateBy::kDirectory) {
      cloud.scope.way = OrgWay::kDirectory;
    }
  }
  RETURN_IF_ERROR(
      (ConnectOne<OrgDirectory, OrgOptions>(kCloud, SimWorld::kCloudBase, Bearer(), cloud)));
  if (!parts_.world.site().has_value()) return absl::OkStatus();
  const SimSite& drawn = *parts_.world.site();
  JiraOptions site;
  site.access = {drawn.access_groups, drawn.products};
  site.follows_activity = drawn.follows_activity;
  site.identity = cloud.identity;
  site.paging.page_size = drawn.page_size;
  return ConnectOne<JiraDirectory, JiraOptions>(kSite, SimWorld::kSiteBase, Basic(drawn.twin.email),
                                                site);
}

std::map<std::string, DirectoryReader*> SimWiring::readers() const {
  std::map<std::string, DirectoryReader*> readers;
  for (const auto& [id, connection] : connections_) readers[id] = connection.reader.get();
  return readers;
}

Endpoints SimWiring::endpoints() const {
  Endpoints endpoints;
  for (const DirectorySpec& spec : parts_.world.spec().directories) {
    const Connection& connection = connections_.at(spec.id);
    endpoints[spec.id] = {connection.reader.get(), connection.writer, connection.reader->Traits(),
                          spec};
  }
  return endpoints;
}

ThrottlingByDirectory SimWiring::throttling() const {
  ThrottlingByDirectory result;
  for (const auto& [id, connection] : connections_) {
    const RequestCounters& counters = connection.http->counters();
    result[id] = {counters.waits(), counters.throttled(), counters.busy_waits()};
  }
  return result;
}

}  // namespace rollcall::simulation
