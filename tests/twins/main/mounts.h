// Which twins a world gets, and where: every SCIM directory at /NAME/scim/v2 ("scim" at /scim/v2,
// by Atlassian's dialect at /scim/directory/{id}), every Crowd application at /NAME/crowd, the
// organisation at /atlassian, and every Jira site at /jira/NAME and at /atlassian/ex/jira/{cloud
// id}.
#ifndef TESTS_TWINS_MAIN_MOUNTS_H_
#define TESTS_TWINS_MAIN_MOUNTS_H_

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "tests/twins/clock.h"
#include "tests/twins/main/flags.h"
#include "tests/twins/rehearsal.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

// What a client needs, by the name of the directory: base_url (the path alone), credentials and
// ids. INVALID_ARGUMENT for a flag or a name that will not do. The world outlives the rehearsal.
absl::StatusOr<nlohmann::json> MountTwins(const TwinFlags& flags, World& world,
                                          const TwinClock& clock, Rehearsal& rehearsal);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_MAIN_MOUNTS_H_
