// A plan as people read it, for somebody who is tired and decides at night: first how it stands,
// then what should worry, worst first, then the changes by directory and action, what it costs, and
// the exact next command. Pure functions, any thread.
#ifndef AGENT_RENDER_PLAN_DOCUMENT_H_
#define AGENT_RENDER_PLAN_DOCUMENT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/render/document.h"
#include "agent/render/view_options.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

Document PlanDocument(const Plan& plan, const ViewOptions& options);

// What findings call people -> what people call each other (Plan::labels).
using Labels = std::map<std::string, std::string>;

// The findings as entries, worst first, with their cures; people as "user name (id)".
std::vector<Block> FindingBlocks(const std::vector<Finding>& findings, const ViewOptions& options,
                                 const Labels& labels = {});

// The same plan with only the changes and findings of one person: by user name, e-mail (folded) or
// stable id. The counts stay those of the whole plan.
Plan OnlyPerson(const Plan& plan, absl::string_view person);

// The names of the guards that block, each once, in the plan's order.
std::vector<std::string> BlockingGuards(const Plan& plan);

// "rollcall apply p-1 --waive first_run --reason '…'", with a waiver for every guard that blocks.
std::string ApplyCommand(const Plan& plan, const ViewOptions& options);

}  // namespace rollcall

#endif  // AGENT_RENDER_PLAN_DOCUMENT_H_
