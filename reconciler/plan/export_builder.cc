#include "reconciler/plan/export_builder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/group_expander.h"
#include "reconciler/plan/member_table.h"
#include "reconciler/plan/person_index.h"

namespace rollcall {
namespace {

constexpr size_t kAttributeNamesKept = 10'000;  // distinct spellings whose snake case is remembered
constexpr size_t kShownBytes = 100;             // of a value in a message

std::string Shown(absl::string_view text) {
  if (text.size() <= kShownBytes) return std::string(text);
  return absl::StrCat(text.substr(0, kShownBytes), "…");
}

std::string RowPrefix(uint32_t row) { return row == 0 ? "" : absl::StrCat("row ", row, ": "); }

// Equal for texts that fold to the same; ASCII, the usual case, without allocating.
size_t FoldedHash(absl::string_view text) {
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
struct ByReference : ByBytes {
  const std::vector<absl::string_view>* references;
  absl::string_view text(PersonIndex person) const { return (*references)[person]; }
};
struct ByUserName {
  const std::vector<Person>* people;
  static size_t Hash(absl::string_view text) { return FoldedHash(text); }
  static bool Equal(absl::string_view a, absl::string_view b) { return FoldedEquals(a, b); }
  absl::string_view text(PersonIndex person) const { return (*people)[person].user_name; }
};

template <typename Base, typename Source>
Base Over(Source* source) {
  Base base;
  if constexpr (std::is_same_v<Base, ByReference>) {
    base.references = source;
  } else {
    base.people = source;
  }
  return base;
}

}  // namespace

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
        keep(options.keep_attributes.begin(), options.keep_attributes.end()),
        by_reference(Over<ByReference>(&references)) {
    result.source = options.source;
    result.format = options.format;
    result.has_stable_ids = options.has_stable_ids;
  }

  absl::string_view SnakeNameOf(absl::string_view name);
  uint32_t GroupNumber(absl::string_view key);
  absl::Status CheckMemberships() const;
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
  std::vector<absl::string_view> references;  // per person
  PersonIndexTable<ByReference> by_reference;

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

// The kept snake-case name; empty: not kept.
absl::string_view ExportBuilder::Impl::SnakeNameOf(absl::string_view name) {
  auto found = snake_names.find(name);
  if (found != snake_names.end()) return found->second;
  const std::string snake = SnakeCase(name);
  const bool wanted = options.keep_all_attributes || keep.contains(snake);
  absl::string_view kept = wanted ? result.arena.Intern(snake) : absl::string_view();
  if (snake_names.size() < kAttributeNamesKept) snake_names.emplace(name, kept);
  return kept;
}

uint32_t ExportBuilder::Impl::GroupNumber(absl::string_view key) {
  const uint32_t number = group_keys.Add(key);
  if (number == groups.size()) groups.emplace_back();
  return number;
}

absl::Status ExportBuilder::Impl::CheckMemberships() const {
  if (members.size() < options.limits.memberships) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("more than ", options.limits.memberships, " memberships"));
}

void ExportBuilder::Impl::Hold(uint32_t group, std::string why) {
  Announced& held = groups[group];
  if (held.hold.empty()) {
    held.hold = std::move(why);
  } else {
    ++held.more_holds;
  }
}

ExportBuilder::ExportBuilder(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
ExportBuilder::~ExportBuilder() = default;

bool ExportBuilder::WantsAttribute(absl::string_view name) {
  return !impl_->SnakeNameOf(name).empty();
}

bool ExportBuilder::WantsAttributesBelow(absl::string_view prefix) const {
  if (impl_->options.keep_all_attributes) return true;
  if (prefix.empty()) return !impl_->keep.empty();
  const std::string snake = absl::StrCat(SnakeCase(prefix), ".");
  return absl::c_any_of(impl_->options.keep_attributes,
                        [&](const std::string& name) { return absl::StartsWith(name, snake); });
}

absl::Status ExportBuilder::AddPerson(const PersonRecord& record) {
  Impl& impl = *impl_;
  if (record.id.empty() && record.user_name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(RowPrefix(record.row), "a person with neither an id nor a user name"));
  }
  if (impl.result.people.size() >= impl.options.limits.people) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", impl.options.limits.people, " people"));
  }
  StringArena& arena = impl.result.arena;
  Person person;
  person.user_name = arena.Copy(record.user_name);
  person.id =
      record.id.empty() || record.id == record.user_name ? person.user_name : arena.Copy(record.id);
  person.email = record.email == record.user_name ? person.user_name : arena.Copy(record.email);
  for (absl::string_view alias : record.aliases) person.aliases.push_back(arena.Copy(alias));
  for (const auto& [name, value] : record.attributes) {
    absl::string_view kept = impl.SnakeNameOf(name);
    if (!kept.empty()) person.attributes.push_back({kept, arena.Intern(value)});
  }
  person.standing = record.standing;
  person.row = record.row;
  const bool same = record.reference.empty() || record.reference == person.id;
  impl.references.push_back(same ? person.id : impl.reference_arena.Copy(record.reference));
  impl.result.people.push_back(std::move(person));
  impl.by_reference.Add(static_cast<PersonIndex>(impl.result.people.size() - 1));
  return absl::OkStatus();
}

