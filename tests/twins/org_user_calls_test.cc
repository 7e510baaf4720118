// Single users and groups of the organisation's directories: reads, suspension, memberships.
#include <gmock/gmock.h>

#include "tests/twins/org_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OrgUserTest : public OrgFixture {
 protected:
  bool IsSuspended(const std::string& name, const std::string& directory) {
    return account(name).directories.at(directory).suspended;
  }
};

TEST_F(OrgUserTest, OneUserIsShownWithItsRoles) {
  const json eve = Get(In("dir-main", "/users/aa-eve")).body["data"];
  EXPECT_EQ(eve["platformRoles"], json({"atlassian/org-admin"}));
  EXPECT_FALSE(eve.contains("deactivatedOn"));
  EXPECT_TRUE(Get(In("-", "/users/aa-gus")).body["data"].contains("deactivatedOn"));
  EXPECT_EQ(Get(In("dir-lab", "/users/aa-eve")).code(), "ADMIN-UAM-404-1") << "not in there";
  EXPECT_EQ(Get(In("-", "/users/aa-nobody")).code(), "ADMIN-UAM-404-1");
}

TEST_F(OrgUserTest, RoleAssignmentsTellTheStatusInEachDirectory) {
  const json rows = Get(In("-", "/users/aa-bob/role-assignments")).body["data"];
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0]["directoryId"], "dir-lab");
  EXPECT_EQ(rows[0]["userDirectoryStatus"], "suspended");
  EXPECT_EQ(rows[1]["userDirectoryStatus"], "active");
  EXPECT_EQ(rows[1]["roleAssignments"][0]["role"], "atlassian/user");
  const json lab = Get(In("dir-lab", "/users/aa-bob/role-assignments")).body["data"];
  EXPECT_THAT(lab, SizeIs(1));
  const json only =
      Get(In("-", "/users/aa-bob/role-assignments?directoryIds=dir-main")).body["data"];
  ASSERT_THAT(only, SizeIs(1));
  EXPECT_EQ(only[0]["directoryId"], "dir-main");
}

TEST_F(OrgUserTest, RolesOfTheOrganisationHaveNoDirectory) {
  const json rows = Get(In("dir-lab", "/users/aa-eve/role-assignments")).body["data"];
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_TRUE(rows[0]["directoryId"].is_null());
  EXPECT_EQ(rows[0]["userDirectoryStatus"], "no_membership");
  EXPECT_EQ(Get(In("-", "/users/aa-nobody/role-assignments")).status(), 404);
  EXPECT_THAT(Get(In("-", "/users/aa-fay/role-assignments")).body["data"], IsEmpty());
  Use({"no_assignments"});
  EXPECT_THAT(Get(In("-", "/users/aa-bob/role-assignments")).body["data"], IsEmpty());
}

TEST_F(OrgUserTest, RoleAssignmentsComeInPages) {
  const OrgReply first = Get(In("-", "/users/aa-bob/role-assignments?limit=1"));
  EXPECT_THAT(first.Each("directoryId"), ElementsAre("dir-lab"));
  EXPECT_THAT(Get(In("-", absl::StrCat("/users/aa-bob/role-assignments?cursor=", first.next())))
                  .Each("directoryId"),
              ElementsAre("dir-main"));
}

TEST_F(OrgUserTest, SuspensionIsOfOneDirectoryAndKeepsGroupsAndRoles) {
  const OrgReply reply = Act("dir-main", "ada", "suspend");
  EXPECT_EQ(reply.status(), 204);
  EXPECT_EQ(reply.raw.body, "");
  EXPECT_TRUE(IsSuspended("ada", "dir-main"));
  EXPECT_FALSE(IsSuspended("ada", "dir-lab"));
  EXPECT_TRUE(account("ada").active);
  EXPECT_EQ(group("g-staff").members.count("aa-ada"), 1u);
  EXPECT_EQ(Act("dir-main", "ada", "suspend").status(), 204) << "again";
  EXPECT_EQ(Act("dir-main", "ada", "restore").status(), 204);
  EXPECT_FALSE(IsSuspended("ada", "dir-main"));
}

TEST_F(OrgUserTest, GuestCanBeSuspended) {
  EXPECT_EQ(Act("dir-main", "dan", "suspend").status(), 204);
  EXPECT_TRUE(IsSuspended("dan", "dir-main"));
}

TEST_F(OrgUserTest, WritesWantARealDirectoryThatHoldsTheUser) {
  EXPECT_EQ(Act("-", "ada", "suspend").code(), "ADMIN-UAM-400-1");
  EXPECT_EQ(Act("dir-none", "ada", "suspend").status(), 404);
  EXPECT_EQ(Act("dir-lab", "cleo", "suspend").code(), "ADMIN-UAM-404-1");
  EXPECT_EQ(Act("dir-main", "nobody", "restore").code(), "ADMIN-UAM-404-1");
  Use({"dash_write_404"});
  EXPECT_EQ(Act("-", "ada", "suspend").status(), 404);
  EXPECT_EQ(Send("DELETE", In("-", "/users/aa-ada")).status(), 404);
  EXPECT_EQ(Get(In("dir-main", "/users/aa-ada/suspend")).status(), 405);
  EXPECT_FALSE(IsSuspended("ada", "dir-main"));
}

