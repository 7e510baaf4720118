// An Atlassian organisation: its directories and groups. The accounts are the world's, for SCIM
// twins know them too. A value; OrgTwin serves it. Not thread-safe.
//
// What was changed is seen late where `propagation` says so: whoever changes an account or a group
// calls Remember first, and readers look through the past. Accounts and groups that come or go
// altogether show at once.
#ifndef TESTS_TWINS_ORGANISATION_H_
#define TESTS_TWINS_ORGANISATION_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/twins/cloud_account.h"
#include "tests/twins/stale_reads.h"

namespace rollcall::twins {

struct OrgDirectory {
  std::string id;
  std::string name;
};

struct OrgGroup {
  std::string id;
  std::string name;
  std::string description;
  std::string directory;  // id of the organisation's directory
  bool synced = false;    // "externalSynced"
  // The SCIM directory whose group of the same name carries this one's members along.
  std::string synced_by;
  bool modifiable = true;
  bool deletable = true;
  bool readable = true;
  bool is_default = false;
  bool is_admin = false;
  std::set<std::string> members;  // account ids
};

struct OrgDomain {
  std::string name;
  std::string status = "verified";
};

struct Propagation {
  int64_t reads = 0;                           // so many reads of an object after it was changed
  absl::Duration time = absl::ZeroDuration();  // or all reads for so long
};

struct Organisation {
  std::string id;
  std::string name;
  std::vector<OrgDirectory> directories;
  std::vector<OrgDomain> domains;
  std::map<std::string, OrgGroup> groups;  // by id
  Propagation propagation;

  const OrgDirectory* FindDirectory(const std::string& directory_id) const;
  OrgGroup* FindGroup(const std::string& group_id);

  // To be called before `before` changes.
  void Remember(const CloudAccount& before, absl::Time now);
  void Remember(const OrgGroup& before, absl::Time now);

  StaleReads<CloudAccount> past_accounts;
  StaleReads<OrgGroup> past_groups;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORGANISATION_H_
