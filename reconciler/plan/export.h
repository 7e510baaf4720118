// Export: what the identity provider says, whole and resolved. People and groups are flat; every
// view points into the arena that the export owns. Built by ExportBuilder, immutable afterwards,
// safe to read from any thread.
#ifndef RECONCILER_PLAN_EXPORT_H_
#define RECONCILER_PLAN_EXPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "reconciler/base/string_arena.h"
#include "reconciler/plan/finding.h"

namespace rollcall {

// Index of a person in Export::people.
using PersonIndex = uint32_t;
inline constexpr PersonIndex kNobody = UINT32_MAX;

enum class Standing : uint8_t {
  kActive,
  kInactive,
  kHold,  // a status that the configuration maps to "hold": no change of activity, nothing added
};

struct Attribute {
  absl::string_view name;  // snake case
  absl::string_view value;
};

struct Person {
  absl::string_view id;  // the IdP's stable id; the user name where there is none
  absl::string_view user_name;
  absl::string_view email;                 // may be empty
  std::vector<absl::string_view> aliases;  // further e-mails (Google)
  std::vector<Attribute> attributes;       // only those that were asked for
  Standing standing = Standing::kActive;
  bool duplicate = false;  // shares its id or its user name with another person
  uint32_t row = 0;        // 1-based place in the source, for messages
};

struct ExportGroup {
  absl::string_view id;  // may be empty (CSV)
  absl::string_view name;
  absl::string_view email;           // Google; may be empty
  std::vector<PersonIndex> members;  // sorted, unique, nested groups expanded (rule G4)
  // Set when the list may be incomplete: no removal may follow from it (`group_held`). The sentence
  // says why ("row 7 names a member that nobody knows: x@example.com").
  std::string held;
};

// What `shrunken_export` and `vanished` compare with.
struct ExportCounts {
  int64_t people = 0;
  int64_t active_people = 0;
  int64_t groups = 0;
  int64_t memberships = 0;
  bool operator==(const ExportCounts&) const = default;
};

struct Export {
  StringArena arena;
  std::string source;              // the path(s), for messages and for "the same source"
  std::string format;              // "scim", "csv", …
  std::string content_hash;        // SHA-256 over the decoded bytes of all files
  std::optional<absl::Time> time;  // the older of its files' times
  bool has_stable_ids = true;
  std::vector<Person> people;       // in the order of the source
  std::vector<ExportGroup> groups;  // sorted by (name, id)
  std::vector<Finding> findings;    // warnings of reading (string booleans, 20-member groups, …)

  ExportCounts Counts() const;
};

// The value of an attribute of a person: user_name, email, id and the kept attributes; names
// compare in snake case (rule L2). Empty when the person has none.
absl::string_view AttributeOf(const Person& person, absl::string_view snake_name);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_EXPORT_H_
