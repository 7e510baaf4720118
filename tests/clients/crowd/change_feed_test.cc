// A second administrator in the moment between our read and our write.
#include "clients/crowd/change_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

using FeedHook = std::optional<absl::StatusOr<HttpResponse>>;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTold[] = "may have been overwritten";

bool IsNewToken(const HttpRequest& request) { return absl::EndsWith(request.url, "/event"); }
bool IsEvents(const HttpRequest& request) { return absl::StrContains(request.url, "/event/"); }
bool IsWrite(const HttpRequest& request) { return request.method == "PUT"; }

// Alice, and what happens when a request comes and before it is answered.
class FeedScript : public CrowdScript {
 public:
  FeedScript() { AddUser("alice"); }
  // Each time she is another than before: one PUT a call.
  WriteReply Change() {
    return users["alice"].active ? directory->Deactivate("1:alice", {})
                                 : directory->Activate("1:alice", {});
  }
  // Runs it before each PUT: in the gap.
  void InTheGap(std::function<void()> act) {
    hook = [act = std::move(act)](const HttpRequest& request) -> FeedHook {
      if (IsWrite(request)) act();
      return std::nullopt;
    };
  }
  void RivalInTheGap() {
    InTheGap([this] { Rename("alice", "Alice Newname"); });
  }
  int FeedRequests() const { return Count("GET", "/event"); }
};

TEST(ChangeFeed, AloneNothingIsTold) {
  for (const bool all : {false, true}) {
    FeedScript crowd;
    crowd.feed_shows_all = all;
    for (int i = 0; i < 12; ++i) {
      const WriteReply reply = crowd.Change();
      ASSERT_TRUE(reply.status.ok()) << reply.status;
      EXPECT_EQ(reply.note, "");
    }
    EXPECT_EQ(crowd.FeedRequests(), 24);
  }
}

TEST(ChangeFeed, AChangeInTheGapIsTold) {
  FeedScript crowd;
  crowd.RivalInTheGap();
  const WriteReply reply = crowd.Change();
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(crowd.users["alice"].display_name, "Display alice");
  EXPECT_FALSE(crowd.users["alice"].active);
  EXPECT_THAT(reply.note,
              AllOf(HasSubstr("somebody else"), HasSubstr(kTold), Not(HasSubstr("feed shows"))));
  EXPECT_EQ(crowd.Count("PUT"), 1) << "nothing is written by what the feed says";
}

TEST(ChangeFeed, WhatTheEventShowsIsNamedSoThatItCanBeRestored) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  crowd.InTheGap([&] {
    crowd.users["alice"].email = "new@example.com";
    crowd.Rename("alice", "Alice \"New\"\nname");
  });
  const WriteReply reply = crowd.Change();
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_THAT(reply.note, HasSubstr(kTold));
  EXPECT_THAT(reply.note, HasSubstr("the event feed shows display-name \"Alice \"New\" name\", "
                                    "email \"new@example.com\", which is not so now"));
  EXPECT_THAT(reply.note, Not(HasSubstr("first-name")));
  EXPECT_EQ(crowd.Count("PUT"), 1);
}

TEST(ChangeFeed, ANoteNamesSoManyValuesAndNoMore) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  crowd.InTheGap([&] {
    for (int i = 1; i <= 9; ++i) crowd.Rename("alice", absl::StrCat("Name ", i));
  });
  const std::string note = crowd.Change().note;
  EXPECT_THAT(note, HasSubstr(absl::StrCat("Name ", ChangeFeed::kMaxShown)));
  EXPECT_THAT(note, Not(HasSubstr(absl::StrCat("Name ", ChangeFeed::kMaxShown + 1))));
}

