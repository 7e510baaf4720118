// Giving people a site and taking it away (`site_access: follow_activity`), and what it never does.
#include "clients/jira/jira_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/http/retry.h"
#include "clients/jira/jira_errors.h"
#include "tests/clients/jira/jira_harness.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JiraAccessTest : public testing::Test {
 protected:
  // ada was taken off the site, ben is on it; two groups give access.
  void Use(const std::string& quirks, JiraAccessOptions access) {
    site_ = std::make_unique<JiraHarness>(
        JiraHarnessOptions{quirks, std::move(access), 1000, "twin-token", "", true});
    site_->AddUser("ada");
    site_->AddUser("ben");
    site_->AddGroup("g-jira", {"ben"}).name = "jira-users";
    site_->AddGroup("g-wiki", {"ben"}).name = "confluence-users";
    site_->site().access_groups = {"g-jira"};
    site_->site().removed = {"ada"};
  }
  static JiraAccessOptions ByGroups() { return {{"jira-users", "confluence-users"}, {}}; }
  static JiraAccessOptions ByProducts() { return {{}, {"jira-software"}}; }
  JiraHarness& site() { return *site_; }
  WriteReply Give(const std::string& account) { return site().directory->Activate(account, {}); }
  WriteReply Take(const std::string& account) { return site().directory->Deactivate(account, {}); }
  bool OnSite(const std::string& account) { return site().site().removed.count(account) == 0; }
  // Answers to POST /user become this one.
  void AnswerInvitations(int status, const std::string& body) {
    site().client->change = [=](const HttpRequest& request,
                                HttpResponse answer) -> absl::StatusOr<HttpResponse> {
      if (request.method != "POST") return answer;
      return Answer(status, body, answer.headers);
    };
  }

 private:
  std::unique_ptr<JiraHarness> site_;
};

TEST_F(JiraAccessTest, AccessIsGivenByAllItsGroups) {
  Use("", ByGroups());
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_TRUE(OnSite("ada"));
  EXPECT_THAT(site().group("g-jira").members, ElementsAre("ada", "ben"));
  EXPECT_THAT(site().group("g-wiki").members, ElementsAre("ada", "ben"));
  EXPECT_EQ(site().Requests(), 4);  // two names, two additions
  site().AddUser("cyd");
  ASSERT_TRUE(Give("cyd").status.ok());
  EXPECT_EQ(site().Requests(), 2);  // the ids are known
}

TEST_F(JiraAccessTest, SeveralGroupsAreSeveralWritesInTheBudget) {
  Use("", ByGroups());
  const auto probed = site().directory->Probe({{"ada"}, {}}, {});
  ASSERT_TRUE(probed.ok());
  EXPECT_EQ(probed->accounts.at("ada").activate_writes, 2);
  Use("", ByProducts());
  EXPECT_THAT(site().directory->Probe({{"ada"}, {}}, {})->accounts, IsEmpty());
}

TEST_F(JiraAccessTest, AGroupThatIsAMemberAlreadyIsEnough) {
  Use("", ByGroups());
  site().group("g-wiki").members.insert("ada");
  EXPECT_TRUE(Give("ada").status.ok());
  EXPECT_TRUE(OnSite("ada"));
}

TEST_F(JiraAccessTest, AnAccessGroupThatIsNotThereIsNamed) {
  Use("", {{"jira-user"}, {}});
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(absl::IsInvalidArgument(reply.status)) << reply.status;
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("jira-user"));
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("`access_groups`"));
  EXPECT_EQ(site().twin_client->Count("POST"), 0);
}

TEST_F(JiraAccessTest, AnAccessGroupThatIsManagedElsewhereIsNamedSo) {
  Use("synced_group_refused", ByGroups());
  site().group("g-jira").synced = true;
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(absl::IsPermissionDenied(reply.status)) << reply.status;
  EXPECT_EQ(reply.owner, kExternalUserManagement);
}

TEST_F(JiraAccessTest, AccessIsGivenByProducts) {
  Use("", ByProducts());
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 201);
  EXPECT_TRUE(OnSite("ada"));
  EXPECT_THAT(site().group("g-jira").members, ElementsAre("ada", "ben"));
  const std::string body = site().twin_client->requests().back().body;
  EXPECT_EQ(body, R"({"emailAddress":"ada@example.com","products":["jira-software"]})");
}

TEST_F(JiraAccessTest, TheEmailIsNotReadTwice) {
  Use("", ByProducts());
  ASSERT_TRUE(site().directory->ReadAccount("ada", {}).ok());
  site().Requests();
  ASSERT_TRUE(Give("ada").status.ok());
  EXPECT_EQ(site().Requests(), 1);
}

