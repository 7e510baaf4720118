// The names of a person as an internal directory of Crowd completes them.
#ifndef TESTS_TWINS_CROWD_NAMES_H_
#define TESTS_TWINS_CROWD_NAMES_H_

#include <string>

#include "tests/twins/crowd_directory.h"

namespace rollcall::twins {

// Blank parts of the name are derived from the others, in the end from the user name:
// ("", "", "") is ("", u, u); ("John", "Smith", "") gets the display name "John Smith"; of
// ("", "", "John Smith") the first and last name are taken from the display name.
void DeriveCrowdNames(CrowdUser& user);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_NAMES_H_
