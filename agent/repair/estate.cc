#include "agent/repair/estate.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/guard.h"

namespace rollcall {
namespace {

SeenAccount Seen(const Account& account) {
  SeenAccount seen;
  seen.id = std::string(account.id);
  seen.email = std::string(account.email);
  seen.state = account.state;
  seen.claimed = account.claimed;
  seen.pending_deletion = account.pending_deletion;
  return seen;
}

}  // namespace

Estate::Estate(const PlanInput& input, const Draft& draft, std::string organisation)
    : input_(input), draft_(draft), organisation_(std::move(organisation)) {}

absl::Status Estate::CheckRead() const {
  for (const DirectoryInput& directory : input_.directories) {
    if (directory.snapshot.has_value()) continue;
    if (directory.id != organisation_ && input_.spec.guards.protected_entries.empty()) continue;
    return Refuse(ExitCode::kUnreadable,
                  absl::StrCat(directory.id, " could not be read: ", directory.unreadable,
                               directory.id == organisation_
                                   ? ""
                                   : "; without it nobody can tell whom `protected` means",
                               "; nothing was changed"));
  }
  return absl::OkStatus();
}

std::optional<SeenAccount> Estate::Find(const std::string& account) const {
  const DraftDirectory* directory = FindDirectory(draft_, organisation_);
  if (directory == nullptr) return std::nullopt;
  const AccountIndex found = directory->roster().FindAccount(account);
  if (found == kNoAccount) return std::nullopt;
  return Seen(directory->roster().accounts[found]);
}

std::vector<SeenAccount> Estate::WithEmail(const std::string& email) const {
  std::vector<SeenAccount> result;
  const DraftDirectory* directory = FindDirectory(draft_, organisation_);
  if (directory == nullptr) return result;
  for (const Account& account : directory->roster().accounts) {
    if (FoldedEquals(account.email, email)) result.push_back(Seen(account));
  }
  return result;
}

Change Estate::ChangeOf(const DraftDirectory& directory, const std::string& account) const {
  Change change;
  change.directory = directory.spec->id;
  change.action = Action::kDeactivate;
  change.account = account;
  const AccountIndex index = directory.roster().FindAccount(account);
  if (index != kNoAccount) {
    change.person = std::string(PersonBehind(input_.exported, directory, index));
  }
  return change;
}

absl::Status Estate::CheckAllowed(const std::string& account,
                                  const std::vector<SeenRecord>& records) const {
  std::vector<Change> changes;
  const DraftDirectory* organisation = FindDirectory(draft_, organisation_);
  if (organisation != nullptr) changes.push_back(ChangeOf(*organisation, account));
  for (const SeenRecord& record : records) {
    const DraftDirectory* directory = FindDirectory(draft_, record.directory);
    if (directory != nullptr) changes.push_back(ChangeOf(*directory, record.link.record));
  }
  std::vector<std::string> reasons;
  for (const Finding& finding : Withhold(input_, draft_, changes)) {
    if (finding.severity != Severity::kWithholding) continue;
    reasons.push_back(absl::StrCat(finding.name, " (", finding.directory, "; ",
                                   absl::StrJoin(finding.subjects, ", "), "): ", finding.cure));
  }
  if (reasons.empty()) return absl::OkStatus();
  return Refuse(ExitCode::kGuardBlocks,
                absl::StrCat("account ", account, " is left alone by ",
                             absl::StrJoin(reasons, "; "), ". Nothing was changed"));
}

}  // namespace rollcall
