// WorkObserver: whoever wants to know what becomes of plans and runs, and of the requests that they
// send, such as the metrics of a daemon. Called from any thread, by what waits for it: must return
// soon and never fail.
#ifndef AGENT_RUNS_WORK_OBSERVER_H_
#define AGENT_RUNS_WORK_OBSERVER_H_

#include "absl/time/time.h"
#include "clients/http/request_observer.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

class WorkObserver : public RequestObserver {
 public:
  // A plan was made and is in the state, or it could not be (FAILED).
  virtual void PlanEnded(const Plan& plan, absl::Duration took) = 0;
  // A run of that plan has ended for good; not when it is interrupted.
  virtual void RunEnded(const Plan& plan, const RunRecord& run) = 0;
};

}  // namespace rollcall

#endif  // AGENT_RUNS_WORK_OBSERVER_H_
