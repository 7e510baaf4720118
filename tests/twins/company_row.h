// A person of an invented company and the accounts of the same, before either is written down. A
// plain value.
#ifndef TESTS_TWINS_COMPANY_ROW_H_
#define TESTS_TWINS_COMPANY_ROW_H_

#include <cstdint>
#include <set>
#include <string>

#include "tests/twins/company.h"

namespace rollcall::twins {

struct CompanyRow {
  CompanyPerson person;
  // In SCIM.
  std::string account_id;  // empty: there is none
  std::string account_name;
  std::string account_email;
  bool account_active = true;
  bool has_external_id = true;
  std::set<int64_t> idp_groups;
  std::set<int64_t> scim_groups;
  // In the organisation.
  std::string cloud_id;   // empty: there is none
  bool is_linked = true;  // SCIM names the account
  bool is_claimed = true;
  bool is_org_admin = false;
  std::string owner;  // of the account: externalDirectory.google
  bool in_lab = false;
  bool suspended_in_lab = false;
  // In Crowd.
  bool left_in_crowd = false;  // active there, although the person is not

  // The name in Crowd: the e-mail's first half, as it was when the account was made.
  std::string CrowdName() const { return account_name.substr(0, account_name.find('@')); }
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_COMPANY_ROW_H_
