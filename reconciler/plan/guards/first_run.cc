// `first_run`: what has never been tried is looked at first. It blocks deactivations and removals
// in a directory in which this state has applied nothing yet, and any change of members in a
// managed group that no applied (or in-step) plan has covered. Effects count. One finding a
// directory.
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {
namespace {

struct First {
  int64_t deactivations = 0;  // in a directory that is new to this state
  int64_t removals = 0;
  int64_t in_groups = 0;         // changes of members in new groups, the removals above included
  int64_t total = 0;             // each change once
  std::set<std::string> groups;  // new ones
  std::vector<std::string> people;
};

// "2 deactivations and 1 removal", without what there is none of.
std::string DescribeTaken(const First& first) {
  std::vector<std::string> parts;
  if (first.deactivations > 0) {
    parts.push_back(Count(first.deactivations, "deactivation", "deactivations"));
  }
  if (first.removals > 0) parts.push_back(Count(first.removals, "removal", "removals"));
  return absl::StrJoin(parts, " and ");
}

std::string Describe(const First& first, const std::string& directory) {
  std::vector<std::string> sentences;
  if (first.deactivations + first.removals > 0) {
    sentences.push_back(absl::StrCat("nothing has been applied to ", directory,
                                     " from this state yet, and the plan has ",
                                     DescribeTaken(first), " there"));
  }
  if (!first.groups.empty()) {
    std::vector<std::string> shown(first.groups.begin(), first.groups.end());
    bool cut = shown.size() > kGroupsInMessage;
    if (cut) shown.resize(kGroupsInMessage);
    sentences.push_back(absl::StrCat(
        Count(first.in_groups, "change is", "changes are"), " in groups", InDirectory(directory),
        " that no applied plan has covered yet: ", absl::StrJoin(shown, ", "), cut ? ", …" : ""));
  }
  return absl::StrJoin(sentences, "; ");
}

// A change that came by another directory's group counts for that one: the group through which it
// goes need not be managed itself, and would never be covered.
bool IsCovered(const GuardInput& input, const Impact& impact) {
  const auto& covered = input.input.memory.covered_groups;
  const std::string group = Fold(impact.group);
  const std::string& routed_from = input.changes[impact.change].routed_from;
  return covered.count({std::string(impact.directory_id), group}) > 0 ||
         (!impact.effect && !routed_from.empty() && covered.count({routed_from, group}) > 0);
}

}  // namespace

void FirstRun(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  if (!input.input.spec.guards.first_run) return;
  const Memory& memory = input.input.memory;
  std::map<std::string, First> firsts;  // by directory
  for (const Impact& impact : impacts) {
    std::string directory(impact.directory_id);
    bool takes = impact.action == Action::kDeactivate || impact.action == Action::kRemoveMembership;
    bool new_directory = takes && memory.applied_directories.count(directory) == 0;
    bool new_group = IsMembership(impact.action) && !IsCovered(input, impact);
    if (!new_directory && !new_group) continue;
    First& first = firsts[directory];
    ++first.total;
    if (new_directory)
      ++(impact.action == Action::kDeactivate ? first.deactivations : first.removals);
    if (new_group) {
      ++first.in_groups;
      first.groups.emplace(impact.group);
    }
    first.people.push_back(impact.person);
  }
  for (auto& [directory, first] : firsts) {
    Finding finding =
        Blocking("first_run", Describe(first, directory),
                 "look through the changes, since nothing like them was tried before");
    finding.directory = directory;
    finding.observed = first.total;
    SetSubjects(finding, std::move(first.people));
    finding.subjects.insert(finding.subjects.begin(), first.groups.begin(), first.groups.end());
    if (finding.subjects.size() > kMaxSubjects) finding.subjects.resize(kMaxSubjects);
    findings.push_back(std::move(finding));
  }
}

}  // namespace rollcall::guards
