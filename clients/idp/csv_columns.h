// CsvColumns: which column of a CSV export means what, from its header row and the configuration.
// Values.
#ifndef CLIENTS_IDP_CSV_COLUMNS_H_
#define CLIENTS_IDP_CSV_COLUMNS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/idp/csv_options.h"
#include "clients/idp/csv_values.h"

namespace rollcall::idp {

inline constexpr size_t kNoColumn = SIZE_MAX;

struct PeopleColumns {
  size_t id = kNoColumn;  // none: the user name serves as id
  size_t user_name = kNoColumn;
  size_t email = kNoColumn;
  size_t active = kNoColumn;
  size_t groups = kNoColumn;
  ActiveWords words = ActiveWords::kTruth;
  bool user_name_is_email = false;  // Entra: where `mail` is empty, userPrincipalName counts
  std::string active_name;          // as in the header
  size_t count = 0;
  // All other columns with a name: candidates for attributes.
  std::vector<std::pair<size_t, std::string>> others;
};

struct MembershipColumns {
  size_t group = kNoColumn;
  size_t member = kNoColumn;
  size_t count = 0;
};

// The configured separator; else the one that the header row uses: comma, semicolon or tab; comma
// where it has none.
char SeparatorOf(absl::string_view sample, const CsvOptions& options);

// INVALID_ARGUMENT: two columns of one name, no column for the user name or for activity, or a
// configured one that is not there; with the names that are.
absl::StatusOr<PeopleColumns> FindPeopleColumns(const std::vector<absl::string_view>& header,
                                                const CsvOptions& options);
absl::StatusOr<MembershipColumns> FindMembershipColumns(
    const std::vector<absl::string_view>& header, const CsvOptions& options);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_CSV_COLUMNS_H_
