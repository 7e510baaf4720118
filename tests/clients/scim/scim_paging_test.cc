#include "clients/scim/scim_paging.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "clients/json/writer.h"
#include "tests/clients/scim/scim_harness.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

struct Asked {
  int64_t start = 1;
  int64_t count = 0;
  bool sorted = false;
  bool groups = false;
};

Asked Parse(const HttpRequest& request) {
  Asked asked;
  asked.groups = request.url.find("/Groups") != std::string::npos;
  asked.sorted = request.url.find("sortBy=id") != std::string::npos;
  const std::vector<std::string> halves = absl::StrSplit(request.url, absl::MaxSplits('?', 1));
  if (halves.size() < 2) return asked;
  for (absl::string_view part : absl::StrSplit(halves[1], '&')) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(part, '=');
    if (pair.first == "startIndex") asked.start = std::stoll(pair.second);
    if (pair.first == "count") asked.count = std::stoll(pair.second);
  }
  return asked;
}

struct PageText {
  std::vector<std::string> ids;
  std::string total;  // as JSON; empty: left out
  std::string start;  // the same
  std::string resources = "present";
};

HttpResponse Page(const PageText& page) {
  json::Writer w;
  w.StartObject().Key("schemas").StartArray();
  w.String("urn:ietf:params:scim:api:messages:2.0:ListResponse").EndArray();
  if (!page.total.empty()) w.Key("totalResults").Raw(page.total);
  if (!page.start.empty()) w.Key("startIndex").Raw(page.start);
  if (page.resources == "present") {
    w.Key("Resources").StartArray();
    for (const std::string& id : page.ids) {
      w.StartObject().Key("id").String(id).Key("userName").String(id).EndObject();
    }
    w.EndArray();
  } else if (page.resources == "null") {
    w.Key("Resources").Null();
  }
  w.EndObject();
  return Answer(200, std::move(w).Take());
}

// A list of users that a test can change between requests.
class ScriptedList {
 public:
  std::vector<std::string> ids;
  int cap = 0;                                  // most rows of a page
  std::string config;                           // of /ServiceProviderConfig; empty: 404
  std::function<void(int page)> before_page;    // pages of users, from 1
  std::function<HttpResponse(Asked)> override;  // in place of the pages of users
  int pages = 0;

  explicit ScriptedList(int rows) {
    for (int i = 0; i < rows; ++i) ids.push_back(ScimHarness::UserId(i));
  }

  absl::StatusOr<HttpResponse> operator()(const HttpRequest& request) {
    if (request.url.find("ServiceProviderConfig") != std::string::npos) {
      return config.empty() ? Answer(404, "") : Answer(200, config);
    }
    const Asked asked = Parse(request);
    if (asked.groups) return Page({{}, "0", "1"});
    ++pages;
    if (before_page) before_page(pages);
    return override ? override(asked) : Serve(asked);
  }

  HttpResponse Serve(const Asked& asked) const {
    PageText page;
    const int64_t count = cap > 0 ? std::min<int64_t>(cap, asked.count) : asked.count;
    for (int64_t i = asked.start - 1; i < asked.start - 1 + count; ++i) {
      if (i < static_cast<int64_t>(ids.size())) page.ids.push_back(ids[i]);
    }
    page.total = absl::StrCat(ids.size());
    page.start = absl::StrCat(asked.start);
    return Page(page);
  }
};

struct Reading {
  absl::StatusOr<Snapshot> snapshot;
  int64_t requests = 0;
};

Reading ReadList(ScriptedList& list, PagingOptions paging = {}) {
  ScriptedClient client([&](const HttpRequest& request) { return list(request); });
  FakeRuntime runtime;
  NoProgress progress;
  ScimOptions options;
  options.id = "scim";
  options.base_url = "http://127.0.0.1/scim/v2";
  options.paging = paging;
  ScimDirectory directory(options, client, runtime, nullptr, progress);
  Reading reading{directory.ReadAll(WantAll(), {}), 0};
  reading.requests = directory.requests_sent();
  return reading;
}

PagingOptions PageSize(int64_t size) {
  PagingOptions paging;
  paging.page_size = size;
  return paging;
}

// The list, one page of no groups, and the ServiceProviderConfig.
constexpr int64_t kRest = 2;

