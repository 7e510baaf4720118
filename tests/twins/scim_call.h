// One call of a SCIM twin: the request and everything that answering it may look at or change. Made
// by ScimTwin::Handle, passed to the endpoints, gone with the answer.
#ifndef TESTS_TWINS_SCIM_CALL_H_
#define TESTS_TWINS_SCIM_CALL_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "tests/twins/id_source.h"
#include "tests/twins/message.h"
#include "tests/twins/scim_directory.h"
#include "tests/twins/scim_options.h"
#include "tests/twins/stale_reads.h"
#include "tests/twins/target.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

// What a SCIM server remembers beside the directory itself.
struct ScimMemory {
  explicit ScimMemory(uint64_t seed) : ids(seed), order_seed(seed) {}
  IdSource ids;
  uint64_t order_seed;
  int64_t wobbles_done = 0;
  std::set<std::string> reserved_emails;  // lower case
  StaleReads<ScimUser> stale_users;
  StaleReads<ScimGroup> stale_groups;
};

struct ScimCall {
  const ScimOptions& options;
  World& world;
  ScimDirectory& directory;
  ScimMemory& memory;
  const TwinRequest& request;
  Target target;
  std::string base_url;  // without a slash at the end
  absl::Time now;
  const std::string& directory_name;  // in the world

  bool Has(Quirk quirk) const { return options.quirks.Has(quirk); }
};

// Does what this call writes reach the Atlassian accounts and groups behind?
inline bool AccountsFollow(const ScimCall& call) {
  return call.Has(Quirk::kAtlassianAccounts) && !call.Has(Quirk::kAccountsStay) &&
         call.request.writes == Writes::kKept;
}

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_CALL_H_
