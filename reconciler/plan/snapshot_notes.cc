#include "reconciler/plan/snapshot_notes.h"

#include <string>

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

}  // namespace

std::vector<Finding> NoteFindings(const DraftDirectory& directory) {
  std::vector<Finding> findings;
  const std::string& id = directory.spec->id;
  for (const std::string& note : directory.input->snapshot->notes) {
    findings.push_back(NoteFinding(id, note));
  }
  if (!RecognisesNobody(directory)) return findings;
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
