#include "clients/atlassian/org_directory.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

using absl::StatusCode;
using OrgHookAnswer = std::optional<absl::StatusOr<HttpResponse>>;

// Answers requests with this part in their URL by `answer`.
OrgScript::Hook AnswersTo(std::string part, const absl::StatusOr<HttpResponse>& answer) {
  return [=](const HttpRequest& request) -> OrgHookAnswer {
    if (!Holds(request.url, part)) return std::nullopt;
    return answer;
  };
}

// --- Single accounts ---------------------------------------------------------------------------

TEST(OrgAccount, IsOneReadWhereThereIsOneDirectory) {
  OrgScript org;
  org.Add("a");
  ASSERT_TRUE(org.ReadAll().ok());
  org.Restart();  // another process
  org.Forget();
  const auto record = org.Read("a");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->id, "a");
  EXPECT_EQ(record->email, "a@example.com");
  EXPECT_EQ(record->user_name, "");
  EXPECT_EQ(record->state, AccountState::kActive);
  EXPECT_EQ(org.Sent(), 1);
  EXPECT_EQ(org.directory->Traits().reads_per_account_change, 2);
}

TEST(OrgAccount, ReadsTheRolesWhereItsStateDependsOnThem) {
  for (const bool wide : {false, true}) {
    OrgScript org;
    org.status_is_organization_wide = wide;
    org.AddDirectory("d2");
    org.Add("a", {{"d1", "active"}, {"d2", "suspended"}});
    org.Add("off", {{"d1", "active"}}).account_status = "inactive";
    org.Add("out", {{"d1", "suspended"}, {"d2", "suspended"}});
    ASSERT_TRUE(org.ReadAll().ok());
    org.Forget();
    EXPECT_EQ(org.Read("a")->state, AccountState::kPartlyActive);
    EXPECT_EQ(org.Sent(), 2);
    EXPECT_EQ(org.Read("off")->state, AccountState::kInactive);
    EXPECT_EQ(org.Sent(), 3);
    EXPECT_EQ(org.Read("out")->state, AccountState::kPartlyActive);
    EXPECT_EQ(org.Sent(), 4);
    EXPECT_EQ(org.directory->Traits().reads_per_account_change, 8);
  }
}

TEST(OrgAccount, RolesThatDisagreeWithThemselvesDecideNothing) {
  OrgScript org(OrgWay::kDirectory);
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "suspended"}, {"d2", "suspended"}});
  org.accounts["a"].places["d1"] = "active";
  org.hook =
      AnswersTo("role-assignments",
                Answer(200, R"({"data":[{"directoryId":"d1","userDirectoryStatus":"suspended"},)"
                            R"({"directoryId":"d1","userDirectoryStatus":"active"},)"
                            R"({"directoryId":"d2","userDirectoryStatus":"odd"}],"links":{}})"));
  const auto record = org.Read("a");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->state, AccountState::kPartlyActive);
}

TEST(OrgAccount, AnAnswerAboutSomebodyElseIsDataLoss) {
  OrgScript org;
  org.Add("a");
  org.Add("b");
  for (const char* body :
       {R"({"data":{"accountId":"b"}})", R"({"data":[]})", R"({"data":null})", "{}", "", "<html>",
        R"({"data":[{"accountId":"a"},{"accountId":"a"}]})"}) {
    org.hook = AnswersTo("/users/a", Answer(200, body));
    EXPECT_EQ(org.Read("a").status().code(), StatusCode::kDataLoss) << body;
  }
}