TEST_F(OrgUserTest, AdministratorIsNotSuspendedUnlessTheQuirkAllowsIt) {
  EXPECT_EQ(Act("dir-main", "eve", "suspend").status(), 400);
  EXPECT_EQ(Act("dir-main", "eve", "restore").status(), 400);
  EXPECT_FALSE(IsSuspended("eve", "dir-main"));
  Use({"admin_suspend_allowed"});
  EXPECT_EQ(Act("dir-main", "eve", "suspend").status(), 204);
}

TEST_F(OrgUserTest, SyncedAndInactiveAccountsMayBeRefused) {
  EXPECT_EQ(Act("dir-main", "cleo", "suspend").status(), 204);
  EXPECT_EQ(Act("dir-main", "gus", "suspend").status(), 204);
  Use({"synced_suspend_refused", "restore_inactive_400"});
  EXPECT_EQ(Act("dir-main", "cleo", "restore").code(), "ADMIN-UAM-403-1");
  EXPECT_EQ(Act("dir-lab", "hal", "suspend").code(), "ADMIN-UAM-403-1");
  EXPECT_EQ(Act("dir-main", "gus", "restore").code(), "ADMIN-UAM-400-2");
  EXPECT_EQ(Act("dir-main", "ada", "suspend").status(), 204);
}

TEST_F(OrgUserTest, LicencesLimitRestoreAndAddAndNothingElse) {
  const struct {
    const char* quirk;
    int status;
    const char* code;
  } cases[] = {{"licence_limit", 409, "ADMIN-UAM-409-3"},
               {"licence_limit_400", 400, "ADMIN-400-32"},
               {"licence_limit_v1", 409, "ADMIN-409-3"}};
  for (const auto& item : cases) {
    Use({item.quirk});
    EXPECT_EQ(Act("dir-lab", "bob", "restore").status(), item.status);
    EXPECT_EQ(Act("dir-lab", "bob", "restore").code(), item.code);
    EXPECT_EQ(AddMember("g-staff", "cleo").code(), item.code);
    EXPECT_EQ(Act("dir-main", "bob", "suspend").status(), 204);
  }
  EXPECT_TRUE(IsSuspended("bob", "dir-lab"));
}

TEST_F(OrgUserTest, RemovalTakesTheGroupsOfThatDirectoryAlong) {
  EXPECT_EQ(Send("DELETE", In("dir-main", "/users/aa-bob")).status(), 204);
  EXPECT_EQ(account("bob").directories.count("dir-main"), 0u);
  EXPECT_EQ(account("bob").directories.count("dir-lab"), 1u);
  EXPECT_THAT(group("g-staff").members, ElementsAre("aa-ada"));
  EXPECT_THAT(group("g-lab").members, ElementsAre("aa-bob"));
  EXPECT_EQ(Send("DELETE", In("dir-main", "/users/aa-bob")).status(), 404);
}

TEST_F(OrgUserTest, WritesThatAFaultDiscardsChangeNothing) {
  TwinRequest request;
  request.method = "POST";
  request.target = "/atlassian" + In("dir-main", "/users/aa-ada/suspend");
  request.headers = {{"Authorization", "Bearer twin-token"}};
  request.writes = Writes::kDiscarded;
  EXPECT_EQ(twin_->Handle(request).status, 204);
  EXPECT_FALSE(IsSuspended("ada", "dir-main"));
}

TEST_F(OrgUserTest, OneGroupIsShownWithItsCounts) {
  const json staff = Get(In("-", "/groups/g-staff")).body["data"];
  EXPECT_EQ(staff["directoryId"], "dir-main");
  EXPECT_EQ(staff["counts"]["users"], 2);
  EXPECT_EQ(Get(In("dir-lab", "/groups/g-staff")).code(), "ADMIN-UAM-404-3");
  EXPECT_EQ(Get(In("-", "/groups/g-none")).code(), "ADMIN-UAM-404-3");
}

TEST_F(OrgUserTest, MembersComeAndGo) {
  EXPECT_EQ(AddMember("g-staff", "dan").status(), 204) << "a guest";
  EXPECT_EQ(RemoveMember("g-staff", "ada").status(), 204);
  EXPECT_THAT(group("g-staff").members, ElementsAre("aa-bob", "aa-dan"));
}

TEST_F(OrgUserTest, MemberMustBeInTheDirectoryAndTheBodyRight) {
  EXPECT_EQ(AddMember("g-staff", "hal").code(), "ADMIN-UAM-404-1");
  EXPECT_EQ(AddMember("g-none", "ada").code(), "ADMIN-UAM-404-3");
  EXPECT_EQ(AddMember("g-lab", "ada").code(), "ADMIN-UAM-404-3") << "of another directory";
  const std::string target = In("dir-main", "/groups/g-staff/memberships");
  for (const char* body : {"", "{}", R"({"account_id":"aa-cleo"})", R"({"accountId":7})"}) {
    EXPECT_EQ(Send("POST", target, body).status(), 400) << body;
  }
  EXPECT_EQ(
      Send("POST", In("-", "/groups/g-staff/memberships"), R"({"accountId":"aa-cleo"})").code(),
      "ADMIN-UAM-400-1");
  EXPECT_THAT(group("g-staff").members, SizeIs(2));
}

