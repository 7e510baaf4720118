// Adding and removing members: what the site says, what it means, and what it costs to be sure.
#include "clients/jira/jira_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/jira/jira_errors.h"
#include "tests/clients/jira/jira_harness.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kNoUser[] =
    R"({"errorMessages":["Specified user does not exist or you do not have required permissions"],
        "errors":{}})";

class JiraGroupsTest : public testing::Test {
 protected:
  // ada and ben on the site, hal not; ada in g-team.
  void Use(const std::string& quirks) {
    site_ = std::make_unique<JiraHarness>(quirks);
    site_->AddUser("ada");
    site_->AddUser("ben");
    site_->AddUser("hal").directories = {{"dir-lab", {}}};
    site_->AddGroup("g-team", {"ada"});
  }
  JiraHarness& site() { return *site_; }
  std::set<std::string> Members() { return site().group("g-team").members; }
  // Answers to writes of members become this one.
  void AnswerWrites(int status, const std::string& body, int attempts = 1, bool doubt = false) {
    site().client->change = [=](const HttpRequest& request,
                                HttpResponse answer) -> absl::StatusOr<HttpResponse> {
      if (request.method == "GET") return answer;
      HttpResponse other = Answer(status, body, answer.headers);
      other.attempts = attempts;
      other.after_doubt = doubt;
      return other;
    };
  }

 private:
  std::unique_ptr<JiraHarness> site_;
};

TEST_F(JiraGroupsTest, AddingIsOneRequest) {
  Use("");
  const WriteReply reply = site().Add("g-team", "ben");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 201);
  EXPECT_EQ(reply.attempts, 1);
  EXPECT_THAT(Members(), ElementsAre("ada", "ben"));
  EXPECT_EQ(site().Requests(), 1);
}

TEST_F(JiraGroupsTest, RemovingIsOneRequest) {
  Use("");
  const WriteReply reply = site().Remove("g-team", "ada");
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.http_status, 200);
  EXPECT_THAT(Members(), IsEmpty());
  EXPECT_EQ(site().Requests(), 1);
}

TEST_F(JiraGroupsTest, AddingAMemberWasSoAlready) {
  Use("");
  EXPECT_TRUE(absl::IsAlreadyExists(site().Add("g-team", "ada").status));
  Use("readd_ok");
  EXPECT_TRUE(site().Add("g-team", "ada").status.ok());
  EXPECT_THAT(Members(), ElementsAre("ada"));
}

// In another language, or in other words than today's.
TEST_F(JiraGroupsTest, AddingAMemberWasSoAlreadyWhateverTheWords) {
  Use("");
  AnswerWrites(400, R"({"errorMessages":["Benutzer ist bereits Mitglied"],"errors":{}})");
  EXPECT_TRUE(absl::IsAlreadyExists(site().Add("g-team", "ada").status));
}

TEST_F(JiraGroupsTest, ARefusalOfTheContentStaysOne) {
  Use("");
  site().client->change = [](const HttpRequest& request,
                             HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (request.method == "GET") return Answer(200, "[]", answer.headers);
    return Answer(400, R"({"errorMessages":["The group is full."],"errors":{}})");
  };
  const WriteReply reply = site().Add("g-team", "ben");
  EXPECT_TRUE(absl::IsInvalidArgument(reply.status)) << reply.status;
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("The group is full."));
}

TEST_F(JiraGroupsTest, RemovingNobodyWasSoAlreadyInEveryDialect) {
  for (const char* quirks : {"remove_absent_404", "remove_absent_400"}) {
    Use(quirks);
    const WriteReply reply = site().Remove("g-team", "ben");
    EXPECT_TRUE(absl::IsAlreadyExists(reply.status)) << quirks << ": " << reply.status;
    EXPECT_LE(site().Requests(), 2);
  }
  Use("remove_absent_ok");
  EXPECT_TRUE(site().Remove("g-team", "ben").status.ok());
  EXPECT_THAT(Members(), ElementsAre("ada"));
}

