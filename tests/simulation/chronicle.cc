#include "tests/simulation/chronicle.h"

#include "absl/strings/str_cat.h"

namespace rollcall::simulation {
namespace {

constexpr int64_t kMostRuns = 1000;  // of one world

std::string Say(const RunEvent& event) {
  if (event.state.has_value()) return absl::StrCat(event.number, " ", RunStateName(*event.state));
  if (!event.outcome.has_value()) return absl::StrCat(event.number, " tells nothing");
  return absl::StrCat(event.number, " ", event.outcome->change, " ",
                      OutcomeStateName(event.outcome->state),
                      event.outcome->verified ? " verified " : " ", event.outcome->message);
}

bool IsEnd(const RunEvent& event) { return event.state.has_value() && HasEnded(*event.state); }

}  // namespace

void Chronicle::Note(const Page& page, const std::vector<RunEvent>& events, const RunHead& head,
                     Store& store) {
  ++pages_;
  Told& told = told_[page.run];
  if (static_cast<int64_t>(events.size()) > page.limit) {
    witness_.Fail(absl::StrCat(page.who, " got more events of ", page.run, " than it asked for"));
  }
  int64_t expected = page.after;
  for (const RunEvent& event : events) {
    if (event.number != ++expected) {
      witness_.Fail(absl::StrCat(page.who, " of ", page.run, ": event ", event.number,
                                 " came where ", expected, " was due"));
      return;
    }
    Take(page.who, told, page.run, event);
  }
  if (static_cast<int64_t>(events.size()) == page.limit) return;  // there may be more
  if (expected != static_cast<int64_t>(told.events.size())) {
    witness_.Fail(absl::StrCat("events of ", page.run, " are gone: there were ", told.events.size(),
                               ", now they end with ", expected));
    return;
  }
  CheckState(page.run, told, head, store);
}

void Chronicle::Take(const std::string& who, Told& told, const std::string& run,
                     const RunEvent& event) {
  const auto known = static_cast<int64_t>(told.events.size());
  if (event.number <= known) {
    const RunEvent& before = told.events[static_cast<size_t>(event.number - 1)];
    if (before == event) return;
    witness_.Fail(absl::StrCat("an event of ", run, " is told otherwise to ", who, ": ", Say(event),
                               ", before: ", Say(before)));
    return;
  }
  if (event.number != known + 1) {
    witness_.Fail(absl::StrCat(who, " knows of event ", event.number - 1, " of ", run,
                               ", which nobody was told"));
    return;
  }
  if (known == 0 && event.state != RunState::kRunning) {
    witness_.Fail(absl::StrCat("run ", run, " does not begin with RUNNING: ", Say(event)));
  }
  if (known > 0 && IsEnd(told.events.back())) {
    witness_.Fail(absl::StrCat("run ", run, " goes on after its end: ", Say(event)));
  }
  told.events.push_back(event);
}

void Chronicle::CheckState(const std::string& run, Told& told, const RunHead& head, Store& store) {
  std::optional<RunState> last;
  for (const RunEvent& event : told.events) {
    if (event.state.has_value()) last = event.state;
  }
  if (last != head.run.state) {
    witness_.Fail(absl::StrCat("run ", run, " is ", RunStateName(head.run.state),
                               ", and its events say ", last ? RunStateName(*last) : "nothing"));
  }
  const absl::StatusOr<RunRecord> record = store.runs().Load(run);
  if (!record.ok()) return;  // the machine is dead
  CheckOutcomes(told, *record);
  if (!HasEnded(head.run.state)) return;
  if (told.events.empty() || !IsEnd(told.events.back())) {
    witness_.Fail(absl::StrCat("the last event of ", run, " is not its end"));
  }
  CheckUnchanged(told, *record);
}

void Chronicle::CheckOutcomes(const Told& told, const RunRecord& run) {
  std::map<std::string, Outcome> last;
  for (const RunEvent& event : told.events) {
    if (event.outcome.has_value()) last[event.outcome->change] = *event.outcome;
  }
  for (const auto& [change, outcome] : run.outcomes) {
    const auto found = last.find(change);
    if (found == last.end()) {
      witness_.Fail(absl::StrCat("no event of ", run.id, " tells what became of ", change));
      continue;
    }
    Outcome heard = found->second;
    heard.rerouted = heard.rerouted || outcome.rerouted;  // once re-routed, always
    if (heard == outcome) continue;
    witness_.Fail(absl::StrCat("run ", run.id, " has ", change, " as ",
                               OutcomeStateName(outcome.state), ", and its events say ",
                               OutcomeStateName(heard.state)));
  }
  for (const auto& [change, outcome] : last) {
    // One that is being made again is open.
    if (run.outcomes.contains(change) || run.unknown.contains(change)) continue;
    witness_.Fail(absl::StrCat("an outcome of ", run.id, " was told and is no more: ", change, " ",
                               OutcomeStateName(outcome.state)));
  }
}

void Chronicle::CheckUnchanged(Told& told, const RunRecord& run) {
  if (!told.ended.has_value()) {
    told.ended = run;
    return;
  }
  const RunRecord& before = *told.ended;
  if (before.state == run.state && before.ended == run.ended && before.message == run.message &&
      before.drift_left == run.drift_left && before.requests_used == run.requests_used &&
      before.outcomes == run.outcomes) {
    return;
  }
  witness_.Fail(absl::StrCat("run ", run.id, " was told as ended, and has changed since"));
}

void Chronicle::CheckEnd(Store& store) {
  const absl::StatusOr<std::vector<RunSummary>> runs = store.runs().List(kMostRuns);
  if (!runs.ok()) return witness_.Fail("the runs cannot be listed at the end");
  for (const RunSummary& run : *runs) {
    if (!HasEnded(run.state)) {
      witness_.Fail(absl::StrCat("run ", run.id, " is ", RunStateName(run.state), " at the end"));
    }
    const absl::StatusOr<RunHead> head = store.runs().LoadHead(run.id);
    const auto limit = static_cast<int64_t>(told_[run.id].events.size()) + 10'000;
    const absl::StatusOr<std::vector<RunEvent>> events = store.events().Read(run.id, 0, limit);
    if (!head.ok() || !events.ok()) return witness_.Fail("a run cannot be read at the end");
    Note({"whoever comes last", run.id, 0, limit}, *events, *head, store);
  }
  for (const auto& [run, told] : told_) {
    if (!told.ended.has_value()) witness_.Fail(absl::StrCat("nobody saw the end of ", run));
  }
}

int64_t Chronicle::events() const {
  int64_t events = 0;
  for (const auto& [run, told] : told_) events += static_cast<int64_t>(told.events.size());
  return events;
}

int64_t Chronicle::interruptions() const {
  int64_t interruptions = 0;
  for (const auto& [run, told] : told_) {
    for (const RunEvent& event : told.events) {
      if (event.state == RunState::kInterrupted) ++interruptions;
    }
  }
  return interruptions;
}

}  // namespace rollcall::simulation
