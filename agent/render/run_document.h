// A run as people read it, for somebody who is tired: how it ended and what that means, what needs
// somebody and the cure, then what was done by directory and action, what it cost, how to go on.
// Pure functions, any thread.
#ifndef AGENT_RENDER_RUN_DOCUMENT_H_
#define AGENT_RENDER_RUN_DOCUMENT_H_

#include "absl/strings/string_view.h"
#include "agent/render/document.h"
#include "agent/render/view_options.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

// `plan` is the one that the run applies (it may be cut by OnlyPerson).
Document RunDocument(const RunRecord& run, const Plan& plan, const ViewOptions& options);

}  // namespace rollcall

#endif  // AGENT_RENDER_RUN_DOCUMENT_H_
