// StoredTraits: the TraitStore port over the state file. Thread-safe; errors are swallowed, since
// losing a trait costs a request and never correctness.
#ifndef AGENT_STORE_TRAIT_STORE_H_
#define AGENT_STORE_TRAIT_STORE_H_

#include <memory>
#include <optional>
#include <string>

#include "agent/store/sqlite.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class StoredTraits final : public TraitStore {
 public:
  explicit StoredTraits(Database& database) : database_(database) {}

  std::optional<std::string> Get(const std::string& directory, const std::string& key) override;
  void Set(const std::string& directory, const std::string& key, const std::string& value) override;

 private:
  Database& database_;
};

// What a state file remembers, for commands that write nothing: what is set is forgotten. Null
// where there is no file, or none that can be read; whoever opens it to write says why.
std::unique_ptr<TraitStore> RememberedTraits(const std::string& state_file);

}  // namespace rollcall

#endif  // AGENT_STORE_TRAIT_STORE_H_
