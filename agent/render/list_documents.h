// The lists that commands print: links, holds, plans, runs and schedules. Pure functions, any
// thread.
#ifndef AGENT_RENDER_LIST_DOCUMENTS_H_
#define AGENT_RENDER_LIST_DOCUMENTS_H_

#include <vector>

#include "absl/time/time.h"
#include "agent/render/document.h"
#include "reconciler/plan/memory.h"
#include "rollcall/v1/reconciler.pb.h"
#include "rollcall/v1/reports.pb.h"

namespace rollcall {

Document LinksDocument(const std::vector<RecordedLink>& links);
v1::LinkList ToResource(const std::vector<RecordedLink>& links);

// `now` tells which are over.
Document HoldsDocument(const std::vector<Hold>& holds, absl::Time now);
v1::HoldList ToResource(const std::vector<Hold>& holds);

// As the state file, or a running agent, lists them.
Document PlansDocument(const v1::PlanList& plans);
Document RunsDocument(const v1::RunList& runs);
Document SchedulesDocument(const v1::ListSchedulesResponse& schedules);

}  // namespace rollcall

#endif  // AGENT_RENDER_LIST_DOCUMENTS_H_
