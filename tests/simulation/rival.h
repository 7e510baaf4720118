// Rival: another administrator, who edits and deletes accounts, names, groups and memberships
// behind our back. One thread at a time.
#ifndef TESTS_SIMULATION_RIVAL_H_
#define TESTS_SIMULATION_RIVAL_H_

#include <string>

#include "tests/simulation/dice.h"
#include "tests/simulation/sim_world.h"
#include "tests/simulation/witness.h"
#include "tests/twins/message.h"

namespace rollcall::simulation {

class Rival {
 public:
  Rival(Dice dice, SimWorld& world, Witness& witness, EventLog& log)
      : dice_(dice), world_(world), witness_(witness), log_(log) {}

  // One edit, somewhere. True: it was made at the Jira site.
  bool Edit(absl::Time now);

  // The same Crowd user as somebody's PUT that is on its way gets another address before it.
  void EditBefore(const twins::TwinRequest& put);

 private:
  void EditElsewhere(absl::Time now);
  void EditScimUser(absl::Time now);
  void EditScimGroup(absl::Time now);
  void EditCrowdUser();
  void EditCrowdGroup();
  void EditCloudAccount(absl::Time now);
  void DeleteScimUser(absl::Time now);
  void DeleteCrowdUser();
  void DeleteGroup(absl::Time now);
  void EditSite(absl::Time now);
  void EditSiteGroup(absl::Time now);

  Dice dice_;
  SimWorld& world_;
  Witness& witness_;
  EventLog& log_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_RIVAL_H_
