#include "clients/atlassian/org_account_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

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
  EXPECT_EQ(org.directory->Deactivate("out", {}).status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(org.directory->Activate("in", {}).status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(org.Writes(), 0);
}

TEST(OrgWriter, UntouchableAccountsAreRefused) {
  OrgScript org;
  org.Add("a").type = "app";
  EXPECT_EQ(org.directory->Deactivate("a", {}).status.code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(org.directory->Activate("a", {}).status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(org.directory->Deactivate("", {}).status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(org.directory->Deactivate("nobody", {}).status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(org.Writes(), 0);
}

TEST(OrgWriter, ARefusalNamesTheOwner) {
  OrgScript org;
  org.Add("a").enablement = "externalDirectory.scim";
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kPermissionDenied);
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
  EXPECT_EQ(org.directory->Deactivate("a", {}).status.code(), absl::StatusCode::kAlreadyExists);
  org.accounts["a"].account_status = "active";
  off_already = false;
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Holds(reply.status.message(), "No: X")) << reply.status;
}

// The first attempt's answer was lost: it was ours to do, and `activate: own` goes by that.
TEST(OrgWriter, WhatARepetitionFindsDoneWasOurs) {
  OrgScript org;
  org.Add("a");
  org.hook = [&](const HttpRequest& request) -> OrgHookAnswer {
    if (!Holds(request.url, "/lifecycle/disable")) return std::nullopt;
    org.accounts["a"].account_status = "inactive";
    HttpResponse answer = Answer(409, R"({"key":"conflict.lifecycleErrors"})");
    answer.attempts = 2;
    return answer;
  };
  EXPECT_TRUE(org.directory->Deactivate("a", {}).status.ok());
}

TEST(OrgWriter, SuspendingAnAdministratorSaysWhyItIsRefused) {
  OrgScript org(OrgWay::kDirectory);
  org.Add("a").org_admin = true;
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Holds(reply.status.message(), "administers the organisation")) << reply.status;
}

TEST(OrgWriter, WhatIsDoneInPartIsTold) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    absl::StatusCode code;
  } cases[] = {
      {Answer(400, ""), absl::StatusCode::kFailedPrecondition},
      {Answer(403, ""), absl::StatusCode::kPermissionDenied},
      {Answer(401, ""), absl::StatusCode::kUnauthenticated},
      {Answer(429, ""), absl::StatusCode::kUnavailable},
      {Answer(500, ""), absl::StatusCode::kUnknown},
      {absl::UnknownError("cut"), absl::StatusCode::kUnknown},
      {absl::UnavailableError("refused"), absl::StatusCode::kUnavailable},
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
  EXPECT_EQ(org.directory->Deactivate("a", {}).status.code(), absl::StatusCode::kNotFound);
}

TEST(OrgWriter, NoLicenceStopsARestore) {
  for (const char* code : {"ADMIN-400-32", "ADMIN-409-3"}) {
    OrgScript org;
    org.Add("a", {{"d1", "suspended"}});
    org.hook = AnswersTo("/restore", OrgRefuses(Holds(code, "400") ? 400 : 409, code));
    const WriteReply reply = org.directory->Activate("a", {});
    EXPECT_EQ(reply.status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(Holds(reply.status.message(), "licence")) << reply.status;
  }
}

TEST(OrgWriter, NothingIsRestoredWhereTheAccountCouldNotBeEnabled) {
  OrgScript org;
  ScriptAccount& account = org.Add("a", {{"d1", "suspended"}});
  account.account_status = "inactive";
  account.enablement = "blocked.exportControl";
  const WriteReply reply = org.directory->Activate("a", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(reply.owner, "blocked.exportControl");
  EXPECT_EQ(org.Count("POST", "/restore"), 0);
}

TEST(OrgWriter, AFailedLookWritesNothing) {
  OrgScript org;
  org.Add("a");
  org.hook = AnswersTo("/users/a", Answer(500, ""));
  const WriteReply reply = org.directory->Deactivate("a", {});
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(reply.attempts, 0);
  EXPECT_EQ(org.Writes(), 0);
}

}  // namespace
}  // namespace rollcall
