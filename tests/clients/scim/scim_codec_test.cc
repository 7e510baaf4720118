#include "clients/scim/scim_codec.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/scim/scim_harness.h"

namespace rollcall {
namespace {

absl::StatusOr<AccountRecord> User(std::string body) { return DecodeUser(body); }

TEST(ScimCodec, AUserIsReadWithItsPrimaryEmail) {
  auto user = User(R"({"schemas":["x"],"id":"7","userName":"ada","externalId":"p-1","active":false,
      "name":{"familyName":"L","emails":[{"value":"no@example.com"}]},
      "emails":[{"value":"first@example.com"},{"value":"ada@example.com","primary":true},
                {"value":"late@example.com","primary":true}],
      "urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"aa-1"}})");
  ASSERT_TRUE(user.ok()) << user.status();
  EXPECT_EQ(*user,
            (AccountRecord{"7", "ada", "ada@example.com", "p-1", "aa-1", AccountState::kInactive}));
}

TEST(ScimCodec, WithoutAPrimaryEmailTheFirstIsTaken) {
  EXPECT_EQ(User(R"({"id":"7","emails":[{"type":"work"},{"value":"a@x"},{"value":"b@x"}]})")->email,
            "a@x");
  EXPECT_EQ(User(R"({"id":"7","emails":["a@x","b@x"]})")->email, "a@x");
  EXPECT_EQ(User(R"({"id":"7","emails":{"value":"a@x"}})")->email, "a@x");
  EXPECT_EQ(User(R"({"id":"7","emails":"a@x"})")->email, "a@x");
  EXPECT_EQ(User(R"({"id":"7","emails":null})")->email, "");
}

TEST(ScimCodec, AttributeNamesDoNotDistinguishCase) {
  auto user = User(R"({"ID":"7","username":"ada","ACTIVE":false,"externalid":"p",
      "EMAILS":[{"VALUE":"a@x","Primary":true}],
      "URN:scim:schemas:extension:Atlassian-External:1.0":{"AtlassianAccountID":"aa"}})");
  ASSERT_TRUE(user.ok()) << user.status();
  EXPECT_EQ(*user, (AccountRecord{"7", "ada", "a@x", "p", "aa", AccountState::kInactive}));
}

TEST(ScimCodec, ActiveThatIsAbsentOrNullMeansTrue) {
  EXPECT_EQ(User(R"({"id":"7"})")->state, AccountState::kActive);
  EXPECT_EQ(User(R"({"id":"7","active":null})")->state, AccountState::kActive);
}

TEST(ScimCodec, ActiveAsTextIsUnderstoodAndOtherValuesAreRefused) {
  for (const char* no : {"\"false\"", "\"False\"", "\"FALSE\"", "false"}) {
    EXPECT_EQ(User(absl::StrCat(R"({"id":"7","active":)", no, "}"))->state, AccountState::kInactive)
        << no;
  }
  EXPECT_EQ(User(R"({"id":"7","active":"True"})")->state, AccountState::kActive);
  for (const char* bad :
       {"0", "1", "\"\"", "\"yes\"", "[]", "[false]", "{}", "{\"value\":false}"}) {
    EXPECT_EQ(User(absl::StrCat(R"({"id":"7","active":)", bad, "}")).status().code(),
              absl::StatusCode::kDataLoss)
        << bad;
  }
}

TEST(ScimCodec, AUserWithoutAUsableIdIsRefused) {
  for (const char* id : {"\"\"", "\"undefined\"", "null", "true", "{}", "1.5"}) {
    EXPECT_EQ(User(absl::StrCat(R"({"id":)", id, R"(,"userName":"ada"})")).status().code(),
              absl::StatusCode::kDataLoss)
        << id;
  }
  EXPECT_EQ(User(R"({"userName":"ada"})").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(User(R"({"id":17})")->id, "17");
}

TEST(ScimCodec, AKnownNameThatComesTwiceIsRefused) {
  for (const char* twice : {R"({"id":"7","id":"8"})", R"({"id":"7","Id":"7"})",
                            R"({"id":"7","active":true,"active":false})",
                            R"({"id":"7","active":true,"Active":false})"}) {
    const absl::Status status = User(twice).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << twice;
    EXPECT_NE(status.message().find("twice"), std::string::npos) << status;
  }
  EXPECT_TRUE(User(R"({"id":"7","title":"a","title":"b"})").ok());
}

TEST(ScimCodec, WhatIsNoResourceIsRefused) {
  for (const char* bad : {"[]", "7", "\"x\"", "null", "{\"id\":\"7\"", "", "{\"id\":\"7\"} x"}) {
    EXPECT_EQ(User(bad).status().code(), absl::StatusCode::kDataLoss) << bad;
  }
}

TEST(ScimCodec, NamesInsideUnknownAttributesMeanNothing) {
  auto user = User(R"({"id":"7","manager":{"id":"boss","active":false,"userName":"boss"},
      "x":[{"id":"no"},[["id"]]],"active":true})");
  ASSERT_TRUE(user.ok()) << user.status();
  EXPECT_EQ(*user, (AccountRecord{"7", "", "", "", "", AccountState::kActive}));
}

TEST(ScimCodec, AGroupsMembersAreUsersUniqueAndSorted) {
  std::string body = R"({"members":[{"value":"b","type":"User"},{"value":"a"},{"value":"b"},
      {"value":"g2","type":"Group"},"c",{"value":"9","$ref":"https://h/Users/9"}],
      "id":"g","displayName":"engineers"})";
  auto group = DecodeGroup(body);
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->group.members, (std::vector<std::string>{"9", "a", "b", "c"}));
  EXPECT_EQ(group->group.name, "engineers");
  EXPECT_TRUE(group->nested);
}

