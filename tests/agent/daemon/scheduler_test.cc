#include "agent/daemon/scheduler.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/store/sqlite.h"
#include "tests/agent/daemon/daemon_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class SchedulerTest : public DaemonTest {};

constexpr absl::Duration kForever = absl::InfiniteDuration();

TEST_F(SchedulerTest, StartsWhenDueAndRecordsWhatCameOfIt) {
  schedules_ = {MakeSchedule("nightly", "0 2 * * *")};
  WorkIs("nightly", [&](const CallContext& context) -> Report {
    EXPECT_TRUE(Take(absl::Minutes(5), context).ok());
    return WorkReport{ScheduleResult::kBlocked, "max_deactivations blocks it", "p-1", "r-1"};
  });
  RunUntil("2026-03-02 12:00", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-02 02:03");
    EXPECT_EQ(StatusOf(scheduler, "nightly").record.running->started, Utc("2026-03-02 02:00"));
    SleepUntil("2026-03-02 03:00");
    const ScheduleRecord record = StatusOf(scheduler, "nightly").record;
    const ScheduleRecord::Ended ended = {Utc("2026-03-02 02:00"),
                                         Utc("2026-03-02 02:00"),
                                         Utc("2026-03-02 02:05"),
                                         ScheduleResult::kBlocked,
                                         "max_deactivations blocks it",
                                         "p-1",
                                         "r-1"};
    EXPECT_EQ(record.last, ended);
    EXPECT_EQ(record.running, std::nullopt);
    EXPECT_EQ(record.failures, 0) << "a blocked plan is an answer";
    EXPECT_EQ(record.planned.next_start, Utc("2026-03-03 02:00"));
    EXPECT_EQ(record, Stored("nightly"));
  });
  EXPECT_THAT(StartsOf("nightly"), ElementsAre("03-01 02:00", "03-02 02:00"));
}

TEST_F(SchedulerTest, WaitingCostsNothing) {
  schedules_ = {MakeSchedule("nightly", "0 2 * * *"), MakeSchedule("weekly", "0 3 * * 0")};
  RunUntil("2026-04-01 00:00");
  EXPECT_EQ(starts_.size(), 31u + 5u);
  EXPECT_LE(runtime_.idled(), 1 + 2 * static_cast<int64_t>(starts_.size()))
      << "a look for each start and for each end";
}

TEST_F(SchedulerTest, NothingOverlapsItselfAndTheSkippedStartIsShown) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  WorkIs("hourly", [&](const CallContext& context) { return Take(absl::Minutes(150), context); });
  RunUntil("2026-03-01 07:30", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 02:30");
    const ScheduleStatus status = StatusOf(scheduler, "hourly");
    EXPECT_EQ(status.record.planned.skipped_due, Utc("2026-03-01 02:00"));
    EXPECT_EQ(status.record.planned.skip_reason,
              "the start of 2026-03-01 01:00:00 UTC was still running");
    EXPECT_THAT(HealthProblem(status), HasSubstr("was still running"));
    SleepUntil("2026-03-01 03:45");
    EXPECT_EQ(HealthProblem(StatusOf(scheduler, "hourly")), "");
  });
  EXPECT_THAT(StartsOf("hourly"), ElementsAre("03-01 01:00", "03-01 04:00", "03-01 07:00"));
}

TEST_F(SchedulerTest, AHungOneKeepsBackOnlyItself) {
  schedules_ = {MakeSchedule("a", "0 * * * *"), MakeSchedule("b", "0 * * * *"),
                MakeSchedule("hung", "0 * * * *")};
  WorkIs("hung", [&](const CallContext& context) { return Take(kForever, context); });
  WorkIs("a", [&](const CallContext& context) { return Take(absl::Minutes(59), context); });
  RunUntil("2026-03-02 00:30", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 05:30");
    EXPECT_TRUE(StatusOf(scheduler, "a").record.running.has_value());
    EXPECT_EQ(StatusOf(scheduler, "hung").record.running->started, Utc("2026-03-01 01:00"));
  });
  EXPECT_THAT(StartsOf("hung"), ElementsAre("03-01 01:00"));
  EXPECT_THAT(StartsOf("a"), SizeIs(24));
  EXPECT_THAT(StartsOf("b"), SizeIs(24));
}

