#include "agent/runs/wiring.h"

#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/config/secrets.h"
#include "agent/runs/cached_secret.h"
#include "agent/runs/refusal.h"
#include "clients/atlassian/org_directory.h"
#include "clients/crowd/crowd_directory.h"
#include "clients/http/stack.h"
#include "clients/jira/jira_directory.h"
#include "clients/scim/scim_directory.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr double kDefaultRate = 20;  // requests a second, as config.proto says
constexpr int kDefaultConcurrency = 4;
constexpr int kBriefAttempts = 2;
constexpr absl::Duration kDefaultTimeout = absl::Seconds(30);
// Crowd gives all memberships in one answer: 20 for each of a million users fit.
constexpr size_t kCrowdMaxBody = size_t{1} << 30;

double RateOf(const config::v1::Directory& directory) {
  return directory.has_rate() ? directory.rate() : kDefaultRate;
}

absl::Duration TimeoutOf(const config::v1::Directory& directory) {
  if (!directory.has_timeout()) return kDefaultTimeout;
  return absl::Seconds(directory.timeout().seconds()) +
         absl::Nanoseconds(directory.timeout().nanos());
}

int ConcurrencyOf(const config::v1::Directory& directory) {
  return directory.has_concurrency() ? directory.concurrency() : kDefaultConcurrency;
}

// What all kinds are made with.
struct Parts {
  const LoadedConfig& config;
  Runtime& runtime;
  Progress& progress;
  TraitStore* traits;
  Patience patience;
  RequestObserver* observer;
};

StackOptions StackOptionsOf(const config::v1::Directory& directory, const Parts& parts) {
  StackOptions options;
  options.directory = directory.id();
  options.observer = parts.observer;
  options.base_url = BaseUrlOf(directory);
  options.requests_per_second = RateOf(directory);
  options.transport.timeout = TimeoutOf(directory);
  options.transport.allow_http = directory.allow_http();
  if (!directory.ca_file().empty()) {
    options.transport.ca_file = parts.config.Resolve(directory.ca_file());
  }
  if (parts.patience == Patience::kBrief) options.retry.max_attempts = kBriefAttempts;
  return options;
}

struct Connection {
  std::unique_ptr<HttpStack> http;
  std::unique_ptr<DirectoryReader> reader;  // owns the object
  DirectoryWriter* writer = nullptr;        // the same object
  ScimLinkDesk* links = nullptr;            // of an organisation
};

template <typename Directory>
Connection Connected(std::unique_ptr<HttpStack> http, std::unique_ptr<Directory> directory) {
  Connection connection;
  connection.writer = directory.get();
  if constexpr (std::is_same_v<Directory, OrgDirectory>) connection.links = &directory->links();
  connection.http = std::move(http);
  connection.reader = std::move(directory);
  return connection;
}

class ConnectedWiring final : public Wiring {
 public:
  explicit ConnectedWiring(const Spec& spec) : spec_(spec) {}

  void Add(const std::string& id, Connection connection) {
    connections_[id] = std::move(connection);
  }

  std::map<std::string, DirectoryReader*> readers() const override {
    std::map<std::string, DirectoryReader*> result;
    for (const auto& [id, connection] : connections_) result[id] = connection.reader.get();
    return result;
  }

  Endpoints endpoints() const override {
    Endpoints result;
    for (const DirectorySpec& spec : spec_.directories) {
      const Connection& connection = connections_.at(spec.id);
      result[spec.id] = {connection.reader.get(), spec.apply ? connection.writer : nullptr,
                         connection.reader->Traits(), spec};
    }
    return result;
  }

  std::map<std::string, ScimLinkDesk*> scim_links() const override {
    std::map<std::string, ScimLinkDesk*> result;
    for (const auto& [id, connection] : connections_) {
      if (connection.links != nullptr) result[id] = connection.links;
    }
    return result;
  }

  ThrottlingByDirectory throttling() const override {
    ThrottlingByDirectory result;
    for (const auto& [id, connection] : connections_) {
      const RequestCounters& counters = connection.http->counters();
      result[id] = {counters.waits(), counters.throttled(), counters.busy_waits()};
    }
    return result;
  }

 private:
  const Spec& spec_;
  std::map<std::string, Connection> connections_;
};

// What all kinds have in common: a stack of their own, and options of these names. `options` holds
// what only this kind has.
template <typename Directory, typename Options>
absl::StatusOr<Connection> ConnectOver(const StackOptions& stack,
                                       const config::v1::Directory& directory, const Parts& parts,
                                       Options options = {}) {
  ASSIGN_OR_RETURN(std::unique_ptr<HttpStack> http,
                   BuildHttpStack(stack, parts.runtime, parts.progress));
  options.id = directory.id();
  options.base_url = stack.base_url;
  options.requests_per_second = stack.requests_per_second;
  options.concurrency = ConcurrencyOf(directory);
  if (directory.has_page_size()) options.paging.page_size = directory.page_size();
  HttpStack& client = *http;
  return Connected(std::move(http), std::make_unique<Directory>(options, client, parts.runtime,
                                                                parts.traits, parts.progress));
}

