// A thin wrapper over std::mutex that clang's thread-safety analysis and TSan understand (Debian's
// absl::Mutex is not instrumented). Never held across a send, a sleep, a wait or a commit.
#ifndef RECONCILER_BASE_MUTEX_H_
#define RECONCILER_BASE_MUTEX_H_

#include <mutex>

#include "absl/base/thread_annotations.h"

namespace rollcall {

class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace rollcall

#endif  // RECONCILER_BASE_MUTEX_H_
