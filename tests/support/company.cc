#include "tests/support/company.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/export_builder.h"

namespace rollcall {
namespace {

// A fixture that is built wrongly ends the test at once; there is nobody to hand a status to.
[[noreturn]] void Misuse(const std::string& message) {
  std::fprintf(stderr, "tests/support/company: %s\n", message.c_str());
  std::abort();
}

void MustSucceed(const absl::Status& status) {
  if (!status.ok()) Misuse(std::string(status.message()));
}

}  // namespace

CompanyDirectory::CompanyDirectory(std::string id, DirectoryKind kind) {
  spec_.id = std::move(id);
  spec_.kind = kind;
}

CompanyDirectory& CompanyDirectory::Account(TestAccount account) {
  accounts_.push_back(std::move(account));
  return *this;
}

CompanyDirectory& CompanyDirectory::Group(TestGroup group) {
  if (group.id.empty()) group.id = absl::StrCat("g-", group.name);
  groups_.push_back(std::move(group));
  return *this;
}

CompanyDirectory& CompanyDirectory::Member(const std::string& group, const std::string& account) {
  bool known = std::any_of(groups_.begin(), groups_.end(),
                           [&](const TestGroup& row) { return row.name == group; });
  if (!known) Group({.name = group});
  if (!account.empty()) members_.emplace_back(group, account);
  return *this;
}

CompanyDirectory& CompanyDirectory::SetState(const std::string& account, AccountState state) {
  for (TestAccount& row : accounts_) {
    if (row.id != account) continue;
    row.state = state;
    return *this;
  }
  Misuse(absl::StrCat("no account ", account, " in ", spec_.id));
}

CompanyDirectory& CompanyDirectory::Unreadable(std::string why) {
  unreadable_ = std::move(why);
  return *this;
}

DirectoryInput CompanyDirectory::Input(absl::Time complete_at) const {
  DirectoryInput input;
  input.id = spec_.id;
  input.traits = traits_;
  input.unreadable = unreadable_;
  if (!unreadable_.empty()) return input;
  RosterBuilder builder;
  for (const TestAccount& row : accounts_) {
    rollcall::Account account;
    account.id = row.id;
    account.user_name = row.user_name;
    account.email = row.email;
    account.external_id = row.external_id;
    account.linked_account = row.linked_account;
    account.state = row.state;
    account.claimed = row.claimed;
    account.administrator = row.administrator;
    account.synced = row.synced;
    account.pending_deletion = row.pending_deletion;
    builder.AddAccount(account);
  }
  for (const TestGroup& row : groups_) {
    rollcall::Group group;
    group.id = row.id;
    group.name = row.name;
    group.nested = row.nested;
    group.modifiable = row.modifiable;
    group.externally_synced = row.externally_synced;
    uint32_t handle = builder.AddGroup(group);
    for (const auto& [name, account] : members_) {
      if (name == row.name) builder.AddMember(handle, account);
    }
  }
  absl::StatusOr<Roster> roster = std::move(builder).Finish();
  MustSucceed(roster.status());
  Snapshot snapshot;
  snapshot.roster = *std::move(roster);
  snapshot.complete_at = complete_at;
  input.snapshot = std::move(snapshot);
  return input;
}

Company::Company()
    : now_(absl::FromUnixSeconds(1767225600)),  // 2026-01-01T00:00:00Z
      export_time_(now_ - absl::Hours(1)) {}

Company& Company::Person(std::string id, std::string user_name, std::string email) {
  Human human;
  human.id = std::move(id);
  human.user_name = std::move(user_name);
  human.email = std::move(email);
  people_.push_back(std::move(human));
  return *this;
}

Company::Human& Company::Find(const std::string& id) {
  for (Human& human : people_) {
    if (human.id == id) return human;
  }
  Misuse(absl::StrCat("no person ", id));
}

Company& Company::Inactive(const std::string& id) {
  Find(id).standing = Standing::kInactive;
  return *this;
}

Company& Company::OnHold(const std::string& id) {
  Find(id).standing = Standing::kHold;
  return *this;
}

Company& Company::Attribute(const std::string& id, std::string name, std::string value) {
  Find(id).attributes.emplace_back(SnakeCase(name), std::move(value));
  return *this;
}

Company& Company::Alias(const std::string& id, std::string email) {
  Find(id).aliases.push_back(std::move(email));
  return *this;
}

Company& Company::Group(std::string name, std::vector<std::string> members) {
  groups_.push_back({std::move(name), "", std::move(members)});
  return *this;
}

Company& Company::HeldGroup(const std::string& name, std::string why) {
  for (Circle& circle : groups_) {
    if (circle.name == name) circle.held = std::move(why);
  }
  return *this;
}

Company& Company::WithoutStableIds() {
  stable_ids_ = false;
  return *this;
}

CompanyDirectory& Company::Directory(const std::string& id, DirectoryKind kind) {
  for (CompanyDirectory& directory : directories_) {
    if (directory.spec().id == id) return directory;
  }
  return directories_.emplace_back(id, kind);
}

Company& Company::Manage(std::string export_name, std::string directory, GroupMode mode,
                         std::string target_name) {
  GroupRule rule;
  rule.export_name = std::move(export_name);
  rule.directory = std::move(directory);
  rule.target_name = std::move(target_name);
  rule.mode = mode;
  spec_.groups.push_back(std::move(rule));
  return *this;
}

Company& Company::Fresh() {
  fresh_ = true;
  return *this;
}

Company& Company::HoldPerson(std::string person, Hold::Kind kind, std::string reason) {
  Hold hold;
  hold.id = static_cast<int64_t>(memory_.holds.size()) + 1;
  hold.person = std::move(person);
  hold.kind = kind;
  hold.reason = std::move(reason);
  hold.created = now_ - absl::Hours(2);
  memory_.holds.push_back(std::move(hold));
  return *this;
}

Company& Company::Link(std::string directory, std::string account, std::string person,
                       Proof proof) {
  RecordedLink link;
  link.directory = std::move(directory);
  link.account = std::move(account);
  link.person = std::move(person);
  link.proof = proof;
  if (proof == Proof::kByHand) link.reason = "settled by hand";
  memory_.links.push_back(std::move(link));
  return *this;
}

Company& Company::Applied(PastChange change, int hours_ago) {
  change.time = now_ - absl::Hours(hours_ago);
  memory_.applied_last_24h.push_back(std::move(change));
  return *this;
}

void Company::BuildExport() {
  ExportBuilder::Options options;
  options.source = "people.json";
  options.format = "scim";
  options.has_stable_ids = stable_ids_;
  options.keep_all_attributes = true;
  ExportBuilder builder(std::move(options));
  builder.set_content_hash("test");
  if (export_time_) builder.set_time(*export_time_);
  uint32_t row = 0;
  for (const Human& human : people_) {
    PersonRecord record;
    record.id = human.id;
    record.user_name = human.user_name;
    record.email = human.email;
    record.aliases.assign(human.aliases.begin(), human.aliases.end());
    for (const auto& [name, value] : human.attributes) record.attributes.emplace_back(name, value);
    record.standing = human.standing;
    record.row = ++row;
    MustSucceed(builder.AddPerson(record));
  }
  for (const Circle& circle : groups_) {
    GroupRecord record;
    record.key = circle.name;
    record.name = circle.name;
    MustSucceed(builder.AddGroup(record));
    if (!circle.held.empty()) builder.HoldGroup(circle.name, circle.held);
  }
  for (const Circle& circle : groups_) {
    for (const std::string& member : circle.members) {
      MustSucceed(builder.AddMember(circle.name, member));
    }
  }
  absl::StatusOr<Export> exported = std::move(builder).Finish();
  MustSucceed(exported.status());
  exported_ = *std::move(exported);
}

void Company::BuildMemory() {
  if (fresh_) return;
  for (CompanyDirectory& directory : directories_) {
    memory_.applied_directories.insert(directory.spec().id);
    for (const TestGroup& group : directory.groups()) {
      memory_.covered_groups.emplace(directory.spec().id, Fold(group.name));
    }
  }
}

PlanInput Company::Input() {
  BuildExport();
  BuildMemory();
  spec_.directories.clear();
  inputs_.clear();
  for (CompanyDirectory& directory : directories_) {
    spec_.directories.push_back(directory.spec());
    inputs_.push_back(directory.Input(now_));
  }
  return PlanInput{.spec = spec_,
                   .exported = exported_,
                   .memory = memory_,
                   .directories = inputs_,
                   .now = now_,
                   .only_person = std::nullopt,
                   .requests_used = 0,
                   .plan_id = "plan-1",
                   .state_id = "state-1"};
}

}  // namespace rollcall