TEST(ScimCodec, AMemberThatPointsToAGroupMakesTheGroupNested) {
  std::string body = R"({"id":"g","members":[{"value":"g2","$ref":"../Groups/g2"}]})";
  auto group = DecodeGroup(body);
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_TRUE(group->nested);
  EXPECT_TRUE(group->group.members.empty());
}

TEST(ScimCodec, MembersThatAreNoListOrHaveNoValueAreRefused) {
  for (const char* members : {"\"a\"", "[{}]", "[{\"display\":\"x\"}]", "true", "7", "[true]"}) {
    std::string body = absl::StrCat(R"({"id":"g","members":)", members, "}");
    EXPECT_EQ(DecodeGroup(body).status().code(), absl::StatusCode::kDataLoss) << members;
  }
}

struct PageRead {
  absl::Status status;
  Roster roster;
  GroupListFacts facts;
};

PageRead Groups(std::string body, const GroupFilter& filter) {
  PageRead read;
  RosterBuilder builder;
  for (const char* id : {"a", "b"}) {
    Account account;
    account.id = id;
    builder.AddAccount(account);
  }
  RowGate gate;
  gate.BeginPage(false);
  ListPage page;
  read.status = DecodeGroupPage(body, filter, gate, builder, read.facts, page);
  read.roster = *std::move(builder).Finish();
  return read;
}

