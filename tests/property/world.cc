#include "tests/property/world.h"

#include <cstdio>
#include <cstdlib>

#include "tests/support/scenario.h"

namespace rollcall::property {
namespace {

template <typename Rows, typename Same>
auto* FindRow(Rows& rows, Same same) {
  for (auto& row : rows) {
    if (same(row)) return &row;
  }
  return static_cast<decltype(&rows[0])>(nullptr);
}

}  // namespace

TestAccount* WorldDirectory::Find(const std::string& account) {
  return FindRow(accounts, [&](const TestAccount& row) { return row.id == account; });
}

const TestAccount* WorldDirectory::Find(const std::string& account) const {
  return FindRow(accounts, [&](const TestAccount& row) { return row.id == account; });
}

const TestGroup* WorldDirectory::FindGroup(const std::string& name) const {
  return FindRow(groups, [&](const TestGroup& row) { return row.name == name; });
}

const WorldDirectory* World::Find(const std::string& directory) const {
  return FindRow(directories, [&](const WorldDirectory& row) { return row.spec.id == directory; });
}

WorldDirectory* World::Find(const std::string& directory) {
  return FindRow(directories, [&](const WorldDirectory& row) { return row.spec.id == directory; });
}

const WorldPerson* World::FindPerson(const std::string& id) const {
  return FindRow(people, [&](const WorldPerson& row) { return row.id == id; });
}

absl::Time HoursAgo(int hours) { return absl::UnixEpoch() - absl::Hours(hours); }

PlanResult PlanOf(const World& world) {
  const std::string text = ScenarioText(world) + "expect\n  anything\n";
  absl::StatusOr<Scenario> scenario = ParseScenario(text);
  if (!scenario.ok()) {
    std::fprintf(stderr, "%s\n%s", scenario.status().ToString().c_str(), text.c_str());
    std::abort();
  }
  PlanInput input = scenario->company->Input();
  input.only_person = scenario->only_person;
  const Draft draft = MakeDraft(input);
  return FinishPlan(input, draft, scenario->probes);
}

}  // namespace rollcall::property
