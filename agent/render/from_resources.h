// The public messages of rollcall.v1 -> domain values, as far as documents (plan_document.h,
// run_document.h, …) show them: what a running agent answers is printed as what the state file
// holds. The reverse of resources.h and explanation_document.h. What only the executor needs, such
// as the ids of groups, is not in the messages: such a plan can be shown, not applied. Values that
// the messages do not know become the most harmless one. Pure functions, any thread.
#ifndef AGENT_RENDER_FROM_RESOURCES_H_
#define AGENT_RENDER_FROM_RESOURCES_H_

#include "absl/strings/string_view.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/explain.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/plan.h"
#include "rollcall/v1/reports.pb.h"
#include "rollcall/v1/resources.pb.h"

namespace rollcall {

Plan FromResource(const v1::Plan& plan);
RunRecord FromResource(const v1::Run& run);
Outcome FromResource(const v1::Outcome& outcome);
Finding FromResource(const v1::Finding& finding);
RunState FromResource(v1::Run::State state);
Hold FromResource(const v1::Hold& hold);
AccountState AccountStateOf(absl::string_view name);  // "ACTIVE", …
Explanation FromResource(const v1::Explanation& explanation);

}  // namespace rollcall

#endif  // AGENT_RENDER_FROM_RESOURCES_H_
