#include "clients/scim/removal_memory.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace rollcall {
namespace {

constexpr char kFormKey[] = "removal_form";
constexpr char kWipesKey[] = "removal_wipes";

}  // namespace

RemovalMemory::RemovalMemory(std::string directory, TraitStore* traits)
    : directory_(std::move(directory)), traits_(traits) {
  if (traits_ == nullptr) return;
  const std::string wiping = traits_->Get(directory_, kWipesKey).value_or("");
  for (absl::string_view name : absl::StrSplit(wiping, ',', absl::SkipEmpty())) {
    if (auto form = FindRemovalForm(name)) wiping_.insert(*form);
  }
  proven_ = FindRemovalForm(traits_->Get(directory_, kFormKey).value_or(""));
  if (proven_.has_value() && wiping_.count(*proven_) > 0) proven_.reset();
}

std::optional<RemovalForm> RemovalMemory::proven() {
  MutexLock lock(mutex_);
  return proven_;
}

std::vector<RemovalForm> RemovalMemory::Order() {
  MutexLock lock(mutex_);
  std::vector<RemovalForm> order;
  if (proven_.has_value()) order.push_back(*proven_);
  for (RemovalForm form : kRemovalForms) {
    if (form != proven_ && wiping_.count(form) == 0) order.push_back(form);
  }
  return order;
}

void RemovalMemory::Store(const std::string& key, const std::string& value) {
  if (traits_ != nullptr) traits_->Set(directory_, key, value);
}

void RemovalMemory::Prove(RemovalForm form, Lasting lasting) {
  {
    MutexLock lock(mutex_);
    if (wiping_.count(form) > 0) return;
    proven_ = form;
  }
  if (lasting == Lasting::kStored) Store(kFormKey, RemovalFormName(form));
}

void RemovalMemory::MarkWiping(RemovalForm form) {
  std::vector<std::string> names;
  {
    MutexLock lock(mutex_);
    wiping_.insert(form);
    if (proven_ == form) proven_.reset();
    for (RemovalForm each : wiping_) names.push_back(RemovalFormName(each));
  }
  Store(kWipesKey, absl::StrJoin(names, ","));
}

void RemovalMemory::Watch(const std::string& group_id, absl::Span<const std::string> accounts) {
  MutexLock lock(mutex_);
  if (watched_.size() >= kMaxWatched) watched_.clear();
  watched_[group_id].insert(accounts.begin(), accounts.end());
}

void RemovalMemory::Observe(const GroupMembers& group) {
  {
    MutexLock lock(mutex_);
    auto found = watched_.find(group.id);
    if (found == watched_.end()) return;
    const std::set<std::string> removed = std::move(found->second);
    watched_.erase(found);
    bool still_there = false;
    for (const std::string& member : group.members) still_there |= removed.count(member) > 0;
    if (!still_there) return;
    proven_.reset();
  }
  Store(kFormKey, "");
}

}  // namespace rollcall
