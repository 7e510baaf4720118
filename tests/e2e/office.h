// Office: a handful of people and accounts that are written out by hand, for stories about who is
// who: an export that changes from day to day, a directory, and the real `rollcall` with one state
// file throughout. One thread.
//
//   Office office(OfficeAccounts{{"a-1", "ada@example.com"}});
//   office.Export({{"p-1", "ada@example.com"}});
//   EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
#ifndef TESTS_E2E_OFFICE_H_
#define TESTS_E2E_OFFICE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/workplace.h"

namespace rollcall {

// Two user names that most stories need.
inline constexpr char kAda[] = "ada@example.com";
inline constexpr char kBob[] = "bob@example.com";

struct OfficePerson {
  std::string id;
  std::string user_name;
  std::string email = {};  // empty: the user name
  bool active = true;
  std::string group = {};  // empty: none
};

struct OfficeAccount {
  std::string id;
  std::string user_name;
  std::string email = {};  // empty: the user name
  bool active = true;
};

using OfficeAccounts = std::vector<OfficeAccount>;

struct OfficeOptions {
  std::string people = "all";
  std::string activate = "all";
};

// An office with everything: several directories of one world.
struct OfficeEstate {
  std::string world;        // JSON (tests/twins/world_json.h)
  std::string directories;  // YAML, the entries of `directories`; URL stands for the twins' host
  std::string more_config = "guards: {first_run: false, shrunken_export: false}\n";
  std::vector<std::string> scim_quirks = {"atlassian_accounts"};
  std::vector<std::string> crowd_quirks = {};
  std::vector<std::string> org_quirks = {};
  std::vector<std::string> jira_quirks = {};  // of all sites
};

// A plan as `plan --format json` prints it.
struct OfficePlan {
  int exit_code = -1;
  std::string state;
  std::vector<std::string> changes;   // "DEACTIVATE a-1", in the plan's order
  std::vector<std::string> placed;    // the same with "crowd " before it: where
  std::vector<std::string> findings;  // "identity_reused: p-9", by name and subjects, sorted
};

class Office {
 public:
  // No account names its person: only names, e-mails and what was recorded tell.
  explicit Office(const OfficeAccounts& accounts, const OfficeOptions& options = {});
  // SCIM is served at URL/scim/v2, Crowd at URL/crowd, the organisation at
  // URL/atlassian, sites at URL/jira/NAME.
  explicit Office(const OfficeEstate& estate);

  // What the identity provider says from now on.
  void Export(const std::vector<OfficePerson>& people);
  OfficePlan Plan();
  // As a schedule does it: nobody is asked, nothing can be waived.
  ChildResult RunOnSchedule();

  // Ids of the accounts that are active, in order.
  std::vector<std::string> Active();
  Workplace& place() { return place_; }

 private:
  Workplace place_;
};

}  // namespace rollcall

#endif  // TESTS_E2E_OFFICE_H_
