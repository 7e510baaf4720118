// Who is a member: what is asked, what it costs, and what is believed. CrowdDirectory's part of it
// too, which chooses between a list and questions.
#include "clients/crowd/member_lookup.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

constexpr char kMembers[] = "/group/user/direct";

// Lists of members come short, as through a proxy or a fault that nobody sees.
CrowdScript::Hook ShortLists(CrowdScript& crowd) {
  return [&crowd](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    HttpRequest cut = request;
    cut.url = absl::StrReplaceAll(request.url, {{"max-results=-1", "max-results=1"}});
    return crowd.Plain(cut);
  };
}

TEST(CrowdMemberLookup, OneWhoMayHaveBeenRemovedIsAskedAbout) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.AddUser("bob");
  crowd.groups["staff"].users = {"alice"};
  ASSERT_TRUE(crowd.ReadAll().ok());
  const int before = crowd.Count("GET");
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:alice"}), "1:alice");
  EXPECT_EQ(crowd.Count("GET") - before, 1);
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:bob"}), "");
  EXPECT_EQ(crowd.Count("GET") - before, 1 + 2);  // and bob is still called so
  EXPECT_EQ(crowd.Count("GET", "max-results"), crowd.Count("GET", "/search"));  // no list
}

TEST(CrowdMemberLookup, AShortListIsNoProofThatSomebodyIsOut) {
  CrowdScript crowd;
  crowd.AddUsers(4);
  crowd.groups["staff"].users = {"u1000", "u1001", "u1002"};
  ASSERT_TRUE(crowd.ReadAll().ok());
  ASSERT_EQ(crowd.traits.Get("crowd", "gives_all"), "yes");
  crowd.hook = ShortLists(crowd);
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:u1002"}), "1:u1002");
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:u1001", "1:u1002", "1:u1003"}), "1:u1001, 1:u1002");
  EXPECT_EQ(crowd.Ask("staff", {"1:u1000"}, {"1:u1002", "1:u1003"}), "1:u1000, 1:u1002");
}

TEST(CrowdMemberLookup, SeveralCostOneListAndAQuestionForEachWhoIsOut) {
  CrowdScript crowd;
  crowd.AddUsers(5);
  crowd.groups["staff"].users = {"u1000", "u1001"};
  ASSERT_TRUE(crowd.ReadAll().ok());
  EXPECT_EQ(crowd.Ask("staff", {"1:u1000", "1:u1001", "1:u1004"}, {}), "1:u1000, 1:u1001");
  EXPECT_EQ(crowd.Count("GET", kMembers), 1);
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:u1001", "1:u1002", "1:u1003"}), "1:u1001");
  EXPECT_EQ(crowd.Count("GET", kMembers), 1 + 1 + 2);
  EXPECT_EQ(crowd.Count("GET", "/user?"), 0);
}

TEST(CrowdMemberLookup, WhereAListDoesNotHoldAllEverybodyIsAskedAbout) {
  CrowdScript crowd;
  crowd.AddUsers(4);
  crowd.groups["staff"].users = {"u1000", "u1002"};
  crowd.traits.Set("crowd", "gives_all", "no");
  EXPECT_EQ(crowd.Ask("staff", {"1:u1000", "1:u1001"}, {"1:u1002", "1:u1003"}), "1:u1000, 1:u1002");
  EXPECT_EQ(crowd.Count("GET", kMembers), 4);
  EXPECT_EQ(crowd.Count("GET", "max-results"), 0);
}

// As the executor and the verifier go about it, with a plan that somebody looked at for an hour.
TEST(CrowdMemberLookup, AMembershipCostsNoMoreThanTheTraitsSay) {
  for (const bool adding : {true, false}) {
    for (const bool late : {true, false}) {
      CrowdScript crowd;
      crowd.AddUser("alice");
      crowd.AddUser("bob");
      crowd.groups["staff"].users = {"bob"};
      const std::string who = adding ? "1:alice" : "1:bob";
      const auto ask = [&] {
        return adding ? crowd.Ask("staff", {who}, {}) : crowd.Ask("staff", {}, {who});
      };
      EXPECT_EQ(ask(), adding ? "" : who);
      EXPECT_TRUE((adding ? crowd.Add("staff", who) : crowd.Remove("staff", who)).status.ok());
      if (late) crowd.runtime.Advance(NameBook::kFresh + absl::Seconds(1));
      EXPECT_EQ(ask(), adding ? who : "");
      EXPECT_LE(crowd.Count("GET"), crowd.directory->Traits().reads_per_group_batch);
      if (late) {
        EXPECT_EQ(crowd.Count("GET"), crowd.directory->Traits().reads_per_group_batch);
      }
    }
  }
}

