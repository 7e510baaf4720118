// Each quirk shows what its name says. Lines of the facts about servers are named in brackets.
#include "tests/twins/scim_quirks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "tests/twins/scim_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kDeactivate[] = R"({"op":"replace","path":"active","value":false})";
constexpr char kRemoveU1[] = R"({"op":"remove","path":"members[value eq \"u1\"]"})";
constexpr char kRemoveU1ByValue[] = R"({"op":"remove","path":"members","value":[{"value":"u1"}]})";
constexpr char kAddU1U3[] =
    R"({"op":"add","path":"members","value":[{"value":"u1"},{"value":"u3"}]})";

std::vector<std::string> Ids(const Reply& reply) {
  std::vector<std::string> ids;
  for (const json& item : reply.body["Resources"]) ids.push_back(item["id"]);
  return ids;
}

class ScimQuirksTest : public ScimFixture {};

TEST(ScimQuirksTableTest, NamesAreUniqueAndFound) {
  std::set<std::string> names;
  for (const QuirkInfo& info : AllQuirks()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(FindQuirk(info.name), info.quirk) << info.name;
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(Quirk::kCount_));
}

TEST(ScimQuirksTableTest, UnknownNamesAreErrors) {
  ScimOptions options;
  for (const char* text : {"", "nonsense", "page_cap", "page_cap=", "page_cap=-1", "x=1"}) {
    EXPECT_FALSE(ApplyQuirk(text, options).ok()) << text;
  }
  EXPECT_FALSE(ApplyDialect("klingon", options).ok());
}

TEST_F(ScimQuirksTest, EveryDialectListsUsers) {
  for (const std::string& name : DialectNames()) {
    options_ = ScimOptions();
    ASSERT_TRUE(ApplyDialect(name, options_).ok()) << name;
    Restart();
    EXPECT_EQ(Get("/Users").body["Resources"].size(), 5u) << name;
  }
}

TEST_F(ScimQuirksTest, PagingIgnoredShowsTheFirstTwentyAlways) {  // B.1
  for (int i = 6; i <= 25; ++i) {
    world_.scim["scim"].PutUser(
        MakeScimUser(absl::StrCat("u", i), absl::StrCat("user", i, "@example.com"), "", true));
  }
  Use({"paging_ignored"});
  const Reply reply = Get("/Users?startIndex=21&count=5");
  EXPECT_EQ(reply.body["startIndex"], 1);
  EXPECT_EQ(reply.body["totalResults"], 25);
  EXPECT_EQ(Ids(reply).size(), 20u);
  EXPECT_EQ(Ids(reply).front(), "u1");
}

TEST_F(ScimQuirksTest, PastTheEndTheLastPageIsRepeatedOrTheConnectionCloses) {  // B.2
  Use({"last_page_repeated"});
  const Reply reply = Get("/Users?startIndex=9999&count=2");
  EXPECT_EQ(reply.body["startIndex"], 9999);
  EXPECT_THAT(Ids(reply), ElementsAre("u5"));
  Use({"drop_past_end"});
  EXPECT_EQ(Get("/Users?startIndex=6").raw.delivery, Delivery::kNothing);
  EXPECT_EQ(Get("/Users?startIndex=5").raw.delivery, Delivery::kWhole);
}

TEST_F(ScimQuirksTest, UnstableOrderDiffersFromListToListAndIsTheSameForASeed) {  // B.3
  Use({"unstable_order"});
  std::set<std::vector<std::string>> seen;
  std::vector<std::vector<std::string>> orders;
  for (int i = 0; i < 8; ++i) orders.push_back(Ids(Get("/Users")));
  seen.insert(orders.begin(), orders.end());
  EXPECT_GT(seen.size(), 2u);
  Use({"unstable_order"});
  for (const auto& order : orders) EXPECT_EQ(Ids(Get("/Users")), order);
}

TEST_F(ScimQuirksTest, ItemsPerPageIsThePageSize) {  // B.4
  Use({"items_per_page_requested", "default_page=10000"});
  EXPECT_EQ(Get("/Users").body["itemsPerPage"], 10000);
  EXPECT_EQ(Get("/Users?count=50").body["itemsPerPage"], 50);
}

