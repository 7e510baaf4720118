#include "clients/crowd/name_book.h"

#include <algorithm>

namespace rollcall {

void NameBook::LearnAll(const Roster& roster, absl::Time now) {
  std::vector<std::pair<absl::string_view, absl::string_view>> all;
  all.reserve(roster.accounts.size());
  for (const Account& account : roster.accounts) all.emplace_back(account.id, account.user_name);
  MutexLock lock(mutex_);
  all_ = std::move(all);
  texts_ = roster.arena;
  learnt_ = now;
  single_.clear();
}

void NameBook::Learn(const std::string& id, const std::string& name, absl::Time now) {
  MutexLock lock(mutex_);
  if (single_.size() >= kMaxSingle) single_.clear();
  single_[id] = {name, now};
}

std::optional<std::string> NameBook::Find(const std::string& id, absl::Time now) {
  MutexLock lock(mutex_);
  if (const auto found = single_.find(id); found != single_.end()) {
    if (now - found->second.learnt <= kFresh) return found->second.name;
    return std::nullopt;
  }
  if (now - learnt_ > kFresh) return std::nullopt;
  const auto found = std::lower_bound(
      all_.begin(), all_.end(), absl::string_view(id),
      [](const auto& entry, absl::string_view wanted) { return entry.first < wanted; });
  if (found == all_.end() || found->first != absl::string_view(id)) return std::nullopt;
  return std::string(found->second);
}

}  // namespace rollcall
