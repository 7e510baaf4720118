// The format `scim`, read from files.
#include "clients/idp/scim_reader.h"

#include "absl/strings/str_cat.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::HasSubstr;
using Code = absl::StatusCode;

class ScimReaderTest : public ExportFolder {};

const char kAda[] =
    R"({"id":"s1","externalId":"e1","userName":"ada","active":true,"emails":[{"value":"ada@example.com","primary":true}]})";
const char kBob[] = R"({"id":"s2","userName":"bob","active":false})";
const char kBoth[] = "e1 ada ada@example.com active\ns2 bob  inactive\n";

std::string Page(const std::string& head, const std::string& resources) {
  return absl::StrCat(R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],)", head,
                      R"("Resources":[)", resources, "]}");
}

std::string People(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) {
    absl::StrAppend(&text, i == from ? "" : ",", R"({"id":"p)", i, R"(","userName":"u)", i, "\"}");
  }
  return text;
}

TEST_F(ScimReaderTest, AListResponseAnArrayAndLinesSayTheSame) {
  const std::string both = absl::StrCat(kAda, ",", kBob);
  for (const std::string& text :
       {Page(R"("totalResults":2,)", both), "[" + both + "]", absl::StrCat(kAda, "\n", kBob, "\n"),
        absl::StrCat(kAda, "\r\n\r\n", kBob), Page(R"("totalResults":2,)", kAda) + Page("", kBob),
        "[" + Page("", kAda) + "," + Page("", kBob) + "]"}) {
    absl::StatusOr<Export> exported = Read(text);
    ASSERT_TRUE(exported.ok()) << exported.status() << text;
    EXPECT_EQ(PeopleOf(*exported), kBoth);
    EXPECT_EQ(exported->format, "scim");
    EXPECT_TRUE(exported->has_stable_ids);
    EXPECT_EQ(exported->people[1].row, 2u);
  }
}

TEST_F(ScimReaderTest, TheOrderOfKeysAndTheirCaseDoNotMatter) {
  absl::StatusOr<Export> exported = Read(
      R"({"Resources":[{"EMAILS":[{"primary":true,"Value":"ada@example.com"}],"active":true,"username":"ada","externalid":"e1"}],"totalResults":1,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]})");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported), "e1 ada ada@example.com active\n");
}

TEST_F(ScimReaderTest, ThePrimaryEmailCountsElseTheFirst) {
  absl::StatusOr<Export> exported = Read(R"([
    {"id":"1","userName":"a","emails":[{"value":"x@example.com"},{"value":"p@example.com","primary":true}]},
    {"id":"2","userName":"b","emails":[{"value":"x2@example.com"},{"value":"y2@example.com","primary":false}]},
    {"id":"3","userName":"c","emails":["x3@example.com","y3@example.com"]},
    {"id":"4","userName":"d","emails":[]},
    {"id":"5","userName":"e","emails":null},
    {"id":"6","userName":"f","emails":[{"value":"p6@example.com","primary":"True"},{"value":"q6@example.com","primary":true}]},
    {"id":"7","userName":"g","emails":"only@example.com"}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported),
            "1 a p@example.com active\n2 b x2@example.com active\n3 c x3@example.com active\n"
            "4 d  active\n5 e  active\n6 f p6@example.com active\n7 g only@example.com active\n");
}