TEST(CrowdMemberLookup, AMemberWhoWasRenamedIsAMemberStill) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.AddUser("bob");
  crowd.groups["staff"].users = {"alice", "bob"};
  ASSERT_TRUE(crowd.ReadAll().ok());
  crowd.users["alice.new"] = crowd.users["alice"];
  crowd.users["alice.new"].name = "alice.new";
  crowd.users.erase("alice");
  crowd.groups["staff"].users = {"alice.new", "bob"};
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:alice"}), "1:alice");
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:alice", "1:bob"}), "1:alice, 1:bob");
}

TEST(CrowdMemberLookup, AnAccountThatIsGoneIsInNoGroup) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"].users = {"alice"};
  EXPECT_EQ(crowd.Ask("staff", {}, {"1:nobody"}), "");
  EXPECT_EQ(crowd.Ask("staff", {"1:nobody"}, {}), "");
}

TEST(CrowdMemberLookup, OnlyCrowdItselfCanSayThatSomebodyIsNoMember) {
  const struct {
    HttpResponse answer;
    const char* said;
  } cases[] = {
      {CrowdRefuses(404, "MEMBERSHIP_NOT_FOUND"), ""},
      {CrowdRefuses(404, "USER_NOT_FOUND"), ""},
      {CrowdAnswers(404, "<error><reason>MEMBERSHIP_NOT_FOUND</reason></error>"), ""},
      {CrowdRefuses(404, "GROUP_NOT_FOUND"), "NOT_FOUND"},
      {CrowdRefuses(400, "MEMBERSHIP_NOT_FOUND"), "DATA_LOSS"},
      {CrowdAnswers(404, "<html><title>404</title></html>"), "DATA_LOSS"},
      {CrowdAnswers(404, ""), "DATA_LOSS"},
      {CrowdAnswers(404, R"({"message":"no resource","status-code":404})"), "DATA_LOSS"},
      {CrowdAnswers(200, R"({"name":"Alice","link":{}})"), "alice"},
      {CrowdAnswers(200, R"({"name":"bob"})"), "DATA_LOSS"},
      {CrowdAnswers(200, R"({"users":[]})"), "DATA_LOSS"},
      {CrowdAnswers(200, "<html><title>Sign in</title></html>"), "DATA_LOSS"},
      {CrowdAnswers(200, ""), "DATA_LOSS"},
      {CrowdAnswers(401, ""), "UNAUTHENTICATED"},
      {CrowdAnswers(403, ""), "PERMISSION_DENIED"},
      {CrowdAnswers(503, ""), "UNAVAILABLE"},
  };
  for (const auto& item : cases) {
    CrowdScript crowd;
    crowd.hook = [&](const HttpRequest&) { return item.answer; };
    EXPECT_EQ(crowd.Ask("staff", {}, {"alice"}), item.said) << item.answer.body;
    EXPECT_EQ(crowd.Ask("staff", {"alice"}, {}), item.said) << item.answer.body;
  }
}

TEST(CrowdMemberLookup, AStopEndsTheQuestions) {
  CrowdScript crowd;
  StopFlag stop;
  CallContext context;
  context.stop = &stop;
  crowd.hook = [&](const HttpRequest&) {
    stop.Request();
    return CrowdRefuses(404, "MEMBERSHIP_NOT_FOUND");
  };
  const auto found = crowd.directory->ReadMemberships({"staff", {}, {"alice", "bob"}}, context);
  EXPECT_EQ(found.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(crowd.Count("GET"), 1);
}

TEST(CrowdMemberLookup, AGroupThatIsGoneIsNotEmpty) {
  CrowdScript crowd;
  crowd.AddUsers(2);
  crowd.groups["staff"].users = {"u1000"};
  ASSERT_TRUE(crowd.ReadAll().ok());
  crowd.groups.clear();
  EXPECT_EQ(crowd.Ask("staff", {"1:u1000", "1:u1001"}, {}), "NOT_FOUND");
}

}  // namespace
}  // namespace rollcall
