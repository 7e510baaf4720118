// Folding of names (rule L2): NFC, full Unicode case folding, NFC. No NFKC, no trimming, no locale.
// Ids are never folded. Text that is not valid UTF-8 is returned unchanged, so that it equals only
// itself. Pure functions, any thread.
#ifndef RECONCILER_BASE_FOLD_H_
#define RECONCILER_BASE_FOLD_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rollcall {

std::string Fold(absl::string_view text);

// Fold(a) == Fold(b), without allocating where both are ASCII.
bool FoldedEquals(absl::string_view a, absl::string_view b);

// The name of an attribute in snake case, as configuration and exports are compared:
// "userType", "UserType" and "user_type" are one (rule L2).
std::string SnakeCase(absl::string_view attribute);

// Does `text` match `pattern`, where `*` stands for any run of characters and `?` for one byte?
// Both are compared folded.
bool GlobMatches(absl::string_view pattern, absl::string_view text);

}  // namespace rollcall

#endif  // RECONCILER_BASE_FOLD_H_
