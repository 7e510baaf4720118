// The guards of the configuration as the domain's GuardSpec, defaults filled in. Pure.
#ifndef AGENT_CONFIG_GUARDS_SPEC_H_
#define AGENT_CONFIG_GUARDS_SPEC_H_

#include "reconciler/plan/spec.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall::config {

GuardSpec ToGuards(const v1::Guards& guards);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_GUARDS_SPEC_H_
