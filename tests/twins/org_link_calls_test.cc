// Links of SCIM records in the organisation's twin: what their repair does to the shared world.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/twins/org_fixture.h"

namespace rollcall::twins {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class OrgLinkCallsTest : public OrgFixture {
 protected:
  const std::string base_ = "/admin/user-provisioning/v1/org/o-1";

  OrgReply ByEmail(const std::string& email) {
    return Send("POST", base_ + "/get-scim-links-for-email",
                nlohmann::json{{"email", email}}.dump());
  }
  OrgReply UnlinkCleo() {
    return Send("PATCH", base_ + "/scimDirectoryId/scim/scimUserId/u-cleo/unlink");
  }
  OrgReply DeleteRecordsOf(const std::string& name) {
    return Send("DELETE", absl::StrCat(base_, "/user/aa-", name, "/onlyDeleteUserInDB"));
  }
};

TEST_F(OrgLinkCallsTest, AnAddressNamesItsRecordsWhateverTheyOwn) {
  const nlohmann::json links = ByEmail("CLEO@example.com").body["scimLinks"];
  ASSERT_THAT(links, SizeIs(1));
  EXPECT_EQ(links[0]["atlassianAccountId"], "aa-cleo");
  EXPECT_EQ(links[0]["directoryId"], "scim");
  EXPECT_THAT(ByEmail("nobody@example.com").body["scimLinks"], IsEmpty());
  EXPECT_EQ(Send("POST", base_ + "/get-scim-links-for-email", "{}").status(), 400);
}

TEST_F(OrgLinkCallsTest, AnUnlinkedAccountIsTheOrganisationsAndTheRecordStays) {
  EXPECT_EQ(Lifecycle("cleo", "disable").status(), 403);
  EXPECT_EQ(UnlinkCleo().status(), 204);
  EXPECT_NE(world_.scim.at("scim").FindUser("u-cleo"), nullptr);
  EXPECT_TRUE(ByEmail("cleo@example.com").body["scimLinks"][0]["atlassianAccountId"].is_null());
  EXPECT_EQ(Lifecycle("cleo", "disable").status(), 204);
  EXPECT_FALSE(account("cleo").active);
}

TEST_F(OrgLinkCallsTest, WhatUnlinkAnswersIsAQuirkAndSoIsWhetherItWorks) {
  Use({"unlink_200"});
  EXPECT_EQ(UnlinkCleo().status(), 200);
  Use({"unlink_202"});
  EXPECT_EQ(UnlinkCleo().status(), 202);
  Use({"unlink_missing"});
  EXPECT_EQ(UnlinkCleo().status(), 404);
  Use({"unlink_forgets"});
  EXPECT_THAT(ByEmail("cleo@example.com").body["scimLinks"], IsEmpty());
  Use({"links_missing"});
  EXPECT_EQ(ByEmail("cleo@example.com").status(), 404);
}

TEST_F(OrgLinkCallsTest, ASuccessMayHaveDoneNothing) {
  Use({"unlink_ignored", "delete_records_ignored"});
  EXPECT_EQ(UnlinkCleo().status(), 204);
  EXPECT_EQ(DeleteRecordsOf("cleo").status(), 204);
  EXPECT_EQ(world_.scim.at("scim").FindUser("u-cleo")->AtlassianAccountId(), "aa-cleo");
}

TEST_F(OrgLinkCallsTest, RecordsAreDeletedInEveryDirectoryAndTheAccountStays) {
  ScimUser second = *world_.scim.at("scim").FindUser("u-cleo");
  second.id = "w-cleo";
  world_.scim["lab"].PutUser(second);
  EXPECT_EQ(DeleteRecordsOf("cleo").status(), 204);
  EXPECT_THAT(world_.scim.at("scim").users(), IsEmpty());
  EXPECT_THAT(world_.scim.at("lab").users(), IsEmpty());
  EXPECT_TRUE(account("cleo").active);
  EXPECT_EQ(account("cleo").directories.size(), 1u);
}

TEST_F(OrgLinkCallsTest, RecordsOfGuestsAndOfNobodyAreNotDeleted) {
  EXPECT_EQ(DeleteRecordsOf("dan").status(), 403);
  EXPECT_EQ(DeleteRecordsOf("nobody").status(), 404);
  EXPECT_EQ(Send("PATCH", base_ + "/scimDirectoryId/scim/scimUserId/u-nobody/unlink").status(),
            404);
  EXPECT_EQ(Send("PATCH", base_ + "/scimDirectoryId/no/scimUserId/u-cleo/unlink").status(), 404);
}

TEST_F(OrgLinkCallsTest, EachCallHasItsOwnLabel) {
  EXPECT_EQ(twin_->Endpoint(base_ + "/scimDirectoryId/scim/scimUserId/u-cleo/unlink"),
            "/admin/user-provisioning/v1/org/{org}/scimDirectoryId/{id}/scimUserId/{id}/unlink");
  EXPECT_EQ(twin_->Endpoint(base_ + "/user/aa-cleo/onlyDeleteUserInDB"),
            "/admin/user-provisioning/v1/org/{org}/user/{id}/onlyDeleteUserInDB");
}

}  // namespace
}  // namespace rollcall::twins
