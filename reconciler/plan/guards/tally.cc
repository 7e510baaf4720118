#include "reconciler/plan/guards/tally.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall {

void Tally::AddPlanned(std::string unit, std::string subject) {
  units_.insert(std::move(unit));
  subjects_.push_back(std::move(subject));
}

void Tally::AddPast(std::string unit) {
  if (units_.insert(std::move(unit)).second) ++past_only_;
}

std::string UnitOf(Action action, absl::string_view account, absl::string_view group) {
  // The length keeps ("ab", "c") and ("a", "bc") apart.
  return IsMembership(action) ? absl::StrCat(account.size(), ":", account, Fold(group))
                              : std::string(account);
}

bool Counts(const PastChange& past, const char* guard, absl::Time now) {
  return past.time >= now - absl::Hours(24) && past.waived.count(guard) == 0;
}

std::string PersonOf(const PastChange& past, const Export& exported, const Draft& draft) {
  if (!past.person.empty()) return past.person;
  if (const DraftDirectory* directory = FindDirectory(draft, past.directory)) {
    AccountIndex account = directory->roster().FindAccount(past.account);
    absl::string_view id =
        account == kNoAccount ? absl::string_view() : PersonBehind(exported, *directory, account);
    if (!id.empty()) return std::string(id);
  }
  return AccountName(past.directory, past.account);
}

absl::flat_hash_set<std::string> DeactivatedPeople(const std::vector<Impact>& impacts) {
  absl::flat_hash_set<std::string> people;
  for (const Impact& impact : impacts) {
    if (impact.action == Action::kDeactivate) people.insert(impact.person);
  }
  return people;
}

absl::flat_hash_set<std::pair<int64_t, std::string>> DeactivatedPeople(const PlanInput& input,
                                                                       const Draft& draft) {
  absl::flat_hash_set<std::pair<int64_t, std::string>> people;
  for (const PastChange& past : input.memory.applied_last_24h) {
    if (past.action != Action::kDeactivate) continue;
    people.insert({past.run, PersonOf(past, input.exported, draft)});
  }
  return people;
}

}  // namespace rollcall