TEST_F(JiraGroupsTest, WhoIsNotOnTheSiteCannotBeAdded) {
  Use("");
  const WriteReply reply = site().Add("g-team", "hal");
  EXPECT_TRUE(absl::IsNotFound(reply.status)) << reply.status;
  EXPECT_TRUE(absl::IsNotFound(site().Add("g-team", "nobody").status));
  Use("uninvited_joins");
  EXPECT_TRUE(site().Add("g-team", "hal").status.ok());
  EXPECT_THAT(Members(), ElementsAre("ada", "hal"));
}

TEST_F(JiraGroupsTest, WhoIsNoUserAtAllNeedsNoRemoval) {
  Use("");
  const WriteReply reply = site().Remove("g-team", "nobody");
  EXPECT_TRUE(absl::IsNotFound(reply.status) || absl::IsAlreadyExists(reply.status))
      << reply.status;
}

TEST_F(JiraGroupsTest, AGroupThatIsGoneIsGone) {
  Use("");
  EXPECT_TRUE(absl::IsNotFound(site().Add("g-gone", "ben").status));
  EXPECT_TRUE(absl::IsAlreadyExists(site().Remove("g-gone", "ben").status));
  EXPECT_TRUE(absl::IsNotFound(site().directory->ReadGroup("g-gone", {}).status()));
}

// The same 404 stands for a right that is missing: the member is there, and must not pass for gone.
TEST_F(JiraGroupsTest, A404ForLackOfRightsIsARefusal) {
  Use("");
  AnswerWrites(404, kNoUser);
  const WriteReply removal = site().Remove("g-team", "ben");  // is no member: nothing to refuse
  EXPECT_TRUE(absl::IsAlreadyExists(removal.status)) << removal.status;
  Use("");
  site().client->change = [](const HttpRequest& request,
                             HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (request.method != "GET") return Answer(404, kNoUser, answer.headers);
    if (!absl::StrContains(request.url, "user/groups")) return answer;
    return Answer(200, R"([{"groupId":"g-team","name":"the g-team"}])", answer.headers);
  };
  const WriteReply refused = site().Remove("g-team", "ada");
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status)) << refused.status;
  EXPECT_THAT(std::string(refused.status.message()), HasSubstr("is a member"));
  EXPECT_EQ(refused.owner, "");
}

TEST_F(JiraGroupsTest, A404ForAnAdditionThatBothSidesShouldAllowIsARefusal) {
  Use("");
  site().client->change = [](const HttpRequest& request,
                             HttpResponse answer) -> absl::StatusOr<HttpResponse> {
    if (request.method != "GET") return Answer(404, kNoUser, answer.headers);
    if (!absl::StrContains(request.url, "user/groups")) return answer;
    return Answer(200, "[]", answer.headers);
  };
  const WriteReply refused = site().Add("g-team", "ben");
  EXPECT_TRUE(absl::IsPermissionDenied(refused.status)) << refused.status;
  EXPECT_THAT(std::string(refused.status.message()), HasSubstr("may not"));
}

TEST_F(JiraGroupsTest, ExternalUserManagementIsNamedAsTheOwner) {
  for (const char* quirks : {"external_user_management", "external_user_management external_403"}) {
    Use(quirks);
    for (const WriteReply& reply : {site().Add("g-team", "ben"), site().Remove("g-team", "ada")}) {
      EXPECT_TRUE(absl::IsPermissionDenied(reply.status)) << reply.status;
      EXPECT_EQ(reply.owner, kExternalUserManagement);
    }
    EXPECT_EQ(site().Requests(), 2);
    EXPECT_THAT(Members(), ElementsAre("ada"));
  }
}

TEST_F(JiraGroupsTest, ASyncedGroupIsNamedAsOwnedElsewhereAndOthersAreNot) {
  Use("synced_group_refused");
  site().group("g-team").synced = true;
  site().AddGroup("g-own");
  EXPECT_EQ(site().Add("g-team", "ben").owner, kExternalUserManagement);
  EXPECT_TRUE(site().Add("g-own", "ben").status.ok());
}