TEST(ScimPaging, EveryUserIsReadInPagesThatOverlapByOneRow) {
  ScriptedList list(250);
  Reading reading = ReadList(list, PageSize(100));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 250u);
  EXPECT_EQ(reading.requests, 3 + kRest);
}

TEST(ScimPaging, ALargeListCostsItsPagesAndAConstantBelowTen) {
  ScriptedList list(20'000);
  Reading reading = ReadList(list);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 20'000u);
  EXPECT_LT(reading.requests, 20 + 10);
}

TEST(ScimPaging, AServerThatSendsSmallerPagesIsFollowed) {
  ScriptedList list(95);
  list.cap = 10;
  Reading reading = ReadList(list);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 95u);
  EXPECT_LT(reading.requests, 10 + 10);
}

TEST(ScimPaging, PagesOfOneRowDoNotOverlapAndStillEnd) {
  ScriptedList list(5);
  Reading reading = ReadList(list, PageSize(1));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 5u);
  EXPECT_EQ(reading.requests, 5 + kRest);
}

TEST(ScimPaging, TheDeclaredMaximumIsThePageSize) {
  ScriptedList list(3);
  list.config = R"({"filter":{"supported":true,"maxResults":50}})";
  int64_t asked_for = 0;
  list.override = [&](Asked asked) {
    asked_for = asked.count;
    return list.Serve(asked);
  };
  ASSERT_TRUE(ReadList(list).snapshot.ok());
  EXPECT_EQ(asked_for, 50);
}

TEST(ScimPaging, ANonsenseMaximumIsIgnored) {
  for (const char* nonsense : {"0", "-1", "\"many\"", "1.5", "null"}) {
    ScriptedList list(3);
    list.config = absl::StrCat(R"({"filter":{"maxResults":)", nonsense, "}}");
    int64_t asked_for = 0;
    list.override = [&](Asked asked) {
      asked_for = asked.count;
      return list.Serve(asked);
    };
    ASSERT_TRUE(ReadList(list).snapshot.ok());
    EXPECT_EQ(asked_for, ScimPager::kDefaultPage) << nonsense;
  }
}

TEST(ScimPaging, TheConfiguredPageSizeWinsOverTheDeclaredMaximum) {
  ScriptedList list(3);
  list.config = R"({"filter":{"maxResults":50}})";
  int64_t asked_for = 0;
  list.override = [&](Asked asked) {
    asked_for = asked.count;
    return list.Serve(asked);
  };
  ASSERT_TRUE(ReadList(list, PageSize(7)).snapshot.ok());
  EXPECT_EQ(asked_for, 7);
}

TEST(ScimPaging, ADeletionBetweenPagesIsNoticedThoughTheTotalStays) {
  ScriptedList list(30);
  list.before_page = [&](int page) {
    if (page != 2) return;
    list.ids.erase(list.ids.begin());
    list.ids.push_back("u-9999");  // somebody else is added: the total stays
  };
  Reading reading = ReadList(list, PageSize(10));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.FindAccount("u-0000"), kNoAccount);
  EXPECT_NE(reading.snapshot->roster.FindAccount("u-0010"), kNoAccount);
  EXPECT_NE(reading.snapshot->roster.FindAccount("u-9999"), kNoAccount);
  EXPECT_TRUE(HasNote(reading.snapshot->notes, "2 times"));
}

TEST(ScimPaging, AnInsertionBeforeTheReadRowsIsNoticed) {
  ScriptedList list(30);
  list.before_page = [&](int page) {
    if (page == 2) list.ids.insert(list.ids.begin(), "a-first");
  };
  Reading reading = ReadList(list, PageSize(10));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 31u);
}

TEST(ScimPaging, GrowthAtTheEndIsAcceptedWithoutReadingAgain) {
  ScriptedList list(30);
  list.before_page = [&](int page) {
    if (page <= 3) list.ids.push_back(absl::StrCat("z-", page));
  };
  Reading reading = ReadList(list, PageSize(20));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 32u);
  EXPECT_EQ(list.pages, 2);
}

TEST(ScimPaging, ATotalThatFallsMeansReadingAgain) {
  ScriptedList list(30);
  list.before_page = [&](int page) {
    if (page == 2) list.ids.pop_back();
  };
  Reading reading = ReadList(list, PageSize(20));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 29u);
  EXPECT_EQ(list.pages, 4);
}

