// The corners of paging, with servers that are written down here.
#include "clients/jira/jira_pager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/clients/jira/jira_harness.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

std::string UserRow(int64_t number) {
  return absl::StrCat(R"({"accountId":"a-)", number,
                      R"(","accountType":"atlassian","active":true})");
}

// Users a-FROM to a-(TO-1).
std::string UserRows(int64_t from, int64_t to) {
  std::string rows;
  for (int64_t i = from; i < to; ++i) absl::StrAppend(&rows, i == from ? "" : ",", UserRow(i));
  return rows;
}

// What one reading of a list came to.
struct Reading {
  absl::Status status;
  std::vector<std::string> ids;
  int64_t requests = 0;
  int64_t pages = 0;
};

Reading ReadScripted(ScriptedClient::Script script, JiraPaging paging = {}) {
  ScriptedClient client(std::move(script));
  JiraApi api("http://site.example.com", client);
  Reading reading;
  const auto fetch = [&](int64_t start, int64_t count) { return api.ListUsers(start, count, {}); };
  const auto restart = [&] { reading.ids.clear(); };
  const auto take = [&](const JiraRow& row) { reading.ids.push_back(row.id); };
  const auto advance = [](int64_t) {};
  JiraPager pager(paging);
  reading.status = pager.Read(
      JiraList{"the users", JiraRowKind::kUser, paging.page_size, fetch, restart, take, advance},
      {});
  reading.requests = static_cast<int64_t>(client.requests().size());
  reading.pages = pager.pages();
  return reading;
}

HttpResponse ArrayOf(int64_t from, int64_t to) {
  return Answer(200, absl::StrCat("[", UserRows(from, std::max(from, to)), "]"));
}

// `users` of them, at most `cap` a page.
ScriptedClient::Script Honest(int64_t users, int64_t cap) {
  return [=](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
    const int64_t start = NumberIn(request, "startAt");
    return ArrayOf(start, std::min({users, start + cap, start + NumberIn(request, "maxResults")}));
  };
}

HttpResponse BeanOf(int64_t start, int64_t end, int64_t total, bool is_last) {
  return Answer(200, absl::StrCat(R"({"startAt":)", start, R"(,"maxResults":50,"total":)", total,
                                  R"(,"isLast":)", is_last ? "true" : "false", R"(,"values":[)",
                                  UserRows(start, end), "]}"));
}

TEST(JiraPagerTest, ListsOfAllLengthsAreReadToTheirEnd) {
  for (const int64_t cap : {1, 2, 50, 100, 1000}) {
    for (const int64_t users : {1, 2, 49, 50, 51, 99, 100, 101, 999, 1000, 1001, 2500}) {
      const Reading reading = ReadScripted(Honest(users, cap));
      EXPECT_TRUE(reading.status.ok()) << reading.status;
      EXPECT_EQ(reading.ids.size(), static_cast<size_t>(users)) << cap;
    }
  }
}

TEST(JiraPagerTest, AnEmptyListCostsTwoRequests) {
  const Reading reading = ReadScripted(Honest(0, 1000));
  EXPECT_TRUE(reading.status.ok());
  EXPECT_EQ(reading.requests, 2);
}