TEST_F(JiraGroupsTest, WhoIsNoAdministratorIsToldWhatIsMissing) {
  Use("not_admin");
  const WriteReply reply = site().Add("g-team", "ben");
  EXPECT_TRUE(absl::IsPermissionDenied(reply.status)) << reply.status;
  EXPECT_EQ(reply.owner, "");
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("administrator of the site"));
}

TEST_F(JiraGroupsTest, ALostReplyLeavesTheEffectUnknown) {
  Use("");
  site().client->change = [](const HttpRequest&, HttpResponse) -> absl::StatusOr<HttpResponse> {
    return absl::UnknownError("the connection was closed");
  };
  const WriteReply reply = site().Add("g-team", "ben");
  EXPECT_TRUE(absl::IsUnknown(reply.status)) << reply.status;
  EXPECT_THAT(Members(), ElementsAre("ada", "ben"));
}

// The repetition finds done what the first request did.
TEST_F(JiraGroupsTest, ARefusalOfTheRepetitionIsOurOwnDoing) {
  Use("");
  ASSERT_TRUE(site().Add("g-team", "ben").status.ok());
  AnswerWrites(400, R"({"errorMessages":["User is already a member of 'x'"]})", 2, true);
  const WriteReply added = site().Add("g-team", "ben");
  EXPECT_TRUE(added.status.ok()) << added.status;
  EXPECT_EQ(added.attempts, 2);
  Use("");
  site().group("g-team").members.clear();
  AnswerWrites(404, kNoUser, 2, true);
  EXPECT_TRUE(site().Remove("g-team", "ada").status.ok());
}

TEST_F(JiraGroupsTest, ARefusalAfterDoubtThatReadingDoesNotClearUpIsUnknown) {
  Use("");
  AnswerWrites(403, R"({"errorMessages":["no"]})", 2, true);
  EXPECT_TRUE(absl::IsUnknown(site().Add("g-team", "ben").status));
}

TEST_F(JiraGroupsTest, AServerErrorLeavesTheEffectUnknown) {
  Use("");
  AnswerWrites(503, "");
  EXPECT_TRUE(absl::IsUnknown(site().Add("g-team", "ben").status));
}

TEST_F(JiraGroupsTest, ThrottlingIsNoEffectAndNoRefusal) {
  Use("rate_limit=1");
  ASSERT_TRUE(site().Add("g-team", "ben").status.ok());
  const WriteReply reply = site().Add("g-team", "admin");
  EXPECT_TRUE(absl::IsUnavailable(reply.status)) << reply.status;
  EXPECT_EQ(reply.http_status, 429);
  EXPECT_THAT(Members(), ElementsAre("ada", "ben"));
}

TEST_F(JiraGroupsTest, AWebPageIsNoAnswerToAWrite) {
  Use("");
  AnswerWrites(200, "<html><title>Log in with Atlassian account</title></html>");
  const WriteReply reply = site().Add("g-team", "ben");
  EXPECT_TRUE(absl::IsUnknown(reply.status)) << reply.status;
  EXPECT_THAT(std::string(reply.status.message()), HasSubstr("Log in"));
}

TEST_F(JiraGroupsTest, ChangesWithoutIdsAreNotSent) {
  Use("");
  const std::vector<std::string> two = {"ada", "ben"};
  EXPECT_TRUE(absl::IsInvalidArgument(site().Add("", "ada").status));
  EXPECT_TRUE(absl::IsInvalidArgument(site().Add("g-team", "").status));
  EXPECT_TRUE(absl::IsInvalidArgument(
      site().directory->ChangeMembers(MembershipAction::kRemove, "g-team", two, {}).status));
  EXPECT_EQ(site().Requests(), 0);
  EXPECT_EQ(site().directory->Traits().membership_batch, 1);
}