TEST(OrgAccount, MissingAndForbiddenAreTold) {
  OrgScript org;
  org.Add("a");
  EXPECT_EQ(org.Read("nobody").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(org.Read("").status().code(), StatusCode::kInvalidArgument);
  const struct {
    int status;
    const char* body;
    StatusCode code;
  } cases[] = {{401, "", StatusCode::kUnauthenticated},
               {403, "", StatusCode::kPermissionDenied},
               {404, "<html></html>", StatusCode::kDataLoss},
               {404, R"({"errors":[{"code":"ADMIN-UAM-404-2"}]})", StatusCode::kPermissionDenied},
               {500, "", StatusCode::kUnavailable}};
  for (const auto& item : cases) {
    org.hook = AnswersTo("/-/users/a", Answer(item.status, item.body));
    EXPECT_EQ(org.Read("a").status().code(), item.code) << item.status << item.body;
  }
}

// --- Activity ----------------------------------------------------------------------------------

TEST(OrgWriter, DisablesAManagedAccountInOneWrite) {
  OrgScript org;
  org.Add("a");
  ASSERT_TRUE(org.Read("a").ok());
  org.Forget();
  const WriteReply reply = org.directory->Deactivate("a", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 204);
  EXPECT_EQ(reply.attempts, 1);
  EXPECT_EQ(org.accounts["a"].account_status, "inactive");
  EXPECT_EQ(org.accounts["a"].places["d1"], "active");
  EXPECT_EQ(org.Sent(), 1);
  EXPECT_TRUE(Holds(org.client.requests().back().body, "\"message\""));
  EXPECT_EQ(org.client.requests().back().idempotency, Idempotency::kIdempotent);
}

TEST(OrgWriter, WithoutALookBeforeItLooksItself) {
  OrgScript org;
  org.Add("a").claim = "unmanaged";
  ASSERT_TRUE(org.directory->Deactivate("a", {}).status.ok());
  EXPECT_EQ(org.accounts["a"].places["d1"], "suspended");
  EXPECT_EQ(org.Count("POST", "/lifecycle/"), 0);
  org.runtime.Advance(absl::Seconds(61));
  ASSERT_TRUE(org.directory->Activate("a", {}).status.ok());
  EXPECT_EQ(org.accounts["a"].places["d1"], "active");
}

TEST(OrgWriter, SuspendsWhereTheAccountIsActiveAndNowhereElse) {
  for (const bool wide : {false, true}) {
    OrgScript org(OrgWay::kDirectory);
    org.status_is_organization_wide = wide;
    for (const char* id : {"d2", "d3", "d4"}) org.AddDirectory(id);
    org.Add("a", {{"d1", "active"}, {"d2", "suspended"}, {"d3", "active"}});
    ASSERT_TRUE(org.Read("a").ok());
    org.Forget();
    const WriteReply reply = org.directory->Deactivate("a", {});
    ASSERT_TRUE(reply.status.ok()) << reply.status;
    EXPECT_EQ(reply.attempts, 2);
    EXPECT_EQ(org.Sent(), 2);
    EXPECT_EQ(org.Count("POST", "/d1/users/a/suspend"), 1);
    EXPECT_EQ(org.Count("POST", "/d3/users/a/suspend"), 1);
    EXPECT_EQ(org.accounts["a"].account_status, "active");
    EXPECT_EQ(org.Read("a")->state, AccountState::kInactive);
  }
}

TEST(OrgWriter, BringsBackTheAccountAndItsDirectories) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "suspended"}, {"d2", "active"}}).account_status = "inactive";
  const WriteReply reply = org.directory->Activate("a", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.attempts, 2);
  EXPECT_EQ(org.accounts["a"].account_status, "active");
  EXPECT_EQ(org.accounts["a"].places["d1"], "active");
  EXPECT_EQ(org.Count("POST", "/d2/"), 0);
}

