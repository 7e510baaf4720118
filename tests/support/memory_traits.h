// MemoryTraits: a TraitStore in memory, for tests. Thread-safe.
#ifndef TESTS_SUPPORT_MEMORY_TRAITS_H_
#define TESTS_SUPPORT_MEMORY_TRAITS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "reconciler/base/mutex.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class MemoryTraits final : public TraitStore {
 public:
  std::optional<std::string> Get(const std::string& directory, const std::string& key) override {
    MutexLock lock(mutex_);
    auto found = values_.find({directory, key});
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }
  void Set(const std::string& directory, const std::string& key,
           const std::string& value) override {
    MutexLock lock(mutex_);
    values_[{directory, key}] = value;
  }

 private:
  Mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::string> values_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_MEMORY_TRAITS_H_
