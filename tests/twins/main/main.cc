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
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/twins/company.h"
#include "tests/twins/main/flags.h"
#include "tests/twins/main/mounts.h"
#include "tests/twins/rehearsal.h"
#include "tests/twins/twin_server.h"
#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

constexpr int kUsageError = 7;  // as in every command of Rollcall
constexpr int kUnmetFaults = 1;

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

absl::StatusOr<World> MakeWorld(const TwinFlags& flags) {
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

absl::StatusOr<int> Serve(const TwinFlags& flags) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  absl::StatusOr<World> world = MakeWorld(flags);
  if (!world.ok()) return world.status();
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
  absl::StatusOr<nlohmann::json> line = MountTwins(flags, *world, clock, rehearsal);
  if (!line.ok()) return line.status();
  if (absl::Status status = server.Start(flags.listen); !status.ok()) return status;
  for (nlohmann::json& twin : *line) {
    for (const char* key : {"base_url", "gateway_url"}) {
      if (twin.contains(key)) twin[key] = server.url() + twin[key].get<std::string>();
    }
  }
  (*line)["twin"] = server.url();
  std::cout << line->dump() << std::endl;
  WaitForTheEnd(flags.until_stdin_closes, signals);
  server.Stop();
  return Report(rehearsal.faults());
}

int Main(int argc, char** argv) {
  CLI::App app("Serves directories to rehearse on, on a loopback address.", "rollcall-twin");
  TwinFlags flags;
  DeclareFlags(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (flags.list_quirks) {
    ListQuirks(std::cout);
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