// The server caps without saying so: the step is what came.
TEST(JiraPagerTest, APageThatIsCappedInSilenceCostsNoMoreThanItsSize) {
  EXPECT_LE(ReadScripted(Honest(5000, 50)).requests, 5000 / 49 + 3);
  EXPECT_LE(ReadScripted(Honest(5000, 100)).requests, 5000 / 99 + 3);
  EXPECT_LE(ReadScripted(Honest(20'000, 1000)).requests, 23);
}

TEST(JiraPagerTest, AServerThatIgnoresStartAtIsFoundOut) {
  for (const int64_t rows : {1, 2, 10, 999, 1000, 1001}) {
    const Reading reading = ReadScripted([&](const HttpRequest&) { return ArrayOf(0, rows); });
    EXPECT_TRUE(absl::IsDataLoss(reading.status)) << rows << ": " << reading.status;
    EXPECT_LE(reading.requests, 3 * 1001);
  }
}

TEST(JiraPagerTest, AServerThatIgnoresStartAtInPagesIsFoundOut) {
  const Reading reading = ReadScripted([](const HttpRequest&) { return BeanOf(0, 50, 80, false); });
  EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
  EXPECT_EQ(reading.requests, 3 * 2);
}

TEST(JiraPagerTest, EndlessNewRowsEndAtTheLimitOfRows) {
  JiraPaging paging;
  paging.page_size = 10;
  paging.max_rows = 95;
  const auto endless = [](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
    const int64_t start = NumberIn(request, "startAt");
    return ArrayOf(start, start + 10);
  };
  const Reading reading = ReadScripted(endless, paging);
  EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
  EXPECT_THAT(std::string(reading.status.message()), HasSubstr("95 rows"));
  EXPECT_LE(reading.requests, 12);
}

TEST(JiraPagerTest, ExactlyTheLimitOfRowsIsRead) {
  JiraPaging paging;
  paging.page_size = 10;
  paging.max_rows = 95;
  EXPECT_TRUE(ReadScripted(Honest(95, 10), paging).status.ok());
  EXPECT_TRUE(absl::IsDataLoss(ReadScripted(Honest(96, 10), paging).status));
}

TEST(JiraPagerTest, ExactlyTheLimitOfPagesIsRead) {
  JiraPaging paging;
  paging.page_size = 10;
  const int64_t needed = ReadScripted(Honest(95, 10), paging).requests;
  paging.max_pages = needed;
  EXPECT_TRUE(ReadScripted(Honest(95, 10), paging).status.ok());
  paging.max_pages = needed - 1;
  const Reading reading = ReadScripted(Honest(95, 10), paging);
  EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
  EXPECT_EQ(reading.requests, needed - 1);
}

// From the second page on, as many rows fewer in front: page after page begins too late.
ScriptedClient::Script Shrinking(int64_t cap, int64_t gone, int passes, int* begun) {
  *begun = 0;
  return [=](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
    const int64_t start = NumberIn(request, "startAt");
    if (start == 0) ++*begun;
    const int64_t shift = start == 0 || *begun > passes ? 0 : gone;
    const int64_t count = std::min(cap, NumberIn(request, "maxResults"));
    return ArrayOf(start + shift, std::min<int64_t>(2500, start + shift + count));
  };
}

TEST(JiraPagerTest, RowsThatVanishInFrontAreSeenFromTheLastRowOfThePage) {
  int begun = 0;
  for (const int64_t cap : {50, 100, 1000}) {
    for (const int64_t gone : {1, 2, 10, 49}) {
      const Reading twice = ReadScripted(Shrinking(cap, gone, 2, &begun));
      EXPECT_TRUE(twice.status.ok()) << cap << " " << gone << ": " << twice.status;
      EXPECT_EQ(twice.ids.size(), 2500u) << cap << " " << gone;
      const Reading always = ReadScripted(Shrinking(cap, gone, 3, &begun));
      EXPECT_TRUE(absl::IsDataLoss(always.status)) << cap << " " << gone;
      EXPECT_EQ(begun, 3);
    }
  }
}

// Each window of so many rows shows one row in `share`.
ScriptedClient::Script Filtered(int64_t users, int64_t share) {
  return [=](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
    const int64_t start = NumberIn(request, "startAt");
    const int64_t end = std::min(users, start + NumberIn(request, "maxResults"));
    std::string rows;
    for (int64_t i = start; i < end; ++i) {
      if (i % share == 0) absl::StrAppend(&rows, rows.empty() ? "" : ",", UserRow(i));
    }
    return Answer(200, absl::StrCat("[", rows, "]"));
  };
}

TEST(JiraPagerTest, ListsOfWhichMostIsHiddenAreReadToTheirEnd) {
  for (const int64_t share : {2, 3, 10, 100, 400}) {
    const Reading reading = ReadScripted(Filtered(6000, share));
    EXPECT_TRUE(reading.status.ok()) << share << ": " << reading.status;
    EXPECT_EQ(reading.ids.size(), static_cast<size_t>((6000 + share - 1) / share)) << share;
  }
}

// Rows that are hidden in one stretch: one page of them is not the end.
TEST(JiraPagerTest, OneEmptyPageInTheMiddleIsNotTheEndAndTwoAre) {
  const auto hiding = [](int64_t from, int64_t to) {
    return [=](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
      const int64_t start = NumberIn(request, "startAt");
      const int64_t end = std::min<int64_t>(6000, start + NumberIn(request, "maxResults"));
      std::string rows;
      for (int64_t i = start; i < end; ++i) {
        if (i < from || i >= to) absl::StrAppend(&rows, rows.empty() ? "" : ",", UserRow(i));
      }
      return Answer(200, absl::StrCat("[", rows, "]"));
    };
  };
  const Reading one = ReadScripted(hiding(1000, 3000));
  EXPECT_TRUE(one.status.ok()) << one.status;
  EXPECT_EQ(one.ids.size(), 4000u);
  // Nothing distinguishes this from the end: what is documented is that an empty page is it.
  const Reading two = ReadScripted(hiding(1000, 4500));
  EXPECT_TRUE(two.status.ok()) << two.status;
  EXPECT_EQ(two.ids.size(), 1000u);
}

TEST(JiraPagerTest, ATotalThatFallsIsReadAgain) {
  int begun = 0;
  const auto script = [&](int passes) {
    return [&begun, passes](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
      const int64_t start = NumberIn(request, "startAt");
      if (start == 0) ++begun;
      const int64_t total = start > 0 && begun <= passes ? 99 : 100;
      return BeanOf(start, std::min(total, start + 50), total, start + 50 >= total);
    };
  };
  const Reading twice = ReadScripted(script(2));
  EXPECT_TRUE(twice.status.ok()) << twice.status;
  EXPECT_EQ(twice.ids.size(), 100u);
  begun = 0;
  const Reading always = ReadScripted(script(3));
  EXPECT_TRUE(absl::IsDataLoss(always.status)) << always.status;
  EXPECT_THAT(std::string(always.status.message()), HasSubstr("the total fell from 100 to 99"));
  EXPECT_EQ(always.requests, 6);
}

TEST(JiraPagerTest, ATotalThatIsNotReachedIsNoWhole) {
  const Reading reading = ReadScripted([](const HttpRequest&) { return BeanOf(0, 30, 31, true); });
  EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
  EXPECT_THAT(std::string(reading.status.message()), HasSubstr("30 rows came"));
}

TEST(JiraPagerTest, GrowthWhileReadingIsTaken) {
  const Reading reading = ReadScripted([](const HttpRequest& request) {
    const int64_t start = NumberIn(request, "startAt");
    return start == 0 ? BeanOf(0, 50, 99, false) : BeanOf(50, 100, 100, true);
  });
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.ids.size(), 100u);
}

TEST(JiraPagerTest, AnEndThatIsSaidTooEarlyIsNotBelieved) {
  const Reading reading = ReadScripted([](const HttpRequest&) { return BeanOf(0, 50, 120, true); });
  EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
}

// Neither a total nor an end: empty pages alone tell.
TEST(JiraPagerTest, PagesThatSayNothingEndWithEmptyOnes) {
  const Reading reading = ReadScripted([](const HttpRequest& request) {
    const int64_t start = NumberIn(request, "startAt");
    return Answer(200, absl::StrCat(R"({"values":[)",
                                    UserRows(start, std::min<int64_t>(120, start + 50)), "]}"));
  });
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.ids.size(), 120u);
}

TEST(JiraPagerTest, AShapeThatChangesBetweenPagesIsNoWhole) {
  const Reading reading = ReadScripted([](const HttpRequest& request) {
    const int64_t start = NumberIn(request, "startAt");
    return start == 0 ? ArrayOf(0, 1000) : BeanOf(1200, 1250, 50, true);
  });
  EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
}

TEST(JiraPagerTest, ASlowPageIsAskedForInSmallerOnes) {
  const auto slow = [](int64_t above) {
    return [above](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
      if (NumberIn(request, "maxResults") > above) {
        return Answer(409, R"({"errorMessages":["took longer than 10 seconds"],"errors":{}})");
      }
      return Honest(2500, 1000)(request);
    };
  };
  const Reading smaller = ReadScripted(slow(300));
  EXPECT_TRUE(smaller.status.ok()) << smaller.status;
  EXPECT_EQ(smaller.ids.size(), 2500u);
  EXPECT_LE(smaller.requests, 2 + 2500 / 249 + 4);
  EXPECT_TRUE(ReadScripted(slow(50)).status.ok());
  const Reading too_slow = ReadScripted(slow(49));
  EXPECT_TRUE(absl::IsUnavailable(too_slow.status)) << too_slow.status;
  EXPECT_LE(too_slow.requests, 7);
}

// A page that got slow half-way: the row that must come again still does.
TEST(JiraPagerTest, ASlowPageInTheMiddleLosesNothing) {
  const Reading reading =
      ReadScripted([](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
        if (NumberIn(request, "startAt") > 900 && NumberIn(request, "maxResults") > 100) {
          return Answer(409, "{}");
        }
        return Honest(2500, 1000)(request);
      });
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.ids.size(), 2500u);
}

TEST(JiraPagerTest, AFailureInTheMiddleYieldsNothing) {
  for (const int status : {401, 403, 404, 429, 500, 503}) {
    const Reading reading =
        ReadScripted([&](const HttpRequest& request) -> absl::StatusOr<HttpResponse> {
          if (NumberIn(request, "startAt") > 0)
            return Answer(status, R"({"errorMessages":["no"]})");
          return Honest(2500, 1000)(request);
        });
    EXPECT_FALSE(reading.status.ok()) << status;
  }
}

}  // namespace
}  // namespace rollcall
