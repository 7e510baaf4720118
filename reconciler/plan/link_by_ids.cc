#include <algorithm>
#include <map>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "reconciler/plan/link_work.h"

namespace rollcall {
namespace {

class IdLinker {
 public:
  explicit IdLinker(LinkWork& work)
      : work_(work),
        match_(work.input.directory.match),
        records_(work.input.roster.accounts.size()) {
    TakeRecords();
    IndexExternalIds();
    FindExternalIds();
    for (const AbsentPerson& absent : work.input.memory.absent) absent_.insert(absent.person);
  }

  void Run() {
    for (AccountIndex i = 0; i < work_.links.accounts.size(); ++i) Claim(i);
    SettlePeople();
    for (AccountIndex i = 0; i < records_.size(); ++i) {
      const AccountLink& link = work_.links.accounts[i];
      work_.links.recorded[i] = records_[i] != nullptr && link.state == LinkState::kLinked &&
                                records_[i]->person == work_.person(link.person).id &&
                                records_[i]->proof == RecordedAs(link.proof);
    }
  }

 private:
  bool UsesExternalIds() const {
    return match_.external_id != MatchRule::ExternalId::kIgnore && work_.exported().has_stable_ids;
  }

  // The recorded link of each account; severed ties are kept apart.
  void TakeRecords() {
    for (const RecordedLink& link : work_.input.memory.links) {
      if (link.directory != work_.input.directory.id) continue;
      AccountIndex account = work_.input.roster.FindAccount(link.account);
      if (account == kNoAccount) continue;
      if (link.severed) {
        PersonIndex person = work_.input.people.FindById(link.person);
        if (person != kNobody) work_.severed.insert({account, person});
      } else if (records_[account] == nullptr || link.proof < records_[account]->proof) {
        records_[account] = &link;
      }
    }
  }

  void IndexExternalIds() {
    if (match_.external_id != MatchRule::ExternalId::kAttribute) return;
    const Export& exported = work_.exported();
    for (PersonIndex i = 0; i < exported.people.size(); ++i) {
      absl::string_view value = AttributeOf(exported.people[i], match_.external_id_attribute);
      if (value.empty()) continue;
      auto [entry, fresh] = by_attribute_.emplace(value, i);
      if (!fresh) entry->second = kNobody;  // two people share the value: it proves nothing
    }
  }

  // Whom each account's externalId names.
  void FindExternalIds() {
    const std::vector<Account>& accounts = work_.input.roster.accounts;
    named_.assign(accounts.size(), kNobody);
    if (!UsesExternalIds()) return;
    std::vector<absl::string_view> ids;
    ids.reserve(accounts.size());
    for (const Account& account : accounts) ids.push_back(account.external_id);
    if (match_.external_id == MatchRule::ExternalId::kStableId) {
      work_.input.people.FindAllById(ids, absl::MakeSpan(named_));
      return;
    }
    for (size_t i = 0; i < ids.size(); ++i) {
      auto found = by_attribute_.find(ids[i]);
      if (found != by_attribute_.end()) named_[i] = found->second;
    }
  }

  PersonIndex NamedBy(AccountIndex i, absl::string_view external) const {
    return external.empty() ? kNobody : named_[i];
  }

  void Claim(AccountIndex i) {
    const RecordedLink* record = records_[i];
    absl::string_view external =
        UsesExternalIds() ? work_.account(i).external_id : absl::string_view();
    if (record != nullptr && record->proof == Proof::kByHand) {
      PersonIndex named = NamedBy(i, external);
      if (named != kNobody && work_.person(named).id != record->person) {
        Overrule(std::string(work_.person(named).id));
      }
      OverruleScimAccount(i, record->person);
      Follow(i, record->person, Proof::kByHand);
    } else if (!external.empty()) {
      ClaimByExternalId(i, record, external);
    } else if (IsScimForeign(i) &&
               (record == nullptr || work_.input.people.FindById(record->person) != kNobody)) {
      if (record != nullptr) return Contradict(i, *record, "");
      MarkForeign(i);
    } else if (record != nullptr && record->proof == Proof::kRecordedId) {
      const std::optional<std::string> scim = IdOfScimAccount(i);
      if (scim.has_value() && !scim->empty() && *scim != record->person) {
        Contradict(i, *record, *scim);
      } else {
        Follow(i, record->person, Proof::kRecordedId);
      }
    } else if (const std::optional<std::string> scim = IdOfScimAccount(i); scim.has_value()) {
      ClaimByScimAccount(i, record, *scim);
    } else if (record != nullptr) {
      Follow(i, record->person, Proof::kRecordedName);
    }
  }

