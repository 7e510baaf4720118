#include "agent/store/request_store.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<std::optional<std::string>> RequestStore::Remember(const std::string& requester,
                                                                  const std::string& request_id,
                                                                  const std::string& digest,
                                                                  const std::string& subject,
                                                                  absl::Time now) {
  std::optional<std::string> before;
  RETURN_IF_ERROR(database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement row, database_.Prepare("SELECT digest, subject FROM requests "
                                                      "WHERE requester = ? AND request_id = ?"));
    row.Bind(requester, request_id);
    ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) {
      return database_.Run("INSERT INTO requests VALUES (?, ?, ?, ?, ?)", requester, request_id,
                           digest, subject, now);
    }
    if (row.View(0) != digest) {
      return absl::AlreadyExistsError(
          absl::StrCat("request id ", request_id, " was used for another request (", row.Text(1),
                       "); use a new one for each thing that is wanted"));
    }
    before = row.Text(1);
    return absl::OkStatus();
  }));
  return before;
}

absl::Status RequestStore::Forget(const std::string& requester, const std::string& request_id) {
  return database_.Write([&] {
    return database_.Run("DELETE FROM requests WHERE requester = ? AND request_id = ?", requester,
                         request_id);
  });
}

absl::StatusOr<int64_t> RequestStore::DeleteOld(absl::Time before) {
  int64_t deleted = 0;
  RETURN_IF_ERROR(database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(database_.Run("DELETE FROM requests WHERE time < ?", before));
    deleted = database_.changes();
    return absl::OkStatus();
  }));
  return deleted;
}

}  // namespace rollcall
