// What the system says of this process: processor time, memory, files. Read from /proc for every
// scrape; what cannot be read is left out. Thread-safe.
#ifndef AGENT_METRICS_PROCESS_SAMPLES_H_
#define AGENT_METRICS_PROCESS_SAMPLES_H_

#include <prometheus/metric_family.h>

#include <vector>

namespace rollcall {

std::vector<prometheus::MetricFamily> ProcessSamples();

}  // namespace rollcall

#endif  // AGENT_METRICS_PROCESS_SAMPLES_H_
