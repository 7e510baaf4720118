#include "agent/metrics/health_page.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

std::vector<std::string> Faults(const Situation& situation) {
  std::vector<std::string> faults;
  if (!situation.state_trouble.empty()) {
    faults.push_back(
        absl::StrCat("The state file does not answer: ", situation.state_trouble, "."));
  }
  const absl::Duration still = situation.now - situation.moved;
  // Who stops waits for what is in flight, and has told so.
  if (!situation.stopping && still > kLongestStandstill) {
    faults.push_back(absl::StrCat("The main loop has not moved for ",
                                  absl::FormatDuration(absl::Trunc(still, absl::Seconds(1))), "."));
  }
  return faults;
}

// What no new start cures.
std::vector<std::string> Notes(const Situation& situation) {
  std::vector<std::string> notes;
  for (const DirectoryStatus& status : situation.directories) {
    if (!status.failed.has_value()) continue;
    notes.push_back(
        absl::StrCat("Directory ", status.directory, " cannot be used since ",
                     absl::FormatTime(absl::RFC3339_sec, *status.failed, absl::UTCTimeZone()),
                     "; its last plan, or run, says why."));
  }
  for (const ScheduleStatus& status : situation.schedules) {
    if (HealthProblem(status).empty()) continue;
    notes.push_back(
        absl::StrCat("Schedule ", status.schedule.name, " is in trouble; ListSchedules says why."));
  }
  if (!situation.reload_successful) {
    notes.push_back(
        "The configuration has errors and the one of before is used; the log says why.");
  }
  return notes;
}

Page Show(const std::vector<std::string>& faults, const std::vector<std::string>& notes) {
  Page page;
  page.status = faults.empty() ? 200 : 503;
  page.type = "text/plain; charset=utf-8";
  if (faults.empty()) page.body = "ok\n";
  for (const std::string& fault : faults) absl::StrAppend(&page.body, fault, "\n");
  for (const std::string& note : notes) absl::StrAppend(&page.body, note, "\n");
  return page;
}

}  // namespace

Page HealthPage(const Situation& situation) { return Show(Faults(situation), Notes(situation)); }

Page ReadinessPage(const Situation& situation) {
  std::vector<std::string> faults = Faults(situation);
  if (situation.stopping) faults.push_back("Rollcall is stopping.");
  return Show(faults, Notes(situation));
}

}  // namespace rollcall
