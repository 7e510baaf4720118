#include "reconciler/apply/refusal_advice.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

using testing::HasSubstr;

class RefusalAdviceTest : public ApplyFixture {
 protected:
  static Endpoints CloudBehindScim() {
    Endpoints endpoints;
    endpoints["cloud"].spec.id = "cloud";
    endpoints["cloud-scim"].spec.id = "cloud-scim";
    endpoints["cloud-scim"].spec.provisions = "cloud";
    return endpoints;
  }
};

TEST_F(RefusalAdviceTest, TheConfiguredScimDirectoryIsNamedAsOwner) {
  EXPECT_EQ(WithAdvice("403 forbidden.action: externalDirectory.scim", "cloud", CloudBehindScim()),
            "403 forbidden.action: externalDirectory.scim; cloud-scim owns it (R1): plan again, "
            "and the change goes through cloud-scim");
}

TEST_F(RefusalAdviceTest, AnOwnerThatIsNotConfiguredIsToBeConfigured) {
  Endpoints endpoints = CloudBehindScim();
  endpoints.erase("cloud-scim");
  EXPECT_THAT(WithAdvice("externalDirectory.scim", "cloud", endpoints),
              HasSubstr("configure it with `provisions: cloud`"));
  EXPECT_THAT(WithAdvice("externalDirectory.google", "cloud", CloudBehindScim()),
              HasSubstr("another identity provider owns it"));
}

TEST_F(RefusalAdviceTest, ARefusalWithoutAReasonIsAboutTheKey) {
  AddActive("ann");
  AddActive("bob");
  AddGroup("g", {"bob"});
  const std::string account = Want(Action::kDeactivate, "ann");
  const std::string member = Want(Action::kRemoveMembership, "bob", "g");
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "ann"});
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "g"});
  const RunResult result = Apply();
  for (const std::string& change : {account, member}) {
    EXPECT_EQ(Say(result, change), "REFUSED");
    EXPECT_THAT(result.outcomes.at(change).message,
                HasSubstr("give the key of scim the right to make this change"));
  }
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

}  // namespace
}  // namespace rollcall
