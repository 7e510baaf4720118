// ExportBuilder: where every reader of an export delivers people, groups and memberships, in any
// order, and which turns them into an Export: references resolved, nested groups expanded,
// duplicates marked, names checked. One thread.
//
//   ExportBuilder builder({.source = "people.json", .format = "scim"});
//   RETURN_IF_ERROR(builder.AddPerson({.id = "17", .user_name = "ada"}));
//   RETURN_IF_ERROR(builder.AddGroup({.key = "g1", .id = "g1", .name = "engineers"}));
//   RETURN_IF_ERROR(builder.AddMember("g1", "17"));
//   ASSIGN_OR_RETURN(Export result, std::move(builder).Finish());
//
// Limits: ExportLimits (RESOURCE_EXHAUSTED). Texts are copied; 100,000 people with 500,000
// memberships take about 30 MB while building.
#ifndef RECONCILER_PLAN_EXPORT_BUILDER_H_
#define RECONCILER_PLAN_EXPORT_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "reconciler/plan/export.h"

namespace rollcall {

struct PersonRecord {
  absl::string_view id;  // empty: the user name serves as id (see has_stable_ids)
  absl::string_view user_name;
  absl::string_view email;
  // What memberships call this person where it is not `id` (SCIM: the record's own id, while `id`
  // is its externalId). Empty: `id`.
  absl::string_view reference;
  std::vector<absl::string_view> aliases;
  std::vector<std::pair<absl::string_view, absl::string_view>> attributes;  // any case; raw values
  Standing standing = Standing::kActive;
  uint32_t row = 0;
};

struct GroupRecord {
  absl::string_view key;  // what memberships refer to; the id, else the name
  absl::string_view id;
  absl::string_view name;
  absl::string_view email;
  uint32_t row = 0;
};

struct ExportLimits {
  size_t people = 10'000'000;
  size_t groups = 1'000'000;
  size_t memberships = 100'000'000;  // as given, and again after nested groups are expanded
  int nesting = 32;                  // groups below a group (rule G4)
};

class ExportBuilder {
 public:
  struct Options {
    std::string source;
    std::string format;
    bool has_stable_ids = true;
    // Snake-case names of the attributes to keep; everything else is dropped to save memory.
    std::vector<std::string> keep_attributes;
    bool keep_all_attributes = false;  // for `explain`
    ExportLimits limits;
  };

  explicit ExportBuilder(Options options);
  ~ExportBuilder();

  // INVALID_ARGUMENT when the record has neither id nor user name (the message names the row).
  absl::Status AddPerson(const PersonRecord& person);

  // Is an attribute of this name, in any case, kept? So that readers need not collect the others.
  bool WantsAttribute(absl::string_view name);
  // The same for any name that begins with `prefix` and a dot; an empty prefix asks for any name.
  bool WantsAttributesBelow(absl::string_view prefix) const;

  // The same key twice: one group, members united; two names for one key is INVALID_ARGUMENT.
  absl::Status AddGroup(const GroupRecord& group);

  // A member is an id of a person, the key of another group (nested), or, where
  // `member_may_be_name` is set by the format (CSV `group,member`; groups[] on users), a user name.
  // Unknown ones hold the group. Cheapest with many members at once, after the people.
  absl::Status AddMembers(absl::string_view group_key, absl::Span<const absl::string_view> members,
                          uint32_t row = 0);
  absl::Status AddMember(absl::string_view group_key, absl::string_view member, uint32_t row = 0) {
    return AddMembers(group_key, absl::MakeConstSpan(&member, 1), row);
  }
  // Membership as said by the person's own record (`groups[]` on the user, CSV groups column). The
  // group is the one with this key, where a key is given and AddGroup announced it, else the one of
  // this name; it is created when no AddGroup names it. A name that two groups share holds both.
  absl::Status AddMemberOf(absl::string_view person_id, absl::string_view group_name,
                           absl::string_view group_key = {});

  // Holds a group against removals with a sentence that says why. The key must be announced at some
  // time; else there is no group to hold.
  void HoldGroup(absl::string_view group_key, absl::string_view why);
  void AddFinding(Finding finding);

  void set_content_hash(std::string hash);
  void set_time(absl::Time time);  // called per file: the older one stays
  void set_has_stable_ids(bool value);
  void set_format(std::string format);  // once the content told it
  size_t people() const;

  // Members given by user name instead of id are accepted (CSV).
  void AcceptUserNamesAsMembers();

  // INVALID_ARGUMENT, RESOURCE_EXHAUSTED.
  absl::StatusOr<Export> Finish() &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_EXPORT_BUILDER_H_
