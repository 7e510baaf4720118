// OrgProbe: finds out, for the accounts that a plan would touch, whether the organisation may
// change them, and what that takes (rules R1 and A4). Nothing is written.
//
//   claimed, disabled as a whole   GET /users/{id}/manage: the privilege lifecycle.enablement
//   administers the organisation   may not be taken out until the role is gone; nothing is asked
//   taken out by directory         the status in each, where it belongs to several
//
// Groups are not asked about: their list says who owns them. Thread-safe; asks for several accounts
// at once.
#ifndef CLIENTS_ATLASSIAN_ORG_PROBE_H_
#define CLIENTS_ATLASSIAN_ORG_PROBE_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/atlassian/org_accounts.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_book.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class OrgProbe {
 public:
  // All must outlive this object. `directory`: for progress. `workers`: requests at the same time.
  OrgProbe(OrgApi& api, OrgAccounts& accounts, OrgBook& book, Runtime& runtime, Progress& progress,
           const std::string& directory, int workers)
      : api_(api),
        accounts_(accounts),
        book_(book),
        runtime_(runtime),
        progress_(progress),
        directory_(directory),
        workers_(workers) {}

  absl::StatusOr<ProbeResult> Run(const ProbeRequest& request, const CallContext& context);

 private:
  // Nothing: the organisation may do everything, at the usual cost.
  absl::StatusOr<std::optional<Ownership>> ProbeAccount(const std::string& account,
                                                        const CallContext& context);
  absl::StatusOr<OrgStanding> StandingOfAccount(const std::string& account,
                                                const CallContext& context);
  absl::Status AskPrivilege(const std::string& account, Ownership& ownership,
                            const CallContext& context);

  OrgApi& api_;
  OrgAccounts& accounts_;
  OrgBook& book_;
  Runtime& runtime_;
  Progress& progress_;
  const std::string directory_;
  const int workers_;
};

// What an answer of GET /users/{id}/manage says of lifecycle.enablement. `allowed` false with the
// reason and its cure also for what is not understood. An error only where asking again may help,
// or where the key itself is refused.
struct OrgPrivilege {
  bool allowed = false;
  std::string reason;
  std::string cure;
};
absl::StatusOr<OrgPrivilege> ReadPrivilege(const std::string& account, const HttpResponse& answer);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_PROBE_H_
