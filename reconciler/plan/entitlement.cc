#include "reconciler/plan/entitlement.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

Finding GroupFinding(const char* name, const DirectorySpec& directory, const std::string& group,
                     absl::string_view message, absl::string_view cure) {
  return {name,   Severity::kWarning, std::string(message), std::string(cure), directory.id, 1, 0,
          {group}};
}

void EntitleMembers(const DirectorySpec& directory, const std::string& name, const Export& exported,
                    Entitlement& result) {
  std::vector<size_t> groups = FindExportGroups(exported, name);
  if (groups.empty()) {
    result.uncertain = true;
    result.findings.push_back(GroupFinding(
        "group_not_in_export", directory, name,
        absl::StrCat("the group \"", name, "\" that entitles people to ", directory.id,
                     " is not in the export; nobody is entitled by it, and nobody loses an account "
                     "for not being entitled (E1)"),
        "correct `people: {groups}` or export the group"));
    return;
  }
  if (groups.size() > 1) {
    result.uncertain = true;
    result.findings.push_back(
        GroupFinding("ambiguous", directory, name,
                     absl::StrCat("the export holds ", groups.size(), " groups named \"", name,
                                  "\"; none of them entitles anybody to ", directory.id, " (E1)"),
                     "rename one in the identity provider, or name the group by its e-mail"));
    return;
  }
  const ExportGroup& group = exported.groups[groups.front()];
  if (!group.held.empty()) {
    result.uncertain = true;
    result.findings.push_back(
        GroupFinding("group_held", directory, std::string(group.name),
                     absl::StrCat("the list of \"", group.name, "\", which entitles people to ",
                                  directory.id, ", may be incomplete: ", group.held,
                                  "; nobody loses an account for not being entitled (E1, G4)"),
                     "export the group whole"));
  }
  for (PersonIndex person : group.members) result.entitled[person] = true;
}

}  // namespace

bool Holds(const Condition& condition, const Person& person) {
  return FoldedEquals(AttributeOf(person, condition.attribute), condition.value);
}

std::vector<size_t> FindExportGroups(const Export& exported, absl::string_view name) {
  std::vector<size_t> found;
  for (size_t i = 0; i < exported.groups.size(); ++i) {
    const ExportGroup& group = exported.groups[i];
    if (FoldedEquals(group.name, name) ||
        (!group.email.empty() && FoldedEquals(group.email, name))) {
      found.push_back(i);
    }
  }
  return found;
}

Entitlement Entitle(const DirectorySpec& directory, const Export& exported) {
  Entitlement result;
  const PeopleRule& rule = directory.people;
  result.entitled.assign(exported.people.size(), rule.kind == PeopleRule::Kind::kAll);
  if (rule.kind == PeopleRule::Kind::kGroups) {
    for (const std::string& name : rule.groups) {
      EntitleMembers(directory, name, exported, result);
    }
  } else if (rule.kind == PeopleRule::Kind::kWhere) {
    for (size_t i = 0; i < exported.people.size(); ++i) {
      result.entitled[i] = std::all_of(
          rule.conditions.begin(), rule.conditions.end(),
          [&](const Condition& condition) { return Holds(condition, exported.people[i]); });
    }
  }
  return result;
}

std::vector<bool> Excluded(const Spec& spec, const Export& exported) {
  std::vector<bool> excluded(exported.people.size(), false);
  for (const std::vector<Condition>& rule : spec.exclude) {
    for (size_t i = 0; i < exported.people.size(); ++i) {
      if (!excluded[i] && std::all_of(rule.begin(), rule.end(), [&](const Condition& condition) {
            return Holds(condition, exported.people[i]);
          })) {
        excluded[i] = true;
      }
    }
  }
  return excluded;
}

std::vector<std::string> NeededAttributes(const Spec& spec) {
  std::set<std::string> needed;
  for (const std::vector<Condition>& rule : spec.exclude) {
    for (const Condition& condition : rule) needed.insert(condition.attribute);
  }
  for (const DirectorySpec& directory : spec.directories) {
    for (const Condition& condition : directory.people.conditions) {
      needed.insert(condition.attribute);
    }
    needed.insert(directory.match.user_name_attribute);
    needed.insert(directory.match.external_id_attribute);
  }
  needed.erase("");
  return {needed.begin(), needed.end()};
}

}  // namespace rollcall