TEST_F(SchedulerTest, MissedTimesRunOnceAtTheNextStart) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  RunUntil("2026-03-01 01:30");
  DownUntil("2026-03-01 09:20");
  RunUntil("2026-03-01 10:30", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 09:21");
    const ScheduleRecord::Planned planned = StatusOf(scheduler, "hourly").record.planned;
    EXPECT_EQ(planned.skipped_due, Utc("2026-03-01 08:00"));
    EXPECT_THAT(planned.skip_reason, StartsWith("7 times from 2026-03-01 02:00:00 UTC on passed"));
  });
  EXPECT_THAT(StartsOf("hourly"), ElementsAre("03-01 01:00", "03-01 09:20", "03-01 10:00"));
  EXPECT_EQ(starts_[1].due, Utc("2026-03-01 09:00"));
}

TEST_F(SchedulerTest, AShortEndThatMissesNothingStartsNothing) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  RunUntil("2026-03-01 01:30");
  DownUntil("2026-03-01 01:59");
  RunUntil("2026-03-01 02:30");
  EXPECT_THAT(StartsOf("hourly"), ElementsAre("03-01 01:00", "03-01 02:00"));
}

TEST_F(SchedulerTest, AScheduleNewToTheStateIsFirstDueAtItsNextTime) {
  schedules_ = {MakeSchedule("old", "0 2 * * *")};
  RunUntil("2026-03-01 12:00");
  DownUntil("2026-03-05 12:00");
  schedules_.push_back(MakeSchedule("new", "0 2 * * *"));
  RunUntil("2026-03-06 12:00");
  EXPECT_THAT(StartsOf("old"), ElementsAre("03-01 02:00", "03-05 12:00", "03-06 02:00"));
  EXPECT_THAT(StartsOf("new"), ElementsAre("03-06 02:00"));
}

TEST_F(SchedulerTest, JitterIsDrawnForEachStart) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *", "UTC", absl::Minutes(30))};
  RunUntil("2026-03-03 00:59");
  ASSERT_THAT(starts_, SizeIs(48));
  std::set<absl::Duration> drawn;
  for (size_t i = 0; i < starts_.size(); ++i) {
    EXPECT_EQ(starts_[i].due, Utc("2026-03-01 01:00") + absl::Hours(1) * i);
    drawn.insert(starts_[i].time - starts_[i].due);
  }
  EXPECT_GE(drawn.size(), 47u);
  EXPECT_GE(*drawn.begin(), absl::ZeroDuration());
  EXPECT_LE(*drawn.rbegin(), absl::Minutes(30));
  EXPECT_GT(*drawn.rbegin(), absl::Minutes(25));
}

TEST_F(SchedulerTest, ARestartBetweenDueAndStartNeitherLosesNorDoublesNorDraws) {
  schedules_ = {MakeSchedule("daily", "0 0 * * *", "UTC", absl::Hours(12))};
  std::optional<absl::Time> drawn;
  for (int day = 1; day <= 7; ++day) {
    for (int hour : {1, 4, 7, 10, 13}) {
      RunUntilKilled(absl::StrFormat("2026-03-%02d %02d:00", day, hour), [&](Scheduler& scheduler) {
        const auto planned = StatusOf(scheduler, "daily").record.planned;
        if (hour > 1 && hour < 13 && drawn.has_value() && planned.next_due <= runtime_.Now()) {
          EXPECT_EQ(planned.next_start, drawn) << day << " " << hour;
        }
        drawn = planned.next_start;
      });
    }
  }
  ASSERT_THAT(starts_, SizeIs(6));
  for (size_t i = 0; i < starts_.size(); ++i) {
    EXPECT_EQ(starts_[i].due, Utc("2026-03-02 00:00") + absl::Hours(24) * i);
    EXPECT_LE(starts_[i].time - starts_[i].due, absl::Hours(12));
  }
}

