#include "absl/container/flat_hash_map.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"
#include "tests/support/scenario_lines.h"

namespace rollcall::scenario {
namespace {

// NAME off | NAME [floor=N] [percent=N] [count=N]: what is not named does not limit.
absl::Status LimitLine(const Words& words, Limit& limit) {
  limit = Limit();
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "off") {
      limit.on = false;
      continue;
    }
    auto [name, value] = Pair(words[i]);
    ASSIGN_OR_RETURN(int64_t number, Number(value));
    if (name == "floor") {
      limit.floor = number;
    } else if (name == "percent") {
      limit.percent = number;
    } else if (name == "count") {
      limit.count = number;
    } else {
      return Unknown(words[i]);
    }
  }
  return absl::OkStatus();
}

}  // namespace

// NAME -> DIRECTORY [as TARGET] [additive] [may_be_empty]
absl::Status ReadManagedGroupLine(Company& company, const Words& words) {
  if (words.size() < 3 || words[1] != "->") return Unknown("NAME -> DIRECTORY");
  GroupRule rule;
  rule.export_name = words[0];
  rule.directory = words[2];
  for (size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "as" && i + 1 < words.size()) {
      rule.target_name = words[++i];
    } else if (words[i] == "additive") {
      rule.mode = GroupMode::kAdditive;
    } else if (words[i] == "may_be_empty") {
      rule.may_be_empty = true;
    } else {
      return Unknown(words[i]);
    }
  }
  company.spec().groups.push_back(std::move(rule));
  return absl::OkStatus();
}

absl::Status ReadConfigurationLine(Company& company, const Words& words) {
  Spec& spec = company.spec();
  if (words[0] == "exclude" && words.size() > 1) {
    std::vector<Condition> conditions;
    for (size_t i = 1; i < words.size(); ++i) {
      auto [name, value] = Pair(words[i]);
      conditions.push_back({name, value});
    }
    spec.exclude.push_back(std::move(conditions));
  } else if (words[0] == "managed_domain" && words.size() == 2) {
    spec.managed_domains.push_back(Fold(words[1]));
  } else if (words[0] == "managed_group" && words.size() == 2) {
    spec.managed_groups.push_back(words[1]);
  } else if (words[0] == "vanished_after" && words.size() == 2) {
    ASSIGN_OR_RETURN(spec.vanished_after, Number(words[1]));
  } else {
    return Unknown(words[0]);
  }
  return absl::OkStatus();
}

absl::Status ReadGuardLine(GuardSpec& guards, const Words& words, const std::string& tail) {
  static const auto* const kLimits = new absl::flat_hash_map<std::string, Limit GuardSpec::*>{
      {"max_deactivations", &GuardSpec::max_deactivations},
      {"max_activations", &GuardSpec::max_activations},
      {"max_removals", &GuardSpec::max_removals},
      {"max_additions", &GuardSpec::max_additions},
      {"max_group_removals", &GuardSpec::max_group_removals}};
  static const auto* const kSwitches = new absl::flat_hash_map<std::string, bool GuardSpec::*>{
      {"empty_export", &GuardSpec::empty_export},
      {"duplicate_people", &GuardSpec::duplicate_people},
      {"first_run", &GuardSpec::first_run},
      {"emptied_group", &GuardSpec::emptied_group},
      {"min_admins", &GuardSpec::min_admins},
      {"privileged", &GuardSpec::privileged}};
  bool off = words.size() == 2 && words[1] == "off";
  if (auto limit = kLimits->find(words[0]); limit != kLimits->end()) {
    return LimitLine(words, guards.*(limit->second));
  }
  if (auto on = kSwitches->find(words[0]); off && on != kSwitches->end()) {
    guards.*(on->second) = false;
  } else if (words[0] == "shrunken_export" && off) {
    guards.shrunken_export_percent = std::nullopt;
  } else if (words[0] == "stale_export" && off) {
    guards.stale_export = std::nullopt;
  } else if (words[0] == "protected") {
    guards.protected_entries = List(tail);
  } else if (words[0] == "privileged") {
    guards.privileged_groups = List(tail);
  } else if (words[0] == "min_admins" && words.size() == 2) {
    ASSIGN_OR_RETURN(guards.min_admins_limit, Number(words[1]));
    guards.min_admins_groups = List(tail);
  } else {
    return Unknown(words[0]);
  }
  return absl::OkStatus();
}

}  // namespace rollcall::scenario
