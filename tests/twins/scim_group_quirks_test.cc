// Quirks of groups and members. Lines of the facts about servers are named behind the tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/twins/scim_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kRemoveU1ByValue[] = R"({"op":"remove","path":"members","value":[{"value":"u1"}]})";
constexpr char kAddU1U3[] =
    R"({"op":"add","path":"members","value":[{"value":"u1"},{"value":"u3"}]})";

class ScimGroupQuirksTest : public ScimFixture {};

TEST_F(ScimGroupQuirksTest, MembersInBodiesAreIgnored) {  // D.1
  const json body = {{"displayName", "Legal"}, {"members", {{{"value", "u1"}}}}};
  Use({"create_members_ignored"});
  EXPECT_THAT(Post("/Groups", body).body["members"], IsEmpty());
  Use({"put_members_ignored"});
  Put("/Groups/g1", {{"displayName", "Engineering"}, {"members", json::array()}});
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
}

TEST_F(ScimGroupQuirksTest, UnknownMembersAreTakenInEveryWay) {  // D.1
  const char* const add = R"({"op":"add","path":"members","value":[{"value":"x"},{"value":"u1"}]})";
  Use({"unknown_member_500"});
  EXPECT_EQ(Patch("/Groups/g2", add).status(), 500);
  Use({"unknown_member_404"});
  EXPECT_EQ(Patch("/Groups/g2", add).status(), 404);
  EXPECT_THAT(Members("g2"), IsEmpty());
  Use({"unknown_member_dropped"});
  EXPECT_EQ(Patch("/Groups/g2", add).status(), 200);
  EXPECT_THAT(Members("g2"), ElementsAre("u1"));
  Use({"unknown_member_stored"});
  Patch("/Groups/g2", add);
  EXPECT_THAT(Members("g2"), ElementsAre("u1", "x"));
}

TEST_F(ScimGroupQuirksTest, MembersAreDuplicatedOrMerged) {  // D.2, D.3
  Use({"duplicate_members"});
  Patch("/Groups/g1", kAddU1U3);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u1", "u3"));
  Use({"replace_members_merges", "patch_group_204"});
  EXPECT_EQ(
      Patch("/Groups/g1", R"({"op":"replace","path":"members","value":[{"value":"u4"}]})").status(),
      204);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u1", "u3", "u4"));
}

TEST_F(ScimGroupQuirksTest, PathlessFormsAppendDoNothingOrFail) {  // D.3, D.5
  const char* const replace = R"({"op":"replace","value":{"members":[{"value":"u3"}]}})";
  const char* const add = R"({"op":"add","value":{"members":[{"value":"u4"}]}})";
  Use({"replace_pathless_noop"});
  EXPECT_EQ(Patch("/Groups/g1", replace).status(), 200);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
  Use({"replace_pathless_appends"});
  Patch("/Groups/g1", replace);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u3"));
  Use({"add_pathless_400"});
  EXPECT_EQ(Patch("/Groups/g1", add).status(), 400);
  Use({"add_pathless_noop"});
  EXPECT_EQ(Patch("/Groups/g1", add).status(), 200);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u3"));
}

TEST_F(ScimGroupQuirksTest, RemovalOfAllIsIgnoredOrRefused) {  // D.4
  const char* const all = R"({"op":"remove","path":"members"})";
  Use({"remove_all_noop"});
  EXPECT_EQ(Patch("/Groups/g1", all).status(), 200);
  Use({"remove_all_400"});
  EXPECT_EQ(Patch("/Groups/g1", all).status(), 400);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
}

TEST_F(ScimGroupQuirksTest, RemovalByFilterFailsWithAndWithoutEffect) {  // D.5
  Use({"remove_filter_501"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1).status(), 501);
  Use({"remove_or_filter_noop"});
  EXPECT_EQ(
      Patch("/Groups/g1", R"({"op":"remove","path":"members[value eq \"u1\" or value eq \"u2\"]"})")
          .status(),
      200);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
  Use({"remove_filter_applied_400"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1).body["scimType"], "noTarget");
  EXPECT_THAT(Members("g1"), ElementsAre("u2"));
  Use({"remove_no_match_400"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1).status(), 400);
}