TEST_F(JiraGroupsTest, IdsAreEncodedInAddresses) {
  Use("");
  site().AddUser("557058:a&b/c d");
  site().AddGroup("g-&=?", {});
  EXPECT_TRUE(site().Add("g-&=?", "557058:a&b/c d").status.ok());
  EXPECT_THAT(site().group("g-&=?").members, ElementsAre("557058:a&b/c d"));
  EXPECT_TRUE(site().Remove("g-&=?", "557058:a&b/c d").status.ok());
}

class JiraMembershipReadTest : public testing::Test {
 protected:
  JiraMembershipReadTest() {
    site_.AddUsers(300);
    site_.AddCrowd("g-big", 260);
    site_.AddCrowd("g-small", 20);
    EXPECT_TRUE(site_.ReadAll().ok());
    site_.Requests();
  }
  static MembershipQuestion About(const std::string& group, std::vector<std::string> added,
                                  std::vector<std::string> removed) {
    return {group, std::move(added), std::move(removed)};
  }

  JiraHarness site_;
};

TEST_F(JiraMembershipReadTest, AFewOfABigGroupAreAskedForOneByOne) {
  const auto answer = site_.directory->ReadMemberships(
      About("g-big", {JiraHarness::UserId(3)}, {JiraHarness::UserId(4), JiraHarness::UserId(290)}),
      {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(answer->members, ElementsAre(JiraHarness::UserId(3), JiraHarness::UserId(4)));
  EXPECT_EQ(answer->name, "the g-big");
  EXPECT_EQ(site_.Requests(), 3);
}

TEST_F(JiraMembershipReadTest, ManyOfAGroupAreReadInPages) {
  std::vector<std::string> removed;
  for (int i = 0; i < 7; ++i) removed.push_back(JiraHarness::UserId(i));
  const auto answer = site_.directory->ReadMemberships(About("g-big", {}, removed), {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->members.size(), 260u);
  EXPECT_LE(site_.Requests(), 6);
}

TEST_F(JiraMembershipReadTest, ASmallGroupIsOnePage) {
  const auto answer =
      site_.directory->ReadMemberships(About("g-small", {}, {JiraHarness::UserId(1)}), {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->members.size(), 20u);
  EXPECT_EQ(site_.Requests(), 1);
}

// Who has left the site is no user to ask about; the group tells.
TEST_F(JiraMembershipReadTest, AnAccountThatTheSiteDoesNotKnowIsLookedForInTheGroup) {
  site_.account(JiraHarness::UserId(4)).directories.clear();
  const auto answer =
      site_.directory->ReadMemberships(About("g-big", {}, {JiraHarness::UserId(4)}), {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(answer->members, testing::Contains(JiraHarness::UserId(4)));
}

TEST_F(JiraMembershipReadTest, AGroupThatIsGoneIsSaidToBe) {
  site_.org().groups.erase("g-small");
  EXPECT_TRUE(absl::IsNotFound(
      site_.directory->ReadMemberships(About("g-small", {JiraHarness::UserId(1)}, {}), {})
          .status()));
}

// An anonymous visitor sees nothing: that proves no removal.
TEST_F(JiraMembershipReadTest, AnAnonymousVisitorsEmptyListProvesNothing) {
  site_.client->change = [](const HttpRequest& request,
                            HttpResponse) -> absl::StatusOr<HttpResponse> {
    if (absl::StrContains(request.url, "/myself")) return Answer(401, "{}");
    if (absl::StrContains(request.url, "user/groups")) return Answer(200, "[]");
    return Answer(200, R"({"startAt":0,"maxResults":50,"total":0,"isLast":true,"values":[]})");
  };
  for (const char* group : {"g-big", "g-small"}) {
    const auto answer =
        site_.directory->ReadMemberships(About(group, {}, {JiraHarness::UserId(1)}), {});
    EXPECT_TRUE(absl::IsUnauthenticated(answer.status())) << answer.status();
  }
}

}  // namespace
}  // namespace rollcall
