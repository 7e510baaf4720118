// The guards that judge the export.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reconciler/guards/guard_case.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(EmptyExport, OneActivePersonPasses) {
  GuardCase g;
  g.People(1);
  EXPECT_THAT(g.Blocking("empty_export"), IsEmpty());
}

TEST(EmptyExport, NobodyBlocksEvenWithoutChanges) {
  GuardCase g;
  g.company.Directory("dir");
  std::vector<Finding> found = g.Blocking("empty_export");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 0);
  EXPECT_EQ(found[0].limit, 1);
  EXPECT_THAT(found[0].message, HasSubstr("people.json"));
  EXPECT_THAT(found[0].cure, HasSubstr("--waive empty_export --reason TEXT"));
}

TEST(EmptyExport, OnlyInactivePeopleBlock) {
  GuardCase g;
  g.People(1);
  g.company.Inactive("p1");
  EXPECT_THAT(g.Blocking("empty_export"), SizeIs(1));
}

TEST(EmptyExport, ExcludedPeopleDoNotCount) {
  GuardCase g;
  g.People(1);
  g.company.Attribute("p1", "user_type", "Guest");
  g.company.spec().exclude = {{{"user_type", "Guest"}}};
  EXPECT_THAT(g.Blocking("empty_export"), SizeIs(1));
}

TEST(EmptyExport, SwitchedOffPasses) {
  GuardCase g;
  g.company.Directory("dir");
  g.company.spec().guards.empty_export = false;
  EXPECT_THAT(g.Blocking("empty_export"), IsEmpty());
}

// 90 people, all active, in one group; the last accepted export had more of one thing.
class ShrunkenExport : public ::testing::Test {
 protected:
  ShrunkenExport() {
    g_.People(90);
    std::vector<std::string> members;
    for (int n = 1; n <= 90; ++n) members.push_back(PersonId(n));
    g_.company.Group("everybody", members);
    before_ = {90, 90, 1, 90};
  }
  std::vector<Finding> Judge() {
    g_.company.memory().last_accepted = before_;
    return g_.Blocking("shrunken_export");
  }
  GuardCase g_;
  ExportCounts before_;
};

TEST_F(ShrunkenExport, TheSameSizePasses) { EXPECT_THAT(Judge(), IsEmpty()); }

TEST_F(ShrunkenExport, AGrownOnePasses) {
  before_ = {1, 1, 0, 0};
  EXPECT_THAT(Judge(), IsEmpty());
}

TEST_F(ShrunkenExport, PeopleAtTheLimitPass) {
  before_.people = 100;
  EXPECT_THAT(Judge(), IsEmpty());
}

TEST_F(ShrunkenExport, PeopleOnePastTheLimitBlock) {
  before_.people = 101;
  std::vector<Finding> found = Judge();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 90);
  EXPECT_EQ(found[0].limit, 91);
  EXPECT_THAT(found[0].message, HasSubstr("people from 101 to 90"));
}

TEST_F(ShrunkenExport, ActivePeopleOnePastTheLimitBlock) {
  before_.active_people = 100;
  EXPECT_THAT(Judge(), IsEmpty());
  before_.active_people = 101;
  EXPECT_THAT(Judge(), SizeIs(1));
}

TEST_F(ShrunkenExport, GroupsBlock) {
  before_.groups = 2;
  ASSERT_THAT(Judge(), SizeIs(1));
}

TEST_F(ShrunkenExport, MembershipsOnePastTheLimitBlock) {
  before_.memberships = 100;
  EXPECT_THAT(Judge(), IsEmpty());
  before_.memberships = 101;
  EXPECT_THAT(Judge(), SizeIs(1));
}

TEST_F(ShrunkenExport, OneFindingNamesEverythingThatFell) {
  before_ = {200, 200, 1, 200};
  std::vector<Finding> found = Judge();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].message,
              HasSubstr("people from 200 to 90, active people from 200 to 90, memberships from 200 "
                        "to 90"));
}

