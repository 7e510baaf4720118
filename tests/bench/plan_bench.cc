// Planning one SCIM directory, against a bare RapidJSON SAX pass over the same bytes in the same
// run. The aims: at most 3 times the processor time of the bare pass at 100,000 people with 500,000
// memberships; 1,000,000 people at most 14 times the time of 100,000.
//
//   plan_bench --benchmark_filter=100000
//
// `processor time` is that of the whole process (reading, parsing, linking, diff, plan); building
// the answers is taken out by BM_AnswersOnly, which does only that. `peak MB` is the resident
// memory that planning takes on top of what the company's own bytes take; the aim is 80 at 100,000
// people.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <rapidjson/reader.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>

#include "clients/http/stack.h"
#include "clients/idp/memory_source.h"
#include "clients/idp/read_export.h"
#include "clients/scim/scim_directory.h"
#include "reconciler/base/system_runtime.h"
#include "reconciler/plan/planner.h"
#include "tests/bench/company_bytes.h"
#include "tests/support/loopback_server.h"

namespace rollcall {
namespace {

const CompanyBytes& BytesOf(int64_t people) {
  static std::map<int64_t, std::unique_ptr<CompanyBytes>>* companies =
      new std::map<int64_t, std::unique_ptr<CompanyBytes>>();
  std::unique_ptr<CompanyBytes>& company = (*companies)[people];
  if (company == nullptr) company = std::make_unique<CompanyBytes>(people);
  return *company;
}

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) {
    std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
    std::abort();
  }
  return std::move(value).value();
}

std::vector<std::string> Pages(const CompanyBytes& company) {
  std::vector<std::string> pages;
  for (size_t i = 1; i <= company.users.size(); i += CompanyBytes::kPage - 1) {
    pages.push_back(company.Answer(absl::StrCat("/Users?startIndex=", i, "&count=1000")));
  }
  for (size_t i = 1; i <= company.group_rows.size(); i += CompanyBytes::kGroupPage - 1) {
    pages.push_back(company.Answer(absl::StrCat("/Groups?startIndex=", i, "&count=1000")));
  }
  return pages;
}

// What everything is measured against: the parser alone, in place, over all the bytes.
void BM_BareSax(benchmark::State& state) {
  const CompanyBytes& company = BytesOf(state.range(0));
  std::vector<std::string> documents = Pages(company);
  documents.push_back(company.people);
  documents.push_back(company.groups);
  size_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::string> copies = documents;
    state.ResumeTiming();
    bytes = 0;
    for (std::string& text : copies) {
      bytes += text.size();
      rapidjson::Reader reader;
      rapidjson::InsituStringStream stream(text.data());
      rapidjson::BaseReaderHandler<> handler;
      benchmark::DoNotOptimize(reader.Parse < rapidjson::kParseInsituFlag |
                               rapidjson::kParseValidateEncodingFlag > (stream, handler));
    }
  }
  state.counters["MB"] = static_cast<double>(bytes) / 1e6;
}

void BM_AnswersOnly(benchmark::State& state) {
  const CompanyBytes& company = BytesOf(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Pages(company));
}

Spec MakeSpec() {
  Spec spec;
  DirectorySpec directory;
  directory.id = "dir";
  spec.directories.push_back(directory);
  GroupRule rule;
  rule.export_name = "Team *";
  rule.directory = "dir";
  spec.groups.push_back(rule);
  return spec;
}

// The path of the data, from bytes to a plan.
Plan MakePlan(const CompanyBytes& company, HttpClient& client, Runtime& runtime,
              const std::string& base_url) {
  idp::ExportRequest request;
  request.people.path = "people.json";
  request.people.source = std::make_unique<idp::MemorySource>(company.people);
  request.groups.push_back(
      {"groups.json", std::make_unique<idp::MemorySource>(company.groups), runtime.Now()});
  request.people.time = runtime.Now();
  Export exported = OrDie(idp::ReadExport(std::move(request)));
  NoProgress progress;
  Spec spec = MakeSpec();
  ScimOptions options;
  options.id = "dir";
  options.base_url = base_url;
  ScimDirectory directory(options, client, runtime, nullptr, progress);
  ManagedGroupFilter filter(spec, spec.directories[0], exported);
  std::vector<DirectoryInput> inputs(1);
  inputs[0].id = "dir";
  inputs[0].snapshot = OrDie(directory.ReadAll(filter, {}));
  inputs[0].traits = directory.Traits();
  Memory memory;
  PlanInput input{spec, exported, memory, inputs, runtime.Now(), {}, 0, "p-1", "s-1"};
  Draft draft = MakeDraft(input);
  return FinishPlan(input, draft, {}).plan;
}

// What planning needs at most on top of what the process held before: resident memory, in bytes.
class PeakMemory {
 public:
  PeakMemory() {
    // Linux: resets the high-water mark.
    if (std::FILE* file = std::fopen("/proc/self/clear_refs", "w")) {
      std::fputs("5", file);
      std::fclose(file);
    }
    before_ = Field("VmRSS:");
  }
  double Megabytes() const { return static_cast<double>(Field("VmHWM:") - before_) * 1024 / 1e6; }

 private:
  // In KiB; 0 where the system has no such thing.
  static int64_t Field(const char* name) {
    std::ifstream status("/proc/self/status");
    std::string word;
    int64_t value = 0;
    while (status >> word) {
      if (word == name && status >> value) return value;
    }
    return 0;
  }
  int64_t before_ = 0;
};

void Check(const Plan& plan, const CompanyBytes& company) {
  if (plan.counts.deactivate == company.leavers && plan.counts.add_membership == 0 &&
      plan.counts.remove_membership == 0) {
    return;
  }
  std::fprintf(stderr, "the plan is not what the company needs\n");
  std::abort();
}

void BM_PlanFromMemory(benchmark::State& state) {
  const CompanyBytes& company = BytesOf(state.range(0));
  SystemRuntime runtime;
  malloc_trim(0);  // what the company's making left behind would hide what planning takes
  PeakMemory peak;
  for (auto _ : state) {
    MemoryTransport transport(company);
    Check(MakePlan(company, transport, runtime, "http://127.0.0.1/scim"), company);
  }
  state.counters["peak MB"] = peak.Megabytes();
}

void BM_PlanOverLoopback(benchmark::State& state) {
  const CompanyBytes& company = BytesOf(state.range(0));
  SystemRuntime runtime;
  NoProgress progress;
  LoopbackServer server([&](const LoopbackServer::Request& request) {
    std::string body = company.Answer(request.target);
    return LoopbackServer::Reply{absl::StrCat(
        "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: ", body.size(),
        "\r\n\r\n", body)};
  });
  StackOptions options;
  options.directory = "dir";
  options.base_url = server.url();
  options.requests_per_second = kMaxRate;
  options.burst = 1000;
  options.auth.scheme = AuthScheme::kBearer;
  options.auth.secret = [] { return Secret("bench"); };
  std::unique_ptr<HttpStack> stack = OrDie(BuildHttpStack(options, runtime, progress));
  for (auto _ : state) Check(MakePlan(company, *stack, runtime, server.url()), company);
}

void Sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
}
BENCHMARK(BM_BareSax)->Apply(Sizes);
BENCHMARK(BM_AnswersOnly)->Apply(Sizes);
BENCHMARK(BM_PlanFromMemory)->Apply(Sizes);
BENCHMARK(BM_PlanOverLoopback)->Apply(Sizes);

}  // namespace
}  // namespace rollcall

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
