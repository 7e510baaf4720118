#include "clients/atlassian/org_probe.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

using absl::StatusCode;

TEST(OrgProbe, AManagedAccountIsAskedAboutOnceAndMayBeChanged) {
  OrgScript org;
  org.Add("a");
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  EXPECT_TRUE(org.Probe({"a"}).accounts.empty());
  EXPECT_TRUE(org.probe_status.ok());
  EXPECT_EQ(org.Sent(), 1);
  EXPECT_EQ(org.Count("GET", "/users/a/manage?privileges=lifecycle.enablement"), 1);
}

TEST(OrgProbe, TheReasonOfARefusalIsTheOwner) {
  for (const char* reason : {"externalDirectory.scim", "externalDirectory.google",
                             "blocked.exportControl", "administrative.notMyself", "new.reason"}) {
    OrgScript org;
    org.Add("a").enablement = reason;
    ASSERT_TRUE(org.ReadAll().ok());
    const ProbeResult result = org.Probe({"a"});
    ASSERT_EQ(result.accounts.count("a"), 1u);
    const Ownership& owner = result.accounts.at("a");
    EXPECT_FALSE(owner.may_activate);
    EXPECT_FALSE(owner.may_deactivate);
    EXPECT_TRUE(owner.may_change_membership);
    EXPECT_EQ(owner.reason, reason);
    EXPECT_FALSE(owner.cure.empty());
  }
}

TEST(OrgProbe, UnclaimedAccountsAreNotAskedAbout) {
  OrgScript org;
  org.Add("a").claim = "unmanaged";
  org.Add("off").claim = "unmanaged";
  org.accounts["off"].account_status = "inactive";
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  const ProbeResult result = org.Probe({"a", "off"});
  EXPECT_EQ(org.Sent(), 0);
  EXPECT_EQ(result.accounts.count("a"), 0u);
  // Nobody here can switch it on.
  ASSERT_EQ(result.accounts.count("off"), 1u);
  EXPECT_FALSE(result.accounts.at("off").may_activate);
}

TEST(OrgProbe, RefusalsToAskAreUnderstood) {
  const struct {
    int status;
    const char* body;
    const char* reason;
  } cases[] = {
      {403, R"({"key":"forbidden","errorKey":"forbidden","errorDetail":"Error: Caller must be"})",
       "forbidden"},
      {403, "", "not managed by this organisation"},
      {404, R"({"key":"accountNotFound","errorKey":"account-not-found"})", "accountNotFound"},
      {404, R"({"key":"notFound"})", "notFound"},
      {403, R"({"key":"forbidden.targetUnverified","context":"Error: unverified"})",
       "forbidden.targetUnverified"},
      {403, R"({"key":"forbidden.action","context":{"reason":{"key":"externalDirectory.scim"}}})",
       "externalDirectory.scim"},
      {403, R"({"message":"missing scope manage:org"})", "manage:org"},
      {200, "{}", "unknown"},
      {200, R"({"lifecycle.enablement":true})", "unknown"},
      {200, R"({"lifecycle.enablement":{"allowed":"true"}})", "unknown"},
      {200, R"({"lifecycle.enablement":{"allowed":false}})", "unknown"},
      {200, R"({"lifecycle.enablement":{"allowed":false,"reason":"x"}})", "unknown"},
  };
  for (const auto& item : cases) {
    OrgScript org;
    org.Add("a");
    ASSERT_TRUE(org.ReadAll().ok());
    org.hook = [&](const HttpRequest&) { return Answer(item.status, item.body); };
    const ProbeResult result = org.Probe({"a"});
    ASSERT_TRUE(org.probe_status.ok()) << item.body << org.probe_status;
    ASSERT_EQ(result.accounts.count("a"), 1u) << item.body;
    EXPECT_FALSE(result.accounts.at("a").may_activate) << item.body;
    EXPECT_FALSE(result.accounts.at("a").may_deactivate) << item.body;
    EXPECT_EQ(result.accounts.at("a").reason, item.reason) << item.body;
    EXPECT_FALSE(result.accounts.at("a").cure.empty()) << item.body;
  }
}

