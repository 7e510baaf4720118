// CrowdList: reads a list of users or groups ({"users":[…]}, {"groups":[…]}) event by event and
// hands every row to a sink. Internal to clients/crowd. One thread, one document.
//
// The newer documentation names the array "user" or "group": both are taken. A document without
// such an array is DATA_LOSS, never an empty list.
#ifndef CLIENTS_CROWD_CROWD_LIST_H_
#define CLIENTS_CROWD_CROWD_LIST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/crowd/crowd_api.h"

namespace rollcall {

// What a list says of one user or group. Without `expand` only the name is there.
struct CrowdRow {
  std::string name;
  std::string key;
  std::string email;
  std::optional<bool> active;
};

// Overwrites `body`. An error of the sink ends the reading and keeps its code; everything else is
// DATA_LOSS with the place in the document.
absl::Status DecodeCrowdList(absl::string_view what, CrowdEntity entity, std::string& body,
                             absl::FunctionRef<absl::Status(const CrowdRow&)> sink);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_LIST_H_