TEST_F(ScimQuirksTest, TooManyIsAnErrorAboveTheCapOnly) {  // B.4
  Use({"too_many_500", "page_cap=3"});
  EXPECT_EQ(Get("/Users?count=3").status(), 200);
  const Reply reply = Get("/Users?count=4");
  EXPECT_EQ(reply.status(), 500);
  EXPECT_EQ(reply.body["scimType"], "tooMany");
}

TEST_F(ScimQuirksTest, EmptyListsLackResources) {  // B.5
  const char* const nobody = "/Users?filter=userName%20eq%20%22nobody%22";
  Use({"resources_absent_when_empty"});
  EXPECT_FALSE(Get(nobody).body.contains("Resources"));
  EXPECT_EQ(Get(nobody).body["startIndex"], 0);
  Use({"resources_null_when_empty"});
  EXPECT_TRUE(Get(nobody).body.at("Resources").is_null());
}

TEST_F(ScimQuirksTest, OddCountsAndStartsAreErrorsOrEchoed) {  // B.6
  Use({"count_zero_500"});
  EXPECT_EQ(Get("/Users?count=0").status(), 500);
  Use({"bad_start_index_400"});
  EXPECT_EQ(Get("/Users?startIndex=0").status(), 400);
  Use({"bad_start_index_echoed"});
  EXPECT_EQ(Get("/Users?startIndex=-5").body["startIndex"], -5);
}

TEST_F(ScimQuirksTest, FiltersAreLimitedOrFindNothing) {  // B.7
  const char* const by_mail = "/Users?filter=emails.value%20eq%20%22user1@example.com%22";
  const char* const both =
      "/Users?filter=active%20eq%20true%20and%20userName%20eq%20%22user1@example.com%22";
  Use({"filter_limited"});
  EXPECT_EQ(Get(by_mail).status(), 400);
  EXPECT_EQ(Get(both).status(), 400);
  EXPECT_THAT(Ids(Get("/Users?filter=externalId%20eq%20%22p1%22")), ElementsAre("u1"));
  Use({"filter_finds_user_name_only"});
  EXPECT_THAT(Ids(Get(by_mail)), IsEmpty());
  Use({"filter_compound_empty"});
  EXPECT_THAT(Ids(Get(both)), IsEmpty());
  Use({"filter_unknown_empty"});
  EXPECT_THAT(Ids(Get("/Users?filter=shoeSize%20eq%2042")), IsEmpty());
}

TEST_F(ScimQuirksTest, OddCharactersInFiltersFail) {  // A.5, B.8, B.9
  world_.scim["scim"].PutUser(MakeScimUser("u6", "DOMAIN\\user", "", true));
  const char* const backslash = "/Users?filter=userName%20eq%20%22DOMAIN%5C%5Cuser%22";
  EXPECT_THAT(Ids(Get(backslash)), ElementsAre("u6"));
  Use({"filter_backslash_empty"});
  EXPECT_THAT(Ids(Get(backslash)), IsEmpty());
  Use({"filter_escape_refused"});
  EXPECT_EQ(Get(backslash).status(), 400);
  Use({"filter_percent_500"});
  EXPECT_EQ(Get("/Users?filter=userName%20eq%20%22a%25b%22").status(), 500);
  Use({"filter_upper_case_drops"});
  EXPECT_EQ(Get("/Users?filter=id%20EQ%20%22u1%22").raw.delivery, Delivery::kNothing);
  Use({"filter_case_sensitive"});
  EXPECT_THAT(Ids(Get("/Users?filter=userName%20eq%20%22USER1@example.com%22")), IsEmpty());
}

TEST_F(ScimQuirksTest, AttributeParametersAreIgnoredOrDropTheId) {  // B.10
  Use({"attributes_drop_id"});
  EXPECT_FALSE(Get("/Users?attributes=userName").body["Resources"][0].contains("id"));
  Use({"attributes_ignored"});
  EXPECT_TRUE(Get("/Users?attributes=userName").body["Resources"][0].contains("active"));
  Use({"excluded_attributes_ignored"});
  EXPECT_TRUE(Get("/Groups/g1?excludedAttributes=members").body.contains("members"));
}

