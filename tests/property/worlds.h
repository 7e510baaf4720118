// Worlds: the generator of random companies. A company is made from runs of genes: one for the
// configuration, one for each person (with the accounts that belong to them), one for each stray
// account, one for each thing that is remembered. Shrinking drops people, strays and memories, then
// makes what is left ordinary.
//
// Limits: kMostPeople people, 3 directories, 4 groups, so that a thousand take seconds.
#ifndef TESTS_PROPERTY_WORLDS_H_
#define TESTS_PROPERTY_WORLDS_H_

#include <rapidcheck.h>

#include "tests/property/company_genes.h"
#include "tests/property/world.h"

namespace rollcall::property {

inline constexpr size_t kMostPeople = 8;

// What may occur; everything by default.
struct WorldOptions {
  bool duplicates = true;  // two people with one id or user name
  bool partners = true;    // SCIM directories that provision, sites that follow, owned accounts
  bool unreadable = true;  // directories that could not be read
  // Several SCIM records for one account of the organisation, and entries of the two directories
  // for one group that say different things.
  bool at_odds = true;
  bool one_person = false;  // some plans are for one person only
};

World MakeWorld(const CompanyGenes& genes, const WorldOptions& options);

rc::Gen<World> Worlds(WorldOptions options = {});

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_WORLDS_H_
