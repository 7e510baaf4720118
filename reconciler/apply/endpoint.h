// What the executor is given for one directory, and its options. The pointers are not owned and
// must outlive the executor. Values.
#ifndef RECONCILER_APPLY_ENDPOINT_H_
#define RECONCILER_APPLY_ENDPOINT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/spec.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

struct Endpoint {
  DirectoryReader* reader = nullptr;
  DirectoryWriter* writer = nullptr;  // null: nothing may be written there (`apply: false`)
  DirectoryTraits traits;
  DirectorySpec spec;
};
using Endpoints = std::map<std::string, Endpoint>;  // by directory id

// `--verify full`: reads everything again and says how many changes a new plan would hold.
using FullVerification = std::function<absl::StatusOr<int64_t>(const CallContext&)>;

struct ExecutorOptions {
  // A group is read before its memberships are changed if the snapshot is older than this
  // (PRODUCT.md section 7, "Stale").
  absl::Duration reread_after = absl::Seconds(60);
  // How long verification waits for a change to show (PRODUCT.md section 8).
  absl::Duration verify_wait = absl::Seconds(60);
  FullVerification full_verification;  // empty: re-read what was touched, no more
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_ENDPOINT_H_
