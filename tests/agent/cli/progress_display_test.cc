#include "agent/cli/progress_display.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/support/fake_runtime.h"

namespace rollcall {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ProgressDisplayTest, WithoutATerminalALineComesEveryFewSeconds) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  for (int i = 0; i <= 100; ++i) {
    display.Advance("corp", Stage::kApplying, i, 100);
    runtime.Advance(absl::Milliseconds(100));
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_THAT(text, HasSubstr("corp: applying 50 of 100, 10 a second, about 5 s left\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(ProgressDisplayTest, WhoWaitsForAChangeToShowSeesTimeGoBy) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  for (int i = 0; i < 7; ++i) {
    display.Advance("site", Stage::kVerifying, 3, 4);
    runtime.Advance(absl::Seconds(1));
  }
  EXPECT_THAT(out.str(), HasSubstr("site: verifying 3 of 4, waited for "));
}

TEST(ProgressDisplayTest, WhatTakesNoTimeIsNotTold) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  for (int i = 0; i <= 100; ++i) display.Advance("corp", Stage::kReading, i, 0);
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressDisplayTest, AWaitIsToldOnceHoweverManyWorkersMeetIt) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  display.Throttled("corp", runtime.Now() + absl::Seconds(30), 429);
  display.Throttled("corp", runtime.Now() + absl::Seconds(30), 429);
  display.Throttled("corp", runtime.Now() + absl::Seconds(31), 429);
  EXPECT_EQ(out.str(), "corp: the directory asks to wait (429), going on in about 30 s\n");
  runtime.Advance(absl::Seconds(40));
  display.Throttled("corp", runtime.Now() + absl::Seconds(5), 429);
  EXPECT_THAT(out.str(), HasSubstr("going on in about 5 s"));
}

TEST(ProgressDisplayTest, ManyShortWaitsAreALineEveryFewSecondsWithTheirCountAndSum) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  const auto wait_shortly = [&](int times) {
    for (int i = 0; i < times; ++i) {
      display.Throttled("corp", runtime.Now() + absl::Milliseconds(50), 429);
      runtime.Advance(absl::Milliseconds(100));
    }
  };
  wait_shortly(50);
  EXPECT_EQ(out.str(), "corp: the directory asks to wait (429), going on in less than a second\n");
  out.str("");
  wait_shortly(1);
  EXPECT_EQ(out.str(),
            "corp: the directory asks to wait (429), going on in less than a second; 51 times, "
            "about 3 s in all\n");
  out.str("");
  wait_shortly(100);
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
}

TEST(ProgressDisplayTest, WorkAndWaitsShareTheLineThatIsDue) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  for (int i = 0; i <= 100; ++i) {
    display.Advance("corp", Stage::kApplying, i, 1000);
    display.Throttled("corp", runtime.Now() + absl::Milliseconds(50), 429);
    runtime.Advance(absl::Milliseconds(100));
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  EXPECT_THAT(text, HasSubstr("corp: applying 50 of 1,000, 10 a second, about 95 s left; the "
                              "directory asked to wait (429) 50 times, about 3 s in all\n"));
}

TEST(ProgressDisplayTest, ALongWaitIsToldAtOnceAlsoAfterAShortOne) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  display.Throttled("corp", runtime.Now() + absl::Seconds(1), 429);
  runtime.Advance(absl::Seconds(2));
  out.str("");
  display.Throttled("corp", runtime.Now() + ProgressDisplay::kLineEvery - absl::Seconds(1), 429);
  EXPECT_EQ(out.str(), "");
  display.Throttled("corp", runtime.Now() + absl::Seconds(60), 429);  // it grows
  EXPECT_EQ(out.str(),
            "corp: the directory asks to wait (429), going on in about 60 s; 2 times, about 61 s "
            "in all\n");
}

