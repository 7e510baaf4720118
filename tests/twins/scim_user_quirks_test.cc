// Quirks of users: `active` and PATCH. Lines of the facts about servers are named behind the tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/twins/scim_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

class ScimUserQuirksTest : public ScimFixture {};

TEST_F(ScimUserQuirksTest, ActiveIsLeftOut) {  // Atlassian C.3
  Use({"active_never_shown"});
  EXPECT_FALSE(Get("/Users/u5").body.contains("active"));
  Use({"active_sometimes_absent"});
  int shown = 0;
  const Reply list = Get("/Users");
  for (const json& user : list.body["Resources"]) shown += user.contains("active") ? 1 : 0;
  EXPECT_TRUE(Get("/Users/u5").body.contains("active")) << "an inactive user always says so";
  EXPECT_GT(shown, 1);
  EXPECT_LT(shown, 5);
}

TEST_F(ScimUserQuirksTest, PatchOfAUserAnswersWithoutBody) {  // C.1, C.12
  Use({"patch_204"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).status(), 204);
  EXPECT_FALSE(IsActive("u1"));
  Use({"noop_patch_204"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).status(), 204);
  EXPECT_EQ(Patch("/Users/u2", kDeactivate).status(), 200);
}

TEST_F(ScimUserQuirksTest, NoopPatchBumpsTheVersionOrNot) {  // C.12
  Use({});
  Patch("/Users/u5", kDeactivate);
  EXPECT_EQ(directory().FindUser("u5")->version, 1);
  Use({"noop_bumps_version"});
  Patch("/Users/u5", kDeactivate);
  EXPECT_EQ(directory().FindUser("u5")->version, 2);
}

TEST_F(ScimUserQuirksTest, PatchOfActiveIsAppliedAndAnsweredWith500) {  // C.2
  Use({"patch_applied_500"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).body["detail"], "conflict");
  EXPECT_FALSE(IsActive("u1"));
  EXPECT_EQ(Patch("/Users/u2", R"({"op":"replace","path":"title","value":"x"})").status(), 200);
}

TEST_F(ScimUserQuirksTest, StringsForActiveAreTakenInEveryWay) {  // A.7, C.3
  const char* const text = R"({"op":"replace","path":"active","value":"False"})";
  Use({"active_string_is_true"});
  EXPECT_EQ(Patch("/Users/u1", text).status(), 200);
  EXPECT_TRUE(IsActive("u1"));
  Use({"active_string_stored"});
  EXPECT_EQ(Patch("/Users/u1", text).body["active"], "False");
  Use({"active_string_coerced"});
  EXPECT_EQ(Patch("/Users/u2", text).body["active"], false);
}

TEST_F(ScimUserQuirksTest, PutWithoutActiveMakesItNull) {  // C.13
  Use({"put_active_null"});
  EXPECT_TRUE(Put("/Users/u1", {{"userName", "user1@example.com"}}).body.at("active").is_null());
}

TEST_F(ScimUserQuirksTest, OperationsAreRefusedInOddForms) {  // C.4
  const std::string lower = absl::StrCat(R"({"operations":[)", kDeactivate, "]}");
  const TwinRequest request = {"PATCH", "/Users/u1", {}, lower, Writes::kKept};
  Use({});
  EXPECT_EQ(Send(request).status(), 400);
  Use({"lower_operations_noop"});
  EXPECT_EQ(Send(request).status(), 200);
  EXPECT_TRUE(IsActive("u1"));
  Use({"lower_operations_accepted"});
  EXPECT_EQ(Send(request).status(), 200);
  EXPECT_FALSE(IsActive("u1"));
  Use({"op_case_sensitive"});
  EXPECT_EQ(Patch("/Users/u2", R"({"op":"Replace","path":"active","value":false})").status(), 400);
  Use({"add_active_501"});
  EXPECT_EQ(Patch("/Users/u2", R"({"op":"add","path":"active","value":false})").status(), 501);
  EXPECT_TRUE(IsActive("u2"));
}

TEST_F(ScimUserQuirksTest, BadOperationsAreSkippedWithSuccess) {  // C.5, C.8, C.10
  Use({"unknown_path_noop"});
  EXPECT_EQ(Patch("/Users/u1", R"({"op":"replace","path":"nonsense","value":1})").status(), 200);
  Use({"patch_not_atomic"});
  EXPECT_EQ(Patch("/Users/u1", absl::StrCat(kDeactivate, R"(,{"op":"bogus","path":"x","value":1})"))
                .status(),
            200);
  EXPECT_FALSE(IsActive("u1"));
  Use({"no_match_creates"});
  Patch("/Users/u2",
        R"({"op":"replace","path":"emails[type eq \"home\"].value","value":"h@example.com"})");
  EXPECT_EQ(Get("/Users/u2").body["emails"][1],
            (json{{"type", "home"}, {"value", "h@example.com"}}));
}

TEST_F(ScimUserQuirksTest, MissingIdsAreServerErrors) {  // C.11
  Use({"missing_id_500"});
  EXPECT_EQ(Patch("/Users/nobody", kDeactivate).status(), 500);
  EXPECT_EQ(Delete("/Users/nobody").status(), 500);
  EXPECT_EQ(Get("/Users/nobody").status(), 404);
}

}  // namespace
}  // namespace rollcall::twins
