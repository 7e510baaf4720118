// What ExportBuilder works with, shared by the file that collects (export_builder.cc) and the one
// that resolves (export_resolution.cc). Internal to them. One thread.
#ifndef RECONCILER_PLAN_EXPORT_BUILDER_IMPL_H_
#define RECONCILER_PLAN_EXPORT_BUILDER_IMPL_H_

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/id_index.h"
#include "reconciler/base/string_arena.h"
#include "reconciler/plan/export_builder.h"
#include "reconciler/plan/member_table.h"
#include "reconciler/plan/person_index.h"

namespace rollcall {

inline constexpr size_t kShownInMessage = 100;  // bytes of a value

inline std::string ShownInMessage(absl::string_view text) {
  if (text.size() <= kShownInMessage) return std::string(text);
  return absl::StrCat(text.substr(0, kShownInMessage), "…");
}

inline std::string RowPrefix(uint32_t row) {
  return row == 0 ? "" : absl::StrCat("row ", row, ": ");
}

// Equal for texts that fold to the same; ASCII, the usual case, without allocating.
inline size_t FoldedHash(absl::string_view text) {
  std::array<char, 128> lower;
  if (text.size() <= lower.size()) {
    size_t i = 0;
    for (; i < text.size() && absl::ascii_isascii(text[i]); ++i) {
      lower[i] = absl::ascii_tolower(text[i]);
    }
    if (i == text.size()) return absl::HashOf(absl::string_view(lower.data(), i));
  }
  return absl::HashOf(absl::string_view(Fold(text)));
}

struct ByBytes {
  static size_t Hash(absl::string_view text) { return absl::HashOf(text); }
  static bool Equal(absl::string_view a, absl::string_view b) { return a == b; }
};
struct ById : ByBytes {
  const std::vector<Person>* people;
  absl::string_view text(PersonIndex person) const { return (*people)[person].id; }
};
struct ByUserName {
  const std::vector<Person>* people;
  static size_t Hash(absl::string_view text) { return FoldedHash(text); }
  static bool Equal(absl::string_view a, absl::string_view b) { return FoldedEquals(a, b); }
  absl::string_view text(PersonIndex person) const { return (*people)[person].user_name; }
};

template <typename Base>
Base Over(const std::vector<Person>* source) {
  Base base;
  base.people = source;
  return base;
}

struct ExportBuilder::Impl {
  struct Announced {  // a group, by its key
    bool named = false;
    absl::string_view id;
    absl::string_view name;
    absl::string_view email;
    std::string hold;       // the first reason
    size_t more_holds = 0;  // how many came after it
  };

  explicit Impl(Options given)
      : options(std::move(given)),
        keep(options.keep_attributes.begin(), options.keep_attributes.end()) {
    result.source = options.source;
    result.format = options.format;
    result.has_stable_ids = options.has_stable_ids;
  }

  absl::string_view SnakeNameOf(absl::string_view name);
  uint32_t GroupNumber(absl::string_view key);
  absl::Status CheckMemberships(size_t more) const;
  void Hold(uint32_t group, std::string why);

  void NameGroups();
  void MarkDuplicates();
  absl::Status ResolveOwnGroups();
  uint32_t GroupOfReference(uint32_t reference);
  void ResolveMembers();
  void ResolveOpen(const MemberTable::Open& open);
  PersonIndex FindPerson(absl::string_view text) const;
  absl::Status MakeGroups();

  const Options options;
  const absl::flat_hash_set<std::string> keep;
  absl::flat_hash_map<std::string, absl::string_view> snake_names;
  bool user_names_as_members = false;

  Export result;
  StringArena reference_arena;
  IdIndex by_reference;         // numbers are those of the people
  std::vector<uint32_t> found;  // scratch

  NameTable group_keys;
  std::vector<Announced> groups;
  NameTable group_references;  // key, a zero byte, name: as people's own records say it
  MemberTable members;

  // Made by Finish.
  std::optional<PersonIndexTable<ById>> by_id;
  std::optional<PersonIndexTable<ByUserName>> by_user_name;
  absl::flat_hash_map<absl::string_view, std::vector<uint32_t>> groups_by_name;
  std::vector<std::vector<PersonIndex>> people_of;
  std::vector<std::vector<uint32_t>> children_of;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_EXPORT_BUILDER_IMPL_H_