TEST(ScimCodec, MembersAreKeptOnlyForWantedGroupsWhereverTheNameStands) {
  PageRead read = Groups(R"({"totalResults":3,"Resources":[
      {"id":"1","displayName":"mine","members":[{"value":"a"}]},
      {"members":[{"value":"a"},{"value":"b"}],"displayName":"mine too","id":"2"},
      {"id":"3","displayName":"other","members":[{"value":"b"}]},
      {"members":[{"value":"b"}],"displayName":"other","id":"4"}]})",
                         WantNames({"mine", "mine too"}));
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_EQ(MembersOf(read.roster, "1"), (std::vector<std::string>{"a"}));
  EXPECT_EQ(MembersOf(read.roster, "2"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(MembersOf(read.roster, "3").empty());
  EXPECT_TRUE(MembersOf(read.roster, "4").empty());
  EXPECT_EQ(read.facts.with_members_key, 4);
}

TEST(ScimCodec, ErrorsInAListNameThePlace) {
  PageRead read =
      Groups(R"({"totalResults":1,"Resources":[{"id":"1"},{"displayName":"x"}]})", WantAll());
  EXPECT_EQ(read.status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(read.status.message().find("Resources[1]"), std::string::npos) << read.status;
}

TEST(ScimCodec, AListThatIsCutOrHoldsStrayValuesIsRefused) {
  for (const char* bad :
       {R"({"totalResults":1,"Resources":[{"id":"1"})", R"({"totalResults":1,"Resources":["1"]})",
        R"([{"id":"1"}])", R"({"Resources":[],"Resources":[]})", R"({"totalResults":[1]})",
        R"({"totalResults":1,"Resources":{"id":"1"}})"}) {
    EXPECT_EQ(Groups(bad, WantAll()).status.code(), absl::StatusCode::kDataLoss) << bad;
  }
}

TEST(ScimCodec, WritesAreWhatTheStandardSays) {
  EXPECT_EQ(EncodeSetActive(false),
            R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],)"
            R"("Operations":[{"op":"replace","path":"active","value":false}]})");
  EXPECT_EQ(
      EncodeAddMembers(std::vector<std::string>{"a", "b"}),
      R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],)"
      R"("Operations":[{"op":"add","path":"members","value":[{"value":"a"},{"value":"b"}]}]})");
  EXPECT_EQ(EncodeRemoveByFilter(std::vector<std::string>{"a"}),
            R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],)"
            R"("Operations":[{"op":"remove","path":"members[value eq \"a\"]"}]})");
  EXPECT_EQ(EncodeRemoveByValue(std::vector<std::string>{"a"}),
            R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],)"
            R"("Operations":[{"op":"remove","path":"members","value":[{"value":"a"}]}]})");
}

TEST(ScimCodec, QuotesAndBackslashesInIdsAreEscapedInTheFilterAndInJson) {
  const std::string body = EncodeRemoveByFilter(std::vector<std::string>{R"(a"b\c)"});
  EXPECT_NE(body.find(R"("members[value eq \"a\\\"b\\\\c\"]")"), std::string::npos) << body;
}

TEST(ScimCodec, APutKeepsEverythingButTheMembersAndMeta) {
  std::string served = R"({"schemas":["g"],"id":"1","displayName":"x","externalId":"e","n":1.50,
      "members":[{"value":"a","display":"A","deep":{"value":"b"}},{"value":"b"},"b","c"],
      "meta":{"version":"7"},"urn:x":{"members":[{"value":"b"}],"on":true,"z":null}})";
  auto body = EncodeGroupWithout(served, std::vector<std::string>{"b"});
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ(*body, R"({"schemas":["g"],"id":"1","displayName":"x","externalId":"e","n":1.50,)"
                   R"("members":[{"value":"a","display":"A","deep":{"value":"b"}},"c"],)"
                   R"("urn:x":{"members":[{"value":"b"}],"on":true,"z":null}})");
}

TEST(ScimCodec, AUserAsAtlassianSendsItIsRead) {
  auto user = User(R"({"schemas":["urn:scim:schemas:extension:atlassian-external:1.0",
      "urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"grace","emails":[
      {"value":"grace@example.com","type":"work","primary":true}],"title":"Lead",
      "meta":{"resourceType":"User","created":"2021-02-15T13:26:34.13545Z"},"groups":[],
      "urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"5f35"},
      "id":"550364dd"})");
  ASSERT_TRUE(user.ok()) << user.status();
  EXPECT_EQ(*user, (AccountRecord{"550364dd", "grace", "grace@example.com", "", "5f35",
                                  AccountState::kActive}));
}

}  // namespace
}  // namespace rollcall
