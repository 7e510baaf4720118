#include "agent/repair/repair_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/repair/repair_document.h"
#include "agent/repair/scim_ids.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = RepairStep::Kind;

constexpr char kOld[] = "dan@example.com";
constexpr char kNew[] = "dan.new@example.com";

SeenAccount AccountWith(const std::string& id, const std::string& email) {
  SeenAccount account;
  account.id = id;
  account.email = email;
  return account;
}

SeenRecord RecordOn(const std::string& id, const std::string& account, const std::string& email) {
  SeenRecord record;
  record.link = {"9f", id, account};
  record.email = email;
  return record;
}

std::vector<std::string> TitlesOf(const EmailChange& change) {
  const auto steps = EmailSteps(change);
  EXPECT_TRUE(steps.ok()) << steps.status();
  std::vector<std::string> titles;
  if (steps.ok()) {
    for (const RepairStep& step : *steps) titles.push_back(step.title);
  }
  return titles;
}

TEST(EmailStepsTest, WhoHoldsTheNewAddressAloneAndIsOwnedByARecordOfItIsInStep) {
  EXPECT_THAT(TitlesOf({kOld, kNew, {AccountWith("a", kNew)}, {RecordOn("r", "a", kNew)}}),
              IsEmpty());
  EXPECT_THAT(
      TitlesOf({kOld, kNew, {AccountWith("a", "DAN.new@example.com")}, {RecordOn("r", "a", "")}}),
      IsEmpty());
}

TEST(EmailStepsTest, WithoutARecordOrWithOneOfTheOldAddressItIsProvisionedAgain) {
  EXPECT_THAT(TitlesOf({kOld, kNew, {AccountWith("a", kNew)}, {}}),
              ElementsAre("provision dan.new@example.com again"));
  EXPECT_THAT(TitlesOf({kOld, kNew, {AccountWith("a", kNew)}, {RecordOn("r", "a", kOld)}}),
              ElementsAre("provision dan.new@example.com again"));
}

TEST(EmailStepsTest, AnAccountThatItsRecordStillOwnsIsRenamedByTheIdentityProvider) {
  EXPECT_THAT(TitlesOf({kOld, kNew, {AccountWith("a", kOld)}, {RecordOn("r", "a", kOld)}}),
              ElementsAre("provision dan.new@example.com again"));
}

TEST(EmailStepsTest, AnAccountThatNothingOwnsIsRenamedByHandFirst) {
  EXPECT_THAT(TitlesOf({kOld, kNew, {AccountWith("a", kOld)}, {}}),
              ElementsAre("give account a <dan@example.com> the address dan.new@example.com",
                          "provision dan.new@example.com again"));
}

TEST(EmailStepsTest, EveryRecordGoesOffTheAccountThatHoldsTheNewAddressAndNoneOffTheOldOne) {
  const auto steps =
      EmailSteps({kOld,
                  kNew,
                  {AccountWith("a", kOld), AccountWith("b", kNew)},
                  {RecordOn("r", "a", kOld), RecordOn("s", "b", kNew), RecordOn("t", "b", "")}});
  ASSERT_TRUE(steps.ok());
  ASSERT_THAT(*steps, SizeIs(4));
  EXPECT_THAT((*steps)[0].links, ElementsAre(ScimLink{"9f", "s", "b"}));
  EXPECT_THAT((*steps)[1].links, ElementsAre(ScimLink{"9f", "t", "b"}));
  EXPECT_EQ((*steps)[2].kind, Kind::kByHand);
  EXPECT_EQ((*steps)[2].account, "b");
  EXPECT_EQ((*steps)[3].kind, Kind::kByHand);
}

TEST(EmailStepsTest, AnAccountThatIsBeingDeletedIsWaitedForAtMost14Days) {
  EmailChange change = {kOld, kNew, {AccountWith("a", kOld), AccountWith("b", kNew)}, {}};
  change.accounts[1].pending_deletion = true;
  const auto steps = EmailSteps(change);
  ASSERT_TRUE(steps.ok());
  EXPECT_EQ((*steps)[0].kind, Kind::kWait);
  EXPECT_THAT((*steps)[0].meaning, HasSubstr("14 days"));
}

TEST(EmailStepsTest, NobodyGuessesWhichOfTwoAccountsIsMeant) {
  EXPECT_FALSE(EmailSteps({kOld, kNew, {AccountWith("a", kOld), AccountWith("b", kOld)}, {}}).ok());
  EXPECT_FALSE(EmailSteps({kOld, kNew, {AccountWith("a", kNew), AccountWith("b", kNew)}, {}}).ok());
  EXPECT_FALSE(EmailSteps({kOld, kNew, {}, {RecordOn("r", "", kNew)}}).ok());
}

TEST(EmailStepsTest, ARecordThatOwnsNothingAndTwoThatOwnOneAccountAreTold) {
  EXPECT_THAT(
      EmailNotes({kOld,
                  kNew,
                  {AccountWith("a", kNew)},
                  {RecordOn("r", "", kNew), RecordOn("s", "a", kNew), RecordOn("t", "a", kNew)}}),
      ElementsAre(HasSubstr("9f/r"), HasSubstr("several SCIM records own account a")));
}

TEST(RepairDocumentTest, EveryFieldOfAReportIsFilled) {
  RepairView view;
  view.query = "aa-1";
  view.organisation = "cloud";
  view.accounts = {AccountWith("aa-1", kOld)};
  view.records = {RecordOn("u-1", "aa-1", kOld)};
  view.records[0].directory = "cloud-scim";
  view.records[0].user_name = "dan";
  view.steps = {UnlinkStep(view.records[0])};
  view.steps[0].outcome = RepairOutcome::kNotSeen;
  view.steps[0].message = "not seen";
  view.notes = {"a note"};
  view.summary = "One step is open.";
  const v1::ScimLinkReport report = ToResource(view, ExitCode::kPartial);
  EXPECT_EQ(report.exit_code(), 4);
  EXPECT_EQ(report.organisation(), "cloud");
  EXPECT_EQ(report.accounts(0).state(), "ACTIVE");
  EXPECT_EQ(report.records(0).scim_directory(), "9f");
  EXPECT_EQ(report.records(0).user_name(), "dan");
  EXPECT_EQ(report.steps(0).kind(), "UNLINK");
  EXPECT_EQ(report.steps(0).outcome(), "NOT_SEEN");
  EXPECT_EQ(report.steps(0).losses_size(), 1);
  EXPECT_EQ(report.notes(0), "a note");
}

TEST(ScimIdsTest, TheOrganisationsIdStandsInTheAddress) {
  EXPECT_EQ(ScimIdIn("https://api.atlassian.com/scim/directory/9f-1"), "9f-1");
  EXPECT_EQ(ScimIdIn("https://proxy.example.com/x/scim/directory/9f-1/"), "9f-1");
  EXPECT_EQ(ScimIdIn("https://scim.example.com/scim/v2"), "");
}

}  // namespace
}  // namespace rollcall