TEST(OrgProbe, WhatMayPassOrConcernsTheKeyFails) {
  const struct {
    absl::StatusOr<HttpResponse> answer;
    absl::StatusCode code;
  } cases[] = {
      {Answer(401, R"({"key":"unauthorized"})"), StatusCode::kUnauthenticated},
      {Answer(503, ""), StatusCode::kUnavailable},
      {Answer(403, "<html></html>"), StatusCode::kPermissionDenied},
      {Answer(200, "<html></html>"), StatusCode::kDataLoss},
      {Answer(200, ""), StatusCode::kDataLoss},
      {absl::UnavailableError("refused"), StatusCode::kUnavailable},
  };
  for (const auto& item : cases) {
    OrgScript org;
    org.Add("a");
    ASSERT_TRUE(org.ReadAll().ok());
    org.hook = [&](const HttpRequest&) { return item.answer; };
    org.Probe({"a"});
    EXPECT_EQ(org.probe_status.code(), item.code) << org.probe_status;
  }
}

TEST(OrgProbe, AdministratorsAreNotTakenOut) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}, {"d2", "suspended"}}).org_admin = true;
  org.Add("b").org_admin = true;
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  const ProbeResult result = org.Probe({"a", "b"});
  EXPECT_EQ(org.Sent(), 0);
  ASSERT_EQ(result.accounts.count("b"), 1u);
  EXPECT_FALSE(result.accounts.at("b").may_deactivate);
  EXPECT_TRUE(result.accounts.at("b").may_activate);
  EXPECT_EQ(result.accounts.at("b").reason, "the account administers the organisation");
  EXPECT_TRUE(Holds(result.accounts.at("b").cure, "take the role"));
  // Restoring one is refused as well.
  EXPECT_FALSE(result.accounts.at("a").may_activate);
}

TEST(OrgProbe, SeveralDirectoriesCostWhatIsReallyMissing) {
  for (const bool wide : {false, true}) {
    OrgScript org(OrgWay::kDirectory);
    org.status_is_organization_wide = wide;
    for (const char* id : {"d2", "d3"}) org.AddDirectory(id);
    org.Add("two", {{"d1", "active"}, {"d2", "suspended"}, {"d3", "active"}});
    org.Add("one", {{"d1", "active"}});
    ASSERT_TRUE(org.ReadAll().ok());
    org.Forget();
    const ProbeResult result = org.Probe({"two", "one"});
    EXPECT_EQ(result.accounts.count("one"), 0u);
    ASSERT_EQ(result.accounts.count("two"), 1u);
    EXPECT_EQ(result.accounts.at("two").deactivate_writes, 2);
    EXPECT_EQ(org.Sent(), 1);
    EXPECT_EQ(org.Count("GET", "/directories/-/users/two/role-assignments"), 1);
  }
}

TEST(OrgProbe, ADirectoryWithoutRolesIsAskedByItsOwnId) {
  OrgScript org(OrgWay::kDirectory);
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "active"}, {"d2", "active"}}).has_roles_in_directories = false;
  ASSERT_TRUE(org.ReadAll().ok());
  org.accounts["a"].places["d2"] = "suspended";
  org.Forget();
  const ProbeResult result = org.Probe({"a"});
  // One write, as usual: d2 is suspended by now.
  EXPECT_EQ(result.accounts.count("a"), 0u);
  EXPECT_EQ(org.Count("GET", "/d1/users/a"), 1);
  EXPECT_EQ(org.Count("GET", "/d2/users/a"), 1);
}

