#include "reconciler/plan/refusals.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

bool OfMemberships(Action action) {
  return action == Action::kAddMembership || action == Action::kRemoveMembership;
}

// What a change must be like for the refusal to speak against it.
using RefusalKey = std::tuple<std::string, std::string, Action, std::string, std::string>;

RefusalKey KeyOfRefusal(const Refusal& refusal) {
  if (refusal.finding == kMasked) {
    return {kMasked, refusal.directory, refusal.action, refusal.account, refusal.group_id};
  }
  // Of all changes of accounts, or of all of memberships.
  const Action kind = OfMemberships(refusal.action) ? Action::kAddMembership : Action::kDeactivate;
  return {refusal.finding, refusal.directory, kind, "", ""};
}

class RefusalIndex {
 public:
  explicit RefusalIndex(const PlanInput& input) {
    if (input.only_person.has_value()) return;
    for (const Refusal& refusal : input.memory.refusals) {
      if (input.now - refusal.time >= kRememberRefusalsFor) continue;
      const Refusal*& place = by_key_[KeyOfRefusal(refusal)];
      if (place == nullptr || place->time < refusal.time) place = &refusal;
    }
  }

  // Null: nothing speaks against the change.
  const Refusal* Find(const Change& change) const {
    if (by_key_.empty()) return nullptr;
    for (const char* finding : {kReadOnly, kMasked}) {
      const auto found = by_key_.find(KeyOfRefusal(
          {finding, change.directory, change.action, change.account, change.group_id, {}}));
      if (found != by_key_.end()) return found->second;
    }
    return nullptr;
  }

 private:
  absl::flat_hash_map<RefusalKey, const Refusal*> by_key_;
};

struct LeftOut {
  int64_t changes = 0;
  absl::Time last = absl::InfinitePast();
  std::set<std::string> subjects;
};

std::string Hour(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone());
}

Finding Describe(const std::string& name, const std::string& directory, bool memberships,
                 const LeftOut& left) {
  Finding finding;
  finding.name = name;
  finding.severity = Severity::kWarning;
  finding.directory = directory;
  finding.observed = left.changes;
  finding.subjects = {left.subjects.begin(), left.subjects.end()};
  const std::string changes =
      absl::StrCat(left.changes, " ", left.changes == 1 ? "change" : "changes", " of ",
                   memberships ? "memberships" : "accounts", " in ", directory,
                   left.changes == 1 ? " is" : " are", " left out: ");
  const std::string when = absl::StrCat(" (last at ", Hour(left.last), "); tried again after ",
                                        Hour(left.last + kRememberRefusalsFor));
  const char* now = ", or now with `rollcall deactivate` or `activate`";
  if (name == kReadOnly) {
    finding.message =
        absl::StrCat(changes, "the directory refused such a change as read-only", when);
    finding.cure = absl::StrCat(
        "give Rollcall's application or key the right to make such changes there (`rollcall check` "
        "names it), or say `apply: false`; it is tried again after a day",
        now);
  } else {
    finding.message =
        absl::StrCat(changes,
                     "accepted there once, and nothing moved, as when a directory in front "
                     "holds the same name",
                     when);
    finding.cure = absl::StrCat(
        "make the change in the directory that shows through, or put the directory that Rollcall "
        "changes first; it is tried again after a day",
        now);
  }
  return finding;
}

}  // namespace

std::vector<Finding> LeaveOutRefused(const PlanInput& input, std::vector<Change>& changes) {
  const RefusalIndex refusals(input);
  std::map<std::tuple<std::string, std::string, bool>, LeftOut> left_out;
  std::erase_if(changes, [&](const Change& change) {
    const Refusal* refusal = refusals.Find(change);
    if (refusal == nullptr) return false;
    LeftOut& left = left_out[{refusal->finding, change.directory, OfMemberships(change.action)}];
    ++left.changes;
    left.last = std::max(left.last, refusal->time);
    left.subjects.insert(SubjectOf(change));
    return true;
  });
  std::vector<Finding> findings;
  for (const auto& [key, left] : left_out) {
    const auto& [name, directory, memberships] = key;
    findings.push_back(Describe(name, directory, memberships, left));
  }
  return findings;
}

}  // namespace rollcall
