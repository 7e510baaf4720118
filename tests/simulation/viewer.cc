#include "tests/simulation/viewer.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace rollcall::simulation {
namespace {

constexpr int64_t kNewest = 5;    // runs that a viewer may choose from
constexpr int64_t kWhole = 1000;  // events that are read at once at the end
constexpr absl::Duration kMostPatience = absl::Minutes(2);  // where nothing happens
constexpr int64_t kTurnsAway = 30;                          // of a look, in thousand
constexpr int64_t kLooksAgain = 15;  // the same, and begins with the first event again
constexpr int64_t kPages[] = {1, 2, 5, 1000};
constexpr int64_t kPatience[] = {200, 2'000, 20'000};  // milliseconds

}  // namespace

Viewer::Viewer(std::string name, Dice dice, SimRuntime& runtime, Chronicle& chronicle)
    : name_(std::move(name)),
      dice_(dice),
      runtime_(runtime),
      chronicle_(chronicle),
      page_(kPages[dice_.Below(4)]),
      patience_(absl::Milliseconds(kPatience[dice_.Below(3)])) {}

void Viewer::Watch(Store& store, const bool& leaving) {
  absl::Duration wait = patience_;
  while (!leaving) {
    runtime_.Travel(absl::Milliseconds(dice_.Between(10, absl::ToInt64Milliseconds(wait))));
    if (leaving) return;
    wait = LookOnce(store) ? patience_ : std::min(2 * wait, std::max(patience_, kMostPatience));
  }
}

bool Viewer::LookOnce(Store& store) {
  if (run_.empty() || dice_.Chance(kTurnsAway)) Turn(store);
  if (run_.empty()) return false;
  if (dice_.Chance(kLooksAgain)) seen_[run_] = 0;
  const bool more = Read(store, run_, page_);
  if (over_.contains(run_)) run_.clear();
  return more;
}

void Viewer::Turn(Store& store) {
  const absl::StatusOr<std::vector<RunSummary>> newest = store.runs().List(kNewest);
  if (!newest.ok()) return;
  std::vector<std::string> open;
  for (const RunSummary& run : *newest) {
    if (!over_.contains(run.id)) open.push_back(run.id);
  }
  if (!open.empty()) run_ = open[dice_.Below(static_cast<int64_t>(open.size()))];
}

bool Viewer::Read(Store& store, const std::string& run, int64_t limit) {
  int64_t& seen = seen_[run];
  // As the service does: what has ended by then has no later event.
  const absl::StatusOr<RunHead> head = store.runs().LoadHead(run);
  if (!head.ok()) return false;
  const absl::StatusOr<std::vector<RunEvent>> events = store.events().Read(run, seen, limit);
  if (!events.ok()) return false;
  chronicle_.Note({name_, run, seen, limit}, *events, *head, store);
  if (!events->empty()) seen = events->back().number;
  if (events->empty() && HasEnded(head->run.state)) over_.insert(run);
  return !events->empty();
}

void Viewer::CatchUp(Store& store) {
  std::vector<std::string> begun;
  for (const auto& [run, seen] : seen_) begun.push_back(run);
  for (const std::string& run : begun) {
    while (Read(store, run, page_ == 1 ? page_ : kWhole)) {  // ends: a run has so many events
    }
  }
}

int64_t Viewer::seen() const {
  int64_t seen = 0;
  for (const auto& [run, number] : seen_) seen += number;
  return seen;
}

}  // namespace rollcall::simulation
