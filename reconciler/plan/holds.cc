#include "reconciler/plan/holds.h"

#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

// Either may be null.
const Hold* Stronger(const Hold* a, const Hold* b) {
  if (a == nullptr || b == nullptr) return a == nullptr ? b : a;
  return b->kind == Hold::Kind::kDeactivated ? b : a;
}

}  // namespace

HoldIndex::HoldIndex(const std::vector<Hold>& holds) {
  for (const Hold& hold : holds) {
    const Hold*& place = hold.person.empty() ? by_name_[Fold(hold.email)] : by_person_[hold.person];
    if (place == nullptr || place->kind == Hold::Kind::kActivated) place = &hold;
  }
}

const Hold* HoldIndex::ForName(absl::string_view name) const {
  if (by_name_.empty() || name.empty()) return nullptr;
  auto found = by_name_.find(Fold(name));
  return found == by_name_.end() ? nullptr : found->second;
}

const Hold* HoldIndex::ForGone(absl::string_view person_id) const {
  auto found = by_person_.find(std::string(person_id));
  return found == by_person_.end() ? nullptr : found->second;
}

const Hold* HoldIndex::For(const Person& person) const {
  if (by_person_.empty() && by_name_.empty()) return nullptr;
  const Hold* best = ForGone(person.id);
  best = Stronger(best, ForName(person.email));
  best = Stronger(best, ForName(person.user_name));
  for (absl::string_view alias : person.aliases) best = Stronger(best, ForName(alias));
  return best;
}

const Hold* HoldIndex::For(const Account& account) const {
  return Stronger(ForName(account.email), ForName(account.user_name));
}

}  // namespace rollcall
