// The SCIM twin without quirks: RFC 7643 and RFC 7644.
#include "tests/twins/scim_twin.h"

#include <gmock/gmock.h>

#include "tests/twins/scim_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScimTwinTest : public ScimFixture {};

TEST_F(ScimTwinTest, ListShowsOnePageAndTheTotal) {
  const Reply reply = Get("/Users?startIndex=2&count=2");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.header("Content-Type"), "application/scim+json");
  EXPECT_EQ(reply.body["totalResults"], 5);
  EXPECT_EQ(reply.body["startIndex"], 2);
  EXPECT_EQ(reply.body["itemsPerPage"], 2);
  EXPECT_THAT(Ids(reply), ElementsAre("u2", "u3"));
}

TEST_F(ScimTwinTest, PagesEndWithAnEmptyOne) {
  EXPECT_THAT(Ids(Get("/Users?startIndex=5&count=2")), ElementsAre("u5"));
  EXPECT_THAT(Ids(Get("/Users?startIndex=6&count=2")), IsEmpty());
  EXPECT_THAT(Ids(Get("/Users?startIndex=9223372036854775807&count=9223372036854775807")),
              IsEmpty());
  EXPECT_THAT(Ids(Get("/Users?count=0")), IsEmpty());
}

TEST_F(ScimTwinTest, PageCapLimitsWhatIsAsked) {
  Use({"page_cap=3"});
  EXPECT_EQ(Ids(Get("/Users?count=100")).size(), 3u);
  EXPECT_EQ(Ids(Get("/Users")).size(), 3u);
  EXPECT_EQ(Get("/ServiceProviderConfig").body["filter"]["maxResults"], 3);
}

TEST_F(ScimTwinTest, FiltersFindByEveryAttributeThatClientsUse) {
  for (const char* filter :
       {"userName%20eq%20%22USER2@example.com%22", "externalId%20eq%20%22p2%22",
        "id%20eq%20%22u2%22", "emails.value%20eq%20%22user2@example.com%22",
        "emails+eq+%22user2%40example.com%22"}) {
    EXPECT_THAT(Ids(Get(absl::StrCat("/Users?filter=", filter))), ElementsAre("u2")) << filter;
  }
  EXPECT_THAT(Ids(Get("/Users?filter=externalId%20eq%20%22P2%22")), IsEmpty());
  EXPECT_THAT(Ids(Get("/Users?filter=active%20eq%20false")), ElementsAre("u5"));
  EXPECT_THAT(Ids(Get("/Groups?filter=displayName%20eq%20%22engineering%22")), ElementsAre("g1"));
  EXPECT_THAT(Ids(Get("/Groups?filter=members.value%20eq%20%22u1%22")), ElementsAre("g1"));
  EXPECT_EQ(Get("/Users?filter=shoeSize%20eq%2042").body["scimType"], "invalidFilter");
}

TEST_F(ScimTwinTest, AttributesAndExcludedAttributesShapeTheAnswer) {
  const json only = Get("/Users/u1?attributes=userName").body;
  EXPECT_TRUE(only.contains("id") && only.contains("userName") && !only.contains("active"));
  EXPECT_FALSE(Get("/Groups/g1?excludedAttributes=members").body.contains("members"));
  EXPECT_EQ(Get("/Users/u1?attributes=id&excludedAttributes=name").status(), 400);
}

TEST_F(ScimTwinTest, CreatedUserHasIdLocationAndMeta) {
  const Reply reply = Post("/Users", {{"userName", "new@example.com"}, {"externalId", "p9"}});
  ASSERT_EQ(reply.status(), 201);
  const std::string id = reply.body["id"];
  EXPECT_EQ(reply.header("Location"), absl::StrCat("http://127.0.0.1/scim/v2/Users/", id));
  EXPECT_EQ(reply.body["meta"]["location"], reply.header("Location"));
  EXPECT_EQ(reply.body["meta"]["created"], "2023-11-14T22:13:20Z");
  EXPECT_EQ(reply.body["active"], true);
  EXPECT_EQ(Get(absl::StrCat("/Users/", id)).body, reply.body);
}

TEST_F(ScimTwinTest, TheSameSeedGivesTheSameIds) {
  const std::string first = Post("/Users", {{"userName", "a@example.com"}}).body["id"];
  Delete(absl::StrCat("/Users/", first));
  Restart();
  EXPECT_EQ(Post("/Users", {{"userName", "a@example.com"}}).body["id"], first);
}

