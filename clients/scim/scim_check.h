// What `rollcall check` finds out about a SCIM directory, in at most three reads: is it there, is
// it SCIM, is the key right, what may be done. Each fault says what to do. Any thread.
#ifndef CLIENTS_SCIM_SCIM_CHECK_H_
#define CLIENTS_SCIM_SCIM_CHECK_H_

#include "clients/scim/discovery.h"
#include "clients/scim/scim_api.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

DirectoryCheck CheckScim(ScimApi& api, Discovery& discovery, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SCIM_CHECK_H_
