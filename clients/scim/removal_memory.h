// RemovalMemory: which form of member removal a server is known to understand, and which ones wiped
// a group there. Kept in the TraitStore ("removal_form", "removal_wipes"). What is proven can be
// wrong later: a removal that turns out to have had no effect withdraws the proof. Thread-safe.
//
// Limit: 1,000 groups are watched at a time; beyond, the oldest proofs stay unchallenged.
#ifndef CLIENTS_SCIM_REMOVAL_MEMORY_H_
#define CLIENTS_SCIM_REMOVAL_MEMORY_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "clients/scim/removal_form.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class RemovalMemory {
 public:
  static constexpr size_t kMaxWatched = 1000;

  // `traits` may be null: then nothing outlives this object. Not owned.
  RemovalMemory(std::string directory, TraitStore* traits);

  std::optional<RemovalForm> proven();
  // The forms to try, the proven one first, without those that wipe.
  std::vector<RemovalForm> Order();

  enum class Lasting : uint8_t { kThisProcess, kStored };
  void Prove(RemovalForm form, Lasting lasting);
  void MarkWiping(RemovalForm form);

  // These were taken out by a proven form and not looked at since.
  void Watch(const std::string& group_id, absl::Span<const std::string> accounts);
  // The group as somebody read it.
  void Observe(const GroupMembers& group);

 private:
  void Store(const std::string& key, const std::string& value);

  const std::string directory_;
  TraitStore* const traits_;
  Mutex mutex_;
  std::optional<RemovalForm> proven_ ABSL_GUARDED_BY(mutex_);
  std::set<RemovalForm> wiping_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::set<std::string>> watched_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_REMOVAL_MEMORY_H_
