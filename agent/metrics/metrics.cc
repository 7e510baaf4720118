#include "agent/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/metrics/metric_table.h"
#include "agent/metrics/process_samples.h"
#include "agent/metrics/situation_samples.h"
#include "reconciler/base/mutex.h"
#include "reconciler/plan/planner.h"

namespace rollcall {
namespace {

using Labels = std::map<std::string, std::string>;
using Counters = prometheus::Family<prometheus::Counter>;
using Histograms = prometheus::Family<prometheus::Histogram>;

constexpr char kOther[] = "other";

// Plans take seconds, runs up to hours.
const prometheus::Histogram::BucketBoundaries& Bounds() {
  static const auto& kBounds = *new prometheus::Histogram::BucketBoundaries{
      1, 2.5, 5, 10, 30, 60, 150, 300, 600, 1800, 3600, 7200, 14400, 28800};
  return kBounds;
}

Counters& CountersOf(prometheus::Registry& registry, absl::string_view name) {
  const MetricInfo& info = FindMetric(name);
  return prometheus::BuildCounter().Name(info.name).Help(info.help).Register(registry);
}

Histograms& HistogramsOf(prometheus::Registry& registry, absl::string_view name) {
  const MetricInfo& info = FindMetric(name);
  return prometheus::BuildHistogram().Name(info.name).Help(info.help).Register(registry);
}

std::string Lower(const char* name) { return absl::AsciiStrToLower(name); }

// A status that HTTP has, or an error's name, which is ours.
std::string StatusLabel(absl::string_view result) {
  int status = 0;
  if (!absl::SimpleAtoi(result, &status)) return std::string(result);
  return status >= 100 && status < 600 ? std::string(result) : kOther;
}

const std::string& DirectoryOf(const Change& change, const Outcome* outcome) {
  const bool rerouted = outcome != nullptr && outcome->rerouted && change.reroute.has_value();
  return rerouted ? change.reroute->directory : change.directory;
}

std::string OutcomeLabel(const Change& change, const RunRecord& run, const Outcome* outcome) {
  if (outcome != nullptr) return Lower(OutcomeStateName(outcome->state));
  return run.unknown.contains(change.id) ? "unknown" : "pending";
}

}  // namespace

struct Metrics::Counted {
  prometheus::Registry registry;
  Counters& requests = CountersOf(registry, "rollcall_directory_requests_total");
  Counters& throttled = CountersOf(registry, "rollcall_directory_throttled_seconds_total");
  Counters& throttles = CountersOf(registry, "rollcall_directory_throttles_total");
  Counters& changes = CountersOf(registry, "rollcall_changes_total");
  Counters& guards = CountersOf(registry, "rollcall_guard_trips_total");
  Counters& deleted = CountersOf(registry, "rollcall_retention_deleted_total");
  Histograms& plans = HistogramsOf(registry, "rollcall_plan_duration_seconds");
  Histograms& runs = HistogramsOf(registry, "rollcall_run_duration_seconds");
  Mutex mutex;
  std::map<std::string, std::set<std::string>> endpoints ABSL_GUARDED_BY(mutex);

