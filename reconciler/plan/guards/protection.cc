#include "reconciler/plan/guards/protection.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/blocking.h"

namespace rollcall {
namespace {

Finding Warning(std::string message, std::string cure, std::vector<std::string> subjects) {
  Finding finding;
  finding.name = "protected";
  finding.severity = Severity::kWarning;
  finding.message = std::move(message);
  finding.cure = std::move(cure);
  finding.observed = static_cast<int64_t>(subjects.size());
  SetSubjects(finding, std::move(subjects));
  return finding;
}

}  // namespace

Protection::Protection(const PlanInput& input, const Draft& draft)
    : input_(input), draft_(draft), fits_(input.spec.guards.protected_entries.size()) {
  if (fits_.empty()) return;
  Read(input.spec.guards.protected_entries);
  FindPeople();
  for (const DraftDirectory& directory : draft.directories) {
    FindAccounts(directory);
    FindGroups(directory);
  }
}

void Protection::Read(const std::vector<std::string>& entries) {
  for (size_t i = 0; i < entries.size(); ++i) {
    absl::string_view text = entries[i];
    if (absl::ConsumePrefix(&text, "group:")) {
      groups_.emplace_back(std::string(text), i);
      continue;
    }
    if (absl::ConsumePrefix(&text, "members:")) {
      members_.emplace_back(std::string(text), i);
      continue;
    }
    // Everything else may be an id, a name or an account: a user name may hold a slash.
    names_.Add(text, i);
    ids_.emplace(entries[i], i);
    accounts_.insert(entries[i]);
  }
}

void Protection::FindPeople() {
  for (const Person& person : input_.exported.people) {
    auto id = ids_.find(person.id);
    size_t entry = id == ids_.end() ? names_.Find(person.user_name) : id->second;
    if (entry == FoldedNames::kNotFound) entry = names_.Find(person.email);
    for (size_t i = 0; entry == FoldedNames::kNotFound && i < person.aliases.size(); ++i) {
      entry = names_.Find(person.aliases[i]);
    }
    if (entry == FoldedNames::kNotFound) continue;
    fits_[entry] = true;
    people_.emplace(person.id);
  }
}

void Protection::FindAccounts(const DraftDirectory& directory) {
  const std::vector<Account>& accounts = directory.roster().accounts;
  for (AccountIndex i = 0; i < accounts.size(); ++i) {
    size_t entry = names_.Find(accounts[i].user_name);
    if (entry == FoldedNames::kNotFound) entry = names_.Find(accounts[i].email);
    if (entry == FoldedNames::kNotFound) continue;
    fits_[entry] = true;
    ProtectAccountAndPerson(directory, i);
  }
  for (const auto& [account, person] : directory.links.gone_person) {
    auto id = ids_.find(person);
    if (id == ids_.end()) continue;
    fits_[id->second] = true;
    people_.insert(person);
  }
  for (const auto& [text, entry] : ids_) {
    absl::string_view account = text;
    if (absl::ConsumePrefix(&account, directory.spec->id + "/") &&
        directory.roster().FindAccount(account) != kNoAccount) {
      fits_[entry] = true;
    }
  }
}

void Protection::FindGroups(const DraftDirectory& directory) {
  const std::vector<Group>& groups = directory.roster().groups;
  for (GroupIndex i = 0; i < groups.size(); ++i) {
    for (const auto& [pattern, entry] : groups_) {
      if (GlobMatches(pattern, groups[i].name)) fits_[entry] = true;
    }
    for (const auto& [pattern, entry] : members_) {
      if (!GlobMatches(pattern, groups[i].name)) continue;
      fits_[entry] = true;
      ProtectMembers(directory, i);
    }
  }
}

void Protection::ProtectMembers(const DraftDirectory& directory, GroupIndex group) {
  const Roster& roster = directory.roster();
  if (roster.groups[group].nested) {
    nested_.insert(AccountName(directory.spec->id, roster.groups[group].name));
  }
  for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
    ProtectAccountAndPerson(directory, row->account);
  }
}

void Protection::ProtectAccountAndPerson(const DraftDirectory& directory, AccountIndex account) {
  accounts_.insert(AccountName(directory.spec->id, directory.roster().accounts[account].id));
  absl::string_view person = PersonBehind(input_.exported, directory, account);
  if (!person.empty()) people_.emplace(person);
}

bool Protection::CoversAccount(const Impact& impact) const {
  if (fits_.empty()) return false;
  if (people_.contains(impact.person) || ids_.contains(impact.person)) return true;
  if (accounts_.contains(AccountName(impact.directory_id, impact.account_id))) return true;
  // An effect may hit the account of somebody else than the change's person.
  if (!impact.effect || impact.account == kNoAccount) return false;
  return people_.contains(PersonBehind(input_.exported, *impact.directory, impact.account));
}

bool Protection::CoversGroup(const Impact& impact) const {
  return IsMembership(impact.action) &&
         std::any_of(groups_.begin(), groups_.end(),
                     [&](const auto& group) { return GlobMatches(group.first, impact.group); });
}

std::vector<Finding> Protection::Warnings() const {
  std::vector<Finding> findings;
  // A directory that was not read may hold what an entry means.
  std::vector<std::string> unknown;
  bool all_read = draft_.directories.size() == input_.spec.directories.size();
  for (size_t i = 0; all_read && i < fits_.size(); ++i) {
    if (!fits_[i]) unknown.push_back(input_.spec.guards.protected_entries[i]);
  }
  if (!unknown.empty()) {
    int64_t count = static_cast<int64_t>(unknown.size());
    findings.push_back(Warning(
        absl::StrCat(Count(count, "entry", "entries"), " of `protected` ",
                     count == 1 ? "fits" : "fit", " no person, account or group anywhere, and so ",
                     count == 1 ? "protects" : "protect", " nobody"),
        "correct the entry, or take it out of `guards: protected`", std::move(unknown)));
  }
  if (!nested_.empty()) {
    findings.push_back(Warning(
        "a group that `protected` names with `members:` has groups inside, and only its direct "
        "members are protected",
        "name the inner groups as well", {nested_.begin(), nested_.end()}));
  }
  return findings;
}

}  // namespace rollcall
