#include "reconciler/plan/export_builder.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/export_builder_impl.h"

namespace rollcall {
namespace {

constexpr size_t kAttributeNamesKept = 10'000;  // distinct spellings whose snake case is remembered

}  // namespace

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

absl::Status ExportBuilder::Impl::CheckMemberships(size_t more) const {
  if (members.size() + more <= options.limits.memberships) return absl::OkStatus();
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
  impl.by_reference.Append(same ? person.id : impl.reference_arena.Copy(record.reference));
  impl.result.people.push_back(std::move(person));
  return absl::OkStatus();
}

absl::Status ExportBuilder::AddGroup(const GroupRecord& record) {
  Impl& impl = *impl_;
  absl::string_view key = !record.key.empty()  ? record.key
                          : !record.id.empty() ? record.id
                                               : record.name;
  if (key.empty() || record.name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(RowPrefix(record.row), "a group without a name",
                                                   key.empty() ? "" : ": ", ShownInMessage(key)));
  }
  Impl::Announced& group = impl.groups[impl.GroupNumber(key)];
  if (impl.groups.size() > impl.options.limits.groups) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", impl.options.limits.groups, " groups"));
  }
  if (group.named && group.name != record.name) {
    return absl::InvalidArgumentError(absl::StrCat(
        RowPrefix(record.row), "the group ", ShownInMessage(key),
        " has two names: ", ShownInMessage(group.name), " and ", ShownInMessage(record.name)));
  }
  if (group.named) return absl::OkStatus();
  StringArena& arena = impl.result.arena;
  group.named = true;
  group.name = arena.Copy(record.name);
  group.id = arena.Copy(record.id);
  group.email = arena.Copy(record.email);
  return absl::OkStatus();
}

absl::Status ExportBuilder::AddMembers(absl::string_view group_key,
                                       absl::Span<const absl::string_view> members, uint32_t row) {
  Impl& impl = *impl_;
  RETURN_IF_ERROR(impl.CheckMemberships(members.size()));
  if (group_key.empty() && !members.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        RowPrefix(row), "a membership without a group: ", ShownInMessage(members.front())));
  }
  const uint32_t group = impl.GroupNumber(group_key);
  if (impl.groups.size() > impl.options.limits.groups) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", impl.options.limits.groups, " groups"));
  }
  impl.found.resize(members.size());
  impl.by_reference.FindAll(members, absl::MakeSpan(impl.found));
  for (size_t i = 0; i < members.size(); ++i) {
    if (impl.found[i] != IdIndex::kNone) {
      impl.members.known.push_back({group, impl.found[i]});
    } else {
      impl.members.open.push_back({group, impl.members.members.Add(members[i]), row});
    }
  }
  return absl::OkStatus();
}

absl::Status ExportBuilder::AddMemberOf(absl::string_view person_id, absl::string_view group_name,
                                        absl::string_view group_key) {
  Impl& impl = *impl_;
  RETURN_IF_ERROR(impl.CheckMemberships(1));
  if (group_name.empty() && group_key.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the person ", ShownInMessage(person_id), " is in a group without a name"));
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

}  // namespace rollcall