TEST_F(ScimReaderTest, ActiveAsATextIsTakenWithOneWarning) {
  absl::StatusOr<Export> exported = Read(
      R"([{"id":"1","userName":"a","active":"True"},{"id":"2","userName":"b","active":"false"},{"id":"3","userName":"c","active":true}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported), "1 a  active\n2 b  inactive\n3 c  active\n");
  ASSERT_EQ(exported->findings.size(), 1u);
  EXPECT_EQ(exported->findings[0].observed, 2);
  EXPECT_EQ(exported->findings[0].severity, Severity::kWarning);
  EXPECT_TRUE(Read(kAda)->findings.empty());
}

TEST_F(ScimReaderTest, AnyOtherActiveIsAnErrorWithItsRow) {
  for (const char* value : {"\"maybe\"", "1", "null", "[]", "{}", "\"\""}) {
    const std::string message =
        Refusal(Code::kInvalidArgument,
                absl::StrCat("[", kAda, R"(,{"id":"2","userName":"b","active":)", value, "}]"));
    EXPECT_THAT(message, HasSubstr("row 2: \"active\"")) << value;
    EXPECT_THAT(message, HasSubstr("$[1].active"));
    EXPECT_THAT(message, HasSubstr("/people: "));
  }
}

TEST_F(ScimReaderTest, MissingIdentityIsAnErrorWithItsRow) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, absl::StrCat("[", kAda, R"(,{"id":"2"}])")),
              HasSubstr("row 2: the person has no \"userName\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"([{"userName":"ada","externalId":null}])"),
              HasSubstr("row 1: the person \"ada\" has neither \"externalId\" nor \"id\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"([{"id":"1","userName":true}])"),
              HasSubstr("a text is expected"));
}

TEST_F(ScimReaderTest, AnIdentityKeyThatComesTwiceIsAnError) {
  for (const char* pair : {R"("id":"1","id":"2")", R"("userName":"a","username":"b")",
                           R"("active":true,"active":false)", R"("emails":[],"emails":[])",
                           R"("externalId":"1","externalId":"1")"}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument, absl::StrCat(kAda, "\n{", pair, "}")),
                HasSubstr("comes twice in one object"));
  }
}

TEST_F(ScimReaderTest, GroupsInTheSameFileReferToTheUsersOwnIds) {
  absl::StatusOr<Export> exported = Read(absl::StrCat(
      "[", kAda, ",", kBob,
      R"(,{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g1","displayName":"eng","members":[{"value":"s1"},{"value":"s2"},{"value":"s1"}]},)",
      R"({"id":"g2","displayName":"by-external-id","members":["e1"]},)",
      R"({"displayName":"empty","meta":{"resourceType":"Group"}}])"));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "by-external-id: e1\nempty:\neng: e1 s2\n");
}

TEST_F(ScimReaderTest, GroupsMayComeBeforePeopleAndInTheirOwnFile) {
  const std::string group =
      R"({"members":[{"display":"x","value":"s1","type":"User"}],"displayName":"eng","id":"g1"})";
  absl::StatusOr<Export> before = Read(absl::StrCat(group, "\n", kAda));
  absl::StatusOr<Export> apart = Read(kAda, Page(R"("totalResults":1,)", group));
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_TRUE(apart.ok()) << apart.status();
  EXPECT_EQ(GroupsOf(*before), "eng: e1\n");
  EXPECT_EQ(GroupsOf(*apart), "eng: e1\n");
}

TEST_F(ScimReaderTest, NestedGroupsAreExpandedAndUnknownMembersHold) {
  absl::StatusOr<Export> exported =
      Read(kAda, R"([{"id":"g1","displayName":"outer","members":[{"value":"g2"}]},
                     {"id":"g2","displayName":"inner","members":[{"value":"s1"}]},
                     {"id":"g3","displayName":"odd","members":[{"value":"s1"},{"value":"gone"}]}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "inner: e1\nodd: e1 held\nouter: e1\n");
  EXPECT_THAT(exported->groups[1].held, HasSubstr("row 3"));
  EXPECT_THAT(exported->groups[1].held, HasSubstr("gone"));
}

TEST_F(ScimReaderTest, GroupsOnTheUserMakeMemberships) {
  absl::StatusOr<Export> exported = Read(R"([
    {"id":"1","userName":"a","groups":[{"value":"g1","display":"eng"},{"display":"ops"}]},
    {"id":"2","userName":"b","groups":["ops",{"value":"g1"}]},
    {"id":"3","userName":"c","groups":null}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "eng: 1 2\nops: 1 2\n");
}