absl::Status ExportBuilder::AddGroup(const GroupRecord& record) {
  Impl& impl = *impl_;
  absl::string_view key = !record.key.empty()  ? record.key
                          : !record.id.empty() ? record.id
                                               : record.name;
  if (key.empty() || record.name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(RowPrefix(record.row), "a group without a name",
                                                   key.empty() ? "" : ": ", Shown(key)));
  }
  Impl::Announced& group = impl.groups[impl.GroupNumber(key)];
  if (impl.groups.size() > impl.options.limits.groups) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", impl.options.limits.groups, " groups"));
  }
  if (group.named && group.name != record.name) {
    return absl::InvalidArgumentError(absl::StrCat(RowPrefix(record.row), "the group ", Shown(key),
                                                   " has two names: ", Shown(group.name), " and ",
                                                   Shown(record.name)));
  }
  if (group.named) return absl::OkStatus();
  StringArena& arena = impl.result.arena;
  group.named = true;
  group.name = arena.Copy(record.name);
  group.id = arena.Copy(record.id);
  group.email = arena.Copy(record.email);
  return absl::OkStatus();
}

absl::Status ExportBuilder::AddMember(absl::string_view group_key, absl::string_view member,
                                      uint32_t row) {
  Impl& impl = *impl_;
  RETURN_IF_ERROR(impl.CheckMemberships());
  if (group_key.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(RowPrefix(row), "a membership without a group: ", Shown(member)));
  }
  const uint32_t group = impl.GroupNumber(group_key);
  if (impl.groups.size() > impl.options.limits.groups) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", impl.options.limits.groups, " groups"));
  }
  const PersonIndex person = impl.by_reference.Find(member);
  if (person != kNobody) {
    impl.members.known.push_back({group, person});
  } else {
    impl.members.open.push_back({group, impl.members.members.Add(member), row});
  }
  return absl::OkStatus();
}

absl::Status ExportBuilder::AddMemberOf(absl::string_view person_id, absl::string_view group_name,
                                        absl::string_view group_key) {
  Impl& impl = *impl_;
  RETURN_IF_ERROR(impl.CheckMemberships());
  if (group_name.empty() && group_key.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the person ", Shown(person_id), " is in a group without a name"));
  }
  std::string text(group_key);
  text.push_back('\0');
  text.append(group_name.data(), group_name.size());
  const uint32_t reference = impl.group_references.Add(text);
  if (impl.group_references.size() > impl.options.limits.groups) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", impl.options.limits.groups, " groups"));
  }
  const PersonIndex last = static_cast<PersonIndex>(impl.result.people.size()) - 1;
  if (!impl.result.people.empty() && impl.result.people[last].id == person_id) {
    impl.members.own.push_back({last, reference});
  } else {
    impl.members.own_open.push_back({impl.members.members.Add(person_id), reference});
  }
  return absl::OkStatus();
}

void ExportBuilder::HoldGroup(absl::string_view group_key, absl::string_view why) {
  impl_->Hold(impl_->GroupNumber(group_key), std::string(why));
}

void ExportBuilder::AddFinding(Finding finding) {
  impl_->result.findings.push_back(std::move(finding));
}

void ExportBuilder::set_content_hash(std::string hash) {
  impl_->result.content_hash = std::move(hash);
}

void ExportBuilder::set_time(absl::Time time) {
  std::optional<absl::Time>& oldest = impl_->result.time;
  oldest = oldest.has_value() ? std::min(*oldest, time) : time;
}

void ExportBuilder::set_has_stable_ids(bool value) { impl_->result.has_stable_ids = value; }

void ExportBuilder::set_format(std::string format) { impl_->result.format = std::move(format); }

size_t ExportBuilder::people() const { return impl_->result.people.size(); }

void ExportBuilder::AcceptUserNamesAsMembers() { impl_->user_names_as_members = true; }

void ExportBuilder::Impl::MarkDuplicates() {
  std::vector<Person>& people = result.people;
  by_id.emplace(Over<ById>(&people));
  by_user_name.emplace(Over<ByUserName>(&people));
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
        Hold(group, absl::StrCat("people's records name the group ", Shown(name),
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
                               Shown(members.members[own.person_name])));
    }
  }
  return absl::OkStatus();
}

PersonIndex ExportBuilder::Impl::FindPerson(absl::string_view text) const {
  const PersonIndex by_their_reference = by_reference.Find(text);
  return by_their_reference != kNobody ? by_their_reference : by_id->Find(text);
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
      Hold(open.group, absl::StrCat(RowPrefix(open.row), "it names ", Shown(name),
                                    ", and two people of the export are called so"));
      return;
    }
  }
  if (person == kNobody) {
    Hold(open.group,
         absl::StrCat(RowPrefix(open.row), "it names a member that nobody knows: ", Shown(name)));
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
