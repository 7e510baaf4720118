#include "reconciler/plan/name_index.h"

#include "reconciler/base/fold.h"

namespace rollcall {

absl::string_view NameIndex::FoldInto(absl::string_view name, std::string* scratch) {
  for (char c : name) {
    if (static_cast<unsigned char>(c) >= 0x80 || (c >= 'A' && c <= 'Z')) {
      *scratch = Fold(name);
      return *scratch;
    }
  }
  return name;
}

void NameIndex::Reserve(size_t names) {
  heads_.reserve(names);
  entries_.reserve(names);
}

void NameIndex::Add(absl::string_view name, PersonIndex person) {
  if (name.empty()) return;
  absl::string_view folded = FoldInto(name, &scratch_);
  auto head = heads_.find(folded);
  uint32_t entry = static_cast<uint32_t>(entries_.size());
  if (head == heads_.end()) {
    absl::string_view key = folded.data() == name.data() ? name : arena_.Copy(folded);
    heads_.emplace(key, Chain{entry, entry});
  } else {
    if (entries_[head->second.last].person == person) return;
    entries_[head->second.last].next = entry;
    head->second.last = entry;
  }
  entries_.push_back({person, kEnd});
}

}  // namespace rollcall
