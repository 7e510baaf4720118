// L1 to L8 of PRODUCT.md.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "tests/property/reference_names.h"
#include "tests/property/reference_parts.h"

namespace rollcall::property {
namespace {

constexpr int kByHandRank = 0;
constexpr int kRecordedIdRank = 1;
constexpr int kExternalRank = 2;
constexpr int kRecordedNameRank = 4;
constexpr int kUserNameRank = 5;
constexpr int kEmailRank = 6;

class Tying {
 public:
  Tying(const World& world, const WorldDirectory& directory)
      : world_(world), directory_(directory) {}

  Ties Run() {
    for (const TestAccount& account : directory_.accounts) ByIds(account);
    ChooseBest(kRecordedNameRank);
    ByNames();
    ByEmails();
    ClaimsOnTiedAccounts();
    EmailConflicts();
    SecondAccountsOfLeavers();
    return std::move(ties_);
  }

 private:
  Tie& TieOf(const TestAccount& account) { return ties_.accounts[account.id]; }

  const RecordedLink* Recorded(const TestAccount& account) const {
    for (const RecordedLink& link : world_.memory.links) {
      if (link.directory == directory_.spec.id && link.account == account.id && !link.severed) {
        return &link;
      }
    }
    return nullptr;
  }

  bool Severed(const TestAccount& account, const std::string& person) const {
    for (const RecordedLink& link : world_.memory.links) {
      if (link.directory == directory_.spec.id && link.account == account.id &&
          link.person == person && link.severed) {
        return true;
      }
    }
    return false;
  }

  bool KnownFromBefore(const std::string& person) const {
    for (const AbsentPerson& row : world_.memory.absent) {
      if (row.person == person) return true;
    }
    return false;
  }

  // L7: what the externalId of an account says.
  bool SaysSomething(const TestAccount& account) const {
    const MatchRule::ExternalId rule = directory_.spec.match.external_id;
    if (account.external_id.empty() || rule == MatchRule::ExternalId::kIgnore) return false;
    return rule == MatchRule::ExternalId::kAttribute || world_.stable_ids;
  }
  // Whose id it is: a person's of the export or of before; "" nobody's.
  std::string ExternalPerson(const TestAccount& account) const {
    if (directory_.spec.match.external_id == MatchRule::ExternalId::kAttribute) {
      People fitting;
      for (const WorldPerson& person : world_.people) {
        auto value = person.attributes.find(directory_.spec.match.external_id_attribute);
        if (value != person.attributes.end() && value->second == account.external_id) {
          fitting.insert(person.id);
        }
      }
      return fitting.size() == 1 ? *fitting.begin() : "";
    }
    if (world_.FindPerson(account.external_id) != nullptr) return account.external_id;
    const RecordedLink* recorded = Recorded(account);
    if (recorded != nullptr && recorded->person == account.external_id) return account.external_id;
    return KnownFromBefore(account.external_id) ? account.external_id : "";
  }

  void TieTo(const TestAccount& account, const std::string& person, int rank) {
    const bool present = world_.FindPerson(person) != nullptr;
    TieOf(account) = {present ? Tie::State::kPerson : Tie::State::kGone, person, rank};
  }

  void Conflict(const TestAccount& account, const People& people) {
    TieOf(account).state = Tie::State::kDoubtful;
    for (const std::string& person : people) {
      if (person.empty()) continue;
      ties_.told["link_conflict"].insert(person);
      ties_.doubtful_people.insert(person);
    }
  }

  void ByIds(const TestAccount& account) {
    const RecordedLink* recorded = Recorded(account);
    const bool says = SaysSomething(account);
    const std::string said = says ? ExternalPerson(account) : "";
    TieOf(account);
    if (recorded != nullptr && recorded->proof == Proof::kByHand) {
      return TieTo(account, recorded->person, kByHandRank);
    }
    if (recorded != nullptr && recorded->proof == Proof::kRecordedId) {
      // What an attribute held for somebody who is gone is not known.
      const bool silent = said.empty() && world_.FindPerson(recorded->person) == nullptr &&
                          directory_.spec.match.external_id == MatchRule::ExternalId::kAttribute;
      if (!says || said == recorded->person || silent) {
        return TieTo(account, recorded->person, kRecordedIdRank);
      }
      return Conflict(account, {recorded->person, said});
    }
    if (says && !said.empty()) return TieTo(account, said, kExternalRank);
    if (says) {
      if (recorded != nullptr && world_.FindPerson(recorded->person) != nullptr) {
        return Conflict(account, {recorded->person});
      }
      TieOf(account).state = Tie::State::kForeign;
      ties_.told["foreign_external_ids"].insert(Subject(account));
      return;
    }
    if (recorded != nullptr) TieTo(account, recorded->person, kRecordedNameRank);
  }

  std::string Subject(const TestAccount& account) const {
    return absl::StrCat(directory_.spec.id, "/", account.id);
  }

