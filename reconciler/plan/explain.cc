#include "reconciler/plan/explain.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/explain_reasons.h"
#include "reconciler/plan/guards/folded_names.h"
#include "reconciler/plan/guards/impact.h"

namespace rollcall {
namespace {

class Explainer {
 public:
  Explainer(const PlanInput& input, const Draft& draft, const Plan& plan, absl::string_view query)
      : input_(input), draft_(draft), plan_(plan), query_(query) {
    result_.query = std::string(query);
  }

  Explanation Run() {
    FindPeople();
    FindHolds();
    for (const DirectorySpec& spec : input_.spec.directories) AddDirectory(spec);
    // All accounts are known now, so effects that reach another directory are seen.
    for (ExplainedDirectory& directory : result_.directories) AddChanges(directory);
    FindFindings();
    result_.known = result_.known || !result_.people.empty() || !result_.holds.empty();
    return std::move(result_);
  }

 private:
  static constexpr size_t kFits = 1;
  bool Fits(absl::string_view name) const { return names_.Find(name) == kFits; }

  void FindPeople() {
    names_.Add(query_, kFits);
    ids_.insert(std::string(query_));
    for (PersonIndex i = 0; i < input_.exported.people.size(); ++i) {
      const Person& person = input_.exported.people[i];
      bool fits = person.id == query_ || Fits(person.user_name) || Fits(person.email) ||
                  std::any_of(person.aliases.begin(), person.aliases.end(),
                              [this](absl::string_view alias) { return Fits(alias); });
      if (fits) people_.push_back(i);
    }
    // Only now: the names of one match must not make others match.
    for (PersonIndex i : people_) {
      const Person& person = input_.exported.people[i];
      ids_.insert(std::string(person.id));
      names_.Add(person.user_name, kFits);
      names_.Add(person.email, kFits);
      for (absl::string_view alias : person.aliases) names_.Add(alias, kFits);
      result_.people.push_back(Describe(i));
    }
  }

  ExplainedPerson Describe(PersonIndex i) const {
    const Person& person = input_.exported.people[i];
    ExplainedPerson row;
    row.row = person.row;
    row.id = std::string(person.id);
    row.user_name = std::string(person.user_name);
    row.email = std::string(person.email);
    for (absl::string_view alias : person.aliases) row.aliases.emplace_back(alias);
    for (const Attribute& attribute : person.attributes) {
      row.attributes.emplace_back(attribute.name, attribute.value);
    }
    row.standing = person.standing;
    row.excluded = draft_.excluded[i];
    row.duplicate = person.duplicate;
    for (const ExportGroup& group : input_.exported.groups) {
      if (std::binary_search(group.members.begin(), group.members.end(), i)) {
        row.groups.emplace_back(group.name);
      }
    }
    return row;
  }

  void FindHolds() {
    for (const Hold& hold : input_.memory.holds) {
      bool fits = hold.person.empty() ? Fits(hold.email) : ids_.count(hold.person) > 0;
      if (fits) result_.holds.push_back(hold);
    }
  }

  void AddDirectory(const DirectorySpec& spec) {
    ExplainedDirectory entry;
    entry.id = spec.id;
    const DraftDirectory* directory = FindDirectory(draft_, spec.id);
    entry.was_read = directory != nullptr;
    if (directory == nullptr) {
      for (const DirectoryInput& input : input_.directories) {
        if (input.id == spec.id) entry.unreadable = input.unreadable;
      }
    } else {
      AddEntitlements(*directory, entry);
      AddAccounts(*directory, entry);
    }
    result_.directories.push_back(std::move(entry));
  }

  void AddEntitlements(const DraftDirectory& directory, ExplainedDirectory& entry) const {
    for (PersonIndex i : people_) {
      bool entitled = directory.entitlement.entitled[i];
      bool excluded = draft_.excluded[i];
      entry.entitlements.push_back(
          {std::string(input_.exported.people[i].id), entitled && !excluded,
           WhyEntitled(*directory.spec, input_.exported, i, entitled, excluded)});
    }
  }

