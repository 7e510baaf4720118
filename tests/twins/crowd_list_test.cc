// Memberships, lists, pages and searches of a Crowd server without quirks.
#include "tests/twins/crowd_list.h"

#include <gmock/gmock.h>

#include "tests/twins/crowd_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CrowdListsTest : public CrowdFixture {};

TEST_F(CrowdListsTest, MissingInTheAddressIs404AndMissingInTheBodyIs400) {
  const CrowdReply url = Post("/user/group/direct?username=no", {{"name", "staff"}});
  EXPECT_EQ(url.status(), 404);
  EXPECT_EQ(url.reason(), "USER_NOT_FOUND");
  const CrowdReply body = Post("/user/group/direct?username=ada", {{"name", "no"}});
  EXPECT_EQ(body.status(), 400);
  EXPECT_EQ(body.reason(), "GROUP_NOT_FOUND");
  EXPECT_EQ(Post("/group/user/direct?groupname=no", {{"name", "ada"}}).status(), 404);
  EXPECT_EQ(Post("/group/user/direct?groupname=staff", {{"name", "no"}}).status(), 400);
  EXPECT_EQ(Delete("/group/user/direct?groupname=staff&username=no").reason(), "USER_NOT_FOUND");
}

TEST_F(CrowdListsTest, MembershipsAreAddedOnceAndRemovedOnce) {
  const CrowdReply added = Post("/group/user/direct?groupname=Team", {{"name", "DORA"}});
  EXPECT_EQ(added.status(), 201);
  EXPECT_NE(added.header("Location"), "");
  EXPECT_EQ(added.raw.body, "");
  EXPECT_EQ(Post("/user/group/direct?username=dora", {{"name", "team"}}).status(), 409);
  EXPECT_EQ(Get("/group/user/direct?groupname=team&username=dora").status(), 200);
  EXPECT_EQ(Delete("/user/group/direct?username=dora&groupname=team").status(), 204);
  const CrowdReply again = Delete("/user/group/direct?username=dora&groupname=team");
  EXPECT_EQ(again.status(), 404);
  EXPECT_EQ(again.reason(), "MEMBERSHIP_NOT_FOUND");
  EXPECT_EQ(Put("/group/user/direct?groupname=team", json::object()).status(), 405);
}

TEST_F(CrowdListsTest, WhetherSomebodyIsAMemberIsAskedByBothNames) {
  const CrowdReply member = Get("/group/user/direct?groupname=STAFF&username=bob");
  EXPECT_EQ(member.status(), 200);
  EXPECT_EQ(member.body["name"], "Bob");
  for (const char* names : {"groupname=staff&username=carl", "groupname=staff&username=no",
                            "groupname=no&username=ada"}) {
    const CrowdReply none = Get(absl::StrCat("/group/user/direct?", names));
    EXPECT_EQ(none.status(), 404) << names;
    EXPECT_EQ(none.reason(), "MEMBERSHIP_NOT_FOUND") << names;
  }
}

TEST_F(CrowdListsTest, NestedMembershipsFollowTheGroups) {
  EXPECT_THAT(Get("/user/group/direct?username=carl").names(), ElementsAre("Team"));
  EXPECT_THAT(Get("/user/group/nested?username=carl").names(), ElementsAre("staff", "Team"));
  EXPECT_THAT(Get("/group/user/nested?groupname=staff").names(), ElementsAre("ada", "Bob", "carl"));
  EXPECT_THAT(Get("/group/child-group/direct?groupname=staff").names(), ElementsAre("Team"));
  EXPECT_THAT(Get("/group/parent-group/nested?groupname=team").names(), ElementsAre("staff"));
  EXPECT_EQ(Post("/group/child-group/direct?groupname=team", {{"name", "staff"}}).reason(),
            "INVALID_MEMBERSHIP");
  directory().nested_groups = false;
  EXPECT_EQ(Post("/group/child-group/direct?groupname=empty", {{"name", "team"}}).reason(),
            "NESTED_GROUPS_NOT_SUPPORTED");
}

