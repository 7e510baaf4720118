// The rows of Jira's lists, users and groups, and the reader of one page of them: a bare array
// ([{…}]), a page object ({"startAt":…,"total":…,"isLast":…,"values":[{…}]}), or one row alone.
// Internal to clients/jira. One thread, one document.
//
// DATA_LOSS: a document of another shape, a row without its id, a field that decides anything with
// a value of the wrong type or twice.
#ifndef CLIENTS_JIRA_JIRA_ROWS_H_
#define CLIENTS_JIRA_JIRA_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rollcall {

enum class JiraRowKind : uint8_t { kUser, kGroup };

struct JiraRow {
  std::string id;    // accountId, or groupId
  std::string name;  // of a group
  std::string account_type;
  std::string email;  // empty where it is hidden
  std::optional<bool> active;

  // The record of a deleted user that was damaged since: nobody knows whose it is, and all such
  // have the same id.
  bool is_broken() const { return id == "unknown"; }
};

struct JiraPage {
  std::vector<JiraRow> rows;
  bool is_object = false;  // a page object; what follows is said by those only
  std::optional<int64_t> total;
  std::optional<int64_t> max_results;
  std::optional<bool> is_last;
};

// `body` is overwritten.
absl::StatusOr<JiraPage> ReadJiraPage(absl::string_view what, JiraRowKind kind, std::string& body);

// One user or group by itself.
absl::StatusOr<JiraRow> ReadJiraRow(absl::string_view what, JiraRowKind kind, std::string& body);

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_ROWS_H_
