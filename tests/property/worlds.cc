#include "tests/property/worlds.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/property/world_parts.h"

namespace rollcall::property {
namespace {

constexpr size_t kConfigurationGenes = 110;
constexpr size_t kPersonGenes = 60;
constexpr size_t kStrayGenes = 12;
constexpr size_t kMemoryGenes = 6;
constexpr size_t kMostStrays = 3;
constexpr size_t kMostMemories = 7;

// Half of the people have ordinary data, so that their other genes meet an ordinary world.
WorldPerson MakePerson(Genes& genes, size_t place, const WorldOptions& options, bool stable_ids) {
  WorldPerson person;
  const std::string name = PersonName(place);
  const std::string other = PersonName(genes.Below(kMostPeople));
  person.id = absl::StrCat("p", place + 1);
  person.user_name = name;
  person.email = absl::StrCat(name, "@example.com");
  constexpr Standing kStandings[] = {Standing::kActive, Standing::kInactive, Standing::kHold};
  person.standing = kStandings[genes.Pick({32, 8})];
  switch (genes.Pick({4, 4, 4})) {
    case 1:
      person.user_name = absl::StrCat(name, "@corp.example.com");
      break;
    case 2:
      person.user_name = absl::AsciiStrToUpper(name);
      break;
    case 3:
      if (options.duplicates) person.user_name = absl::AsciiStrToUpper(other);
      break;
    default:
      break;
  }
  switch (genes.Pick({9, 6, 4, 3})) {
    case 1:
      person.email = absl::StrCat(other, "@example.com");
      break;
    case 2:
      person.email = "";
      break;
    case 3:
      person.email = absl::AsciiStrToUpper(person.email);
      break;
    case 4:
      person.email = absl::StrCat(name, "@elsewhere.example.net");
      break;
    default:
      break;
  }
  const size_t alias = genes.Pick({5, 5});
  if (alias == 1) person.alias = absl::StrCat(name, ".alias@example.com");
  if (alias == 2) person.alias = absl::StrCat(other, "@example.com");
  if (const size_t team = genes.Pick({40, 20}); team > 0) {
    person.attributes["team"] = team == 1 ? "Red" : "blue";
  }
  person.attributes["number"] = absl::StrCat("n", genes.Chance(4) ? 1 : place + 1);
  person.attributes["nick"] = absl::StrCat(name, ".nick");
  if (genes.Chance(6)) person.attributes["kind"] = "Guest";
  if (options.duplicates && genes.Chance(1)) person.id = "p1";
  if (!stable_ids) person.id = person.user_name;
  return person;
}

void AddPeople(const CompanyGenes& genes, const WorldOptions& options, World& world) {
  for (size_t i = 0; i < genes.people.size(); ++i) {
    if (genes.people[i].empty()) continue;
    Genes row(genes.people[i]);
    world.people.push_back(MakePerson(row, i, options, world.stable_ids));
    AddToCircles(row, world.people.back().id, world);
    AddAccountsOf(row, i + 1, world);
  }
}

// Real accounts are provisioned by one record.
void NameOnce(World& world) {
  std::set<std::string> named;
  for (WorldDirectory& directory : world.directories) {
    for (TestAccount& account : directory.accounts) {
      if (!named.insert(account.linked_account).second) account.linked_account.clear();
    }
  }
}

// Entries for the organisation and for the SCIM directory behind it that say different things about
// one group have no answer: whichever is changed last wins. Here they say the same.
void AgreeOnGroups(World& world) {
  std::vector<GroupRule> rules;
  for (const GroupRule& rule : world.spec.groups) {
    const WorldDirectory& directory = *world.Find(rule.directory);
    if (directory.spec.provisions.empty()) rules.push_back(rule);
  }
  for (const WorldDirectory& directory : world.directories) {
    for (GroupRule rule : world.spec.groups) {
      if (rule.directory != directory.spec.provisions) continue;
      rule.directory = directory.spec.id;
      rules.push_back(rule);
    }
  }
  world.spec.groups = rules;
}

}  // namespace

World MakeWorld(const CompanyGenes& genes, const WorldOptions& options) {
  World world;
  Genes configuration(genes.configuration);
  AddLayout(configuration, options, world);
  AddCircles(configuration, world);
  AddPeople(genes, options, world);
  for (const GeneString& stray : genes.strays) {
    Genes row(stray);
    if (!stray.empty()) AddStray(row, world);
  }
  if (!options.at_odds) NameOnce(world);
  AddRules(configuration, world);
  if (!options.at_odds) AgreeOnGroups(world);
  AddGuards(configuration, world);
  for (const GeneString& memory : genes.memories) {
    Genes row(memory);
    if (!memory.empty()) AddMemory(row, world);
  }
  FinishMemory(configuration, options, world);
  return world;
}

rc::Gen<World> Worlds(WorldOptions options) {
  const CompanyShape shape = {.configuration = kConfigurationGenes,
                              .people = {kMostPeople, kPersonGenes},
                              .strays = {kMostStrays, kStrayGenes},
                              .memories = {kMostMemories, kMemoryGenes}};
  return rc::gen::map(Companies(shape),
                      [options](const CompanyGenes& genes) { return MakeWorld(genes, options); });
}

}  // namespace rollcall::property
