// Who stays out, and who is left as he is, although the export says active: over several runs of
// the real binary with one state file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ExceptionTest, AHeldPersonStaysOutThroughThreeScheduledRuns) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}});
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  const ChildResult out =
      office.place().Rollcall({"deactivate", kAda, "--reason", "laptop stolen"});
  EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
  EXPECT_THAT(office.Active(), ElementsAre("a-2"));
  const int64_t writes = office.place().Writes();
  EXPECT_EQ(writes, 1);
  for (int i = 0; i < 3; ++i) {
    const ChildResult run = office.RunOnSchedule();
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("held"));
  }
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, Contains("held: p-1"));
  EXPECT_THAT(office.Active(), ElementsAre("a-2"));
  EXPECT_EQ(office.place().Writes(), writes);
}

TEST(ExceptionTest, AHeldPersonWhoIsActivatedElsewhereIsPutOutAgain) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}});
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  EXPECT_EQ(office.place().Rollcall({"deactivate", kAda, "--reason", "stolen"}).exit_code, 0);
  office.place().Exclusively([&] {
    auto& directory = office.place().world().scim["scim"];
    twins::ScimUser user = *directory.FindUser("a-1");
    user.attributes["active"] = true;
    directory.PutUser(user);
  });
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("a-2"));
}

TEST(ExceptionTest, ActivateOwnLeavesAForeignLockOutAloneAndBringsBackItsOwn) {
  OfficeOptions options;
  options.activate = "own";
  Office office(OfficeAccounts{{"a-1", kAda, "", false}, {"a-2", kBob}}, options);
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, ElementsAre("deactivated_elsewhere: p-1"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
  // Bob goes, by our hand, and comes back; Ada's lock-out is still somebody else's.
  office.Export({{"p-1", kAda}, {"p-2", kBob, "", false}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), IsEmpty());
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  EXPECT_THAT(office.Plan().changes, ElementsAre("ACTIVATE a-2"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("a-2"));
}

TEST(ExceptionTest, WhoIsActiveAndNotAssignedStaysAsHeIs) {
  OfficeOptions options;
  options.people = "{groups: [staff]}";
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}, {"a-3", "cyd", "", false}}, options);
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}, {"p-3", "cyd"}});
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, Contains("not_entitled: p-2"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("a-1", "a-2"));
  EXPECT_EQ(office.place().Writes(), 0);
}

}  // namespace
}  // namespace rollcall
