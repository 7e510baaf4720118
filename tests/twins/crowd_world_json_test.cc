#include "tests/twins/crowd_world_json.h"

#include <gmock/gmock.h>

#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CrowdWorldJsonTest, ShortFormIsOneDirectoryWithDerivedNames) {
  const absl::StatusOr<World> world = WorldFromJson(R"({"crowd": {"crowd": {
      "users": [{"name": "Ada"}, {"name": "bob", "active": false, "external-id": ""}],
      "groups": [{"name": "All", "users": ["ADA", "bob"], "groups": ["sub"]}, {"name": "Sub"}]}}})",
                                                    absl::UnixEpoch());
  ASSERT_TRUE(world.ok()) << world.status();
  const CrowdDirectory& directory = world->crowd.at("crowd").directories.at(0);
  EXPECT_EQ(directory.id, 1);
  EXPECT_EQ(directory.users.at("ada").display_name, "Ada");
  EXPECT_NE(directory.users.at("ada").external_id, "");
  EXPECT_EQ(directory.users.at("bob").external_id, "");
  EXPECT_FALSE(directory.users.at("bob").active);
  EXPECT_THAT(directory.groups.at("all").users, ElementsAre("ada", "bob"));
  EXPECT_THAT(directory.groups.at("all").groups, ElementsAre("sub"));
}

TEST(CrowdWorldJsonTest, WhatIsShownCanBeLoadedAgain) {
  const absl::StatusOr<World> world = WorldFromJson(R"({"crowd": {"c": {
      "aggregating": true, "lower_case_output": true, "aliases": {"Ada": "L"},
      "directories": [
        {"name": "A", "read_only": true, "users": [{"name": "Ada", "password": "p",
           "attributes": {"k": ["1", "2"]}, "first-name": "", "display-name": ""}],
         "groups": [{"name": "G", "users": ["Ada"]}]},
        {"id": 7, "active": false, "nested_groups": false, "denied": ["update_group"]}]}}})",
                                                    absl::UnixEpoch());
  ASSERT_TRUE(world.ok()) << world.status();
  const json shown = WorldToJson(*world);
  EXPECT_EQ(shown["crowd"]["c"]["directories"][0]["denied"].size(), 8u);
  EXPECT_EQ(shown["crowd"]["c"]["directories"][0]["users"][0]["display-name"], "");
  EXPECT_EQ(shown["crowd"]["c"]["directories"][1]["denied"], json{"update_group"});
  EXPECT_EQ(WorldToJson(*WorldFromJson(shown.dump(), absl::UnixEpoch())), shown);
}

TEST(CrowdWorldJsonTest, MistakesAreNamed) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {R"({"people": []})", "crowd c: \"people\""},
      {R"({"users": [{"name": "a"}, {"name": "A"}]})", "two users have the name A"},
      {R"({"users": [{"name": "a", "mail": "x"}]})", "directory 1: \"mail\""},
      {R"({"users": [{}]})", "a user needs a name"},
      {R"({"groups": [{"name": "g", "users": ["x"]}]})", "group g: there is no user \"x\""},
      {R"({"groups": [{"name": "g", "groups": ["x"]}]})", "group g: there is no group x"},
      {R"({"directories": [{"denied": ["fly"]}]})", "no operation \"fly\""},
      {R"({"directories": [], "users": []})", "stand in \"directories\""},
  };
  for (const auto& item : cases) {
    const absl::Status status =
        WorldFromJson(std::string(R"({"crowd": {"c": )") + item.text + "}}", absl::UnixEpoch())
            .status();
    EXPECT_THAT(std::string(status.message()), HasSubstr(item.message)) << item.text;
  }
}

}  // namespace
}  // namespace rollcall::twins
