#include "agent/render/wording.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall {

std::string Grouped(int64_t number) {
  std::string digits = absl::StrCat(number);
  const int64_t first = number < 0 ? 1 : 0;
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

std::string CountOf(int64_t number, absl::string_view noun, absl::string_view plural) {
  if (number == 1) return absl::StrCat("1 ", noun);
  if (!plural.empty()) return absl::StrCat(Grouped(number), " ", plural);
  return absl::StrCat(Grouped(number), " ", noun, "s");
}

std::string About(absl::Duration duration) {
  if (duration < absl::Seconds(1)) return "less than a second";
  // Rounded up: an estimate that is kept beats one that is missed.
  if (duration < absl::Minutes(2)) {
    return absl::StrCat("about ", absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1))),
                        " s");
  }
  if (duration < absl::Hours(2)) {
    return absl::StrCat("about ", absl::ToInt64Minutes(absl::Ceil(duration, absl::Minutes(1))),
                        " min");
  }
  return absl::StrCat("about ", absl::ToInt64Hours(absl::Ceil(duration, absl::Hours(1))), " h");
}

std::string Stamp(absl::Time time) {
  return absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone()), " UTC");
}

int64_t Total(const Counts& counts) {
  return counts.activate + counts.deactivate + counts.add_membership + counts.remove_membership;
}

std::string InWords(const Counts& counts) {
  std::vector<std::string> parts;
  if (counts.deactivate > 0) parts.push_back(CountOf(counts.deactivate, "deactivation"));
  if (counts.remove_membership > 0) {
    parts.push_back(
        CountOf(counts.remove_membership, "removal from groups", "removals from groups"));
  }
  if (counts.activate > 0) parts.push_back(CountOf(counts.activate, "activation"));
  if (counts.add_membership > 0) {
    parts.push_back(CountOf(counts.add_membership, "addition to groups", "additions to groups"));
  }
  return absl::StrJoin(parts, ", ");
}

std::string Enumerate(const std::vector<std::string>& items, size_t limit) {
  const size_t shown = std::min(items.size(), limit);
  const size_t hidden = items.size() - shown;
  std::string result;
  for (size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == shown && hidden == 0;
    if (i > 0) result += last ? " and " : ", ";
    result += items[i];
  }
  if (hidden > 0) absl::StrAppend(&result, " and ", Grouped(static_cast<int64_t>(hidden)), " more");
  return result;
}

const char* InWords(AccountState state) {
  switch (state) {
    case AccountState::kActive:
      return "active";
    case AccountState::kInactive:
      return "inactive";
    case AccountState::kPartlyActive:
      return "partly active";
    case AccountState::kUntouchable:
      return "never touched";
  }
  return "";
}

const char* AccountStateName(AccountState state) {
  switch (state) {
    case AccountState::kActive:
      return "ACTIVE";
    case AccountState::kInactive:
      return "INACTIVE";
    case AccountState::kPartlyActive:
      return "PARTLY_ACTIVE";
    case AccountState::kUntouchable:
      return "UNTOUCHABLE";
  }
  return "";
}

const char* Verb(Action action) {
  switch (action) {
    case Action::kActivate:
      return "activate";
    case Action::kDeactivate:
      return "deactivate";
    case Action::kAddMembership:
      return "add to group";
    case Action::kRemoveMembership:
      return "remove from group";
  }
  return "";
}

const char* AskedWith(int64_t waits, int64_t busy) {
  if (busy == 0) return "429";
  return busy < waits ? "429 and 503" : "503";
}

}  // namespace rollcall
