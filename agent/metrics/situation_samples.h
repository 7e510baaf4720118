// The gauges that say how things stand, from a Situation; pure.
#ifndef AGENT_METRICS_SITUATION_SAMPLES_H_
#define AGENT_METRICS_SITUATION_SAMPLES_H_

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "agent/metrics/situation.h"

namespace rollcall {

std::vector<prometheus::MetricFamily> SamplesOf(const Situation& situation,
                                                const std::string& version);

}  // namespace rollcall

#endif  // AGENT_METRICS_SITUATION_SAMPLES_H_
