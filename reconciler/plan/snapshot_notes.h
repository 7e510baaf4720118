// What was odd about reading a directory, as findings: unsaid, a leaver among the accounts that
// nobody could judge would stay in unseen. Pure.
#ifndef RECONCILER_PLAN_SNAPSHOT_NOTES_H_
#define RECONCILER_PLAN_SNAPSHOT_NOTES_H_

#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

// Drift: who is among these accounts is neither in step nor out of it.
inline constexpr char kUnreadableAccounts[] = "unreadable_accounts";

// `directory` is one of the draft's.
std::vector<Finding> NoteFindings(const Draft& draft, const DraftDirectory& directory);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_SNAPSHOT_NOTES_H_
