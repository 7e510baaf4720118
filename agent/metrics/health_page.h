// What /healthz and /readyz answer. Pure.
//
// /healthz is for who restarts what does not work: 503 only for what a new start may cure. /readyz
// is 503 while stopping, too. The body says everything that is wrong, but names nobody and shows no
// message of a server: it may be read by whoever reaches the port.
#ifndef AGENT_METRICS_HEALTH_PAGE_H_
#define AGENT_METRICS_HEALTH_PAGE_H_

#include "absl/time/time.h"
#include "agent/metrics/page_server.h"
#include "agent/metrics/situation.h"

namespace rollcall {

// The main loop comes round every half minute, and waits for the state file meanwhile: the saving
// of the largest plan takes less than this.
inline constexpr absl::Duration kLongestStandstill = absl::Minutes(2);

Page HealthPage(const Situation& situation);
Page ReadinessPage(const Situation& situation);

}  // namespace rollcall

#endif  // AGENT_METRICS_HEALTH_PAGE_H_
