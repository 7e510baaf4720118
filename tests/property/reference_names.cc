#include "tests/property/reference_names.h"

#include "tests/property/reference_parts.h"

namespace rollcall::property {
namespace {

std::string ExpectedName(const MatchRule& match, const WorldPerson& person) {
  if (match.user_name == MatchRule::UserName::kUserName) return person.user_name;
  if (match.user_name == MatchRule::UserName::kAttribute) {
    auto value = person.attributes.find(match.user_name_attribute);
    return value == person.attributes.end() ? "" : value->second;
  }
  const bool at = person.user_name.find('@') != std::string::npos;
  const std::string& whole = at ? person.user_name : person.email;
  return whole.substr(0, whole.find('@'));
}

}  // namespace

People BearersOfName(const World& world, const WorldDirectory& directory,
                     const TestAccount& account) {
  People people;
  if (!HasUserNames(directory.spec.kind) || account.user_name.empty()) return people;
  for (const WorldPerson& person : world.people) {
    if (SameName(ExpectedName(directory.spec.match, person), account.user_name)) {
      people.insert(person.id);
    }
  }
  return people;
}

People BearersOfEmail(const World& world, const TestAccount& account) {
  People people;
  if (account.email.empty()) return people;
  for (const WorldPerson& person : world.people) {
    if (SameName(person.email, account.email) || SameName(person.alias, account.email)) {
      people.insert(person.id);
    }
  }
  return people;
}

}  // namespace rollcall::property
