#include "agent/repair/repair_steps.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kAccountPage[] = "Atlassian Administration, Directory, Managed accounts";
constexpr char kProvisioning[] = "/admin/user-provisioning/v1/org/{org}";

std::string Called(const SeenAccount& account) {
  return account.email.empty() ? absl::StrCat("account ", account.id)
                               : absl::StrCat("account ", account.id, " <", account.email, ">");
}

// The one account that bears the address; null: none.
absl::StatusOr<const SeenAccount*> Holder(const EmailChange& change, const std::string& email) {
  const SeenAccount* holder = nullptr;
  for (const SeenAccount& account : change.accounts) {
    if (!FoldedEquals(account.email, email)) continue;
    if (holder != nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("accounts ", holder->id, " and ", account.id, " both bear ", email,
                       ", so that nobody can say which one is meant; rename one of them in ",
                       kAccountPage, ", and run the same command again"));
    }
    holder = &account;
  }
  return holder;
}

std::vector<const SeenRecord*> OwnersOf(const EmailChange& change, const SeenAccount& account) {
  std::vector<const SeenRecord*> owners;
  for (const SeenRecord& record : change.records) {
    if (record.link.account == account.id) owners.push_back(&record);
  }
  return owners;
}

RepairStep FreeTheAddress(const SeenAccount& holder, const std::string& email) {
  RepairStep step;
  if (holder.pending_deletion) {
    step.kind = RepairStep::Kind::kWait;
    step.title = absl::StrCat("wait until ", Called(holder), " is deleted");
    step.meaning = absl::StrCat("its deletion was asked for; it keeps ", email,
                                " until it is gone, at most 14 days after that, and the other "
                                "account cannot have it before");
  } else {
    step.title =
        absl::StrCat("free the address ", email, ": rename ", Called(holder), ", or delete it");
    step.where = absl::StrCat(kAccountPage, ", the account, Edit details (or Delete account)");
    step.meaning = absl::StrCat(
        "no two accounts have one address. Renaming it to an address that nobody uses frees this "
        "one at once and keeps what the account did; deleting it frees the address only after 14 "
        "days, and cannot be undone then");
  }
  step.seen_by = absl::StrCat("no account but the old one bears ", email);
  step.account = holder.id;
  return step;
}

RepairStep Rename(const SeenAccount& account, const std::string& email) {
  RepairStep step;
  step.title = absl::StrCat("give ", Called(account), " the address ", email);
  step.where = absl::StrCat(kAccountPage, ", the account, Edit details");
  step.meaning =
      "no SCIM record owns the account, so that the identity provider cannot change it, and would "
      "make another account for the new address; the domain of the address must be verified";
  step.seen_by = absl::StrCat("account ", account.id, " bears ", email);
  step.account = account.id;
  return step;
}

RepairStep ProvisionAgain(const std::string& email) {
  RepairStep step;
  step.title = absl::StrCat("provision ", email, " again");
  step.where =
      "the identity provider: its application for Atlassian, this person, provision on demand";
  step.meaning =
      "the record finds the account by its address and owns it from then on; the groups that the "
      "identity provider pushes must be pushed again, or the memberships that were lost stay lost";
  step.seen_by = absl::StrCat("a SCIM record that bears ", email,
                              " owns the account that bears it, and none bears the old address");
  return step;
}

// Does a record with this address own the account? A record whose address nobody told may.
bool IsProvisioned(const std::vector<const SeenRecord*>& owners, const EmailChange& change) {
  return !owners.empty() && std::none_of(owners.begin(), owners.end(), [&](const SeenRecord* one) {
    return FoldedEquals(one->email, change.old_email);
  });
}

}  // namespace

std::string NameOf(const ScimLink& link) { return absl::StrCat(link.directory, "/", link.record); }

RepairStep UnlinkStep(const SeenRecord& record) {
  RepairStep step;
  step.kind = RepairStep::Kind::kUnlink;
  step.title =
      absl::StrCat("unlink SCIM record ", NameOf(record.link),
                   record.user_name.empty() ? "" : absl::StrCat(" (", record.user_name, ")"),
                   " from account ", record.link.account);
  step.sends = absl::StrCat("PATCH ", kProvisioning, "/scimDirectoryId/", record.link.directory,
                            "/scimUserId/", record.link.record, "/unlink");
  step.meaning =
      "the record stays in its SCIM directory and owns the account no longer: the organisation may "
      "switch the account again, and what the identity provider says of the person, also that the "
      "person left, no longer reaches the account until it is provisioned again";
  step.losses = {
      "memberships that came with the record: provision the person's groups again afterwards"};
  step.seen_by = "the record is no longer among the links of the account";
  step.account = record.link.account;
  step.links = {record.link};
  return step;
}

RepairStep DeleteStep(const SeenAccount& account, const std::vector<SeenRecord>& records,
                      std::vector<std::string> losses) {
  RepairStep step;
  step.kind = RepairStep::Kind::kDeleteRecords;
  step.title =
      absl::StrCat("delete ",
                   records.size() == 1 ? std::string("the SCIM record")
                                       : absl::StrCat("all ", records.size(), " SCIM records"),
                   " of ", Called(account));
  step.sends = absl::StrCat("DELETE ", kProvisioning, "/user/", account.id, "/onlyDeleteUserInDB");
  step.meaning =
      "the records go in EVERY SCIM directory, for good: the identity provider must create the "
      "person anew, who gets a new record, and all memberships must be provisioned again. The "
      "account stays as it is, and the organisation may switch it";
  step.losses = std::move(losses);
  step.seen_by =
      "the account has no links, and configured SCIM directories no longer have the records";
  step.account = account.id;
  for (const SeenRecord& record : records) step.links.push_back(record.link);
  return step;
}

absl::StatusOr<std::vector<RepairStep>> EmailSteps(const EmailChange& change) {
  ASSIGN_OR_RETURN(const SeenAccount* before, Holder(change, change.old_email));
  ASSIGN_OR_RETURN(const SeenAccount* after, Holder(change, change.new_email));
  if (before == nullptr && after == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the organisation shows no account with ", change.old_email, " or ", change.new_email,
        ", so that there is nothing to repair; check both addresses, and whether the "
        "account is named by its id in `rollcall scim-links list`"));
  }
  std::vector<RepairStep> steps;
  if (before != nullptr && after != nullptr) {
    for (const SeenRecord* record : OwnersOf(change, *after)) steps.push_back(UnlinkStep(*record));
    steps.push_back(FreeTheAddress(*after, change.new_email));
  }
  if (before != nullptr && OwnersOf(change, *before).empty()) {
    steps.push_back(Rename(*before, change.new_email));
  }
  if (before != nullptr || !IsProvisioned(OwnersOf(change, *after), change)) {
    steps.push_back(ProvisionAgain(change.new_email));
  }
  return steps;
}

std::vector<std::string> EmailNotes(const EmailChange& change) {
  std::vector<std::string> notes;
  for (const SeenRecord& record : change.records) {
    if (!record.link.account.empty()) continue;
    notes.push_back(absl::StrCat("SCIM record ", NameOf(record.link), " bears ",
                                 record.email.empty() ? "one of the addresses" : record.email,
                                 " and owns no account: if the identity provider knows it, "
                                 "provisioning links it; if not, it "
                                 "stands in the way (409), and must be taken away there"));
  }
  for (const SeenAccount& account : change.accounts) {
    if (OwnersOf(change, account).size() > 1) {
      notes.push_back(absl::StrCat("several SCIM records own account ", account.id,
                                   ": two identity providers may be writing it"));
    }
  }
  return notes;
}

}  // namespace rollcall