  void ClaimByScimAccount(AccountIndex i, const RecordedLink* record, const std::string& person) {
    if (person.empty()) return work_.MarkAmbiguous(i, true);
    if (record != nullptr && record->person != person) Overrule(record->person);
    // What the organisation knows by an e-mail only is no id: a site follows it as long as it says
    // so, and no longer.
    const bool site = work_.input.directory.kind == DirectoryKind::kJira;
    Follow(i, person, site ? Proof::kSameAccount : Proof::kScimAccount);
  }

  // The rows of the table in linker.h where the account has an externalId that counts.
  void ClaimByExternalId(AccountIndex i, const RecordedLink* record, absl::string_view external) {
    PersonIndex named = NamedBy(i, external);
    bool names_recorded =
        record != nullptr &&
        (named != kNobody ? work_.person(named).id == record->person
                          : match_.external_id == MatchRule::ExternalId::kStableId &&
                                external == record->person);
    if (record != nullptr && record->proof == Proof::kRecordedId) {
      if (names_recorded || !CanContradict(*record, named)) {
        Follow(i, record->person, Proof::kRecordedId);
      } else {
        Contradict(i, *record, KnownId(named, external));
      }
    } else if (named != kNobody) {
      if (record != nullptr && !names_recorded) Overrule(record->person);
      work_.links.accounts[i] = {named, Proof::kExternalId, LinkState::kLinked};
    } else if (names_recorded || NamesSomebodyGone(external)) {
      work_.links.accounts[i].state = LinkState::kGone;
      work_.links.accounts[i].proof = Proof::kExternalId;
      work_.links.gone_person[i] = std::string(external);
    } else if (record != nullptr && work_.input.people.FindById(record->person) != kNobody) {
      Contradict(i, *record, "");
    } else {
      MarkForeign(i);
    }
  }

  void MarkForeign(AccountIndex i) {
    work_.links.accounts[i].state = LinkState::kForeign;
    ++work_.foreign;
    work_.foreign_accounts.push_back(work_.AccountSubject(i));
  }

  // Stable ids of people who are gone are known; what an attribute held for them is not.
  bool NamesSomebodyGone(absl::string_view external) const {
    return match_.external_id == MatchRule::ExternalId::kStableId && absent_.contains(external);
  }

  // An attribute that holds the external id is only known for people of the export: for somebody
  // who is gone, an id that nobody in the export has says nothing against the recorded link.
  bool CanContradict(const RecordedLink& record, PersonIndex named) const {
    return named != kNobody || match_.external_id == MatchRule::ExternalId::kStableId ||
           work_.input.people.FindById(record.person) != kNobody;
  }

  void Follow(AccountIndex i, const std::string& person_id, Proof proof) {
    PersonIndex person = work_.input.people.FindById(person_id);
    if (person != kNobody) {
      work_.links.accounts[i] = {person, proof, LinkState::kLinked};
    } else {
      work_.links.accounts[i] = {kNobody, proof, LinkState::kGone};
      work_.links.gone_person[i] = person_id;
    }
  }

  // The stable id that an externalId stands for, of somebody present or gone; "" where it is
  // nobody's.
  std::string KnownId(PersonIndex named, absl::string_view external) const {
    if (named != kNobody) return std::string(work_.person(named).id);
    return NamesSomebodyGone(external) ? std::string(external) : "";
  }

