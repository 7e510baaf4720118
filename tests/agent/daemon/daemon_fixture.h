// What the tests of the scheduler share: a state file, virtual time, a daemon that runs until a
// given moment and then ends in order or is killed, and a record of what it started.
#ifndef TESTS_AGENT_DAEMON_DAEMON_FIXTURE_H_
#define TESTS_AGENT_DAEMON_DAEMON_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/daemon/scheduler.h"
#include "agent/store/store.h"
#include "tests/support/lockstep_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {

inline absl::Time Utc(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(
      absl::ParseTime("%Y-%m-%d %H:%M:%S", text + (text.size() == 16 ? ":00" : ""), &time, &error))
      << text << ": " << error;
  return time;
}

inline std::string ShownUtc(absl::Time time) {
  return absl::FormatTime("%m-%d %H:%M", time, absl::UTCTimeZone());
}

inline Schedule MakeSchedule(const std::string& name, const std::string& cron,
                             const std::string& zone_name = "UTC",
                             absl::Duration jitter = absl::ZeroDuration()) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone)) << zone_name;
  auto parsed = config::Cron::Parse(cron);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return {name, ScheduleAction::kPlan, cron, *parsed, zone_name, zone, jitter};
}

class DaemonTest : public ::testing::Test {
 protected:
  using Report = absl::StatusOr<WorkReport>;
  using Script = std::function<void(Scheduler&)>;
  struct Start {
    std::string name;
    absl::Time due;
    absl::Time time;
  };

  void SetUp() override {
    auto opened = Store::Open(folder_.File("rollcall.db"));
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  // What the work of a schedule does; without one it takes a minute and succeeds.
  void WorkIs(const std::string& name, std::function<Report(const CallContext&)> work) {
    works_[name] = std::move(work);
  }
  // Takes so long, and succeeds.
  Report Take(absl::Duration time, const CallContext& context) {
    absl::Status slept = runtime_.SleepUntil(runtime_.Now() + time, context);
    if (!slept.ok()) return slept;
    return WorkReport{ScheduleResult::kSucceeded, "in step", "p-1", ""};
  }

  // A daemon from now until `until`, ended in order; the script runs beside it.
  void RunUntil(const std::string& until, const Script& script = {}) { Run(until, script, false); }
  // The same, killed at `until`: nothing that is not in the state by then gets there.
  void RunUntilKilled(const std::string& until, const Script& script = {}) {
    Run(until, script, true);
  }
  // No daemon runs.
  void DownUntil(const std::string& until) {
    ASSERT_TRUE(runtime_.SleepUntil(Utc(until), {}).ok());
  }
  void SleepUntil(const std::string& until) { DownUntil(until); }

  // When starts of a schedule were made: "03-01 02:00".
  std::vector<std::string> StartsOf(const std::string& name) const {
    std::vector<std::string> times;
    for (const Start& start : starts_) {
      if (start.name == name) times.push_back(ShownUtc(start.time));
    }
    return times;
  }

  static ScheduleStatus StatusOf(const Scheduler& scheduler, const std::string& name) {
    for (const ScheduleStatus& status : scheduler.status()) {
      if (status.schedule.name == name) return status;
    }
    ADD_FAILURE() << "no schedule " << name;
    return {MakeSchedule(name, "* * * * *"), {}, ""};
  }
  ScheduleRecord Stored(const std::string& name) {
    const auto records = store_->schedules().List();
    EXPECT_TRUE(records.ok()) << records.status();
    for (const ScheduleRecord& record : *records) {
      if (record.name == name) return record;
    }
    ADD_FAILURE() << "no record of " << name;
    return {};
  }

  TempFolder folder_;
  std::unique_ptr<Store> store_;
  LockstepRuntime runtime_{Utc("2026-03-01 00:00")};
  std::vector<Schedule> schedules_;
  std::vector<Start> starts_;

 private:
  void Run(const std::string& until, const Script& script, bool killed) {
    Scheduler* scheduler = nullptr;
    auto opened = Scheduler::Open(
        runtime_, store_->schedules(), schedules_,
        [&](const Schedule& schedule, const CallContext& context) -> Report {
          const auto status = StatusOf(*scheduler, schedule.name);
          starts_.push_back({schedule.name, status.record.running->due, runtime_.Now()});
          const auto work = works_.find(schedule.name);
          return work == works_.end() ? Take(absl::Minutes(1), context) : work->second(context);
        });
    ASSERT_TRUE(opened.ok()) << opened.status();
    scheduler = opened->get();
    StopFlag stop;
    std::vector<ScheduleRecord> durable;
    runtime_.RunAll({[&] { scheduler->Run({&stop}, {&stop}); },
                     [&] {
                       if (script) script(*scheduler);
                       SleepUntil(until);
                       durable = *store_->schedules().List();
                       stop.Request();
                     }});
    if (killed) Restore(durable);
  }

  void Restore(const std::vector<ScheduleRecord>& records) {
    for (const ScheduleRecord& record : records) {
      ASSERT_TRUE(store_->schedules().Remove(record.name).ok());
      ASSERT_TRUE(store_->schedules().SavePlanned(record).ok());
      if (record.last.has_value()) {
        ASSERT_TRUE(store_->schedules().End(record).ok());
      }
      if (record.running.has_value()) {
        ASSERT_TRUE(store_->schedules().Begin(record).ok());
      }
    }
  }

  std::map<std::string, std::function<Report(const CallContext&)>> works_;
};

}  // namespace rollcall

#endif  // TESTS_AGENT_DAEMON_DAEMON_FIXTURE_H_
