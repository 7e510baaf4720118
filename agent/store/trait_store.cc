#include "agent/store/trait_store.h"

#include "reconciler/base/status_macros.h"

namespace rollcall {

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
