#include "reconciler/plan/account_conditions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/impact.h"

namespace rollcall {
namespace {

constexpr std::array<ConditionText, kAccountConditions> kTexts = {{
    {"still_active", "the account is on, although the identity provider says that its person left",
     "`rollcall plan` says what would be done and what stands in the way; `rollcall deactivate "
     "EMAIL` does it now",
     false},
    {"switched_off", "the account is off, although its person is active and should have it",
     "activate it where it was switched off, or `rollcall activate EMAIL`; `policy: {activate: "
     "all}` does so for everybody",
     false},
    {"removed_from_site",
     "the account was taken off the site and is alive in the organisation: its person can still "
     "sign in to other products",
     "if the person should have the site, add them to the group that gives access, or set "
     "`site_access: follow_activity`; if not, deactivate the account in the organisation",
     true},
    {"record_without_account",
     "the SCIM record names no account of the organisation: changing it reaches nobody",
     "provision the person again, or verify the domain, so that the record is linked; a record "
     "that is left over is taken away at the identity provider (`rollcall scim-links list EMAIL` "
     "shows what owns what)",
     true},
    {"owner_not_configured",
     "the account is synchronised by a directory that is not configured here: the organisation "
     "refuses to switch it",
     "configure the SCIM directory that owns it, with `provisions`; or, where that is given up, "
     "`rollcall scim-links list ACCOUNT` shows its record and `rollcall scim-links unlink` takes "
     "it "
     "off the account",
     true},
    {"two_accounts", "two accounts of one directory have the same e-mail",
     "find out which one is used, and deactivate or rename the other; `rollcall link` settles "
     "whose they are, `rollcall scim-links repair-email` leads through a change of address that "
     "made the second one",
     true},
    {"email_taken",
     "the person's e-mail belongs to an account that is another person's, so that the person "
     "cannot "
     "have one of their own",
     "free the address: rename the account that has it, or delete it and wait until it is gone (14 "
     "days), then provision the person again; `rollcall scim-links repair-email OLD NEW` leads "
     "through it",
     false},
    {"unclaimed",
     "the organisation does not manage the account (a guest, or a domain that nobody has claimed): "
     "it cannot be disabled",
     "claim the domain, take the account off the sites and groups, or set `policy: "
     "{unclaimed_accounts: suspend}`",
     false},
    {"pending_deletion",
     "the account is about to be deleted, at most 14 days after somebody asked for it, and is left "
     "alone",
     "if that is wrong, cancel the deletion in Atlassian Administration (Directory, Managed "
     "accounts) before it is final",
     true},
    {"unknown_to_provider",
     "the account is on and managed, and belongs to nobody whom the identity provider knows",
     "`rollcall link PERSON DIRECTORY ACCOUNT --reason TEXT` if it is somebody's; else "
     "`policy: {unowned: deactivate}` or `{vanished: deactivate}`",
     false},
}};

bool IsOn(AccountState state) {
  return state == AccountState::kActive || state == AccountState::kPartlyActive;
}

class Finder {
 public:
  Finder(const PlanInput& input, const Draft& draft, Conditions which)
      : input_(input), draft_(draft), all_(which == Conditions::kAll) {
    has_account_.assign(input.exported.people.size(), false);
    for (const DraftDirectory& directory : draft.directories) {
      if (directory.spec->kind != DirectoryKind::kScim) continue;
      for (const Account& record : directory.roster().accounts) {
        if (!record.linked_account.empty()) named_.insert(record.linked_account);
      }
    }
  }

  ConditionReport Run() {
    for (const DraftDirectory& directory : draft_.directories) {
      FindDoubles(directory);
      for (AccountIndex i = 0; i < directory.roster().accounts.size(); ++i) Judge(directory, i);
      if (all_) FindTakenEmails(directory);
    }
    ConditionReport report;
    for (auto& [subject, person] : people_) {
      std::sort(person.rows.begin(), person.rows.end());
      report.people.push_back(std::move(person));
    }
    for (PersonIndex p = 0; p < has_account_.size(); ++p) {
      const std::string id(has_account_[p] ? input_.exported.people[p].id : "");
      if (has_account_[p] && !people_.contains(id)) ++report.people_in_step;
    }
    return report;
  }

 private:
  PersonAccounts& Entry(const std::string& subject, PersonIndex known) {
    PersonAccounts& entry = people_[subject];
    entry.subject = subject;
    if (entry.label.empty() && known != kNobody) {
      const Person& row = input_.exported.people[known];
      entry.label = std::string(row.user_name.empty() ? row.email : row.user_name);
    }
    return entry;
  }

