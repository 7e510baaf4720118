// Who bears the names of an account, by L2 of PRODUCT.md: a stage of the reference.
#ifndef TESTS_PROPERTY_REFERENCE_NAMES_H_
#define TESTS_PROPERTY_REFERENCE_NAMES_H_

#include <set>
#include <string>

#include "tests/property/world.h"

namespace rollcall::property {

using People = std::set<std::string>;  // stable ids

// By user name, where the directory has any, and by e-mail or alias.
People BearersOfName(const World& world, const WorldDirectory& directory,
                     const TestAccount& account);
People BearersOfEmail(const World& world, const TestAccount& account);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_REFERENCE_NAMES_H_