TEST(ScimPaging, AListThatNeverHoldsStillIsDataLossAfterThreePasses) {
  ScriptedList list(12'000);  // too many for one page
  list.before_page = [&](int page) {
    if (page % 2 == 0) list.ids.pop_back();
  };
  Reading reading = ReadList(list);
  EXPECT_EQ(reading.snapshot.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(reading.snapshot.status().message().find("3 times"), std::string::npos);
  EXPECT_NE(reading.snapshot.status().message().find("page_size"), std::string::npos);
  EXPECT_EQ(list.pages, 6);
}

TEST(ScimPaging, ARowThatComesTwiceIsNeverAccepted) {
  ScriptedList list(12'000);
  list.ids[11'999] = list.ids[3];
  EXPECT_EQ(ReadList(list).snapshot.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimPaging, AWrongReturnedStartIndexFailsClosed) {
  ScriptedList list(12'000);
  list.override = [&](Asked asked) {
    PageText page;
    for (int64_t i = asked.start - 1; i < asked.start + 999 && i < 12'000; ++i) {
      page.ids.push_back(list.ids[i]);
    }
    page.total = "12000";
    page.start = "1";
    return Page(page);
  };
  const absl::Status status = ReadList(list).snapshot.status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("start at 1"), std::string::npos) << status;
}

TEST(ScimPaging, StartIndexThatIsNotReturnedIsNoContradiction) {
  ScriptedList list(30);
  list.override = [&](Asked asked) {
    PageText page;
    for (int64_t i = asked.start - 1; i < asked.start + 9 && i < 30; ++i) {
      page.ids.push_back(list.ids[i]);
    }
    page.total = "30";
    return Page(page);
  };
  Reading reading = ReadList(list);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 30u);
}

TEST(ScimPaging, AnEmptyPageBeforeTheEndFailsClosed) {
  ScriptedList list(20);
  list.override = [&](Asked asked) {
    if (asked.start > 1) return Page({{}, "20", absl::StrCat(asked.start)});
    return Page({{list.ids.begin(), list.ids.begin() + 10}, "20", "1"});
  };
  const absl::Status status = ReadList(list).snapshot.status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("sends none after the first 10"), std::string::npos) << status;
}

TEST(ScimPaging, AMissingTotalFailsClosed) {
  ScriptedList list(2);
  list.override = [&](Asked) { return Page({list.ids, "", "1"}); };
  const absl::Status status = ReadList(list).snapshot.status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("totalResults"), std::string::npos) << status;
}

TEST(ScimPaging, MoreRowsThanTheTotalFailClosed) {
  ScriptedList list(5);
  list.override = [&](Asked) { return Page({list.ids, "3", "1"}); };
  EXPECT_EQ(ReadList(list).snapshot.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimPaging, AFullFirstPageThatCountsItselfIsNotTakenForTheWholeList) {
  ScriptedList list(25);
  list.override = [&](Asked asked) {  // totalResults is the number of rows of the page
    PageText page;
    for (int64_t i = asked.start - 1; i < asked.start + 9 && i < 25; ++i) {
      page.ids.push_back(list.ids[i]);
    }
    page.total = absl::StrCat(page.ids.size());
    page.start = absl::StrCat(asked.start);
    return Page(page);
  };
  EXPECT_EQ(ReadList(list, PageSize(10)).snapshot.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimPaging, AFullFirstPageThatIsEverythingCostsOneMoreRequest) {
  ScriptedList list(10);
  Reading reading = ReadList(list, PageSize(10));
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.requests, 2 + kRest);
}

TEST(ScimPaging, UnstableOrderIsCuredBySortingWhereTheServerCan) {
  ScriptedList list(12'000);
  list.config = R"({"sort":{"supported":true}})";
  int turn = 0;
  list.override = [&](Asked asked) {
    if (asked.sorted) return list.Serve(asked);
    ScriptedList turned = list;
    ++turn;
    std::rotate(turned.ids.begin(), turned.ids.begin() + turn * 37, turned.ids.end());
    return turned.Serve(asked);
  };
  Reading reading = ReadList(list);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 12'000u);
}

TEST(ScimPaging, ASortThatIsRefusedIsGivenUp) {
  ScriptedList list(12'000);
  list.config = R"({"sort":{"supported":true}})";
  list.before_page = [&](int page) {
    if (page == 2) list.ids.pop_back();
  };
  list.override = [&](Asked asked) {
    return asked.sorted ? Answer(400, "sorting is not implemented") : list.Serve(asked);
  };
  Reading reading = ReadList(list);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 11'999u);
}

TEST(ScimPaging, ARefusedPageSizeIsLoweredAndRememberedForThisSnapshot) {
  for (int refusal : {400, 413, 500}) {
    ScriptedList list(150);
    list.override = [&](Asked asked) {
      if (asked.count <= 60) return list.Serve(asked);
      return Answer(refusal, R"({"scimType":"tooMany","detail":"at most 60","status":"400"})");
    };
    Reading reading = ReadList(list);
    ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
    EXPECT_EQ(reading.snapshot->roster.accounts.size(), 150u);
    EXPECT_TRUE(HasNote(reading.snapshot->notes, "page_size"));
    EXPECT_EQ(reading.requests, 2 + 4 + kRest) << refusal;  // 1000, 100, then pages of 50
  }
}

TEST(ScimPaging, A400ThatIsNotAboutTheSizeIsTriedOnceMoreOnly) {
  ScriptedList list(5);
  list.override = [](Asked) { return Answer(400, "URI malformed"); };
  Reading reading = ReadList(list);
  EXPECT_EQ(reading.snapshot.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(reading.snapshot.status().message().find("URI malformed"), std::string::npos);
  EXPECT_EQ(list.pages, 2);
}

TEST(ScimPaging, ABodyAtTheLimitIsReadAndOnePastItMeansSmallerPages) {
  ScriptedList list(40);
  const size_t whole = list.Serve({1, 40, false, false}).body.size();
  PagingOptions paging;
  paging.page_size = 41;
  paging.max_body = whole;
  EXPECT_TRUE(ReadList(list, paging).snapshot.ok());
  EXPECT_EQ(list.pages, 1);
  paging.max_body = whole - 1;
  list.pages = 0;
  Reading reading = ReadList(list, paging);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 40u);
  EXPECT_GT(list.pages, 1);
}

TEST(ScimPaging, ARowThatIsLargerThanTheLimitIsNamed) {
  ScriptedList list(3);
  PagingOptions paging;
  paging.max_body = 20;
  const absl::Status status = ReadList(list, paging).snapshot.status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("row 1 alone"), std::string::npos) << status;
}

TEST(ScimPaging, AsManyPagesAsTheLimitAreReadAndOneMoreIsRefused) {
  ScriptedList list(5);
  PagingOptions paging = PageSize(1);
  paging.max_pages = 5;
  EXPECT_TRUE(ReadList(list, paging).snapshot.ok());
  paging.max_pages = 4;
  EXPECT_EQ(ReadList(list, paging).snapshot.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimPaging, AsManyRowsAsTheLimitAreReadAndOneMoreIsRefused) {
  ScriptedList list(30);
  PagingOptions paging = PageSize(10);
  paging.max_rows = 30;
  EXPECT_TRUE(ReadList(list, paging).snapshot.ok());
  paging.max_rows = 15;
  EXPECT_EQ(ReadList(list, paging).snapshot.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ScimPaging, AStoppedRunReadsNoFurtherPage) {
  ScriptedList list(30);
  StopFlag stop;
  list.before_page = [&](int page) {
    if (page == 1) stop.Request();
  };
  ScriptedClient client([&](const HttpRequest& request) { return list(request); });
  FakeRuntime runtime;
  NoProgress progress;
  ScimDirectory directory({.id = "scim", .base_url = "http://127.0.0.1", .paging = PageSize(10)},
                          client, runtime, nullptr, progress);
  CallContext context;
  context.stop = &stop;
  EXPECT_TRUE(absl::IsCancelled(directory.ReadAll(WantAll(), context).status()));
  EXPECT_EQ(list.pages, 1);
}

// facts: part B, one test a line.

TEST(ScimServersB, B1_AServerThatIgnoresStartIndexIsReadOnlyWhereOnePageHoldsAll) {
  ScimHarness small("paging_ignored");
  small.AddUsers(20);
  ASSERT_TRUE(small.ReadAll().ok());
  ScimHarness large("paging_ignored");
  large.AddUsers(21);
  const absl::Status status = large.ReadAll().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("first rows again"), std::string::npos) << status;
  EXPECT_LT(large.client.requests().size(), 10u);
}

TEST(ScimServersB, B1_AServerThatIgnoresStartIndexButNotCountIsReadInOnePage) {
  ScriptedList list(2500);
  list.override = [&](Asked asked) {
    asked.start = 1;
    return list.Serve(asked);
  };
  Reading reading = ReadList(list);
  ASSERT_TRUE(reading.snapshot.ok()) << reading.snapshot.status();
  EXPECT_EQ(reading.snapshot->roster.accounts.size(), 2500u);
}

TEST(ScimServersB, B2_ALastPageThatRepeatsOrADropPastTheEndIsNeverAskedFor) {
  for (const char* quirk : {"last_page_repeated", "drop_past_end"}) {
    ScimHarness harness(quirk, PageSize(10));
    harness.AddUsers(40);
    absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << quirk << ": " << snapshot.status();
    EXPECT_EQ(snapshot->roster.accounts.size(), 40u);
  }
}

TEST(ScimServersB, B3_UnstableOrderFailsClosedUnlessOnePageHoldsAll) {
  ScimHarness capped("unstable_order page_cap=10");
  capped.AddUsers(55);
  EXPECT_EQ(capped.ReadAll().status().code(), absl::StatusCode::kDataLoss);
  ScimHarness free("unstable_order", PageSize(10));
  free.AddUsers(55);
  absl::StatusOr<Snapshot> snapshot = free.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 55u);
}

TEST(ScimServersB, B4_ItemsPerPageIsNotTrustedAndTooManyIsAskedAgainForLess) {
  ScimHarness sizes("items_per_page_requested page_cap=20");
  sizes.AddUsers(45);
  absl::StatusOr<Snapshot> snapshot = sizes.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 45u);

  ScimHarness refusing("too_many_500 page_cap=100 no_service_provider_config");
  refusing.AddUsers(150);
  snapshot = refusing.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 150u);
}

TEST(ScimServersB, B5_AnEmptyListMayLackResourcesOrSayNull) {
  for (const char* quirk : {"resources_absent_when_empty", "resources_null_when_empty"}) {
    ScimHarness harness(quirk);
    absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << quirk << ": " << snapshot.status();
    EXPECT_TRUE(snapshot->roster.accounts.empty());
    EXPECT_EQ(harness.client.requests().size(), 3u);
  }
}

TEST(ScimServersB, B6_CountIsNeverZeroAndStartIndexNeverBelowOne) {
  ScimHarness harness("count_zero_500 bad_start_index_400");
  harness.AddUsers(3);
  ASSERT_TRUE(harness.ReadAll().ok());
  for (const HttpRequest& request : harness.client.requests()) {
    if (request.url.find('?') == std::string::npos) continue;
    EXPECT_GE(Parse(request).start, 1);
    EXPECT_GE(Parse(request).count, 1);
  }
}

TEST(ScimServersB, B7ToB10_NothingIsConcludedFromFiltersOrAttributeLists) {
  ScimHarness harness("dialect:server_d");
  harness.AddUsers(3);
  harness.AddGroup("g1", "engineers", {"u-0001"});
  ASSERT_TRUE(harness.ReadAll().ok());
  harness.directory->ReadAccount("u-0001", {}).IgnoreError();
  harness.directory->ReadGroup("g1", {}).IgnoreError();
  for (const HttpRequest& request : harness.client.requests()) {
    EXPECT_EQ(request.url.find("filter="), std::string::npos) << request.url;
    EXPECT_EQ(request.url.find("ttributes="), std::string::npos) << request.url;
  }
}

TEST(ScimServersB, B11_AddressesHaveNoTrailingSlashAndComeFromTheConfiguredBase) {
  ScimHarness harness("trailing_slash_404 absolute_endpoints");
  harness.AddUsers(1);
  ASSERT_TRUE(harness.ReadAll().ok());
  EXPECT_EQ(harness.client.Count("GET", "/ResourceTypes"), 0);
}

TEST(ScimServersB, ATotalThatWobblesOnceIsReadAgain) {
  ScimHarness harness("total_wobbles=1", PageSize(10));
  harness.AddUsers(25);
  absl::StatusOr<Snapshot> snapshot = harness.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
}

}  // namespace
}  // namespace rollcall
