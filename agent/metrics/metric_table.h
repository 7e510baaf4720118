// MetricTable: every metric of the daemon: its name, type and labels, and what it says. What is
// shown, and the table in README.md, is made of, or compared with, this one.
#ifndef AGENT_METRICS_METRIC_TABLE_H_
#define AGENT_METRICS_METRIC_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall {

enum class MetricType : uint8_t { kCounter, kGauge, kHistogram };

struct MetricInfo {
  std::string name;
  MetricType type = MetricType::kGauge;
  std::vector<std::string> labels;
  std::string help;
};

const std::vector<MetricInfo>& MetricTable();

// Of a name that is in the table.
const MetricInfo& FindMetric(absl::string_view name);

}  // namespace rollcall

#endif  // AGENT_METRICS_METRIC_TABLE_H_
