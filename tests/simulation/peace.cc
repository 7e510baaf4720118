#include "tests/simulation/peace.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace rollcall::simulation {
namespace {

class Judge {
 public:
  explicit Judge(const AtTheEnd& end) : end_(end), now_(FactsOf(end.world.world())) {
    for (const Finding& finding : end.plan.findings) {
      named_.insert(finding.subjects.begin(), finding.subjects.end());
    }
    for (const Hold& hold : end.world.holds()) held_.insert(hold.person);
  }

  void Run() {
    for (const twins::CompanyPerson& person : end_.world.company().people) {
      const auto accounts = end_.world.accounts_of().find(person.id);
      if (accounts == end_.world.accounts_of().end()) continue;
      for (const auto& [directory, account] : accounts->second) {
        if (end_.world.untouchable().count({directory, account}) > 0) continue;
        const Idp::Standing standing = end_.world.idp().StandingOf(person.id);
        if (held_.count(person.id) > 0 || standing == Idp::Standing::kInactive) {
          MustBeOut(person.id, directory, account);
        } else if (standing == Idp::Standing::kActive) {
          MustNotBeLockedOut(person.id, directory, account);
        }
      }
    }
  }

 private:
  bool IsIn(const Facts& facts, const std::string& directory, const std::string& account) const {
    return simulation::IsIn(end_.world.world(), facts, directory, account);
  }

  bool IsNamed(const std::string& person, const std::string& directory,
               const std::string& account) const {
    // Where the organisation leaves an account alone, its finding speaks for the site too.
    if (directory == kSite && named_.count(absl::StrCat(kCloud, "/", account)) > 0) return true;
    return named_.count(person) > 0 || named_.count(absl::StrCat(directory, "/", account)) > 0;
  }

  void MustBeOut(const std::string& person, const std::string& directory,
                 const std::string& account) {
    if (!IsIn(now_, directory, account) || IsNamed(person, directory, account)) return;
    end_.witness.Fail(absl::StrCat("has left, and is still in, and no finding says so: ", person,
                                   " as ", directory, "/", account));
  }

  // The plan would let him in, and the site does not.
  bool IsRefusedReturn(const std::string& directory, const std::string& account) const {
    if (directory != kSite || !end_.world.site()->MayRefuseForGood(Action::kActivate)) return false;
    return std::any_of(end_.plan.changes.begin(), end_.plan.changes.end(), [&](const Change& one) {
      return one.directory == kSite && one.account == account && one.action == Action::kActivate;
    });
  }

  // Who came back and was out at the beginning may be let in or not: policies differ.
  void MustNotBeLockedOut(const std::string& person, const std::string& directory,
                          const std::string& account) {
    if (IsNamed(person, directory, account)) return;
    if (end_.witness.RivalTouched(directory, account)) return;
    if (!IsIn(end_.begun, directory, account) || IsIn(now_, directory, account)) return;
    if (IsRefusedReturn(directory, account)) return;
    end_.witness.Fail(absl::StrCat("was locked out: ", directory, "/", account));
  }

  const AtTheEnd& end_;
  const Facts now_;
  std::set<std::string> named_;
  std::set<std::string> held_;
};

}  // namespace

void CheckPeace(const AtTheEnd& end) { Judge(end).Run(); }

void CheckSameEnd(const AtTheEnd& end, const AtTheEnd& undisturbed) {
  std::set<std::string> named;
  for (const Plan* plan : {&end.plan, &undisturbed.plan}) {
    for (const Finding& finding : plan->findings) {
      named.insert(finding.subjects.begin(), finding.subjects.end());
    }
  }
  std::map<std::pair<std::string, std::string>, std::string> person_of;
  for (const auto& [person, accounts] : end.world.accounts_of()) {
    for (const auto& account : accounts) person_of[account] = person;
  }
  for (const Turn& turn :
       TurnsBetween(FactsOf(undisturbed.world.world()), FactsOf(end.world.world()))) {
    const auto& [directory, account, group, place] = turn.fact;
    if (named.count(person_of[{directory, account}]) > 0) continue;
    if (named.count(absl::StrCat(directory, "/", account)) > 0) continue;
    if (directory == kSite && named.count(absl::StrCat(kCloud, "/", account)) > 0) continue;
    end.witness.Fail(absl::StrCat("without trouble it ends otherwise, and no finding says why: ",
                                  ActionName(turn.action), " ", turn.fact.ToString()));
  }
}

}  // namespace rollcall::simulation
