// Every oddity of a site's lists: what is read is the whole, or nothing and a reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/jira/jira_harness.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

struct Oddity {
  const char* quirks;
  int64_t page_size;
  bool users_whole;    // must the users be read, or may that fail?
  bool members_whole;  // the same of groups and members
};

void PrintTo(const Oddity& oddity, std::ostream* out) {
  *out << oddity.quirks << " by " << oddity.page_size;
}

class JiraListOddityTest : public testing::TestWithParam<Oddity> {
 protected:
  // 260 users with the administrator; groups of 0, 49, 50, 51 and 130; nobody is dangling.
  static void Fill(JiraHarness& site) {
    site.AddUsers(259);
    site.account(JiraHarness::UserId(7)).active = false;
    site.AddCrowd("g-none", 0);
    site.AddCrowd("g-49", 49);
    site.AddCrowd("g-50", 50);
    site.AddCrowd("g-51", 51);
    site.AddCrowd("g-130", 130);
  }
  static JiraHarnessOptions Options() {
    return {GetParam().quirks, {}, GetParam().page_size, "twin-token", "", false};
  }
  static bool IsARefusalWithAReason(const absl::Status& status) {
    return (absl::IsDataLoss(status) || absl::IsUnavailable(status)) && !status.message().empty();
  }
};

// short_pages hides rows for good: what is left is what must come.
TEST_P(JiraListOddityTest, AreReadAsAWholeOrNotAtAll) {
  JiraHarness site(Options());
  Fill(site);
  const absl::StatusOr<Snapshot> users = site.directory->ReadAll(SiteGroupsNamed({}), {});
  if (GetParam().users_whole) {
    EXPECT_TRUE(users.ok()) << users.status();
  }
  if (users.ok()) {
    EXPECT_EQ(users->roster.accounts.size(), 260u);
    EXPECT_EQ(users->roster.groups.size(), 5u);
  } else {
    EXPECT_TRUE(IsARefusalWithAReason(users.status())) << users.status();
  }
  for (const int size : {0, 49, 50, 51, 130}) {
    const std::string id = size == 0 ? "g-none" : absl::StrCat("g-", size);
    const absl::StatusOr<GroupMembers> group = site.directory->ReadGroup(id, {});
    if (GetParam().members_whole) {
      EXPECT_TRUE(group.ok()) << id << ": " << group.status();
    }
    if (group.ok()) {
      EXPECT_EQ(group->members.size(), static_cast<size_t>(size)) << id;
    } else {
      EXPECT_TRUE(IsARefusalWithAReason(group.status())) << group.status();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lists, JiraListOddityTest,
    testing::Values(
        Oddity{"", 1000, true, true}, Oddity{"", 100, true, true}, Oddity{"", 7, true, true},
        Oddity{"", 1, true, true}, Oddity{"short_pages", 1000, false, false},
        Oddity{"short_pages", 100, false, false}, Oddity{"short_pages", 7, false, false},
        Oddity{"empty_page", 100, false, false}, Oddity{"empty_page", 7, false, false},
        Oddity{"shifted_pages", 100, false, false}, Oddity{"shifted_pages", 7, false, false},
        Oddity{"shifted_pages odd_passes=1", 100, true, true},
        Oddity{"shifted_pages odd_passes=2", 100, true, true},
        Oddity{"repeated_rows", 100, false, false}, Oddity{"repeated_rows", 7, false, false},
        Oddity{"repeated_rows odd_passes=1", 100, true, true},
        Oddity{"repeated_rows odd_passes=2", 100, true, true},
        Oddity{"total_lies", 1000, true, true}, Oddity{"is_last_absent", 1000, true, true},
        Oddity{"total_lies is_last_absent next_page_absent", 1000, true, true},
        Oddity{"total_lies is_last_absent empty_page", 100, false, false},
        Oddity{"next_page_absent", 1000, true, true}, Oddity{"max_results_lower", 1000, true, true},
        Oddity{"page_cap=1", 1000, true, true}, Oddity{"page_cap=3", 1000, true, true},
        Oddity{"page_cap=50", 1000, true, true},
        Oddity{"page_cap=3 is_last_absent total_lies", 1000, true, true},
        Oddity{"page_cap=50 shifted_pages", 1000, false, false},
        Oddity{"page_cap=50 shifted_pages odd_passes=2", 1000, true, true},
        Oddity{"page_cap=50 short_pages", 1000, false, false},
        Oddity{"slow_page=200", 1000, true, true}, Oddity{"slow_page=50", 1000, true, true},
        Oddity{"slow_page=49", 1000, false, true},
        Oddity{"near_limit quota_headers", 1000, true, true}));

// A user list that hides rows after paging is whole when the windows have reached its end.
TEST(JiraListOddityTest, ShortPagesOfUsersAreNotTheEnd) {
  for (const int64_t page : {3, 7, 100, 1000}) {
    JiraHarness site(JiraHarnessOptions{"short_pages", {}, page, "twin-token", "", false});
    site.AddUsers(259);
    site.client->change = [](const HttpRequest& request,
                             HttpResponse answer) -> absl::StatusOr<HttpResponse> {
      if (!absl::StrContains(request.url, "/group/bulk")) return answer;
      return Answer(200, R"({"total":0,"isLast":true,"values":[]})", answer.headers);
    };
    const absl::StatusOr<Snapshot> users = site.ReadAll();
    ASSERT_TRUE(users.ok()) << users.status();
    EXPECT_EQ(users->roster.accounts.size(), 260u) << page;
  }
}

TEST(JiraListOddityTest, AnEmptyPageOfUsersInTheMiddleIsNotTheEnd) {
  JiraHarness site(JiraHarnessOptions{"empty_page", {}, 100, "twin-token", "", false});
  site.AddUsers(259);
  const absl::StatusOr<Snapshot> users = site.ReadAll();
  ASSERT_TRUE(users.ok()) << users.status();
  EXPECT_EQ(users->roster.accounts.size(), 260u);
}

TEST(JiraListOddityTest, RowsThatMoveAtEveryReadingAreTold) {
  JiraHarness site(JiraHarnessOptions{"shifted_pages", {}, 100, "twin-token", "", false});
  site.AddUsers(259);
  const absl::Status status = site.ReadAll().status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("the users of the site"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("3 times"));
}

// What a lagging site shows is a whole, of a moment ago.
TEST(JiraListOddityTest, StaleReadsShowTheStateBefore) {
  JiraHarness site("stale_reads=1");
  site.AddUsers(3);
  site.AddGroup("g-team", {});
  ASSERT_TRUE(site.Add("g-team", JiraHarness::UserId(1)).status.ok());
  const absl::StatusOr<GroupMembers> before = site.directory->ReadGroup("g-team", {});
  ASSERT_TRUE(before.ok());
  EXPECT_TRUE(before->members.empty());
  EXPECT_EQ(site.directory->ReadGroup("g-team", {})->members.size(), 1u);
}

}  // namespace
}  // namespace rollcall
