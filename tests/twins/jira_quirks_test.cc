// The oddities of a Jira site's twin: pages, refusals, limits.
#include <gmock/gmock.h>

#include <set>

#include "tests/twins/jira_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kExternal[] =
    "Cannot edit group memberships, as external user management is enabled, please contact your "
    "JIRA administrators.";

using JiraQuirksTest = JiraFixture;

TEST_F(JiraQuirksTest, NamesAreKnownOnceAndNumbersNeedAValue) {
  std::set<std::string> names;
  for (const JiraQuirkInfo& info : AllJiraQuirks()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(IsUsualForJira(info.name)) << info.name;
    JiraOptions options;
    EXPECT_TRUE(ApplyJiraQuirk(info.name, options).ok());
    EXPECT_TRUE(options.quirks.Has(info.quirk));
  }
  JiraOptions options;
  EXPECT_TRUE(ApplyJiraQuirk("stale_ms=30000", options).ok());
  EXPECT_EQ(options.propagation.time, absl::Seconds(30));
  EXPECT_TRUE(ApplyJiraQuirk("slow_page=7", options).ok());
  EXPECT_EQ(options.slow_page, 7);
  for (const char* wrong : {"page_cap", "page_cap=", "page_cap=-1", "nothing", "nothing=1"}) {
    EXPECT_EQ(ApplyJiraQuirk(wrong, options).code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

TEST_F(JiraQuirksTest, ShortPagesAreNotTheLast) {
  Use({"short_pages"});
  EXPECT_THAT(Get("/users/search?maxResults=3").ids(), ElementsAre("aa-ada", "aa-bob"));
  EXPECT_EQ(Everybody(3).size(), 8u);
  const json members =
      Get("/group/member?groupId=g-team&includeInactiveUsers=true&maxResults=3").body;
  EXPECT_EQ(members["values"].size(), 2u);
  EXPECT_EQ(members["isLast"], false);
}

TEST_F(JiraQuirksTest, ShortPagesOfUsersLeaveOtherListsWhole) {
  Use({"short_users"});
  EXPECT_THAT(Get("/users/search?maxResults=3").ids(), ElementsAre("aa-ada", "aa-bob"));
  const json members =
      Get("/group/member?groupId=g-team&includeInactiveUsers=true&maxResults=3").body;
  EXPECT_EQ(members["values"].size(), 3u);
}

TEST_F(JiraQuirksTest, EmptyPageIsNotTheLast) {
  Use({"empty_page"});
  EXPECT_EQ(Get("/users/search?maxResults=3").ids().size(), 3u);
  EXPECT_THAT(Get("/users/search?startAt=3&maxResults=3").ids(), IsEmpty());
  EXPECT_THAT(Get("/users/search?startAt=6&maxResults=3").ids(),
              ElementsAre("aa-dan", "aa-eve", "aa-fay"));
  EXPECT_EQ(Get("/group/bulk?startAt=2&maxResults=2").body["isLast"], false);
  EXPECT_EQ(Get("/users/search?maxResults=100").ids().size(), 8u) << "one page has no middle";
}

TEST_F(JiraQuirksTest, CapShortensPages) {
  Use({"page_cap=2"});
  EXPECT_EQ(Get("/users/search?maxResults=1000").ids().size(), 2u);
  EXPECT_EQ(Get("/group/bulk").body["maxResults"], 2);
}

TEST_F(JiraQuirksTest, ShiftedPagesLeaveOneOut) {
  Use({"shifted_pages"});
  const std::vector<std::string> all = Everybody(3);
  EXPECT_THAT(all,
              ElementsAre("aa-ada", "aa-bob", "aa-cleo", "aa-eve", "aa-fay", "aa-gus", "aa-ida"))
      << "aa-dan is missing";
}

TEST_F(JiraQuirksTest, RepeatedRowsComeTwice) {
  Use({"repeated_rows"});
  EXPECT_THAT(Everybody(3), ElementsAre("aa-ada", "aa-bob", "aa-cleo", "aa-cleo", "aa-dan",
                                        "aa-eve", "aa-fay", "aa-gus", "aa-ida"));
}

TEST_F(JiraQuirksTest, RowsStopMovingAfterSoManyReadings) {
  Use({"shifted_pages", "odd_passes=2"});
  EXPECT_EQ(Everybody(3).size(), 7u);
  EXPECT_EQ(Everybody(3).size(), 7u);
  EXPECT_EQ(Everybody(3).size(), 8u);
  EXPECT_EQ(Get("/group/member?groupId=g-users&maxResults=1&startAt=1").ids().size(), 0u)
      << "another list, not yet read so often";
}

TEST_F(JiraQuirksTest, PagesMayLieOrSayLittle) {
  Use({"total_lies"});
  EXPECT_EQ(Get("/group/bulk?maxResults=1").body["total"], 1);
  EXPECT_EQ(Get("/group/bulk?maxResults=1").body["isLast"], false);
  Use({"is_last_absent", "next_page_absent"});
  const json page = Get("/group/bulk?maxResults=1").body;
  EXPECT_FALSE(page.contains("isLast"));
  EXPECT_FALSE(page.contains("nextPage"));
  Use({"max_results_lower"});
  const json lower = Get("/group/bulk?maxResults=2").body;
  EXPECT_EQ(lower["maxResults"], 1);
  EXPECT_EQ(lower["values"].size(), 1u);
  EXPECT_THAT(lower["nextPage"], HasSubstr("startAt=1&maxResults=1"));
}

TEST_F(JiraQuirksTest, ExternalUserManagementRefusesPeopleAndMemberships) {
  for (const int status : {400, 403}) {
    Use({"external_user_management"});
    if (status == 403) Use({"external_user_management", "external_403"});
    for (const JiraReply& reply : {Add("g-team", "gus"), Remove("g-team", "bob"), Delete("bob"),
                                   Create("joe@example.com", {"jira-software"})}) {
      EXPECT_EQ(reply.status(), status);
      EXPECT_EQ(reply.message(), kExternal);
    }
  }
  EXPECT_EQ(group("g-team").members.size(), 3u);
  EXPECT_THAT(site().removed, ElementsAre("aa-fay"));
}

TEST_F(JiraQuirksTest, SyncedGroupsAloneAreRefused) {
  EXPECT_EQ(Add("g-synced", "gus").status(), 201) << "nothing is known of such a refusal";
  Use({"synced_group_refused"});
  EXPECT_EQ(Add("g-synced", "bob").message(), kExternal);
  EXPECT_EQ(Remove("g-synced", "gus").status(), 400);
  EXPECT_EQ(Add("g-team", "gus").status(), 201);
  group("g-team").modifiable = false;
  EXPECT_EQ(Remove("g-team", "gus").status(), 400) << "a group that nobody may modify";
}

TEST_F(JiraQuirksTest, CreationRefusesWhoExistsWithoutAccess) {
  Use({"create_exists_400"});
  EXPECT_EQ(Create("gus@example.com", {"jira-software"}).status(), 400) << "in no such group";
  EXPECT_EQ(Create("fay@example.com", {"jira-software"}).status(), 400) << "taken off the site";
  EXPECT_EQ(Create("bob@example.com", {"jira-software"}).status(), 201) << "has access";
  EXPECT_EQ(Create("joe@example.com", {"jira-software"}).status(), 201) << "invited by it";
  EXPECT_EQ(Add("g-users", "gus").status(), 201) << "the group is the way";
}

TEST_F(JiraQuirksTest, RevivalOfWhoWasTakenOffTheSiteFails) {
  Use({"revive_500"});
  EXPECT_EQ(Create("fay@example.com", {"jira-software"}).status(), 500);
  EXPECT_FALSE(ShownActive("fay"));
  EXPECT_EQ(Create("gus@example.com", {"jira-software"}).status(), 201);
}

TEST_F(JiraQuirksTest, NobodyIsTakenOffTheSite) {
  Use({"delete_user_400"});
  EXPECT_EQ(Delete("bob").status(), 400);
  EXPECT_TRUE(ShownActive("bob"));
}

TEST_F(JiraQuirksTest, ListOfUsersMayTakeTooLong) {
  Use({"users_search_409"});
  EXPECT_EQ(Get("/users/search?maxResults=1").status(), 409);
  Use({"slow_page=4"});
  EXPECT_EQ(Get("/users/search?maxResults=5").status(), 409);
  EXPECT_EQ(Get("/users/search?maxResults=4").status(), 200);
}

TEST_F(JiraQuirksTest, BurstsAreLimitedByMethod) {
  Use({"rate_limit=2"});
  EXPECT_EQ(Get("/users").status(), 200);
  EXPECT_EQ(Get("/group/bulk").header("X-RateLimit-Remaining"), "0");
  const JiraReply limited = Get("/myself");
  EXPECT_EQ(limited.status(), 429);
  EXPECT_EQ(limited.header("Retry-After"), "1");
  EXPECT_EQ(limited.header("X-RateLimit-Limit"), "2");
  EXPECT_EQ(limited.header("X-RateLimit-Remaining"), "0");
  EXPECT_EQ(limited.header("X-RateLimit-Reset"), "2023-11-14T22:13:21Z");
  EXPECT_EQ(limited.header("RateLimit-Reason"), "jira-burst-based");
  EXPECT_EQ(Add("g-team", "gus").status(), 201) << "another method";
  now_ += absl::Seconds(1);
  EXPECT_EQ(Get("/myself").status(), 200);
}

TEST_F(JiraQuirksTest, LittleLeftIsSaid) {
  Use({"rate_limit=10"});
  for (int left = 9; left >= 2; --left) {
    EXPECT_EQ(Get("/myself").header("X-RateLimit-NearLimit"), "") << left;
  }
  EXPECT_EQ(Get("/myself").header("X-RateLimit-NearLimit"), "true") << "one of ten";
  Use({"near_limit"});
  EXPECT_EQ(Get("/myself").header("X-RateLimit-NearLimit"), "true");
  EXPECT_EQ(Get("/myself").header("X-RateLimit-Remaining"), "20");
  Use({"quota_headers"});
  EXPECT_THAT(Get("/myself").header("Beta-RateLimit"), HasSubstr("r=13000"));
}

TEST_F(JiraQuirksTest, LimitsOfTheEdgeAndOfAQuotaLookDifferent) {
  Use({"edge_429"});
  const JiraReply edge = Get("/myself");
  EXPECT_EQ(edge.status(), 429);
  EXPECT_EQ(edge.header("Retry-After"), "");
  EXPECT_EQ(edge.header("X-Failure-Category"), "FAILURE CLIENT RATE LIMITED");
  Use({"edge_429", "rate_limit=1"});
  EXPECT_EQ(Get("/myself").status(), 200);
  EXPECT_EQ(Get("/myself").header("X-Ratelimit-Limit"), "360000");
  Use({"quota_429", "rate_limit=1"});
  EXPECT_EQ(Get("/myself").status(), 200);
  const JiraReply quota = Get("/myself");
  EXPECT_EQ(quota.header("Retry-After"), "1847");
  EXPECT_EQ(quota.header("RateLimit-Reason"), "jira-quota-global-based");
}

TEST_F(JiraQuirksTest, SearchHasItsOwnLimit) {
  Use({"search_limit"});
  EXPECT_EQ(Get("/user/search?query=a").status(), 429);
  EXPECT_EQ(Get("/user/search?query=a").header("Retry-After"), "1");
  EXPECT_EQ(Get("/user/search?query=a").header("RateLimit-Reason"), "");
  EXPECT_EQ(Get("/users/search").status(), 200);
  Use({"search_rate=1"});
  EXPECT_EQ(Get("/user/search?query=a").status(), 200);
  EXPECT_EQ(Get("/user/search?query=a").status(), 429);
  EXPECT_EQ(Get("/users/search").status(), 200);
}

TEST_F(JiraQuirksTest, ChangesShowLate) {
  Use({"stale_reads=2"});
  EXPECT_EQ(Add("g-team", "gus").status(), 201);
  EXPECT_EQ(Members("g-team").size(), 3u);
  EXPECT_EQ(Members("g-team").size(), 3u);
  EXPECT_EQ(Members("g-team").size(), 4u);
  EXPECT_EQ(Create("joe@example.com", json::array()).status(), 201);
  EXPECT_EQ(Get("/user?accountId=aa-joe").status(), 404) << "nobody is read by that";
  Use({"stale_ms=5000"});
  org().past_accounts = {};
  EXPECT_EQ(Remove("g-team", "gus").status(), 200);
  EXPECT_EQ(Members("g-team").size(), 4u);
  now_ += absl::Seconds(5);
  EXPECT_EQ(Members("g-team").size(), 3u);
}

}  // namespace
}  // namespace rollcall::twins
