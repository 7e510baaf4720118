// What a cell of a CSV export says about activity. Pure functions.
#ifndef CLIENTS_IDP_CSV_VALUES_H_
#define CLIENTS_IDP_CSV_VALUES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "clients/idp/status_map.h"
#include "reconciler/plan/export.h"

namespace rollcall::idp {

// What kind of column it is: true or false, or a word of the IdP's.
enum class ActiveWords : uint8_t { kTruth, kStatus };

// true/false, yes/no, 1/0, active/inactive, enabled/disabled in any case; kStatus takes the words
// of Okta and Google besides (PASSWORD_EXPIRED, Suspended, …). What `statuses` names means what it
// says there. Anything else: nullopt.
std::optional<Standing> StandingOf(absl::string_view cell, ActiveWords words,
                                   const StatusMap& statuses);

// For messages: what StandingOf takes.
absl::string_view ExpectedWords(ActiveWords words);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_CSV_VALUES_H_
