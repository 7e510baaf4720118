#include "reconciler/apply/directory_health.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall {

void DirectoryHealth::NoteNothingSent() {
  MutexLock lock(mutex_);
  failures_ = 0;
}

void DirectoryHealth::NoteAnswered() {
  MutexLock lock(mutex_);
  failures_ = 0;
  answered_ = true;
}

void DirectoryHealth::NoteDenied(absl::string_view message) {
  MutexLock lock(mutex_);
  failures_ = 0;
  if (answered_) return;
  if (++denied_ < kDeniedLimit) return;
  HaltWith({.credentials = true,
            .reason = absl::StrCat("the first ", denied_, " writes were all denied (", message,
                                   "): give the key the right to change accounts and groups")});
}

void DirectoryHealth::NoteFailed(absl::string_view message) {
  MutexLock lock(mutex_);
  if (++failures_ < kFailureLimit) return;
  HaltWith({.credentials = false,
            .reason = absl::StrCat(failures_, " changes failed one after the other (", message,
                                   "): see whether the server can be reached")});
}

void DirectoryHealth::NoteKeyRefused(absl::string_view message) {
  MutexLock lock(mutex_);
  HaltWith({.credentials = true,
            .reason = absl::StrCat("the key was refused (", message,
                                   "): renew it, and see with `rollcall check`")});
}

void DirectoryHealth::HaltWith(Halt halt) {
  if (!halt_.has_value()) halt_ = std::move(halt);
}

bool DirectoryHealth::halted() const {
  MutexLock lock(mutex_);
  return halt_.has_value();
}

std::optional<Halt> DirectoryHealth::halt() const {
  MutexLock lock(mutex_);
  return halt_;
}

}  // namespace rollcall
