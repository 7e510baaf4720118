// DirectoryHealth: decides when going on in one directory makes no sense any more (PRODUCT.md
// section 8). Shared by the workers of a directory; thread-safe; never blocks.
//
// A directory is halted, for good, by
//   * one UNAUTHENTICATED, to a read or a write: the key is wrong for everything;
//   * kDeniedLimit writes (or reads before them) denied with PERMISSION_DENIED while no write got
//     past the permission check: the key may do nothing. A batch counts once, as it is one request;
//   * kFailureLimit failures one after the other (UNAVAILABLE, unreadable, unknown): the server is
//     out of reach. Anything that works in between starts the count anew.
// One person's refusal or failure never halts.
#ifndef RECONCILER_APPLY_DIRECTORY_HEALTH_H_
#define RECONCILER_APPLY_DIRECTORY_HEALTH_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

struct Halt {
  bool credentials = false;  // 401 or 403 on everything
  std::string reason;
};

class DirectoryHealth {
 public:
  static constexpr int kDeniedLimit = 10;
  static constexpr int kFailureLimit = 5;

  // A step that ended without a write: what was read decided it.
  void NoteNothingSent();
  // A step that ended with the server's own judgement of a write, whatever it was.
  void NoteAnswered();
  void NoteDenied(absl::string_view message);
  void NoteFailed(absl::string_view message);
  void NoteKeyRefused(absl::string_view message);

  bool halted() const;
  std::optional<Halt> halt() const;

 private:
  void HaltWith(Halt halt) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  bool answered_ ABSL_GUARDED_BY(mutex_) = false;
  int denied_ ABSL_GUARDED_BY(mutex_) = 0;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::optional<Halt> halt_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_DIRECTORY_HEALTH_H_