  void AddAccounts(const DraftDirectory& directory, ExplainedDirectory& entry) {
    const std::vector<Account>& accounts = directory.roster().accounts;
    for (AccountIndex i = 0; i < accounts.size(); ++i) {
      absl::string_view person = PersonBehind(input_.exported, directory, i);
      bool theirs = !person.empty() && ids_.count(std::string(person)) > 0;
      if (!theirs && !Matches(*directory.spec, accounts[i])) continue;
      result_.known = true;
      accounts_.insert(AccountName(directory.spec->id, accounts[i].id));
      entry.accounts.push_back(Describe(directory, i, person));
    }
  }

  // Accounts that bear the person's names, whosoever they are.
  bool Matches(const DirectorySpec& spec, const Account& account) const {
    if (Fits(account.user_name) || Fits(account.email) || account.id == query_) return true;
    if (!account.external_id.empty() && ids_.count(std::string(account.external_id)) > 0) {
      return true;
    }
    return HasUserNames(spec.kind) &&
           std::any_of(people_.begin(), people_.end(), [&](PersonIndex i) {
             absl::string_view expected = ExpectedUserName(spec, input_.exported.people[i]);
             return !expected.empty() && FoldedEquals(expected, account.user_name);
           });
  }

  ExplainedAccount Describe(const DraftDirectory& directory, AccountIndex i,
                            absl::string_view person) const {
    const Account& account = directory.roster().accounts[i];
    ExplainedAccount row;
    row.id = std::string(account.id);
    row.user_name = std::string(account.user_name);
    row.email = std::string(account.email);
    row.external_id = std::string(account.external_id);
    row.link = directory.links.accounts[i].state;
    row.proof = directory.links.accounts[i].proof;
    row.person = std::string(person);
    row.why_linked = WhyLinked(directory, i, person);
    row.in_scope = directory.projection.in_scope[i];
    row.state = account.state;
    row.wanted = directory.projection.desired.accounts[i].state;
    row.ruling = directory.projection.rulings[i];
    RulingText ruling = rollcall::Describe(row.ruling);
    row.why_state = {ruling.rule, ruling.sentence};
    AddGroups(directory, i, row);
    return row;
  }

  void AddGroups(const DraftDirectory& directory, AccountIndex i, ExplainedAccount& row) const {
    PersonIndex person = directory.links.accounts[i].person;
    for (const ManagedGroup& managed : directory.groups.groups) {
      ExplainedGroup group;
      group.name = std::string(directory.roster().groups[managed.group].name);
      group.member = directory.roster().HasMembership(managed.group, i);
      group.listed = person != kNobody &&
                     std::binary_search(managed.wanted.begin(), managed.wanted.end(), person);
      if (!group.member && !group.listed) continue;
      group.should_member = directory.projection.desired.HasMembership(managed.group, i);
      group.why = WhyMember(directory, managed, group, i);
      row.groups.push_back(std::move(group));
    }
  }

  void AddChanges(ExplainedDirectory& entry) const {
    for (const Change& change : plan_.changes) {
      if (change.directory == entry.id && Concerns(change)) entry.changes.push_back(change);
    }
  }

  bool Concerns(const Change& change) const {
    if (!change.person.empty() && ids_.count(change.person) > 0) return true;
    if (accounts_.count(AccountName(change.directory, change.account)) > 0) return true;
    return std::any_of(change.effects.begin(), change.effects.end(), [&](const Effect& effect) {
      return accounts_.count(AccountName(effect.directory, effect.account)) > 0;
    });
  }

  void FindFindings() {
    for (const Finding& finding : plan_.findings) {
      bool named = std::any_of(finding.subjects.begin(), finding.subjects.end(),
                               [this](const std::string& subject) {
                                 return ids_.count(subject) > 0 || accounts_.count(subject) > 0;
                               });
      if (named) result_.findings.push_back(finding);
    }
  }

  const PlanInput& input_;
  const Draft& draft_;
  const Plan& plan_;
  absl::string_view query_;
  FoldedNames names_;
  std::vector<PersonIndex> people_;
  std::set<std::string> ids_;       // stable ids of the people, and the query itself
  std::set<std::string> accounts_;  // "directory/account"
  Explanation result_;
};

}  // namespace

Explanation ExplainPerson(const PlanInput& input, const Draft& draft, const Plan& plan,
                          absl::string_view query) {
  return Explainer(input, draft, plan, query).Run();
}

}  // namespace rollcall
