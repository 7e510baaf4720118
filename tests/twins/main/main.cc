// rollcall-twin: a directory to rehearse on. Serves a world from a file, or an invented company,
// on a loopback address, until SIGTERM, SIGINT, or (if asked) the end of its standard input. Its
// first line on standard output is one JSON object with the addresses.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "tests/twins/company.h"
#include "tests/twins/crowd_options.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/id_source.h"
#include "tests/twins/org_options.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/rehearsal.h"
#include "tests/twins/scim_options.h"
#include "tests/twins/scim_twin.h"
#include "tests/twins/twin_server.h"
#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

constexpr int kUsageError = 7;  // as in every command of Rollcall
constexpr int kUnmetFaults = 1;
constexpr char kOrganisation[] = "organisation";  // its name in a world and in the first line

struct Flags {
  std::string state;
  std::string company;
  std::string out;
  std::string out_format = "scim";
  std::string listen = "127.0.0.1:0";
  std::string token = "twin-token";
  std::string dialect = "rfc";
  std::vector<std::string> quirks;
  std::string crowd_application = "rollcall";
  std::vector<std::string> crowd_quirks;
  std::string org_key;
  std::vector<std::string> org_quirks;
  int64_t page = 0;
  int64_t latency_ms = 0;
  double rate = 0;
  std::string rate_style = "seconds";
  std::string faults;
  bool until_stdin_closes = false;
  bool list_quirks = false;
};