TEST_F(ScimReaderTest, GroupsThatAreWrongAreErrors) {
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, kAda, R"([{"id":"g","displayName":"","members":[]}])"),
      HasSubstr("the group \"g\" has no \"displayName\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kAda,
                      R"([{"id":"g","displayName":"x","members":[{"display":"Ada"}]}])"),
              HasSubstr("a member has no \"value\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kAda, kBob),
              HasSubstr("the groups file holds a person"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"([{"id":"1","userName":"a","groups":[{}]}])"),
              HasSubstr("neither \"display\" nor \"value\""));
}

TEST_F(ScimReaderTest, AttributesAreKeptInSnakeCaseWhenAskedFor) {
  ExportRequest request = Request(
      R"([{"id":"1","userName":"a","userType":"Guest","name":{"familyName":"Byron","givenName":"Ada"},
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"costCenter":"42","department":"R","manager":{"value":"7"}},
      "title":"Countess","locked":true,"level":3,"displayName":"Ada B"}])");
  request.keep_attributes = {"user_type", "name.family_name", "department",   "locked",
                             "level",     "display_name",     "manager.value"};
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  const Person& ada = exported->people[0];
  EXPECT_EQ(AttributeOf(ada, "user_type"), "Guest");
  EXPECT_EQ(AttributeOf(ada, "name.family_name"), "Byron");
  EXPECT_EQ(AttributeOf(ada, "department"), "R");
  EXPECT_EQ(AttributeOf(ada, "manager.value"), "7");
  EXPECT_EQ(AttributeOf(ada, "locked"), "true");
  EXPECT_EQ(AttributeOf(ada, "level"), "3");
  EXPECT_EQ(AttributeOf(ada, "display_name"), "Ada B");
  EXPECT_EQ(ada.attributes.size(), 7u);
}

TEST_F(ScimReaderTest, AllAttributesAreKeptForExplain) {
  ExportRequest request = Request(R"([{"id":"1","userName":"a","x":{"y":{"z":"deep"}},"t":"u"}])");
  request.keep_all_attributes = true;
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(AttributeOf(exported->people[0], "x.y.z"), "deep");
  EXPECT_EQ(AttributeOf(exported->people[0], "t"), "u");
}

TEST_F(ScimReaderTest, UnknownFieldsAreIgnored) {
  absl::StatusOr<Export> exported = Read(
      R"([{"id":"1","x":[1,{"userName":"no"}],"userName":"a","y":{"id":"no","active":false},"next":"n","meta":{"version":"1"}}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported), "1 a  active\n");
}

TEST_F(ScimReaderTest, ATotalThatThePagesDoNotReachMeansCut) {
  EXPECT_TRUE(Read(Page(R"("totalResults":3,)", People(1, 3))).ok());
  const std::string message = Refusal(Code::kDataLoss, Page(R"("totalResults":4,)", People(1, 3)));
  EXPECT_THAT(message, HasSubstr("totalResults says 4, but it holds 3"));
  EXPECT_THAT(
      Refusal(Code::kDataLoss, R"({"totalResults":1,"schemas":["urn:ietf:params:scim:x"]})"),
      HasSubstr("totalResults says 1, but it holds 0"));
}

TEST_F(ScimReaderTest, PagesMustFollowOneAnother) {
  const std::string first = Page(R"("totalResults":4,"startIndex":1,)", People(1, 2));
  const std::string second = Page(R"("totalResults":4,"startIndex":3,)", People(3, 4));
  EXPECT_TRUE(Read(first + "\n" + second).ok());
  EXPECT_THAT(Refusal(Code::kDataLoss, first), HasSubstr("totalResults says 4, but it holds 2"));
  EXPECT_THAT(
      Refusal(Code::kDataLoss, first + Page(R"("totalResults":4,"startIndex":4,)", People(4, 4))),
      HasSubstr("page 2 begins at startIndex 4, but 2 were read"));
  EXPECT_THAT(Refusal(Code::kDataLoss, second),
              HasSubstr("begins at startIndex 3, but 0 were read"));
  EXPECT_THAT(Refusal(Code::kDataLoss, first + first), HasSubstr("but it holds 2"));
  EXPECT_THAT(
      Refusal(Code::kDataLoss, first + Page(R"("totalResults":5,"startIndex":3,)", People(3, 4))),
      HasSubstr("says totalResults 5, an earlier one 4"));
  EXPECT_THAT(Refusal(Code::kDataLoss, Page(R"("totalResults":1,)", People(1, 2))),
              HasSubstr("says 1, but the pages hold 2"));
}

TEST_F(ScimReaderTest, APageOfGroupsMayFollowThePagesOfPeople) {
  absl::StatusOr<Export> exported =
      Read(Page(R"("totalResults":2,"startIndex":1,)", People(1, 2)) +
           Page(R"("totalResults":1,"startIndex":1,)",
                R"({"id":"g","displayName":"eng","members":[{"value":"p2"}]})"));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "eng: p2\n");
}

