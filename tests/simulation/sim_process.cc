#include "tests/simulation/sim_process.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_directory.h"
#include "clients/crowd/crowd_directory.h"
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

AuthOptions Basic() {
  AuthOptions auth = Bearer();
  auth.scheme = AuthScheme::kBasic;
  auth.user = "rollcall";
  return auth;
}

}  // namespace

SimProcess::~SimProcess() { parts_.witness.Close(); }

absl::Status SimProcess::Start() {
  parts_.witness.BeginReading();
  ASSIGN_OR_RETURN(store_, Store::Open(parts_.state));
  return Connect();
}

template <typename Directory, typename Options>
absl::Status SimProcess::ConnectOne(const std::string& id, const char* base,
                                    const AuthOptions& auth, Options options) {
  StackOptions stack;
  stack.directory = id;
  stack.base_url = absl::StrCat(SimWorld::kOrigin, base);
  stack.requests_per_second = parts_.rate;
  stack.auth = auth;
  Connection connection;
  ASSIGN_OR_RETURN(connection.http,
                   BuildHttpStack(stack, parts_.runtime, progress_, parts_.network));
  options.id = id;
  options.base_url = stack.base_url;
  options.requests_per_second = parts_.rate;
  auto directory = std::make_unique<Directory>(options, *connection.http, parts_.runtime,
                                               &store_->traits(), progress_);
  connection.writer = directory.get();
  connection.reader = std::move(directory);
  connections_[id] = std::move(connection);
  return absl::OkStatus();
}

absl::Status SimProcess::Connect() {
  RETURN_IF_ERROR(
      (ConnectOne<ScimDirectory, ScimOptions>(kScim, SimWorld::kScimBase, Bearer(), {})));
  RETURN_IF_ERROR(
      (ConnectOne<CrowdDirectory, CrowdOptions>(kCrowd, SimWorld::kCrowdBase, Basic(), {})));
  OrgOptions cloud;
  cloud.org_id = parts_.world.org_id();
  for (const DirectorySpec& spec : parts_.world.spec().directories) {
    if (spec.id != kCloud) continue;
    cloud.identity = spec.identity;
    if (spec.policy.deactivate_by == Policy::DeactivateBy::kDirectory) {
      cloud.scope.way = OrgWay::kDirectory;
    }
  }
  return ConnectOne<OrgDirectory, OrgOptions>(kCloud, SimWorld::kCloudBase, Bearer(), cloud);
}

absl::StatusOr<Plan> SimProcess::MakePlan() {
  parts_.witness.BeginReading();
  RETURN_IF_ERROR(MarkInterruptedRuns(*store_, parts_.runtime.Now()));
  ASSIGN_OR_RETURN(const Export exported, parts_.world.idp().MakeExport(parts_.runtime.Now()));
  std::map<std::string, DirectoryReader*> readers;
  for (const auto& [id, connection] : connections_) readers[id] = connection.reader.get();
  Planning planning({.spec = parts_.world.spec(),
                     .store = *store_,
                     .runtime = parts_.runtime,
                     .readers = readers,
                     .export_source = "people"});
  ASSIGN_OR_RETURN(Planned planned, planning.Make(exported, {}, parts_.machine.context()));
  return std::move(planned.plan);
}

Applying SimProcess::MakeApplying() {
  Endpoints endpoints;
  for (const DirectorySpec& spec : parts_.world.spec().directories) {
    const Connection& connection = connections_.at(spec.id);
    endpoints[spec.id] = {connection.reader.get(), connection.writer, connection.reader->Traits(),
                          spec};
  }
  ExecutorOptions executor;
  executor.reread_after = parts_.world.spec().reread_after;
  return Applying({.spec = parts_.world.spec(),
                   .store = *store_,
                   .runtime = parts_.runtime,
                   .progress = progress_,
                   .endpoints = endpoints,
                   .executor = executor,
                   .throttling = nullptr});
}

absl::StatusOr<RunRecord> SimProcess::Apply(const std::string& plan,
                                            const std::vector<Waiver>& waivers) {
  Applying applying = MakeApplying();
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(plan, waivers));
  if (ready.nothing_to_do()) {
    RunRecord nothing;
    nothing.state = RunState::kSucceeded;
    return nothing;
  }
  parts_.witness.BeginApplying(ready.plan, *store_, !ready.waivers.empty());
  absl::StatusOr<RunRecord> run = applying.Execute(ready, parts_.machine.context());
  parts_.witness.BeginReading();
  return run;
}

}  // namespace rollcall::simulation
