// The checks of schedules.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/config/checks.h"
#include "agent/config/cron.h"
#include "agent/config/spans.h"
#include "agent/config/time_zone.h"

namespace rollcall::config {
namespace {

void CheckJitter(const v1::Schedule& schedule, const Cron& cron, const absl::TimeZone& zone,
                 const std::string& path, Problems* problems) {
  const absl::Duration jitter = ToSpan(schedule.jitter());
  const absl::Duration wait = cron.ShortestWait(zone);
  if (jitter < wait) return;
  problems->AddAt(path + ".jitter",
                  absl::StrCat("is ", absl::FormatDuration(jitter), ", but starts of ",
                               Shown(schedule.cron()), " can follow each other within ",
                               absl::FormatDuration(wait), "; make it shorter than that"));
}

void CheckTimes(const v1::Schedule& schedule, const std::string& path, Problems* problems) {
  const absl::StatusOr<absl::TimeZone> zone = LoadZone(schedule.time_zone());
  if (!zone.ok()) problems->AddAt(path + ".time_zone", zone.status().message());
  if (schedule.cron().empty()) return;  // told already
  const absl::StatusOr<Cron> cron = Cron::Parse(schedule.cron());
  if (!cron.ok()) problems->AddAt(path + ".cron", cron.status().message());
  if (zone.ok() && cron.ok()) CheckJitter(schedule, *cron, *zone, path, problems);
}

}  // namespace

void CheckSchedules(const v1::Config& config, Problems* problems) {
  std::set<std::string> names;
  for (int i = 0; i < config.schedules_size(); ++i) {
    const v1::Schedule& schedule = config.schedules(i);
    const std::string path = absl::StrCat("schedules[", i, "]");
    CheckTimes(schedule, path, problems);
    if (schedule.name().empty()) continue;  // told already
    CheckName(schedule.name(), path + ".name", problems);
    if (!names.insert(schedule.name()).second) {
      problems->AddAt(path + ".name", absl::StrCat("another schedule is called ",
                                                   Shown(schedule.name()), "; rename one"));
    }
  }
}

}  // namespace rollcall::config