  // `named`: whose the account is by an id; "" for nobody's.
  void Contradict(AccountIndex i, const RecordedLink& record, const std::string& named) {
    work_.links.accounts[i].state = LinkState::kConflict;
    for (const std::string& id : {record.person, named}) {
      if (id.empty()) continue;
      work_.conflicts.insert(id);
      const PersonIndex person = work_.input.people.FindById(id);
      if (person != kNobody) work_.links.person_flags[person] |= kPersonAmbiguous;
    }
  }

  void Overrule(const std::string& person_id) {
    if (work_.input.people.FindById(person_id) != kNobody) work_.overruled.insert(person_id);
  }

  void OverruleScimAccount(AccountIndex i, const std::string& person) {
    const std::optional<std::string> scim = IdOfScimAccount(i);
    if (scim.has_value() && !scim->empty() && *scim != person) Overrule(*scim);
  }

  // The person whose SCIM record names the account: present or gone; empty where records of two
  // people do, nothing where none does.
  std::optional<std::string> IdOfScimAccount(AccountIndex i) const {
    const std::string id(work_.account(i).id);
    if (work_.input.scim_accounts != nullptr) {
      auto found = work_.input.scim_accounts->find(id);
      if (found != work_.input.scim_accounts->end()) {
        return found->second == kNobody ? "" : std::string(work_.person(found->second).id);
      }
    }
    if (work_.input.scim_gone == nullptr) return std::nullopt;
    auto gone = work_.input.scim_gone->find(id);
    return gone == work_.input.scim_gone->end() ? std::nullopt : std::optional(gone->second);
  }

  // Do only SCIM records of somebody whom nobody knows name the account? Then it is another
  // person's, as the records are (rule L7).
  bool IsScimForeign(AccountIndex i) const {
    return work_.input.scim_foreign != nullptr &&
           work_.input.scim_foreign->contains(work_.account(i).id) &&
           !IdOfScimAccount(i).has_value();
  }

  // Each person keeps the account with the strongest proof; equal proofs are a tie.
  void SettlePeople() {
    std::map<PersonIndex, std::vector<AccountIndex>> ties;
    for (Proof proof : {Proof::kByHand, Proof::kRecordedId, Proof::kExternalId, Proof::kScimAccount,
                        Proof::kSameAccount, Proof::kRecordedName}) {
      for (AccountIndex i = 0; i < work_.links.accounts.size(); ++i) {
        AccountLink& link = work_.links.accounts[i];
        if (link.state != LinkState::kLinked || link.proof != proof) continue;
        AccountIndex& first = work_.links.account_of[link.person];
        if (first == kNoAccount) {
          first = i;
        } else if (work_.links.accounts[first].proof == proof) {
          std::vector<AccountIndex>& tie = ties[link.person];
          if (tie.empty()) tie.push_back(first);
          tie.push_back(i);
        } else {
          link.state = LinkState::kSecond;
        }
      }
    }
    for (const auto& [person, accounts] : ties) SettleTie(person, accounts);
  }

  void SettleTie(PersonIndex person, const std::vector<AccountIndex>& accounts) {
    // Several accounts that an administrator tied to one person by hand are meant.
    bool by_hand = work_.links.accounts[accounts.front()].proof == Proof::kByHand;
    if (by_hand || (work_.IsOut(person) && work_.AreCaseTwins(accounts))) return;
    work_.MarkAmbiguous(person);
    work_.links.account_of[person] = kNoAccount;
    for (AccountIndex i : accounts) work_.MarkAmbiguous(i, !work_.person(person).duplicate);
  }

  LinkWork& work_;
  const MatchRule& match_;
  std::vector<const RecordedLink*> records_;
  std::vector<PersonIndex> named_;  // by the accounts' externalIds
  absl::flat_hash_map<absl::string_view, PersonIndex> by_attribute_;
  absl::flat_hash_set<absl::string_view> absent_;
};

}  // namespace

void LinkByIds(LinkWork& work) { IdLinker(work).Run(); }

}  // namespace rollcall
