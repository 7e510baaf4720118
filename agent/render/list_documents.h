// The lists that commands print: links, holds, plans and runs. Pure functions, any thread.
#ifndef AGENT_RENDER_LIST_DOCUMENTS_H_
#define AGENT_RENDER_LIST_DOCUMENTS_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "agent/render/document.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/plan.h"
#include "rollcall/v1/reports.pb.h"

namespace rollcall {

Document LinksDocument(const std::vector<RecordedLink>& links);
v1::LinkList ToResource(const std::vector<RecordedLink>& links);

// `now` tells which are over.
Document HoldsDocument(const std::vector<Hold>& holds, absl::Time now);
v1::HoldList ToResource(const std::vector<Hold>& holds);

// Id, state, time and counts of each plan are enough.
Document PlansDocument(const std::vector<Plan>& plans);
v1::PlanList ToResource(const std::vector<Plan>& plans);

// A run, and how many changes its plan holds.
struct ListedRun {
  RunRecord run;
  int64_t changes = 0;
};
Document RunsDocument(const std::vector<ListedRun>& runs);
v1::RunList ToResource(const std::vector<ListedRun>& runs);

}  // namespace rollcall

#endif  // AGENT_RENDER_LIST_DOCUMENTS_H_
