// The second half of ExportBuilder: when everything is known, references become indices.
#include <algorithm>
#include <utility>

#include "reconciler/base/status_macros.h"
#include "reconciler/plan/export_builder_impl.h"
#include "reconciler/plan/group_expander.h"

namespace rollcall {

void ExportBuilder::Impl::MarkDuplicates() {
  std::vector<Person>& people = result.people;
  by_id.emplace(Over<ById>(&people));
  by_user_name.emplace(Over<ByUserName>(&people));
  by_id->Reserve(people.size());
  by_user_name->Reserve(people.size());
  for (PersonIndex i = 0; i < people.size(); ++i) {
    const PersonIndex same_id = by_id->Add(i);
    if (same_id != kNobody) people[i].duplicate = people[same_id].duplicate = true;
    if (people[i].user_name.empty()) continue;
    const PersonIndex same_name = by_user_name->Add(i);
    if (same_name != kNobody) people[i].duplicate = people[same_name].duplicate = true;
  }
}

void ExportBuilder::Impl::NameGroups() {
  for (uint32_t i = 0; i < groups.size(); ++i) {
    Announced& group = groups[i];
    if (!group.named) group.name = result.arena.Copy(group_keys[i]);
    groups_by_name[group.name].push_back(i);
  }
}

// The announced group that a person's record means; creates one where there is none. UINT32_MAX
// when the name fits several.
uint32_t ExportBuilder::Impl::GroupOfReference(uint32_t reference) {
  absl::string_view text = group_references[reference];
  const size_t zero = text.find('\0');
  absl::string_view key = text.substr(0, zero);
  absl::string_view name = text.substr(zero + 1);
  if (!key.empty()) {
    const uint32_t by_key = group_keys.Find(key);
    if (by_key != UINT32_MAX) return by_key;
  }
  auto found = groups_by_name.find(name);
  if (!name.empty() && found != groups_by_name.end()) {
    const bool unknown_key =
        !key.empty() && std::all_of(found->second.begin(), found->second.end(),
                                    [&](uint32_t group) { return !groups[group].id.empty(); });
    if (!unknown_key && found->second.size() == 1) return found->second.front();
    if (!unknown_key) {
      for (uint32_t group : found->second) {
        Hold(group, absl::StrCat("people's records name the group ", ShownInMessage(name),
                                 ", and the export holds several of that name"));
      }
      return UINT32_MAX;
    }
  }
  const uint32_t made = GroupNumber(key.empty() ? name : key);
  groups[made].named = true;
  groups[made].id = result.arena.Copy(key);
  groups[made].name = result.arena.Copy(name.empty() ? key : name);
  groups_by_name[groups[made].name].push_back(made);
  return made;
}

absl::Status ExportBuilder::Impl::ResolveOwnGroups() {
  std::vector<uint32_t> group_of(group_references.size());
  for (uint32_t i = 0; i < group_of.size(); ++i) group_of[i] = GroupOfReference(i);
  if (groups.size() > options.limits.groups) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", options.limits.groups, " groups"));
  }
  people_of.resize(groups.size());
  children_of.resize(groups.size());
  for (const MemberTable::Own& own : members.own) {
    const uint32_t group = group_of[own.reference];
    if (group != UINT32_MAX) people_of[group].push_back(own.person);
  }
  for (const MemberTable::OwnOpen& own : members.own_open) {
    const uint32_t group = group_of[own.reference];
    if (group == UINT32_MAX) continue;
    const PersonIndex person = FindPerson(members.members[own.person_name]);
    if (person != kNobody) {
      people_of[group].push_back(person);
    } else {
      Hold(group, absl::StrCat("it has a member that nobody knows: ",
                               ShownInMessage(members.members[own.person_name])));
    }
  }
  return absl::OkStatus();
}

PersonIndex ExportBuilder::Impl::FindPerson(absl::string_view text) const {
  const PersonIndex by_their_reference = by_reference.Find(text);
  return by_their_reference != IdIndex::kNone ? by_their_reference : by_id->Find(text);
}

void ExportBuilder::Impl::ResolveOpen(const MemberTable::Open& open) {
  absl::string_view name = members.members[open.member];
  PersonIndex person = FindPerson(name);
  if (person == kNobody) {
    const uint32_t child = group_keys.Find(name);
    if (child != UINT32_MAX && groups[child].named) {
      children_of[open.group].push_back(child);
      return;
    }
    if (user_names_as_members) person = by_user_name->Find(name);
    if (person != kNobody && result.people[person].duplicate) {
      Hold(open.group, absl::StrCat(RowPrefix(open.row), "it names ", ShownInMessage(name),
                                    ", and two people of the export are called so"));
      return;
    }
  }
  if (person == kNobody) {
    Hold(open.group, absl::StrCat(RowPrefix(open.row),
                                  "it names a member that nobody knows: ", ShownInMessage(name)));
  } else {
    people_of[open.group].push_back(person);
  }
}

void ExportBuilder::Impl::ResolveMembers() {
  for (const MemberTable::Known& known : members.known) {
    people_of[known.group].push_back(known.person);
  }
  for (const MemberTable::Open& open : members.open) ResolveOpen(open);
  members = MemberTable();
}

absl::Status ExportBuilder::Impl::MakeGroups() {
  std::vector<ExportGroup> made(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    Announced& from = groups[i];
    made[i].id = from.id;
    made[i].name = from.name;
    made[i].email = from.email;
    made[i].members = std::move(people_of[i]);
    made[i].held = std::move(from.hold);
    if (from.more_holds > 0) {
      absl::StrAppend(&made[i].held, " (and ", from.more_holds, " more)");
    }
  }
  GroupExpander expander(made, std::move(children_of), options.limits.nesting,
                         options.limits.memberships);
  RETURN_IF_ERROR(expander.Run());
  std::stable_sort(made.begin(), made.end(), [](const ExportGroup& a, const ExportGroup& b) {
    return std::pair(a.name, a.id) < std::pair(b.name, b.id);
  });
  result.groups = std::move(made);
  return absl::OkStatus();
}

absl::StatusOr<Export> ExportBuilder::Finish() && {
  Impl& impl = *impl_;
  impl.MarkDuplicates();
  impl.NameGroups();
  RETURN_IF_ERROR(impl.ResolveOwnGroups());
  impl.ResolveMembers();
  RETURN_IF_ERROR(impl.MakeGroups());
  return std::move(impl.result);
}

}  // namespace rollcall
