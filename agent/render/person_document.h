// What `rollcall deactivate` and `activate` did to one person, place by place: every account, which
// way it goes, how it is now, and which access is left. Pure functions, any thread.
#ifndef AGENT_RENDER_PERSON_DOCUMENT_H_
#define AGENT_RENDER_PERSON_DOCUMENT_H_

#include <string>
#include <vector>

#include "agent/render/document.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/explain.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

// One account of the person.
struct PersonPlace {
  std::string directory;
  std::string account;  // its id
  std::string called;   // its user name or e-mail; may be empty
  AccountState before = AccountState::kActive;
  AccountState wanted = AccountState::kActive;
  // "here", "here, for cloud", "follows cloud-scim", "nothing to do", or why nothing is done.
  std::string way;
  std::string now;                // in words; the same as `before` where nothing was done yet
  bool as_wanted = false;         // seen to be as it should be
  std::vector<std::string> left;  // access that stays, in words
};

// By the order of the configuration. `goal`: what the person's accounts should be. `run` is null
// before anything was done. A directory that could not be read is a place of which nothing is
// known, without an account.
std::vector<PersonPlace> PlacesOf(const Explanation& person, AccountState goal, const Plan& plan,
                                  const RunRecord* run);

// "crowd: ada is active; deactivate here": a line each, to be read before it is done.
std::vector<std::string> RouteLines(const std::vector<PersonPlace>& places);

// A headline that says where access is left, and a table.
std::vector<Block> PlaceBlocks(const std::vector<PersonPlace>& places, const std::string& called);

}  // namespace rollcall

#endif  // AGENT_RENDER_PERSON_DOCUMENT_H_
