// `privileged`: any addition to an admin group. Which groups those are is said by patterns over the
// target's names; the default is every name that contains "admin".
#include <algorithm>
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

struct Additions {
  std::set<std::pair<std::string, std::string>> memberships;  // group, account
  std::set<std::string> groups;
  std::vector<std::string> people;
};

}  // namespace

void Privileged(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  const GuardSpec& spec = input.input.spec.guards;
  if (!spec.privileged) return;
  std::map<std::string, bool> admin_groups;  // each name is matched once
  std::map<std::string, Additions> found;    // by directory
  for (const Impact& impact : impacts) {
    if (impact.action != Action::kAddMembership) continue;
    std::string group(impact.group);
    auto [known, fresh] = admin_groups.try_emplace(group, false);
    if (fresh) {
      known->second =
          std::any_of(spec.privileged_groups.begin(), spec.privileged_groups.end(),
                      [&](const std::string& pattern) { return GlobMatches(pattern, group); });
    }
    if (!known->second) continue;
    Additions& additions = found[std::string(impact.directory_id)];
    additions.memberships.emplace(group, std::string(impact.account_id));
    additions.groups.insert(group);
    additions.people.push_back(impact.person);
  }
  for (auto& [directory, additions] : found) {
    int64_t count = static_cast<int64_t>(additions.memberships.size());
    std::vector<std::string> shown(additions.groups.begin(), additions.groups.end());
    bool cut = shown.size() > kGroupsInMessage;
    if (cut) shown.resize(kGroupsInMessage);
    Finding finding = Blocking(
        "privileged",
        absl::StrCat(Count(count, "addition", "additions"), " to admin groups",
                     InDirectory(directory), ": ", absl::StrJoin(shown, ", "), cut ? ", …" : ""),
        "check that each of these people should get these rights");
    finding.directory = directory;
    finding.observed = count;
    SetSubjects(finding, std::move(additions.people));
    // The groups stay in, however many people there are.
    finding.subjects.insert(finding.subjects.begin(), additions.groups.begin(),
                            additions.groups.end());
    if (finding.subjects.size() > kMaxSubjects) finding.subjects.resize(kMaxSubjects);
    findings.push_back(std::move(finding));
  }
}

}  // namespace rollcall::guards