// The event shows the user as it was before the change, the one of our own write too.
TEST(ChangeFeed, EventsThatShowTheStateBeforeAreToldToo) {
  FeedScript crowd;
  crowd.events_per_put = 0;
  crowd.feed_shows_all = true;
  crowd.InTheGap([&] {
    crowd.Record("alice");
    crowd.users["alice"].display_name = "Alice Newname";
    crowd.Record("alice");
  });
  EXPECT_THAT(crowd.Change().note,
              AllOf(HasSubstr(kTold), HasSubstr("display-name \"Alice Newname\"")));
}

// A custom attribute, for one: the user looks as we read it, and not as we wrote it.
TEST(ChangeFeed, AChangeOfWhatNoEventShowsIsToldToo) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  crowd.InTheGap([&] { crowd.Record("alice"); });
  EXPECT_THAT(crowd.Change().note, AllOf(HasSubstr(kTold), Not(HasSubstr("feed shows"))));
}

TEST(ChangeFeed, ChangesOfOthersAndMembershipsAreNobodysBusiness) {
  FeedScript crowd;
  crowd.AddUser("bob");
  crowd.InTheGap([&] {
    crowd.Rename("bob", "Bob Newname");
    crowd.events.push_back(R"({"type":"userMembershipEvent","operation":"UPDATED",)"
                           R"("user":{"name":"alice"}})");
    crowd.events.push_back(R"({"type":"groupEvent","group":{"name":"alice"}})");
  });
  EXPECT_EQ(crowd.Change().note, "");
}

// Just after our read was answered, before anything else is asked.
TEST(ChangeFeed, TheTokenIsOlderThanTheReadOnWhichTheWriteStands) {
  FeedScript crowd;
  bool read = false;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (read || !absl::StrContains(request.url, "/user?")) return std::nullopt;
    read = true;
    const HttpResponse answer = crowd.Plain(request);
    crowd.Rename("alice", "Alice Newname");
    return answer;
  };
  EXPECT_THAT(crowd.Change().note, HasSubstr(kTold));
}

TEST(ChangeFeed, AChangeBeforeTheTokenIsNone) {
  FeedScript crowd;
  crowd.Rename("alice", "Alice Newname");
  EXPECT_EQ(crowd.Change().note, "");
  EXPECT_EQ(crowd.users["alice"].display_name, "Alice Newname");
}

// What comes after our write is seen by reading back, and stands: no word of its loss.
TEST(ChangeFeed, AChangeAfterOursThatStandsIsNotCalledLost) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (!IsWrite(request)) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.Rename("alice", "Alice Newname");
    return answer;
  };
  const WriteReply reply = crowd.Change();
  EXPECT_THAT(reply.note, AllOf(HasSubstr("display-name"), Not(HasSubstr(kTold))));
}

TEST(ChangeFeed, AChangeThatTheSecondWriteStandsOnIsNotCalledLost) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  int puts = 0;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (!IsWrite(request) || ++puts > 1) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.users["alice"].active = true;
    crowd.Rename("alice", "Alice Newname");
    return answer;
  };
  const WriteReply reply = crowd.Change();
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.note, "");
  EXPECT_EQ(crowd.users["alice"].display_name, "Alice Newname");
  EXPECT_EQ(puts, 2);
}

TEST(ChangeFeed, TwoWritesOfOursAreTwoEvents) {
  FeedScript crowd;
  int puts = 0;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (!IsWrite(request) || ++puts > 1) return std::nullopt;
    crowd.Record("alice");
    return absl::UnknownError("reset");  // and nothing was done
  };
  const WriteReply reply = crowd.Change();
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.note, "");
  EXPECT_EQ(puts, 2);
}

// Two events a write: told until it is known to be always so.
TEST(ChangeFeed, HowManyEventsAWriteMakesIsLearnt) {
  FeedScript crowd;
  crowd.events_per_put = 2;
  for (int64_t i = 0; i < ChangeFeed::kLearnt; ++i) {
    EXPECT_THAT(crowd.Change().note, HasSubstr(kTold)) << i;
  }
  EXPECT_EQ(crowd.Change().note, "");
  crowd.RivalInTheGap();
  EXPECT_THAT(crowd.Change().note, HasSubstr(kTold));
  crowd.hook = nullptr;
  EXPECT_EQ(crowd.Change().note, "");
}