  std::string EndpointLabel(const std::string& directory, const std::string& endpoint) {
    MutexLock lock(mutex);
    std::set<std::string>& known = endpoints[directory];
    if (known.size() < kMostEndpoints) known.insert(endpoint);
    return known.contains(endpoint) ? endpoint : kOther;
  }
};

Metrics::Metrics(std::string version)
    : version_(std::move(version)), counted_(std::make_unique<Counted>()) {
  // From 0 on, so that the first one is an increase as well.
  for (const std::string& guard : WaivableGuards()) {
    counted_->guards.Add({{"guard", guard}, {"effect", "blocked"}});
  }
  for (const char* kind : {"plans", "runs"}) counted_->deleted.Add({{"kind", kind}});
  for (const PlanState state :
       {PlanState::kReady, PlanState::kBlocked, PlanState::kEmpty, PlanState::kFailed}) {
    counted_->plans.Add({{"state", Lower(PlanStateName(state))}}, Bounds());
  }
  for (const RunState state :
       {RunState::kSucceeded, RunState::kPartial, RunState::kFailed, RunState::kCancelled}) {
    counted_->runs.Add({{"state", Lower(RunStateName(state))}}, Bounds());
  }
}

Metrics::~Metrics() = default;

void Metrics::Sent(absl::string_view directory, absl::string_view endpoint,
                   absl::string_view result) {
  const std::string id(directory);
  counted_->requests
      .Add({{"directory", id},
            {"endpoint", counted_->EndpointLabel(id, std::string(endpoint))},
            {"status", StatusLabel(result)}})
      .Increment();
}

void Metrics::Throttled(absl::string_view directory, absl::Duration duration, bool begins,
                        int http_status) {
  const std::string id(directory);
  counted_->throttled.Add({{"directory", id}}).Increment(absl::ToDoubleSeconds(duration));
  if (!begins) return;
  counted_->throttles.Add({{"directory", id}, {"status", StatusLabel(absl::StrCat(http_status))}})
      .Increment();
}

void Metrics::PlanEnded(const Plan& plan, absl::Duration took) {
  counted_->plans.Add({{"state", Lower(PlanStateName(plan.state))}}, Bounds())
      .Observe(absl::ToDoubleSeconds(took));
  std::set<std::pair<std::string, std::string>> tripped;  // a plan counts once a guard
  const std::vector<std::string>& guards = WaivableGuards();
  for (const Finding& finding : plan.findings) {
    const bool waivable = std::find(guards.begin(), guards.end(), finding.name) != guards.end();
    if (finding.severity == Severity::kBlocking && waivable) {
      tripped.emplace(finding.name, "blocked");
    } else if (finding.severity == Severity::kWithholding) {
      tripped.emplace(finding.name, "withheld");
    }
  }
  for (const auto& [guard, effect] : tripped) {
    counted_->guards.Add({{"guard", guard}, {"effect", effect}}).Increment();
  }
}

void Metrics::RunEnded(const Plan& plan, const RunRecord& run) {
  const absl::Duration took = run.ended.value_or(run.started) - run.started;
  // A clock that was set back has made no time.
  counted_->runs.Add({{"state", Lower(RunStateName(run.state))}}, Bounds())
      .Observe(absl::ToDoubleSeconds(std::max(took, absl::ZeroDuration())));
  std::map<Labels, int64_t> counts;
  for (const Change& change : plan.changes) {
    const auto found = run.outcomes.find(change.id);
    const Outcome* const outcome = found == run.outcomes.end() ? nullptr : &found->second;
    ++counts[{{"directory", DirectoryOf(change, outcome)},
              {"action", Lower(ActionName(change.action))},
              {"outcome", OutcomeLabel(change, run, outcome)}}];
  }
  for (const auto& [labels, count] : counts) {
    counted_->changes.Add(labels).Increment(static_cast<double>(count));
  }
}

void Metrics::Expect(const std::string& directory) {
  counted_->throttled.Add({{"directory", directory}});
  for (const Action action : {Action::kActivate, Action::kDeactivate, Action::kAddMembership,
                              Action::kRemoveMembership}) {
    for (const char* outcome :
         {"applied", "already_done", "skipped_stale", "refused", "failed", "unknown", "pending"}) {
      counted_->changes.Add(
          {{"directory", directory}, {"action", Lower(ActionName(action))}, {"outcome", outcome}});
    }
  }
}

void Metrics::Deleted(const Deletions& deletions) {
  counted_->deleted.Add({{"kind", "plans"}}).Increment(static_cast<double>(deletions.plans));
  counted_->deleted.Add({{"kind", "runs"}}).Increment(static_cast<double>(deletions.runs));
}

std::string Metrics::Text(const Situation& situation) const {
  std::vector<prometheus::MetricFamily> families = SamplesOf(situation, version_);
  for (auto& part : {counted_->registry.Collect(), ProcessSamples()}) {
    families.insert(families.end(), part.begin(), part.end());
  }
  // The library keeps samples in no order: the same numbers are to be the same text.
  std::sort(families.begin(), families.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (prometheus::MetricFamily& family : families) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace rollcall
