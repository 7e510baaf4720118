#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/property/world_parts.h"

namespace rollcall::property {
namespace {

// Modes that differ for one group are an error of the configuration (rule G6): all rules of a
// directory have one mode.
void AddRule(Genes& genes, World& world) {
  GroupRule rule;
  const bool present = genes.Chance(75);
  rule.export_name = genes.OneOf<const char*>(
      {"eng", "ops", "eng", "staff", "admins", "e*", "*s", "gone", "none*", "ops"});
  rule.directory = world.directories[genes.Below(world.directories.size())].spec.id;
  const size_t target = genes.Pick({12, 4, 4});
  if (target == 1) rule.target_name = "staff";
  if (target == 2) rule.target_name = "ENG";
  if (target == 3) rule.target_name = "nowhere";
  rule.may_be_empty = genes.Chance(30);
  const bool additive = genes.Chance(20);
  for (const GroupRule& earlier : world.spec.groups) {
    if (earlier.directory == rule.directory) rule.mode = earlier.mode;
  }
  const bool first =
      std::none_of(world.spec.groups.begin(), world.spec.groups.end(),
                   [&](const GroupRule& row) { return row.directory == rule.directory; });
  if (first && additive && present) rule.mode = GroupMode::kAdditive;
  if (present) world.spec.groups.push_back(std::move(rule));
}

Limit ReadLimit(Genes& genes, Limit ordinary) {
  const size_t kind = genes.Pick({25, 10});
  const int64_t floor = static_cast<int64_t>(genes.Below(3));
  const size_t with = genes.Below(3);
  const int64_t number = static_cast<int64_t>(genes.Below(5));
  if (kind == 0) return ordinary;
  Limit limit;
  limit.on = kind == 1;
  limit.floor = floor;
  if (with != 1) limit.percent = number * 20;
  if (with != 0) limit.count = number;
  return limit;
}

std::string Somebody(Genes& genes, const World& world) {
  const size_t kind = genes.Below(8);
  const size_t which = genes.Below(kMostPeople);
  if (world.people.empty()) return "nobody";
  const WorldPerson& person = world.people[which % world.people.size()];
  const WorldDirectory& directory = world.directories[which % world.directories.size()];
  switch (kind) {
    case 0:
      return person.user_name;
    case 1:
      return person.email.empty() ? person.id : person.email;
    case 2:
      return person.id;
    case 3:
      return "group:e*";
    case 4:
      return "members:admins";
    case 5:
      return "p90";
    case 6:
      return "robot@example.com";
    default:
      return directory.accounts.empty()
                 ? "nobody"
                 : absl::StrCat(directory.spec.id, "/", directory.accounts.front().id);
  }
}

struct Named {
  std::string directory;
  std::string account;
  std::string person;  // whose it ordinarily is
  std::string group;
};

// An account that there is, where there is one.
Named AnAccount(Genes& genes, const World& world) {
  Named named;
  const WorldDirectory& directory = world.directories[genes.Below(world.directories.size())];
  const size_t which = genes.Below(12);
  named.directory = directory.spec.id;
  named.group = directory.groups[which % directory.groups.size()].name;
  if (directory.accounts.empty()) return named;
  const TestAccount& account = directory.accounts[which % directory.accounts.size()];
  named.account = account.id;
  for (const WorldPerson& person : world.people) {
    if (named.account.substr(1) == person.id.substr(1)) named.person = person.id;
  }
  if (named.person.empty()) named.person = "p90";
  return named;
}

std::string Address(const WorldPerson& person) {
  if (!person.alias.empty()) return person.alias;
  return person.email.empty() ? "zoe@example.com" : person.email;
}

void AddLink(Genes& genes, const Named& named, World& world) {
  RecordedLink link;
  link.directory = named.directory;
  link.account = named.account;
  link.person = named.person;
  const size_t person = genes.Pick({12, 12, 8});
  const size_t other = genes.Below(kMostPeople);
  if (person == 1) link.person = "p90";
  if (person == 2) link.person = "p91";
  if (person == 3) link.person = absl::StrCat("p", other + 1);
  constexpr Proof kProofs[] = {Proof::kRecordedId, Proof::kRecordedName, Proof::kByHand};
  const size_t proof = genes.Pick({40, 14, 7});
  link.severed = proof == 3;
  link.proof = link.severed ? Proof::kByHand : kProofs[proof];
  if (!world.stable_ids && !world.people.empty()) {
    link.person = world.people[other % world.people.size()].id;
    if (link.proof == Proof::kRecordedId) link.proof = Proof::kRecordedName;
  }
  world.memory.links.push_back(std::move(link));
}

void AddHold(Genes& genes, World& world) {
  Hold hold;
  const size_t who = genes.Below(kMostPeople);
  const size_t how = genes.Pick({25, 10});
  hold.kind = genes.Chance(40) ? Hold::Kind::kActivated : Hold::Kind::kDeactivated;
  if (world.people.empty()) return;
  const WorldPerson& person = world.people[who % world.people.size()];
  hold.person = person.id;
  if (how == 1) {
    hold.person = "";
    hold.email = Address(person);
  } else if (how == 2) {
    hold.person = "p90";
    hold.kind = Hold::Kind::kDeactivated;
  }
  if (hold.person.find('@') != std::string::npos) return;  // ids that scenarios take for e-mails
  world.memory.holds.push_back(std::move(hold));
}

void AddHistory(Genes& genes, const Named& named, World& world) {
  const size_t kind = genes.Below(4);
  const Action action = genes.OneOf<Action>(
      {Action::kDeactivate, Action::kActivate, Action::kAddMembership, Action::kRemoveMembership});
  const bool membership = action == Action::kAddMembership || action == Action::kRemoveMembership;
  const std::string group = membership ? named.group : "";
  if (kind == 0) {
    const int64_t run = genes.Chance(50) ? 2 : 1;
    world.memory.applied_last_24h.push_back(
        {named.directory, action, named.account, group, named.person, HoursAgo(3), {}, run});
  } else if (kind == 1) {
    const int64_t times = genes.Chance(50) ? 2 : 1;
    world.memory.applied_repeatedly.push_back(
        {named.directory, action, named.account, group, times});
  } else if (kind == 2) {
    const bool whole = genes.Chance(20);
    world.memory.refusals.push_back({whole ? "read_only" : "masked", named.directory, action,
                                     whole ? "" : named.account, whole ? "" : group, HoursAgo(2)});
  } else {
    world.memory.asserted.emplace(named.directory, named.account);
  }
}

}  // namespace

void AddRules(Genes& genes, World& world) {
  for (int i = 0; i < 4; ++i) AddRule(genes, world);
  world.spec.vanished_after = genes.Chance(20) ? 1 : 2;
  if (genes.Chance(45)) world.spec.managed_domains = {"example.com"};
  if (genes.Chance(10)) world.spec.managed_groups = {"staff"};
  if (genes.Chance(30)) world.spec.exclude = {{{"kind", "guest"}}};
  for (WorldDirectory& directory : world.directories) {
    const bool identity = genes.Chance(8);
    const size_t who = genes.Below(12);
    if (!identity || directory.accounts.empty()) continue;
    directory.spec.identity = directory.accounts[who % directory.accounts.size()].id;
  }
}

void AddGuards(Genes& genes, World& world) {
  GuardSpec& guards = world.spec.guards;
  guards.max_deactivations = ReadLimit(genes, guards.max_deactivations);
  guards.max_activations = ReadLimit(genes, guards.max_activations);
  guards.max_removals = ReadLimit(genes, guards.max_removals);
  guards.max_additions = ReadLimit(genes, guards.max_additions);
  guards.max_group_removals = ReadLimit(genes, guards.max_group_removals);
  guards.empty_export = !genes.Chance(20);
  guards.duplicate_people = !genes.Chance(20);
  guards.first_run = !genes.Chance(20);
  guards.emptied_group = !genes.Chance(30);
  guards.min_admins = !genes.Chance(30);
  guards.privileged = !genes.Chance(30);
  if (genes.Chance(30)) guards.min_admins_groups = {"admins"};
  guards.min_admins_limit = genes.Chance(30) ? 1 : 2;
  if (genes.Chance(10)) guards.privileged_groups = {"eng"};
  const size_t entries = genes.Pick({10, 6});
  for (size_t i = 0; i < 2; ++i) {
    const std::string entry = Somebody(genes, world);
    if (i < entries) guards.protected_entries.push_back(entry);
  }
  const size_t age = genes.Pick({2, 1});
  if (age > 0) world.export_age = age == 1 ? "40h" : "unknown";
}

void AddMemory(Genes& genes, World& world) {
  const size_t kind = genes.Pick({15, 10, 5, 15});
  const Named named = AnAccount(genes, world);
  switch (kind) {
    case 1:
      return AddHold(genes, world);
    case 2: {
      const int64_t exports = static_cast<int64_t>(genes.Below(4));
      const char* person = genes.Chance(30) ? "p91" : "p90";
      for (AbsentPerson& row : world.memory.absent) {
        if (row.person == person) return;
      }
      return world.memory.absent.push_back({person, exports});
    }
    case 3:
      world.memory.adopted_groups.emplace(named.directory, "eng");
      return;
    case 4:
      if (!named.account.empty()) AddHistory(genes, named, world);
      return;
    default:
      if (!named.account.empty()) AddLink(genes, named, world);
  }
}

// The state holds one row a directory and account, and one of each other kind.
void FinishMemory(Genes& genes, const WorldOptions& options, World& world) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(world.memory.links, [&](const RecordedLink& link) {
    return !seen.emplace(link.directory, link.account).second;
  });
  // `rollcall link` leaves a person no other account in that directory.
  std::set<std::pair<std::string, std::string>> by_hand;
  std::erase_if(world.memory.links, [&](const RecordedLink& link) {
    return !link.severed && link.proof == Proof::kByHand &&
           !by_hand.emplace(link.directory, link.person).second;
  });
  std::set<std::string> repeated;
  std::erase_if(world.memory.applied_repeatedly, [&](const Memory::Reversal& row) {
    return !repeated
                .insert(absl::StrCat(row.directory, "/", row.account, "/",
                                     static_cast<int>(row.action), "/", row.group))
                .second;
  });
  if (genes.Chance(20)) world.memory.last_accepted_hash = "test";
  world.fresh = genes.Chance(12);
  for (const WorldDirectory& directory : world.directories) {
    const bool applied = genes.Chance(50);
    const bool covered = genes.Chance(50);
    if (world.fresh && applied) world.memory.applied_directories.insert(directory.spec.id);
    if (world.fresh && covered) world.memory.covered_groups.emplace(directory.spec.id, "eng");
  }
  const bool one = genes.Chance(30);
  const size_t who = genes.Below(kMostPeople);
  if (options.one_person && one && !world.people.empty()) {
    world.only = world.people[who % world.people.size()].id;
  }
}

}  // namespace rollcall::property
