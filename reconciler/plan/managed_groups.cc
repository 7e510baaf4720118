#include "reconciler/plan/managed_groups.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/entitlement.h"

namespace rollcall {
namespace {

// What several entries say of one target group, united (rule G6).
struct Entry {
  std::string target;  // as the first entry names it
  GroupMode mode = GroupMode::kExact;
  std::set<size_t> may_be_empty;  // those of the sources whose empty list means nobody
  bool by_pattern_only = true;
  std::set<size_t> sources;  // into Export::groups
};

class GroupResolver {
 public:
  GroupResolver(const Spec& spec, const DirectorySpec& directory, const Export& exported,
                const Memory& memory, const Roster& roster)
      : spec_(spec), directory_(directory), exported_(exported), memory_(memory), roster_(roster) {}

  ManagedGroups Run() {
    for (const GroupRule& rule : spec_.groups) {
      if (rule.directory == directory_.id) TakeRule(rule);
    }
    IndexTargets();
    for (auto& [folded, entry] : entries_) Resolve(folded, entry);
    std::sort(result_.groups.begin(), result_.groups.end(),
              [](const ManagedGroup& a, const ManagedGroup& b) { return a.group < b.group; });
    return std::move(result_);
  }

 private:
  void Report(const char* name, Severity severity, const std::string& group, std::string message,
              std::string cure) {
    result_.findings.push_back(
        {name, severity, std::move(message), std::move(cure), directory_.id, 1, 0, {group}});
  }

  void TakeRule(const GroupRule& rule) {
    std::vector<size_t> found;
    if (rule.IsPattern()) {
      for (size_t i = 0; i < exported_.groups.size(); ++i) {
        if (GlobMatches(rule.export_name, exported_.groups[i].name)) found.push_back(i);
      }
    } else {
      found = FindExportGroups(exported_, rule.export_name);
    }
    if (found.empty()) {
      // A configured group that the export lacks is not managed by this entry (G5).
      const std::string& target = rule.target_name.empty() ? rule.export_name : rule.target_name;
      Report("group_not_in_export", Severity::kWarning, target,
             absl::StrCat("the configured group \"", rule.export_name,
                          "\" is not in the export; nothing is changed in it (G5)"),
             "export the group, or take it out of `groups`");
      if (!rule.IsPattern() || !rule.target_name.empty()) missing_.insert(Fold(target));
      return;
    }
    if (!rule.IsPattern() && found.size() > 1) {
      ReportDoubled(rule.export_name, found.size());
      missing_.insert(Fold(rule.target_name.empty() ? rule.export_name : rule.target_name));
      return;
    }
    if (rule.IsPattern() && rule.target_name.empty()) LeaveOutDoubled(found);
    for (size_t source : found) AddSource(rule, source);
  }

  // Two groups of one name that a pattern finds are not united: which one is meant is not guessed.
  void LeaveOutDoubled(std::vector<size_t>& found) {
    std::map<std::string, int> groups_of;
    for (size_t source : found) ++groups_of[Fold(exported_.groups[source].name)];
    for (const auto& [name, count] : groups_of) {
      if (count > 1 && missing_.insert(name).second) ReportDoubled(name, count);
    }
    std::erase_if(
        found, [&](size_t source) { return groups_of[Fold(exported_.groups[source].name)] > 1; });
  }

  void ReportDoubled(const std::string& name, size_t count) {
    Report("ambiguous", Severity::kWarning, name,
           absl::StrCat("the export holds ", count, " groups named \"", name,
                        "\"; nothing is changed in it (G5)"),
           "rename one in the identity provider, or name the group by its e-mail");
  }

  void AddSource(const GroupRule& rule, size_t source) {
    std::string target =
        rule.target_name.empty() ? std::string(exported_.groups[source].name) : rule.target_name;
    Entry& entry = entries_[Fold(target)];
    if (entry.sources.empty()) {
      entry.target = target;
      entry.mode = rule.mode;
    } else if (rule.IsPattern() == entry.by_pattern_only && rule.mode == GroupMode::kAdditive) {
      entry.mode = GroupMode::kAdditive;
    } else if (!rule.IsPattern() && entry.by_pattern_only) {
      entry.mode = rule.mode;  // an entry that names the group decides over patterns
    }
    if (!rule.IsPattern()) entry.by_pattern_only = false;
    if (rule.may_be_empty) entry.may_be_empty.insert(source);
    entry.sources.insert(source);
  }

  void IndexTargets() {
    for (GroupIndex i = 0; i < roster_.groups.size(); ++i) {
      targets_[Fold(roster_.groups[i].name)].push_back(i);
    }
  }

