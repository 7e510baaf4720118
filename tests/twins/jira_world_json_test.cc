#include "tests/twins/jira_world_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

json WorldWith(const json& sites) {
  json world = json::parse(R"({
    "organisation": {"id": "o-1", "directories": [{"id": "dir-main"}, {"id": "dir-lab"}],
                     "groups": [{"id": "g-1", "name": "users", "members": ["aa-1"]},
                                {"id": "g-2", "name": "lab", "directory": "dir-lab"}]},
    "cloud_accounts": [{"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main"],
                        "email_hidden": true},
                       {"id": "aa-2", "email": "bob@example.com"}]})");
  world["sites"] = sites;
  return world;
}

TEST(JiraWorldJsonTest, SiteIsReadByIdsAndNames) {
  const auto world = WorldFromJson(WorldWith({{"site",
                                               {{"id", "cloud-1"},
                                                {"name", "example"},
                                                {"removed", {"bob@example.com"}},
                                                {"admins", {"aa-1"}},
                                                {"access_groups", {"users"}}}},
                                              {"lab", {{"directory", "dir-lab"}}}})
                                       .dump(),
                                   absl::UnixEpoch());
  ASSERT_TRUE(world.ok()) << world.status();
  const JiraSite& site = world->sites.at("site");
  EXPECT_EQ(site.id, "cloud-1");
  EXPECT_EQ(site.name, "example");
  EXPECT_EQ(site.directory, "dir-main") << "the first";
  EXPECT_THAT(site.removed, ElementsAre("aa-2"));
  EXPECT_THAT(site.admins, ElementsAre("aa-1"));
  EXPECT_THAT(site.access_groups, ElementsAre("g-1"));
  EXPECT_EQ(world->sites.at("lab").name, "lab");
  EXPECT_FALSE(world->sites.at("lab").id.empty());
  EXPECT_TRUE(world->cloud_accounts.at("aa-1").email_hidden);
}

TEST(JiraWorldJsonTest, WhatIsWrittenCanBeReadBack) {
  const json sites = {{"site",
                       {{"id", "cloud-1"},
                        {"directory", "dir-main"},
                        {"name", "example"},
                        {"removed", {"aa-2"}},
                        {"access_groups", {"g-1"}}}},
                      {"lab", {{"id", "cloud-2"}, {"directory", "dir-lab"}, {"name", "lab"}}}};
  const auto world = WorldFromJson(WorldWith(sites).dump(), absl::UnixEpoch());
  ASSERT_TRUE(world.ok()) << world.status();
  const json written = WorldToJson(*world);
  EXPECT_EQ(written["sites"], sites);
  EXPECT_EQ(written["cloud_accounts"][0]["email_hidden"], true);
  EXPECT_FALSE(written["cloud_accounts"][1].contains("email_hidden"));
  const auto again = WorldFromJson(written.dump(), absl::UnixEpoch());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(WorldToJson(*again), written);
}

TEST(JiraWorldJsonTest, MistakesNameTheSite) {
  const struct {
    json site;
    const char* text;
  } cases[] = {{{{"directory", "dir-none"}}, "no directory dir-none"},
               {{{"removed", {"nobody"}}}, "\"nobody\" is no account"},
               {{{"admins", {"nobody"}}}, "\"nobody\" is no account"},
               {{{"access_groups", {"lab"}}}, "\"lab\" is no group of dir-main"},
               {{{"url", "x"}}, "\"url\"?"},
               {"site", "is not an object"}};
  for (const auto& one : cases) {
    const auto world = WorldFromJson(WorldWith({{"site", one.site}}).dump(), absl::UnixEpoch());
    ASSERT_FALSE(world.ok()) << one.site;
    EXPECT_THAT(std::string(world.status().message()), HasSubstr("site site: ")) << one.site;
    EXPECT_THAT(std::string(world.status().message()), HasSubstr(one.text)) << one.site;
  }
  json alone = WorldWith({{"site", json::object()}});
  alone.erase("organisation");
  EXPECT_FALSE(WorldFromJson(alone.dump(), absl::UnixEpoch()).ok()) << "whose site?";
  EXPECT_FALSE(WorldFromJson(WorldWith(json::array()).dump(), absl::UnixEpoch()).ok());
}

}  // namespace
}  // namespace rollcall::twins