absl::StatusOr<Connection> ConnectScim(const config::v1::Directory& directory, const Parts& parts) {
  StackOptions stack = StackOptionsOf(directory, parts);
  stack.auth.scheme = AuthScheme::kBearer;
  stack.auth.secret = CachedSecret(directory.scim().token(), parts.config, parts.runtime);
  return ConnectOver<ScimDirectory, ScimOptions>(stack, directory, parts);
}

absl::StatusOr<Connection> ConnectCrowd(const config::v1::Directory& directory,
                                        const Parts& parts) {
  StackOptions stack = StackOptionsOf(directory, parts);
  stack.auth.scheme = AuthScheme::kBasic;
  stack.auth.user = directory.crowd().application();
  stack.auth.secret = CachedSecret(directory.crowd().password(), parts.config, parts.runtime);
  stack.transport.max_body = kCrowdMaxBody;
  return ConnectOver<CrowdDirectory, CrowdOptions>(stack, directory, parts);
}

OrgWay WayOf(const Spec& spec, const std::string& directory) {
  for (const DirectorySpec& one : spec.directories) {
    if (one.id == directory && one.policy.deactivate_by == Policy::DeactivateBy::kDirectory) {
      return OrgWay::kDirectory;
    }
  }
  return OrgWay::kAccount;
}

absl::StatusOr<Connection> ConnectOrganization(const config::v1::Directory& directory,
                                               const Parts& parts) {
  const config::v1::AtlassianAdmin& admin = directory.atlassian_admin();
  StackOptions stack = StackOptionsOf(directory, parts);
  stack.auth.scheme = AuthScheme::kBearer;
  stack.auth.secret = CachedSecret(admin.api_key(), parts.config, parts.runtime);
  OrgOptions options;
  options.org_id = admin.org_id();
  if (!admin.directory_id().empty()) options.scope.directory = admin.directory_id();
  options.scope.way = WayOf(parts.config.spec, directory.id());
  options.identity = directory.identity();
  return ConnectOver<OrgDirectory, OrgOptions>(stack, directory, parts, options);
}

absl::StatusOr<Connection> ConnectSite(const config::v1::Directory& directory, const Parts& parts) {
  const config::v1::Jira& jira = directory.jira();
  StackOptions stack = StackOptionsOf(directory, parts);
  stack.auth.scheme = AuthScheme::kBasic;
  stack.auth.user = jira.email();
  stack.auth.secret = CachedSecret(jira.api_token(), parts.config, parts.runtime);
  JiraOptions options;
  options.access.groups.assign(jira.access_groups().begin(), jira.access_groups().end());
  options.access.products.assign(jira.products().begin(), jira.products().end());
  const DirectorySpec* spec = parts.config.spec.FindDirectory(directory.id());
  options.follows_activity =
      spec != nullptr && spec->policy.site_access == Policy::SiteAccess::kFollowActivity;
  options.identity = directory.identity();
  return ConnectOver<JiraDirectory, JiraOptions>(stack, directory, parts, options);
}

absl::StatusOr<Connection> ConnectDirectory(const config::v1::Directory& directory,
                                            const Parts& parts) {
  switch (directory.kind_case()) {
    case config::v1::Directory::kScim:
      return ConnectScim(directory, parts);
    case config::v1::Directory::kCrowd:
      return ConnectCrowd(directory, parts);
    case config::v1::Directory::kAtlassianAdmin:
      return ConnectOrganization(directory, parts);
    case config::v1::Directory::kJira:
      return ConnectSite(directory, parts);
    default:
      return absl::InternalError("a directory without a kind passed the checks");
  }
}

const config::v1::Secret& SecretOf(const config::v1::Directory& directory) {
  switch (directory.kind_case()) {
    case config::v1::Directory::kCrowd:
      return directory.crowd().password();
    case config::v1::Directory::kAtlassianAdmin:
      return directory.atlassian_admin().api_key();
    case config::v1::Directory::kJira:
      return directory.jira().api_token();
    default:
      return directory.scim().token();
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Wiring>> Wiring::Connect(const LoadedConfig& config,
                                                        Runtime& runtime, Progress& progress,
                                                        TraitStore* traits, Patience patience,
                                                        RequestObserver* observer) {
  auto wiring = std::make_unique<ConnectedWiring>(config.spec);
  const Parts parts = {config, runtime, progress, traits, patience, observer};
  for (const config::v1::Directory& directory : config.proto.directories()) {
    absl::StatusOr<Connection> connection = ConnectDirectory(directory, parts);
    if (!connection.ok()) {
      return WithExitCode(
          ExitCode::kUsage,
          Annotate(connection.status(), absl::StrCat(config.file, ": directory ", directory.id())));
    }
    wiring->Add(directory.id(), *std::move(connection));
  }
  return wiring;
}

std::vector<std::string> AllSecretWarnings(const LoadedConfig& config) {
  std::vector<std::string> warnings;
  for (const config::v1::Directory& directory : config.proto.directories()) {
    for (const std::string& warning : SecretWarnings(SecretOf(directory), config)) {
      warnings.push_back(absl::StrCat(directory.id(), ": ", warning));
    }
  }
  return warnings;
}

}  // namespace rollcall
