// What the service costs, measured on the real `rollcall serve`:
//
//   service_bench [--changes 10000] [--rate 500]
//
// * A run of 10,000 changes with 1,000 watchers on 10 connections, a tenth of whom never read,
//   against the same run without any; the aims: at most 1.1 times the time, and less than 64 KB of
//   the agent's resident memory a watcher. The directory takes `rate` requests a second: real ones
//   are no quicker, and with one that is, watchers and run compete for the processors of one
//   machine, the watchers' own side among them.
// * Paging the 100,000 changes of a plan; the aim: 100,000 a second or more.
//
// Prints a line a figure. Exit code 1: a watcher missed the end of its run, or a run failed.
#include <grpcpp/generic/generic_stub.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "agent/store/store.h"
#include "tests/e2e/served_place.h"
#include "tests/twins/company.h"

namespace rollcall {
namespace {

constexpr int kConnections = 10;
constexpr int kWatchers = 1000;
constexpr int kStuckOneIn = 10;
constexpr int64_t kPagedChanges = 100'000;

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "service_bench: %s\n", why.c_str());
  std::exit(1);
}

int64_t ResidentKilobytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  int64_t kilobytes = 0;
  while (status >> word) {
    if (word == "VmRSS:") status >> kilobytes;
  }
  return kilobytes;
}

twins::Company MakeCompany(int64_t people) {
  twins::CompanyOptions options;
  options.people = people;
  options.groups = 10;
  options.drift = 0;
  twins::Company company = *twins::MakeCompany(options, absl::Now());
  // Everybody is to be let in again: a change each.
  for (const auto& user : company.world.scim.at("scim").users()) user->attributes["active"] = false;
  return company;
}

// One stream of WatchRun whose messages are counted, not read: what a watcher makes of them is its
// own cost.
class Watch {
 public:
  Watch(grpc::GenericStub& stub, grpc::CompletionQueue& queue, const std::string& run, bool stuck)
      : stuck_(stuck) {
    v1::WatchRunRequest request;
    request.set_name(absl::StrCat("runs/", run));
    const grpc::Slice slice(request.SerializeAsString());
    request_ = grpc::ByteBuffer(&slice, 1);
    stream_ = stub.PrepareCall(&context_, "/rollcall.v1.Reconciler/WatchRun", &queue);
    stream_->StartCall(this);
  }

  // The next thing that the stream has done. False: it has ended.
  bool Proceed(bool ok) {
    switch (step_++) {
      case 0:
        stream_->WriteLast(request_, {}, this);
        return true;
      case 1:
        if (!stuck_) stream_->Read(&message_, this);
        return true;
      default:
        if (!ok) return false;
        messages_ += 1;
        bytes_ += static_cast<int64_t>(message_.Length());
        last_.Swap(&message_);
        stream_->Read(&message_, this);
        return true;
    }
  }

  // Did the last message tell of the run's end?
  bool SawTheEnd() {
    grpc::Slice slice;
    v1::WatchRunResponse response;
    if (!last_.DumpToSingleSlice(&slice).ok() ||
        !response.ParseFromArray(slice.begin(), static_cast<int>(slice.size())) ||
        response.events().empty()) {
      return false;
    }
    return response.events(response.events_size() - 1).state() == v1::Run::SUCCEEDED;
  }
  bool stuck() const { return stuck_; }
  int64_t messages() const { return messages_; }
  int64_t bytes() const { return bytes_; }
  void Cancel() { context_.TryCancel(); }

 private:
  const bool stuck_;
  int step_ = 0;
  int64_t messages_ = 0;
  int64_t bytes_ = 0;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  grpc::ByteBuffer last_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

class Audience {
 public:
  Audience(const std::string& address, const std::string& run) {
    for (int i = 0; i < kConnections; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs_.emplace_back(
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
    }
    for (int i = 0; i < kWatchers; ++i) {
      watches_.emplace_back(stubs_[static_cast<size_t>(i % kConnections)], queue_, run,
                            i / kConnections % kStuckOneIn == 0);
    }
    thread_ = std::thread([this] { Serve(); });
  }
  ~Audience() {
    queue_.Shutdown();
    thread_.join();
  }

  // Waits for those who read; then the others give up.
  void AwaitEnds() {
    while (left_ > kWatchers / kStuckOneIn) absl::SleepFor(absl::Milliseconds(10));
    for (Watch& watch : watches_) watch.Cancel();
  }
  int64_t Missed() {
    int64_t missed = 0;
    for (Watch& watch : watches_) {
      if (!watch.stuck() && !watch.SawTheEnd()) ++missed;
    }
    return missed;
  }
  int64_t Bytes() const {
    int64_t bytes = 0;
    for (const Watch& watch : watches_) bytes += watch.bytes();
    return bytes;
  }
  int64_t Messages() const {
    int64_t messages = 0;
    for (const Watch& watch : watches_) messages += watch.messages();
    return messages;
  }

 private:
  void Serve() {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
      if (!static_cast<Watch*>(tag)->Proceed(ok)) --left_;
    }
  }

