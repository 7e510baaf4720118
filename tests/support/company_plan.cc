#include "tests/support/company.h"

namespace rollcall {

// In a file of its own: tests of one stage do without the whole planner.
PlanResult PlanFor(Company& company) {
  PlanInput input = company.Input();
  Draft draft = MakeDraft(input);
  return FinishPlan(input, draft, {});
}

}  // namespace rollcall