TEST(OrgProbe, ZeroWritesWhereItIsSoAlready) {
  OrgScript org(OrgWay::kDirectory);
  org.status_is_organization_wide = true;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "suspended"}, {"d2", "suspended"}});
  ASSERT_TRUE(org.ReadAll().ok());
  org.accounts["a"].places = {{"d1", "active"}, {"d2", "active"}};
  const ProbeResult result = org.Probe({"a"});
  ASSERT_EQ(result.accounts.count("a"), 1u);
  EXPECT_EQ(result.accounts.at("a").activate_writes, 0);
}

TEST(OrgProbe, BringingBackCountsTheAccountAndItsDirectories) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "suspended"}, {"d2", "suspended"}}).account_status = "inactive";
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  const ProbeResult result = org.Probe({"a"});
  ASSERT_EQ(result.accounts.count("a"), 1u);
  EXPECT_EQ(result.accounts.at("a").activate_writes, 3);
  EXPECT_TRUE(result.accounts.at("a").may_activate);
  EXPECT_EQ(org.Sent(), 2);  // the roles, and the privilege
}

// Taking back a suspension is not what the owner of the account forbids.
TEST(OrgProbe, WhatIsOnAndSuspendedMayBeRestoredWhoeverOwnsIt) {
  OrgScript org;
  org.AddDirectory("d2");
  org.Add("on", {{"d1", "active"}, {"d2", "suspended"}}).enablement = "externalDirectory.scim";
  org.Add("off", {{"d1", "active"}, {"d2", "suspended"}}).enablement = "externalDirectory.scim";
  org.accounts["off"].account_status = "inactive";
  ASSERT_TRUE(org.ReadAll().ok());
  const ProbeResult result = org.Probe({"on", "off"});
  ASSERT_EQ(result.accounts.size(), 2u);
  EXPECT_TRUE(result.accounts.at("on").restores_only);
  EXPECT_TRUE(result.accounts.at("on").may_activate);
  EXPECT_FALSE(result.accounts.at("on").may_deactivate);
  EXPECT_FALSE(result.accounts.at("off").restores_only);
  EXPECT_FALSE(result.accounts.at("off").may_activate);
}

TEST(OrgProbe, AConfiguredDirectoryOfSeveralIsAskedAsWell) {
  OrgScript org(OrgWay::kDirectory, "d1");
  org.status_is_organization_wide = true;
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "suspended"}, {"d2", "active"}});
  ASSERT_TRUE(org.ReadAll().ok());
  const ProbeResult result = org.Probe({"a"});
  ASSERT_EQ(result.accounts.count("a"), 1u);
  EXPECT_EQ(result.accounts.at("a").deactivate_writes, 0);
}

TEST(OrgProbe, WhoIsNotInTheSnapshotIsRead) {
  OrgScript org;
  org.Add("a").enablement = "externalDirectory.scim";
  EXPECT_EQ(org.Probe({"a"}).accounts.count("a"), 1u);
  EXPECT_EQ(org.Probe({"nobody"}).accounts.count("nobody"), 0u);
  EXPECT_TRUE(org.probe_status.ok());
}

TEST(OrgProbe, GroupsAreNotAskedAbout) {
  OrgScript org;
  org.Add("a");
  org.AddGroup("g1", "Staff", {}).synced = true;
  ASSERT_TRUE(org.ReadAll().ok());
  org.Forget();
  ProbeRequest request;
  request.groups = {"g1"};
  const auto result = org.directory->Probe(request, {});
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->groups.empty());
  EXPECT_EQ(org.Sent(), 0);
}

TEST(OrgProbe, AStopEndsIt) {
  OrgScript org;
  org.Add("a");
  ASSERT_TRUE(org.ReadAll().ok());
  StopFlag stop;
  stop.Request();
  CallContext context;
  context.stop = &stop;
  ProbeRequest request;
  request.accounts = {"a"};
  org.Forget();
  EXPECT_EQ(org.directory->Probe(request, context).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(org.Sent(), 0);
}

}  // namespace
}  // namespace rollcall
