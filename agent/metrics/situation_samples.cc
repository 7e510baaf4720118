#include "agent/metrics/situation_samples.h"

#include "agent/metrics/sample_family.h"

namespace rollcall {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

void AddOne(Families& families, absl::string_view name, double value) {
  SampleFamily family(name);
  family.Add({}, value);
  families.push_back(family.Take());
}

void AddDirectories(const Situation& situation, Families& families) {
  SampleFamily healthy("rollcall_directory_healthy");
  SampleFamily read("rollcall_directory_last_read_timestamp_seconds");
  SampleFamily success("rollcall_directory_last_success_timestamp_seconds");
  SampleFamily drift("rollcall_directory_drift");
  for (const DirectoryStatus& status : situation.directories) {
    for (const auto& [kind, count] : status.drift) {
      drift.Add({status.directory, kind}, static_cast<double>(count));
    }
    if (status.directory.empty()) continue;
    const bool tried = status.read.has_value() || status.failed.has_value();
    if (tried) healthy.Add({status.directory}, status.failed.has_value() ? 0 : 1);
    read.Add({status.directory}, status.read);
    success.Add({status.directory}, status.success);
  }
  for (SampleFamily* family : {&healthy, &read, &success, &drift}) {
    families.push_back(family->Take());
  }
}

const char* StateOf(const ScheduleStatus& status, absl::Time now) {
  if (status.record.running.has_value()) return "running";
  if (!status.trouble.empty()) return "blocked";
  const auto& until = status.record.backing_off_until;
  return until.has_value() && now < *until ? "backing_off" : "waiting";
}

const char* NameOf(ScheduleResult result) {
  switch (result) {
    case ScheduleResult::kSucceeded:
      return "succeeded";
    case ScheduleResult::kBlocked:
      return "blocked";
    case ScheduleResult::kFailed:
      return "failed";
    case ScheduleResult::kInterrupted:
      break;
  }
  return "interrupted";
}

// 1 for the one that is so, 0 for the others.
void AddChoice(SampleFamily& family, const std::string& whose,
               const std::vector<std::string>& choices, const std::string& chosen) {
  for (const std::string& choice : choices) {
    family.Add({whose, choice}, choice == chosen ? 1 : 0);
  }
}

void AddSchedules(const Situation& situation, Families& families) {
  SampleFamily state("rollcall_schedule_state");
  SampleFamily result("rollcall_schedule_last_result");
  SampleFamily end("rollcall_schedule_last_end_timestamp_seconds");
  SampleFamily next("rollcall_schedule_next_start_timestamp_seconds");
  SampleFamily failures("rollcall_schedule_failures");
  for (const ScheduleStatus& status : situation.schedules) {
    const std::string& name = status.schedule.name;
    AddChoice(state, name, {"waiting", "running", "backing_off", "blocked"},
              StateOf(status, situation.now));
    if (status.record.last.has_value()) {
      AddChoice(result, name, {"succeeded", "blocked", "failed", "interrupted"},
                NameOf(status.record.last->result));
      end.Add({name}, status.record.last->ended);
    }
    next.Add({name}, status.record.planned.next_start);
    failures.Add({name}, static_cast<double>(status.record.failures));
  }
  for (SampleFamily* family : {&state, &result, &end, &next, &failures}) {
    families.push_back(family->Take());
  }
}

void AddState(const Situation& situation, Families& families) {
  AddOne(families, "rollcall_state_answers", situation.state_trouble.empty() ? 1 : 0);
  if (!situation.size.has_value()) return;
  AddOne(families, "rollcall_state_plans", static_cast<double>(situation.size->plans));
  AddOne(families, "rollcall_state_runs", static_cast<double>(situation.size->runs));
  AddOne(families, "rollcall_state_size_bytes", static_cast<double>(situation.size->bytes));
}

}  // namespace

Families SamplesOf(const Situation& situation, const std::string& version) {
  Families families;
  SampleFamily build("rollcall_build_info");
  build.Add({version}, 1);
  families.push_back(build.Take());
  AddOne(families, "rollcall_config_last_reload_successful", situation.reload_successful ? 1 : 0);
  SampleFamily configured("rollcall_config_last_reload_success_timestamp_seconds");
  configured.Add({}, situation.configured);
  families.push_back(configured.Take());
  AddDirectories(situation, families);
  AddSchedules(situation, families);
  AddOne(families, "rollcall_schedules_held", situation.schedules_held ? 1 : 0);
  AddOne(families, "rollcall_runs_active", static_cast<double>(situation.runs_active));
  AddState(situation, families);
  return families;
}

}  // namespace rollcall
