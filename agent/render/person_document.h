// What `rollcall deactivate` and `activate` did to one person, place by place: every account, which
// way it goes, how it is now, and which access is left. Pure functions, any thread.
#ifndef AGENT_RENDER_PERSON_DOCUMENT_H_
#define AGENT_RENDER_PERSON_DOCUMENT_H_

#include <optional>
#include <string>
#include <vector>

#include "agent/render/document.h"
#include "agent/render/view_options.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/explain.h"
#include "reconciler/plan/plan.h"
#include "rollcall/v1/reports.pb.h"

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

// What people call the person: the export's user name, else the id, else as it was asked.
std::string CalledOf(const Explanation& person);

// What came of it. The fields are those of v1::PersonReport.
struct PersonReport {
  std::string query;
  std::string person;
  std::string label;
  AccountState goal = AccountState::kInactive;
  int64_t hold = 0;
  bool export_read = true;
  Plan plan;
  std::optional<RunRecord> run;
  std::vector<PersonPlace> places;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
  int exit_code = 0;
};

// The person first, a verdict and place by place; then the run, or the plan where nothing was sent.
Document PersonDocument(const PersonReport& report, const ViewOptions& options);

v1::PersonReport ToResource(const PersonReport& report);
PersonReport FromResource(const v1::PersonReport& report);

}  // namespace rollcall

#endif  // AGENT_RENDER_PERSON_DOCUMENT_H_
