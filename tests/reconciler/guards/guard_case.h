// GuardCase: a company whose changes are written by hand, judged by the guards. The draft is the
// real one (links, scope, managed groups); only the changes are made up, so that each test says
// exactly what its guard sees.
//
//   GuardCase g;
//   g.People(100).Deactivate(11);
//   EXPECT_THAT(g.Blocking("max_deactivations"), SizeIs(1));
#ifndef TESTS_RECONCILER_GUARDS_GUARD_CASE_H_
#define TESTS_RECONCILER_GUARDS_GUARD_CASE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "reconciler/plan/guards/guard.h"
#include "tests/support/company.h"

namespace rollcall {

inline std::string PersonId(int n) { return absl::StrCat("p", n); }
inline std::string AccountId(int n) { return absl::StrCat("a", n); }

class GuardCase {
 public:
  Company company;
  std::vector<Change> changes;

  // People p1 … pN, each with an active account a1 … aN in the directory.
  GuardCase& People(int count, const std::string& directory = "dir") {
    for (int n = 1; n <= count; ++n) {
      if (n > people_) {
        company.Person(PersonId(n), absl::StrCat("user", n),
                       absl::StrCat("user", n, "@example.com"));
        people_ = n;
      }
      company.Directory(directory).Account({.id = AccountId(n),
                                            .user_name = absl::StrCat("user", n),
                                            .email = absl::StrCat("user", n, "@example.com"),
                                            .external_id = PersonId(n)});
    }
    return *this;
  }

  // A managed group with the first `count` accounts in it.
  GuardCase& ManagedGroup(const std::string& group, int count,
                          const std::string& directory = "dir") {
    company.Group(group, {"p1"}).Manage(group, directory);
    company.Directory(directory).Group({.name = group});
    for (int n = 1; n <= count; ++n) company.Directory(directory).Member(group, AccountId(n));
    return *this;
  }

  Change& Add(Action action, int person, const std::string& directory = "dir",
              const std::string& group = "") {
    Change change;
    change.directory = directory;
    change.action = action;
    change.person = PersonId(person);
    change.account = AccountId(person);
    change.user_name = absl::StrCat("user", person);
    change.group = group;
    if (!group.empty()) change.group_id = absl::StrCat("g-", group);
    changes.push_back(std::move(change));
    return changes.back();
  }

  // The first `count` people (or those from `first` on).
  GuardCase& Changes(Action action, int count, const std::string& directory = "dir",
                     const std::string& group = "", int first = 1) {
    for (int n = first; n < first + count; ++n) Add(action, n, directory, group);
    return *this;
  }
  GuardCase& Deactivate(int count, const std::string& directory = "dir") {
    return Changes(Action::kDeactivate, count, directory);
  }
  GuardCase& Remove(int count, const std::string& group, const std::string& directory = "dir") {
    return Changes(Action::kRemoveMembership, count, directory, group);
  }

  // Applied some hours ago, possibly under a waiver.
  GuardCase& Past(Action action, int person, int hours_ago, const std::string& waived = "",
                  const std::string& group = "", const std::string& directory = "dir") {
    PastChange past;
    past.directory = directory;
    past.action = action;
    past.account = AccountId(person);
    past.person = PersonId(person);
    past.group = group;
    if (!waived.empty()) past.waived.insert(waived);
    company.Applied(std::move(past), hours_ago);
    return *this;
  }

  std::vector<Finding> Judge() {
    PlanInput input = company.Input();
    input.only_person = only_person;
    Draft draft = MakeDraft(input);
    return RunGuards({input, draft, changes});
  }

  // What is left out; `changes` keeps the rest.
  std::vector<Finding> Withheld() {
    PlanInput input = company.Input();
    Draft draft = MakeDraft(input);
    return Withhold(input, draft, changes);
  }

  std::vector<Finding> Blocking(const std::string& guard) {
    std::vector<Finding> found;
    for (Finding& finding : Judge()) {
      if (finding.name == guard && finding.severity == Severity::kBlocking) {
        found.push_back(std::move(finding));
      }
    }
    return found;
  }

  std::optional<std::string> only_person;

 private:
  int people_ = 0;
};

}  // namespace rollcall

#endif  // TESTS_RECONCILER_GUARDS_GUARD_CASE_H_
