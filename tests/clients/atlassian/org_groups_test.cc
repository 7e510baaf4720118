#include "clients/atlassian/org_groups.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

TEST(OrgGroupPort, AddsAndRemovesOneMember) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {});
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  WriteReply reply = org.Change(MembershipAction::kAdd, "g1", "a");
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(org.groups["g1"].members, std::set<std::string>{"a"});
  reply = org.Change(MembershipAction::kAdd, "g1", "a");
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kAlreadyExists);
  reply = org.Change(MembershipAction::kRemove, "g1", "a");
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(org.groups["g1"].members.empty());
  reply = org.Change(MembershipAction::kRemove, "g1", "a");
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(org.Sent(), 4);
}

TEST(OrgGroupPort, AnAccountThatIsAMemberMayAnswerWithSuccess) {
  OrgScript org;
  org.answers_409_to_members = false;
  org.Add("a");
  org.AddGroup("g1", "Staff", {"a"});
  EXPECT_TRUE(org.Change(MembershipAction::kAdd, "g1", "a").status.ok());
}

TEST(OrgGroupPort, TheDirectoryOfAGroupIsFoundOut) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d2", "active"}});
  org.AddGroup("g2", "Staff", {}, "d2");
  ASSERT_TRUE(org.Change(MembershipAction::kAdd, "g2", "a").status.ok());
  EXPECT_EQ(org.Count("GET", "/directories/-/groups/g2"), 1);
  EXPECT_EQ(org.Count("POST", "/directories/d2/groups/g2/memberships"), 1);
  ASSERT_TRUE(org.Change(MembershipAction::kRemove, "g2", "a").status.ok());
  EXPECT_EQ(org.Count("GET", "/directories/-/groups/g2"), 1);
  EXPECT_EQ(org.Change(MembershipAction::kAdd, "g9", "a").status.code(),
            absl::StatusCode::kNotFound);
}

TEST(OrgGroupPort, RefusalsAreTold) {
  const struct {
    MembershipAction action;
    HttpResponse answer;
    absl::StatusCode code;
    const char* words;
  } cases[] = {
      {MembershipAction::kAdd, OrgRefuses(409, "ADMIN-UAM-409-3"),
       absl::StatusCode::kFailedPrecondition, "licence"},
      {MembershipAction::kAdd, OrgRefuses(409, "ADMIN-409-3"),
       absl::StatusCode::kFailedPrecondition, "licence"},
      {MembershipAction::kAdd, OrgRefuses(400, "ADMIN-400-32"),
       absl::StatusCode::kFailedPrecondition, "licence"},
      {MembershipAction::kAdd, OrgRefuses(409, "ADMIN-409-28"), absl::StatusCode::kAlreadyExists,
       ""},
      {MembershipAction::kAdd, Answer(409, ""), absl::StatusCode::kFailedPrecondition, "licence"},
      {MembershipAction::kAdd, Answer(404, ""), absl::StatusCode::kNotFound, ""},
      {MembershipAction::kAdd, OrgRefuses(400, "ADMIN-UAM-400-2"),
       absl::StatusCode::kInvalidArgument, ""},
      {MembershipAction::kAdd, Answer(403, ""), absl::StatusCode::kPermissionDenied, ""},
      {MembershipAction::kRemove, OrgRefuses(403, "ADMIN-403-6"),
       absl::StatusCode::kPermissionDenied, ""},
      {MembershipAction::kRemove, Answer(404, ""), absl::StatusCode::kNotFound, ""},
      {MembershipAction::kRemove, OrgRefuses(404, "ADMIN-UAM-404-2"),
       absl::StatusCode::kPermissionDenied, "org_id"},
      {MembershipAction::kRemove, Answer(404, "<html/>"), absl::StatusCode::kFailedPrecondition,
       "base_url"},
      {MembershipAction::kRemove, Answer(401, ""), absl::StatusCode::kUnauthenticated, "API key"},
      {MembershipAction::kRemove, Answer(500, ""), absl::StatusCode::kUnknown, ""},
  };
  for (const auto& item : cases) {
    OrgScript org;
    org.Add("a");
    org.AddGroup("g1", "Staff", {});
    org.hook = AnswersTo("/memberships", item.answer);
    const WriteReply reply = org.Change(item.action, "g1", "a");
    EXPECT_EQ(reply.status.code(), item.code) << reply.status;
    EXPECT_TRUE(Holds(reply.status.message(), item.words)) << reply.status;
    EXPECT_EQ(reply.attempts, 1);
  }
}

TEST(OrgGroupPort, AConflictWithoutABodyIsSettledByReading) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {"a"});
  org.hook = AnswersTo("/memberships", Answer(409, ""));
  EXPECT_EQ(org.Change(MembershipAction::kAdd, "g1", "a").status.code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(OrgGroupPort, AfterARepetitionItWasOurs) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {});
  HttpResponse again = OrgRefuses(409, "ADMIN-UAM-409-2");
  again.attempts = 2;
  org.hook = AnswersTo("/memberships", again);
  const WriteReply reply = org.Change(MembershipAction::kAdd, "g1", "a");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.attempts, 2);
}

TEST(OrgGroupPort, OneMemberAWrite) {
  OrgScript org;
  EXPECT_EQ(org.directory->Traits().membership_batch, 1);
  const std::vector<std::string> two = {"a", "b"};
  const auto add = MembershipAction::kAdd;
  EXPECT_EQ(org.directory->ChangeMembers(add, "g", two, {}).status.code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(org.Change(add, "", "a").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(org.Change(add, "g", "").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(org.directory->ChangeMembers(add, "g", {}, {}).status.ok());
  EXPECT_EQ(org.Sent(), 0);
}

TEST(OrgGroupPort, ReadsAllMembersSorted) {
  OrgScript org;
  org.AddMany(250);
  std::set<std::string> everybody;
  for (const auto& [id, account] : org.accounts) everybody.insert(id);
  org.AddGroup("g1", "Staff", everybody);
  const auto group = org.directory->ReadGroup("g1", {});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->name, "Staff");
  EXPECT_EQ(group->members, std::vector<std::string>(everybody.begin(), everybody.end()));
  EXPECT_EQ(org.directory->Traits().reads_per_group_batch, 1 + 2 * 3);
}

TEST(OrgGroupPort, AnEmptyGroupIsProvenToBeThere) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {});
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  const auto group = org.directory->ReadGroup("g1", {});
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_TRUE(group->members.empty());
  EXPECT_EQ(org.Sent(), 2);
  org.groups.clear();
  EXPECT_EQ(org.directory->ReadGroup("g1", {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(org.directory->ReadGroup("g7", {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(org.directory->ReadGroup("", {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace rollcall
