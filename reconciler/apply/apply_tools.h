// ApplyTools: what the steps of one directory share. References to what the executor owns; every
// part of it is thread-safe or constant while the run lasts.
#ifndef RECONCILER_APPLY_APPLY_TOOLS_H_
#define RECONCILER_APPLY_APPLY_TOOLS_H_

#include <map>
#include <string>

#include "absl/time/time.h"
#include "reconciler/apply/directory_health.h"
#include "reconciler/apply/endpoint.h"
#include "reconciler/apply/run_ledger.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct ApplyTools {
  const Endpoints& endpoints;
  const Endpoint& endpoint;  // of this directory
  RunLedger& ledger;
  DirectoryHealth& health;
  Runtime& runtime;
  const ExecutorOptions& options;
  const CallContext& context;
  absl::Time snapshot_time;  // InfinitePast where the plan does not say
  // The plan's activations in this directory, its own and those that follow from changes of others:
  // account -> change id (rule G3).
  const std::map<std::string, std::string>& activations;

  bool MustStop() const { return context.stopped() || ledger.stopping(); }
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_APPLY_TOOLS_H_
