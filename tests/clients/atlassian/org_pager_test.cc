#include "clients/atlassian/org_pager.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

std::string UserRow(const std::string& id) {
  return R"({"accountId":")" + id +
         R"(","accountType":"atlassian","accountStatus":"active","membershipStatus":"active",)"
         R"("claimStatus":"managed","platformRoles":[]})";
}

// Answers every search for users in d1 by `pages`, in turn; the last one again and again.
class BentUsers {
 public:
  explicit BentUsers(std::vector<std::string> pages, int64_t count = 0) : pages_(std::move(pages)) {
    org.Add("a");
    org.hook = [this,
                count](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
      if (Holds(request.url, "/users/count")) {
        return Answer(200, absl::StrCat("{\"count\":", count, "}"));
      }
      if (!Holds(request.url, "/d1/users/search")) return std::nullopt;
      ++asked;
      return Answer(200, pages_[std::min(next_++, pages_.size() - 1)]);
    };
  }
  OrgScript org;
  int asked = 0;

 private:
  const std::vector<std::string> pages_;
  size_t next_ = 0;
};

TEST(OrgPager, BrokenPagesAreNoSnapshot) {
  const char* pages[] = {
      "",
      "<html></html>",
      "[]",
      "{}",
      R"({"data":null})",
      R"({"data":{"accountId":7}})",
      R"({"data":"none"})",
      R"({"data":[7]})",
      R"({"data":[null]})",
      R"({"data":[[]]})",
      R"({"data":[{}]})",
      R"({"data":[{"accountId":""}]})",
      R"({"data":[{"accountId":null}]})",
      R"({"data":[{"accountId":["a"]}]})",
      R"({"data":[{"accountId":"a","accountId":"b"}]})",
      R"({"data":[{"accountId":"a","accountStatus":{"x":1}}]})",
      R"({"data":[{"accountId":"a","email":7}]})",
      R"({"data":[{"accountId":"a","platformRoles":"atlassian/org-admin"}]})",
      R"({"data":[{"accountId":"a","platformRoles":[7]}]})",
      R"({"data":[{"accountId":"a"}],"data":[]})",
      R"({"data":[],"errors":[{"code":"ADMIN-500-1"}]})",
      R"({"errors":{"code":"x"}})",
      R"({"code":500,"message":"boom"})",
      R"({"data":[],"links":{"next":7}})",
      R"({"data":[],"links":"c1"})",
      R"({"data":[],"links":{"next":"https://api.example.com/x"}})",
      R"({"data":[],"links":{"next":"a","next":"b"}})",
      R"({"data":[{"accountId":"a")",
      R"({"data":[]} {"data":[]})",
      "{\"data\":[{\"accountId\":\"\xFF\"}]}",
  };
  for (const char* page : pages) {
    BentUsers bent({page});
    const auto snapshot = bent.org.ReadAll();
    EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kDataLoss) << page << snapshot.status();
    EXPECT_TRUE(Holds(snapshot.status().message(), "the users of directory d1"))
        << snapshot.status();
  }
}

TEST(OrgPager, ALongIdIsNoSnapshot) {
  for (const size_t size : {512u, 513u}) {
    BentUsers bent({R"({"data":[)" + UserRow(std::string(size, 'x')) + "]}"});
    EXPECT_EQ(bent.org.ReadAll().ok(), size == 512);
  }
}

TEST(OrgPager, TheEndIsAnAbsentANullOrAnEmptyNext) {
  for (const char* end : {"", R"(,"links":null)", R"(,"links":{})", R"(,"links":{"next":null})",
                          R"(,"links":{"next":""})", R"(,"meta":{"total":1})"}) {
    BentUsers bent({R"({"data":[)" + UserRow("a") + "]" + end + "}"});
    EXPECT_TRUE(bent.org.ReadAll().ok()) << end;
    EXPECT_EQ(bent.asked, 1);
  }
}

TEST(OrgPager, AnEmptyPageInBetweenIsNoEnd) {
  BentUsers bent({R"({"data":[],"links":{"next":"c1"}})", R"({"data":[)" + UserRow("a") + "]}"}, 1);
  const auto snapshot = bent.org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "a active");
}

TEST(OrgPager, AnIdThatComesTwiceIsReadAgainUpToThreeTimes) {
  const std::string first = R"({"data":[)" + UserRow("a") + R"(],"links":{"next":"c1"}})";
  const std::string again = R"({"data":[)" + UserRow("a") + "]}";
  const std::string good = R"({"data":[)" + UserRow("b") + "]}";
  BentUsers heals({first, again, first, again, first, good});
  EXPECT_TRUE(heals.org.ReadAll().ok());
  EXPECT_EQ(heals.asked, 6);
  BentUsers stays({first, again, first, again, first, again});
  const auto snapshot = stays.org.ReadAll();
  EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Holds(snapshot.status().message(), "a came twice")) << snapshot.status();
  EXPECT_EQ(stays.asked, 6);
}

TEST(OrgPager, ACursorThatComesAgainEnds) {
  BentUsers bent({R"({"data":[],"links":{"next":"c1"}})"});
  const auto snapshot = bent.org.ReadAll();
  EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Holds(snapshot.status().message(), "had been read before")) << snapshot.status();
  EXPECT_EQ(bent.asked, 6);
}

TEST(OrgPager, ACursorThatTheServerForgotBeginsAgain) {
  OrgScript org;
  org.AddMany(150);
  int refused = 0;
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.body, "\"cursor\"") || refused++ > 0) return std::nullopt;
    return OrgRefuses(400, "ADMIN-400-1", "Invalid cursor");
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 150u);
}

