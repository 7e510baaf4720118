// What must not matter: the order of what is read, and the case of names (rule L2), those of groups
// among them.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "reconciler/base/fold.h"
#include "tests/property/holds.h"
#include "tests/property/worlds.h"
#include "tests/support/plan_text.h"

namespace rollcall::property {
namespace {

constexpr int kOrderCases = 1000;

template <typename T>
void Shuffle(std::vector<T>& rows, std::mt19937_64& random) {
  for (size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random() % i]);
}

// Groups keep their places: a name that two of them bear is ambiguous in any order, but the entry
// that names it first also spells it.
World Shuffled(World world, uint64_t seed) {
  std::mt19937_64 random(seed);
  Shuffle(world.people, random);
  Shuffle(world.circles, random);
  for (WorldCircle& circle : world.circles) Shuffle(circle.members, random);
  for (WorldDirectory& directory : world.directories) {
    Shuffle(directory.accounts, random);
    Shuffle(directory.groups, random);
  }
  Shuffle(world.memory.links, random);
  Shuffle(world.memory.holds, random);
  Shuffle(world.memory.absent, random);
  Shuffle(world.memory.applied_last_24h, random);
  Shuffle(world.memory.applied_repeatedly, random);
  Shuffle(world.memory.refusals, random);
  return world;
}

std::string Flip(const std::string& text, std::mt19937_64& random) {
  std::string flipped = text;
  for (char& c : flipped) {
    if (random() % 2 == 0) continue;
    c = absl::ascii_islower(static_cast<unsigned char>(c)) ? absl::ascii_toupper(c)
                                                           : absl::ascii_tolower(c);
  }
  return flipped;
}

// Names and e-mails of people, accounts and holds; values that conditions compare; domains. Ids and
// names of groups (which findings repeat as served) stay.
World InOtherCase(World world, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (WorldPerson& person : world.people) {
    person.user_name = Flip(person.user_name, random);
    person.email = Flip(person.email, random);
    person.alias = Flip(person.alias, random);
    for (const char* name : {"team", "kind", "nick"}) {
      auto value = person.attributes.find(name);
      if (value != person.attributes.end()) value->second = Flip(value->second, random);
    }
  }
  for (WorldDirectory& directory : world.directories) {
    for (TestAccount& account : directory.accounts) {
      account.user_name = Flip(account.user_name, random);
      account.email = Flip(account.email, random);
    }
  }
  for (Hold& hold : world.memory.holds) hold.email = Flip(hold.email, random);
  for (std::string& domain : world.spec.managed_domains) domain = Flip(domain, random);
  return world;
}

// No two of them become one: groups of one name, but for their case, stay two groups.
std::map<std::string, std::string> Flipped(const std::vector<std::string>& names,
                                           std::mt19937_64& random) {
  std::map<std::string, std::string> flipped;
  std::set<std::string> taken(names.begin(), names.end());
  for (const std::string& name : names) {
    taken.erase(name);
    std::string other = Flip(name, random);
    if (taken.contains(other)) other = name;
    taken.insert(other);
    flipped[name] = other;
  }
  return flipped;
}

template <typename T>
std::vector<std::string> NamesOf(const std::vector<T>& groups) {
  std::vector<std::string> names;
  for (const T& group : groups) names.push_back(group.name);
  return names;
}

void FlipConfiguredGroups(World& world, std::mt19937_64& random) {
  auto flip = [&](std::vector<std::string>& names) {
    for (std::string& name : names) name = Flip(name, random);
  };
  for (GroupRule& rule : world.spec.groups) {
    rule.export_name = Flip(rule.export_name, random);
    rule.target_name = Flip(rule.target_name, random);
  }
  for (WorldDirectory& directory : world.directories) flip(directory.spec.people.groups);
  flip(world.spec.managed_groups);
  flip(world.spec.guards.min_admins_groups);
  flip(world.spec.guards.privileged_groups);
  for (std::string& entry : world.spec.guards.protected_entries) {
    const size_t colon = entry.find(':');  // of "group:X" and "members:X"; the others name people
    if (colon != std::string::npos)
      entry.replace(colon, entry.npos, Flip(entry.substr(colon), random));
  }
}

// Names of groups: the export's, those of each directory, of the configuration, and of what was
// done in them before. Ids stay; so do names that state files keep folded.
World WithGroupsInOtherCase(World world, uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::map<std::string, std::string> circles = Flipped(NamesOf(world.circles), random);
  for (WorldCircle& circle : world.circles) {
    circle.name = circles.at(circle.name);
    for (std::string& member : circle.members) {
      if (circles.contains(member)) member = circles.at(member);  // the key of a nested group
    }
  }
  for (WorldDirectory& directory : world.directories) {
    const std::map<std::string, std::string> names = Flipped(NamesOf(directory.groups), random);
    for (TestGroup& group : directory.groups) {
      if (group.id.empty()) group.id = "g-" + group.name;
      group.name = names.at(group.name);
    }
    std::set<std::pair<std::string, std::string>> members;
    for (const auto& [group, account] : directory.members)
      members.emplace(names.at(group), account);
    directory.members = std::move(members);
  }
  FlipConfiguredGroups(world, random);
  for (PastChange& past : world.memory.applied_last_24h) past.group = Flip(past.group, random);
  for (Memory::Reversal& row : world.memory.applied_repeatedly) row.group = Flip(row.group, random);
  return world;
}

// Random histories seldom speak of what is planned: some of the changes were undone before (R5).
void RememberAsContested(const Plan& plan, World& world) {
  for (const Change& change : plan.changes) {
    if (change.group.empty() || *rc::gen::inRange(0, 4) != 0) continue;
    world.memory.applied_repeatedly.push_back(
        {change.directory, change.action, change.account, change.group, 2});
  }
}

// A plan repeats names as they are served, and sorts by them.
std::multiset<std::string> FoldedLinesOf(const Plan& plan) {
  std::multiset<std::string> lines;
  for (absl::string_view line : absl::StrSplit(PlanText(plan), '\n')) {
    const std::string folded = Fold(line);
    std::vector<std::string> words = absl::StrSplit(folded, absl::ByAnyChar(" ,"));
    std::sort(words.begin(), words.end());
    lines.insert(absl::StrJoin(words, " "));
  }
  return lines;
}

// The lines of a plan without their order: changes are sorted by the user name as served.
std::multiset<std::string> LinesOf(const Plan& plan) {
  std::multiset<std::string> lines;
  for (absl::string_view line : absl::StrSplit(PlanText(plan), '\n')) {
    // An entry of `protected` that fits nothing is repeated as it was written.
    lines.emplace(line);
  }
  return lines;
}

TEST(OrderProperty, TheOrderOfWhatIsReadChangesNothing) {
  Holds(kOrderCases, [] {
    const World world = *Worlds({.duplicates = false});
    const World shuffled = Shuffled(world, *rc::gen::arbitrary<uint64_t>());
    const Plan plan = PlanOf(world).plan;
    const Plan other = PlanOf(shuffled).plan;
    RC_ASSERT(PlanText(other) == PlanText(plan));
    RC_ASSERT(other.etag == plan.etag);
  });
}

TEST(OrderProperty, TheCaseOfNamesChangesNothing) {
  Holds(kOrderCases, [] {
    const World world = *Worlds();
    RC_PRE(world.stable_ids);
    const World other = InOtherCase(world, *rc::gen::arbitrary<uint64_t>());
    RC_LOG() << ScenarioText(other);
    RC_ASSERT(LinesOf(PlanOf(other).plan) == LinesOf(PlanOf(world).plan));
  });
}

TEST(OrderProperty, TheCaseOfGroupNamesChangesNothing) {
  Holds(kOrderCases, [] {
    World world = *Worlds();
    RememberAsContested(PlanOf(world).plan, world);
    const World other = WithGroupsInOtherCase(world, *rc::gen::arbitrary<uint64_t>());
    RC_LOG() << ScenarioText(other) << PlanText(PlanOf(other).plan);
    RC_ASSERT(FoldedLinesOf(PlanOf(other).plan) == FoldedLinesOf(PlanOf(world).plan));
  });
}

TEST(OrderProperty, PlanningTwiceGivesTheSameEtag) {
  Holds(300, [] {
    const World world = *Worlds();
    RC_ASSERT(PlanOf(world).plan.etag == PlanOf(world).plan.etag);
  });
}

}  // namespace
}  // namespace rollcall::property
