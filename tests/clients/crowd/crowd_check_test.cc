#include "clients/crowd/crowd_check.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

DirectoryCheck CheckWith(CrowdScript::Hook hook) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.hook = std::move(hook);
  return crowd.directory->Check({});
}

DirectoryCheck CheckAnswering(const absl::StatusOr<HttpResponse>& answer) {
  return CheckWith([=](const HttpRequest&) { return std::make_optional(answer); });
}

std::string TheFault(const DirectoryCheck& check) {
  return check.faults.size() == 1 ? check.faults[0] : absl::StrCat(check.faults.size(), " faults");
}

TEST(CrowdCheck, AWorkingCrowdHasNoFaultsInFourReads) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  const DirectoryCheck check = crowd.directory->Check({});
  EXPECT_TRUE(check.reachable);
  EXPECT_TRUE(check.signed_in);
  EXPECT_EQ(check.server, "Crowd/5.1.0");
  EXPECT_TRUE(check.faults.empty()) << TheFault(check);
  EXPECT_TRUE(check.warnings.empty());
  EXPECT_EQ(check.may.size(), 4u);
  EXPECT_EQ(crowd.Count("GET"), 4);
  EXPECT_EQ(crowd.directory->requests_sent(), 4);
}

TEST(CrowdCheck, WithoutAnEventFeedWhatIsNotToldIsAWarning) {
  for (const HttpResponse& answer :
       {CrowdAnswers(404, "<html></html>"), CrowdAnswers(403, ""),
        CrowdAnswers(200, R"({"incrementalSynchronisationAvailable":false})")}) {
    const DirectoryCheck check = CheckWith([&](const HttpRequest& request) {
      const bool feed = request.url.find("/event") != std::string::npos;
      return feed ? std::make_optional(absl::StatusOr<HttpResponse>(answer)) : std::nullopt;
    });
    EXPECT_TRUE(check.faults.empty()) << TheFault(check);
    ASSERT_EQ(check.warnings.size(), 1u) << answer.body;
    EXPECT_NE(check.warnings[0].find("overwritten unseen"), std::string::npos);
  }
}

TEST(CrowdCheck, EachFaultSaysWhatToDo) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    bool reachable;
    const char* cure;
  } cases[] = {
      {CrowdAnswers(401, "Application failed to authenticate"), true, "not of a Crowd user"},
      {Answer(401, ""), true, "not of a Crowd user"},
      {Answer(403, "<html><title>Forbidden</title></html>"), true, "Remote Addresses"},
      {Answer(404, "<html><title>404</title></html>"), true, "https://host/crowd"},
      {Answer(200, "<html><title>Welcome</title></html>"), true,
       "not a Crowd user management service"},
      {Answer(200, R"({"name":"crowd.token_key"})"), true, "not a Crowd user management service"},
      {Answer(302, ""), true, "not a Crowd user management service"},
      {CrowdAnswers(404, "<html></html>"), true, "context path"},
      {CrowdAnswers(200, ""), true, "an empty body"},
      {absl::UnavailableError("no such host"), false, "check `url`"},
      {absl::FailedPreconditionError("certificate"), false, "ca_file"},
  };
  for (const auto& item : cases) {
    const DirectoryCheck check = CheckAnswering(item.answer);
    EXPECT_EQ(check.reachable, item.reachable) << item.cure;
    EXPECT_FALSE(check.signed_in) << item.cure;
    EXPECT_TRUE(absl::StrContains(TheFault(check), item.cure)) << TheFault(check);
  }
}

TEST(CrowdCheck, AnApplicationThatSeesNobodyIsAFault) {
  CrowdScript crowd;
  const DirectoryCheck check = crowd.directory->Check({});
  EXPECT_TRUE(check.signed_in);
  EXPECT_TRUE(absl::StrContains(TheFault(check), "assign it a directory")) << TheFault(check);
}

TEST(CrowdCheck, WhatTheApplicationMayNotReadIsAFault) {
  const DirectoryCheck check =
      CheckWith([](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
        if (!absl::StrContains(request.url, "entity-type=group")) return std::nullopt;
        return CrowdRefuses(403, "APPLICATION_PERMISSION_DENIED");
      });
  EXPECT_TRUE(absl::StrContains(TheFault(check), "give the permission")) << TheFault(check);
}

TEST(CrowdCheck, WhatWasRefusedIsToldUntilItWorks) {
  CrowdScript crowd;
  crowd.AddUser("alice");
  crowd.groups["staff"];
  bool refuse = true;
  crowd.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (request.method == "GET" || !refuse) return std::nullopt;
    return CrowdRefuses(403, "APPLICATION_PERMISSION_DENIED");
  };
  EXPECT_TRUE(crowd.directory->Check({}).warnings.empty());
  EXPECT_FALSE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  std::vector<std::string> warnings = crowd.directory->Check({}).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(absl::StrContains(warnings[0], "\"Modify user\"")) << warnings[0];
  EXPECT_FALSE(crowd.Add("staff", "1:alice").status.ok());
  EXPECT_EQ(crowd.directory->Check({}).warnings.size(), 2u);
  refuse = false;
  EXPECT_TRUE(crowd.directory->Deactivate("1:alice", {}).status.ok());
  warnings = crowd.directory->Check({}).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(absl::StrContains(warnings[0], "\"Modify group\"")) << warnings[0];
}

TEST(CrowdCheck, UsersWithoutTheirFieldsAreAFault) {
  const DirectoryCheck check =
      CheckWith([](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
        if (!absl::StrContains(request.url, "entity-type=user")) return std::nullopt;
        return CrowdAnswers(200, R"({"users":[{"name":"alice"}]})");
      });
  EXPECT_TRUE(absl::StrContains(TheFault(check), "`active`")) << TheFault(check);
}

}  // namespace
}  // namespace rollcall
