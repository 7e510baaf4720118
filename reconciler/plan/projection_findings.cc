#include "reconciler/plan/projection_findings.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

class FindingCollector {
 public:
  FindingCollector(const ProjectionInput& input, const Projection& projection,
                   const HoldIndex& holds)
      : input_(input), projection_(projection), holds_(holds) {}

  std::vector<Finding> Run() {
    ByRuling(
        "deactivated_elsewhere", Ruling::kDeactivatedElsewhere,
        {"account of an active, entitled person is inactive, and Rollcall did not deactivate it; "
         "it stays so (A2)",
         "accounts of active, entitled people are inactive, and Rollcall did not deactivate "
         "them; they stay so (A2)"},
        "if they should come back, activate them where they were deactivated, use `rollcall "
        "activate`, or set `policy: {activate: all}`");
    ByRuling("not_entitled", Ruling::kNotEntitledReport,
             {"active account belongs to an active person who is not entitled to it (E1)",
              "active accounts belong to active people who are not entitled to them (E1)"},
             "assign the people in the identity provider, or set `policy: {not_entitled: "
             "deactivate}`");
    ByRuling("vanished", Ruling::kVanishedReport,
             {"account belongs to a person who is no longer in the export (A2)",
              "accounts belong to people who are no longer in the export (A2)"},
             "if they left, set `policy: {vanished: deactivate}`, or `rollcall deactivate` each");
    ByRuling("unowned", Ruling::kUnownedReport,
             {"managed account was never linked to anybody (A2)",
              "managed accounts were never linked to anybody (A2)"},
             "link them with `rollcall link`, or set `policy: {unowned: deactivate}`");
    ByRuling("unclaimed_accounts", Ruling::kUnclaimedReport,
             {"account is not managed by the organisation and cannot be disabled (A2)",
              "accounts are not managed by the organisation and cannot be disabled (A2)"},
             "claim their domain, remove them by hand, or set `policy: {unclaimed_accounts: "
             "suspend}`");
    AddHeld();
    AddMissing();
    AddScimUnlinked();
    return std::move(findings_);
  }

 private:
  std::string Subject(AccountIndex i) const {
    const AccountLink& link = input_.links.accounts[i];
    if (link.person != kNobody) return std::string(input_.exported.people[link.person].id);
    auto gone = input_.links.gone_person.find(i);
    if (gone != input_.links.gone_person.end()) return gone->second;
    return absl::StrCat(input_.directory.id, "/", input_.roster.accounts[i].id);
  }

  // `one` and `many` are what is so of one subject and of several.
  struct Words {
    absl::string_view one;
    absl::string_view many;
  };

  void Add(const char* name, std::vector<std::string> subjects, const Words& what,
           absl::string_view cure) {
    if (subjects.empty()) return;
    std::sort(subjects.begin(), subjects.end());
    subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
    int64_t count = static_cast<int64_t>(subjects.size());
    findings_.push_back({name, Severity::kInfo,
                         absl::StrCat(count, " ", count == 1 ? what.one : what.many),
                         std::string(cure), input_.directory.id, count, 0, std::move(subjects)});
  }

  // An inactive account needs nothing: policies for those who should go speak of active ones.
  void ByRuling(const char* name, Ruling ruling, const Words& what, absl::string_view cure) {
    std::vector<std::string> subjects;
    for (AccountIndex i = 0; i < projection_.rulings.size(); ++i) {
      if (projection_.rulings[i] != ruling) continue;
      bool counts = ruling == Ruling::kDeactivatedElsewhere || ruling == Ruling::kUnclaimedReport ||
                    input_.roster.accounts[i].state != AccountState::kInactive;
      if (counts) subjects.push_back(Subject(i));
    }
    Add(name, std::move(subjects), what, cure);
  }

  void AddHeld() {
    std::vector<std::string> subjects;
    for (AccountIndex i = 0; i < projection_.rulings.size(); ++i) {
      Ruling ruling = projection_.rulings[i];
      if (ruling == Ruling::kHeldOut || ruling == Ruling::kHeldIn) subjects.push_back(Subject(i));
    }
    Add("held", std::move(subjects),
        {"person is under a hold that shaped this plan (H1)",
         "people are under holds that shaped this plan (H1)"},
        "`rollcall holds` lists them with reason and end");
  }

  // Rule E3.
  void AddMissing() {
    std::vector<std::string> subjects;
    for (PersonIndex p = 0; p < input_.exported.people.size(); ++p) {
      const Person& person = input_.exported.people[p];
      if (input_.links.account_of[p] != kNoAccount || person.standing != Standing::kActive ||
          !input_.entitlement.entitled[p] || input_.excluded[p] || person.duplicate ||
          (input_.links.person_flags[p] & (kPersonAmbiguous | kPersonReused)) != 0) {
        continue;
      }
      const Hold* hold = holds_.For(person);
      if (hold != nullptr && hold->kind == Hold::Kind::kDeactivated) continue;
      subjects.push_back(std::string(person.id));
    }
    Add("missing", std::move(subjects),
        {"entitled person has no account here (E3)", "entitled people have no account here (E3)"},
        "let the identity provider create the accounts; Rollcall does not");
  }

  void AddScimUnlinked() {
    if (input_.directory.provisions.empty()) return;
    std::vector<std::string> subjects;
    for (AccountIndex i = 0; i < input_.roster.accounts.size(); ++i) {
      if (input_.links.accounts[i].state == LinkState::kLinked &&
          input_.roster.accounts[i].linked_account.empty()) {
        subjects.push_back(Subject(i));
      }
    }
    Add("scim_unlinked", std::move(subjects),
        {"SCIM record names no account of the organisation: changing it does not reach that (R2)",
         "SCIM records name no account of the organisation: changing them does not reach it (R2)"},
        "provision the person again, or verify the domain, so that the record is linked");
  }

  const ProjectionInput& input_;
  const Projection& projection_;
  const HoldIndex& holds_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> ProjectionFindings(const ProjectionInput& input, const Projection& projection,
                                        const HoldIndex& holds) {
  return FindingCollector(input, projection, holds).Run();
}

}  // namespace rollcall
