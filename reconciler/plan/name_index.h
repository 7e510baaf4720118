// NameIndex: folded name -> people, without copying names that are folded already. Look-up only;
// the people of one name come in the order in which they were added. One thread.
#ifndef RECONCILER_PLAN_NAME_INDEX_H_
#define RECONCILER_PLAN_NAME_INDEX_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "reconciler/base/string_arena.h"
#include "reconciler/plan/export.h"

namespace rollcall {

class NameIndex {
 public:
  void Reserve(size_t names);
  // Empty names are not names. The same person twice under one name counts once.
  void Add(absl::string_view name, PersonIndex person);

  // Calls `visit(person)` for each person of that name.
  template <typename Visit>
  void ForEach(absl::string_view name, Visit visit) {
    if (name.empty() || heads_.empty()) return;
    auto head = heads_.find(FoldInto(name, &scratch_));
    if (head == heads_.end()) return;
    for (uint32_t i = head->second.first; i != kEnd; i = entries_[i].next)
      visit(entries_[i].person);
  }

 private:
  static constexpr uint32_t kEnd = UINT32_MAX;
  struct Chain {
    uint32_t first;
    uint32_t last;
  };
  struct Entry {
    PersonIndex person;
    uint32_t next;
  };
  // `name` itself where it is ASCII without capitals, else its folded form in `scratch`.
  static absl::string_view FoldInto(absl::string_view name, std::string* scratch);

  StringArena arena_;
  std::string scratch_;
  absl::flat_hash_map<absl::string_view, Chain> heads_;
  std::vector<Entry> entries_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_NAME_INDEX_H_
