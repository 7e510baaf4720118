// Properties of waivers where they count, at `apply`: a plan may be applied if and only if every
// guard that blocks it is waived by name and with a written reason. So one waiver more never keeps
// a plan out; a name that is no guard's always does.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/runs/applying.h"
#include "agent/runs/refusal.h"
#include "agent/store/store.h"
#include "reconciler/plan/planner.h"
#include "tests/property/holds.h"
#include "tests/property/worlds.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall::property {
namespace {

constexpr int kWaiverCases = 150;

// What may be in force at once is drawn by itself: most plans of random companies are blocked by
// one guard or none.
Plan SomePlan() {
  Plan plan = PlanOf(*Worlds()).plan;
  for (const std::string& guard : WaivableGuards()) {
    if (*rc::gen::inRange(0, 6) != 0) continue;
    Finding finding;
    finding.name = guard;
    finding.severity = Severity::kBlocking;
    finding.message = "it blocks";
    plan.findings.push_back(std::move(finding));
    plan.state = PlanState::kBlocked;
  }
  return plan;
}

std::set<std::string> GuardsThatBlock(const Plan& plan) {
  std::set<std::string> guards;
  for (const Finding& finding : plan.findings) {
    if (finding.severity == Severity::kBlocking) guards.insert(finding.name);
  }
  return guards;
}

std::string SomeReason() {
  return *rc::gen::element<std::string>("agreed with Eve", "x", " because ", "é");
}

// Some of the guards that block, all of them half of the time, and some that do not.
std::vector<Waiver> SomeWaivers(const Plan& plan) {
  const std::set<std::string> blocking = GuardsThatBlock(plan);
  const bool all = *rc::gen::arbitrary<bool>();
  std::vector<Waiver> waivers;
  for (const std::string& guard : WaivableGuards()) {
    const bool blocks = blocking.contains(guard);
    const bool take = blocks ? all || *rc::gen::arbitrary<bool>() : *rc::gen::inRange(0, 5) == 0;
    if (take) waivers.push_back({guard, SomeReason()});
  }
  return waivers;
}

std::set<std::string> GuardsOf(const std::vector<Waiver>& waivers) {
  std::set<std::string> guards;
  for (const Waiver& waiver : waivers) guards.insert(waiver.guard);
  return guards;
}

// A state file in which plans lie, and what `apply` says of them before it does anything.
class Desk {
 public:
  Desk() : store_(*Store::Open(folder_.File("state.db"))) { spec_.config_hash = "configured"; }

  Plan Put(Plan plan) {
    plan.id = absl::StrCat("plan-", ++number_);
    plan.state_id = store_->state_id();
    plan.config_hash = spec_.config_hash;
    plan.create_time = runtime_.Now();
    plan.etag = HashPlan(plan);
    RC_ASSERT(store_->plans().Save(plan, "{}").ok());
    return plan;
  }

  absl::StatusOr<Preparation> Prepare(const Plan& plan, const std::vector<Waiver>& waivers) {
    Applying applying({spec_, *store_, runtime_, progress_, {}, {}, {}});
    return applying.Prepare(plan.id, waivers);
  }

 private:
  TempFolder folder_;
  std::unique_ptr<Store> store_;
  Spec spec_;
  FakeRuntime runtime_;
  NoProgress progress_;
  int number_ = 0;
};

TEST(WaiverProperty, APlanAppliesIfAndOnlyIfEveryBlockingGuardIsWaived) {
  Desk desk;
  Holds(kWaiverCases, [&] {
    const Plan plan = desk.Put(SomePlan());
    const std::vector<Waiver> waivers = SomeWaivers(plan);
    const std::set<std::string> blocking = GuardsThatBlock(plan);
    const std::set<std::string> waived = GuardsOf(waivers);
    const bool open = std::includes(waived.begin(), waived.end(), blocking.begin(), blocking.end());
    RC_CLASSIFY(!blocking.empty() && open, "waived");
    RC_CLASSIFY(!open, "blocked");
    const absl::StatusOr<Preparation> ready = desk.Prepare(plan, waivers);
    RC_LOG() << ready.status().ToString();
    RC_ASSERT(ready.ok() == open);
    if (!open) {
      RC_ASSERT(ExitCodeOf(ready.status()) == ExitCode::kGuardBlocks);
      return;
    }
    // What did not block is told, and is not what the run was waived for.
    RC_ASSERT(GuardsOf(ready->waivers) == blocking);
    RC_ASSERT(ready->warnings.size() == waivers.size() - blocking.size());
  });
}

TEST(WaiverProperty, OneWaiverMoreNeverKeepsAPlanOut) {
  Desk desk;
  Holds(kWaiverCases, [&] {
    const Plan plan = desk.Put(SomePlan());
    std::vector<Waiver> waivers = SomeWaivers(plan);
    const absl::StatusOr<Preparation> ready = desk.Prepare(plan, waivers);
    const auto place = waivers.begin() + *rc::gen::inRange<ptrdiff_t>(0, waivers.size() + 1);
    waivers.insert(place, {*rc::gen::elementOf(WaivableGuards()), SomeReason()});
    const absl::StatusOr<Preparation> more = desk.Prepare(plan, waivers);
    RC_LOG() << more.status().ToString();
    if (ready.ok()) {
      RC_ASSERT(more.ok());
      RC_ASSERT(GuardsOf(more->waivers) == GuardsOf(ready->waivers));
    } else {
      RC_ASSERT(more.ok() || ExitCodeOf(more.status()) == ExitCode::kGuardBlocks);
    }
  });
}

// Whatever else is waived, and whether or not anything blocks.
TEST(WaiverProperty, ANameThatIsNoGuardsIsRefused) {
  Desk desk;
  Holds(kWaiverCases, [&] {
    const Plan plan = desk.Put(SomePlan());
    std::vector<Waiver> waivers = SomeWaivers(plan);
    for (const std::string& guard : GuardsThatBlock(plan)) waivers.push_back({guard, "agreed"});
    const std::string known = *rc::gen::elementOf(WaivableGuards());
    const std::string unknown = *rc::gen::element<std::string>(
        "", "*", "all", "protected", "self", "ambiguous", "unreadable_directory", known + " ",
        known + "s", " " + known, known.substr(1), "F" + known.substr(1), known + "," + known);
    const auto place = waivers.begin() + *rc::gen::inRange<ptrdiff_t>(0, waivers.size() + 1);
    waivers.insert(place, {unknown, SomeReason()});
    RC_ASSERT(ExitCodeOf(desk.Prepare(plan, waivers).status()) == ExitCode::kUsage);
  });
}

TEST(WaiverProperty, AWaiverWithoutAWrittenReasonIsRefused) {
  Desk desk;
  Holds(kWaiverCases, [&] {
    const Plan plan = desk.Put(SomePlan());
    std::vector<Waiver> waivers = SomeWaivers(plan);
    const auto place = waivers.begin() + *rc::gen::inRange<ptrdiff_t>(0, waivers.size() + 1);
    waivers.insert(place, {*rc::gen::elementOf(WaivableGuards()),
                           *rc::gen::element<std::string>("", " ", "\t\n", "   \r")});
    RC_ASSERT(ExitCodeOf(desk.Prepare(plan, waivers).status()) == ExitCode::kUsage);
  });
}

}  // namespace
}  // namespace rollcall::property