TEST_F(ScimQuirksTest, EndpointsAreAbsoluteOrMindASlash) {  // B.11
  Use({"trailing_slash_404"});
  EXPECT_EQ(Get("/Users/").status(), 404);
  EXPECT_EQ(Get("/Users").status(), 200);
  Use({"absolute_endpoints"});
  EXPECT_EQ(Get("/ResourceTypes").body["Resources"][0]["endpoint"], "/scim/v2/Users");
}

TEST_F(ScimQuirksTest, CreatingHasItsOddities) {  // A.1, A.2, A.4, A.6, A.8, B.9
  Use({"no_location"});
  EXPECT_EQ(Post("/Users", {{"userName", "a@example.com"}}).header("Location"), "");
  Use({"relative_location", "ids_are_user_names"});
  EXPECT_EQ(Post("/Users", {{"userName", "b+c@example.com"}}).header("Location"),
            "/scim/v2/Users/b%2Bc%40example.com");
  Use({"create_without_id"});
  const Reply lost = Post("/Users", {{"userName", "zoë@example.com"}});
  EXPECT_EQ(lost.status(), 201);
  EXPECT_FALSE(lost.body.contains("id"));
  EXPECT_EQ(directory().UsersNamed("zoë@example.com").size(), 1u);
  Use({"conflict_without_scim_type"});
  EXPECT_FALSE(Post("/Users", {{"userName", "user1@example.com"}}).body.contains("scimType"));
  Use({"user_name_case_sensitive"});
  EXPECT_EQ(Post("/Users", {{"userName", "USER1@example.com"}}).status(), 201);
  Use({"user_name_optional"});
  EXPECT_EQ(Post("/Users", {{"displayName", "Nameless"}}).status(), 201);
  Use({"content_type_text"});
  EXPECT_EQ(Get("/Users").header("Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(ScimQuirksTest, EmailsAreUniqueEvenAfterTheirUsers) {  // A.8, Atlassian C.6
  Use({"email_unique", "email_stays_reserved"});
  const json body = {{"userName", "other"}, {"emails", {{{"value", "User1@example.com"}}}}};
  EXPECT_EQ(Post("/Users", body).body["detail"],
            "Resource [USER]: with email[User1@example.com] already exists.");
  Delete("/Users/u1");
  EXPECT_EQ(Post("/Users", body).status(), 409);
}

TEST_F(ScimQuirksTest, OnePercentPoisonsTheList) {  // B.9
  Use({"poison_percent"});
  EXPECT_EQ(Get("/Users").status(), 200);
  world_.scim["scim"].PutUser(MakeScimUser("u6", "100%", "", true));
  EXPECT_EQ(Get("/Users").status(), 400);
}

TEST_F(ScimQuirksTest, PatchToATakenNameFailsWithAndWithoutEffect) {  // A.4
  const char* const rename = R"({"op":"replace","path":"userName","value":"user2@example.com"})";
  Use({"duplicate_patch_500"});
  EXPECT_EQ(Patch("/Users/u1", rename).status(), 500);
  EXPECT_EQ(directory().FindUser("u1")->UserName(), "user1@example.com");
  Use({"duplicate_patch_applied_500"});
  EXPECT_EQ(Patch("/Users/u1", rename).status(), 500);
  EXPECT_EQ(directory().FindUser("u1")->UserName(), "user2@example.com");
}

TEST_F(ScimQuirksTest, ActiveIsLeftOut) {  // Atlassian C.3
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

TEST_F(ScimQuirksTest, PatchOfAUserAnswersWithoutBody) {  // C.1, C.12
  Use({"patch_204"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).status(), 204);
  EXPECT_FALSE(IsActive("u1"));
  Use({"noop_patch_204"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).status(), 204);
  EXPECT_EQ(Patch("/Users/u2", kDeactivate).status(), 200);
}

TEST_F(ScimQuirksTest, NoopPatchBumpsTheVersionOrNot) {  // C.12
  Use({});
  Patch("/Users/u5", kDeactivate);
  EXPECT_EQ(directory().FindUser("u5")->version, 1);
  Use({"noop_bumps_version"});
  Patch("/Users/u5", kDeactivate);
  EXPECT_EQ(directory().FindUser("u5")->version, 2);
}

TEST_F(ScimQuirksTest, PatchOfActiveIsAppliedAndAnsweredWith500) {  // C.2
  Use({"patch_applied_500"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).body["detail"], "conflict");
  EXPECT_FALSE(IsActive("u1"));
  EXPECT_EQ(Patch("/Users/u2", R"({"op":"replace","path":"title","value":"x"})").status(), 200);
}

TEST_F(ScimQuirksTest, StringsForActiveAreTakenInEveryWay) {  // A.7, C.3
  const char* const text = R"({"op":"replace","path":"active","value":"False"})";
  Use({"active_string_is_true"});
  EXPECT_EQ(Patch("/Users/u1", text).status(), 200);
  EXPECT_TRUE(IsActive("u1"));
  Use({"active_string_stored"});
  EXPECT_EQ(Patch("/Users/u1", text).body["active"], "False");
  Use({"active_string_coerced"});
  EXPECT_EQ(Patch("/Users/u2", text).body["active"], false);
}

TEST_F(ScimQuirksTest, PutWithoutActiveMakesItNull) {  // C.13
  Use({"put_active_null"});
  EXPECT_TRUE(Put("/Users/u1", {{"userName", "user1@example.com"}}).body.at("active").is_null());
}

TEST_F(ScimQuirksTest, OperationsAreRefusedInOddForms) {  // C.4
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

TEST_F(ScimQuirksTest, BadOperationsAreSkippedWithSuccess) {  // C.5, C.8, C.10
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

TEST_F(ScimQuirksTest, MissingIdsAreServerErrors) {  // C.11
  Use({"missing_id_500"});
  EXPECT_EQ(Patch("/Users/nobody", kDeactivate).status(), 500);
  EXPECT_EQ(Delete("/Users/nobody").status(), 500);
  EXPECT_EQ(Get("/Users/nobody").status(), 404);
}

TEST_F(ScimQuirksTest, MembersInBodiesAreIgnored) {  // D.1
  const json body = {{"displayName", "Legal"}, {"members", {{{"value", "u1"}}}}};
  Use({"create_members_ignored"});
  EXPECT_THAT(Post("/Groups", body).body["members"], IsEmpty());
  Use({"put_members_ignored"});
  Put("/Groups/g1", {{"displayName", "Engineering"}, {"members", json::array()}});
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
}

TEST_F(ScimQuirksTest, UnknownMembersAreTakenInEveryWay) {  // D.1
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

TEST_F(ScimQuirksTest, MembersAreDuplicatedOrMerged) {  // D.2, D.3
  Use({"duplicate_members"});
  Patch("/Groups/g1", kAddU1U3);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u1", "u3"));
  Use({"replace_members_merges", "patch_group_204"});
  EXPECT_EQ(
      Patch("/Groups/g1", R"({"op":"replace","path":"members","value":[{"value":"u4"}]})").status(),
      204);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u1", "u3", "u4"));
}

TEST_F(ScimQuirksTest, PathlessFormsAppendDoNothingOrFail) {  // D.3, D.5
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

TEST_F(ScimQuirksTest, RemovalOfAllIsIgnoredOrRefused) {  // D.4
  const char* const all = R"({"op":"remove","path":"members"})";
  Use({"remove_all_noop"});
  EXPECT_EQ(Patch("/Groups/g1", all).status(), 200);
  Use({"remove_all_400"});
  EXPECT_EQ(Patch("/Groups/g1", all).status(), 400);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
}

TEST_F(ScimQuirksTest, RemovalByFilterFailsWithAndWithoutEffect) {  // D.5
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

TEST_F(ScimQuirksTest, RemovalByValueIsRefusedOrWipesTheGroup) {  // D.5
  Use({"remove_value_array_400"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1ByValue).status(), 400);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2"));
  Use({"remove_value_array_wipes"});
  EXPECT_EQ(Patch("/Groups/g1", kRemoveU1ByValue).status(), 200);
  EXPECT_THAT(Members("g1"), IsEmpty());
}

TEST_F(ScimQuirksTest, SingleMemberIsRefused) {  // D.5
  const char* const one = R"({"op":"add","path":"members","value":{"value":"u3"}})";
  Use({"single_member_400"});
  EXPECT_EQ(Patch("/Groups/g1", one).status(), 400);
  Use({"single_member_500"});
  EXPECT_EQ(Patch("/Groups/g1", one).status(), 500);
}

TEST_F(ScimQuirksTest, GroupNamesCannotChange) {  // D.6, Atlassian C.2
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

TEST_F(ScimQuirksTest, ReservedGroupNamesSucceedWithoutEffect) {  // Atlassian C.6
  Use({"reserved_group_names"});
  EXPECT_EQ(Post("/Groups", {{"displayName", "Site-Admins"}}).status(), 201);
  EXPECT_EQ(directory().groups().size(), 2u);
}

TEST_F(ScimQuirksTest, DeletedUsersDangleInMembers) {  // D.7
  Use({"dangling_members"});
  Delete("/Users/u1");
  const json members = Get("/Groups/g1").body["members"];
  EXPECT_EQ(members[0], (json{{"value", "u1"}}));
  EXPECT_EQ(members.size(), 2u);
}

TEST_F(ScimQuirksTest, UsersShowTheirGroups) {  // D.7
  Use({"user_groups"});
  EXPECT_EQ(Get("/Users/u1").body["groups"][0]["value"], "g1");
  EXPECT_THAT(Get("/Users/u3").body.at("groups"), IsEmpty());
}

TEST_F(ScimQuirksTest, GroupsAndPatchesAreCappedAtTheLimitAndNotBelow) {  // D.8
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

TEST_F(ScimQuirksTest, MembersAreAbsent) {
  Use({"members_absent_in_lists"});
  EXPECT_FALSE(Get("/Groups").body["Resources"][0].contains("members"));
  EXPECT_TRUE(Get("/Groups/g1").body.contains("members"));
  Use({"members_absent_when_empty"});
  EXPECT_FALSE(Get("/Groups/g2").body.contains("members"));
}

TEST_F(ScimQuirksTest, VersionsAreCheckedRequiredOrForShow) {  // E
  const auto patch = [&](const char* version) {
    TwinRequest request = {"PATCH",
                           "/Users/u1",
                           {},
                           absl::StrCat("{\"Operations\":[", kDeactivate, "]}"),
                           Writes::kDiscarded};
    if (version != nullptr) request.headers = {{"If-Match", version}};
    return Send(request).status();
  };
  Use({"etag_ignored"});
  EXPECT_NE(Get("/Users/u1").header("ETag"), "");
  EXPECT_EQ(patch("W/\"77\""), 200);
  EXPECT_EQ(Get("/ServiceProviderConfig").body["etag"]["supported"], false);
  Use({"etag_checked", "etag_delete_ignored"});
  EXPECT_EQ(Get("/Users/u1").header("ETag"), "W/\"1\"");
  EXPECT_EQ(Get("/Users/u1").body["meta"]["version"], "W/\"1\"");
  EXPECT_EQ(patch("W/\"1\""), 200);
  EXPECT_EQ(patch("W/\"2\""), 412);
  EXPECT_EQ(patch(nullptr), 200);
  TwinRequest removal = {"DELETE", "/Users/u3", {{"If-Match", "W/\"9\""}}, "", Writes::kKept};
  EXPECT_EQ(Send(removal).status(), 204);
  Use({"etag_required"});
  EXPECT_EQ(patch(nullptr), 428);
  EXPECT_EQ(patch("W/\"1\""), 200);
}

TEST_F(ScimQuirksTest, ErrorsComeInEveryShape) {  // F
  Use({"error_status_integer"});
  EXPECT_EQ(Get("/Users/x").body["status"], 404);
  Use({"error_detail_array"});
  EXPECT_TRUE(Get("/Users/x").body["detail"].is_array());
  Use({"error_invented_scim_type"});
  EXPECT_EQ(Get("/Users/x").body["scimType"], "notFound");
  Use({"error_text"});
  EXPECT_EQ(Get("/Users/x").header("Content-Type"), "text/plain; charset=utf-8");
  Use({"error_html"});
  EXPECT_EQ(Get("/Users/x").raw.body.substr(0, 15), "<!DOCTYPE html>");
  Use({"error_empty"});
  EXPECT_EQ(Get("/Users/x").raw.body, "");
}

TEST_F(ScimQuirksTest, AuthErrorsAreNotScim) {  // Atlassian C.1
  for (const char* quirk : {"auth_error_not_scim", "auth_error_text"}) {
    Use({quirk, "no_www_authenticate"});
    const TwinResponse response = twin_->Handle({"GET", "/scim/v2/Users", {}, "", Writes::kKept});
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.body.find("schemas"), std::string::npos);
    EXPECT_EQ(FindTwinHeader(response.headers, "WWW-Authenticate"), "");
  }
}

TEST_F(ScimQuirksTest, DiscoveryIsMissingOrWrong) {
  Use({"no_service_provider_config"});
  EXPECT_EQ(Get("/ServiceProviderConfig").status(), 404);
  Use({"service_provider_config_denies"});
  EXPECT_EQ(Get("/ServiceProviderConfig").body["patch"]["supported"], false);
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).status(), 200);
}

TEST_F(ScimQuirksTest, PutOfAGroupFailsWithAJavaException) {  // Atlassian C.1
  Use({"put_group_java_exception"});
  const Reply reply =
      Put("/Groups/g1", {{"displayName", "Engineering"}, {"members", {{{"value", "x"}}}}});
  EXPECT_EQ(reply.status(), 400);
  EXPECT_EQ(reply.body["responseStatus"], "BAD_REQUEST");
}

TEST_F(ScimQuirksTest, TimesHaveMicrosecondsWithoutTrailingZeros) {  // Atlassian C.3
  Use({"microsecond_times"});
  ScimUser user = *directory().FindUser("u1");
  user.modified = absl::FromUnixMicros(1'700'000'000'120'340);
  world_.scim["scim"].PutUser(user);
  EXPECT_EQ(Get("/Users/u1").body["meta"]["lastModified"], "2023-11-14T22:13:20.12034Z");
  EXPECT_EQ(Get("/Users/u1").body["meta"]["created"], "2023-11-14T22:13:20Z");
}

TEST_F(ScimQuirksTest, AtlassianAccountsFollowTheirUsers) {  // Atlassian C.5, C.7
  world_.cloud_accounts["aa-1"] = {"aa-1", "new@example.com", true};
  Use({"atlassian_accounts"});
  const Reply created = Post(
      "/Users", {{"userName", "new@example.com"}, {"emails", {{{"value", "NEW@example.com"}}}}});
  const std::string target = absl::StrCat("/Users/", created.body["id"].get<std::string>());
  EXPECT_EQ(created.body[kAtlassianExtension]["atlassianAccountId"], "aa-1");
  Patch(target, kDeactivate);
  EXPECT_FALSE(world_.cloud_accounts["aa-1"].active);
  Patch(target, R"({"op":"replace","path":"active","value":true})");
  EXPECT_TRUE(world_.cloud_accounts["aa-1"].active);
  EXPECT_EQ(Delete(target).status(), 204);
  EXPECT_FALSE(world_.cloud_accounts["aa-1"].active) << "the record is gone, the account is not";
}

TEST_F(ScimQuirksTest, ReadsAreStaleForACount) {
  Use({"stale_reads=2"});
  EXPECT_EQ(Patch("/Users/u1", kDeactivate).body["active"], false);
  EXPECT_EQ(Get("/Users/u1").body["active"], true);
  EXPECT_EQ(Get("/Users").body["Resources"][0]["active"], true);
  EXPECT_EQ(Get("/Users/u1").body["active"], false);
}

TEST_F(ScimQuirksTest, ReadsAreStaleForATime) {
  Use({"stale_ms=3000"});
  Patch("/Groups/g1", kRemoveU1);
  EXPECT_EQ(Get("/Groups/g1").body["members"].size(), 2u);
  now_ += absl::Milliseconds(2999);
  EXPECT_EQ(Get("/Groups/g1").body["members"].size(), 2u);
  now_ += absl::Milliseconds(1);
  EXPECT_EQ(Get("/Groups/g1").body["members"].size(), 1u);
}

TEST_F(ScimQuirksTest, TotalsWobbleForACount) {
  Use({"total_wobbles=2"});
  EXPECT_EQ(Get("/Users").body["totalResults"], 6);
  EXPECT_EQ(Get("/Users").body["totalResults"], 6);
  EXPECT_EQ(Get("/Users").body["totalResults"], 5);
}

}  // namespace
}  // namespace rollcall::twins
