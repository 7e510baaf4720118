// MemberTable: the memberships of an export while it is being built, as small rows of numbers:
// names that repeat are kept once. Internal to ExportBuilder. One thread.
#ifndef RECONCILER_PLAN_MEMBER_TABLE_H_
#define RECONCILER_PLAN_MEMBER_TABLE_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "reconciler/base/string_arena.h"

namespace rollcall {

// Numbers texts in the order in which they first come.
class NameTable {
 public:
  uint32_t Add(absl::string_view name) {
    auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    const uint32_t number = static_cast<uint32_t>(names_.size());
    names_.push_back(arena_.Copy(name));
    numbers_.emplace(names_.back(), number);
    return number;
  }
  // UINT32_MAX when the name was never added.
  uint32_t Find(absl::string_view name) const {
    auto found = numbers_.find(name);
    return found == numbers_.end() ? UINT32_MAX : found->second;
  }
  absl::string_view operator[](uint32_t number) const { return names_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(names_.size()); }

 private:
  StringArena arena_;
  std::vector<absl::string_view> names_;
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;
};

struct MemberTable {
  struct Known {  // a person who was known when the membership came
    uint32_t group;
    uint32_t person;
  };
  struct Open {  // to be resolved when everything is known
    uint32_t group;
    uint32_t member;  // in `members`
    uint32_t row;
  };
  struct Own {  // said by the person's own record
    uint32_t person;
    uint32_t reference;  // in the builder's group references
  };
  struct OwnOpen {
    uint32_t person_name;  // in `members`
    uint32_t reference;
  };

  NameTable members;
  std::vector<Known> known;
  std::vector<Open> open;
  std::vector<Own> own;
  std::vector<OwnOpen> own_open;

  size_t size() const { return known.size() + open.size() + own.size() + own_open.size(); }
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_MEMBER_TABLE_H_
