// Repairs of SCIM links, as people and as programs read them. Pure functions, any thread.
#ifndef AGENT_REPAIR_REPAIR_DOCUMENT_H_
#define AGENT_REPAIR_REPAIR_DOCUMENT_H_

#include <vector>

#include "agent/render/document.h"
#include "agent/repair/repair_view.h"
#include "agent/runs/exit_code.h"
#include "rollcall/v1/repair.pb.h"

namespace rollcall {

Document RepairDocument(const RepairView& view);
v1::ScimLinkReport ToResource(const RepairView& view, ExitCode code);

// One step, before somebody is asked about it; `number` from 1.
Document StepDocument(const RepairStep& step, size_t number);

Document RepairHistoryDocument(const std::vector<RepairRecord>& repairs);
v1::ScimRepairHistory ToResource(const std::vector<RepairRecord>& repairs);

}  // namespace rollcall

#endif  // AGENT_REPAIR_REPAIR_DOCUMENT_H_
