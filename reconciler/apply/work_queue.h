// WorkQueue: hands out the numbers 0 … size-1, each once, to the workers of one phase. Thread-safe;
// never blocks.
#ifndef RECONCILER_APPLY_WORK_QUEUE_H_
#define RECONCILER_APPLY_WORK_QUEUE_H_

#include <cstddef>
#include <optional>

#include "reconciler/base/mutex.h"

namespace rollcall {

class WorkQueue {
 public:
  explicit WorkQueue(size_t size) : size_(size) {}

  std::optional<size_t> Next() {
    MutexLock lock(mutex_);
    if (next_ == size_) return std::nullopt;
    return next_++;
  }

 private:
  const size_t size_;
  Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_WORK_QUEUE_H_