TEST(ChangeFeed, OneWriteWithOneEventIsEnoughToExpectOne) {
  FeedScript crowd;
  crowd.Change();
  crowd.RivalInTheGap();
  for (int64_t i = 0; i < 2 * ChangeFeed::kLearnt; ++i) {
    EXPECT_THAT(crowd.Change().note, HasSubstr(kTold)) << i;
  }
}

TEST(ChangeFeed, EventsThatShowWhatWeWroteAreOursHoweverMany) {
  FeedScript crowd;
  crowd.events_per_put = 3;
  crowd.feed_shows_all = true;
  EXPECT_EQ(crowd.Change().note, "");
  crowd.RivalInTheGap();
  EXPECT_THAT(crowd.Change().note, HasSubstr("\"Alice Newname\""));
}

// Rule A7: what was sent blank is filled, and the event of our write shows it so.
TEST(ChangeFeed, EventsThatShowWhatCrowdFilledAreOurs) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  crowd.events_per_put = 0;
  crowd.users["alice"].last_name = "";
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (!IsWrite(request)) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.users["alice"].last_name = "alice";
    for (int i = 0; i < 2; ++i) crowd.Record("alice");
    return answer;
  };
  EXPECT_THAT(crowd.Change().note, AllOf(HasSubstr("last-name"), Not(HasSubstr(kTold))));
}

// A cache, perhaps: what we wrote does not show yet, and the rival is told all the same.
TEST(ChangeFeed, AWriteThatDoesNotShowYetIsLookedAfter) {
  FeedScript crowd;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (!IsWrite(request)) return std::nullopt;
    for (int i = 0; i < 2; ++i) crowd.Record("alice");
    return CrowdAnswers(204, "");
  };
  EXPECT_THAT(crowd.Change().note, AllOf(HasSubstr("does not show it yet"), HasSubstr(kTold)));
}

// The same name in another directory behind the application.
TEST(ChangeFeed, AnEventOfAnotherKeyIsNotAboutThisUser) {
  FeedScript crowd;
  crowd.feed_shows_all = true;
  crowd.InTheGap([&] {
    crowd.users["alice"].key = "2:alice";
    crowd.Record("alice");
    crowd.users["alice"].key = "1:alice";
  });
  EXPECT_EQ(crowd.Change().note, "");
}

TEST(ChangeFeed, AFeedThatIsNotThereCostsOneRequestAndNoWordIsSaid) {
  const std::string token = R"({"newEventToken":"1")";
  const struct {
    int status;
    std::string body;
  } cases[] = {
      {404, ""},
      {404, "<html></html>"},
      {405, "<html></html>"},
      {406, ""},
      {410, R"({"reason":"EVENT_TOKEN_EXPIRED"})"},
      {400, R"({"reason":"INCREMENTAL_SYNC_NOT_AVAILABLE"})"},
      {401, "Application failed to authenticate"},
      {403, "<html></html>"},
      {200, "<html></html>"},
      {200, R"(<events newEventToken="1"/>)"},
      {200, ""},
      {200, "[]"},
      {200, token + "}"},
      {200, token + R"(,"incrementalSynchronisationAvailable":false})"},
      {200, R"({"incrementalSynchronisationAvailable":true})"},
      {200, R"({"newEventToken":"","incrementalSynchronisationAvailable":true})"},
      {200, absl::StrCat(token, R"(,"incrementalSynchronisationAvailable":true,"x":")",
                         std::string(ChangeAnswer::kMaxBytes, 'x'), "\"}")},
  };
  for (const auto& item : cases) {
    const std::string what = absl::StrCat(item.status, " ", item.body.substr(0, 80));
    FeedScript crowd;
    crowd.hook = [&](const HttpRequest& request) -> FeedHook {
      if (IsWrite(request)) crowd.Rename("alice", "Alice Newname");
      if (IsNewToken(request)) return CrowdAnswers(item.status, item.body);
      return std::nullopt;
    };
    for (int i = 0; i < 2; ++i) {
      const WriteReply reply = crowd.Change();
      EXPECT_TRUE(reply.status.ok()) << what << reply.status;
      EXPECT_EQ(reply.note, "") << what;
    }
    EXPECT_EQ(crowd.FeedRequests(), 1) << what;
    EXPECT_EQ(crowd.directory->Traits().reads_per_account_change, 4) << what;
  }
}