  static ConditionRow Row(AccountCondition condition, const DraftDirectory& directory,
                          AccountIndex i, std::string beside) {
    const Account& account = directory.roster().accounts[i];
    ConditionRow row;
    row.condition = condition;
    row.directory = directory.spec->id;
    row.account = std::string(account.id);
    row.user_name = std::string(account.user_name.empty() ? account.email : account.user_name);
    row.state = account.state;
    row.beside = std::move(beside);
    return row;
  }

  void Add(AccountCondition condition, const DraftDirectory& directory, AccountIndex i,
           std::string beside = "") {
    if (!all_ && !TextOf(condition).in_plans) return;
    std::string subject(PersonBehind(input_.exported, directory, i));
    if (subject.empty()) {
      subject = absl::StrCat(directory.spec->id, "/", directory.roster().accounts[i].id);
    }
    Entry(subject, directory.links.accounts[i].person)
        .rows.push_back(Row(condition, directory, i, std::move(beside)));
  }

  void Judge(const DraftDirectory& directory, AccountIndex i) {
    const Account& account = directory.roster().accounts[i];
    const AccountLink& link = directory.links.accounts[i];
    const bool linked = link.state == LinkState::kLinked || link.state == LinkState::kGone ||
                        link.state == LinkState::kSecond;
    if (!linked && !directory.projection.in_scope[i] && !account.pending_deletion) return;
    if (link.person != kNobody) has_account_[link.person] = true;
    if (account.pending_deletion) Add(AccountCondition::kPendingDeletion, directory, i);
    if (account.state == AccountState::kUntouchable) return;
    JudgeActivity(directory, i);
    JudgeOwner(directory, i);
    if (!account.claimed) Add(AccountCondition::kUnclaimed, directory, i);
  }

  void JudgeActivity(const DraftDirectory& directory, AccountIndex i) {
    const Account& account = directory.roster().accounts[i];
    const AccountState wanted = directory.projection.desired.accounts[i].state;
    const PersonIndex person = directory.links.accounts[i].person;
    const std::string alive = AliveElsewhere(directory, account);
    if (!alive.empty()) {
      // A plan that gives the access back need not tell it besides.
      const bool given_back = wanted == AccountState::kActive;
      if (all_ || !given_back) Add(AccountCondition::kRemovedFromSite, directory, i, alive);
    } else if (person == kNobody) {
      const bool out = !IsOn(account.state) || wanted == AccountState::kInactive;
      if (!out) Add(AccountCondition::kUnknownToProvider, directory, i);
    } else if (IsOn(account.state)) {
      const bool left = input_.exported.people[person].standing == Standing::kInactive;
      if (left && directory.projection.rulings[i] != Ruling::kHeldIn) {
        Add(AccountCondition::kStillActive, directory, i);
      } else if (account.state == AccountState::kPartlyActive && wanted == AccountState::kActive) {
        Add(AccountCondition::kSwitchedOff, directory, i);
      }
    } else {
      const Ruling ruling = directory.projection.rulings[i];
      const bool should =
          wanted == AccountState::kActive || ruling == Ruling::kDeactivatedElsewhere;
      if (should) Add(AccountCondition::kSwitchedOff, directory, i);
    }
  }

  // The organisation's account of the same id that is on, for one that is off in a site.
  std::string AliveElsewhere(const DraftDirectory& site, const Account& account) const {
    if (site.spec->kind != DirectoryKind::kJira || account.state != AccountState::kInactive) {
      return "";
    }
    for (const DraftDirectory& other : draft_.directories) {
      if (other.spec->kind != DirectoryKind::kAtlassianAdmin) continue;
      const AccountIndex i = other.roster().FindAccount(account.id);
      if (i != kNoAccount && IsOn(other.roster().accounts[i].state)) {
        return absl::StrCat(other.spec->id, "/", account.id);
      }
    }
    return "";
  }

  void JudgeOwner(const DraftDirectory& directory, AccountIndex i) {
    const Account& account = directory.roster().accounts[i];
    if (directory.spec->kind == DirectoryKind::kScim) {
      const std::string& provisioned = directory.spec->provisions;
      const DraftDirectory* there = FindDirectory(draft_, provisioned);
      if (there == nullptr) return;
      const bool names_one = !account.linked_account.empty();
      const bool found =
          names_one && there->roster().FindAccount(account.linked_account) != kNoAccount;
      // Plans have `scim_unlinked` for those that name none.
      if (!found && (all_ || names_one)) Add(AccountCondition::kRecordWithoutAccount, directory, i);
    } else if (account.synced && !named_.contains(account.id) && !ScimUnread(directory)) {
      Add(AccountCondition::kOwnerNotConfigured, directory, i);
    }
  }

