// What `rollcall check` finds out about a Crowd, in at most three reads: is it there, is it Crowd's
// user management service, are the application and its address accepted, does it show users and
// groups. Each fault says what to do. What may be written shows only when something is: an
// application cannot ask for its permissions. Any thread.
#ifndef CLIENTS_CROWD_CROWD_CHECK_H_
#define CLIENTS_CROWD_CROWD_CHECK_H_

#include "clients/crowd/crowd_api.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

DirectoryCheck CheckCrowd(CrowdApi& api, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_CHECK_H_