TEST(OrgWriter, WhatIsSoAlreadyIsNotSent) {
  OrgScript org(OrgWay::kDirectory);
  org.Add("out", {{"d1", "suspended"}});
  org.Add("in");
  EXPECT_EQ(org.directory->Deactivate("out", {}).status.code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(org.directory->Activate("in", {}).status.code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(org.Writes(), 0);
}

TEST(OrgWriter, UntouchableAccountsAreRefused) {
  OrgScript org;
  org.Add("a").type = "app";
  EXPECT_EQ(org.directory->Deactivate("a", {}).status.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(org.directory->Activate("a", {}).status.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(org.directory->Deactivate("", {}).status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(org.directory->Deactivate("nobody", {}).status.code(), StatusCode::kNotFound);
  EXPECT_EQ(org.Writes(), 0);
}

TEST(OrgWriter, ARefusalNamesTheOwner) {
  OrgScript org;
  org.Add("a").enablement = "externalDirectory.scim";
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(reply.owner, "externalDirectory.scim");
  EXPECT_EQ(reply.http_status, 403);
  EXPECT_TRUE(Holds(reply.status.message(), "SCIM")) << reply.status;
}

TEST(OrgWriter, AnyTwoHundredIsSuccess) {
  for (const int status : {200, 202, 204}) {
    OrgScript org;
    org.Add("a");
    org.hook = AnswersTo("/lifecycle/disable", Answer(status, R"({"message":"done"})"));
    EXPECT_TRUE(org.directory->Deactivate("a", {}).status.ok());
  }
}

TEST(OrgWriter, AConflictIsSettledByReading) {
  OrgScript org;
  org.Add("a");
  const std::string body =
      R"({"key":"conflict.lifecycleErrors","context":{"message":"No","errorCodes":[{"code":"X"}]}})";
  bool off_already = true;
  org.hook = [&](const HttpRequest& request) -> OrgHookAnswer {
    if (!Holds(request.url, "/lifecycle/disable")) return std::nullopt;
    if (off_already) org.accounts["a"].account_status = "inactive";
    return Answer(409, body);
  };
  EXPECT_EQ(org.directory->Deactivate("a", {}).status.code(), StatusCode::kAlreadyExists);
  org.accounts["a"].account_status = "active";
  off_already = false;
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Holds(reply.status.message(), "No: X")) << reply.status;
}

TEST(OrgWriter, SuspendingAnAdministratorSaysWhyItIsRefused) {
  OrgScript org(OrgWay::kDirectory);
  org.Add("a").org_admin = true;
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Holds(reply.status.message(), "administers the organisation")) << reply.status;
}

TEST(OrgWriter, WhatIsDoneInPartIsTold) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    StatusCode code;
  } cases[] = {
      {Answer(400, ""), StatusCode::kFailedPrecondition},
      {Answer(403, ""), StatusCode::kPermissionDenied},
      {Answer(401, ""), StatusCode::kUnauthenticated},
      {Answer(429, ""), StatusCode::kUnavailable},
      {Answer(500, ""), StatusCode::kUnknown},
      {absl::UnknownError("cut"), StatusCode::kUnknown},
      {absl::UnavailableError("refused"), StatusCode::kUnavailable},
  };
  for (const auto& item : cases) {
    OrgScript org(OrgWay::kDirectory);
    org.AddDirectory("d2");
    org.Add("a", {{"d1", "active"}, {"d2", "active"}});
    org.hook = AnswersTo("/d1/users/a/suspend", item.answer);
    const WriteReply reply = org.directory->Deactivate("a", {});
    EXPECT_EQ(reply.status.code(), item.code) << reply.status;
    EXPECT_TRUE(Holds(reply.status.message(), "not suspended in directory d1")) << reply.status;
    EXPECT_TRUE(Holds(reply.status.message(), "; suspended in directory d2")) << reply.status;
    EXPECT_EQ(org.accounts["a"].places["d2"], "suspended");
  }
}

TEST(OrgWriter, ADirectoryThatTheAccountHasLeftIsNoFailure) {
  OrgScript org(OrgWay::kDirectory);
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}, {"d2", "active"}});
  ASSERT_TRUE(org.Read("a").ok());
  org.accounts["a"].places.erase("d1");
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(org.accounts["a"].places["d2"], "suspended");
  org.accounts["a"].places["d2"] = "active";
  ASSERT_TRUE(org.Read("a").ok());
  org.accounts.clear();
  EXPECT_EQ(org.directory->Deactivate("a", {}).status.code(), StatusCode::kNotFound);
}

TEST(OrgWriter, NoLicenceStopsARestore) {
  for (const char* code : {"ADMIN-400-32", "ADMIN-409-3"}) {
    OrgScript org;
    org.Add("a", {{"d1", "suspended"}});
    org.hook = AnswersTo("/restore", OrgRefuses(Holds(code, "400") ? 400 : 409, code));
    const WriteReply reply = org.directory->Activate("a", {});
    EXPECT_EQ(reply.status.code(), StatusCode::kFailedPrecondition);
    EXPECT_TRUE(Holds(reply.status.message(), "licence")) << reply.status;
  }
}

