#include "reconciler/plan/budget.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace rollcall {
namespace {

struct DirectoryCost {
  int64_t reads = 0;
  int64_t writes = 0;
};

class BudgetCounter {
 public:
  explicit BudgetCounter(const PlanInput& input) {
    for (const DirectoryInput& directory : input.directories) {
      traits_[directory.id] = directory.traits;
    }
  }

  void Add(const Change& change) {
    if (change.group.empty()) {
      const DirectoryTraits& traits = traits_[change.directory];
      costs_[change.directory].writes += change.writes.value_or(traits.writes_per_account_change);
      costs_[change.directory].reads += traits.reads_per_account_change;
    } else {
      // Two groups may bear one name; their ids differ.
      ++members_[{change.directory, change.action, change.group_id, change.group}];
    }
    if (change.reroute.has_value()) AddReroute(change.action, *change.reroute);
    for (const Effect& effect : change.effects) AddEffect(effect);
  }

  Budget Total() {
    for (const auto& [key, members] : members_) {
      costs_[std::get<0>(key)].writes += Batches(std::get<0>(key), members);
      AddBatchReads(std::get<0>(key), members);
    }
    for (const auto& [key, members] : rerouted_) AddBatchReads(std::get<0>(key), members);
    Budget budget;
    for (const auto& [directory, cost] : costs_) {
      budget.read_requests += cost.reads;
      budget.write_requests += cost.writes;
      double pace = traits_[directory].requests_per_second;
      // A directory without a pace is not waited for.
      if (pace <= 0) continue;
      absl::Duration time = absl::Seconds(static_cast<double>(cost.reads + cost.writes) / pace);
      budget.estimated_duration = std::max(budget.estimated_duration, time);
    }
    budget.estimated_duration = absl::Ceil(budget.estimated_duration, absl::Milliseconds(1));
    return budget;
  }

 private:
  // Of the reads before and after a change, those after it; the larger part, if they differ.
  static int64_t OneLook(int64_t reads) { return std::max<int64_t>(1, (reads + 1) / 2); }

  // It is looked at afterwards only, which may take several requests; a group once for all that
  // follows in it.
  void AddEffect(const Effect& effect) {
    const DirectoryTraits& traits = traits_[effect.directory];
    if (effect.group_id.empty()) {
      costs_[effect.directory].reads += OneLook(traits.reads_per_account_change);
    } else if (followed_.insert({effect.directory, effect.group_id}).second) {
      costs_[effect.directory].reads += OneLook(traits.reads_per_group_batch);
    }
  }

  // Its own directory is read as planned: what is read there afterwards is the effect.
  void AddReroute(Action action, const Reroute& reroute) {
    if (reroute.group.empty()) {
      costs_[reroute.directory].reads += traits_[reroute.directory].reads_per_account_change;
    } else {
      ++rerouted_[{reroute.directory, action, reroute.group_id, reroute.group}];
    }
  }

  int64_t Batches(const std::string& directory, int64_t members) {
    int64_t batch = std::max<int64_t>(1, traits_[directory].membership_batch);
    return members / batch + (members % batch == 0 ? 0 : 1);
  }

  void AddBatchReads(const std::string& directory, int64_t members) {
    costs_[directory].reads +=
        Batches(directory, members) * traits_[directory].reads_per_group_batch;
  }

  std::map<std::string, DirectoryTraits> traits_;
  std::map<std::string, DirectoryCost> costs_;
  // Directory, action, group id, group -> changes.
  using GroupKey = std::tuple<std::string, Action, std::string, std::string>;
  std::map<GroupKey, int64_t> members_;
  std::map<GroupKey, int64_t> rerouted_;
  std::set<std::pair<std::string, std::string>> followed_;  // (directory, group id) of effects
};

}  // namespace

Budget ComputeBudget(const PlanInput& input, const std::vector<Change>& changes) {
  BudgetCounter counter(input);
  for (const Change& change : changes) counter.Add(change);
  return counter.Total();
}

}  // namespace rollcall