TEST_F(CrowdListsTest, AllMembershipsAreXmlWhateverIsAskedAndListEmptyGroups) {
  const CrowdReply reply = Get("/group/membership");
  EXPECT_EQ(reply.header("Content-Type"), "application/xml");
  EXPECT_THAT(reply.raw.body,
              HasSubstr("<membership group=\"empty\"><users></users><groups></groups>"));
  EXPECT_THAT(reply.raw.body,
              HasSubstr("<membership group=\"staff\"><users><user name=\"ada\"/><user "
                        "name=\"Bob\"/></users><groups><group name=\"Team\"/></groups>"));
}

TEST_F(CrowdListsTest, PagesHaveNoMetadataAndEndWithAnEmptyOne) {
  EXPECT_THAT(Get("/search?entity-type=user&max-results=3").names(),
              ElementsAre("ada", "Bob", "carl"));
  EXPECT_THAT(Get("/search?entity-type=user&max-results=3&start-index=3").names(),
              ElementsAre("dora"));
  const CrowdReply past = Get("/search?entity-type=user&max-results=3&start-index=4");
  EXPECT_EQ(past.body, (json{{"expand", "user"}, {"users", json::array()}}));
  EXPECT_EQ(Get("/search?entity-type=user&max-results=-1").names().size(), 4u);
  EXPECT_EQ(past.header("Cache-Control"), "no-cache");
}

TEST_F(CrowdListsTest, PageIsAThousandUnlessAnotherNumberIsGiven) {
  for (int i = 0; i < 1000; ++i) {
    const std::string name = absl::StrCat("u", i);
    directory().users[name] = MakeCrowdUser(name, true);
  }
  EXPECT_EQ(Get("/search?entity-type=user").names().size(), 1000u);
  EXPECT_EQ(Get("/search?entity-type=user&max-results=-1").names().size(), 1004u);
}

TEST_F(CrowdListsTest, ImpossiblePagesAre400) {
  for (const char* page : {"max-results=0", "max-results=-2", "start-index=-1", "max-results=x"}) {
    const CrowdReply reply = Get(absl::StrCat("/search?entity-type=user&", page));
    EXPECT_EQ(reply.status(), 400) << page;
    EXPECT_EQ(reply.reason(), "ILLEGAL_ARGUMENT") << page;
  }
}

TEST_F(CrowdListsTest, ListsShowNameAndLinkUnlessTheyAreExpanded) {
  const json plain = Get("/search?entity-type=user&max-results=1").body["users"][0];
  EXPECT_EQ(plain.size(), 2u);
  const json fields = Get("/search?entity-type=user&max-results=1&expand=user").body["users"][0];
  EXPECT_EQ(fields["email"], "ada@example.com");
  EXPECT_EQ(fields["attributes"]["attributes"].size(), 0u);
  const json all = Get("/search?entity-type=user&expand=user,attributes").body["users"][0];
  EXPECT_EQ(all["attributes"]["attributes"].size(), 2u);
  EXPECT_EQ(Get("/search?entity-type=group&expand=group").body["groups"][1]["description"],
            "Everybody");
}

TEST_F(CrowdListsTest, SearchTakesTheQueryLanguageOrXmlButNoJson) {
  EXPECT_THAT(Get("/search?entity-type=user&restriction=active%3Dfalse").names(),
              ElementsAre("Bob"));
  EXPECT_THAT(Get("/search?entity-type=user&restriction=uuid%3D%224711%22").names(),
              ElementsAre("ada"));
  EXPECT_EQ(Get("/search?entity-type=user&restriction=email~x").status(), 400);
  EXPECT_EQ(Get("/search?entity-type=person").reason(), "ILLEGAL_ARGUMENT");
  const char* xml =
      "<property-search-restriction><property><name>email</name><type>STRING</type></property>"
      "<match-mode>CONTAINS</match-mode><value>AR</value></property-search-restriction>";
  EXPECT_THAT(
      Send("POST", "/search?entity-type=user", xml, {{"Content-Type", "application/xml"}}).names(),
      ElementsAre("carl"));
  const CrowdReply refused = Post("/search?entity-type=user", json::object());
  EXPECT_EQ(refused.status(), 500);
  EXPECT_EQ(refused.reason(), "");
  EXPECT_EQ(refused.body["status-code"], 500);
}

}  // namespace
}  // namespace rollcall::twins