TEST_F(JiraAccessTest, WhoHasAccessAlreadyIsGivenItAgain) {
  Use("", ByProducts());
  EXPECT_TRUE(Give("ben").status.ok());
}

TEST_F(JiraAccessTest, AHiddenEmailCannotBeInvitedAndIsByGroups) {
  Use("", ByProducts());
  site().account("ada").email_hidden = true;
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(absl::IsFailedPrecondition(reply.status)) << reply.status;
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("`access_groups`"));
  EXPECT_EQ(site().twin_client->Count("POST"), 0);
  Use("", ByGroups());
  site().account("ada").email_hidden = true;
  EXPECT_TRUE(Give("ada").status.ok());
}

TEST_F(JiraAccessTest, WhoExistsWithoutAccessNeedsAGroup) {
  Use("create_exists_400", ByProducts());
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(absl::IsFailedPrecondition(reply.status)) << reply.status;
  EXPECT_EQ(reply.http_status, 400);
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("exists without access"));
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("`access_groups`"));
  Use("create_exists_400", ByGroups());
  EXPECT_TRUE(Give("ada").status.ok());
}

TEST_F(JiraAccessTest, AnInvitationThatIsWrongIsNotTakenForAnAccountWithoutAccess) {
  Use("", {{}, {"jira-hardware"}});
  const WriteReply reply = Give("ada");
  EXPECT_FALSE(reply.status.ok());
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("jira-hardware"));
}

TEST_F(JiraAccessTest, ARemovedUserWhoCannotBeRevivedIsToldTheWay) {
  Use("revive_500", ByProducts());
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(absl::IsFailedPrecondition(reply.status)) << reply.status;
  EXPECT_EQ(reply.http_status, 500);
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("`access_groups`"));
  EXPECT_EQ(site().twin_client->Count("POST"), 1);
}

TEST_F(JiraAccessTest, AnAnswer500AfterTheEffectIsSeenToHaveWorked) {
  Use("", ByProducts());
  AnswerInvitations(500, R"({"errorMessages":["Internal server error"]})");
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 500);
  EXPECT_TRUE(OnSite("ada"));
}

TEST_F(JiraAccessTest, A500ThatCannotBeLookedAfterLeavesTheEffectUnknown) {
  Use("", ByProducts());
  ASSERT_TRUE(site().directory->ReadAccount("ada", {}).ok());
  site().client->change = [](const HttpRequest&, HttpResponse) -> absl::StatusOr<HttpResponse> {
    return Answer(500, "");
  };
  EXPECT_TRUE(absl::IsUnknown(Give("ada").status));
}

// Whoever was let in, it was not who was meant.
TEST_F(JiraAccessTest, AnInvitationThatReachedAnotherAccountIsTold) {
  Use("", ByProducts());
  AnswerInvitations(201, R"({"accountId":"another","active":true,"groups":{"items":[]}})");
  const WriteReply reply = Give("ada");
  EXPECT_TRUE(absl::IsFailedPrecondition(reply.status)) << reply.status;
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("another"));
}

TEST_F(JiraAccessTest, ExternalUserManagementIsNamedAsTheOwnerOfUsersToo) {
  for (const JiraAccessOptions& access : {ByGroups(), ByProducts()}) {
    Use("external_user_management", access);
    EXPECT_EQ(Give("ada").owner, kExternalUserManagement);
    const WriteReply taken = Take("ben");
    EXPECT_TRUE(absl::IsPermissionDenied(taken.status)) << taken.status;
    EXPECT_EQ(taken.owner, kExternalUserManagement);
  }
}

TEST_F(JiraAccessTest, TakingIsOneRequestAndTheAccountStays) {
  Use("", ByGroups());
  const WriteReply reply = Take("ben");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 204);
  EXPECT_EQ(site().Requests(), 1);
  EXPECT_FALSE(OnSite("ben"));
  EXPECT_TRUE(site().account("ben").active);
  EXPECT_EQ(site().directory->ReadAccount("ben", {})->state, AccountState::kInactive);
}

TEST_F(JiraAccessTest, WhoCannotBeTakenOffTheSiteIsRefusedWithACure) {
  Use("delete_user_400", ByGroups());
  const WriteReply reply = Take("ben");
  EXPECT_TRUE(absl::IsInvalidArgument(reply.status)) << reply.status;
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("Cannot delete user"));
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("Atlassian Administration"));
  Use("", ByGroups());
  EXPECT_TRUE(absl::IsInvalidArgument(Take("admin").status));  // the token's own account
}

