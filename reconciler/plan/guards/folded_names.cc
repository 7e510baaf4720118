#include "reconciler/plan/guards/folded_names.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "reconciler/base/fold.h"

namespace rollcall {

void FoldedNames::Add(absl::string_view name, size_t entry) {
  std::string folded = Fold(name);
  if (folded.empty()) return;
  if (folded.size() >= lengths_.size()) lengths_.resize(folded.size() + 1);
  lengths_[folded.size()] = true;
  names_.emplace(std::move(folded), entry);
}

size_t FoldedNames::Find(absl::string_view name) const {
  bool length_fits = name.size() < lengths_.size() && lengths_[name.size()];
  if (!length_fits && std::all_of(name.begin(), name.end(), absl::ascii_isascii)) return kNotFound;
  auto found = names_.find(Fold(name));
  return found == names_.end() ? kNotFound : found->second;
}

}  // namespace rollcall
