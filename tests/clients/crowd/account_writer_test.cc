#include "clients/crowd/account_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

using PutHook = std::optional<absl::StatusOr<HttpResponse>>;

bool IsPut(const HttpRequest& request) { return request.method == "PUT"; }

TEST(CrowdAccountWriter, DeactivateAndActivateLeaveTheOtherFiveFieldsAsTheyWere) {
  CrowdScript crowd;
  const CrowdUser before = crowd.AddUser("alice");
  WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 204);
  EXPECT_EQ(reply.attempts, 1);
  EXPECT_EQ(reply.note, "");
  CrowdUser inactive = before;
  inactive.active = false;
  EXPECT_EQ(crowd.users["alice"], inactive);
  reply = crowd.directory->Activate("1:alice", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(crowd.users["alice"], before);
}

TEST(CrowdAccountWriter, AllSixFieldsAreSentAndActiveIsABoolean) {
  CrowdScript crowd;
  crowd.AddUser("alice").first_name = "";
  std::string body;
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (IsPut(request)) body = request.body;
    return std::nullopt;
  };
  ASSERT_TRUE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  EXPECT_EQ(body,
            R"({"name":"alice","first-name":"","last-name":"Last","display-name":"Display alice",)"
            R"("email":"alice@example.com","active":false})");
}

// The script's PUT takes the attributes of the body, and takes them away without any.
TEST(CrowdAccountWriter, AttributesStayWhereAPutReplacesThem) {
  CrowdScript crowd;
  crowd.AddUser("alice").attributes = {{"badge", {"7", "8"}}, {"phone", {"+1 \"x\""}}};
  const CrowdUser before = crowd.users["alice"];
  ASSERT_TRUE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  ASSERT_TRUE(crowd.directory->Activate("1:alice", {}).status.ok());
  EXPECT_EQ(crowd.users["alice"], before);
}

TEST(CrowdAccountWriter, AttributesThatDoNotHoldAreNamed) {
  CrowdScript crowd;
  crowd.AddUser("alice").attributes = {{"badge", {"7"}}};
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.users["alice"].attributes.clear();
    return answer;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(absl::StrContains(reply.note, "attributes")) << reply.note;
}

TEST(CrowdAccountWriter, AChangeCostsTwoReadsAndOneWriteAndTwoOfTheFeed) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  ASSERT_TRUE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  EXPECT_EQ(crowd.Count("GET", "/user?"), 2);
  EXPECT_EQ(crowd.Count("GET", "/event"), 2);
  EXPECT_EQ(crowd.Count("GET"), 4);
  EXPECT_EQ(crowd.Count("PUT"), 1);
}

TEST(CrowdAccountWriter, WhoIsSoAlreadyIsNotWritten) {
  CrowdScript crowd;
  crowd.AddUser("alice", false);
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(absl::IsAlreadyExists(reply.status)) << reply.status;
  EXPECT_EQ(reply.attempts, 0);
  EXPECT_EQ(crowd.Count("PUT"), 0);
}

// Rule A7; CWD-2634, CWD-5690.
TEST(CrowdAccountWriter, ABlankNameThatCrowdFillsIsNamed) {
  CrowdScript crowd;
  CrowdUser& alice = crowd.AddUser("alice");
  alice.first_name = "";
  alice.last_name = "";
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    crowd.Plain(request);
    crowd.users["alice"].last_name = "alice";
    return CrowdAnswers(204, "");
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(absl::StrContains(reply.note, "last-name")) << reply.note;
  EXPECT_FALSE(absl::StrContains(reply.note, "first-name")) << reply.note;
  EXPECT_EQ(crowd.Count("PUT"), 1);
}

// The other one had read the user before our write, and wrote after it.
TEST(CrowdAccountWriter, AnotherAdministratorsWriteAfterOursIsKeptAndOursRepeated) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  int puts = 0;
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request) || ++puts > 1) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.users["alice"].display_name = "Alice Newname";
    crowd.users["alice"].active = true;
    return answer;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.attempts, 2);
  EXPECT_FALSE(crowd.users["alice"].active);
  EXPECT_EQ(crowd.users["alice"].display_name, "Alice Newname");
}

TEST(CrowdAccountWriter, AChangeAfterOursThatLeavesActiveAloneIsNoted) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.users["alice"].display_name = "Alice Newname";
    return answer;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(absl::StrContains(reply.note, "display-name")) << reply.note;
  EXPECT_EQ(crowd.users["alice"].display_name, "Alice Newname");
}

TEST(CrowdAccountWriter, SomebodyWhoSetsItBackEveryTimeIsReported) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  int puts = 0;
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    const HttpResponse answer = crowd.Plain(request);
    crowd.users["alice"].display_name = absl::StrCat("Alice ", ++puts);
    crowd.users["alice"].active = true;
    return answer;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kFailedPrecondition) << reply.status;
  EXPECT_EQ(FindingOf(reply.status), "");
  EXPECT_EQ(puts, CrowdAccountWriter::kMaxWrites);
}

