#include "agent/runs/plan_resource.h"

#include "agent/render/resources.h"

namespace rollcall {

v1::Plan ToResource(const Plan& plan, const Requester& requester) {
  v1::Plan result = ToResource(plan);
  result.set_requester(requester.name);
  result.set_requester_role(requester.role);
  return result;
}

}  // namespace rollcall