TEST_F(ScimTwinTest, TakenUserNameIsAConflictInAnyCase) {
  const Reply reply = Post("/Users", {{"userName", "User1@Example.com"}});
  EXPECT_EQ(reply.status(), 409);
  EXPECT_EQ(reply.body["scimType"], "uniqueness");
  EXPECT_EQ(reply.body["status"], "409");
  EXPECT_EQ(directory().users().size(), 5u);
}

TEST_F(ScimTwinTest, PatchOfActiveIsUnderstoodInItsForms) {
  for (
      const char* operation :
      {R"({"op":"replace","path":"active","value":false})",
       R"({"op":"Replace","path":"active","value":false})",
       R"({"op":"replace","value":{"active":false}})",
       R"({"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false})"}) {
    world_.scim["scim"].PutUser(MakeScimUser("u1", "user1@example.com", "p1", true));
    const Reply reply = Patch("/Users/u1", operation);
    EXPECT_EQ(reply.status(), 200) << operation;
    EXPECT_EQ(reply.body["active"], false) << operation;
    EXPECT_FALSE(IsActive("u1")) << operation;
  }
}

TEST_F(ScimTwinTest, PatchWithAStringForActiveIsRefused) {
  const Reply reply = Patch("/Users/u1", R"({"op":"replace","path":"active","value":"False"})");
  EXPECT_EQ(reply.body["scimType"], "invalidValue");
  EXPECT_TRUE(IsActive("u1"));
}

TEST_F(ScimTwinTest, PatchIsAtomic) {
  EXPECT_EQ(Patch("/Users/u1", R"({"op":"replace","path":"active","value":false},
                                  {"op":"replace","path":"shoeSize","value":42})")
                .status(),
            400);
  EXPECT_TRUE(IsActive("u1"));
}

TEST_F(ScimTwinTest, PatchReachesPartsAndElements) {
  EXPECT_EQ(Patch("/Users/u1", R"({"op":"replace","path":"name.familyName","value":"Byron"},
      {"op":"replace","path":"emails[type eq \"work\"].value","value":"ada@example.com"},
      {"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
       "value":"Engines"})")
                .status(),
            200);
  const json user = Get("/Users/u1").body;
  EXPECT_EQ(user["name"]["familyName"], "Byron");
  EXPECT_EQ(user["emails"][0]["value"], "ada@example.com");
  EXPECT_EQ(user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["department"],
            "Engines");
  EXPECT_EQ(Patch("/Users/u1", R"({"op":"remove","path":"emails[type eq \"home\"]"})").status(),
            400);
}

TEST_F(ScimTwinTest, PutClearsWhatIsLeftOut) {
  Patch("/Users/u1", R"({"op":"replace","path":"title","value":"Countess"})");
  EXPECT_EQ(Put("/Users/u1", {{"userName", "user1@example.com"}}).status(), 200);
  const json user = Get("/Users/u1").body;
  EXPECT_FALSE(user.contains("title") || user.contains("externalId"));
  EXPECT_EQ(user["active"], true);
}

TEST_F(ScimTwinTest, DeletedUserIsGoneFromGroupsToo) {
  EXPECT_EQ(Delete("/Users/u1").status(), 204);
  EXPECT_EQ(Get("/Users/u1").status(), 404);
  EXPECT_EQ(Delete("/Users/u1").status(), 404);
  EXPECT_THAT(Members("g1"), ElementsAre("u2"));
}

TEST_F(ScimTwinTest, MembersAreAddedOnce) {
  EXPECT_EQ(Patch("/Groups/g1", R"({"op":"add","path":"members",
                                    "value":[{"value":"u2"},{"value":"u3"}]})")
                .status(),
            200);
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u3"));
  Patch("/Groups/g1", R"({"op":"add","value":{"members":[{"value":"u4"}]}})");
  EXPECT_THAT(Members("g1"), ElementsAre("u1", "u2", "u3", "u4"));
}

TEST_F(ScimTwinTest, MembersAreRemovedInEveryForm) {
  for (const char* operation : {R"({"op":"remove","path":"members[value eq \"u1\"]"})",
                                R"({"op":"Remove","path":"members","value":[{"value":"u1"}]})",
                                R"({"op":"replace","path":"members","value":[{"value":"u2"}]})",
                                R"({"op":"replace","value":{"members":[{"value":"u2"}]}})"}) {
    world_.scim["scim"].PutGroup({"g1", "Engineering", "", {"u1", "u2"}, now_, now_, 1});
    EXPECT_EQ(Patch("/Groups/g1", operation).status(), 200) << operation;
    EXPECT_THAT(Members("g1"), ElementsAre("u2")) << operation;
  }
  EXPECT_EQ(Patch("/Groups/g1", R"({"op":"remove","path":"members"})").status(), 200);
  EXPECT_THAT(Members("g1"), IsEmpty());
}

