// What the rows of SCIM lists have in common: names compared as RFC 7643 section 2.1 says (ASCII
// case does not count), values taken as text, errors that name the row. Internal to clients/scim.
#ifndef CLIENTS_SCIM_ROW_FIELD_H_
#define CLIENTS_SCIM_ROW_FIELD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rollcall {

// Most keys come in the schema's spelling: compare those as bytes.
inline bool NameIs(absl::string_view key, absl::string_view name) {
  return key.size() == name.size() && (key == name || absl::EqualsIgnoreCase(key, name));
}

// Digits only: an id that a server writes without quotes is still that id.
inline bool IsPlainInteger(absl::string_view raw) {
  if (raw.empty() || raw.size() > 18) return false;
  for (char c : raw) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

// Some servers write the id of what they could not find again as the text "undefined".
inline bool IsUsableId(absl::string_view id) {
  return !id.empty() && id != "undefined" && id != "null";
}

inline absl::Status RowError(absl::string_view kind, absl::string_view id,
                             absl::string_view problem) {
  return absl::DataLossError(absl::StrCat(
      "a ", kind, id.empty() ? " (its id was not read yet)" : absl::StrCat(" with id \"", id, "\""),
      " ", problem));
}

}  // namespace rollcall

#endif  // CLIENTS_SCIM_ROW_FIELD_H_
