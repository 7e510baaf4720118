#include "tests/simulation/peace.h"

#include <algorithm>
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
        if (person.active && held_.count(person.id) == 0) {
          MustNotBeLockedOut(directory, account);
        } else {
          MustBeOut(person.id, directory, account);
        }
      }
    }
  }

 private:
  static bool Has(const Facts& facts, const Fact& fact) {
    return std::binary_search(facts.begin(), facts.end(), fact);
  }

  // Is the account active, and suspended nowhere?
  bool IsIn(const Facts& facts, const std::string& directory, const std::string& account) const {
    if (!Has(facts, {directory, account, "", ""})) return false;
    if (directory != kCloud) return true;
    const auto& places = end_.world.world().cloud_accounts.at(account).directories;
    return std::any_of(places.begin(), places.end(), [&](const auto& place) {
      return Has(facts, {directory, account, "", place.first});
    });
  }

  bool IsNamed(const std::string& person, const std::string& directory,
               const std::string& account) const {
    return named_.count(person) > 0 || named_.count(absl::StrCat(directory, "/", account)) > 0;
  }

  void MustBeOut(const std::string& person, const std::string& directory,
                 const std::string& account) {
    if (!IsIn(now_, directory, account) || IsNamed(person, directory, account)) return;
    end_.witness.Fail(absl::StrCat("has left, and is still in, and no finding says so: ", person,
                                   " as ", directory, "/", account));
  }

  void MustNotBeLockedOut(const std::string& directory, const std::string& account) {
    if (end_.witness.RivalTouched(directory, account)) return;
    if (!IsIn(end_.begun, directory, account) || IsIn(now_, directory, account)) return;
    end_.witness.Fail(absl::StrCat("was locked out: ", directory, "/", account));
  }

  const AtTheEnd& end_;
  const Facts now_;
  std::set<std::string> named_;
  std::set<std::string> held_;
};

}  // namespace

void CheckPeace(const AtTheEnd& end) { Judge(end).Run(); }

}  // namespace rollcall::simulation