TEST(OrgPager, AListWithoutEndEndsAtItsLimits) {
  for (const bool by_rows : {true, false}) {
    OrgScript org;
    org.Add("a");
    if (by_rows) org.options.paging.max_rows = 50;
    if (!by_rows) org.options.paging.max_pages = 50;
    org.Restart();
    int page = 0;
    org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
      if (!Holds(request.url, "/d1/users/search")) return std::nullopt;
      ++page;
      return Answer(200, absl::StrCat("{\"data\":[", UserRow(absl::StrCat("u", page)),
                                      "],\"links\":{\"next\":\"c", page, "\"}}"));
    };
    const auto snapshot = org.ReadAll();
    EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_TRUE(Holds(snapshot.status().message(), "no end")) << snapshot.status();
    EXPECT_EQ(page, by_rows ? 51 : 50);
  }
}

TEST(OrgPager, AListAtItsLimitsIsWhole) {
  OrgScript org;
  org.AddMany(150);
  org.options.paging.max_rows = 150;
  org.options.paging.max_pages = 2;
  org.Restart();
  EXPECT_TRUE(org.ReadAll().ok());
}

TEST(OrgPager, FewerRowsThanTheServerCountsAreReadAgain) {
  const std::string page = R"({"data":[)" + UserRow("a") + "]}";
  BentUsers bent({page}, 2);
  const auto snapshot = bent.org.ReadAll();
  EXPECT_EQ(snapshot.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Holds(snapshot.status().message(), "1 rows came where the server counts 2"))
      << snapshot.status();
  EXPECT_EQ(bent.asked, 3);
  BentUsers grown({page}, 0);  // growth alone is no contradiction
  EXPECT_TRUE(grown.org.ReadAll().ok());
}

TEST(OrgPager, WithoutACountThePagesAreTheProof) {
  for (const char* body : {"", "{}", R"({"count":"two"})", R"({"count":-1})"}) {
    OrgScript org;
    org.Add("a");
    org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
      if (!Holds(request.url, "/users/count")) return std::nullopt;
      return Answer(*body == '\0' ? 404 : 200, body);
    };
    const auto snapshot = org.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_TRUE(Holds(NotesOf(*snapshot), "rests on its pages")) << NotesOf(*snapshot);
  }
}

TEST(OrgPager, WhatTheKeyMayNotReadFails) {
  const struct {
    int status;
    absl::StatusCode code;
  } cases[] = {{401, absl::StatusCode::kUnauthenticated},
               {403, absl::StatusCode::kPermissionDenied},
               {500, absl::StatusCode::kUnavailable}};
  for (const auto& item : cases) {
    for (const char* part :
         {"/directories?", "/d1/groups/search", "/d1/users/search", "/-/users/search"}) {
      OrgScript org;
      org.Add("a");
      org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
        if (!Holds(request.url, part)) return std::nullopt;
        return Answer(item.status, "");
      };
      EXPECT_EQ(org.ReadAll().status().code(), item.code) << item.status << part;
    }
  }
}

TEST(OrgPager, AStopEndsTheReading) {
  OrgScript org;
  org.AddMany(300);
  StopFlag stop;
  CallContext context;
  context.stop = &stop;
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (Holds(request.url, "/users/search")) stop.Request();
    return std::nullopt;
  };
  EXPECT_EQ(org.directory->ReadAll(WantGroupsOf({}), context).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(org.Count("POST", "/users/search"), 1);
}

TEST(OrgPager, WithoutRolesItIsSaidThatAdministratorsAreNotKnown) {
  BentUsers bent({R"({"data":[{"accountId":"a","accountType":"atlassian","accountStatus":)"
                  R"("active","membershipStatus":"active","claimStatus":"managed"}]})"});
  const auto snapshot = bent.org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_TRUE(Holds(NotesOf(*snapshot), "platformRoles")) << NotesOf(*snapshot);
}

TEST(OrgPager, PageSizesBeyondTheServersAreCutDown) {
  OrgScript org;
  org.AddMany(3);
  org.options.paging.page_size = 1000;
  org.Restart();
  EXPECT_TRUE(org.ReadAll().ok());
  org.options.paging.page_size = 2;
  org.Restart();
  org.Forget();
  EXPECT_TRUE(org.ReadAll().ok());
  EXPECT_EQ(org.Count("POST", "/d1/users/search"), 2);
}

TEST(OrgPager, AccountsOfNoDirectoryInADirectorysListAreNoMembersOfIt) {
  OrgScript org(OrgWay::kDirectory);
  org.Add("a");
  org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.url, "/d1/users/search")) return std::nullopt;
    std::string other = UserRow("b");
    other.replace(other.find("\"membershipStatus\":\"active\""), 27,
                  "\"membershipStatus\":\"no_membership\"");
    return Answer(200, "{\"data\":[" + UserRow("a") + "," + other + "]}");
  };
  const auto snapshot = org.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(StatesOf(snapshot->roster), "a active");
}

TEST(OrgCursor, IsTheTokenOrTheParameterOfAUrl) {
  EXPECT_EQ(*CursorOf("kloHX1ZQVasDAkx_P48NYQ"), "kloHX1ZQVasDAkx_P48NYQ");
  EXPECT_EQ(*CursorOf("/abc+d=="), "/abc+d==");
  EXPECT_EQ(*CursorOf("https://api.example.com/x?limit=1&cursor=a%2Bb%3D%3D"), "a+b==");
  EXPECT_EQ(*CursorOf("?cursor=a+b"), "a+b");
  EXPECT_EQ(*CursorOf("/admin/v1/orgs?cursor=abc"), "abc");
  EXPECT_FALSE(CursorOf("https://api.example.com/x").ok());
  EXPECT_FALSE(CursorOf("https://api.example.com/x?cursor=").ok());
}

}  // namespace
}  // namespace rollcall