  // A SCIM directory of this organisation that was not read may name the account.
  bool ScimUnread(const DraftDirectory& organisation) const {
    return std::any_of(input_.spec.directories.begin(), input_.spec.directories.end(),
                       [&](const DirectorySpec& spec) {
                         return spec.provisions == organisation.spec->id &&
                                FindDirectory(draft_, spec.id) == nullptr;
                       });
  }

  // Active people without an account, whose e-mail is on an account that is somebody else's.
  void FindTakenEmails(const DraftDirectory& directory) {
    absl::flat_hash_map<std::string, PersonIndex> seeking;
    for (PersonIndex p = 0; p < input_.exported.people.size(); ++p) {
      const Person& person = input_.exported.people[p];
      const bool seeks = directory.links.account_of[p] == kNoAccount && !person.email.empty() &&
                         person.standing == Standing::kActive && directory.entitlement.entitled[p];
      if (seeks) seeking.emplace(Fold(person.email), p);
    }
    if (seeking.empty()) return;
    for (AccountIndex i = 0; i < directory.roster().accounts.size(); ++i) {
      const auto found = seeking.find(Fold(directory.roster().accounts[i].email));
      if (found == seeking.end()) continue;
      if (directory.links.accounts[i].state == LinkState::kUnlinked) continue;
      Entry(std::string(input_.exported.people[found->second].id), found->second)
          .rows.push_back(Row(AccountCondition::kEmailTaken, directory, i, ""));
    }
  }

  // Two accounts that bear one e-mail.
  void FindDoubles(const DraftDirectory& directory) {
    const std::vector<Account>& accounts = directory.roster().accounts;
    std::vector<std::pair<uint64_t, AccountIndex>> hashes;
    hashes.reserve(accounts.size());
    for (AccountIndex i = 0; i < accounts.size(); ++i) {
      if (accounts[i].email.empty() || accounts[i].state == AccountState::kUntouchable) continue;
      hashes.emplace_back(absl::Hash<std::string>()(Fold(accounts[i].email)), i);
    }
    std::sort(hashes.begin(), hashes.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second < b.second;
    });
    for (size_t k = 1; k < hashes.size(); ++k) {
      const auto& [hash, other] = hashes[k - 1];
      const AccountIndex i = hashes[k].second;
      if (hashes[k].first != hash || !FoldedEquals(accounts[i].email, accounts[other].email)) {
        continue;
      }
      const bool matters =
          (directory.projection.in_scope[i] || directory.projection.in_scope[other]) &&
          IsOn(accounts[i].state) && IsOn(accounts[other].state) &&
          (StaysOn(directory, i) || StaysOn(directory, other));
      if (!matters) continue;
      Add(AccountCondition::kTwoAccounts, directory, i,
          absl::StrCat(directory.spec->id, "/", accounts[other].id));
    }
  }

  static bool StaysOn(const DraftDirectory& directory, AccountIndex i) {
    return IsOn(directory.projection.desired.accounts[i].state);
  }

  const PlanInput& input_;
  const Draft& draft_;
  const bool all_;
  std::vector<bool> has_account_;                 // parallel to the people
  absl::flat_hash_set<absl::string_view> named_;  // by SCIM records
  std::map<std::string, PersonAccounts> people_;
};

}  // namespace

const ConditionText& TextOf(AccountCondition condition) {
  return kTexts[static_cast<size_t>(condition)];
}

ConditionReport FindConditions(const PlanInput& input, const Draft& draft, Conditions which) {
  return Finder(input, draft, which).Run();
}

std::vector<Finding> ConditionFindings(const ConditionReport& report,
                                       const std::vector<Finding>& told) {
  std::set<std::pair<std::string, std::string>> warned;  // directory and subject
  for (const Finding& finding : told) {
    if (finding.severity != Severity::kWarning) continue;
    for (const std::string& subject : finding.subjects) warned.insert({finding.directory, subject});
  }
  std::map<std::pair<AccountCondition, std::string>, std::set<std::string>> subjects;
  for (const PersonAccounts& person : report.people) {
    for (const ConditionRow& row : person.rows) {
      const bool of_plans = TextOf(row.condition).in_plans;
      if (of_plans && !warned.contains({row.directory, person.subject})) {
        subjects[{row.condition, row.directory}].insert(person.subject);
      }
    }
  }
  std::vector<Finding> findings;
  for (const auto& [key, whose] : subjects) {
    const ConditionText& text = TextOf(key.first);
    const auto count = static_cast<int64_t>(whose.size());
    findings.push_back({text.name,
                        Severity::kInfo,
                        absl::StrCat(count, count == 1 ? " person: " : " people: ", text.meaning),
                        text.cure,
                        key.second,
                        count,
                        0,
                        {whose.begin(), whose.end()}});
  }
  return findings;
}

}  // namespace rollcall
