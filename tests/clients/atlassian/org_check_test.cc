#include "clients/atlassian/org_check.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

std::string OrgFault(const DirectoryCheck& check) {
  return check.faults.size() == 1 ? check.faults[0] : absl::StrCat(check.faults.size(), " faults");
}

TEST(OrgCheck, AWorkingKeySaysWhatItMay) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {});
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(check.reachable);
  EXPECT_TRUE(check.signed_in);
  EXPECT_TRUE(check.faults.empty()) << OrgFault(check);
  EXPECT_TRUE(check.warnings.empty()) << check.warnings[0];
  EXPECT_EQ(absl::StrJoin(check.may, "; "),
            "see the directories d1 (Directory d1); read users; read groups; switch managed "
            "accounts on and off");
  EXPECT_EQ(org.Writes(), 0);
  EXPECT_LE(org.Sent(), 6);
}

TEST(OrgCheck, EachFaultSaysWhatToDo) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    bool reachable;
    bool signed_in;
    const char* cure;
  } cases[] = {
      {Answer(401, R"({"code":401,"message":"Unauthorized"})"), true, false, "not an API token"},
      {Answer(401, R"({"errors":[{"code":"ADMIN-401-2","title":"INSUFFICIENT_SCOPE"}]})"), true,
       false, "a key without scopes"},
      {Answer(401, ""), true, false, "has expired"},
      {Answer(200, "<html><title>Log in</title></html>"), true, false, "sign-in page"},
      {Answer(200, ""), true, false, "an empty body"},
      {Answer(404, "<html/>"), true, false, "base_url"},
      {absl::UnavailableError("no such host"), false, false, "check `url`"},
  };
  for (const auto& item : cases) {
    OrgScript org;
    org.Add("a");
    org.hook = [&](const HttpRequest&) { return item.answer; };
    const DirectoryCheck check = org.directory->Check({});
    EXPECT_EQ(check.reachable, item.reachable) << item.cure;
    EXPECT_EQ(check.signed_in, item.signed_in) << item.cure;
    EXPECT_TRUE(Holds(OrgFault(check), item.cure)) << OrgFault(check);
  }
}

TEST(OrgCheck, AWrongOrganisationIsToldWithThoseThatTheKeySees) {
  for (const bool gateway : {true, false}) {
    OrgScript org;
    org.options.org_id = "org-2";
    org.Restart();
    if (!gateway) {
      org.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
        if (!Holds(request.url, "/org-2/")) return std::nullopt;
        return OrgRefuses(404, "ADMIN-404-2", "Organization not found");
      };
    }
    const DirectoryCheck check = org.directory->Check({});
    EXPECT_TRUE(Holds(OrgFault(check), "`org_id` is no organisation")) << OrgFault(check);
    EXPECT_TRUE(Holds(OrgFault(check), "the key sees org-1 (Example)")) << OrgFault(check);
  }
}

TEST(OrgCheck, AKeyWithoutPermissionIsTold) {
  OrgScript org;
  org.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (Holds(request.url, "/v1/orgs")) return Answer(200, R"({"data":[]})");
    return Answer(403, R"({"timestamp":"t","path":"/p","status":403,"error":"Forbidden",)"
                       R"("message":"User has no permission.","requestId":"b4fc"})");
  };
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(check.signed_in);
  EXPECT_TRUE(Holds(OrgFault(check), "may not do this here")) << OrgFault(check);
  EXPECT_TRUE(Holds(OrgFault(check), "shows no organisation")) << OrgFault(check);
}

TEST(OrgCheck, AConfiguredDirectoryThatIsNoneIsToldWithThoseThatAre) {
  OrgScript org(OrgWay::kAccount, "d9");
  org.AddDirectory("d2");
  org.Add("a");
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(Holds(OrgFault(check), "it has d1 (Directory d1), d2 (Directory d2)"))
      << OrgFault(check);
}

TEST(OrgCheck, AScopedKeyThatMayNotManageAccountsIsAFault) {
  OrgScript org;
  org.Add("a");
  org.hook = [](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
    if (!Holds(request.url, "/manage")) return std::nullopt;
    return Answer(403, R"({"key":"forbidden","errorDetail":"missing scope manage:org"})");
  };
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(Holds(OrgFault(check), "manage:org")) << OrgFault(check);
  EXPECT_TRUE(Holds(OrgFault(check), "without scopes")) << OrgFault(check);
}

TEST(OrgCheck, WhatTheKeyMayNotReadIsAFault) {
  for (const char* part : {"/users/search", "/groups/search"}) {
    OrgScript org;
    org.Add("a");
    org.hook = [&](const HttpRequest& request) -> std::optional<absl::StatusOr<HttpResponse>> {
      if (!Holds(request.url, part)) return std::nullopt;
      return Answer(403, "");
    };
    EXPECT_EQ(org.directory->Check({}).faults.size(), 1u) << part;
  }
}

TEST(OrgCheck, AnOrganisationWithoutManagedAccountsIsAWarning) {
  OrgScript org;
  org.Add("a").claim = "unmanaged";
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(check.faults.empty());
  ASSERT_EQ(check.warnings.size(), 1u);
  EXPECT_TRUE(Holds(check.warnings[0], "unclaimed_accounts")) << check.warnings[0];
}

TEST(OrgCheck, TheManagedAccountIsLookedForBehindTheFirstRows) {
  OrgScript org;
  for (int i = 0; i < 30; ++i) org.Add(absl::StrCat("u", 100 + i)).claim = "unmanaged";
  org.Add("z");
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_EQ(check.may.back(), "switch managed accounts on and off");
}

TEST(OrgCheck, AnAccountOfAnotherOwnerIsNoFault) {
  OrgScript org;
  org.Add("a").enablement = "externalDirectory.scim";
  const DirectoryCheck check = org.directory->Check({});
  EXPECT_TRUE(check.faults.empty()) << OrgFault(check);
  EXPECT_TRUE(Holds(check.may.back(), "externalDirectory.scim")) << check.may.back();
}

TEST(OrgCheck, WithoutAnIdentityItWarns) {
  OrgScript org;
  org.options.identity = "";
  org.Restart();
  org.Add("a");
  const DirectoryCheck check = org.directory->Check({});
  ASSERT_EQ(check.warnings.size(), 1u);
  EXPECT_TRUE(Holds(check.warnings[0], "`identity`")) << check.warnings[0];
}

TEST(OrgCheck, NobodyAndNoDirectoryAreFaults) {
  OrgScript org;
  EXPECT_TRUE(Holds(OrgFault(org.directory->Check({})), "no account"));
  org.directories.clear();
  EXPECT_TRUE(Holds(OrgFault(org.directory->Check({})), "no directory"));
}

}  // namespace
}  // namespace rollcall
