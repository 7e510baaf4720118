#include "reconciler/plan/linker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/holds.h"
#include "reconciler/plan/link_work.h"
#include "reconciler/plan/scope.h"

namespace rollcall {
namespace {

std::vector<std::string> ToVector(const std::set<std::string>& subjects) {
  return {subjects.begin(), subjects.end()};
}

void AddFinding(LinkWork& work, const char* name, Severity severity,
                const std::set<std::string>& subjects, absl::string_view one,
                absl::string_view many, absl::string_view cure) {
  if (subjects.empty()) return;
  work.links.findings.push_back(
      {name, severity, absl::StrCat(subjects.size(), " ", subjects.size() == 1 ? one : many),
       std::string(cure), work.input.directory.id, static_cast<int64_t>(subjects.size()), 0,
       ToVector(subjects)});
}

void ReportForeign(LinkWork& work) {
  if (work.foreign == 0) return;
  const bool one = work.foreign == 1;
  const bool by_record = work.input.scim_foreign != nullptr;
  const char* carry = by_record ? (one ? " account is named by a SCIM record with"
                                       : " accounts are named by SCIM records with")
                                : (one ? " account carries" : " accounts carry");
  work.links.findings.push_back(
      {"foreign_external_ids", Severity::kInfo,
       absl::StrCat(work.foreign, carry,
                    " an externalId that is no stable id of the export: never "
                    "linked by name (L7)"),
       absl::StrCat("if externalId holds something else, say what",
                    by_record ? ", in the SCIM directory," : "",
                    " with `match: {external_id: ATTRIBUTE}`, or `ignore`"),
       work.input.directory.id, work.foreign, 0, work.foreign_accounts});
}

void ReportFindings(LinkWork& work) {
  AddFinding(
      work, "ambiguous", Severity::kWarning, work.ambiguous,
      "person or account fits more than one counterpart equally well; nothing is changed there "
      "(L4)",
      "people or accounts fit more than one counterpart equally well; nothing is changed for "
      "them (L4)",
      "look at each with `rollcall explain`, then settle it with `rollcall link PERSON "
      "DIRECTORY ACCOUNT --reason TEXT`");
  AddFinding(
      work, "link_conflict", Severity::kWarning, work.conflicts,
      "person's account carries an id that contradicts the recorded link; nothing is changed "
      "there (L8)",
      "people have to do with accounts whose id contradicts the recorded link; nothing is "
      "changed for them (L8)",
      "find out whose account it is, then settle it with `rollcall link` or `rollcall "
      "unlink`");
  AddFinding(
      work, "identity_reused", Severity::kWarning, work.reused,
      "person's name or e-mail fits an account that is another person's; it is not given away "
      "(L6)",
      "people's names or e-mails fit accounts that are other people's; they do not get them "
      "(L6)",
      "give the person an account of their own, or, if it is the same human, `rollcall link "
      "PERSON DIRECTORY ACCOUNT --reason TEXT`");
  AddFinding(
      work, "email_conflict", Severity::kWarning, work.email_conflicts,
      "person's account is found by its user name while its e-mail is another person's; nobody "
      "is activated or added to groups by it (L5)",
      "people have to do with accounts that are found by the user name while the e-mail is "
      "another person's; they are neither activated nor added to groups (L5)",
      "correct the e-mail in the directory or the identity provider, or settle it with "
      "`rollcall link`");
  AddFinding(work, "proof_overruled", Severity::kInfo, work.overruled,
             "person or account had a weaker proof that a stronger one overruled (L1)",
             "people or accounts had weaker proofs that stronger ones overruled (L1)",
             "nothing to do, unless the link is wrong: `rollcall explain` shows the proofs");
  ReportForeign(work);
}

// By person; they point into the memory. Empty: nobody is held.
std::vector<const Hold*> HoldsOf(const LinkInput& input) {
  if (input.memory.holds.empty()) return {};
  const HoldIndex index(input.memory.holds);
  std::vector<const Hold*> holds;
  for (const Person& person : input.people.exported().people) holds.push_back(index.For(person));
  return holds;
}

}  // namespace

PeopleIndex::PeopleIndex(const Export& exported) : exported_(exported) {
  for (const Person& person : exported.people) by_id_.Append(person.id);
}

std::string LinkWork::AccountSubject(AccountIndex index) const {
  return absl::StrCat(input.directory.id, "/", account(index).id);
}

void LinkWork::MarkAmbiguous(PersonIndex index) {
  links.person_flags[index] |= kPersonAmbiguous;
  if (!person(index).duplicate) ambiguous.insert(std::string(person(index).id));
}

void LinkWork::MarkAmbiguous(AccountIndex index, bool named) {
  links.accounts[index].state = LinkState::kAmbiguous;
  if (named) ambiguous.insert(AccountSubject(index));
}

void LinkWork::Link(AccountIndex account_index, PersonIndex person_index, Proof proof) {
  links.accounts[account_index] = {person_index, proof, LinkState::kLinked};
  if (links.account_of[person_index] == kNoAccount) {
    links.account_of[person_index] = account_index;
  }
}

bool LinkWork::AreCaseTwins(const std::vector<AccountIndex>& accounts) const {
  auto name = [this](AccountIndex index) {
    return HasUserNames(input.directory.kind) ? account(index).user_name : account(index).email;
  };
  return std::all_of(accounts.begin(), accounts.end(), [&](AccountIndex index) {
    return !name(index).empty() && FoldedEquals(name(index), name(accounts.front()));
  });
}

absl::string_view ExpectedUserName(const DirectorySpec& directory, const Person& person) {
  switch (directory.match.user_name) {
    case MatchRule::UserName::kUserName:
      return person.user_name;
    case MatchRule::UserName::kAttribute:
      return AttributeOf(person, directory.match.user_name_attribute);
    case MatchRule::UserName::kLocalPart: {
      absl::string_view address =
          absl::StrContains(person.user_name, '@') ? person.user_name : person.email;
      return address.substr(0, address.find('@'));
    }
  }
  return {};
}

Proof RecordedAs(Proof proof) {
  switch (proof) {
    case Proof::kByHand:
      return Proof::kByHand;
    case Proof::kRecordedId:
    case Proof::kExternalId:
    case Proof::kScimAccount:
      return Proof::kRecordedId;
    default:
      return Proof::kRecordedName;
  }
}

const char* ProofName(Proof proof) {
  switch (proof) {
    case Proof::kByHand:
      return "recorded link, made by hand";
    case Proof::kRecordedId:
      return "recorded link, made by id";
    case Proof::kExternalId:
      return "externalId";
    case Proof::kScimAccount:
      return "SCIM record that names the account";
    case Proof::kSameAccount:
      return "the same account id in another directory";
    case Proof::kRecordedName:
      return "recorded link, made by name";
    case Proof::kUserName:
      return "user name";
    case Proof::kEmail:
      return "e-mail";
    case Proof::kNone:
      return "none";
  }
  return "";
}

DirectoryLinks LinkDirectory(const LinkInput& input) {
  LinkWork work{
      input, {}, {}, ManagedAccounts(input.spec, input.roster), HoldsOf(input), {}, {}, {}, {},
      {},    0,  {}};
  work.links.accounts.resize(input.roster.accounts.size());
  work.links.recorded.assign(input.roster.accounts.size(), false);
  work.links.account_of.assign(work.exported().people.size(), kNoAccount);
  work.links.person_flags.assign(work.exported().people.size(), 0);
  LinkByIds(work);
  LinkByNames(work);
  ReportFindings(work);
  return std::move(work.links);
}

}  // namespace rollcall
