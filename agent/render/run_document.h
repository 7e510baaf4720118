// A run as people read it: how it ended, what did not work and why, what is left, how to go on.
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
