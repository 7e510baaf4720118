// An invented company, the same for the same seed: its people and groups as an identity provider
// knows them, and the SCIM directory that should agree with them and does not: `drift` percent of
// the people (at least one, unless it is 0) have drifted in every way that there is, each person in
// one way. The account of what was done is part of it, so that a plan can be compared with it.
//
// Example:
//   CompanyOptions options = *ParseCompanyOptions("people=500,groups=40,drift=3,seed=7");
//   Company company = *MakeCompany(options, absl::FromUnixSeconds(1'700'000'000));
//   company.world.scim["scim"];        // what the directory holds
//   company.drift["leavers"][0].account;
//   absl::Status status = WriteExport(company, ExportFormat::kScim, "/some/folder");
#ifndef TESTS_TWINS_COMPANY_H_
#define TESTS_TWINS_COMPANY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

struct CompanyOptions {
  static constexpr int64_t kMaxPeople = 2'000'000;

  int64_t people = 50;
  int64_t groups = 8;
  int64_t drift = 3;        // percent of the people, for every kind; at most 8
  int64_t memberships = 3;  // groups a person
  int64_t cloud = 0;        // 1: an Atlassian organisation whose accounts SCIM provisions as well
  int64_t crowd = 0;        // 1: a Crowd with the same people and groups as well
  uint64_t seed = 1;
};

// "people=500,groups=40,drift=3,memberships=5,cloud=1,crowd=1,seed=7", any of them.
// INVALID_ARGUMENT otherwise.
absl::StatusOr<CompanyOptions> ParseCompanyOptions(absl::string_view text);

// A person as the identity provider exports it.
struct CompanyPerson {
  std::string id;
  std::string user_name;
  std::string email;
  std::string given_name;
  std::string family_name;
  std::string department;
  bool active = true;
};

struct CompanyGroup {
  std::string id;
  std::string name;
  std::vector<std::string> members;  // ids of people, sorted
};

// Where one person, account or membership has drifted; what does not apply is empty.
struct DriftEntry {
  std::string person;
  std::string account;             // id in the SCIM directory
  std::string user_name;           // the account's
  std::string group;               // the group's name
  std::string cloud_account = "";  // id in the organisation
  std::string crowd_user = "";
};

struct Company {
  std::vector<CompanyPerson> people;
  std::vector<CompanyGroup> groups;
  // One SCIM directory, "scim"; with cloud=1 an organisation of the directories "dir-main" (all)
  // and "dir-lab" (every third), whose groups SCIM carries along, and on the former a Jira site,
  // "site"; with crowd=1 a Crowd, "crowd".
  World world;
  // By kind:
  //   leavers              inactive people whose accounts are active
  //   joiners              active people whose accounts are inactive
  //   lockouts             the same to look at: accounts that somebody locked elsewhere
  //   inactive_both        inactive people with inactive accounts: no drift
  //   renames              user name and e-mail changed, the account has the old ones
  //   missing_memberships  the directory's group lacks somebody
  //   extra_memberships    the directory's group has somebody too many
  //   protected            an inactive person whose account must stay (one; for the guard)
  //   ambiguous            two accounts with the e-mail of one person (two entries)
  //   missing              active people without an account
  //   out_of_scope         accounts of nobody, at vendors.example.com
  //   foreign_groups       groups of the directory that the export does not have
  // With cloud=1 one each of these, all but the last inactive people:
  //   scim_managed_leavers active in SCIM, which carries a claimed account along
  //   suspended_in_one     the same, and suspended in dir-lab already (active in Crowd too)
  //   unclaimed            active in SCIM, which names an account of a domain that is not claimed
  //   not_linked           active in SCIM, which does not name the claimed account
  //   guests               not in SCIM, the account is not claimed
  //   google_owned         not in SCIM, the account is Google's
  //   org_admin_leavers    not in SCIM, the account administers the organisation
  //   org_admins           an active person who administers the organisation: no drift
  // With crowd=1:
  //   crowd_leavers        an inactive person, inactive in SCIM, active in Crowd
  std::map<std::string, std::vector<DriftEntry>> drift;
};

// INVALID_ARGUMENT when so few people cannot drift in so many ways.
absl::StatusOr<Company> MakeCompany(const CompanyOptions& options, absl::Time created);

enum class ExportFormat { kScim, kOkta, kEntra, kGoogle, kCsv };
// Writes the identity provider's export (people.json and groups.json, several pages after one
// another where the format has pages; or people.csv and groups.csv) and drift.json into a folder
// that exists.
absl::Status WriteExport(const Company& company, ExportFormat format, const std::string& folder);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_COMPANY_H_