TEST(ChangeFeed, EventsThatCannotBeUnderstoodTurnItOff) {
  for (const HttpResponse& answer :
       {CrowdRefuses(400, "INCREMENTAL_SYNC_NOT_AVAILABLE"), CrowdAnswers(403, ""),
        CrowdAnswers(200, "<html></html>"), CrowdAnswers(200, R"({"events":["alice"]})"),
        CrowdAnswers(200, R"({"incrementalSynchronisationAvailable":false,"events":[]})")}) {
    FeedScript crowd;
    crowd.hook = [&](const HttpRequest& request) -> FeedHook {
      if (IsEvents(request)) return answer;
      return std::nullopt;
    };
    for (int i = 0; i < 2; ++i) {
      const WriteReply reply = crowd.Change();
      EXPECT_TRUE(reply.status.ok()) << reply.status;
      EXPECT_EQ(reply.note, "");
    }
    EXPECT_EQ(crowd.FeedRequests(), 2) << answer.status << answer.body;
  }
}

TEST(ChangeFeed, AnExpiredTokenIsForgivenUntilItIsAlwaysSo) {
  FeedScript crowd;
  bool expired = true;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (expired && IsEvents(request)) return CrowdRefuses(410, "EVENT_TOKEN_EXPIRED");
    return std::nullopt;
  };
  for (int64_t i = 1; i < ChangeFeed::kMaxBlind; ++i) EXPECT_EQ(crowd.Change().note, "");
  expired = false;
  crowd.Change();
  expired = true;
  for (int64_t i = 0; i < ChangeFeed::kMaxBlind; ++i) EXPECT_TRUE(crowd.Change().status.ok());
  const int until_now = crowd.FeedRequests();
  EXPECT_EQ(until_now, 4 * ChangeFeed::kMaxBlind);
  crowd.Change();
  EXPECT_EQ(crowd.FeedRequests(), until_now);
}

TEST(ChangeFeed, AFeedThatNeverShowsOurWritesIsNotAskedForEver) {
  FeedScript crowd;
  crowd.events_per_put = 0;
  for (int64_t i = 0; i < ChangeFeed::kMaxBlind + 3; ++i) EXPECT_EQ(crowd.Change().note, "");
  EXPECT_EQ(crowd.FeedRequests(), 2 * ChangeFeed::kMaxBlind);
}

TEST(ChangeFeed, AFailureOfTheFeedIsNoneOfTheWrite) {
  for (const absl::StatusOr<HttpResponse>& answer : {
           absl::StatusOr<HttpResponse>(CrowdAnswers(503, "")),
           absl::StatusOr<HttpResponse>(CrowdAnswers(500, "<html></html>")),
           absl::StatusOr<HttpResponse>(CrowdAnswers(429, "")),
           absl::StatusOr<HttpResponse>(absl::UnknownError("reset")),
           absl::StatusOr<HttpResponse>(absl::DeadlineExceededError("no answer")),
           absl::StatusOr<HttpResponse>(absl::UnavailableError("refused")),
       }) {
    for (const bool before : {true, false}) {
      FeedScript crowd;
      bool fails = true;
      crowd.hook = [&](const HttpRequest& request) -> FeedHook {
        if (fails && (before ? IsNewToken(request) : IsEvents(request))) return answer;
        return std::nullopt;
      };
      for (int64_t i = 1; i < ChangeFeed::kMaxFailures; ++i) {
        const WriteReply reply = crowd.Change();
        EXPECT_TRUE(reply.status.ok()) << reply.status;
        EXPECT_EQ(reply.note, "");
        if (before) continue;
        EXPECT_EQ(crowd.Count("GET", "/event/"), i);
      }
      fails = false;
      crowd.RivalInTheGap();
      EXPECT_THAT(crowd.Change().note, HasSubstr(kTold)) << before;
    }
  }
}

