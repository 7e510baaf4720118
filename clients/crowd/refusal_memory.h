// RefusalMemory: which kinds of writes Crowd refused for lack of a permission, and when, so that
// `check` can tell: an application cannot ask for its permissions. Kept in the TraitStore
// ("refused_users", "refused_memberships"); a write that works clears it. Thread-safe.
#ifndef CLIENTS_CROWD_REFUSAL_MEMORY_H_
#define CLIENTS_CROWD_REFUSAL_MEMORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class RefusalMemory {
 public:
  enum class Write : uint8_t { kUser, kMembership };

  // `traits` may be null: then nothing is remembered. Not owned.
  RefusalMemory(std::string directory, TraitStore* traits, Runtime& runtime);

  void Note(Write write, const WriteReply& reply);
  // A sentence for each kind of write that was refused last time, with the cure.
  std::vector<std::string> Warnings() const;

 private:
  const std::string directory_;
  TraitStore* const traits_;
  Runtime& runtime_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_REFUSAL_MEMORY_H_
