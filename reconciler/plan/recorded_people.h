// Whom a name, an e-mail or a stable id means where the export does not say so: the people to whom
// recorded links tie the accounts that bear it. For `rollcall deactivate` of somebody who is gone
// from the export, and while the export cannot be read. Pure, any thread.
#ifndef RECONCILER_PLAN_RECORDED_PEOPLE_H_
#define RECONCILER_PLAN_RECORDED_PEOPLE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

struct RecordedPeople {
  std::set<std::string> people;    // stable ids; several: nobody can tell whom is meant
  std::set<std::string> unproven;  // "directory/account": bears the name, tied to nobody
};

// A stable id that a link records means that person alone; else every account is looked at whose
// user name or e-mail is `query`, folded.
RecordedPeople FindRecordedPeople(const Memory& memory,
                                  const std::vector<DirectoryInput>& directories,
                                  absl::string_view query);

// The one person whom links know by `query` and the export does not hold (any more); "" where there
// is none, or nobody can tell.
std::string FindGonePerson(const Export& exported, const Memory& memory,
                           const std::vector<DirectoryInput>& directories, absl::string_view query);

// A hold by name that keeps out somebody who is gone keeps out all of that person's accounts, also
// those that bear another name (rule H1): adds such holds by id to `memory`.
void ExtendHoldsToGonePeople(const Export& exported, const std::vector<DirectoryInput>& directories,
                             Memory& memory);

// An export of nobody, so that links alone say whose an account is. Where no id has ever proven
// anything, the exports are taken to have no stable ids, and `externalId`s say nothing.
Export ExportOfNobody(const Memory& memory);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_RECORDED_PEOPLE_H_
