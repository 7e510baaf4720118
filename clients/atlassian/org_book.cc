#include "clients/atlassian/org_book.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace rollcall {
namespace {

// "-|only|id id", so that another scope's list is not taken for this one's.
constexpr char kDirectoriesTrait[] = "org_directories";
constexpr char kOnly[] = "only";
constexpr char kSeveral[] = "several";

std::string PackDirectories(const std::string& scope, const OrgDirectories& directories) {
  return absl::StrCat(scope, "|", directories.only ? kOnly : kSeveral, "|",
                      absl::StrJoin(directories.ids, " "));
}

std::optional<OrgDirectories> UnpackDirectories(const std::string& scope,
                                                const std::string& packed) {
  const std::vector<std::string> parts = absl::StrSplit(packed, absl::MaxSplits('|', 2));
  if (parts.size() != 3 || parts[0] != scope) return std::nullopt;
  OrgDirectories directories;
  directories.only = parts[1] == kOnly;
  directories.ids = absl::StrSplit(parts[2], ' ', absl::SkipEmpty());
  if (directories.ids.empty()) return std::nullopt;
  return directories;
}

}  // namespace

OrgBook::OrgBook(std::string directory, std::string scope, TraitStore* traits)
    : directory_(std::move(directory)), scope_(std::move(scope)), traits_(traits) {}

std::optional<OrgDirectories> OrgBook::Directories() {
  MutexLock lock(mutex_);
  if (!directories_.has_value() && traits_ != nullptr) {
    directories_ =
        UnpackDirectories(scope_, traits_->Get(directory_, kDirectoriesTrait).value_or(""));
  }
  return directories_;
}

void OrgBook::LearnDirectories(const OrgDirectories& directories) {
  MutexLock lock(mutex_);
  if (directories_.has_value() && directories_->ids != directories.ids) {
    // Places are numbers in the old list.
    entries_.clear();
    single_.clear();
  }
  directories_ = directories;
  if (traits_ == nullptr) return;
  const std::string packed = PackDirectories(scope_, directories);
  if (traits_->Get(directory_, kDirectoriesTrait) == packed) return;
  traits_->Set(directory_, kDirectoriesTrait, packed);
}

void OrgBook::LearnAll(std::vector<Entry> entries, std::map<std::string, OrgKnownGroup> groups,
                       std::shared_ptr<const StringArena> texts) {
  MutexLock lock(mutex_);
  entries_ = std::move(entries);
  groups_ = std::move(groups);
  texts_ = std::move(texts);
  single_.clear();
}

std::optional<OrgStanding> OrgBook::FindInSnapshot(absl::string_view account) {
  MutexLock lock(mutex_);
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), account,
      [](const Entry& entry, absl::string_view wanted) { return entry.first < wanted; });
  if (found == entries_.end() || found->first != account) return std::nullopt;
  return found->second;
}

void OrgBook::LearnAccount(const std::string& account, const OrgStanding& standing,
                           absl::Time now) {
  MutexLock lock(mutex_);
  if (single_.size() >= kMaxSingle) single_.clear();
  single_[account] = {standing, now};
}

std::optional<OrgStanding> OrgBook::FindFresh(const std::string& account, absl::Time now) {
  MutexLock lock(mutex_);
  const auto found = single_.find(account);
  if (found == single_.end() || now - found->second.second > kFresh) return std::nullopt;
  return found->second.first;
}

void OrgBook::Forget(const std::string& account) {
  MutexLock lock(mutex_);
  single_.erase(account);
}

void OrgBook::LearnGroup(const std::string& group, const OrgKnownGroup& known) {
  MutexLock lock(mutex_);
  if (groups_.size() >= kMaxSingle && groups_.count(group) == 0) return;
  groups_[group] = known;
}

std::optional<OrgKnownGroup> OrgBook::FindGroup(const std::string& group) {
  MutexLock lock(mutex_);
  const auto found = groups_.find(group);
  if (found == groups_.end()) return std::nullopt;
  return found->second;
}

int64_t OrgBook::MostPages() {
  MutexLock lock(mutex_);
  int64_t most = 1;
  for (const auto& [id, group] : groups_) most = std::max(most, group.pages);
  return most;
}

}  // namespace rollcall
