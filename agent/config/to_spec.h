// From the configuration to the domain's Spec: defaults filled in, policies merged, attribute names
// in snake case, no addresses and no secrets. Pure; the configuration has passed CheckConfig.
#ifndef AGENT_CONFIG_TO_SPEC_H_
#define AGENT_CONFIG_TO_SPEC_H_

#include "reconciler/plan/spec.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall::config {

Spec ToSpec(const v1::Config& config);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_TO_SPEC_H_