TEST(ProgressDisplayTest, NoRateIsToldWithinTheFirstSecond) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  display.Advance("corp", Stage::kApplying, 0, 33);
  runtime.Advance(absl::Milliseconds(999));
  display.Advance("corp", Stage::kApplying, 3, 33);
  display.Throttled("corp", runtime.Now() + absl::Seconds(2), 429);
  EXPECT_EQ(out.str(),
            "corp: applying 3 of 33; the directory asks to wait (429), going on in about 2 s\n");
}

TEST(ProgressDisplayTest, AWaitBeforeAnythingWasDoneDoesNotSpoilTheRate) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  display.Throttled("corp", runtime.Now() + absl::Seconds(1), 429);
  runtime.Advance(absl::Seconds(1));
  display.Advance("corp", Stage::kReading, 0, 100);
  runtime.Advance(absl::Seconds(5));
  display.Advance("corp", Stage::kReading, 50, 100);
  EXPECT_THAT(out.str(), HasSubstr("reading 50 of 100, 10 a second, about 5 s left; "));
}

TEST(ProgressDisplayTest, AtTheEndAllWaitsAreToldOnceAlsoOnATerminal) {
  for (const auto medium : {ProgressDisplay::Medium::kLines, ProgressDisplay::Medium::kTerminal}) {
    FakeRuntime runtime;
    std::ostringstream out;
    ProgressDisplay display(medium, out, runtime);
    display.Advance("calm", Stage::kReading, 1, 0);
    display.Throttled("corp", runtime.Now() + absl::Seconds(30), 429);
    display.Throttled("corp", runtime.Now() + absl::Seconds(35), 429);  // it grows: one wait
    runtime.Advance(absl::Seconds(40));
    display.Throttled("corp", runtime.Now() + absl::Seconds(5), 429);
    out.str("");
    display.Clear();
    EXPECT_THAT(out.str(),
                EndsWith("corp: the directory asked to wait (429) 2 times, about 40 s in all\n"));
    EXPECT_THAT(out.str(), Not(HasSubstr("calm: the directory")));
    out.str("");
    display.Clear();
    EXPECT_EQ(out.str(), "");
  }
}

TEST(ProgressDisplayTest, OnATerminalABarADirectoryIsRedrawnInPlace) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kTerminal, out, runtime);
  display.Advance("a", Stage::kReading, 0, 100);
  runtime.Advance(absl::Seconds(1));
  display.Advance("b", Stage::kReading, 5, 0);
  runtime.Advance(absl::Seconds(1));
  out.str("");
  display.Advance("a", Stage::kReading, 50, 100);
  EXPECT_THAT(out.str(), HasSubstr("\x1b[1A\x1b[2K\x1b[1A\x1b[2K"));
  EXPECT_THAT(out.str(), HasSubstr("a: reading [############............] 50 of 100, 25 a second"));
  EXPECT_THAT(out.str(), HasSubstr("b: reading"));
  // However narrow the terminal is, a bar is one line, which can be cleared.
  EXPECT_THAT(out.str(), HasSubstr("\x1b[?7la: reading"));
  EXPECT_THAT(out.str(), EndsWith("\n\x1b[?7h"));
  out.str("");
  display.Clear();
  display.Clear();
  EXPECT_EQ(out.str(), "\x1b[1A\x1b[2K\x1b[1A\x1b[2K");
}

TEST(ProgressDisplayTest, AWaitIsToldWithTheStatusThatAskedForIt) {
  FakeRuntime runtime;
  std::ostringstream out;
  ProgressDisplay display(ProgressDisplay::Medium::kLines, out, runtime);
  display.Throttled("corp", runtime.Now() + absl::Seconds(30), 503);
  EXPECT_THAT(out.str(), HasSubstr("corp: the directory asks to wait (503), going on in"));
  display.Clear();
  EXPECT_THAT(out.str(), HasSubstr("corp: the directory asked to wait (503) 1 time"));
}

}  // namespace
}  // namespace rollcall