TEST(ChangeFeed, FailuresInARowTurnItOff) {
  for (const bool before : {true, false}) {
    FeedScript crowd;
    crowd.hook = [&](const HttpRequest& request) -> FeedHook {
      if (before ? IsNewToken(request) : IsEvents(request)) return CrowdAnswers(503, "");
      return std::nullopt;
    };
    for (int64_t i = 0; i < ChangeFeed::kMaxFailures + 3; ++i) {
      EXPECT_TRUE(crowd.Change().status.ok());
    }
    EXPECT_EQ(crowd.FeedRequests(), (before ? 1 : 2) * ChangeFeed::kMaxFailures);
  }
}

TEST(ChangeFeed, FailuresWithSuccessBetweenThemDoNot) {
  FeedScript crowd;
  int64_t looks = 0;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (IsEvents(request) && ++looks % ChangeFeed::kMaxFailures != 0) return CrowdAnswers(503, "");
    return std::nullopt;
  };
  constexpr int64_t kWrites = 4 * ChangeFeed::kMaxFailures;
  for (int64_t i = 0; i < kWrites; ++i) EXPECT_TRUE(crowd.Change().status.ok());
  EXPECT_EQ(looks, kWrites);
}

TEST(ChangeFeed, ARunThatIsStoppedAfterTheWriteHasWritten) {
  FeedScript crowd;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (IsEvents(request)) return absl::CancelledError("stopped");
    return std::nullopt;
  };
  for (int64_t i = 0; i < 2 * ChangeFeed::kMaxFailures; ++i) {
    EXPECT_TRUE(crowd.Change().status.ok());
  }
  EXPECT_EQ(crowd.Count("GET", "/event/"), 2 * ChangeFeed::kMaxFailures) << "no failure of it";
}

TEST(ChangeFeed, AnyTokenGoesBackAsItCame) {
  FeedScript crowd;
  std::string asked;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (IsNewToken(request)) {
      return CrowdAnswers(200, R"({"newEventToken":"../a?b:1",)"
                               R"("incrementalSynchronisationAvailable":true})");
    }
    if (IsEvents(request)) asked = request.url;
    return std::nullopt;
  };
  crowd.Change();
  EXPECT_THAT(asked, HasSubstr("/rest/usermanagement/1/event/..%2Fa%3Fb%3A1"));
}

TEST(ChangeFeed, WhoIsSoAlreadyCostsOneLookAndMembershipsNone) {
  FeedScript crowd;
  crowd.groups["staff"].users = {};
  ASSERT_TRUE(crowd.Add("staff", "1:alice").status.ok());
  EXPECT_EQ(crowd.FeedRequests(), 0);
  EXPECT_TRUE(absl::IsAlreadyExists(crowd.directory->Activate("1:alice", {}).status));
  EXPECT_EQ(crowd.FeedRequests(), 1);
}

TEST(ChangeFeed, ARefusedWriteIsNotLookedAfter) {
  FeedScript crowd;
  crowd.hook = [&](const HttpRequest& request) -> FeedHook {
    if (IsWrite(request)) return CrowdRefuses(403, "APPLICATION_PERMISSION_DENIED");
    return std::nullopt;
  };
  EXPECT_EQ(FindingOf(crowd.Change().status), "read_only");
  EXPECT_EQ(crowd.Count("GET", "/event/"), 0);
}

}  // namespace
}  // namespace rollcall
