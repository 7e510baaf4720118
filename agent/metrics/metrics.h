// Metrics: the numbers of the daemon, in the text format of Prometheus (metric_table.h says which).
// Counts what it is told of as a WorkObserver; the rest is how things stand when somebody asks.
// Thread-safe; never asks the state file.
//
// Labels are ids of the configuration, names from our own code, and statuses. Bounded also if a
// server or a mistake made them up: what is beyond kMostEndpoints of a directory is "other", as is
// a status that HTTP does not have.
#ifndef AGENT_METRICS_METRICS_H_
#define AGENT_METRICS_METRICS_H_

#include <memory>
#include <string>

#include "agent/metrics/situation.h"
#include "agent/runs/work_observer.h"
#include "agent/store/retention.h"

namespace rollcall {

class Metrics final : public WorkObserver {
 public:
  static constexpr size_t kMostEndpoints = 256;  // of a directory

  explicit Metrics(std::string version);
  ~Metrics() override;

  void Sent(absl::string_view directory, absl::string_view endpoint,
            absl::string_view result) override;
  void Throttled(absl::string_view directory, absl::Duration duration, bool begins,
                 int http_status) override;
  void PlanEnded(const Plan& plan, absl::Duration took) override;
  void RunEnded(const Plan& plan, const RunRecord& run) override;
  void Deleted(const Deletions& deletions);
  // There is such a directory: what is counted of it is shown from 0 on, since Prometheus does not
  // see a first increase that brings the number along.
  void Expect(const std::string& directory);

  // Everything, as /metrics shows it.
  std::string Text(const Situation& situation) const;

 private:
  struct Counted;
  const std::string version_;
  const std::unique_ptr<Counted> counted_;
};

}  // namespace rollcall

#endif  // AGENT_METRICS_METRICS_H_