// The 404 of a right that is missing must not pass for a leaver who is gone.
TEST_F(JiraAccessTest, A404ForLackOfRightsIsARefusal) {
  Use("", ByGroups());
  site().client->change = [](const HttpRequest& request,
                             HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (request.method == "GET") return answer;
    return Answer(404, R"({"errorMessages":["Specified user does not exist or you do not have "
                          "required permissions"]})",
                  answer.headers);
  };
  EXPECT_TRUE(absl::IsAlreadyExists(Take("ada").status));  // off the site already
  site().client->change = [](const HttpRequest& request,
                             HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (request.method == "DELETE") return Answer(404, R"({"errorMessages":["no"]})");
    return Answer(200, R"({"accountId":"ben","accountType":"atlassian","active":true})",
                  answer.headers);
  };
  const WriteReply refused = Take("ben");
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status)) << refused.status;
}

TEST_F(JiraAccessTest, WhoIsNoUserIsGone) {
  Use("", ByGroups());
  EXPECT_TRUE(absl::IsNotFound(Take("nobody").status));
  EXPECT_TRUE(absl::IsNotFound(Give("nobody").status));
  EXPECT_TRUE(absl::IsNotFound(site().directory->ReadAccount("nobody", {}).status()));
}

TEST_F(JiraAccessTest, WhoIsNoAdministratorIsToldWhatIsMissing) {
  for (const JiraAccessOptions& access : {ByGroups(), ByProducts()}) {
    Use("not_admin", access);
    for (const WriteReply& reply : {Give("ada"), Take("ben")}) {
      EXPECT_TRUE(absl::IsPermissionDenied(reply.status)) << reply.status;
      EXPECT_EQ(reply.owner, "");
      EXPECT_THAT(std::string(reply.status.message()), HasSubstr("administrator"));
    }
  }
}

TEST_F(JiraAccessTest, LostRepliesLeaveTheEffectUnknown) {
  for (const JiraAccessOptions& access : {ByGroups(), ByProducts()}) {
    Use("", access);
    site().client->change = [](const HttpRequest& request,
                               HttpResponse answer) -> absl::StatusOr<HttpResponse> {
      if (request.method == "GET") return answer;
      return absl::UnknownError("the connection was closed");
    };
    EXPECT_TRUE(absl::IsUnknown(Give("ada").status));
    EXPECT_TRUE(absl::IsUnknown(Take("ben").status));
  }
}

// Through the client that waits: a burst limit costs time, and fails nothing.
TEST_F(JiraAccessTest, ThrottlingIsWaitedForAndFailsNothing) {
  for (const char* quirks : {"rate_limit=1", "rate_limit=1 edge_429"}) {
    Use(quirks, ByGroups());
    site().AddUser("cyd");
    NoProgress progress;
    RequestCounters counters;
    Pace pace({"site", 1000, 1}, site().runtime, progress, counters);
    RetryClient waiting(*site().client, RetryPolicy(), BackoffOptions(), site().runtime, pace);
    JiraOptions options;
    options.base_url = "http://127.0.0.1/jira/site";
    JiraDirectory directory(options, waiting, site().runtime, nullptr, progress);
    EXPECT_TRUE(directory.Deactivate("ben", {}).status.ok());
    const WriteReply second = directory.Deactivate("cyd", {});
    EXPECT_TRUE(second.status.ok()) << second.status;
    EXPECT_GE(second.attempts, 2);
    EXPECT_FALSE(OnSite("cyd"));
    EXPECT_EQ(directory.requests_sent(),
              static_cast<int64_t>(site().twin_client->requests().size()));
  }
}

TEST_F(JiraAccessTest, ThrottlingThatLastsIsNoEffect) {
  Use("rate_limit=1 quota_429", ByGroups());
  site().AddUser("cyd");
  EXPECT_TRUE(Take("ben").status.ok());
  const WriteReply reply = Take("cyd");
  EXPECT_TRUE(absl::IsUnavailable(reply.status)) << reply.status;
  EXPECT_EQ(reply.http_status, 429);
  EXPECT_TRUE(OnSite("cyd"));
}

TEST_F(JiraAccessTest, WithoutAnIdNothingIsSent) {
  Use("", ByGroups());
  EXPECT_TRUE(absl::IsInvalidArgument(Give("").status));
  EXPECT_TRUE(absl::IsInvalidArgument(Take("").status));
  EXPECT_EQ(site().Requests(), 0);
}

TEST_F(JiraAccessTest, AnotherAccountThanWasAskedForIsNoAnswer) {
  Use("", ByGroups());
  site().client->change = [](const HttpRequest&, HttpResponse) -> absl::StatusOr<HttpResponse> {
    return Answer(200, R"({"accountId":"ben","active":true})");
  };
  EXPECT_TRUE(absl::IsDataLoss(site().directory->ReadAccount("ada", {}).status()));
}

}  // namespace
}  // namespace rollcall
