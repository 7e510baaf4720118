#include "agent/service/resource_names.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/daemon/reasons.h"

namespace rollcall {
namespace {

constexpr size_t kLongestId = 256;

}  // namespace

absl::StatusOr<std::string> IdOf(absl::string_view name, absl::string_view collection,
                                 absl::string_view field) {
  absl::string_view id = name;
  const bool fits = absl::ConsumePrefix(&id, absl::StrCat(collection, "/")) && !id.empty() &&
                    id.size() <= kLongestId && !absl::StrContains(id, "/");
  if (fits) return std::string(id);
  return WithReason(v1::INVALID_FIELD, absl::InvalidArgumentError(absl::StrCat(
                                           field, " is no name of this kind; write ", collection,
                                           "/ and the id, as the service gave it")));
}

}  // namespace rollcall