  void Resolve(const std::string& folded, const Entry& entry) {
    auto target = targets_.find(folded);
    if (target == targets_.end()) {
      Report("group_missing", Severity::kWarning, entry.target,
             absl::StrCat("the group \"", entry.target, "\" does not exist in ", directory_.id,
                          "; its memberships cannot be made (G5)"),
             "create the group there, or correct its `name`");
      return;
    }
    if (target->second.size() > 1) {
      Report("ambiguous", Severity::kWarning, entry.target,
             absl::StrCat(target->second.size(), " groups of ", directory_.id, " are named \"",
                          entry.target, "\"; nothing is changed in them (G5)"),
             "rename one of them");
      return;
    }
    ManagedGroup managed;
    managed.group = target->second.front();
    managed.mode = entry.mode;
    if (entry.by_pattern_only && !memory_.adopted_groups.contains({directory_.id, folded})) {
      managed.mode = GroupMode::kAdditive;  // G7
    }
    Unite(folded, entry, managed);
    const Group& group = roster_.groups[managed.group];
    if (group.nested) {
      Report("nested_access", Severity::kInfo, std::string(group.name),
             absl::StrCat("\"", group.name,
                          "\" holds other groups, whose members have its access "
                          "too; nested groups are left alone (G4)"),
             "look through the nested groups by hand");
    }
    result_.groups.push_back(std::move(managed));
  }

  void Unite(const std::string& folded, const Entry& entry, ManagedGroup& managed) {
    std::vector<PersonIndex>& wanted = managed.wanted;
    std::string held;
    for (size_t source : entry.sources) {
      const ExportGroup& group = exported_.groups[source];
      wanted.insert(wanted.end(), group.members.begin(), group.members.end());
      if (!group.held.empty()) held = group.held;
      if (group.members.empty() && !entry.may_be_empty.contains(source) && held.empty()) {
        held = absl::StrCat("the export lists nobody in \"", group.name,
                            "\", and `may_be_empty: true` is not set");
      }
    }
    if (entry.sources.size() > 1) {
      std::sort(wanted.begin(), wanted.end());
      wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    }
    if (held.empty() && missing_.contains(folded)) {
      held = "another entry for the same group is not in the export";
    }
    if (held.empty()) return;
    managed.removals_held = true;
    Report("group_held", Severity::kWarning, entry.target,
           absl::StrCat("nothing is removed from \"", entry.target, "\": ", held, " (G4, G5)"),
           "export the group whole; if it really is to be empty, set `may_be_empty: true`");
  }

  const Spec& spec_;
  const DirectorySpec& directory_;
  const Export& exported_;
  const Memory& memory_;
  const Roster& roster_;
  std::map<std::string, Entry> entries_;  // by folded target name
  std::set<std::string> missing_;         // folded targets of entries that the export lacks
  std::map<std::string, std::vector<GroupIndex>> targets_;
  ManagedGroups result_;
};

// A group of the organisation, or of one of its sites, may have to be changed in the SCIM directory
// behind it (rule R1).
bool MayStandBehind(const Spec& spec, const DirectorySpec& directory, const GroupRule& rule) {
  if (directory.provisions.empty()) return false;
  const DirectorySpec* other = spec.FindDirectory(rule.directory);
  return rule.directory == directory.provisions ||
         (other != nullptr && other->kind == DirectoryKind::kJira);
}

}  // namespace

ManagedGroups ResolveGroups(const Spec& spec, const DirectorySpec& directory,
                            const Export& exported, const Memory& memory, const Roster& roster) {
  return GroupResolver(spec, directory, exported, memory, roster).Run();
}

ManagedGroupFilter::ManagedGroupFilter(const Spec& spec, const DirectorySpec& directory,
                                       const Export& exported) {
  auto add = [this](absl::string_view name) {
    if (name.find_first_of("*?") != absl::string_view::npos) {
      patterns_.push_back(std::string(name));
    } else {
      exact_.push_back(Fold(name));
    }
  };
  for (const GroupRule& rule : spec.groups) {
    if (rule.directory != directory.id && !MayStandBehind(spec, directory, rule)) continue;
    if (!rule.target_name.empty()) {
      add(rule.target_name);
    } else if (rule.IsPattern()) {
      add(rule.export_name);
    } else {
      // The rule may name the export's group by its e-mail; the target bears its name.
      for (size_t i : FindExportGroups(exported, rule.export_name)) add(exported.groups[i].name);
    }
  }
  for (const std::string& name : spec.managed_groups) add(name);
  for (const std::string& name : spec.guards.min_admins_groups) add(name);
  for (const std::string& entry : spec.guards.protected_entries) {
    absl::string_view name = entry;
    if (absl::ConsumePrefix(&name, "group:") || absl::ConsumePrefix(&name, "members:")) add(name);
  }
  std::sort(exact_.begin(), exact_.end());
}

bool ManagedGroupFilter::Wants(absl::string_view group_name) const {
  if (std::binary_search(exact_.begin(), exact_.end(), Fold(group_name))) return true;
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const std::string& pattern) { return GlobMatches(pattern, group_name); });
}

}  // namespace rollcall