  grpc::CompletionQueue queue_;
  std::deque<grpc::GenericStub> stubs_;
  std::deque<Watch> watches_;
  std::atomic<int> left_{kWatchers};
  std::thread thread_;
};

struct Measured {
  absl::Duration took;
  int64_t resident_kilobytes = 0;  // the most that was seen
};

Measured MeasureRun(ServedPlace& served, bool watched) {
  const v1::Plan plan = served.MakePlan();
  if (plan.state() != v1::Plan::BLOCKED && plan.state() != v1::Plan::READY) {
    Die(absl::StrCat("the plan is ", v1::Plan::State_Name(plan.state())));
  }
  const absl::Time begin = absl::Now();
  const v1::Run begun = served.Apply(plan);
  std::unique_ptr<Audience> audience;
  if (watched) {
    audience = std::make_unique<Audience>(absl::StrCat("unix:", served.place().File("agent.sock")),
                                          begun.id());
  }
  Measured measured;
  v1::Run run = begun;
  v1::GetRunRequest request;
  request.set_name(absl::StrCat("runs/", begun.id()));
  while (!run.has_end_time()) {
    absl::SleepFor(absl::Milliseconds(50));
    measured.resident_kilobytes =
        std::max(measured.resident_kilobytes, ResidentKilobytes(served.pid()));
    if (!served.stub().GetRun(served.Context().get(), request, &run).ok()) Die("no run");
  }
  measured.took = absl::Now() - begin;
  if (run.state() != v1::Run::SUCCEEDED) Die(run.DebugString());
  std::printf("%s: %d changes in %.2f s, %.1f MB resident\n",
              watched ? "with 1,000 watchers" : "without watchers", run.progress().total(),
              absl::ToDoubleSeconds(measured.took),
              static_cast<double>(measured.resident_kilobytes) / 1024);
  if (watched) {
    audience->AwaitEnds();
    std::printf("  %lld messages, %.1f MB; missed the end: %lld\n",
                static_cast<long long>(audience->Messages()),
                static_cast<double>(audience->Bytes()) / (1 << 20),
                static_cast<long long>(audience->Missed()));
    if (audience->Missed() > 0) Die("a watcher missed the end of the run");
  }
  return measured;
}

void MeasureWatchers(int64_t changes, int64_t rate) {
  const twins::Company company = MakeCompany(changes);
  WorkplaceOptions options;
  options.directory_options = absl::StrCat("rate: ", rate, ", concurrency: 16, page_size: 1000, ");
  options.world = [changes] { return std::move(MakeCompany(changes).world); };
  ServedPlace served(options);
  const std::string folder = served.place().File("");
  if (!twins::WriteExport(company, twins::ExportFormat::kScim, folder).ok()) Die("no export");
  Measured alone;
  Measured watched;
  constexpr int kRounds = 2;
  for (int round = 0; round < kRounds; ++round) {
    for (const bool with : {false, true}) {
      served.Stop(SIGTERM);
      served.place().StartOver();
      served.Start();
      const Measured once = MeasureRun(served, with);
      Measured& best = with ? watched : alone;
      if (round == 0 || once.took < best.took) best.took = once.took;
      best.resident_kilobytes = std::max(best.resident_kilobytes, once.resident_kilobytes);
    }
  }
  std::printf(
      "watchers: %.3f times the run alone (aim: at most 1.1), %.1f KB each (aim: below 64)\n",
      absl::FDivDuration(watched.took, alone.took),
      static_cast<double>(watched.resident_kilobytes - alone.resident_kilobytes) / kWatchers);
}

void MeasurePaging() {
  ServedPlace served;
  served.Stop(SIGTERM);
  Plan plan;
  plan.id = "p-00000000000b16b1";
  plan.state = PlanState::kReady;
  plan.etag = std::string(64, 'e');
  plan.create_time = absl::Now();
  plan.counts.activate = kPagedChanges;
  for (int64_t i = 1; i <= kPagedChanges; ++i) {
    Change& change = plan.changes.emplace_back();
    change.id = absl::StrCat("c", i);
    change.directory = "corp";
    change.action = Action::kActivate;
    change.person = absl::StrCat("72ea6040-8890-4e60-87dc-", 100000000000 + i);
    change.account = absl::StrCat("06dec294-a4c5-4e6a-b762-", 100000000000 + i);
    change.user_name = absl::StrCat("somebody.of.", i, "@example.com");
    change.reason = "A1: active in the export";
    change.linked_email = change.user_name;
  }
  {
    const auto store = Store::Open(served.place().File("rollcall.db"));
    if (!store.ok() || !(*store)->plans().Save(plan, "{}").ok()) Die("the plan is not saved");
  }
  served.Start();
  for (const int32_t page_size : {1000, 10'000}) {
    v1::ListChangesRequest request;
    request.set_parent(absl::StrCat("plans/", plan.id));
    request.set_page_size(page_size);
    int64_t read = 0;
    const absl::Time begin = absl::Now();
    do {
      v1::ListChangesResponse page;
      if (!served.stub().ListChanges(served.Context().get(), request, &page).ok()) Die("no page");
      read += page.changes_size();
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    if (read != kPagedChanges) Die("changes are missing");
    std::printf("paging, %d a page: %.0f changes a second (aim: 100,000)\n", page_size,
                seconds > 0 ? static_cast<double>(read) / seconds : 0.0);
  }
}

int Main(int argc, char** argv) {
  int64_t changes = 10'000;
  int64_t rate = 500;
  for (int i = 1; i + 1 < argc; i += 2) {
    int64_t* const value = absl::string_view(argv[i]) == "--changes" ? &changes
                           : absl::string_view(argv[i]) == "--rate"  ? &rate
                                                                     : nullptr;
    if (value == nullptr || !absl::SimpleAtoi(argv[i + 1], value))
      Die("see the head of its source");
  }
  MeasurePaging();
  MeasureWatchers(changes, rate);
  return 0;
}

}  // namespace
}  // namespace rollcall

int main(int argc, char** argv) { return rollcall::Main(argc, argv); }
