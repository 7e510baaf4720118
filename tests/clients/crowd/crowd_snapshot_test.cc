#include "clients/crowd/crowd_snapshot.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

bool CutAfter(std::string& text, const std::string& mark) {
  const size_t at = text.find(mark);
  if (at == std::string::npos) return false;
  text.resize(at + mark.size());
  return true;
}

TEST(CrowdSnapshot, UsersGroupsAndMembershipsAreReadWhole) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.AddUser("bob", false);
  crowd.AddUser("carol").key = "";  // a directory without keys
  crowd.groups["staff"].users = {"alice", "carol"};
  crowd.groups["empty"];
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Roster& roster = snapshot->roster;
  ASSERT_EQ(roster.accounts.size(), 3u);
  const Account& bob = roster.accounts[roster.FindAccount("1:bob")];
  EXPECT_EQ(bob.user_name, "bob");
  EXPECT_EQ(bob.email, "bob@example.com");
  EXPECT_EQ(bob.state, AccountState::kInactive);
  EXPECT_EQ(roster.accounts[roster.FindAccount("carol")].state, AccountState::kActive);
  EXPECT_EQ(CrowdMembersOf(roster, "staff"), "1:alice, carol");
  EXPECT_EQ(CrowdMembersOf(roster, "empty"), "");
  EXPECT_EQ(snapshot->dangling_members, 0);
}

TEST(CrowdSnapshot, ReadsArePagesAndAtMostTen) {
  CrowdScript crowd;
  crowd.AddUsers(2500);
  crowd.groups["staff"].users = {"u1000"};
  ASSERT_TRUE(crowd.ReadAll().ok());
  // Three pages and an empty one, and a look; for groups one, one and a look; the memberships.
  EXPECT_EQ(crowd.Count("GET"), 5 + 3 + 1);
  EXPECT_EQ(crowd.directory->requests_sent(), crowd.Count("GET"));
}

TEST(CrowdSnapshot, WithoutManagedGroupsNoMembershipIsRead) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"].users = {"alice"};
  ASSERT_TRUE(crowd.directory->ReadAll(WantNoGroup(), {}).ok());
  EXPECT_EQ(crowd.Count("GET", "/group/membership"), 0);
}

TEST(CrowdSnapshot, NestedGroupsAreMarkedAndTheirMembersAreNotMembers) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["child"].users = {"alice"};
  crowd.groups["parent"].groups = {"child"};
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Roster& roster = snapshot->roster;
  EXPECT_TRUE(roster.groups[roster.FindGroup("parent")].nested);
  EXPECT_FALSE(roster.groups[roster.FindGroup("child")].nested);
  EXPECT_EQ(CrowdMembersOf(roster, "parent"), "");
}

TEST(CrowdSnapshot, LowerCaseOutputOfMembershipsIsTheSameNames) {
  CrowdScript crowd;
  crowd.AddUser("Ärger");
  crowd.groups["Büro"];
  crowd.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!absl::StrContains(request.url, "/group/membership")) return std::nullopt;
    return CrowdAnswers(200,
                        "<memberships><membership group=\"büro\"><users><user name=\"ärger\"/>"
                        "</users><groups/></membership></memberships>");
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(CrowdMembersOf(snapshot->roster, "Büro"), "1:Ärger");
}

TEST(CrowdSnapshot, EveryCutOfTheMembershipDocumentIsDataLoss) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"].users = {"alice"};
  crowd.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!absl::StrContains(request.url, "/group/membership")) return std::nullopt;
    HttpResponse answer = crowd.Plain(request);
    EXPECT_TRUE(CutAfter(answer.body, "</membership>"));
    return answer;
  };
  EXPECT_EQ(crowd.ReadAll().status().code(), absl::StatusCode::kDataLoss);
}

TEST(CrowdSnapshot, AWebPageInsteadOfTheMembershipsIsDataLoss) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  for (const char* page : {"<html><body>Sign in</body></html>", "", "{}"}) {
    crowd.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
      if (!absl::StrContains(request.url, "/group/membership")) return std::nullopt;
      return CrowdAnswers(200, page);
    };
    EXPECT_EQ(crowd.ReadAll().status().code(), absl::StatusCode::kDataLoss) << page;
  }
}

TEST(CrowdSnapshot, WithoutTheBulkCallGroupsAreReadOneByOne) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["child"];
  crowd.groups["staff"].users = {"alice"};
  crowd.groups["staff"].groups = {"child"};
  crowd.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!absl::StrContains(request.url, "/group/membership")) return std::nullopt;
    return CrowdAnswers(404, "<html><title>Not found</title></html>");
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const Roster& roster = snapshot->roster;
  EXPECT_EQ(CrowdMembersOf(roster, "staff"), "1:alice");
  EXPECT_TRUE(roster.groups[roster.FindGroup("staff")].nested);
  // Each list to its end.
  EXPECT_EQ(crowd.Count("GET", "/group/user/direct"), 2 + 1);
  ASSERT_EQ(snapshot->notes.size(), 1u);
  EXPECT_TRUE(absl::StrContains(snapshot->notes[0], "group by group"));
}

TEST(CrowdSnapshot, AGroupThatTheDocumentLeavesOutIsReadByItself) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"].users = {"alice"};
  crowd.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!absl::StrContains(request.url, "/group/membership")) return std::nullopt;
    return CrowdAnswers(200, "<memberships/>");
  };
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(CrowdMembersOf(snapshot->roster, "staff"), "1:alice");
}

TEST(CrowdSnapshot, AGroupThatNoListKnowsIsReadAgainThreeTimesThenDataLoss) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  crowd.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!absl::StrContains(request.url, "/group/membership")) return std::nullopt;
    return CrowdAnswers(200,
                        "<memberships><membership group=\"staff\"><users/><groups/></membership>"
                        "<membership group=\"ghost\"><users/><groups/></membership></memberships>");
  };
  const absl::Status status = crowd.ReadAll().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StrContains(status.message(), "\"ghost\"")) << status;
  EXPECT_EQ(crowd.Count("GET", "/group/membership"), 3);
}

TEST(CrowdSnapshot, MembersWhoAreNoUsersAreCounted) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"].users = {"alice", "ghost"};
  const auto snapshot = crowd.ReadAll();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(CrowdMembersOf(snapshot->roster, "staff"), "1:alice");
  EXPECT_EQ(snapshot->dangling_members, 1);
}

TEST(CrowdSnapshot, NoUserAtAllIsNoDirectory) {
  CrowdScript crowd;
  const absl::Status status = crowd.ReadAll().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StrContains(status.message(), "assign it a directory")) << status;
}

TEST(CrowdSnapshot, AUserWithoutActiveIsNotGuessed) {
  CrowdScript crowd;
  crowd.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!absl::StrContains(request.url, "expand=user")) return std::nullopt;
    return CrowdAnswers(200, R"({"users":[{"name":"alice"}]})");
  };
  crowd.AddUser("alice");
  const absl::Status status = crowd.ReadAll().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StrContains(status.message(), "alice")) << status;
}

TEST(CrowdSnapshot, TwoUsersWithOneKeyAreDataLoss) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.AddUser("bob").key = "1:alice";
  EXPECT_EQ(crowd.ReadAll().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rollcall
