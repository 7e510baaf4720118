// FoldedNames: a set of user names and e-mails that is asked about every account of a directory, so
// the answer "no" must be cheap: a text in ASCII folds to its own length, and most lengths are not
// in the set. Read-only after the last Add; safe to read from any thread then.
#ifndef RECONCILER_PLAN_GUARDS_FOLDED_NAMES_H_
#define RECONCILER_PLAN_GUARDS_FOLDED_NAMES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace rollcall {

class FoldedNames {
 public:
  static constexpr size_t kNotFound = static_cast<size_t>(-1);

  // `entry` is what Find answers for this name; a name that is added twice keeps the first one.
  void Add(absl::string_view name, size_t entry);
  size_t Find(absl::string_view name) const;

 private:
  absl::flat_hash_map<std::string, size_t> names_;
  std::vector<bool> lengths_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_FOLDED_NAMES_H_
