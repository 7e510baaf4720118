// What a site is to Rollcall: everybody on it with their state, and who is in the managed groups.
#include "clients/jira/jira_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconciler/ports/notes.h"
#include "tests/clients/jira/jira_harness.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kCustomerId[] = "qm:2d5f0c1e:0d1b";

// Eight kinds of users and two groups.
void Fill(JiraHarness& site) {
  site.AddUser("ada");
  site.AddUser("ben").active = false;                             // by the organisation
  site.AddUser("cleo").directories["dir-main"].suspended = true;  // by the organisation, here
  site.AddUser("dan");                                            // taken off the site
  site.AddUser("eve").email_hidden = true;
  site.AddUser("fay").type = "app";
  site.AddUser(kCustomerId).type = "customer";
  site.AddUser("hal").directories = {{"dir-lab", {}}};  // of another site
  site.site().removed = {"dan"};
  site.AddGroup("g-team", {"ada", "ben", "dan"});
  site.AddGroup("g-other", {"ada"});
}

TEST(JiraSnapshotTest, HasEverybodyWithTheirState) {
  JiraHarness site;
  Fill(site);
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_THAT(AccountsOf(*snapshot),
              ElementsAre("ada", "admin", "ben", "cleo", "dan", "eve", "fay", kCustomerId));
  EXPECT_EQ(StateIn(*snapshot, "ada"), AccountState::kActive);
  EXPECT_EQ(StateIn(*snapshot, "ben"), AccountState::kInactive);
  EXPECT_EQ(StateIn(*snapshot, "cleo"), AccountState::kInactive);
  EXPECT_EQ(StateIn(*snapshot, "dan"), AccountState::kInactive);
  EXPECT_EQ(StateIn(*snapshot, "fay"), AccountState::kUntouchable);
  EXPECT_EQ(StateIn(*snapshot, kCustomerId), AccountState::kUntouchable);
  EXPECT_EQ(snapshot->complete_at, site.runtime.Now());
  EXPECT_THAT(snapshot->notes, IsEmpty());
}

TEST(JiraSnapshotTest, AHiddenEmailIsEmptyAndTheOthersAreThere) {
  JiraHarness site;
  Fill(site);
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Roster& roster = snapshot->roster;
  EXPECT_EQ(roster.accounts[roster.FindAccount("eve")].email, "");
  EXPECT_EQ(roster.accounts[roster.FindAccount("ada")].email, "ada@example.com");
  EXPECT_EQ(roster.accounts[roster.FindAccount("ada")].user_name, "");
}

TEST(JiraSnapshotTest, MembersAreThoseOfManagedGroupsInactiveOnesIncluded) {
  JiraHarness site;
  Fill(site);
  const absl::StatusOr<Snapshot> snapshot =
      site.directory->ReadAll(SiteGroupsNamed({"the g-team"}), {});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_THAT(SiteMembersOf(*snapshot, "g-team"), ElementsAre("ada", "ben", "dan"));
  EXPECT_THAT(SiteMembersOf(*snapshot, "g-other"), IsEmpty());
  EXPECT_EQ(snapshot->roster.groups.size(), 2u);
  EXPECT_EQ(site.twin_client->Count("GET", "group/member"), 1);
}

TEST(JiraSnapshotTest, AMemberWhoIsNoUserOfTheSiteIsCounted) {
  JiraHarness site;
  Fill(site);
  site.group("g-team").members.insert("hal");
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->dangling_members, 1);
  EXPECT_THAT(SiteMembersOf(*snapshot, "g-team"), ElementsAre("ada", "ben", "dan"));
}

