// `rollcall check` on a site: every fault is named, with what to do about it.
#include "clients/jira/jira_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/jira/jira_harness.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

DirectoryCheck CheckSite(const JiraHarnessOptions& options) {
  JiraHarness site(options);
  site.AddUser("ada");
  site.AddGroup("g-team", {"ada"});
  return site.directory->Check({});
}

JiraHarnessOptions WithQuirks(const std::string& quirks) {
  return {quirks, {}, 1000, "twin-token", "admin", false};
}

TEST(JiraCheckTest, ASiteThatIsInOrderHasNeitherFaultsNorWarnings) {
  JiraHarness site(WithQuirks(""));
  site.AddGroup("g-team");
  const DirectoryCheck check = site.directory->Check({});
  EXPECT_TRUE(check.reachable);
  EXPECT_TRUE(check.signed_in);
  EXPECT_THAT(check.server, HasSubstr("Jira Cloud"));
  EXPECT_THAT(check.may, Contains("read users"));
  EXPECT_THAT(check.may, Contains("read groups"));
  EXPECT_THAT(check.may, SizeIs(3));
  EXPECT_THAT(check.warnings, IsEmpty());
  EXPECT_THAT(check.faults, IsEmpty());
  EXPECT_LE(site.Requests(), 4);
  EXPECT_EQ(site.twin_client->Count("POST") + site.twin_client->Count("DELETE"), 0);
}

TEST(JiraCheckTest, AWrongTokenIsAFaultOfTheToken) {
  const DirectoryCheck check = CheckSite({"", {}, 1000, "another", "admin", false});
  EXPECT_TRUE(check.reachable);
  EXPECT_FALSE(check.signed_in);
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("`api_token`")));
}

TEST(JiraCheckTest, AWrongTokenOfASiteThatShowsNothingIsToo) {
  const DirectoryCheck check = CheckSite({"anonymous_reads", {}, 1000, "another", "admin", false});
  EXPECT_FALSE(check.signed_in);
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("`api_token`")));
}

TEST(JiraCheckTest, WhoMayNotBrowseUsersIsTold) {
  const DirectoryCheck check = CheckSite(WithQuirks("browse_forbidden"));
  EXPECT_TRUE(check.signed_in);
  EXPECT_THAT(check.faults, Contains(HasSubstr("lacks the global permission `Browse users")));
  EXPECT_THAT(check.may, Not(Contains("read users")));
}

TEST(JiraCheckTest, WhoIsNoAdministratorIsTold) {
  const DirectoryCheck check = CheckSite(WithQuirks("not_admin"));
  EXPECT_TRUE(check.signed_in);
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("`Administer Jira`")));
  EXPECT_THAT(check.may, ElementsAre("read users", "read groups"));
}

TEST(JiraCheckTest, ADataCenterIsNamed) {
  for (const char* quirks : {"data_center", "data_center data_center_json"}) {
    const DirectoryCheck check = CheckSite(WithQuirks(quirks));
    EXPECT_TRUE(check.reachable);
    EXPECT_FALSE(check.signed_in);
    ASSERT_THAT(check.faults, SizeIs(1));
    EXPECT_THAT(check.faults[0], HasSubstr("9.12.4"));
    EXPECT_THAT(check.faults[0], HasSubstr("kind `crowd`"));
  }
}

TEST(JiraCheckTest, ASignInPageIsNamed) {
  const DirectoryCheck check = CheckSite(WithQuirks("html_200"));
  EXPECT_FALSE(check.signed_in);
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("Log in with Atlassian account")));
}

TEST(JiraCheckTest, ThrottlingIsNamed) {
  const DirectoryCheck check = CheckSite(WithQuirks("edge_429"));
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("429")));
}

TEST(JiraCheckTest, AnIdentityThatIsMissingIsSuggested) {
  const DirectoryCheck check = CheckSite({"", {}, 1000, "twin-token", "", false});
  EXPECT_THAT(check.warnings, ElementsAre(HasSubstr("`identity: \"admin\"`")));
  EXPECT_THAT(check.faults, IsEmpty());
}

TEST(JiraCheckTest, AnIdentityMayBeTheIdOrTheEmailInAnyCase) {
  for (const char* identity : {"admin", "admin@example.com", "Admin@Example.com"}) {
    EXPECT_THAT(CheckSite({"", {}, 1000, "twin-token", identity, false}).warnings, IsEmpty());
  }
}

TEST(JiraCheckTest, AnotherIdentityIsTold) {
  const DirectoryCheck check = CheckSite({"", {}, 1000, "twin-token", "ada", false});
  ASSERT_THAT(check.warnings, SizeIs(1));
  EXPECT_THAT(check.warnings[0], HasSubstr("ada"));
  EXPECT_THAT(check.warnings[0], HasSubstr("admin"));
}

TEST(JiraCheckTest, AccessThatNobodyCouldGiveBackIsTold) {
  const DirectoryCheck check = CheckSite({"", {}, 1000, "twin-token", "admin", true});
  EXPECT_THAT(check.warnings, ElementsAre(HasSubstr("`access_groups`")));
}

TEST(JiraCheckTest, AccessGroupsThatAreNotThereAreFaults) {
  EXPECT_THAT(CheckSite({"", {{"the g-team"}, {}}, 1000, "twin-token", "admin", true}).faults,
              IsEmpty());
  const DirectoryCheck check =
      CheckSite({"", {{"the g-team", "jira-user"}, {}}, 1000, "twin-token", "admin", true});
  ASSERT_THAT(check.faults, SizeIs(1));
  EXPECT_THAT(check.faults[0], HasSubstr("jira-user"));
  EXPECT_THAT(check.faults[0], HasSubstr("`access_groups`"));
}

TEST(JiraCheckTest, AServerThatIsNotThereIsUnreachable) {
  JiraHarness site(WithQuirks(""));
  site.client->change = [](const HttpRequest&, HttpResponse) -> absl::StatusOr<HttpResponse> {
    return absl::UnavailableError("connection refused");
  };
  const DirectoryCheck check = site.directory->Check({});
  EXPECT_FALSE(check.reachable);
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("connection refused")));
}

TEST(JiraCheckTest, PermissionsThatCannotBeReadAreAFault) {
  JiraHarness site(WithQuirks(""));
  site.AddGroup("g-team");
  site.client->change = [](const HttpRequest& request,
                           HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (!absl::StrContains(request.url, "mypermissions")) return answer;
    return Answer(200, "<html><title>Log in</title></html>");
  };
  const DirectoryCheck check = site.directory->Check({});
  EXPECT_THAT(check.faults, ElementsAre(HasSubstr("Log in")));
}

}  // namespace
}  // namespace rollcall