TEST_F(SchedulerTest, AFailingScheduleBacksOffAndASuccessEndsIt) {
  schedules_ = {MakeSchedule("often", "*/5 * * * *")};
  bool fails = true;
  WorkIs("often", [&](const CallContext& context) -> Report {
    if (fails) return absl::UnavailableError("crowd cannot be read");
    return Take(absl::ZeroDuration(), context);
  });
  RunUntil("2026-03-01 04:29", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 00:21");
    const ScheduleStatus status = StatusOf(scheduler, "often");
    EXPECT_EQ(status.record.failures, 4);
    EXPECT_EQ(status.record.backing_off_until, Utc("2026-03-01 00:28"));
    EXPECT_EQ(HealthProblem(status),
              "schedule often: failed 4 times in a row: crowd cannot be read");
    SleepUntil("2026-03-01 00:26");
    EXPECT_EQ(StatusOf(scheduler, "often").record.planned.skip_reason,
              "it failed 4 times in a row and backs off until 2026-03-01 00:28:00 UTC");
    SleepUntil("2026-03-01 04:00");
    fails = false;
    SleepUntil("2026-03-01 04:26");
    EXPECT_EQ(StatusOf(scheduler, "often").record.failures, 0);
    EXPECT_EQ(StatusOf(scheduler, "often").record.backing_off_until, std::nullopt);
    EXPECT_EQ(HealthProblem(StatusOf(scheduler, "often")), "");
  });
  // After 1, 2, 4, 8, 16, 32 minutes, then hours.
  EXPECT_THAT(
      StartsOf("often"),
      ElementsAre("03-01 00:05", "03-01 00:10", "03-01 00:15", "03-01 00:20", "03-01 00:30",
                  "03-01 00:50", "03-01 01:25", "03-01 02:25", "03-01 03:25", "03-01 04:25"));
}

TEST_F(SchedulerTest, BackingOffSurvivesARestart) {
  schedules_ = {MakeSchedule("often", "* * * * *")};
  WorkIs("often", [&](const CallContext&) -> Report { return absl::InternalError("no"); });
  RunUntil("2026-03-01 00:04:30");
  EXPECT_THAT(StartsOf("often"), ElementsAre("03-01 00:01", "03-01 00:02", "03-01 00:04"));
  DownUntil("2026-03-01 00:06:30");
  RunUntil("2026-03-01 00:08:30");
  EXPECT_THAT(StartsOf("often"), SizeIs(4)) << "nothing before 00:08";
  EXPECT_EQ(StartsOf("often").back(), "03-01 00:08");
}

TEST_F(SchedulerTest, AClockSetForwardMakesOneStart) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  RunUntil("2026-03-01 09:30", [&](Scheduler&) {
    SleepUntil("2026-03-01 01:30");
    runtime_.StepClock(absl::Hours(6));  // suspended until 07:30
  });
  EXPECT_THAT(StartsOf("hourly"),
              ElementsAre("03-01 01:00", "03-01 07:30", "03-01 08:00", "03-01 09:00"));
}

TEST_F(SchedulerTest, AClockSetBackStartsNothingTwice) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  RunUntil("2026-03-01 04:30", [&](Scheduler&) {
    SleepUntil("2026-03-01 03:10");
    runtime_.StepClock(-absl::Hours(3));  // 00:10
    SleepUntil("2026-03-01 03:50");
    EXPECT_THAT(StartsOf("hourly"), SizeIs(3));
  });
  EXPECT_THAT(StartsOf("hourly"),
              ElementsAre("03-01 01:00", "03-01 02:00", "03-01 03:00", "03-01 04:00"));
}