// Users are filtered after paging: where a long stretch of them is hidden, the list seems to end.
// A member of a group who is not in it, and is a user all the same, shows that.
TEST(JiraSnapshotTest, AListOfUsersThatWasCutIsFoundOutByTheMembers) {
  JiraHarness site;
  Fill(site);
  int lists = 0;
  int cut = 0;
  site.client->change = [&](const HttpRequest& request,
                            HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (!absl::StrContains(request.url, "users/search")) return answer;
    if (NumberIn(request, "startAt") == 0) ++lists;
    if (lists > cut) return answer;
    return Answer(
        200, NumberIn(request, "startAt") > 1 ? "[]" : R"([{"accountId":"ada","active":true}])",
        answer.headers);
  };
  cut = 1;
  const absl::StatusOr<Snapshot> second = site.ReadAll();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->roster.accounts.size(), 8u);
  EXPECT_EQ(lists, 2);
  lists = 0;
  cut = 2;
  const absl::Status status = site.ReadAll().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("ben"));
}

TEST(JiraSnapshotTest, ASecondSnapshotStartsAfresh) {
  JiraHarness site;
  Fill(site);
  ASSERT_TRUE(site.ReadAll().ok());
  site.account("ada").directories.clear();
  site.group("g-team").members.erase("ben");
  const absl::StatusOr<Snapshot> second = site.ReadAll();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->roster.FindAccount("ada"), kNoAccount);
  EXPECT_THAT(SiteMembersOf(*second, "g-team"), ElementsAre("dan"));
}

// M2: the pages of users, those of members, and five more.
TEST(JiraSnapshotCostTest, ASiteOfTwentyThousandUsersAndFiftyGroups) {
  JiraHarness site;
  site.AddUsers(19'999);  // and the administrator
  int64_t member_pages = 0;
  for (int i = 0; i < 50; ++i) {
    const int members = i == 0 ? 0 : i * 7;  // 0 to 343, with 50 and 300 on the edge
    site.AddCrowd(absl::StrCat("g-", i), i == 10 ? 50 : i == 11 ? 300 : members);
    const auto size = static_cast<int64_t>(site.group(absl::StrCat("g-", i)).members.size());
    member_pages += std::max<int64_t>(1, (size + 49) / 50);
  }
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 20'000u);
  EXPECT_LE(site.Requests(), 20 + member_pages + 5);
}

TEST(JiraSnapshotCostTest, ASmallSiteTakesSixRequests) {
  JiraHarness site;
  Fill(site);
  ASSERT_TRUE(site.directory->ReadAll(SiteGroupsNamed({"the g-team"}), {}).ok());
  // The users; the last of them again and two empty pages; the groups; the members.
  EXPECT_LE(site.Requests(), 6);
}

// What answers is nobody's list, or not a list at all. Nothing is returned then.
struct Refusal {
  const char* quirks;
  absl::StatusCode code;
  std::vector<const char*> says;
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.quirks; }

class JiraRefusedSnapshotTest : public testing::TestWithParam<Refusal> {};

TEST_P(JiraRefusedSnapshotTest, SaysWhyAndWhatToDo) {
  JiraHarness site(GetParam().quirks);
  Fill(site);
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  EXPECT_EQ(snapshot.status().code(), GetParam().code) << snapshot.status();
  for (const char* part : GetParam().says) {
    EXPECT_THAT(std::string(snapshot.status().message()), HasSubstr(part));
  }
  EXPECT_LE(site.Requests(), 8);
}

INSTANTIATE_TEST_SUITE_P(
    Sites, JiraRefusedSnapshotTest,
    testing::Values(
        Refusal{
            "browse_forbidden", absl::StatusCode::kPermissionDenied, {"Browse users and groups"}},
        Refusal{
            "html_200", absl::StatusCode::kDataLoss, {"Log in with Atlassian account", "`url`"}},
        Refusal{"data_center",
                absl::StatusCode::kDataLoss,
                {"Server", "9.12.4", "kind `crowd`", "Jira Data Center"}},
        Refusal{"data_center data_center_json",
                absl::StatusCode::kDataLoss,
                {"Server", "9.12.4", "kind `crowd`"}},
        Refusal{"edge_429", absl::StatusCode::kUnavailable, {"429", "`rate`"}},
        Refusal{"rate_limit=1 quota_429", absl::StatusCode::kUnavailable, {"429", "`rate`"}},
        Refusal{"rate_limit=1", absl::StatusCode::kUnavailable, {"429", "`rate`"}},
        Refusal{"users_search_409", absl::StatusCode::kUnavailable, {"409", "10 seconds"}}));

TEST(JiraRefusedSnapshotTest, AWrongTokenIsNamed) {
  JiraHarness site(JiraHarnessOptions{"", {}, 1000, "another", "", false});
  Fill(site);
  const absl::Status status = site.ReadAll().status();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("`api_token`"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("another")));
}

