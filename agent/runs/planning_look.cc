#include "agent/runs/planning.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::Status Planning::Look(const Export& exported, const CallContext& context,
                            absl::FunctionRef<absl::Status(const PlanInput&, const Draft&)> look) {
  Work work;
  RETURN_IF_ERROR(Begin(exported, {}, context, work));
  work.input.emplace(PlanInput{.spec = ports_.spec,
                               .exported = exported,
                               .memory = work.memory,
                               .directories = work.directories,
                               .now = work.now,
                               .only_person = std::nullopt,
                               .requests_used = 0,
                               .plan_id = "",
                               .state_id = ports_.store.state_id()});
  work.draft = MakeDraft(*work.input);
  return look(*work.input, work.draft);
}

}  // namespace rollcall