TEST_F(SchedulerTest, AClockThatWasYearsAheadDoesNotSilenceASchedule) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  RunUntil("2026-03-01 05:30", [&](Scheduler&) {
    SleepUntil("2026-03-01 01:30");
    runtime_.StepClock(absl::Hours(24 * 366));
    SleepUntil("2027-03-02 02:30");
    runtime_.StepClock(-absl::Hours(24 * 366));
  });
  EXPECT_THAT(StartsOf("hourly"), ElementsAre("03-01 01:00", "03-02 01:30", "03-02 02:00",
                                              "03-01 03:00", "03-01 04:00", "03-01 05:00"));
}

TEST_F(SchedulerTest, StoppedWorkIsMadeUpForOnce) {
  schedules_ = {MakeSchedule("daily", "0 2 * * *")};
  WorkIs("daily", [&](const CallContext& context) { return Take(absl::Hours(1), context); });
  RunUntil("2026-03-01 02:30");
  EXPECT_EQ(runtime_.Now(), Utc("2026-03-01 02:30")) << "it ends at once";
  EXPECT_EQ(Stored("daily").last->result, ScheduleResult::kInterrupted);
  EXPECT_EQ(Stored("daily").failures, 0) << "to be stopped is no failure";
  DownUntil("2026-03-01 02:40");
  RunUntil("2026-03-01 04:00");
  RunUntil("2026-03-01 12:00");
  EXPECT_THAT(StartsOf("daily"), ElementsAre("03-01 02:00", "03-01 02:40"));
  EXPECT_EQ(starts_[1].due, Utc("2026-03-01 02:00"));
  EXPECT_EQ(Stored("daily").last->result, ScheduleResult::kSucceeded);
}

TEST_F(SchedulerTest, WorkMayGoOnWhileNothingNewStarts) {
  schedules_ = {MakeSchedule("daily", "0 2 * * *"), MakeSchedule("often", "*/5 * * * *")};
  StopFlag stop;
  StopFlag interrupt;
  int often = 0;
  auto scheduler =
      Scheduler::Open(runtime_, store_->schedules(), schedules_,
                      [&](const Schedule& schedule, const CallContext& context) -> Report {
                        if (schedule.name == "daily") return Take(absl::Hours(1), context);
                        ++often;
                        return WorkReport{};
                      });
  ASSERT_TRUE(scheduler.ok());
  runtime_.RunAll({[&] { (*scheduler)->Run({&stop}, {&interrupt}); },
                   [&] {
                     SleepUntil("2026-03-01 02:30");
                     stop.Request();
                   }});
  EXPECT_EQ(runtime_.Now(), Utc("2026-03-01 03:00"));
  EXPECT_EQ(often, 30);
  EXPECT_EQ(Stored("daily").last->result, ScheduleResult::kSucceeded);
}

TEST_F(SchedulerTest, WorkThatAKillCutOffIsMadeUpForOnce) {
  schedules_ = {MakeSchedule("daily", "0 2 * * *")};
  WorkIs("daily", [&](const CallContext& context) { return Take(absl::Hours(1), context); });
  RunUntilKilled("2026-03-01 02:30");
  DownUntil("2026-03-01 02:40");
  RunUntil("2026-03-01 12:00", [&](Scheduler& scheduler) {
    const ScheduleRecord record = StatusOf(scheduler, "daily").record;
    EXPECT_EQ(record.last->result, ScheduleResult::kInterrupted);
    EXPECT_EQ(record.last->message, "Rollcall ended while it ran");
    EXPECT_EQ(record.failures, 1);
  });
  RunUntil("2026-03-01 13:00");
  EXPECT_THAT(StartsOf("daily"), ElementsAre("03-01 02:00", "03-01 02:40"));
  EXPECT_EQ(Stored("daily").failures, 0);
}

