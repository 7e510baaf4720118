// simulate: any number of simulated worlds, from a seed on. Says how many failed, and why; the exit
// code is 1 if any did.
#include <malloc.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include "CLI/CLI.hpp"
#include "tests/simulation/simulation.h"
#include "tests/support/temp_folder.h"

namespace rollcall::simulation {
namespace {

struct Flags {
  uint64_t from = 1;
  uint64_t seeds = 100;
  uint64_t most_failures = 10;
  Kind kind = Kind::kDrawn;
  Site site = Site::kDrawn;
  bool log = false;
};

void Declare(CLI::App& app, Flags& flags) {
  app.add_option("--from", flags.from, "The first seed")->capture_default_str();
  app.add_option("--seeds", flags.seeds, "How many")->capture_default_str();
  app.add_option("--most-failures", flags.most_failures, "Ends after so many")
      ->capture_default_str();
  const std::map<std::string, Kind> kinds = {
      {"drawn", Kind::kDrawn}, {"commands", Kind::kCommands}, {"daemon", Kind::kDaemon}};
  app.add_option("--kind", flags.kind, "drawn, commands or daemon: what the processes are")
      ->transform(CLI::CheckedTransformer(kinds));
  const std::map<std::string, Site> sites = {
      {"drawn", Site::kDrawn}, {"without", Site::kWithout}, {"with", Site::kWith}};
  app.add_option("--site", flags.site, "drawn, without or with: has the world a Jira site?")
      ->transform(CLI::CheckedTransformer(sites));
  app.add_flag("--log", flags.log, "Prints every event");
  app.footer("Example:\n  simulate --from 4711 --seeds 1 --log");
}

// Many small and some large pieces come and go with every world: keeping them makes it a third
// faster.
void KeepMemory() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 512 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

int Run(const Flags& flags) {
  KeepMemory();
  const TempFolder folder;
  const auto begun = std::chrono::steady_clock::now();
  FaultCounts faults;
  uint64_t ran = 0;
  uint64_t failed = 0;
  int64_t requests = 0;
  int64_t effects = 0;
  int64_t turns = 0;
  int64_t processes = 0;
  int64_t sites = 0;
  int64_t at_sites = 0;
  int64_t daemons = 0;
  int64_t runs = 0;
  int64_t interruptions = 0;
  int64_t events = 0;
  int64_t pages = 0;
  while (ran < flags.seeds && failed < flags.most_failures) {
    const Verdict verdict =
        Simulate(flags.from + ran++, folder.File("state.db"), flags.kind, flags.site);
    faults.Add(verdict.faults);
    requests += verdict.requests;
    effects += verdict.effects;
    turns += verdict.turns;
    processes += verdict.processes;
    sites += verdict.site ? 1 : 0;
    at_sites += verdict.at_site;
    daemons += verdict.daemon ? 1 : 0;
    runs += verdict.runs;
    interruptions += verdict.interruptions;
    events += verdict.events;
    pages += verdict.pages;
    if (flags.log) {
      for (const std::string& line : verdict.log) std::cout << line << "\n";
    }
    if (verdict.failures.empty()) continue;
    ++failed;
    std::cout << Describe(verdict) << std::endl;
  }
  for (size_t i = 0; i < kFaultKinds; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    std::cout << NameOf(kind) << ": " << faults[kind] << "\n";
  }
  std::cout << sites << " of them with a Jira site: " << at_sites << " effects there\n";
  std::cout << daemons << " of them daemons: " << runs << " runs, " << interruptions
            << " interruptions, " << events << " events, " << pages << " pages read by watchers\n";
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::cout << ran << " seeds, " << failed << " failed; " << processes << " processes, " << requests
            << " requests, " << effects << " effects, " << turns << " turns in " << took.count()
            << " s\n";
  return failed == 0 ? 0 : 1;
}

int Main(int argc, char** argv) {
  CLI::App app("Runs simulated worlds, each from one seed.", "simulate");
  Flags flags;
  Declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 7;
  }
  return Run(flags);
}

}  // namespace
}  // namespace rollcall::simulation

int main(int argc, char** argv) { return rollcall::simulation::Main(argc, argv); }