TEST_F(ScimTwinTest, SeveralMembersAreRemovedByOneOrFilter) {
  Patch("/Groups/g1", R"({"op":"remove","path":"members[value eq \"u1\" or value eq \"u2\"]"})");
  EXPECT_THAT(Members("g1"), IsEmpty());
}

TEST_F(ScimTwinTest, UnknownMemberIsRefusedAndNothingIsAdded) {
  const Reply reply = Patch(
      "/Groups/g2", R"({"op":"add","path":"members","value":[{"value":"u1"},{"value":"x"}]})");
  EXPECT_EQ(reply.status(), 400);
  EXPECT_THAT(Members("g2"), IsEmpty());
}

TEST_F(ScimTwinTest, GroupIsCreatedReplacedAndDeleted) {
  const Reply reply = Post("/Groups", {{"displayName", "Legal"}, {"members", {{{"value", "u3"}}}}});
  ASSERT_EQ(reply.status(), 201);
  const std::string target = absl::StrCat("/Groups/", reply.body["id"].get<std::string>());
  EXPECT_EQ(Put(target, {{"displayName", "Law"}, {"members", {{{"value", "u4"}}}}}).status(), 200);
  const json group = Get(target).body;
  EXPECT_EQ(group["displayName"], "Law");
  EXPECT_EQ(group["members"][0]["value"], "u4");
  EXPECT_EQ(group["members"][0]["display"], "user4@example.com");
  EXPECT_EQ(Delete(target).status(), 204);
  EXPECT_EQ(Get(target).status(), 404);
}

TEST_F(ScimTwinTest, WrongTokenIsRefusedAndSaysHow) {
  Restart();
  TwinRequest request;
  request.target = "/scim/v2/Users";
  for (const char* header : {"", "Bearer wrong", "Basic twin-token"}) {
    request.headers = {{"Authorization", header}};
    const TwinResponse response = twin_->Handle(request);
    EXPECT_EQ(response.status, 401) << header;
    EXPECT_THAT(std::string(FindTwinHeader(response.headers, "WWW-Authenticate")),
                HasSubstr("Bearer"));
  }
}

TEST_F(ScimTwinTest, WrongBaseIsNotFound) {
  Restart();
  TwinRequest request;
  request.target = "/scim/v1/Users";
  request.headers = {{"Authorization", "Bearer twin-token"}};
  EXPECT_EQ(twin_->Handle(request).status, 404);
}

TEST_F(ScimTwinTest, DiscoveryNamesWhatThereIs) {
  EXPECT_EQ(Get("/ServiceProviderConfig").body["patch"]["supported"], true);
  EXPECT_EQ(Get("/ResourceTypes").body["Resources"][0]["endpoint"], "/Users");
  EXPECT_EQ(Get("/ResourceTypes/Group").body["name"], "Group");
  EXPECT_EQ(Get("/Schemas").body["totalResults"], 2);
  EXPECT_EQ(Get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").body["name"], "User");
  EXPECT_EQ(Post("/Bulk", json::object()).status(), 501);
}

TEST_F(ScimTwinTest, BodyThatIsNoObjectIsRefused) {
  for (const char* body : {"", "{", "[]", "\"x\"", "null"}) {
    TwinRequest request = {"POST", "/Users", {}, body, Writes::kKept};
    EXPECT_EQ(Send(request).body["scimType"], "invalidSyntax") << body;
    request = {"PATCH", "/Users/u1", {}, body, Writes::kKept};
    EXPECT_EQ(Send(request).status(), 400) << body;
  }
}

TEST_F(ScimTwinTest, IdsInPathsArePercentDecoded) {
  world_.scim["scim"].PutUser(MakeScimUser("a/b@x.com+ü%", "odd@example.com", "", true));
  EXPECT_EQ(Get("/Users/a%2Fb%40x.com%2B%C3%BC%25").body["userName"], "odd@example.com");
}

TEST_F(ScimTwinTest, DiscardedWritesAnswerWithSuccessAndDoNothing) {
  TwinRequest request = {"PATCH",
                         "/Users/u1",
                         {},
                         R"({"Operations":[{"op":"replace","path":"active","value":false}]})",
                         Writes::kDiscarded};
  EXPECT_EQ(Send(request).body["active"], false);
  EXPECT_TRUE(IsActive("u1"));
}

}  // namespace
}  // namespace rollcall::twins
