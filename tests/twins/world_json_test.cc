#include "tests/twins/world_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::Time kCreated = absl::UnixEpoch();

TEST(WorldJsonTest, ShortFormsAreUnderstood) {
  const absl::StatusOr<World> world = WorldFromJson(R"({"scim": {"scim": {
      "users": [{"userName": "ada", "email": "ada@example.com"},
                {"id": "u2", "userName": "bob", "active": false}],
      "groups": [{"displayName": "All", "members": ["u2", "ADA"]}]}},
      "cloud_accounts": [{"id": "aa", "email": "ada@example.com"}]})",
                                                    kCreated);
  ASSERT_TRUE(world.ok()) << world.status();
  const ScimDirectory& directory = world->scim.at("scim");
  const ScimUser& ada = *directory.UsersNamed("ada").at(0);
  EXPECT_EQ(ada.Email(), "ada@example.com");
  EXPECT_TRUE(ada.Active());
  EXPECT_FALSE(directory.FindUser("u2")->Active());
  EXPECT_THAT(directory.groups()[0]->members, ElementsAre("u2", ada.id));
  EXPECT_TRUE(world->cloud_accounts.at("aa").active);
}

TEST(WorldJsonTest, WhatIsShownCanBeLoadedAgain) {
  const absl::StatusOr<World> world = WorldFromJson(R"({"scim": {"b": {}, "a": {
      "users": [{"id": "u2", "userName": "two", "externalId": "p2"}, {"id": "u1", "userName": "one"}],
      "groups": [{"id": "g", "displayName": "G", "externalId": "x", "members": ["u2", "u1"]}]}}})",
                                                    kCreated);
  ASSERT_TRUE(world.ok()) << world.status();
  const json shown = WorldToJson(*world);
  EXPECT_EQ(shown["scim"]["a"]["users"][0]["id"], "u1") << "sorted by id";
  EXPECT_EQ(shown["scim"]["a"]["groups"][0]["members"], (json{"u1", "u2"}));
  EXPECT_EQ(WorldToJson(*WorldFromJson(shown.dump(), kCreated)), shown);
}

constexpr char kOrganisation[] = R"({
  "organisation": {"id": "o-1", "directories": [{"id": "dir-main", "name": "Main"}, {"id": "lab"}],
    "domains": ["example.com", {"name": "example.org", "status": "unverified"}],
    "propagation": {"reads": 2, "ms": 1500},
    "groups": [{"id": "g", "name": "Staff", "synced_by": "scim", "members": ["ADA@example.com"]},
               {"id": "h", "name": "Admins", "directory": "lab", "modifiable": false,
                "admin": true}]},
  "scim": {"scim": {"users": [{"id": "u", "userName": "ada", "atlassianAccountId": "aa"}]}},
  "cloud_accounts": [
    {"id": "aa", "email": "ada@example.com", "directories": {"dir-main": "active",
     "lab": "suspended"}, "roles": ["atlassian/org-admin"]},
    {"id": "guest", "email": "g@example.net", "claimed": false, "active": false,
     "owner": "externalDirectory.google", "directories": ["lab"]}]})";

TEST(WorldJsonTest, OrganisationIsRead) {
  const absl::StatusOr<World> world = WorldFromJson(kOrganisation, kCreated);
  ASSERT_TRUE(world.ok()) << world.status();
  const Organisation& organisation = *world->organisation;
  EXPECT_EQ(organisation.FindDirectory("lab")->name, "lab");
  EXPECT_EQ(organisation.domains[1].status, "unverified");
  EXPECT_EQ(organisation.propagation.reads, 2);
  EXPECT_EQ(organisation.propagation.time, absl::Milliseconds(1500));
  const OrgGroup& staff = organisation.groups.at("g");
  EXPECT_TRUE(staff.synced);
  EXPECT_EQ(staff.directory, "dir-main") << "the first";
  EXPECT_THAT(staff.members, ElementsAre("aa"));
  EXPECT_TRUE(world->cloud_accounts.at("aa").IsOrgAdmin());
  EXPECT_TRUE(world->cloud_accounts.at("aa").directories.at("lab").suspended);
  EXPECT_FALSE(world->cloud_accounts.at("guest").claimed);
  EXPECT_EQ(world->scim.at("scim").UsersOfAccount("aa").at(0)->id, "u");
}

TEST(WorldJsonTest, OrganisationThatIsShownCanBeLoadedAgain) {
  const json shown = WorldToJson(*WorldFromJson(kOrganisation, kCreated));
  EXPECT_EQ(shown["cloud_accounts"][1]["owner"], "externalDirectory.google");
  EXPECT_EQ(WorldToJson(*WorldFromJson(shown.dump(), kCreated)), shown);
}

