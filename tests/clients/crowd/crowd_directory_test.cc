#include "clients/crowd/crowd_directory.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

using DirectoryHook = std::optional<absl::StatusOr<HttpResponse>>;

TEST(CrowdDirectory, TheTraitsAreWhatAChangeCosts) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  const DirectoryTraits traits = crowd.directory->Traits();
  EXPECT_EQ(traits.membership_batch, 1);
  // As the executor and the verifier go about it.
  ASSERT_TRUE(crowd.directory->ReadAccount("1:alice", {}).ok());
  ASSERT_TRUE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  ASSERT_TRUE(crowd.directory->ReadAccount("1:alice", {}).ok());
  EXPECT_EQ(crowd.Count("GET"), traits.reads_per_account_change);
  EXPECT_EQ(crowd.Count("PUT"), traits.writes_per_account_change);
}

TEST(CrowdDirectory, MembersThatDoNotComeAtOnceAreReadToTheEnd) {
  CrowdScript crowd;
  crowd.AddUsers(5);
  for (const auto& [name, user] : crowd.users) crowd.groups["staff"].users.insert(name);
  crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
    HttpRequest capped = request;
    capped.url = absl::StrReplaceAll(request.url, {{"max-results=-1", "max-results=2"}});
    return crowd.Plain(capped);
  };
  const auto group = crowd.directory->ReadGroup("staff", {});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->members.size(), 5u);
}

TEST(CrowdDirectory, AMemberWhoComesTwiceIsDataLoss) {
  CrowdScript crowd;
  crowd.AddUsers(2);
  crowd.groups["staff"].users = {"u1000", "u1001"};
  crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
    HttpRequest first = request;
    first.url = absl::StrReplaceAll(request.url, {{"start-index=2", "start-index=0"}});
    return crowd.Plain(first);
  };
  EXPECT_EQ(crowd.directory->ReadGroup("staff", {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(CrowdDirectory, AnAccountIsReadByKeyWhereItsNameIsNotKnown) {
  CrowdScript crowd;
  crowd.AddUser("alice", false);
  const auto record = crowd.directory->ReadAccount("1:alice", {});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->id, "1:alice");
  EXPECT_EQ(record->user_name, "alice");
  EXPECT_EQ(record->email, "alice@example.com");
  EXPECT_EQ(record->state, AccountState::kInactive);
  EXPECT_EQ(crowd.Count("GET", "key=1%3Aalice"), 1);
}

TEST(CrowdDirectory, AnAccountIsReadByItsNameWhereTheSnapshotToldIt) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  ASSERT_TRUE(crowd.ReadAll().ok());
  ASSERT_TRUE(crowd.directory->ReadAccount("1:alice", {}).ok());
  EXPECT_EQ(crowd.Count("GET", "/user?username=alice"), 1);
  EXPECT_EQ(crowd.Count("GET", "key="), 0);
}

TEST(CrowdDirectory, ARenameSinceTheSnapshotShowsTheNewName) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  ASSERT_TRUE(crowd.ReadAll().ok());
  CrowdUser renamed = crowd.users["alice"];
  renamed.name = "alice.new";
  crowd.users = {{"alice.new", renamed}};
  const auto record = crowd.directory->ReadAccount("1:alice", {});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->user_name, "alice.new");
}

TEST(CrowdDirectory, ANameThatBelongsToSomebodyElseNowIsNotTheAccount) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  ASSERT_TRUE(crowd.ReadAll().ok());
  crowd.users["alice"].key = "1:another";
  EXPECT_TRUE(absl::IsNotFound(crowd.directory->ReadAccount("1:alice", {}).status()));
  EXPECT_TRUE(absl::IsNotFound(crowd.directory->Deactivate("1:alice", {}).status));
  EXPECT_TRUE(crowd.users["alice"].active);
}

TEST(CrowdDirectory, WhereThereAreNoKeysTheNameIsTheIdInAnyCase) {
  CrowdScript crowd;
  crowd.AddUser("Alice").key = "";
  crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
    if (request.method != "GET") return std::nullopt;
    return CrowdAnswers(200, R"({"name":"alice","active":true})");
  };
  const auto record = crowd.directory->ReadAccount("Alice", {});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->id, "Alice");
  EXPECT_EQ(record->user_name, "alice");
}

