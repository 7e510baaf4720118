#include <algorithm>
#include <map>
#include <utility>

#include "reconciler/base/fold.h"
#include "reconciler/plan/link_work.h"
#include "reconciler/plan/name_index.h"

namespace rollcall {
namespace {

struct Edge {
  AccountIndex account;
  PersonIndex person;
};

class NameLinker {
 public:
  explicit NameLinker(LinkWork& work) : work_(work) {}

  void Run() {
    if (HasUserNames(work_.input.directory.kind)) Pass(Proof::kUserName);
    Pass(Proof::kEmail);
    FindEmailConflicts();
    JudgeClaims();
    JudgeSecondAccounts();
  }

 private:
  // People who look for an account, and those of whom a second one must be seen.
  bool Seeks(PersonIndex person) const {
    return work_.links.account_of[person] == kNoAccount &&
           (work_.links.person_flags[person] & kPersonAmbiguous) == 0;
  }

  void IndexPeople(Proof proof, NameIndex& index) const {
    const Export& exported = work_.exported();
    for (PersonIndex p = 0; p < exported.people.size(); ++p) {
      if (!Seeks(p) && !work_.MustBeSeen(p)) continue;
      const Person& person = exported.people[p];
      if (proof == Proof::kUserName) {
        index.Add(ExpectedUserName(work_.input.directory, person), p);
      } else {
        AddEmails(person, p, index);
      }
    }
  }

  static void AddEmails(const Person& person, PersonIndex p, NameIndex& index) {
    index.Add(person.email, p);
    for (absl::string_view alias : person.aliases) index.Add(alias, p);
  }

  void Pass(Proof proof) {
    NameIndex index;
    IndexPeople(proof, index);
    std::vector<Edge> edges;
    for (AccountIndex a = 0; a < work_.links.accounts.size(); ++a) {
      const Account& account = work_.account(a);
      index.ForEach(proof == Proof::kUserName ? account.user_name : account.email,
                    [&](PersonIndex p) { Meet(a, p, edges); });
    }
    if (proof == Proof::kEmail && HasUserNames(work_.input.directory.kind)) {
      LeaveOutNamesOfOthers(edges);
    }
    if (proof == Proof::kEmail) LeaveOutSharedAddresses(edges);
    Settle(edges, proof);
  }

  // An account that bears the user name of somebody else is not given away for its e-mail: the user
  // name is the stronger proof (rule L1), also where its person has an account already.
  void LeaveOutNamesOfOthers(std::vector<Edge>& edges) {
    if (edges.empty()) return;
    NameIndex names;
    names.Reserve(work_.exported().people.size());
    for (PersonIndex p = 0; p < work_.exported().people.size(); ++p) {
      names.Add(ExpectedUserName(work_.input.directory, work_.person(p)), p);
    }
    std::erase_if(edges, [&](const Edge& edge) {
      bool others = false;
      bool own = false;
      names.ForEach(work_.account(edge.account).user_name, [&](PersonIndex p) {
        own = own || p == edge.person;
        others = others || (p != edge.person && !work_.severed.contains({edge.account, p}));
      });
      if (own || !others) return false;
      work_.MarkAmbiguous(edge.person);
      work_.MarkAmbiguous(edge.account, !work_.person(edge.person).duplicate);
      return true;
    });
  }

  // An account is not taken for a leaver's by an address that somebody who stays bears as well: it
  // may be a second account of theirs, and would be lost to them (rule L4).
  void LeaveOutSharedAddresses(std::vector<Edge>& edges) {
    const bool leavers = std::any_of(edges.begin(), edges.end(),
                                     [&](const Edge& edge) { return work_.IsOut(edge.person); });
    if (!leavers) return;
    NameIndex stay;
    for (PersonIndex p = 0; p < work_.exported().people.size(); ++p) {
      if (!Seeks(p) && !work_.MustBeSeen(p)) AddEmails(work_.person(p), p, stay);
    }
    std::erase_if(edges, [&](const Edge& edge) {
      if (!work_.IsOut(edge.person)) return false;
      bool shared = false;
      stay.ForEach(work_.account(edge.account).email, [&](PersonIndex p) {
        shared = shared || !work_.severed.contains({edge.account, p});
      });
      if (!shared) return false;
      work_.MarkAmbiguous(edge.person);
      work_.MarkAmbiguous(edge.account, !work_.person(edge.person).duplicate);
      return true;
    });
  }

  // An account and a person have a name in common.
  void Meet(AccountIndex a, PersonIndex p, std::vector<Edge>& edges) {
    if (work_.severed.contains({a, p})) return;
    const AccountLink& link = work_.links.accounts[a];
    if (link.person == p && link.state != LinkState::kSecond) return;
    if (!Seeks(p)) {
      suspects_.push_back({a, p});
    } else if (link.state == LinkState::kUnlinked && !IsOthersByRecord(a, p)) {
      edges.push_back({a, p});
    } else {
      claims_.push_back({a, p});
    }
  }

  // Is the account named by a SCIM record that has to do with somebody else?
  bool IsOthersByRecord(AccountIndex a, PersonIndex p) const {
    if (work_.input.scim_doubtful == nullptr) return false;
    const auto found = work_.input.scim_doubtful->find(std::string(work_.account(a).id));
    return found != work_.input.scim_doubtful->end() && found->second != p;
  }

