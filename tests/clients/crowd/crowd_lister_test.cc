#include "clients/crowd/crowd_lister.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

using HookAnswer = std::optional<absl::StatusOr<HttpResponse>>;

bool IsPage(const HttpRequest& request) {
  return absl::StrContains(request.url, "entity-type=user") &&
         absl::StrContains(request.url, "expand=user");
}

bool IsLook(const HttpRequest& request) {
  return absl::StrContains(request.url, "entity-type=user") &&
         !absl::StrContains(request.url, "expand=user");
}

HttpRequest WithStart(HttpRequest request, int start) {
  request.url = absl::StrReplaceAll(
      request.url, {{absl::StrCat("start-index=", CrowdScript::Parameter(request, "start-index")),
                     absl::StrCat("start-index=", start)}});
  return request;
}

TEST(CrowdLister, PagesAreReadUpToAnEmptyOne) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
  EXPECT_EQ(crowd.Count("GET", "entity-type=user"), 1 + 4);
}

TEST(CrowdLister, AServerThatCapsEveryPageIsStillReadWhole) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!IsPage(request)) return std::nullopt;
    HttpRequest smaller = request;
    smaller.url = absl::StrReplaceAll(request.url, {{"max-results=10", "max-results=7"}});
    return crowd.Plain(smaller);
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
}

// CWD-2512: an offset over several directories gives too few rows.
TEST(CrowdLister, RowsThatAnOffsetLosesAreFoundByTheLookAndReadInOneAnswer) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!IsPage(request) || absl::StrContains(request.url, "start-index=0&")) return std::nullopt;
    if (absl::StrContains(request.url, "max-results=-1")) return std::nullopt;
    return crowd.Plain(WithStart(request, 24));
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
  EXPECT_GE(snapshot->notes.size(), 1u);
}

TEST(CrowdLister, RowsThatStopAfterOnePageAreNotTakenForAll) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!IsPage(request)) return std::nullopt;
    if (absl::StrContains(request.url, "start-index=0&max-results=10")) return std::nullopt;
    return CrowdAnswers(200, R"({"users":[]})");
  };
  EXPECT_EQ(crowd.ReadAll().status().code(), absl::StatusCode::kDataLoss);
}

// CWD-3628: each page sorts a larger set anew.
TEST(CrowdLister, ANameThatComesTwiceIsReadAgain) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  int pages = 0;
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!IsPage(request) || ++pages != 2) return std::nullopt;
    return crowd.Plain(WithStart(request, 9));
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
}

TEST(CrowdLister, NamesThatDifferInCaseOnlyAreOneName) {
  CrowdScript crowd(10);
  crowd.AddUser("alice");
  crowd.AddUser("ALICE").key = "2:alice";
  const absl::Status status = crowd.ReadAll().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StrContains(status.message(), "came twice")) << status;
}

TEST(CrowdLister, AServerThatIgnoresTheOffsetIsDataLossAfterThreePasses) {
  CrowdScript crowd(10);
  crowd.AddUsers(60);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!IsPage(request)) return std::nullopt;
    HttpRequest first = WithStart(request, 0);
    first.url = absl::StrReplaceAll(first.url, {{"max-results=-1", "max-results=10"}});
    return crowd.Plain(first);
  };
  EXPECT_EQ(crowd.ReadAll().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_LE(crowd.Count("GET"), 12);
}

TEST(CrowdLister, SomebodyWhoComesWhileItIsReadIsSeenByASecondLook) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  bool came = false;
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (IsPage(request) && !came) {
      came = true;
      crowd.AddUser("u9999");
    }
    return std::nullopt;
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 26u);
  EXPECT_EQ(crowd.Count("GET", "entity-type=user"), 2 + 4);
}

TEST(CrowdLister, ALookThatIsCappedIsDoneByPages) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    HttpRequest capped = request;
    capped.url = absl::StrReplaceAll(request.url, {{"max-results=-1", "max-results=10"}});
    return crowd.Plain(capped);
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
}

