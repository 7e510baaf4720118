#include "reconciler/plan/snapshot_notes.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "reconciler/ports/notes.h"

namespace rollcall {
namespace {

Finding NoteFinding(const std::string& directory, absl::string_view note) {
  const bool not_judged = absl::ConsumePrefix(&note, kNotJudged);
  return {not_judged ? kUnreadableAccounts : "oddity",
          not_judged ? Severity::kWarning : Severity::kInfo,
          std::string(note),
          not_judged
              ? "look at these accounts in the directory itself: nobody is taken out, or let "
                "in, here until they can be understood"
              : "compare with what the directory itself shows",
          directory,
          1,
          0,
          {}};
}

// Accounts that are recognised by their e-mail, and none shows one: not even a leaver is seen.
bool RecognisesNobody(const DraftDirectory& directory) {
  const std::vector<Account>& accounts = directory.roster().accounts;
  if (HasUserNames(directory.spec->kind) || accounts.empty()) return false;
  for (AccountIndex i = 0; i < accounts.size(); ++i) {
    const LinkState state = directory.links.accounts[i].state;
    if (!accounts[i].email.empty() || state == LinkState::kLinked || state == LinkState::kGone) {
      return false;
    }
  }
  return true;
}

Finding NamelessFinding(const std::string& site, int64_t count) {
  return {"oddity",
          Severity::kInfo,
          absl::StrCat(count, count == 1 ? " active user hides" : " active users hide",
                       " the e-mail address, and nothing else says who that is: a leaver among "
                       "them is not seen"),
          "configure the organisation, or the SCIM directory that provisions the accounts; they "
          "know each account by its id",
          site,
          count,
          0,
          {}};
}

// Does another directory know the account of this id, so that its e-mail is seen there?
bool IsKnownElsewhere(const Draft& draft, const absl::flat_hash_set<absl::string_view>& named,
                      absl::string_view account) {
  if (named.contains(account)) return true;
  return std::any_of(draft.directories.begin(), draft.directories.end(),
                     [&](const DraftDirectory& other) {
                       return other.spec->kind == DirectoryKind::kAtlassianAdmin &&
                              other.roster().FindAccount(account) != kNoAccount;
                     });
}

// Active users of a site who hide their e-mail, and of whom no other directory says who they are.
int64_t CountNameless(const Draft& draft, const DraftDirectory& site) {
  if (site.spec->kind != DirectoryKind::kJira) return 0;
  absl::flat_hash_set<absl::string_view> named;  // by SCIM records
  for (const DraftDirectory& other : draft.directories) {
    for (const Account& record : other.roster().accounts) {
      if (!record.linked_account.empty()) named.insert(record.linked_account);
    }
  }
  int64_t count = 0;
  const std::vector<Account>& accounts = site.roster().accounts;
  for (AccountIndex i = 0; i < accounts.size(); ++i) {
    const bool nameless = accounts[i].state == AccountState::kActive && accounts[i].email.empty() &&
                          site.links.accounts[i].state == LinkState::kUnlinked;
    if (nameless && !IsKnownElsewhere(draft, named, accounts[i].id)) ++count;
  }
  return count;
}

}  // namespace

std::vector<Finding> NoteFindings(const Draft& draft, const DraftDirectory& directory) {
  std::vector<Finding> findings;
  const std::string& id = directory.spec->id;
  for (const std::string& note : directory.input->snapshot->notes) {
    findings.push_back(NoteFinding(id, note));
  }
  if (!RecognisesNobody(directory)) {
    const int64_t nameless = CountNameless(draft, directory);
    if (nameless > 0) findings.push_back(NamelessFinding(id, nameless));
    return findings;
  }
  findings.push_back(
      {kUnreadableAccounts,
       Severity::kWarning,
       "no account shows an e-mail address, so nobody is recognised, leavers included",
       "make the key as an administrator who sees e-mail addresses, or configure the "
       "SCIM directory that provisions the accounts",
       id,
       static_cast<int64_t>(directory.roster().accounts.size()),
       0,
       {}});
  return findings;
}

}  // namespace rollcall
