// What `rollcall check` finds out about an organisation, in a handful of reads: is it there, is the
// key one of its API keys, without scopes and not expired; which directories the key sees, and
// whether the configured one is among them; may it read users and groups, and manage accounts. Each
// fault says what to do; a wrong organisation is told together with those that the key does see.
// Writes nothing. Any thread.
#ifndef CLIENTS_ATLASSIAN_ORG_CHECK_H_
#define CLIENTS_ATLASSIAN_ORG_CHECK_H_

#include <string>

#include "clients/atlassian/org_accounts.h"
#include "clients/atlassian/org_api.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// `identity`: the account behind the key, as configured; may be empty.
DirectoryCheck CheckOrg(OrgApi& api, OrgAccounts& accounts, const OrgPaging& paging,
                        const std::string& identity, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_CHECK_H_
