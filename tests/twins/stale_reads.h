// Readers that lag behind: for a number of reads, or for a time, after a change the object is still
// shown as it was (quirks stale_reads and stale_ms). Creations and removals show at once.
#ifndef TESTS_TWINS_STALE_READS_H_
#define TESTS_TWINS_STALE_READS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"

namespace rollcall::twins {

template <typename T>
class StaleReads {
 public:
  // To be called before `before` is replaced.
  void Remember(const T& before, int64_t reads, absl::Time until) {
    entries_.insert_or_assign(before.id, Entry{before, reads, until});
  }

  void Forget(const std::string& id) { entries_.erase(id); }

  // What a reader would see of the object now, without reading it.
  const T& Peek(const T& current, absl::Time now) const {
    const auto found = entries_.find(current.id);
    if (found == entries_.end()) return current;
    return found->second.reads > 0 || now < found->second.until ? found->second.before : current;
  }

  // What a reader sees of the object now; counts as one read. Good until the next call.
  const T& Seen(const T& current, absl::Time now) {
    const auto found = entries_.find(current.id);
    if (found == entries_.end()) return current;
    if (found->second.reads > 0) {
      --found->second.reads;
      return found->second.before;
    }
    if (now < found->second.until) return found->second.before;
    entries_.erase(found);
    return current;
  }

 private:
  struct Entry {
    T before;
    int64_t reads;
    absl::Time until;
  };
  std::map<std::string, Entry> entries_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_STALE_READS_H_