TEST(CrowdDirectory, AUserWhoseNameLooksLikeAKeyIsFound) {
  CrowdScript crowd;
  crowd.AddUser("7:eleven").key = "";
  const auto record = crowd.directory->ReadAccount("7:eleven", {});
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->user_name, "7:eleven");
}

TEST(CrowdDirectory, OnlyCrowdItselfCanSayThatAnAccountIsGone) {
  const struct {
    HttpResponse answer;
    absl::StatusCode code;
  } cases[] = {
      {CrowdRefuses(404, "USER_NOT_FOUND"), absl::StatusCode::kNotFound},
      {CrowdAnswers(404, "<error><reason>USER_NOT_FOUND</reason><message>m</message></error>"),
       absl::StatusCode::kNotFound},
      {CrowdAnswers(404, "<html><title>404</title></html>"), absl::StatusCode::kDataLoss},
      {CrowdAnswers(404, ""), absl::StatusCode::kDataLoss},
      {CrowdAnswers(404, R"({"message":"no resource","status-code":404})"),
       absl::StatusCode::kDataLoss},
  };
  for (const auto& item : cases) {
    CrowdScript crowd;
    crowd.hook = [&](const HttpRequest&) -> DirectoryHook { return item.answer; };
    EXPECT_EQ(crowd.directory->ReadAccount("alice", {}).status().code(), item.code)
        << item.answer.body;
  }
}

TEST(CrowdDirectory, MembersOfAGroupAreIdsSortedAndUnique) {
  CrowdScript crowd;
  crowd.AddUser("bob");
  crowd.AddUser("alice").key = "9:alice";
  crowd.AddUser("carol").key = "";
  crowd.groups["staff"].users = {"alice", "bob", "carol"};
  const auto group = crowd.directory->ReadGroup("staff", {});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->members, (std::vector<std::string>{"1:bob", "9:alice", "carol"}));
}

// CWD-4433, CWD-4470.
TEST(CrowdDirectory, AnEmptyListOfMembersDoesNotProveTheGroup) {
  CrowdScript crowd;
  crowd.groups["empty"];
  EXPECT_TRUE(crowd.directory->ReadGroup("empty", {}).ok());
  EXPECT_TRUE(absl::IsNotFound(crowd.directory->ReadGroup("gone", {}).status()));
}

TEST(CrowdDirectory, MembersWithoutTheirFieldsHaveNoIds) {
  CrowdScript crowd;
  crowd.hook = [](const HttpRequest&) -> DirectoryHook {
    return CrowdAnswers(200, R"({"users":[{"name":"alice"}]})");
  };
  EXPECT_EQ(crowd.directory->ReadGroup("staff", {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(CrowdDirectory, MembersAreAddedAndRemovedByName) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  WriteReply reply = crowd.Add("staff", "1:alice");
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 201);
  EXPECT_EQ(crowd.groups["staff"].users, std::set<std::string>{"alice"});
  EXPECT_TRUE(absl::IsAlreadyExists(crowd.Add("staff", "1:alice").status));
  reply = crowd.Remove("staff", "1:alice");
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 204);
  EXPECT_TRUE(crowd.groups["staff"].users.empty());
  EXPECT_TRUE(absl::IsNotFound(crowd.Remove("staff", "1:alice").status));
}

TEST(CrowdDirectory, AfterASnapshotAMembershipIsOneRequest) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  ASSERT_TRUE(crowd.ReadAll().ok());
  const int reads = crowd.Count("GET");
  ASSERT_TRUE(crowd.Add("staff", "1:alice").status.ok());
  EXPECT_EQ(crowd.Count("GET"), reads);
}

TEST(CrowdDirectory, ANameOlderThanAMinuteIsLookedUpAgain) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  ASSERT_TRUE(crowd.ReadAll().ok());
  const int reads = crowd.Count("GET");
  crowd.runtime.Advance(NameBook::kFresh);
  ASSERT_TRUE(crowd.Add("staff", "1:alice").status.ok());
  EXPECT_EQ(crowd.Count("GET"), reads);
  // Somebody else bears the name now.
  crowd.users["alice.old"] = crowd.users["alice"];
  crowd.users["alice.old"].name = "alice.old";
  crowd.users["alice"].key = "1:new-hire";
  crowd.groups["staff"].users.clear();
  crowd.runtime.Advance(absl::Seconds(1));
  ASSERT_TRUE(crowd.Add("staff", "1:alice").status.ok());
  EXPECT_EQ(crowd.groups["staff"].users, std::set<std::string>{"alice.old"});
}