// The user is read fresh for the write: what changed since the plan's read is preserved.
TEST(CrowdAccountWriter, AChangeSinceTheExecutorsLookIsPreserved) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  ASSERT_TRUE(crowd.directory->ReadAccount("1:alice", {}).ok());
  crowd.users["alice"].display_name = "Alice Newname";
  ASSERT_TRUE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  EXPECT_EQ(crowd.users["alice"].display_name, "Alice Newname");
}

// Verification, which waits longer, tells a late reader from a masked directory.
TEST(CrowdAccountWriter, AWriteThatMovesNothingIsDoneAsFarAsCrowdSays) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    return CrowdAnswers(204, "");
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_THAT(reply.note, testing::HasSubstr("does not show it yet"));
  EXPECT_EQ(crowd.Count("PUT"), 1);
  EXPECT_EQ(crowd.runtime.slept(), CrowdAccountWriter::kPause);
}

TEST(CrowdAccountWriter, AWriteThatShowsALittleLaterIsNotMasked) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  int gets_after = -1;
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (IsPut(request)) {
      gets_after = 0;
      return CrowdAnswers(204, "");
    }
    if (gets_after >= 0 && ++gets_after == 2) crowd.users["alice"].active = false;
    return std::nullopt;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
}

TEST(CrowdAccountWriter, ALostReplyIsJudgedByReading) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    crowd.Plain(request);
    return absl::UnknownError("reset");
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(crowd.Count("PUT"), 1);
}

TEST(CrowdAccountWriter, ALostWriteIsSentOnceMoreThenUnknown) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    return CrowdAnswers(500, R"({"reason":"OPERATION_FAILED","message":"LDAP"})");
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kUnknown) << reply.status;
  EXPECT_EQ(reply.attempts, 2);
}

TEST(CrowdAccountWriter, AReadOnlyDirectoryIsTheFindingReadOnly) {
  for (const char* reason : {"APPLICATION_PERMISSION_DENIED", "UNSUPPORTED_OPERATION"}) {
    CrowdScript crowd;
    crowd.AddUser("alice");
    crowd.hook = [&](const HttpRequest& request) -> PutHook {
      if (!IsPut(request)) return std::nullopt;
      return CrowdRefuses(403, reason);
    };
    const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
    EXPECT_EQ(reply.status.code(), absl::StatusCode::kPermissionDenied) << reply.status;
    EXPECT_EQ(FindingOf(reply.status), "read_only");
    EXPECT_EQ(reply.http_status, 403);
  }
}

TEST(CrowdAccountWriter, NothingIsWrittenWhereTheUserCannotBeRead) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    absl::StatusCode code;
  } cases[] = {
      {CrowdRefuses(404, "USER_NOT_FOUND"), absl::StatusCode::kNotFound},
      {CrowdAnswers(404, "<html></html>"), absl::StatusCode::kUnavailable},
      {CrowdAnswers(401, "Application failed to authenticate"), absl::StatusCode::kUnauthenticated},
      {CrowdAnswers(403, "<html></html>"), absl::StatusCode::kPermissionDenied},
      {CrowdAnswers(200, "{}"), absl::StatusCode::kUnavailable},
      {CrowdAnswers(503, ""), absl::StatusCode::kUnavailable},
      {absl::UnknownError("reset"), absl::StatusCode::kUnavailable},
      {absl::CancelledError("stopped"), absl::StatusCode::kCancelled},
  };
  for (const auto& item : cases) {
    CrowdScript crowd;
    crowd.AddUser("alice");
    crowd.hook = [&](const HttpRequest&) -> PutHook { return item.answer; };
    const WriteReply reply = crowd.directory->Deactivate("alice", {});
    EXPECT_EQ(reply.status.code(), item.code) << reply.status;
    EXPECT_EQ(reply.attempts, 0);
    EXPECT_EQ(crowd.Count("PUT"), 0);
  }
}

TEST(CrowdAccountWriter, AWriteThatCannotBeReadBackIsDoneWithANote) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  bool written = false;
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (written) return CrowdAnswers(503, "");
    written = IsPut(request);
    return std::nullopt;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(absl::StrContains(reply.note, "not read back")) << reply.note;
}

TEST(CrowdAccountWriter, ARefusalAfterAWriteThatMayHaveWorkedDoesNotSayThatNothingHappened) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  int puts = 0;
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (!IsPut(request)) return std::nullopt;
    if (++puts == 1) return absl::UnknownError("the connection broke");  // done, and shown late
    return CrowdAnswers(401, "Application failed to authenticate");
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_EQ(puts, 2);
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kUnknown) << reply.status;
  EXPECT_TRUE(absl::StrContains(reply.status.message(), "401")) << reply.status;
}

TEST(CrowdAccountWriter, ARenameBetweenReadAndWriteIsStaleAndNotForced) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.hook = [&](const HttpRequest& request) -> PutHook {
    if (IsPut(request)) {
      CrowdUser renamed = crowd.users["alice"];
      renamed.name = "alice.new";
      crowd.users.erase("alice");
      crowd.users["alice.new"] = renamed;
    }
    return std::nullopt;
  };
  const WriteReply reply = crowd.directory->Deactivate("1:alice", {});
  EXPECT_TRUE(absl::IsNotFound(reply.status)) << reply.status;
  EXPECT_TRUE(crowd.users["alice.new"].active);
}

}  // namespace
}  // namespace rollcall
