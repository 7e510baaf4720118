// Each quirk shows what its name says. Lines of the facts about servers are named behind the tests.
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
