// ScimPages: proves that the ListResponse pages of an export are complete: totals that agree, pages
// that follow one another, no page that names a further one. One thread.
//   DATA_LOSS  something is missing; the message names both numbers
#ifndef CLIENTS_IDP_SCIM_PAGES_H_
#define CLIENTS_IDP_SCIM_PAGES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"

namespace rollcall::idp {

struct ScimPage {
  std::optional<int64_t> total;  // totalResults
  std::optional<int64_t> start;  // startIndex
  std::string next;              // "nextCursor", where that is set
  int64_t resources = 0;
};

class ScimPages {
 public:
  absl::Status Add(const ScimPage& page);
  // After the last page.
  absl::Status Finish() const;

 private:
  absl::Status Begin(const ScimPage& page);
  bool Complete() const { return total_.has_value() && seen_ >= *total_; }

  int64_t pages_ = 0;             // of all lists
  std::optional<int64_t> total_;  // of the list that is being read
  int64_t seen_ = 0;
  std::string next_;  // of the last page
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SCIM_PAGES_H_
