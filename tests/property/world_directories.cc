#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/property/world_parts.h"

namespace rollcall::property {
namespace {

constexpr std::array<const char*, 4> kCircles = {"eng", "ops", "staff", "admins"};

void AddDirectory(const char* id, DirectoryKind kind, const char* provisions, World& world) {
  WorldDirectory& directory = world.directories.emplace_back();
  directory.spec.id = id;
  directory.spec.kind = kind;
  directory.spec.provisions = provisions;
}

void AddKinds(size_t layout, World& world) {
  constexpr DirectoryKind kCloud = DirectoryKind::kAtlassianAdmin;
  switch (layout) {
    case 1:
      return AddDirectory("crowd", DirectoryKind::kCrowd, "", world);
    case 2:
      return AddDirectory("cloud", kCloud, "", world);
    case 3:
      AddDirectory("crowd", DirectoryKind::kCrowd, "", world);
      return AddDirectory("dir", DirectoryKind::kScim, "", world);
    case 4:
      AddDirectory("cloud", kCloud, "", world);
      return AddDirectory("scim", DirectoryKind::kScim, "cloud", world);
    case 5:
      AddDirectory("site", DirectoryKind::kJira, "", world);
      AddDirectory("cloud", kCloud, "", world);
      return AddDirectory("scim", DirectoryKind::kScim, "cloud", world);
    case 6:
      AddDirectory("scim", DirectoryKind::kScim, "cloud", world);
      AddDirectory("cloud", kCloud, "", world);
      return AddDirectory("scim2", DirectoryKind::kScim, "cloud", world);
    case 7:
      AddDirectory("cloud", kCloud, "", world);
      return AddDirectory("site", DirectoryKind::kJira, "", world);
    case 8:
      return AddDirectory("site", DirectoryKind::kJira, "", world);
    default:
      return AddDirectory("dir", DirectoryKind::kScim, "", world);
  }
}

void ReadRules(Genes& genes, bool stable_ids, DirectorySpec& spec) {
  const size_t people = genes.Pick({30, 15});
  if (people == 1) {
    spec.people.kind = PeopleRule::Kind::kGroups;
    spec.people.groups = {kCircles[genes.Below(3)]};
  } else if (people == 2) {
    spec.people.kind = PeopleRule::Kind::kWhere;
    spec.people.conditions = {{"team", "red"}};
  }
  if (HasUserNames(spec.kind)) {
    const size_t name = genes.Pick({15, 8});
    if (name == 1) spec.match.user_name = MatchRule::UserName::kLocalPart;
    if (name == 2) {
      spec.match.user_name = MatchRule::UserName::kAttribute;
      spec.match.user_name_attribute = "nick";
    }
    const size_t external = genes.Pick({10, 8});
    if (external == 1) spec.match.external_id = MatchRule::ExternalId::kIgnore;
    if (external == 2 && stable_ids) {
      spec.match.external_id = MatchRule::ExternalId::kAttribute;
      spec.match.external_id_attribute = "number";
    }
  }
}

void ReadPolicy(Genes& genes, DirectorySpec& spec) {
  auto leave = [&] {
    return genes.Chance(50) ? Policy::Leave::kDeactivate : Policy::Leave::kReport;
  };
  constexpr Policy::Activate kActivate[] = {Policy::Activate::kOwn, Policy::Activate::kAll,
                                            Policy::Activate::kReport};
  spec.policy.activate = kActivate[genes.Pick({50, 15})];
  spec.policy.not_entitled = leave();
  spec.policy.vanished = leave();
  spec.policy.unowned = leave();
  if (genes.Chance(50)) {
    spec.policy.inactive_memberships = Policy::InactiveMemberships::kRemove;
  }
  if (genes.Chance(40)) spec.policy.unclaimed_accounts = Policy::Unclaimed::kSuspend;
  if (genes.Chance(25)) spec.policy.deactivate_by = Policy::DeactivateBy::kDirectory;
  if (genes.Chance(4)) spec.apply = false;
  if (genes.Chance(8)) spec.allow.erase(spec.allow.begin() + genes.Below(4));
}

const char* AccountPrefix(const DirectorySpec& spec) {
  if (spec.kind == DirectoryKind::kAtlassianAdmin || spec.kind == DirectoryKind::kJira) return "c";
  return spec.id == "scim" ? "s" : spec.id == "scim2" ? "t" : "a";
}

// The person's data as a directory would hold them by its own rules.
TestAccount OrdinaryAccount(const WorldDirectory& directory, const WorldPerson& person,
                            const std::string& number) {
  TestAccount account;
  account.id = absl::StrCat(AccountPrefix(directory.spec), number);
  account.email = person.email;
  if (!HasUserNames(directory.spec.kind)) return account;
  account.user_name = person.user_name;
  if (directory.spec.match.user_name == MatchRule::UserName::kLocalPart) {
    const std::string& whole =
        person.user_name.find('@') == std::string::npos && !person.email.empty() ? person.email
                                                                                 : person.user_name;
    account.user_name = whole.substr(0, whole.find('@'));
  } else if (directory.spec.match.user_name == MatchRule::UserName::kAttribute) {
    account.user_name = person.attributes.at("nick");
  }
  return account;
}

void ReadTexts(Genes& genes, const WorldPerson& person, const WorldPerson& other, bool names,
               TestAccount& account) {
  const size_t name = genes.Pick({5, 5, 3});
  if (names && name == 1) account.user_name = absl::AsciiStrToUpper(account.user_name);
  if (names && name == 2) account.user_name += ".old";
  if (names && name == 3) account.user_name = other.user_name;
  const size_t email = genes.Pick({6, 5, 5});
  if (email == 1) account.email = other.email;
  if (email == 2) account.email = absl::AsciiStrToUpper(account.email);
  if (email == 3) account.email = "";
  const size_t external = genes.Pick({40, 4, 3, 3});
  if (!names) return;
  if (external == 1) account.external_id = person.id;
  if (external == 2) account.external_id = other.id;
  if (external == 3) account.external_id = "legacy";
  if (external == 4) account.external_id = person.attributes.at("number");
}

void ReadState(Genes& genes, bool cloud, TestAccount& account) {
  switch (genes.Pick({25, 8, 3})) {
    case 1:
      account.state = AccountState::kInactive;
      break;
    case 2:
      account.state = cloud ? AccountState::kPartlyActive : AccountState::kInactive;
      break;
    case 3:
      account.state = cloud ? AccountState::kUntouchable : AccountState::kActive;
      break;
    default:
      break;
  }
  if (genes.Chance(6) && cloud) account.claimed = false;
  if (genes.Chance(8) && cloud) account.administrator = true;
}

void AddOne(Genes& genes, const WorldPerson& person, const std::string& number, World& world,
            WorldDirectory& directory) {
  const WorldPerson& other = world.people[genes.Below(world.people.size())];
  const bool absent = genes.Chance(14);
  TestAccount account = OrdinaryAccount(directory, person, number);
  const bool names = HasUserNames(directory.spec.kind);
  ReadTexts(genes, person, other, names, account);
  ReadState(genes, directory.spec.kind == DirectoryKind::kAtlassianAdmin, account);
  const bool by_us = genes.Chance(30);
  const size_t named = genes.Pick({12, 5});
  const size_t owner = genes.Pick({9, 3});
  // In step with the export, but for those.
  const size_t extra = genes.Pick({10, 10, 10});
  const size_t missing = genes.Pick({10, 10, 10});
  if (absent) return;
  if (!directory.spec.provisions.empty() && named != 1) {
    account.linked_account = absl::StrCat("c", number);
    if (named == 2) account.linked_account = "c1";
  }
  if (by_us && account.state != AccountState::kActive) {
    world.memory.deactivated_by_us.emplace(directory.spec.id, account.id);
  }
  if (owner > 0 && directory.spec.kind == DirectoryKind::kAtlassianAdmin) {
    directory.owned[account.id] =
        owner == 1 ? "externalDirectory.scim" : "externalDirectory.google";
  }
  for (size_t i = 0; i < directory.groups.size(); ++i) {
    bool member = false;
    for (const std::string& id : world.circles[i].members) member = member || id == person.id;
    if (extra == i + 1) member = true;
    if (missing == i + 1) member = false;
    if (member) directory.members.emplace(directory.groups[i].name, account.id);
  }
  directory.accounts.push_back(std::move(account));
}

}  // namespace

std::string PersonName(size_t place) {
  static constexpr std::array<const char*, kMostPeople> kNames = {"ada", "bob", "cyd", "dan",
                                                                  "eve", "fay", "gus", "hal"};
  return kNames[place];
}

void AddLayout(Genes& genes, const WorldOptions& options, World& world) {
  world.stable_ids = !genes.Chance(6);
  const size_t layout = genes.Pick({12, 12, 12, 18, 14, 10, 8, 4});
  AddKinds(options.partners || layout < 4 ? layout : layout % 3, world);
  for (WorldDirectory& directory : world.directories) {
    ReadRules(genes, world.stable_ids, directory.spec);
    ReadPolicy(genes, directory.spec);
    directory.unreadable = genes.Chance(4) && options.unreadable;
  }
}

void AddCircles(Genes& genes, World& world) {
  for (const char* name : kCircles) {
    WorldCircle& circle = world.circles.emplace_back();
    circle.name = name;
    const size_t odd = genes.Pick({4, 4, 6});
    if (odd == 1) circle.cut = true;
    if (odd == 2) circle.members.push_back("p99");
    if (odd == 3) circle.members.push_back(kCircles[genes.Below(kCircles.size())]);
    for (WorldDirectory& directory : world.directories) {
      TestGroup group;
      group.name = genes.Chance(8) ? absl::AsciiStrToUpper(name) : name;
      group.nested = genes.Chance(5);
      const bool cloud = directory.spec.kind == DirectoryKind::kAtlassianAdmin;
      group.externally_synced = genes.Chance(20) && cloud;
      group.modifiable = !genes.Chance(4) || !cloud;
      directory.groups.push_back(std::move(group));
    }
  }
}

void AddToCircles(Genes& genes, const std::string& person, World& world) {
  for (WorldCircle& circle : world.circles) {
    if (genes.Chance(45)) circle.members.push_back(person);
  }
}

void AddAccountsOf(Genes& genes, size_t number, World& world) {
  const WorldPerson person = world.people.back();
  for (WorldDirectory& directory : world.directories) {
    AddOne(genes, person, absl::StrCat(number), world, directory);
  }
}

// Of somebody who is gone, of nobody, or a second account of somebody.
void AddStray(Genes& genes, World& world) {
  if (world.people.empty()) return;
  WorldDirectory& directory = world.directories[genes.Below(world.directories.size())];
  const std::string number = absl::StrCat("9", directory.accounts.size());
  const size_t kind = genes.Pick({35, 30});
  WorldPerson person = world.people[genes.Below(world.people.size())];
  if (kind == 1) {
    person.id = "p90";
    person.user_name = "zoe";
    person.email = "zoe@example.com";
  } else if (kind == 2) {
    person.id = "";
    person.user_name = "robot";
    person.email = "robot@example.com";
  }
  AddOne(genes, person, number, world, directory);
}

}  // namespace rollcall::property
