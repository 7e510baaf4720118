#include "agent/cli/wiring.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/cli/cached_secret.h"
#include "agent/cli/refusal.h"
#include "agent/config/secrets.h"
#include "clients/http/stack.h"
#include "clients/scim/scim_directory.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr double kDefaultRate = 20;  // requests a second, as config.proto says
constexpr int kDefaultConcurrency = 4;
constexpr int kBriefAttempts = 2;
constexpr absl::Duration kDefaultTimeout = absl::Seconds(30);

double RateOf(const config::v1::Directory& directory) {
  return directory.has_rate() ? directory.rate() : kDefaultRate;
}

absl::Duration TimeoutOf(const config::v1::Directory& directory) {
  if (!directory.has_timeout()) return kDefaultTimeout;
  return absl::Seconds(directory.timeout().seconds()) +
         absl::Nanoseconds(directory.timeout().nanos());
}

StackOptions StackOptionsOf(const LoadedConfig& config, const config::v1::Directory& directory) {
  StackOptions options;
  options.directory = directory.id();
  options.base_url = BaseUrlOf(directory);
  options.requests_per_second = RateOf(directory);
  options.transport.timeout = TimeoutOf(directory);
  options.transport.allow_http = directory.allow_http();
  if (!directory.ca_file().empty()) {
    options.transport.ca_file = config.Resolve(directory.ca_file());
  }
  return options;
}

struct Connection {
  std::unique_ptr<HttpStack> http;
  std::unique_ptr<ScimDirectory> directory;
};

class ConnectedWiring final : public Wiring {
 public:
  explicit ConnectedWiring(const Spec& spec) : spec_(spec) {}

  void Add(const std::string& id, Connection connection) {
    connections_[id] = std::move(connection);
  }

  std::map<std::string, DirectoryReader*> readers() const override {
    std::map<std::string, DirectoryReader*> result;
    for (const auto& [id, connection] : connections_) result[id] = connection.directory.get();
    return result;
  }

  Endpoints endpoints() const override {
    Endpoints result;
    for (const DirectorySpec& spec : spec_.directories) {
      ScimDirectory* directory = connections_.at(spec.id).directory.get();
      result[spec.id] = {directory, spec.apply ? directory : nullptr, directory->Traits(), spec};
    }
    return result;
  }

  ThrottlingByDirectory throttling() const override {
    ThrottlingByDirectory result;
    for (const auto& [id, connection] : connections_) {
      const RequestCounters& counters = connection.http->counters();
      result[id] = {counters.waits(), counters.throttled()};
    }
    return result;
  }

 private:
  const Spec& spec_;
  std::map<std::string, Connection> connections_;
};

absl::StatusOr<Connection> ConnectScim(const LoadedConfig& config,
                                       const config::v1::Directory& directory, Runtime& runtime,
                                       Progress& progress, TraitStore* traits, Patience patience) {
  StackOptions options = StackOptionsOf(config, directory);
  options.auth.scheme = AuthScheme::kBearer;
  options.auth.secret = CachedSecret(directory.scim().token(), config, runtime);
  if (patience == Patience::kBrief) options.retry.max_attempts = kBriefAttempts;
  Connection connection;
  ASSIGN_OR_RETURN(connection.http, BuildHttpStack(options, runtime, progress));
  ScimOptions scim;
  scim.id = directory.id();
  scim.base_url = options.base_url;
  scim.requests_per_second = options.requests_per_second;
  scim.concurrency = directory.has_concurrency() ? directory.concurrency() : kDefaultConcurrency;
  if (directory.has_page_size()) scim.paging.page_size = directory.page_size();
  connection.directory =
      std::make_unique<ScimDirectory>(scim, *connection.http, runtime, traits, progress);
  return connection;
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
                                                        TraitStore* traits, Patience patience) {
  auto wiring = std::make_unique<ConnectedWiring>(config.spec);
  for (const config::v1::Directory& directory : config.proto.directories()) {
    if (directory.kind_case() != config::v1::Directory::kScim) {
      return Refuse(ExitCode::kUsage,
                    absl::StrCat(config.file, ": directory ", directory.id(),
                                 ": this kind is not in this build yet; only `scim` is"));
    }
    absl::StatusOr<Connection> connection =
        ConnectScim(config, directory, runtime, progress, traits, patience);
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
