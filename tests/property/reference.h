// Reference: what PRODUCT.md, sections 2 to 4, says about a world, with sets and loops and nothing
// else, as slow as it likes. Written from that page and from the section of ARCHITECTURE.md about
// readings of it, not from reconciler/plan; it shares only plain types with it, and the folding of
// names. Pure.
//
// Not covered: SCIM directories that provision, sites beside an organisation (routes through them,
// R2, R3, A6, effects, re-routes; proof (c) of L1); people who share an
// id or a user name; directories that cannot be read; plans for one person; `shrunken_export`,
// for which directory a guard blocks; counts, budget, order, reasons and messages; which subjects a
// finding names, but for those of kComparedFindings in reference_test.cc; links that a plan
// records; labels.
#ifndef TESTS_PROPERTY_REFERENCE_H_
#define TESTS_PROPERTY_REFERENCE_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/property/world.h"

namespace rollcall::property {

struct Verdict {
  std::set<std::string> rows;  // as RowOf writes them
  // (name, directory) -> subjects
  std::map<std::pair<std::string, std::string>, std::set<std::string>> findings;
  std::set<std::string> blocking;  // guards
};

Verdict Judge(const World& world);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_REFERENCE_H_
