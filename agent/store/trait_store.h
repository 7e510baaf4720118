// StoredTraits: the TraitStore port over the state file. Thread-safe; errors are swallowed, since
// losing a trait costs a request and never correctness.
#ifndef AGENT_STORE_TRAIT_STORE_H_
#define AGENT_STORE_TRAIT_STORE_H_

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

}  // namespace rollcall

#endif  // AGENT_STORE_TRAIT_STORE_H_
