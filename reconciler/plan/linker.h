// Linking: which account is whose (rules L1 to L8). One directory at a time, SCIM directories
// before what they provision. Pure; nothing is guessed: what two proofs of equal strength
// contradict stays unlinked and is named in a finding.
//
// What happens to an account, by what is known of it (first row that fits):
//
//   recorded by hand for P                      P (or gone, when the export lacks P)
//   recorded by id for P, externalId says P     P
//   recorded by id for P, externalId differs    link_conflict, no change
//   externalId says P                           P; a name-recorded Q is told proof_overruled
//   externalId says nobody known, recorded      link_conflict, no change
//     by name for a present person
//   externalId says nobody known                foreign: never linked by name
//   SCIM accounts of two people name it         ambiguous, no change
//   a SCIM account of P names it                P (or gone); link_conflict where another person is
//                                               recorded by id
//   a foreign SCIM account names it, recorded   link_conflict, no change
//     by id or name for a present person
//   a foreign SCIM account names it, not        foreign: never linked by e-mail
//     recorded
//   recorded by name for P                      P (or gone)
//   user name of exactly one person, and no     that person
//     other account has that name
//   e-mail, likewise                            that person
#ifndef RECONCILER_PLAN_LINKER_H_
#define RECONCILER_PLAN_LINKER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "reconciler/base/id_index.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/roster.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

enum class LinkState : uint8_t {
  kUnlinked,   // no proof at all
  kLinked,     // `person` is set
  kGone,       // belongs to a person whom the export no longer holds: `gone_person`
  kAmbiguous,  // rule L4
  kConflict,   // rule L8
  kForeign,    // rule L7
  kSecond,     // a further account of `person`, who is linked to another one by a stronger proof
};

struct AccountLink {
  PersonIndex person = kNobody;
  Proof proof = Proof::kNone;
  LinkState state = LinkState::kUnlinked;
};

// What linking says of a person in one directory; bits.
enum PersonFlag : uint8_t {
  kPersonAmbiguous = 1,     // no change for this person here
  kPersonNoActivation = 2,  // email_conflict: neither activated nor added (rule L5)
  kPersonReused = 4,        // claims an account that is another person's (rule L6)
};

struct DirectoryLinks {
  std::vector<AccountLink> accounts;     // parallel to Roster::accounts
  std::vector<AccountIndex> account_of;  // parallel to Export::people; the first one of case twins
  std::vector<uint8_t> person_flags;     // parallel to Export::people
  absl::flat_hash_map<AccountIndex, std::string> gone_person;  // state kGone: the old person's id
  // Parallel to the accounts: the state file records this very link with this proof already.
  std::vector<bool> recorded;
  std::vector<Finding> findings;
};

// Look-up tables over the people of an export, made once for all directories.
class PeopleIndex {
 public:
  explicit PeopleIndex(const Export& exported);
  PersonIndex FindById(absl::string_view id) const { return by_id_.Find(id); }
  // The same for many, cheaper; `found` is as long as `ids`.
  void FindAllById(absl::Span<const absl::string_view> ids, absl::Span<PersonIndex> found) const {
    by_id_.FindAll(ids, found);
  }
  const Export& exported() const { return exported_; }

 private:
  const Export& exported_;
  IdIndex by_id_;  // numbers are those of the people
};
static_assert(IdIndex::kNone == kNobody);

struct LinkInput {
  const DirectorySpec& directory;
  const Roster& roster;
  const PeopleIndex& people;
  const Memory& memory;
  const Spec& spec;
  // Proof (c): the directory's account id -> person, from the SCIM directories that provision it;
  // kNobody where records of two people name the account.
  const absl::flat_hash_map<std::string, PersonIndex>* scim_accounts = nullptr;
  // The same for records of people whom the export no longer holds: account id -> their stable id.
  const absl::flat_hash_map<std::string, std::string>* scim_gone = nullptr;
  // Accounts that a SCIM record names whose externalId is nobody's known (rule L7). The two above
  // say more where they hold the account as well.
  const absl::flat_hash_set<std::string>* scim_foreign = nullptr;
  // Accounts that SCIM records name which an id or a recorded link ties to the person without being
  // theirs for sure; kNobody where to several. That proves nothing, and keeps the accounts from
  // everybody else (rule L6).
  const absl::flat_hash_map<std::string, PersonIndex>* scim_doubtful = nullptr;
};

DirectoryLinks LinkDirectory(const LinkInput& input);

// The user name that this directory should hold for a person (rule L2, `match.user_name`).
absl::string_view ExpectedUserName(const DirectorySpec& directory, const Person& person);

// How a link found by `proof` is recorded (rule L3): by hand stays, ids are kRecordedId, names
// kRecordedName.
Proof RecordedAs(Proof proof);

const char* ProofName(Proof proof);  // "externalId", "recorded link (by hand)", …

}  // namespace rollcall

#endif  // RECONCILER_PLAN_LINKER_H_