TEST(CrowdDirectory, AMemberWhoWasRenamedIsTakenUnderTheNewName) {
  for (const bool adding : {true, false}) {
    CrowdScript crowd;
    crowd.AddUser("alice");
    crowd.groups["staff"];
    ASSERT_TRUE(crowd.ReadAll().ok());
    CrowdUser renamed = crowd.users["alice"];
    renamed.name = "alice.new";
    crowd.users = {{"alice.new", renamed}};
    if (!adding) crowd.groups["staff"].users = {"alice.new"};
    const WriteReply reply =
        adding ? crowd.Add("staff", "1:alice") : crowd.Remove("staff", "1:alice");
    EXPECT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_EQ(reply.attempts, 2);
    EXPECT_EQ(crowd.groups["staff"].users.count("alice.new"), adding ? 1u : 0u);
  }
}

// The thing in the URL is missing with 404, the one in the body with 400.
TEST(CrowdDirectory, WhatIsMissingIsGoneWhereverItStands) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  EXPECT_TRUE(absl::IsNotFound(crowd.Add("gone", "1:alice").status));
  EXPECT_TRUE(absl::IsNotFound(crowd.Remove("gone", "1:alice").status));
  EXPECT_TRUE(absl::IsNotFound(crowd.Add("staff", "nobody").status));
  EXPECT_TRUE(absl::IsNotFound(crowd.Remove("staff", "nobody").status));
}

TEST(CrowdDirectory, AMembershipThatARepetitionFindsDoneIsDone) {
  for (const bool adding : {true, false}) {
    CrowdScript crowd;
    crowd.AddUser("alice");
    crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
      if (request.method == "GET") return std::nullopt;
      HttpResponse answer = adding ? CrowdRefuses(409, "MEMBERSHIP_ALREADY_EXISTS")
                                   : CrowdRefuses(404, "MEMBERSHIP_NOT_FOUND");
      answer.attempts = 2;
      return answer;
    };
    const WriteReply reply =
        adding ? crowd.Add("staff", "1:alice") : crowd.Remove("staff", "1:alice");
    EXPECT_TRUE(reply.status.ok()) << reply.status;
  }
}

// The first DELETE's answer was lost, the second one's was cut: who says that nothing happened?
TEST(CrowdDirectory, ARefusalThatMayBeAboutOurOwnFirstAttemptDeniesNothing) {
  for (const bool doubt : {true, false}) {
    CrowdScript crowd;
    crowd.AddUser("alice");
    crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
      if (request.method == "GET") return std::nullopt;
      HttpResponse cut = CrowdAnswers(404, R"({"message":"<alice> is not a)");
      cut.after_doubt = doubt;
      return cut;
    };
    EXPECT_EQ(crowd.Remove("staff", "1:alice").status.code(),
              doubt ? absl::StatusCode::kUnknown : absl::StatusCode::kFailedPrecondition);
  }
}

TEST(CrowdDirectory, RefusalsOfMembershipsAreToldApart) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    absl::StatusCode code;
    const char* finding;
  } cases[] = {
      {CrowdRefuses(403, "APPLICATION_PERMISSION_DENIED"), absl::StatusCode::kPermissionDenied,
       "read_only"},
      {CrowdAnswers(403, "<html><title>Forbidden</title></html>"),
       absl::StatusCode::kPermissionDenied, ""},
      {CrowdRefuses(400, "INVALID_MEMBERSHIP"), absl::StatusCode::kInvalidArgument, ""},
      {CrowdAnswers(401, "Application failed to authenticate"), absl::StatusCode::kUnauthenticated,
       ""},
      {CrowdAnswers(404, "<html></html>"), absl::StatusCode::kFailedPrecondition, ""},
      {CrowdAnswers(405, ""), absl::StatusCode::kFailedPrecondition, ""},
      {CrowdAnswers(429, ""), absl::StatusCode::kUnavailable, ""},
      {CrowdAnswers(503, ""), absl::StatusCode::kUnknown, ""},
      {CrowdRefuses(500, "OPERATION_FAILED"), absl::StatusCode::kUnknown, ""},
      {absl::UnknownError("reset"), absl::StatusCode::kUnknown, ""},
      {absl::UnavailableError("refused"), absl::StatusCode::kUnavailable, ""},
      {absl::CancelledError("stopped"), absl::StatusCode::kCancelled, ""},
  };
  for (const auto& item : cases) {
    CrowdScript crowd;
    crowd.AddUser("alice");
    crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
      if (request.method == "GET") return std::nullopt;
      return item.answer;
    };
    for (const WriteReply& reply :
         {crowd.Add("staff", "1:alice"), crowd.Remove("staff", "1:alice")}) {
      EXPECT_EQ(reply.status.code(), item.code) << reply.status;
      EXPECT_EQ(FindingOf(reply.status), item.finding) << reply.status;
    }
  }
}