  bool IsOut(const std::string& id) const {
    const WorldPerson& person = *world_.FindPerson(id);
    const std::optional<Hold::Kind> hold = HoldOn(world_, person);
    if (hold.has_value()) return *hold == Hold::Kind::kDeactivated;
    return person.standing == Standing::kInactive;
  }

  bool MustBeSeen(const std::string& id) const {
    return IsOut(id) || world_.FindPerson(id)->standing == Standing::kInactive;
  }

  // L4: equal proof of one person for several accounts.
  void SettleEqual(const std::string& person, const std::vector<const TestAccount*>& accounts,
                   int rank) {
    if (accounts.empty()) return;
    // Accounts without a name have nothing that could differ in case only.
    const bool named = HasUserNames(directory_.spec.kind);
    const std::string& first = named ? accounts.front()->user_name : accounts.front()->email;
    bool twins = IsOut(person) && !first.empty();
    for (const TestAccount* account : accounts) {
      twins = twins && SameName(named ? account->user_name : account->email, first);
    }
    for (const TestAccount* account : accounts) {
      if (accounts.size() == 1 || twins) {
        TieTo(*account, person, rank);
      } else {
        Doubt(*account, {person});
      }
    }
  }

  void Doubt(const TestAccount& account, const People& people) {
    TieOf(account).state = Tie::State::kDoubtful;
    ties_.told["ambiguous"].insert(Subject(account));
    for (const std::string& person : people) {
      ties_.told["ambiguous"].insert(person);
      ties_.doubtful_people.insert(person);
    }
  }

  // Of several accounts that ids or records give to one person, the strongest proof decides.
  void ChooseBest(int weakest) {
    for (const WorldPerson& person : world_.people) {
      int best = weakest + 1;
      for (const TestAccount& account : directory_.accounts) {
        const Tie& tie = TieOf(account);
        if (tie.state == Tie::State::kPerson && tie.person == person.id) {
          best = std::min(best, tie.rank);
        }
      }
      std::vector<const TestAccount*> equal;
      for (const TestAccount& account : directory_.accounts) {
        Tie& tie = TieOf(account);
        if (tie.state != Tie::State::kPerson || tie.person != person.id) continue;
        if (tie.rank == best) {
          equal.push_back(&account);
        } else {
          tie.state = Tie::State::kSecond;
        }
      }
      SettleEqual(person.id, equal, best);
    }
  }

  People WithName(const TestAccount& account) const {
    return NotSevered(account, BearersOfName(world_, directory_, account));
  }
  People WithEmail(const TestAccount& account) const {
    return NotSevered(account, BearersOfEmail(world_, account));
  }
  People NotSevered(const TestAccount& account, People people) const {
    std::erase_if(people, [&](const std::string& person) { return Severed(account, person); });
    return people;
  }

  bool IsOpen(const TestAccount& account) { return TieOf(account).state == Tie::State::kNobody; }

  bool HasAccount(const std::string& person) {
    for (const TestAccount& account : directory_.accounts) {
      const Tie& tie = TieOf(account);
      if (tie.state == Tie::State::kPerson && tie.person == person) return true;
    }
    return false;
  }

  // Neither tied nor in doubt.
  bool Seeks(const std::string& person) {
    return !HasAccount(person) && !ties_.doubtful_people.contains(person);
  }

  void NoteWhoSeeks() {
    seeking_.clear();
    for (const WorldPerson& person : world_.people) {
      if (Seeks(person.id)) seeking_.insert(person.id);
    }
  }

  People WithoutAccount(const People& people) {
    People left;
    for (const std::string& person : people) {
      if (seeking_.contains(person)) left.insert(person);
    }
    return left;
  }

  // L4: a leaver's second account, without a proof that counts, must be seen.
  void SeeSecond(const TestAccount& account, const std::string& person) {
    if (MustBeSeen(person) && GivesAccess(account) && IsManaged(world_, directory_, account)) {
      ties_.told["ambiguous"].insert(person);
      ties_.told["ambiguous"].insert(Subject(account));
      TieOf(account).state = Tie::State::kDoubtful;
      seconds_.insert(account.id);
    }
  }

  using Claims = std::map<std::string, std::vector<const TestAccount*>>;  // by person

  // Who has an account by a stronger proof does not look for another one.
  void ByNames() {
    NoteWhoSeeks();
    Claims claims;
    for (const TestAccount& account : directory_.accounts) {
      if (IsOpen(account)) Claim(account, WithName(account), claims);
    }
    Settle(claims, kUserNameRank);
  }

  void ByEmails() {
    NoteWhoSeeks();
    Claims claims;
    for (const TestAccount& account : directory_.accounts) {
      const bool second = seconds_.contains(account.id);  // of a leaver, by its user name
      if (!IsOpen(account) && !second) continue;
      const People people = WithEmail(account);
      const People seekers = WithoutAccount(people);
      // Its user name is somebody else's: the e-mail does not make it theirs (L1).
      if (!WithName(account).empty() && !seekers.empty()) Doubt(account, seekers);
      if (second || (!WithName(account).empty() && !seekers.empty())) continue;
      const People doubtful = LeaversBeside(people);
      if (!doubtful.empty()) Doubt(account, doubtful);
      People rest = people;
      for (const std::string& person : doubtful) rest.erase(person);
      if (doubtful.empty() || !WithoutAccount(rest).empty()) Claim(account, rest, claims);
    }
    Settle(claims, kEmailRank);
  }