TEST_F(OrgUserTest, MemberTwiceAndNoMemberAtAllAreQuirks) {
  EXPECT_EQ(AddMember("g-staff", "ada").code(), "ADMIN-UAM-409-2");
  EXPECT_EQ(RemoveMember("g-staff", "cleo").status(), 404);
  Use({"readd_ok", "remove_absent_ok"});
  EXPECT_EQ(AddMember("g-staff", "ada").status(), 204);
  EXPECT_EQ(RemoveMember("g-staff", "cleo").status(), 204);
}

TEST_F(OrgUserTest, GroupsThatCannotBeWrittenAreRefused) {
  EXPECT_EQ(AddMember("g-synced", "ada").code(), "ADMIN-UAM-403-1");
  EXPECT_EQ(RemoveMember("g-synced", "cleo").code(), "ADMIN-UAM-403-1");
  EXPECT_EQ(AddMember("g-fixed", "bob").code(), "ADMIN-UAM-403-1");
  EXPECT_EQ(AddMember("g-admins", "bob").status(), 204);
  EXPECT_EQ(AddMember("g-default", "bob").status(), 204);
  Use({"synced_group_writable"});
  EXPECT_EQ(AddMember("g-synced", "ada").status(), 204);
  Use({"synced_write_ignored"});
  EXPECT_EQ(RemoveMember("g-synced", "cleo").status(), 204);
  EXPECT_EQ(group("g-synced").members.count("aa-cleo"), 1u) << "and nothing moved";
  Use({"admin_group_refused", "default_group_refused"});
  EXPECT_EQ(AddMember("g-admins", "ada").code(), "ADMIN-403-7");
  EXPECT_EQ(RemoveMember("g-admins", "bob").status(), 204);
  EXPECT_EQ(RemoveMember("g-default", "bob").code(), "ADMIN-403-6");
}

TEST_F(OrgUserTest, AdministratorsRoleIsAssignedAndRevoked) {
  const std::string target = "/admin/v1/orgs/o-1/users/aa-eve/role-assignments/";
  const std::string body = R"({"role":"atlassian/org-admin"})";
  EXPECT_EQ(Send("POST", target + "revoke", body).status(), 204);
  EXPECT_FALSE(account("eve").IsOrgAdmin());
  EXPECT_EQ(Act("dir-main", "eve", "suspend").status(), 204);
  EXPECT_EQ(Send("POST", target + "assign", body).status(), 204);
  EXPECT_TRUE(account("eve").IsOrgAdmin());
  EXPECT_EQ(Send("POST", target + "assign", R"({"role":"atlassian/user"})").status(), 400);
  EXPECT_EQ(Send("POST", "/admin/v1/orgs/o-1/users/aa-no/role-assignments/assign", body).status(),
            404);
}

TEST_F(OrgUserTest, ReadsLagForACount) {
  Use({"stale_reads=2"});
  Act("dir-main", "ada", "suspend");
  Act("dir-lab", "ada", "suspend");
  RemoveMember("g-staff", "ada");
  EXPECT_TRUE(IsSuspended("ada", "dir-main")) << "in truth at once";
  const auto status = [&] {
    return Get(In("-", "/users/aa-ada")).body["data"]["membershipStatus"].get<std::string>();
  };
  EXPECT_EQ(status(), "active");
  EXPECT_EQ(Search("-", {{"accountIds", {"aa-ada"}}}).body["data"][0]["membershipStatus"],
            "active");
  EXPECT_EQ(status(), "suspended");
  EXPECT_THAT(SearchGroups("-", {{"accountIds", {"aa-ada"}}}).Each("id"),
              ElementsAre("g-fixed", "g-staff"));
}

TEST_F(OrgUserTest, ReadsLagForATime) {
  Use({"stale_ms=30000"});
  RemoveMember("g-staff", "ada");
  Lifecycle("ada", "disable");
  const auto members = [&] { return Search("-", {{"groupIds", {"g-staff"}}}).ids(); };
  EXPECT_THAT(members(), ElementsAre("aa-ada", "aa-bob"));
  now_ += absl::Milliseconds(29'999);
  EXPECT_THAT(members(), SizeIs(2));
  EXPECT_EQ(Manage("GET", "ada", "/profile").body["account"]["account_status"], "active");
  now_ += absl::Milliseconds(1);
  EXPECT_THAT(members(), ElementsAre("aa-bob"));
  EXPECT_EQ(Manage("GET", "ada", "/profile").body["account"]["account_status"], "inactive");
}

}  // namespace
}  // namespace rollcall::twins
