// The Atlassian dialect against exchanges that others recorded or documented. They lie beside the
// sources and are no part of them; without them these tests are skipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/str_replace.h"
#include "tests/twins/scim_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

std::set<std::string> Keys(const json& object) {
  std::set<std::string> keys;
  for (const auto& item : object.items()) keys.insert(item.key());
  return keys;
}

class ScimExchangesTest : public ScimFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ApplyDialect("atlassian", options_).ok());
    Restart();
  }
  // The exchanges of one file; null where it is missing.
  json Exchanges(const char* name) {
    std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/../shared/fixtures/" + name,
                       std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    return text.empty() ? json() : json::parse(text)["exchanges"];
  }
};

TEST_F(ScimExchangesTest, PatchesSeenInClientsAreAccepted) {
  const json exchanges = Exchanges("scim-patch-requests-seen-in-clients.json");
  if (exchanges.is_null()) GTEST_SKIP() << "the recorded exchanges are not there";
  for (const json& exchange : exchanges) {
    const json& request = exchange["request"];
    const bool rename = exchange["name"].get<std::string>().find("rename") != std::string::npos;
    const std::string path =
        absl::StrReplaceAll(request["path"].get<std::string>(),
                            {{"/scim/directory/{d}", ""}, {"{u}", "u3"}, {"{g}", "g1"}});
    const std::string body = absl::StrReplaceAll(request["body"].dump(), {{"<user id>", "u1"}});
    const TwinRequest patch = {"PATCH", path, {}, body, Writes::kKept};
    EXPECT_EQ(Send(patch).status(), rename ? 400 : 200) << exchange["name"];
  }
  EXPECT_FALSE(IsActive("u3"));
  EXPECT_EQ(Members("g1"), std::vector<std::string>{"u2"}) << "one removed, nobody else";
}

TEST_F(ScimExchangesTest, EmptyListIsTheDocumentedOne) {
  const json exchanges = Exchanges("scim-list-empty.json");
  if (exchanges.is_null()) GTEST_SKIP() << "the recorded exchanges are not there";
  for (int i = 1; i <= 5; ++i) Delete(absl::StrCat("/Users/u", i));
  EXPECT_EQ(Get("/Users").body, exchanges[0]["response"]["body"]);
}

TEST_F(ScimExchangesTest, ConflictsHaveTheDocumentedBodies) {
  const json exchanges = Exchanges("scim-conflicts.json");
  if (exchanges.is_null()) GTEST_SKIP() << "the recorded exchanges are not there";
  world_.scim["scim"].PutUser(MakeScimUser("e", "example@example.com", "", true));
  const json user = {{"userName", "other"}, {"emails", {{{"value", "example@example.com"}}}}};
  EXPECT_EQ(Post("/Users", user).body, exchanges[0]["response"]["body"]);
  EXPECT_EQ(Post("/Groups", {{"displayName", "Finance"}}).body, exchanges[1]["response"]["body"]);
}

TEST_F(ScimExchangesTest, UserHasWhatWasRecorded) {
  const json exchanges = Exchanges("scim-users-recorded-2021.json");
  if (exchanges.is_null()) GTEST_SKIP() << "the recorded exchanges are not there";
  const json& recorded = exchanges[1]["response"]["body"];  // the one without `active`
  const json created =
      Post("/Users", {{"userName", "x"}, {"emails", recorded["emails"]}, {"title", "Team Lead"}})
          .body;
  std::set<std::string> keys = Keys(created);
  keys.erase("active");
  EXPECT_EQ(keys, Keys(recorded));
  EXPECT_EQ(Keys(created["meta"]), Keys(recorded["meta"]));
  EXPECT_EQ(Keys(created[kAtlassianExtension]), Keys(recorded[kAtlassianExtension]));
}

TEST_F(ScimExchangesTest, PatchedGroupHasWhatIsDocumented) {
  const json exchanges = Exchanges("scim-group-patch-add-members.json");
  if (exchanges.is_null()) GTEST_SKIP() << "the recorded exchanges are not there";
  const json& documented = exchanges[0]["response"]["body"];
  const json group =
      Patch("/Groups/g1",
            R"({"op":"add","path":"members","value":[{"value":"u3","display":"any"}]})")
          .body;
  EXPECT_EQ(Keys(group), Keys(documented));
  EXPECT_EQ(Keys(group["meta"]), Keys(documented["meta"]));
  EXPECT_EQ(Keys(group["members"][2]), Keys(documented["members"][0]));
}

TEST_F(ScimExchangesTest, ServiceProviderConfigHasTheKnownKeys) {
  const json exchanges = Exchanges("scim-serviceproviderconfig-shape.json");
  if (exchanges.is_null()) GTEST_SKIP() << "the recorded exchanges are not there";
  const json& known = exchanges[0]["response"]["body"];
  const json config = Get("/ServiceProviderConfig").body;
  EXPECT_EQ(Keys(config), Keys(known));
  for (const char* part : {"bulk", "filter", "patch", "etag"}) {
    EXPECT_EQ(Keys(config[part]), Keys(known[part])) << part;
  }
  EXPECT_EQ(Keys(config["authenticationSchemes"][0]), Keys(known["authenticationSchemes"][0]));
}

}  // namespace
}  // namespace rollcall::twins
