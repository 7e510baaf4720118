// A daemon as the tests of metrics and health find it: one directory works, one does not, a
// schedule backs off, something was counted.
#ifndef TESTS_AGENT_METRICS_SAMPLE_SITUATION_H_
#define TESTS_AGENT_METRICS_SAMPLE_SITUATION_H_

#include "agent/metrics/situation.h"

namespace rollcall {

inline const absl::Time kSampleTime = absl::FromUnixSeconds(1'790'000'000);

inline Situation SampleSituation() {
  Situation situation;
  situation.now = kSampleTime;
  situation.moved = kSampleTime - absl::Seconds(10);
  situation.configured = kSampleTime - absl::Hours(3);
  DirectoryStatus all;
  all.drift = {{"group_not_in_export", 1}};
  DirectoryStatus crowd;
  crowd.directory = "crowd";
  crowd.read = kSampleTime - absl::Hours(2);
  crowd.failed = kSampleTime - absl::Hours(1);
  crowd.problem = "the key of bot@example.com was refused";
  crowd.drift = {{"deactivate", 7}};
  DirectoryStatus scim;
  scim.directory = "scim";
  scim.read = kSampleTime - absl::Hours(1);
  scim.success = scim.read;
  situation.directories = {all, crowd, scim};
  const Schedule schedule{
      "nightly", ScheduleAction::kPlan, "0 2 * * *",         *config::Cron::Parse("0 2 * * *"),
      "UTC",     absl::UTCTimeZone(),   absl::ZeroDuration()};
  ScheduleRecord record;
  record.name = "nightly";
  record.planned.next_start = kSampleTime + absl::Hours(1);
  record.last.emplace();
  record.last->ended = kSampleTime - absl::Minutes(5);
  record.last->result = ScheduleResult::kFailed;
  record.last->message = "the export of jane@example.com could not be read";
  record.failures = 2;
  record.backing_off_until = kSampleTime + absl::Minutes(1);
  situation.schedules.push_back({schedule, record, ""});
  situation.schedules_held = true;
  situation.runs_active = 1;
  situation.size = StateSize{12, 5, 4096};
  return situation;
}

}  // namespace rollcall

#endif  // TESTS_AGENT_METRICS_SAMPLE_SITUATION_H_
