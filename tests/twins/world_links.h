// How a change on one side of the world reaches another: a SCIM user carries the Atlassian account
// along that it names, if the organisation has claimed it; a SCIM group carries the members of the
// organisation's group of the same name along, if that one is synced by its directory. Not
// thread-safe.
#ifndef TESTS_TWINS_WORLD_LINKS_H_
#define TESTS_TWINS_WORLD_LINKS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

// Does a user of any SCIM directory name the account?
bool IsNamedByScim(const World& world, const std::string& account_id);

// Those users: the directory's name, and the user's id.
std::vector<std::pair<std::string, std::string>> ScimUsersOf(const World& world,
                                                             const std::string& account_id);

// The user of that directory owns no account from now on; the record itself stays.
void UnlinkRecord(World& world, const std::string& scim_directory, const std::string& user);

// Gives the account that the user names its activity and its e-mail.
void CarryAccountAlong(World& world, const ScimUser& user, absl::Time now);

// The record of the user goes: the account stays, deactivated, outside the groups that the
// directory syncs.
void DropAccount(World& world, const std::string& scim_directory, const ScimUser& user,
                 absl::Time now);

// Who joined and who left the SCIM group does so in the organisation's; others stay as they are.
// `after` without members: the group is gone.
void CarryMembersAlong(World& world, const std::string& scim_directory, const std::string& group,
                       const std::vector<std::string>& before,
                       const std::vector<std::string>& after, absl::Time now);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_WORLD_LINKS_H_
