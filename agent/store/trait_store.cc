#include "agent/store/trait_store.h"

#include <utility>

#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

class ReadOnlyTraits final : public TraitStore {
 public:
  explicit ReadOnlyTraits(std::unique_ptr<Database> database)
      : database_(std::move(database)), traits_(*database_) {}

  std::optional<std::string> Get(const std::string& directory, const std::string& key) override {
    return traits_.Get(directory, key);
  }
  void Set(const std::string&, const std::string&, const std::string&) override {}

 private:
  const std::unique_ptr<Database> database_;
  StoredTraits traits_;
};

}  // namespace

std::unique_ptr<TraitStore> RememberedTraits(const std::string& state_file) {
  absl::StatusOr<std::unique_ptr<Database>> database = Database::OpenToRead(state_file);
  if (!database.ok()) return nullptr;
  return std::make_unique<ReadOnlyTraits>(*std::move(database));
}

std::optional<std::string> StoredTraits::Get(const std::string& directory, const std::string& key) {
  std::optional<std::string> value;
  const absl::Status status = database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement row, database_.Prepare("SELECT value FROM traits WHERE "
                                                      "directory = ? AND key = ?"));
    row.Bind(directory, key);
    ASSIGN_OR_RETURN(const bool found, row.Next());
    if (found) value = row.Text(0);
    return absl::OkStatus();
  });
  return status.ok() ? value : std::nullopt;
}

void StoredTraits::Set(const std::string& directory, const std::string& key,
                       const std::string& value) {
  database_
      .Write([&] {
        return database_.Run("INSERT OR REPLACE INTO traits VALUES (?, ?, ?)", directory, key,
                             value);
      })
      .IgnoreError();
}

}  // namespace rollcall