TEST_F(ShrunkenExport, WhatWasZeroCannotFall) {
  before_ = {0, 0, 0, 0};
  EXPECT_THAT(Judge(), IsEmpty());
}

TEST_F(ShrunkenExport, WithoutAnAcceptedExportThereIsNothingToCompare) {
  EXPECT_THAT(g_.Blocking("shrunken_export"), IsEmpty());
}

TEST_F(ShrunkenExport, SwitchedOffPasses) {
  before_.people = 1000;
  g_.company.spec().guards.shrunken_export_percent = std::nullopt;
  EXPECT_THAT(Judge(), IsEmpty());
}

std::vector<Finding> JudgeAge(absl::Duration age) {
  GuardCase g;
  g.People(1);
  g.company.set_export_time(g.company.now() - age);
  return g.Blocking("stale_export");
}

TEST(StaleExport, AtTheLimitPasses) { EXPECT_THAT(JudgeAge(absl::Hours(26)), IsEmpty()); }

TEST(StaleExport, OneSecondPastTheLimitBlocks) {
  std::vector<Finding> found = JudgeAge(absl::Hours(26) + absl::Seconds(1));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 26 * 3600 + 1);
  EXPECT_EQ(found[0].limit, 26 * 3600);
}

TEST(StaleExport, FiveMinutesAheadAreClockSkew) {
  EXPECT_THAT(JudgeAge(-absl::Minutes(5)), IsEmpty());
}

TEST(StaleExport, MoreThanFiveMinutesAheadBlocks) {
  std::vector<Finding> found = JudgeAge(-absl::Minutes(5) - absl::Seconds(1));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, -301);
  EXPECT_THAT(found[0].message, HasSubstr("in the future"));
}

TEST(StaleExport, AnUnknownTimeBlocks) {
  GuardCase g;
  g.People(1);
  g.company.set_export_time(std::nullopt);
  EXPECT_THAT(g.Blocking("stale_export"), SizeIs(1));
}

TEST(StaleExport, SwitchedOffPasses) {
  GuardCase g;
  g.People(1);
  g.company.set_export_time(std::nullopt);
  g.company.spec().guards.stale_export = std::nullopt;
  EXPECT_THAT(g.Blocking("stale_export"), IsEmpty());
}

TEST(DuplicatePeople, DifferentPeoplePass) {
  GuardCase g;
  g.People(2);
  EXPECT_THAT(g.Blocking("duplicate_people"), IsEmpty());
}

TEST(DuplicatePeople, TwoWithOneUserNameBlock) {
  GuardCase g;
  g.People(1);
  g.company.Person("x1", "same", "x1@example.com").Person("x2", "SAME", "x2@example.com");
  std::vector<Finding> found = g.Blocking("duplicate_people");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 2);
  EXPECT_THAT(found[0].subjects, ElementsAre("x1", "x2"));
  EXPECT_THAT(found[0].message, HasSubstr("rows 2, 3"));
}

TEST(DuplicatePeople, SwitchedOffPasses) {
  GuardCase g;
  g.company.Person("x1", "same").Person("x2", "same").Directory("dir");
  g.company.spec().guards.duplicate_people = false;
  EXPECT_THAT(g.Blocking("duplicate_people"), IsEmpty());
}

TEST(DuplicatePeople, AtMostAHundredSubjectsAreNamed) {
  GuardCase g;
  for (int n = 0; n < 101; ++n) g.company.Person(absl::StrCat("x", n), "same");
  g.company.Directory("dir");
  std::vector<Finding> found = g.Blocking("duplicate_people");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 101);
  EXPECT_THAT(found[0].subjects, SizeIs(100));
}

TEST(ExportGuards, DoNotStopOnePerson) {
  GuardCase g;
  g.company.Person("p1", "user1").Inactive("p1").Directory("dir");
  g.company.set_export_time(std::nullopt);
  g.company.memory().last_accepted = ExportCounts{100, 100, 100, 100};
  g.only_person = "p1";
  EXPECT_THAT(g.Judge(), IsEmpty());
}

}  // namespace
}  // namespace rollcall