void Declare(CLI::App& app, Flags& flags) {
  auto* state = app.add_option("--state", flags.state, "A world written by hand (JSON)");
  app.add_option("--company", flags.company,
                 "An invented company: people=500,groups=40,drift=3,memberships=5,seed=7")
      ->excludes(state);
  app.add_option("--out", flags.out, "Folder for the company's export and its drift.json");
  app.add_option("--out-format", flags.out_format, "Format of the export")
      ->check(CLI::IsMember({"scim", "okta", "entra", "google", "csv"}))
      ->capture_default_str();
  app.add_option("--listen", flags.listen, "Loopback address; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--token", flags.token,
                 "The bearer token, or the Crowd application's password, that is asked for")
      ->capture_default_str();
  app.add_option("--dialect", flags.dialect,
                 absl::StrCat("How the server behaves: ", absl::StrJoin(DialectNames(), ", ")))
      ->capture_default_str();
  app.add_option("--quirk", flags.quirks, "An oddity by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--crowd-application", flags.crowd_application,
                 "The name with which a client of Crowd has to authenticate")
      ->capture_default_str();
  app.add_option("--crowd-quirk", flags.crowd_quirks,
                 "An oddity of Crowd by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--org-key", flags.org_key, "The organisation's API key, if it is not the token");
  app.add_option("--org-quirk", flags.org_quirks,
                 "An oddity of the organisation by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--page", flags.page, "Most items of a page")->check(CLI::PositiveNumber);
  app.add_option("--latency", flags.latency_ms, "Milliseconds added to every answer")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--rate", flags.rate, "Requests a second; more are answered with 429")
      ->check(CLI::PositiveNumber);
  app.add_option("--rate-style", flags.rate_style, "How a 429 says when to come back")
      ->check(CLI::IsMember(RetryStyleNames()))
      ->capture_default_str();
  app.add_option("--faults", flags.faults, "A fault script (JSON)");
  app.add_flag("--until-stdin-closes", flags.until_stdin_closes,
               "End when standard input is closed");
  app.add_flag("--list-quirks", flags.list_quirks, "List all quirks and end");
  app.footer(
      "Example:\n  rollcall-twin --company people=500,groups=40,drift=3,seed=7 --out exports "
      "--dialect scimmy");
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be opened"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

ExportFormat FormatNamed(const std::string& name) {
  if (name == "okta") return ExportFormat::kOkta;
  if (name == "entra") return ExportFormat::kEntra;
  if (name == "google") return ExportFormat::kGoogle;
  return name == "csv" ? ExportFormat::kCsv : ExportFormat::kScim;
}

absl::StatusOr<World> MakeWorld(const Flags& flags) {
  const absl::Time now = absl::Now();
  if (!flags.state.empty()) {
    const absl::StatusOr<std::string> text = ReadFile(flags.state);
    if (!text.ok()) return text.status();
    absl::StatusOr<World> world = WorldFromJson(*text, now);
    if (world.ok()) return world;
    return absl::InvalidArgumentError(absl::StrCat(flags.state, ": ", world.status().message()));
  }
  const absl::StatusOr<CompanyOptions> options = ParseCompanyOptions(flags.company);
  if (!options.ok()) return options.status();
  absl::StatusOr<Company> company = MakeCompany(*options, now);
  if (!company.ok()) return company.status();
  if (!flags.out.empty()) {
    std::error_code error;
    std::filesystem::create_directories(flags.out, error);
    const absl::Status status = WriteExport(*company, FormatNamed(flags.out_format), flags.out);
    if (!status.ok()) {
      return status;
    }
  }
  return std::move(company->world);
}

absl::StatusOr<ScimOptions> MakeScimOptions(const Flags& flags) {
  ScimOptions options;
  options.token = flags.token;
  if (absl::Status status = ApplyDialect(flags.dialect, options); !status.ok()) return status;
  for (const std::string& quirk : flags.quirks) {
    if (absl::Status status = ApplyQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

absl::StatusOr<CrowdOptions> MakeCrowdOptions(const Flags& flags) {
  CrowdOptions options;
  options.application = flags.crowd_application;
  options.password = flags.token;
  for (const std::string& quirk : flags.crowd_quirks) {
    if (absl::Status status = ApplyCrowdQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

absl::StatusOr<OrgOptions> MakeOrgOptions(const Flags& flags) {
  OrgOptions options;
  options.key = flags.org_key.empty() ? flags.token : flags.org_key;
  for (const std::string& quirk : flags.org_quirks) {
    if (absl::Status status = ApplyOrgQuirk(quirk, options); !status.ok()) return status;
  }
  if (flags.page > 0) options.page_cap = flags.page;
  return options;
}

// "/scim/v2" for the directory "scim" and "/NAME/scim/v2" for others; Atlassian has its own form.
std::string BasePath(const Flags& flags, const std::string& name, size_t number) {
  if (flags.dialect == "atlassian") {
    return absl::StrCat("/scim/directory/", IdSource(number + 1).Uuid());
  }
  return name == "scim" ? "/scim/v2" : absl::StrCat("/", name, "/scim/v2");
}

// Mounts every Crowd application of the world: "crowd" at /crowd, others at /NAME/crowd. `line`
// gets what a client needs, with the path alone as base_url.
absl::Status MountCrowd(const Flags& flags, World& world, const TwinClock& clock,
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
absl::Status MountOrganisation(const Flags& flags, World& world, const TwinClock& clock,
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

// Blocks until it is time to go. The signals are blocked in every thread, so only this one sees
// them.
void WaitForTheEnd(bool until_stdin_closes, const sigset_t& signals) {
  const int signal_fd = ::signalfd(-1, &signals, SFD_CLOEXEC);
  pollfd items[] = {{signal_fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  while (true) {  // ends with a signal or the end of the input
    if (::poll(items, until_stdin_closes ? 2 : 1, -1) < 0) continue;
    if ((items[0].revents & POLLIN) != 0) break;
    char buffer[4096];
    if (items[1].revents != 0 && ::read(STDIN_FILENO, buffer, sizeof(buffer)) <= 0) break;
  }
  ::close(signal_fd);
}

int Report(const FaultScript& faults) {
  const std::vector<std::string> unmet = faults.Unmet();
  for (const std::string& name : unmet) {
    std::cerr << "rollcall-twin: the fault \"" << name << "\" was not met as often as it says\n";
  }
  return unmet.empty() ? 0 : kUnmetFaults;
}

absl::StatusOr<int> Serve(const Flags& flags) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  absl::StatusOr<World> world = MakeWorld(flags);
  if (!world.ok()) return world.status();
  absl::StatusOr<ScimOptions> options = MakeScimOptions(flags);
  if (!options.ok()) return options.status();
  RehearsalOptions rehearsal_options;
  rehearsal_options.latency = absl::Milliseconds(flags.latency_ms);
  rehearsal_options.rate = flags.rate;
  rehearsal_options.retry_style = *FindRetryStyle(flags.rate_style);
  const TwinClock clock = [] { return absl::Now(); };
  Rehearsal rehearsal(&*world, rehearsal_options, clock);
  if (!flags.faults.empty()) {
    const absl::StatusOr<std::string> text = ReadFile(flags.faults);
    if (!text.ok()) return text.status();
    absl::StatusOr<FaultScript> faults = FaultScript::Parse(*text);
    if (!faults.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(flags.faults, ": ", faults.status().message()));
    }
    rehearsal.set_faults(*std::move(faults));
  }

  TwinServer server(&rehearsal);
  std::vector<std::pair<std::string, std::string>> bases;
  for (const auto& [name, directory] : world->scim) {
    ScimOptions own = *options;
    own.base_path = BasePath(flags, name, bases.size());
    own.seed = options->seed + bases.size();
    bases.emplace_back(name, own.base_path);
    rehearsal.Mount(own.base_path, std::make_unique<ScimTwin>(&*world, name, own, clock));
  }
  nlohmann::json others = nlohmann::json::object();
  if (absl::Status status = MountCrowd(flags, *world, clock, rehearsal, others); !status.ok()) {
    return status;
  }
  if (absl::Status status = MountOrganisation(flags, *world, clock, rehearsal, others);
      !status.ok()) {
    return status;
  }
  if (absl::Status status = server.Start(flags.listen); !status.ok()) return status;
  nlohmann::json line = {{"twin", server.url()}};
  for (auto& item : others.items()) {
    item.value()["base_url"] = server.url() + item.value()["base_url"].get<std::string>();
    line[item.key()] = item.value();
  }
  for (const auto& [name, base] : bases) {
    line[name] = {{"base_url", absl::StrCat(server.url(), base)}, {"token", flags.token}};
  }
  std::cout << line.dump() << std::endl;
  WaitForTheEnd(flags.until_stdin_closes, signals);
  server.Stop();
  return Report(rehearsal.faults());
}

int Main(int argc, char** argv) {
  CLI::App app("Serves directories to rehearse on, on a loopback address.", "rollcall-twin");
  Flags flags;
  Declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (flags.list_quirks) {
    for (const QuirkInfo& info : AllQuirks()) {
      std::cout << info.name << ": " << info.meaning << "\n";
    }
    std::cout << "\nOf Crowd, for --crowd-quirk:\n";
    for (const CrowdQuirkInfo& info : AllCrowdQuirks()) {
      std::cout << info.name << ": " << info.meaning << "\n";
    }
    std::cout << "\nOf the organisation, for --org-quirk:\n";
    for (const OrgQuirkInfo& info : AllOrgQuirks()) {
      std::cout << info.name << ": " << info.meaning << "\n";
    }
    return 0;
  }
  if (flags.state.empty() && flags.company.empty()) {
    std::cerr << "rollcall-twin: say what to serve with --state FILE or --company people=50\n";
    return kUsageError;
  }
  const absl::StatusOr<int> result = Serve(flags);
  if (result.ok()) return *result;
  std::cerr << "rollcall-twin: " << result.status().message() << "\n";
  return kUsageError;
}

}  // namespace
}  // namespace rollcall::twins

int main(int argc, char** argv) { return rollcall::twins::Main(argc, argv); }