TEST_F(ScimReaderTest, ALastPageThatNamesANextOneMeansCut) {
  for (const char* hint : {"@odata.nextLink", "nextPageToken", "next", "nextLink", "nextCursor"}) {
    const std::string with = absl::StrCat("\"", hint, R"(":"https://idp.example.com/?page=2",)");
    EXPECT_THAT(Refusal(Code::kDataLoss, Page(with, People(1, 2))), HasSubstr(hint));
    EXPECT_TRUE(Read(Page(with, People(1, 2)) + Page("", People(3, 4))).ok()) << hint;
    EXPECT_TRUE(Read(Page(absl::StrCat("\"", hint, "\":null,"), People(1, 2))).ok()) << hint;
    EXPECT_TRUE(Read(Page(absl::StrCat("\"", hint, "\":\"\","), People(1, 2))).ok()) << hint;
  }
}

TEST_F(ScimReaderTest, AnExportCutAnywhereIsNeverAShorterList) {
  const std::string whole = Page(R"("totalResults":3,)", People(1, 3));
  for (size_t length = 1; length < whole.size(); ++length) {
    EXPECT_FALSE(Read(whole.substr(0, length)).ok()) << whole.substr(0, length);
  }
  const std::string array = "[" + People(1, 3) + "]";
  for (size_t length = 1; length < array.size(); ++length) {
    EXPECT_FALSE(Read(array.substr(0, length)).ok()) << array.substr(0, length);
  }
}

TEST_F(ScimReaderTest, ListsOfNobodyAreExportsOfNobody) {
  for (const char* text :
       {"[]", R"({"Resources":[]})",
        R"({"totalResults":0,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]})",
        R"({"totalResults":0,"Resources":null})"}) {
    absl::StatusOr<Export> exported = Read(text);
    ASSERT_TRUE(exported.ok()) << text << exported.status();
    EXPECT_TRUE(exported->people.empty());
    EXPECT_EQ(exported->format, "scim");
  }
}

TEST_F(ScimReaderTest, AnErrorAnswerIsNotAPerson) {
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument,
              R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"})"),
      HasSubstr("SCIM error answer"));
}

TEST_F(ScimReaderTest, ATextBetweenRecordsIsAnError) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, absl::StrCat("[", kAda, ",7]")),
              HasSubstr("row 2: \"7\" stands where"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, absl::StrCat(kAda, "\nnull")), HasSubstr("row 2"));
}

TEST_F(ScimReaderTest, TwoPeopleOfOneIdOrFoldedNameAreMarkedBoth) {
  absl::StatusOr<Export> exported = Read(
      R"([{"id":"1","userName":"a"},{"id":"1","userName":"b"},{"id":"3","userName":"STRASSE"},{"id":"4","userName":"straße"},{"id":"5","userName":"e"}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported),
            "1 a  active duplicate\n1 b  active duplicate\n3 STRASSE  active duplicate\n"
            "4 straße  active duplicate\n5 e  active\n");
}

}  // namespace
}  // namespace rollcall::idp
