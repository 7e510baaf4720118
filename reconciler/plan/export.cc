#include "reconciler/plan/export.h"

namespace rollcall {

ExportCounts Export::Counts() const {
  ExportCounts counts;
  counts.people = static_cast<int64_t>(people.size());
  for (const Person& person : people) {
    if (person.standing == Standing::kActive) ++counts.active_people;
  }
  counts.groups = static_cast<int64_t>(groups.size());
  for (const ExportGroup& group : groups) {
    counts.memberships += static_cast<int64_t>(group.members.size());
  }
  return counts;
}

absl::string_view AttributeOf(const Person& person, absl::string_view snake_name) {
  if (snake_name == "user_name") return person.user_name;
  if (snake_name == "email") return person.email;
  if (snake_name == "id") return person.id;
  for (const Attribute& attribute : person.attributes) {
    if (attribute.name == snake_name) return attribute.value;
  }
  return {};
}

}  // namespace rollcall