  // L4: of those who bear an address, the seeking leavers, where somebody who stays bears it too.
  People LeaversBeside(const People& people) {
    const bool stays = std::any_of(people.begin(), people.end(), [&](const std::string& person) {
      return !seeking_.contains(person) && !MustBeSeen(person);
    });
    People leavers;
    for (const std::string& person : WithoutAccount(people)) {
      if (stays && IsOut(person)) leavers.insert(person);
    }
    return leavers;
  }

  void Claim(const TestAccount& account, const People& people, Claims& claims) {
    const People seekers = WithoutAccount(people);
    for (const std::string& person : seekers) claims[person].push_back(&account);
    if (!seekers.empty()) return;
    for (const std::string& person : people) SeeSecond(account, person);
  }

  // L4: an account that several people claim is nobody's, and who claims it gets no other one.
  void Settle(const Claims& claims, int rank) {
    std::map<const TestAccount*, int> claimants;
    for (const auto& [person, accounts] : claims) {
      for (const TestAccount* account : accounts) ++claimants[account];
    }
    for (const auto& [person, accounts] : claims) {
      const bool contested = std::any_of(accounts.begin(), accounts.end(),
                                         [&](const TestAccount* a) { return claimants[a] > 1; });
      if (!contested) {
        SettleEqual(person, accounts, rank);
        continue;
      }
      for (const TestAccount* account : accounts) Doubt(*account, {person});
    }
  }

  // L6: people without an account whose name or e-mail an account bears that is another's; L4: a
  // leaver's further account, whosever it is.
  void ClaimsOnTiedAccounts() {
    for (const TestAccount& account : directory_.accounts) {
      const Tie tie = TieOf(account);
      const bool tied = tie.state == Tie::State::kPerson || tie.state == Tie::State::kSecond;
      const bool present = tied && tie.rank <= kRecordedNameRank;
      const bool gone = tie.state == Tie::State::kGone;
      if (!present && !gone && tie.state != Tie::State::kForeign) continue;
      People claimants = WithName(account);
      claimants.merge(WithEmail(account));
      claimants.erase(tie.person);
      const bool second = tie.state == Tie::State::kSecond;
      const bool seen = GivesAccess(account) && (second || IsManaged(world_, directory_, account));
      for (const std::string& person : claimants) {
        const bool active = world_.FindPerson(person)->standing != Standing::kInactive;
        const bool seeks = !HasAccount(person);
        if (active && seeks && (present || gone)) ties_.told["identity_reused"].insert(person);
        if ((!present || (second && !seeks)) && seen && MustBeSeen(person) && !(active && seeks)) {
          ties_.told["ambiguous"].insert(person);
          ties_.told["ambiguous"].insert(Subject(account));
        }
      }
    }
  }

  // L5: where only user names tie people to accounts that bear each other's e-mail.
  bool IsProven(const std::string& person) {
    for (const auto& [account, tie] : ties_.accounts) {
      const bool tied = tie.state == Tie::State::kPerson && tie.person == person;
      if (tied && tie.rank < kUserNameRank) return true;
    }
    return false;
  }

  void EmailConflicts() {
    for (const TestAccount& account : directory_.accounts) {
      const Tie& tie = TieOf(account);
      if (tie.state != Tie::State::kPerson || tie.rank != kUserNameRank) continue;
      People others = WithEmail(account);
      if (others.erase(tie.person) > 0 || others.empty()) continue;
      // Whose account a record or an id proves is not in doubt.
      std::erase_if(others, [&](const std::string& other) { return IsProven(other); });
      others.insert(tie.person);
      for (const std::string& person : others) {
        ties_.email_conflict.insert(person);
        ties_.told["email_conflict"].insert(person);
      }
    }
  }

  // L4: a leaver's second account must be seen.
  void SecondAccountsOfLeavers() {
    for (const TestAccount& account : directory_.accounts) {
      const Tie& tie = TieOf(account);
      if (tie.state != Tie::State::kSecond || !GivesAccess(account)) continue;
      if (!MustBeSeen(tie.person)) continue;
      ties_.told["ambiguous"].insert(tie.person);
      ties_.told["ambiguous"].insert(Subject(account));
    }
  }

  const World& world_;
  const WorldDirectory& directory_;
  Ties ties_;
  People seeking_;                 // when the pass began
  std::set<std::string> seconds_;  // accounts that are a leaver's further one by a name
};

}  // namespace

Ties TieAccounts(const World& world, const WorldDirectory& directory) {
  return Tying(world, directory).Run();
}

}  // namespace rollcall::property