TEST(CrowdLister, AServerThatRefusesToGiveAllAtOnceIsReadTwiceByPages) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!absl::StrContains(request.url, "max-results=-1")) return std::nullopt;
    return CrowdRefuses(400, "ILLEGAL_ARGUMENT");
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 25u);
}

// Both readings end at the same page: nothing but its status says that there is more.
TEST(CrowdLister, APageThatIsAnErrorIsNoEndWhereOnlyPagesAreGiven) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!absl::StrContains(request.url, "entity-type=user")) return std::nullopt;
    if (absl::StrContains(request.url, "max-results=-1")) {
      return CrowdRefuses(400, "ILLEGAL_ARGUMENT");
    }
    if (CrowdScript::Parameter(request, "start-index") != "20") return std::nullopt;
    return CrowdAnswers(500, R"({"users":[]})");
  };
  EXPECT_EQ(crowd.ReadAll().status().code(), absl::StatusCode::kUnavailable);
}

TEST(CrowdLister, AnEndlessListIsStoppedByTheLimitOfRows) {
  NoProgress progress;
  FakeRuntime runtime;
  int next = 0;
  ScriptedClient endless([&](const HttpRequest& request) {
    std::string rows;
    for (int i = 0; i < 5; ++i) {
      absl::StrAppend(&rows, rows.empty() ? "" : ",", R"({"active":true,"name":"u)", next++, "\"}");
    }
    const bool look = !absl::StrContains(request.url, "expand=");
    return CrowdAnswers(200, look ? R"({"users":[]})" : absl::StrCat("{\"users\":[", rows, "]}"));
  });
  CrowdOptions options;
  options.base_url = "http://127.0.0.1/crowd";
  options.paging = {5, 1000, 20};
  CrowdDirectory directory(options, endless, runtime, nullptr, progress);
  EXPECT_EQ(directory.ReadAll(WantEveryGroup(), {}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(endless.requests().size(), 1u + 5u);  // four pages are 20 rows, the fifth is beyond
}

TEST(CrowdLister, AnswersThatAreNoListAreDataLossNeverNobody) {
  for (const char* body :
       {"", "[]", "{}", R"({"users":{}})", R"({"users":[1]})", R"({"users":null})",
        R"({"users":[{"name":""}]})", R"({"users":[{"name":"a","active":[]}]})", R"({"users":[)",
        "<html><title>Sign in</title></html>"}) {
    CrowdScript crowd;
    crowd.hook = [&](const HttpRequest&) -> HookAnswer { return CrowdAnswers(200, body); };
    const absl::Status status = crowd.ReadAll().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << body << " " << status;
  }
}

TEST(CrowdLister, TheArrayMayBeNamedAsTheNewerDocumentsSay) {
  CrowdScript crowd;
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (!absl::StrContains(request.url, "/search")) return std::nullopt;
    if (!absl::StrContains(request.url, "start-index=0&")) {
      return CrowdAnswers(200, R"({"user":[],"group":[]})");
    }
    const bool users = absl::StrContains(request.url, "entity-type=user");
    return CrowdAnswers(200, users ? R"({"user":[{"name":"alice","active":"true"}]})"
                                   : R"({"group":[{"name":"staff"}]})");
  };
  crowd.groups["staff"];
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->roster.accounts.size(), 1u);
}

TEST(CrowdLister, AStopEndsTheReadingBetweenPages) {
  CrowdScript crowd(10);
  crowd.AddUsers(25);
  StopFlag stop;
  CallContext context;
  context.stop = &stop;
  crowd.hook = [&](const HttpRequest& request) -> HookAnswer {
    if (IsLook(request)) stop.Request();
    return std::nullopt;
  };
  const absl::Status status = crowd.directory->ReadAll(WantEveryGroup(), context).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(crowd.Count("GET"), 1);
}

}  // namespace
}  // namespace rollcall