TEST(WorldJsonTest, MistakesAreNamed) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"[]", "one JSON object"},
      {R"({"scmi": {}})", "\"scmi\""},
      {R"({"scim": {"d": {"people": []}}})", "scim directory d: \"people\""},
      {R"({"scim": {"d": {"users": [{}]}}})", "needs a userName"},
      {R"({"scim": {"d": {"users": [{"id":"1","userName":"a"},{"id":"1","userName":"b"}]}}})",
       "two users have the id 1"},
      {R"({"scim": {"d": {"groups": [{"displayName":"G","members":["x"]}]}}})",
       "group G: the member \"x\""},
      {R"({"scim": {"d": {"groups": [{}]}}})", "needs a displayName"},
      {R"({"cloud_accounts": [{}]})", "needs an id"},
      {R"({"cloud_accounts": [{"id":"a"},{"id":"a"}]})", "two cloud accounts have the id a"},
      {R"({"cloud_accounts": [{"id":"a","directories":{"d":"gone"}}]})", "in d it is neither"},
      {R"({"organisation": {}})", "organisation: it needs \"directories\""},
      {R"({"organisation": {"owner": 1}})", "organisation: \"owner\""},
      {R"({"organisation": {"directories":[{"id":"-"}]}})", "needs an id"},
      {R"({"organisation": {"directories":[{"id":"d"},{"id":"d"}]}})", "two directories"},
      {R"({"organisation": {"directories":[{"id":"d"}],"groups":[{"name":"G","directory":"e"}]}})",
       "group G: no directory e"},
      {R"({"organisation": {"directories":[{"id":"d"}],"groups":[{"name":"G","members":["x"]}]}})",
       "group G: the member \"x\""},
      {R"({"organisation": {"directories":[{"id":"d"}],"groups":[{"id":"g","name":"G"},
           {"id":"g","name":"H"}]}})",
       "two groups have the id g"},
      {R"({"cloud_accounts": [{"id":"a","directories":["e"]}],
           "organisation": {"directories":[{"id":"d"}]}})",
       "the account a is in e"},
  };
  for (const auto& item : cases) {
    const absl::Status status = WorldFromJson(item.text, kCreated).status();
    EXPECT_THAT(std::string(status.message()), HasSubstr(item.message)) << item.text;
  }
}

std::string ReadSource(const char* path) {
  std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(QuickstartCompanyTest, WorldLoadsAndHasWhatTheQuickstartTells) {
  const absl::StatusOr<World> world =
      WorldFromJson(ReadSource("/deploy/quickstart/world.json"), kCreated);
  ASSERT_TRUE(world.ok()) << world.status();
  const ScimDirectory& directory = world->scim.at("scim");
  EXPECT_EQ(directory.users().size(), 31u);
  EXPECT_TRUE(directory.FindUser("u-lena-leaver")->Active());
  EXPECT_FALSE(directory.FindUser("u-luis-lockedout")->Active());
  EXPECT_EQ(directory.FindUser("u-maria")->UserName(), "maria.oldname@example.com");
  EXPECT_EQ(directory.FindUser("u-alex-first")->Email(),
            directory.FindUser("u-alex-second")->Email());
  EXPECT_NE(directory.FindGroup("g-wiki"), nullptr);
  // The story's four places, of one person.
  EXPECT_TRUE(directory.FindUser("u-carla")->Active());
  EXPECT_EQ(world->sites.at("site").directory, "dir-main");
  EXPECT_EQ(world->cloud_accounts.at("712020:carla").directories.count("dir-main"), 1u);
  EXPECT_EQ(world->crowd.at("crowd").directories[0].users.count("carla.meier"), 1u);
}

TEST(QuickstartCompanyTest, ExportNamesTheSamePeople) {
  const World world = *WorldFromJson(ReadSource("/deploy/quickstart/world.json"), kCreated);
  const json people = json::parse(ReadSource("/deploy/quickstart/people.json"));
  std::set<std::string> ids;
  for (const json& person : people["Resources"]) ids.insert(person["id"].get<std::string>());
  EXPECT_EQ(ids.size(), people["totalResults"]);
  for (const auto& user : world.scim.at("scim").users()) {
    if (!user->ExternalId().empty()) {
      EXPECT_EQ(ids.count(user->ExternalId()), 1u) << user->id;
    }
  }
  const json groups = json::parse(ReadSource("/deploy/quickstart/groups.json"));
  for (const json& group : groups["Resources"]) {
    EXPECT_NE(group["displayName"], "wiki-editors-2019");
    for (const json& member : group["members"]) EXPECT_EQ(ids.count(member["value"]), 1u);
  }
}

}  // namespace
}  // namespace rollcall::twins