TEST(OrgWriter, NothingIsRestoredWhereTheAccountCouldNotBeEnabled) {
  OrgScript org;
  ScriptAccount& account = org.Add("a", {{"d1", "suspended"}});
  account.account_status = "inactive";
  account.enablement = "blocked.exportControl";
  const WriteReply reply = org.directory->Activate("a", {});
  EXPECT_EQ(reply.status.code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(reply.owner, "blocked.exportControl");
  EXPECT_EQ(org.Count("POST", "/restore"), 0);
}

TEST(OrgWriter, AFailedLookWritesNothing) {
  OrgScript org;
  org.Add("a");
  org.hook = AnswersTo("/users/a", Answer(500, ""));
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(reply.attempts, 0);
  EXPECT_EQ(org.Writes(), 0);
}

// --- Groups ------------------------------------------------------------------------------------

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
  EXPECT_EQ(reply.status.code(), StatusCode::kAlreadyExists);
  reply = org.Change(MembershipAction::kRemove, "g1", "a");
  ASSERT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(org.groups["g1"].members.empty());
  reply = org.Change(MembershipAction::kRemove, "g1", "a");
  EXPECT_EQ(reply.status.code(), StatusCode::kNotFound);
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
  EXPECT_EQ(org.Change(MembershipAction::kAdd, "g9", "a").status.code(), StatusCode::kNotFound);
}

TEST(OrgGroupPort, RefusalsAreTold) {
  const struct {
    MembershipAction action;
    HttpResponse answer;
    StatusCode code;
    const char* words;
  } cases[] = {
      {MembershipAction::kAdd, OrgRefuses(409, "ADMIN-UAM-409-3"), StatusCode::kFailedPrecondition,
       "licence"},
      {MembershipAction::kAdd, OrgRefuses(409, "ADMIN-409-3"), StatusCode::kFailedPrecondition,
       "licence"},
      {MembershipAction::kAdd, OrgRefuses(400, "ADMIN-400-32"), StatusCode::kFailedPrecondition,
       "licence"},
      {MembershipAction::kAdd, OrgRefuses(409, "ADMIN-409-28"), StatusCode::kAlreadyExists, ""},
      {MembershipAction::kAdd, Answer(409, ""), StatusCode::kFailedPrecondition, "licence"},
      {MembershipAction::kAdd, Answer(404, ""), StatusCode::kNotFound, ""},
      {MembershipAction::kAdd, OrgRefuses(400, "ADMIN-UAM-400-2"), StatusCode::kInvalidArgument,
       ""},
      {MembershipAction::kAdd, Answer(403, ""), StatusCode::kPermissionDenied, ""},
      {MembershipAction::kRemove, OrgRefuses(403, "ADMIN-403-6"), StatusCode::kPermissionDenied,
       ""},
      {MembershipAction::kRemove, Answer(404, ""), StatusCode::kNotFound, ""},
      {MembershipAction::kRemove, OrgRefuses(404, "ADMIN-UAM-404-2"), StatusCode::kPermissionDenied,
       "org_id"},
      {MembershipAction::kRemove, Answer(404, "<html/>"), StatusCode::kFailedPrecondition,
       "base_url"},
      {MembershipAction::kRemove, Answer(401, ""), StatusCode::kUnauthenticated, "API key"},
      {MembershipAction::kRemove, Answer(500, ""), StatusCode::kUnknown, ""},
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
            StatusCode::kAlreadyExists);
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
            StatusCode::kInvalidArgument);
  EXPECT_EQ(org.Change(add, "", "a").status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(org.Change(add, "g", "").status.code(), StatusCode::kInvalidArgument);
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
  EXPECT_EQ(org.directory->ReadGroup("g1", {}).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(org.directory->ReadGroup("g7", {}).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(org.directory->ReadGroup("", {}).status().code(), StatusCode::kInvalidArgument);
}

TEST(OrgApiRequests, IdsOfAllKindsAreEncoded) {
  OrgScript org;
  org.Add("712020:2a6b|x_1-y");
  ASSERT_TRUE(org.ReadAll().ok());
  org.hook = [](const HttpRequest& request) -> OrgHookAnswer {
    EXPECT_TRUE(Holds(request.url, "/users/712020%3A2a6b%7Cx_1-y")) << request.url;
    return Answer(404, "");
  };
  org.Forget();
  EXPECT_FALSE(org.Probe({"712020:2a6b|x_1-y"}).accounts.empty());
  EXPECT_FALSE(org.Read("712020:2a6b|x_1-y").ok());
  EXPECT_EQ(org.Sent(), 3);
}

}  // namespace
}  // namespace rollcall
