// SampleFamily: one metric of the table with the samples that it has now, for gauges that are made
// anew for every scrape. A builder for one thread.
#ifndef AGENT_METRICS_SAMPLE_FAMILY_H_
#define AGENT_METRICS_SAMPLE_FAMILY_H_

#include <prometheus/metric_family.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "agent/metrics/metric_table.h"

namespace rollcall {

class SampleFamily {
 public:
  explicit SampleFamily(absl::string_view name) : info_(FindMetric(name)) {
    family_.name = info_.name;
    family_.help = info_.help;
    family_.type = info_.type == MetricType::kCounter ? prometheus::MetricType::Counter
                                                      : prometheus::MetricType::Gauge;
  }

  // One value for each label of the table, in its order.
  void Add(const std::vector<std::string>& labels, double value) {
    prometheus::ClientMetric& sample = family_.metric.emplace_back();
    for (size_t i = 0; i < labels.size(); ++i) {
      sample.label.push_back({info_.labels.at(i), labels[i]});
    }
    (info_.type == MetricType::kCounter ? sample.counter.value : sample.gauge.value) = value;
  }
  void Add(const std::vector<std::string>& labels, const std::optional<absl::Time>& time) {
    if (time.has_value()) Add(labels, absl::ToDoubleSeconds(*time - absl::UnixEpoch()));
  }

  prometheus::MetricFamily Take() { return std::move(family_); }

 private:
  const MetricInfo& info_;
  prometheus::MetricFamily family_;
};

}  // namespace rollcall

#endif  // AGENT_METRICS_SAMPLE_FAMILY_H_
