// What must not matter: the order of what is read, and the case of names (rule L2).
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
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

TEST(OrderProperty, PlanningTwiceGivesTheSameEtag) {
  Holds(300, [] {
    const World world = *Worlds();
    RC_ASSERT(PlanOf(world).plan.etag == PlanOf(world).plan.etag);
  });
}

}  // namespace
}  // namespace rollcall::property