  void Settle(const std::vector<Edge>& edges, Proof proof) {
    std::map<AccountIndex, int> people_of;
    std::map<PersonIndex, std::vector<AccountIndex>> accounts_of;
    for (const Edge& edge : edges) {
      ++people_of[edge.account];
      accounts_of[edge.person].push_back(edge.account);
    }
    for (const auto& [person, accounts] : accounts_of) {
      bool sole = std::all_of(accounts.begin(), accounts.end(),
                              [&](AccountIndex a) { return people_of[a] == 1; });
      if (sole && (accounts.size() == 1 || (work_.IsOut(person) && work_.AreCaseTwins(accounts)))) {
        for (AccountIndex a : accounts) work_.Link(a, person, proof);
        continue;
      }
      work_.MarkAmbiguous(person);
      for (AccountIndex a : accounts) work_.MarkAmbiguous(a, !work_.person(person).duplicate);
    }
  }

  // Rule L5: found by the user name alone, while the e-mail is somebody else's.
  void FindEmailConflicts() {
    std::vector<AccountIndex> doubtful;
    for (AccountIndex a = 0; a < work_.links.accounts.size(); ++a) {
      const AccountLink& link = work_.links.accounts[a];
      if (link.state == LinkState::kLinked && link.proof == Proof::kUserName &&
          !work_.account(a).email.empty() &&
          !HasEmail(work_.person(link.person), work_.account(a).email)) {
        doubtful.push_back(a);
      }
    }
    if (doubtful.empty()) return;
    NameIndex emails;
    for (PersonIndex p = 0; p < work_.exported().people.size(); ++p) {
      AddEmails(work_.person(p), p, emails);
    }
    for (AccountIndex a : doubtful) {
      emails.ForEach(work_.account(a).email, [&](PersonIndex other) { MarkConflict(a, other); });
    }
  }

  static bool HasEmail(const Person& person, absl::string_view email) {
    return FoldedEquals(person.email, email) ||
           std::any_of(person.aliases.begin(), person.aliases.end(),
                       [&](absl::string_view alias) { return FoldedEquals(alias, email); });
  }

  void MarkConflict(AccountIndex a, PersonIndex other) {
    Flag(work_.links.accounts[a].person);
    AccountIndex others = work_.links.account_of[other];
    // Somebody whose account a record or an id proves is not in doubt.
    if (others == kNoAccount || work_.links.accounts[others].proof >= Proof::kUserName) Flag(other);
  }

  void Flag(PersonIndex person) {
    work_.links.person_flags[person] |= kPersonNoActivation;
    work_.email_conflicts.insert(std::string(work_.person(person).id));
  }

  // People who found no account because the one that bears their name is another person's.
  void JudgeClaims() {
    for (const Edge& claim : claims_) {
      if (work_.links.account_of[claim.person] != kNoAccount) {
        // Found another one meanwhile: this one is a further account of theirs, if anything.
        suspects_.push_back(claim);
        continue;
      }
      const AccountLink& link = work_.links.accounts[claim.account];
      bool active = !work_.IsInactive(claim.person);
      std::string id(work_.person(claim.person).id);
      switch (link.state) {
        case LinkState::kLinked:
        case LinkState::kSecond:
          if (link.person == claim.person) break;
          if (active && link.proof < Proof::kUserName) {
            Reuse(claim.person);
          } else {
            work_.overruled.insert(id);
          }
          break;
        case LinkState::kUnlinked:  // a SCIM record in doubt names it
        case LinkState::kGone:
          if (active) {
            Reuse(claim.person);
          } else {
            suspects_.push_back(claim);
          }
          break;
        case LinkState::kForeign:
          if (!active) suspects_.push_back(claim);
          break;
        default:
          break;
      }
    }
  }

  void Reuse(PersonIndex person) {
    work_.links.person_flags[person] |= kPersonReused;
    work_.reused.insert(std::string(work_.person(person).id));
  }

  // Rule L4: a leaver's second account must be seen.
  void JudgeSecondAccounts() {
    for (AccountIndex a = 0; a < work_.links.accounts.size(); ++a) {
      const AccountLink& link = work_.links.accounts[a];
      if (link.state != LinkState::kSecond) continue;
      if (work_.MustBeSeen(link.person)) {
        suspects_.push_back({a, link.person});
      } else {
        work_.overruled.insert(work_.AccountSubject(a));
      }
    }
    for (const Edge& suspect : suspects_) {
      const AccountLink& link = work_.links.accounts[suspect.account];
      // A partly active account still gives access (rule A4). What a proof ties to the person need
      // not be declared managed (rule S1).
      AccountState state = work_.account(suspect.account).state;
      bool counted = (state == AccountState::kActive || state == AccountState::kPartlyActive) &&
                     (work_.managed[suspect.account] || link.state == LinkState::kSecond);
      // An account in doubt, between others, may be the leaver's all the same.
      bool free = link.state == LinkState::kUnlinked || link.state == LinkState::kAmbiguous ||
                  link.state == LinkState::kForeign || link.state == LinkState::kGone ||
                  link.state == LinkState::kSecond;
      if (!counted || !free || !work_.MustBeSeen(suspect.person)) continue;
      work_.ambiguous.insert(std::string(work_.person(suspect.person).id));
      work_.ambiguous.insert(work_.AccountSubject(suspect.account));
      if (link.state == LinkState::kUnlinked) work_.MarkAmbiguous(suspect.account, true);
    }
  }

  LinkWork& work_;
  std::vector<Edge> claims_;    // a seeking person and an account that is not free
  std::vector<Edge> suspects_;  // an inactive person and a further account of that name
};

}  // namespace

void LinkByNames(LinkWork& work) { NameLinker(work).Run(); }

}  // namespace rollcall