TEST_F(SchedulerTest, WorkThatBringsRollcallDownEachTimeIsTriedMoreAndMoreRarely) {
  schedules_ = {MakeSchedule("daily", "0 2 * * *")};
  RunUntil("2026-03-01 01:59");
  WorkIs("daily", [&](const CallContext& context) { return Take(kForever, context); });
  // All ends a second after the work has begun, and is at once started again.
  for (const char* end : {"02:00:01", "02:00:02", "02:02:03", "02:06:04", "02:14:05", "02:30:06",
                          "03:02:07", "04:02:08", "05:02:09"}) {
    RunUntilKilled(absl::StrCat("2026-03-01 ", end));
  }
  EXPECT_THAT(StartsOf("daily"),
              ElementsAre("03-01 02:00", "03-01 02:00", "03-01 02:02", "03-01 02:06", "03-01 02:14",
                          "03-01 02:30", "03-01 03:02", "03-01 04:02", "03-01 05:02"));
}

TEST_F(SchedulerTest, ReplacedSchedulesTakeEffectAndWhatRunsGoesOn) {
  schedules_ = {MakeSchedule("changed", "0 2 * * *"), MakeSchedule("gone", "0 1 * * *"),
                MakeSchedule("same", "0 3 * * *")};
  WorkIs("gone", [&](const CallContext& context) { return Take(absl::Hours(1), context); });
  RunUntil("2026-03-01 12:00", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 01:30");
    scheduler.Replace({MakeSchedule("changed", "45 1 * * *"), MakeSchedule("new", "0 4 * * *"),
                       MakeSchedule("same", "0 3 * * *")});
    SleepUntil("2026-03-01 01:31");
    EXPECT_THAT(scheduler.status(), SizeIs(3));
    EXPECT_EQ(StatusOf(scheduler, "changed").record.planned.next_start, Utc("2026-03-01 01:45"));
    EXPECT_THAT(*store_->schedules().List(), SizeIs(4)) << "one that is gone still runs";
    SleepUntil("2026-03-01 02:30");
    EXPECT_THAT(*store_->schedules().List(), SizeIs(3));
    SleepUntil("2026-03-01 11:00");
    scheduler.Replace({});
  });
  EXPECT_THAT(StartsOf("gone"), ElementsAre("03-01 01:00"));
  EXPECT_THAT(StartsOf("changed"), ElementsAre("03-01 01:45"));
  EXPECT_THAT(StartsOf("same"), ElementsAre("03-01 03:00"));
  EXPECT_THAT(StartsOf("new"), ElementsAre("03-01 04:00"));
  EXPECT_THAT(*store_->schedules().List(), IsEmpty());
}

TEST_F(SchedulerTest, ARunningScheduleThatComesBackDoesNotOverlapItself) {
  schedules_ = {MakeSchedule("a", "0 * * * *")};
  WorkIs("a", [&](const CallContext& context) { return Take(absl::Minutes(90), context); });
  RunUntil("2026-03-01 03:40", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 01:10");
    scheduler.Replace({});
    SleepUntil("2026-03-01 01:20");
    EXPECT_THAT(scheduler.status(), IsEmpty());
    scheduler.Replace({MakeSchedule("a", "30 * * * *")});
    SleepUntil("2026-03-01 01:40");
    EXPECT_EQ(StatusOf(scheduler, "a").record.planned.skipped_due, Utc("2026-03-01 01:30"));
  });
  // The work ends at 02:30, when the next one is due: that was decided first.
  EXPECT_THAT(StartsOf("a"), ElementsAre("03-01 01:00", "03-01 03:30"));
}

