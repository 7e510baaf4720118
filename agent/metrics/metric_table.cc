#include "agent/metrics/metric_table.h"

#include <cstdlib>

namespace rollcall {
namespace {

using enum MetricType;

std::vector<MetricInfo> OfDirectories() {
  return {
      {"rollcall_directory_healthy",
       kGauge,
       {"directory"},
       "0 from a plan or a run that could not use the directory until one that can."},
      {"rollcall_directory_last_read_timestamp_seconds",
       kGauge,
       {"directory"},
       "When a plan last read the directory completely."},
      {"rollcall_directory_last_success_timestamp_seconds",
       kGauge,
       {"directory"},
       "When the directory was last known to be as wanted."},
      {"rollcall_directory_drift",
       kGauge,
       {"directory", "kind"},
       "What was left to do after the last complete plan, or the run of it."},
      {"rollcall_directory_requests_total",
       kCounter,
       {"directory", "endpoint", "status"},
       "Requests sent, retries included."},
      {"rollcall_directory_throttled_seconds_total",
       kCounter,
       {"directory"},
       "How long the directory told Rollcall to wait."},
      {"rollcall_directory_throttles_total",
       kCounter,
       {"directory", "status"},
       "How often the directory told Rollcall to wait."},
  };
}

std::vector<MetricInfo> OfWork() {
  return {
      {"rollcall_changes_total",
       kCounter,
       {"directory", "action", "outcome"},
       "Changes of runs that ended."},
      {"rollcall_guard_trips_total",
       kCounter,
       {"guard", "effect"},
       "Plans that the guard blocked, or took changes out of."},
      {"rollcall_plan_duration_seconds",
       kHistogram,
       {"state"},
       "How long plans took, by what became of them."},
      {"rollcall_run_duration_seconds",
       kHistogram,
       {"state"},
       "How long runs took from their first start to their end."},
      {"rollcall_runs_active", kGauge, {}, "Runs that this process is at work on."},
  };
}

std::vector<MetricInfo> OfSchedules() {
  return {
      {"rollcall_schedule_state",
       kGauge,
       {"schedule", "state"},
       "1 for the state that the schedule is in."},
      {"rollcall_schedule_last_result",
       kGauge,
       {"schedule", "result"},
       "1 for how the last start ended."},
      {"rollcall_schedule_last_end_timestamp_seconds",
       kGauge,
       {"schedule"},
       "When the last start ended."},
      {"rollcall_schedule_next_start_timestamp_seconds",
       kGauge,
       {"schedule"},
       "When the schedule starts next."},
      {"rollcall_schedule_failures", kGauge, {"schedule"}, "Failures in a row."},
      {"rollcall_schedules_held",
       kGauge,
       {},
       "1 where this agent makes the scheduled starts of its state."},
  };
}

std::vector<MetricInfo> OfTheAgent() {
  return {
      {"rollcall_build_info", kGauge, {"version"}, "1; which build this is."},
      {"rollcall_config_last_reload_successful",
       kGauge,
       {},
       "0 when the configuration was read again and refused."},
      {"rollcall_config_last_reload_success_timestamp_seconds",
       kGauge,
       {},
       "When the configuration in use was read."},
      {"rollcall_state_answers", kGauge, {}, "1 while the state file answers."},
      {"rollcall_state_plans", kGauge, {}, "Plans that the state holds."},
      {"rollcall_state_runs", kGauge, {}, "Runs that the state holds."},
      {"rollcall_state_size_bytes", kGauge, {}, "Size of the state file."},
      {"rollcall_retention_deleted_total",
       kCounter,
       {"kind"},
       "What was deleted because of its age or number."},
  };
}

std::vector<MetricInfo> OfTheProcess() {
  return {
      {"process_cpu_seconds_total", kCounter, {}, "Processor time."},
      {"process_resident_memory_bytes", kGauge, {}, "Memory that is in use."},
      {"process_virtual_memory_bytes", kGauge, {}, "Memory that is mapped."},
      {"process_open_fds", kGauge, {}, "Open files."},
      {"process_max_fds", kGauge, {}, "How many files may be open."},
      {"process_start_time_seconds", kGauge, {}, "When the process was started."},
  };
}

}  // namespace

const std::vector<MetricInfo>& MetricTable() {
  static const auto& kTable = *[] {
    auto* table = new std::vector<MetricInfo>;
    for (const auto& part :
         {OfTheAgent(), OfDirectories(), OfWork(), OfSchedules(), OfTheProcess()}) {
      table->insert(table->end(), part.begin(), part.end());
    }
    return table;
  }();
  return kTable;
}

const MetricInfo& FindMetric(absl::string_view name) {
  for (const MetricInfo& info : MetricTable()) {
    if (absl::string_view(info.name) == name) return info;
  }
  std::abort();  // our own names
}

}  // namespace rollcall