TEST_F(ScimGroupQuirksTest, RemovalByValueIsRefusedOrWipesTheGroup) {  // D.5
  Use({"remove_value_array_400"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1ByValue).status(), 400);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
  Use({"remove_value_array_wipes"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1ByValue).status(), 200);
  EXPECT_THAT(Members("g1"), IsEmpty());
}

TEST_F(ScimGroupQuirksTest, SingleMemberIsRefused) {  // D.5
  const char* const one = R"({"op":"add","path":"members","value":{"value":"u3"}})";
  Use({"single_member_400"});
  EXPECT_EQ(Patch("/Groups/g1", one).status(), 400);
  Use({"single_member_500"});
  EXPECT_EQ(Patch("/Groups/g1", one).status(), 500);
}

TEST_F(ScimGroupQuirksTest, GroupNamesCannotChange) {  // D.6, Atlassian C.2
  const char* const rename = R"({"op":"replace","path":"displayName","value":"New"})";
  Use({"rename_group_501"});
  EXPECT_EQ(Patch("/Groups/g1", rename).status(), 501);
  Use({"group_name_immutable"});
  EXPECT_EQ(Patch("/Groups/g1", rename).body["scimType"], "mutability");
  Use({"group_name_immutable_silent"});
  EXPECT_EQ(Patch("/Groups/g1", rename).status(), 200);
  EXPECT_EQ(directory().FindGroup("g1")->display_name, "Engineering");
  Use({"duplicate_group_names"});
  EXPECT_EQ(Post("/Groups", {{"displayName", "Engineering"}}).status(), 201);
}

TEST_F(ScimGroupQuirksTest, ReservedGroupNamesSucceedWithoutEffect) {  // Atlassian C.6
  Use({"reserved_group_names"});
  EXPECT_EQ(Post("/Groups", {{"displayName", "Site-Admins"}}).status(), 201);
  EXPECT_EQ(directory().groups().size(), 2u);
}

TEST_F(ScimGroupQuirksTest, DeletedUsersDangleInMembers) {  // D.7
  Use({"dangling_members"});
  Delete("/Users/u1");
  const json members = Get("/Groups/g1").body["members"];
  EXPECT_EQ(members[0], (json{{"value", "u1"}}));
  EXPECT_EQ(members.size(), 2u);
}

TEST_F(ScimGroupQuirksTest, UsersShowTheirGroups) {  // D.7
  Use({"user_groups"});
  EXPECT_EQ(Get("/Users/u1").body["groups"][0]["value"], "g1");
  EXPECT_THAT(Get("/Users/u3").body.at("groups"), IsEmpty());
}

TEST_F(ScimGroupQuirksTest, GroupsAndPatchesAreCappedAtTheLimitAndNotBelow) {  // D.8
  Use({"max_group_members=3"});
  EXPECT_EQ(Patch("/Groups/g1", kAddU1U3).status(), 200);
  EXPECT_EQ(
      Patch("/Groups/g1", R"({"op":"add","path":"members","value":[{"value":"u4"}]})").status(),
      400);
  EXPECT_EQ(Members("g1").size(), 3u);
  Use({"max_patch_members=2"});
  EXPECT_EQ(Patch("/Groups/g2", kAddU1U3).status(), 200);
  EXPECT_EQ(Patch("/Groups/g2", absl::StrCat(kAddU1U3, ",", kRemoveU1ByValue)).status(), 400);
}

TEST_F(ScimGroupQuirksTest, MembersAreAbsent) {
  Use({"members_absent_in_lists"});
  EXPECT_FALSE(Get("/Groups").body["Resources"][0].contains("members"));
  EXPECT_TRUE(Get("/Groups/g1").body.contains("members"));
  Use({"members_absent_when_empty"});
  EXPECT_FALSE(Get("/Groups/g2").body.contains("members"));
}

TEST_F(ScimGroupQuirksTest, PutOfAGroupFailsWithAJavaException) {  // Atlassian C.1
  Use({"put_group_java_exception"});
  const Reply reply =
      Put("/Groups/g1", {{"displayName", "Engineering"}, {"members", {{{"value", "x"}}}}});
  EXPECT_EQ(reply.status(), 400);
  EXPECT_EQ(reply.body["responseStatus"], "BAD_REQUEST");
}

}  // namespace
}  // namespace rollcall::twins