TEST_F(SchedulerTest, AChangeWhileRollcallIsDownStartsWhatWasMissedBefore) {
  schedules_ = {MakeSchedule("a", "0 2 * * *"), MakeSchedule("b", "0 20 * * *")};
  RunUntil("2026-03-01 01:00");
  DownUntil("2026-03-01 12:00");
  schedules_ = {MakeSchedule("a", "0 14 * * *"), MakeSchedule("b", "0 10 * * *")};
  RunUntil("2026-03-02 11:00");
  EXPECT_THAT(StartsOf("a"), ElementsAre("03-01 12:00", "03-01 14:00"));
  EXPECT_THAT(StartsOf("b"), ElementsAre("03-02 10:00")) << "was not due at 10:00 by then";
}

TEST_F(SchedulerTest, WhatCannotBeRecordedDoesNotStart) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  auto other = Database::Open(store_->file());
  ASSERT_TRUE(other.ok());
  const auto run = [&](const std::string& sql) {
    ASSERT_TRUE((*other)->Write([&] { return (*other)->Run(sql); }).ok());
  };
  RunUntil("2026-03-01 02:30", [&](Scheduler& scheduler) {
    run("ALTER TABLE schedules RENAME TO elsewhere");
    SleepUntil("2026-03-01 01:10");
    EXPECT_THAT(starts_, IsEmpty());
    EXPECT_THAT(HealthProblem(StatusOf(scheduler, "hourly")),
                StartsWith("schedule hourly: its record cannot be written, so it does not start"));
    run("ALTER TABLE elsewhere RENAME TO schedules");
    SleepUntil("2026-03-01 01:11");
    EXPECT_EQ(HealthProblem(StatusOf(scheduler, "hourly")), "");
  });
  EXPECT_THAT(StartsOf("hourly"), ElementsAre("03-01 01:10", "03-01 02:00"));
}

TEST_F(SchedulerTest, AnEndThatCannotBeRecordedIsRecordedLater) {
  schedules_ = {MakeSchedule("hourly", "0 * * * *")};
  auto other = Database::Open(store_->file());
  ASSERT_TRUE(other.ok());
  const auto run = [&](const std::string& sql) {
    ASSERT_TRUE((*other)->Write([&] { return (*other)->Run(sql); }).ok());
  };
  RunUntilKilled("2026-03-01 01:30", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 01:00:30");
    run("ALTER TABLE schedules RENAME TO elsewhere");
    SleepUntil("2026-03-01 01:10");
    EXPECT_EQ(StatusOf(scheduler, "hourly").record.last->ended, Utc("2026-03-01 01:01"));
    EXPECT_NE(StatusOf(scheduler, "hourly").trouble, "");
    run("ALTER TABLE elsewhere RENAME TO schedules");
    SleepUntil("2026-03-01 01:11");
    EXPECT_EQ(StatusOf(scheduler, "hourly").trouble, "");
  });
  EXPECT_EQ(Stored("hourly").running, std::nullopt);
  EXPECT_EQ(Stored("hourly").last->ended, Utc("2026-03-01 01:01"));
}

TEST_F(SchedulerTest, AReplacementThatCannotBeRecordedIsTakenOverLater) {
  schedules_ = {MakeSchedule("a", "0 2 * * *")};
  auto other = Database::Open(store_->file());
  ASSERT_TRUE(other.ok());
  const auto run = [&](const std::string& sql) {
    ASSERT_TRUE((*other)->Write([&] { return (*other)->Run(sql); }).ok());
  };
  RunUntil("2026-03-01 05:00", [&](Scheduler& scheduler) {
    SleepUntil("2026-03-01 00:10");
    run("ALTER TABLE schedules RENAME TO elsewhere");
    scheduler.Replace({MakeSchedule("a", "0 3 * * *")});
    SleepUntil("2026-03-01 00:20");
    EXPECT_NE(StatusOf(scheduler, "a").trouble, "");
    run("ALTER TABLE elsewhere RENAME TO schedules");
    SleepUntil("2026-03-01 00:21");
    EXPECT_EQ(StatusOf(scheduler, "a").trouble, "");
  });
  EXPECT_THAT(StartsOf("a"), ElementsAre("03-01 03:00"));
}

}  // namespace
}  // namespace rollcall
