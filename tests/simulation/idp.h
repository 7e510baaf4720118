// Idp: the identity provider of a simulated world, whose people and groups change from one day to
// the next: people leave, come back, vanish from the export and return to it, are renamed, swap
// their addresses, change groups. One thread at a time.
#ifndef TESTS_SIMULATION_IDP_H_
#define TESTS_SIMULATION_IDP_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "reconciler/plan/export.h"
#include "tests/simulation/dice.h"
#include "tests/twins/company.h"

namespace rollcall::simulation {

class Idp {
 public:
  // `settled`: people of whom nothing ever changes.
  Idp(const twins::Company& company, std::set<std::string> settled);

  // Something is different from now on; what, in words. Names and addresses change only where
  // `names`: before anything was recorded nobody could tell who is who.
  std::string Change(Dice& dice, bool names);

  // What is exported.
  absl::StatusOr<Export> MakeExport(absl::Time now) const;

  // The same in files of SCIM, people.json and groups.json, in this folder, which is made.
  absl::Status WriteExport(const std::string& folder, absl::Time now) const;

  enum class Standing { kActive, kInactive, kGone };
  Standing StandingOf(const std::string& person) const;

 private:
  twins::CompanyPerson& Anybody(Dice& dice);
  std::string Rename(twins::CompanyPerson& person);
  std::string Regroup(Dice& dice, const twins::CompanyPerson& person);

  std::vector<twins::CompanyPerson> people_;
  std::vector<twins::CompanyGroup> groups_;
  std::set<std::string> settled_;
  std::set<std::string> gone_;
  int64_t version_ = 0;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_IDP_H_
