#include "reconciler/plan/guards/guard.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall {
namespace {

// A person who is deactivated by name, now, is not a mass change (PRODUCT.md section 5).
bool StopsOnePerson(const NamedGuard& guard) {
  return !guard.judges_export && !absl::StartsWith(guard.name, "max_") &&
         absl::string_view(guard.name) != "first_run";
}

}  // namespace

const std::vector<NamedGuard>& AllGuards() {
  static const auto* const kGuards = new std::vector<NamedGuard>{
      {"empty_export", true, guards::EmptyExport},
      {"shrunken_export", true, guards::ShrunkenExport},
      {"stale_export", true, guards::StaleExport},
      {"duplicate_people", true, guards::DuplicatePeople},
      {"first_run", false, guards::FirstRun},
      {"max_deactivations", false, guards::MaxDeactivations},
      {"max_activations", false, guards::MaxActivations},
      {"max_removals", false, guards::MaxRemovals},
      {"max_additions", false, guards::MaxAdditions},
      {"max_group_removals", false, guards::MaxGroupRemovals},
      {"emptied_group", false, guards::EmptiedGroup},
      {"min_admins", false, guards::MinAdmins},
      {"privileged", false, guards::Privileged},
  };
  return *kGuards;
}

const std::vector<std::string>& WaivableGuards() {
  static const auto* const kNames = [] {
    auto* names = new std::vector<std::string>;
    for (const NamedGuard& guard : AllGuards()) names->emplace_back(guard.name);
    return names;
  }();
  return *kNames;
}

bool IsExportGuard(absl::string_view name) {
  return std::any_of(AllGuards().begin(), AllGuards().end(), [&](const NamedGuard& guard) {
    return guard.judges_export && name == guard.name;
  });
}

std::vector<Finding> RunGuards(const GuardInput& input) {
  std::vector<Finding> findings;
  std::vector<Impact> impacts = ImpactsOf(input.input.exported, input.draft, input.changes);
  for (const NamedGuard& guard : AllGuards()) {
    if (input.input.only_person && !StopsOnePerson(guard)) continue;
    if (!guard.judges_export && input.changes.empty()) continue;
    guard.guard(input, impacts, findings);
  }
  return findings;
}

bool Exceeds(const Limit& limit, int64_t n, int64_t base) {
  if (limit.count && n > *limit.count) return true;
  if (!limit.percent || base <= 0 || n <= limit.floor) return false;
  return absl::int128(100) * n > absl::int128(*limit.percent) * base;
}

int64_t LargestAllowed(const Limit& limit, int64_t base) {
  int64_t allowed = limit.count.value_or(std::numeric_limits<int64_t>::max());
  if (!limit.percent || base <= 0) return allowed;
  absl::int128 share = absl::int128(*limit.percent) * base / 100;
  absl::int128 by_percent = std::max(absl::int128(limit.floor), share);
  return by_percent < allowed ? static_cast<int64_t>(by_percent) : allowed;
}

}  // namespace rollcall
