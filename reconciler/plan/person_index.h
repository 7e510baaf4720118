// PersonIndexTable: finds people by a text of theirs (id, reference, folded user name) without
// keeping the text a second time: the table holds indices only and hashes the people's own texts.
// Internal to ExportBuilder. One thread.
#ifndef RECONCILER_PLAN_PERSON_INDEX_H_
#define RECONCILER_PLAN_PERSON_INDEX_H_

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/export.h"

namespace rollcall {

// `Traits` has: text(PersonIndex) -> string_view, Hash(string_view) -> size_t, Equal(a, b).
template <typename Traits>
class PersonIndexTable {
 public:
  explicit PersonIndexTable(Traits traits) : set_(0, Hasher{traits}, Equal{traits}) {}

  void Reserve(size_t people) { set_.reserve(people); }
  // The person who is in the table under this text already, else kNobody and `person` is added.
  PersonIndex Add(PersonIndex person) {
    auto [at, added] = set_.insert(person);
    return added ? kNobody : *at;
  }
  PersonIndex Find(absl::string_view text) const {
    auto found = set_.find(text);
    return found == set_.end() ? kNobody : *found;
  }

 private:
  struct Hasher {
    using is_transparent = void;
    Traits traits;
    size_t operator()(PersonIndex person) const { return traits.Hash(traits.text(person)); }
    size_t operator()(absl::string_view text) const { return traits.Hash(text); }
  };
  struct Equal {
    using is_transparent = void;
    Traits traits;
    bool operator()(PersonIndex a, PersonIndex b) const {
      return traits.Equal(traits.text(a), traits.text(b));
    }
    bool operator()(PersonIndex a, absl::string_view b) const {
      return traits.Equal(traits.text(a), b);
    }
    bool operator()(absl::string_view a, PersonIndex b) const {
      return traits.Equal(a, traits.text(b));
    }
  };
  absl::flat_hash_set<PersonIndex, Hasher, Equal> set_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_PERSON_INDEX_H_