TEST(CrowdDirectory, MoreThanOneMemberAtOnceIsRefusedUnsent) {
  CrowdScript crowd;
  const std::vector<std::string> two = {"1:alice", "1:bob"};
  const WriteReply reply = crowd.directory->ChangeMembers(MembershipAction::kAdd, "staff", two, {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(crowd.directory->ChangeMembers(MembershipAction::kAdd, "staff", {}, {}).status.ok());
  EXPECT_EQ(crowd.directory->requests_sent(), 0);
}

TEST(CrowdDirectory, EmptyNamesAreNotSent) {
  CrowdScript crowd;
  EXPECT_FALSE(crowd.Add("", "1:alice").status.ok());
  EXPECT_FALSE(crowd.Add("staff", "").status.ok());
  EXPECT_FALSE(crowd.directory->ReadAccount("", {}).ok());
  EXPECT_FALSE(crowd.directory->ReadGroup("", {}).ok());
  EXPECT_FALSE(crowd.directory->Deactivate("", {}).status.ok());
  EXPECT_TRUE(crowd.client.requests().empty());
}

TEST(CrowdDirectory, NamesWithReservedCharactersArriveAsTheyAre) {
  for (const char* name : {"a/b", "50% off", "R&D", "c++ team", "say \"hi\"", "o'hara", "Grün",
                           "漢字", "a=b?c#d", "two  spaces", "..", "semi;colon"}) {
    CrowdScript crowd;
    crowd.AddUser(name).key = "";
    crowd.groups[name];
    std::string group, user;
    crowd.hook = [&](const HttpRequest& request) -> DirectoryHook {
      EXPECT_EQ(request.url.find('+'), std::string::npos) << request.url;
      EXPECT_EQ(request.url.find(' '), std::string::npos) << request.url;
      if (request.method == "DELETE") {
        group = CrowdScript::Parameter(request, "groupname");
        user = CrowdScript::Parameter(request, "username");
      }
      return std::nullopt;
    };
    EXPECT_TRUE(absl::IsNotFound(crowd.Remove(name, name).status)) << name;
    EXPECT_EQ(group, name);
    EXPECT_EQ(user, name);
    EXPECT_TRUE(crowd.directory->ReadAccount(name, {}).ok()) << name;
    EXPECT_TRUE(crowd.directory->Deactivate(name, {}).status.ok()) << name;
    crowd.groups[name].users = {name};
    const auto snapshot = crowd.ReadAll();
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ(CrowdMembersOf(snapshot->roster, name), name);
  }
}

TEST(CrowdDirectory, TheBaseUrlMayHaveNoContextPath) {
  NoProgress progress;
  FakeRuntime runtime;
  ScriptedClient client([](const HttpRequest&) { return CrowdRefuses(404, "USER_NOT_FOUND"); });
  CrowdOptions options;
  options.base_url = "http://127.0.0.1:8095/";
  CrowdDirectory directory(options, client, runtime, nullptr, progress);
  directory.ReadAccount("alice", {}).IgnoreError();
  ASSERT_EQ(client.requests().size(), 1u);
  EXPECT_EQ(client.requests()[0].url,
            "http://127.0.0.1:8095/rest/usermanagement/1/user?username=alice&expand=attributes");
}

TEST(CrowdDirectory, OnlyTheBulkCallAsksForXml) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  ASSERT_TRUE(crowd.ReadAll().ok());
  ASSERT_TRUE(crowd.Add("staff", "1:alice").status.ok());
  for (const HttpRequest& request : crowd.client.requests()) {
    const bool bulk = absl::StrContains(request.url, "/group/membership");
    EXPECT_EQ(FindHeader(request.headers, "Accept"), bulk ? "application/xml" : "application/json");
    if (request.method != "GET") {
      EXPECT_EQ(FindHeader(request.headers, "Content-Type"), "application/json");
      EXPECT_EQ(FindHeader(request.headers, "X-Atlassian-Token"), "no-check");
    }
  }
}

}  // namespace
}  // namespace rollcall
