// Who is who, over several runs of the real binary with one state file: an account never passes to
// another person, and never stays with nobody, because a name has changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kAdaKing[] = "ada.king@example.com";

// Ada (p-1, account a-1) and Bob (p-2, a-2), whose links a first run has recorded by their names.
class IdentityTest : public testing::Test {
 protected:
  IdentityTest() : office_(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}}) {
    office_.Export({{"p-1", kAda}, {"p-2", kBob}});
    const ChildResult first = office_.RunOnSchedule();
    EXPECT_EQ(first.exit_code, 0) << first.out << first.err;
    EXPECT_EQ(Writes(), 0);
  }

  int64_t Writes() { return office_.place().Writes(); }
  // A run that changes nothing, since there is nothing that it could settle.
  void ExpectARunWithoutAWrite(int exit_code) {
    const int64_t before = Writes();
    const ChildResult run = office_.RunOnSchedule();
    EXPECT_EQ(run.exit_code, exit_code) << run.out << run.err;
    EXPECT_EQ(Writes(), before);
  }

  Office office_;
};

TEST_F(IdentityTest, ANewHireWithALeaversAddressDoesNotGetHisAccount) {
  office_.Export({{"p-1", kAda, "", false}, {"p-2", kBob}});
  EXPECT_EQ(office_.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office_.Active(), ElementsAre("a-2"));
  // The identity provider forgets the leaver and gives his address away.
  office_.Export({{"p-9", kAda}, {"p-2", kBob}});
  const OfficePlan plan = office_.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, Contains("identity_reused: p-9"));
  ExpectARunWithoutAWrite(4);
  ExpectARunWithoutAWrite(4);
  EXPECT_THAT(office_.Active(), ElementsAre("a-2"));
}

TEST_F(IdentityTest, ALeaverWhoIsStillListedLosesTheAccountThatANewHireIsNamedAfter) {
  office_.Export({{"p-1", kAdaKing, "", false}, {"p-9", kAda}, {"p-2", kBob}});
  const OfficePlan plan = office_.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.changes, ElementsAre("DEACTIVATE a-1"));
  EXPECT_THAT(plan.findings, Contains("identity_reused: p-9"));
  EXPECT_EQ(office_.RunOnSchedule().exit_code, 4);
  EXPECT_THAT(office_.Active(), ElementsAre("a-2"));
  ExpectARunWithoutAWrite(4);
}

TEST_F(IdentityTest, ARenameDeactivatesNobodyAndTheNewNameIsFollowed) {
  office_.Export({{"p-1", kAdaKing}, {"p-2", kBob}});
  const OfficePlan renamed = office_.Plan();
  EXPECT_EQ(renamed.exit_code, 0);
  EXPECT_EQ(renamed.state, "EMPTY");
  EXPECT_THAT(renamed.findings, IsEmpty());
  ExpectARunWithoutAWrite(0);
  EXPECT_THAT(office_.Active(), ElementsAre("a-1", "a-2"));
  // Later she leaves, under a name that the directory has never heard.
  office_.Export({{"p-1", kAdaKing, "", false}, {"p-2", kBob}});
  EXPECT_EQ(office_.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office_.Active(), ElementsAre("a-2"));
}

TEST_F(IdentityTest, AUserNameThatIsUsedAgainWhileItsOwnerIsRenamedStaysWithTheOwner) {
  office_.Export({{"p-1", kAdaKing}, {"p-9", kAda}, {"p-2", kBob}});
  const OfficePlan plan = office_.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(plan.findings, Contains("identity_reused: p-9"));
  ExpectARunWithoutAWrite(4);
  // The one who now bears the name leaves: the account is not his.
  office_.Export({{"p-1", kAdaKing}, {"p-9", kAda, "", false}, {"p-2", kBob}});
  EXPECT_THAT(office_.Plan().changes, IsEmpty());
  office_.RunOnSchedule();
  EXPECT_THAT(office_.Active(), ElementsAre("a-1", "a-2"));
}

TEST_F(IdentityTest, SwappedEmailsLeaveEverybodyTheAccountThatIsRecorded) {
  office_.Export({{"p-1", kAda, kBob}, {"p-2", kBob, kAda}});
  const OfficePlan swapped = office_.Plan();
  EXPECT_THAT(swapped.changes, IsEmpty());
  office_.RunOnSchedule();
  EXPECT_EQ(Writes(), 0);
  // Ada leaves, and it is her account that goes.
  office_.Export({{"p-1", kAda, kBob, false}, {"p-2", kBob, kAda}});
  EXPECT_THAT(office_.Plan().changes, ElementsAre("DEACTIVATE a-1"));
  office_.RunOnSchedule();
  EXPECT_THAT(office_.Active(), ElementsAre("a-2"));
}

TEST(IdentityWithoutRecordTest, SwappedEmailsActivateNeitherWhereOnlyNamesTell) {
  Office office(OfficeAccounts{{"a-1", kAda, kAda, false}, {"a-2", kBob, kBob, true}});
  office.Export({{"p-1", kAda, kBob}, {"p-2", kBob, kAda}});
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(plan.findings, Contains("email_conflict: p-1 p-2"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(office.RunOnSchedule().exit_code, 4);
  EXPECT_THAT(office.Active(), ElementsAre("a-2"));
  // Who leaves is deactivated all the same.
  office.Export({{"p-1", kAda, kBob}, {"p-2", kBob, kAda, false}});
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 4);
  EXPECT_THAT(office.Active(), IsEmpty());
  // The report itself says why that is 4.
  EXPECT_THAT(run.out, HasSubstr("every change holds, but not in step: 1 finding needs somebody."));
  EXPECT_THAT(run.out, HasSubstr("email_conflict"));
  EXPECT_THAT(run.out, HasSubstr("Cure: "));
  EXPECT_THAT(run.out, HasSubstr("`apply` exits with 4"));
}

TEST(IdentityWithoutRecordTest, CaseTwinsAreLeftToAPersonUntilTheirOwnerLeaves) {
  Office office(OfficeAccounts{
      {"a-1", kAda, "", false}, {"a-2", "ADA@example.com"}, {"a-3", kBob}, {"a-4", "cyd"}});
  const std::vector<OfficePerson> others = {{"p-2", kBob}, {"p-3", "cyd"}};
  office.Export({{"p-1", kAda}, others[0], others[1]});
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(plan.findings, Contains("ambiguous: corp/a-1 corp/a-2 p-1"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 4);
  EXPECT_EQ(office.place().Writes(), 0);
  // Both twins come active; a leaver keeps neither.
  office.place().Exclusively([&] {
    auto& directory = office.place().world().scim["scim"];
    twins::ScimUser user = *directory.FindUser("a-1");
    user.attributes["active"] = true;
    directory.PutUser(user);
  });
  office.Export({{"p-1", kAda, "", false}, others[0], others[1]});
  EXPECT_THAT(office.Plan().changes, UnorderedElementsAre("DEACTIVATE a-1", "DEACTIVATE a-2"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("a-3", "a-4"));
}

}  // namespace
}  // namespace rollcall
