#include "tests/property/model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall::property {
namespace {

void SetMember(WorldDirectory& directory, const std::string& group, const std::string& account,
               Action action) {
  if (action == Action::kAddMembership) {
    directory.members.emplace(group, account);
  } else {
    directory.members.erase({group, account});
  }
}

void SitesFollow(const std::string& account, Action action, World& world) {
  for (WorldDirectory& site : world.directories) {
    if (site.spec.kind != DirectoryKind::kJira) continue;
    TestAccount* row = site.Find(account);
    if (row == nullptr || row->state == AccountState::kUntouchable) continue;
    row->state = action == Action::kActivate ? AccountState::kActive : AccountState::kInactive;
  }
}

// What the record names in the directory that it provisions; null: nothing that it reaches.
TestAccount* Carried(const WorldDirectory& scim, const TestAccount& record, World& world) {
  if (scim.spec.provisions.empty() || record.linked_account.empty()) return nullptr;
  TestAccount* account = world.Find(scim.spec.provisions)->Find(record.linked_account);
  if (account == nullptr || !account->claimed) return nullptr;
  return account->state == AccountState::kUntouchable ? nullptr : account;
}

void SetActivity(const Change& change, World& world) {
  WorldDirectory& directory = *world.Find(change.directory);
  TestAccount& account = *directory.Find(change.account);
  const bool on = change.action == Action::kActivate;
  account.state = on ? AccountState::kActive : AccountState::kInactive;
  if (directory.spec.kind == DirectoryKind::kAtlassianAdmin) {
    SitesFollow(account.id, change.action, world);
  }
  TestAccount* carried = Carried(directory, account, world);
  if (carried == nullptr) return;
  if (on && carried->state == AccountState::kPartlyActive) return;
  const bool moved = carried->state != account.state;
  carried->state = account.state;
  if (moved) SitesFollow(carried->id, change.action, world);
}

void SetMembership(const Change& change, World& world) {
  WorldDirectory& directory = *world.Find(change.directory);
  SetMember(directory, change.group, change.account, change.action);
  if (directory.spec.provisions.empty()) return;
  const TestAccount& record = *directory.Find(change.account);
  WorldDirectory& cloud = *world.Find(directory.spec.provisions);
  if (cloud.Find(record.linked_account) == nullptr) return;
  for (const TestGroup& group : cloud.groups) {
    if (!FoldedEquals(group.name, change.group)) continue;
    SetMember(cloud, group.name, record.linked_account, change.action);
  }
}

bool IsActivity(Action action) {
  return action == Action::kActivate || action == Action::kDeactivate;
}

void RememberActivity(const std::string& directory, const std::string& account, Action action,
                      Memory& memory) {
  if (action == Action::kDeactivate) memory.deactivated_by_us.emplace(directory, account);
  if (action == Action::kActivate) memory.deactivated_by_us.erase({directory, account});
}

// The links of the plan replace those of the same accounts; what was settled by hand stays.
void RememberLinks(const std::vector<RecordedLink>& links, Memory& memory) {
  for (const RecordedLink& link : links) {
    auto same = [&](const RecordedLink& row) {
      return row.directory == link.directory && row.account == link.account;
    };
    auto old = std::find_if(memory.links.begin(), memory.links.end(),
                            [&](const auto& row) { return same(row) && !row.severed; });
    if (old == memory.links.end()) {
      memory.links.push_back(link);
    } else if (old->proof != Proof::kByHand) {
      *old = link;
    }
  }
}

void RememberExport(World& world) {
  if (!world.memory.last_accepted_hash.empty()) return;
  world.memory.last_accepted_hash = "test";
  for (AbsentPerson& row : world.memory.absent) ++row.missing_exports;
  std::erase_if(world.memory.absent,
                [&](const AbsentPerson& row) { return world.FindPerson(row.person) != nullptr; });
}

std::set<std::string> Moved(const World& before, const World& after, const Change& change) {
  std::set<std::string> moved;
  for (const WorldDirectory& directory : before.directories) {
    if (directory.unreadable) continue;
    for (const TestAccount& account : directory.accounts) {
      const bool itself = directory.spec.id == change.directory && account.id == change.account;
      const TestAccount& then = *after.Find(directory.spec.id)->Find(account.id);
      if (!itself && then.state != account.state) {
        moved.insert(absl::StrCat(directory.spec.id, "/", account.id));
      }
    }
  }
  return moved;
}

}  // namespace

std::string RowOf(const Change& change) {
  std::string row =
      absl::StrCat(ActionName(change.action), " ", change.directory, "/", change.account);
  if (!change.group.empty()) absl::StrAppend(&row, " to ", change.group);
  return row;
}

std::set<std::string> RowsOf(const Plan& plan) {
  std::set<std::string> rows;
  for (const Change& change : plan.changes) rows.insert(RowOf(change));
  return rows;
}

World Applied(const World& world, const Change& change) {
  World after = world;
  if (IsActivity(change.action)) {
    SetActivity(change, after);
  } else {
    SetMembership(change, after);
  }
  return after;
}

std::string FollowsAsListed(const World& world, const Change& change) {
  if (!IsActivity(change.action)) return "";
  const std::set<std::string> moved = Moved(world, Applied(world, change), change);
  std::set<std::string> listed;
  for (const Effect& effect : change.effects) {
    listed.insert(absl::StrCat(effect.directory, "/", effect.account));
  }
  if (moved == listed) return "";
  std::string text = absl::StrCat(RowOf(change), " moves");
  for (const std::string& row : moved) absl::StrAppend(&text, " ", row);
  absl::StrAppend(&text, " and lists");
  for (const std::string& row : listed) absl::StrAppend(&text, " ", row);
  return text;
}

World AfterRun(const World& world, const PlanResult& result,
               const std::vector<const Change*>& applied) {
  World after = world;
  RememberLinks(result.to_remember.links, after.memory);
  for (const auto& row : result.to_remember.seen_active) after.memory.deactivated_by_us.erase(row);
  RememberExport(after);
  for (const Change* change : applied) {
    after = Applied(after, *change);
    if (!IsActivity(change->action)) continue;
    RememberActivity(change->directory, change->account, change->action, after.memory);
    for (const Effect& effect : change->effects) {
      RememberActivity(effect.directory, effect.account, effect.action, after.memory);
    }
    if (!change->routed_from.empty()) {
      after.memory.asserted.emplace(change->directory, change->account);
    }
  }
  return after;
}

}  // namespace rollcall::property