// To a wrong token some lists are those of an anonymous visitor, who sees nothing.
TEST(JiraRefusedSnapshotTest, AnAnonymousVisitorsEmptyListIsNoSite) {
  JiraHarness site(JiraHarnessOptions{"anonymous_reads", {}, 1000, "another", "", false});
  Fill(site);
  const absl::Status status = site.ReadAll().status();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
}

TEST(JiraRefusedSnapshotTest, ATokenThatExpiresBetweenUsersAndMembersYieldsNothing) {
  JiraHarness site("anonymous_reads");
  Fill(site);
  site.client->change = [&](const HttpRequest& request,
                            HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (absl::StrContains(request.url, "/myself")) return Answer(401, "{}");
    if (!absl::StrContains(request.url, "/group/")) return answer;
    return Answer(200, R"({"startAt":0,"maxResults":50,"total":0,"isLast":true,"values":[]})");
  };
  const absl::Status status = site.ReadAll().status();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
}

TEST(JiraRefusedSnapshotTest, ASiteWithoutAnyUserIsNone) {
  JiraHarness site;
  site.account("admin").directories.clear();
  const absl::Status status = site.ReadAll().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("Browse users and groups"));
}

TEST(JiraRefusedSnapshotTest, WhoDoesNotSayWhatHeIsIsLeftAloneAndTold) {
  JiraHarness site;
  site.AddUser("ada").type = "somebody-new";
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StateIn(*snapshot, "ada"), AccountState::kUntouchable);
  ASSERT_EQ(snapshot->notes.size(), 1u);
  EXPECT_THAT(snapshot->notes[0], testing::StartsWith(kNotJudged));
  EXPECT_THAT(snapshot->notes[0], HasSubstr("ada"));
}

// The records of deleted people may be broken beyond their very id: all are "unknown" then.
TEST(JiraSnapshotTest, RecordsWithoutAnIdOfTheirOwnAreLeftOutAndTold) {
  JiraHarness site;
  Fill(site);
  site.client->change = [&](const HttpRequest& request,
                            HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    const char* broken = R"({"accountId":"unknown","accountType":"unknown","active":false})";
    if (absl::StrContains(request.url, "users/search")) {
      const int64_t start = NumberIn(request, "startAt");
      const std::string whole = answer.body.substr(0, answer.body.size() - 1);
      if (start == 0) answer.body = absl::StrCat(whole, ",", broken, ",", broken, "]");
      if (start == 9) answer.body = absl::StrCat("[", broken, "]");
    }
    if (absl::StrContains(request.url, "groupId=g-other")) {
      answer.body = absl::StrCat(R"({"total":3,"isLast":true,"values":[)", broken, ",", broken,
                                 R"(,{"accountId":"ada","active":true}]})");
    }
    return answer;
  };
  const absl::StatusOr<Snapshot> snapshot = site.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.FindAccount("unknown"), kNoAccount);
  EXPECT_EQ(snapshot->roster.accounts.size(), 8u);
  EXPECT_THAT(SiteMembersOf(*snapshot, "g-other"), ElementsAre("ada"));
  EXPECT_EQ(snapshot->dangling_members, 0);
  ASSERT_EQ(snapshot->notes.size(), 1u);
  EXPECT_THAT(snapshot->notes[0], HasSubstr("2 records"));
}

TEST(JiraSnapshotTest, AStopEndsTheReading) {
  JiraHarness site;
  Fill(site);
  StopFlag stop;
  stop.Request();
  CallContext context;
  context.stop = &stop;
  EXPECT_TRUE(absl::IsCancelled(site.directory->ReadAll(AllSiteGroups(), context).status()));
  EXPECT_EQ(site.Requests(), 0);
}

}  // namespace
}  // namespace rollcall
