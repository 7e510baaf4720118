// The format `entra`, read from files.
#include "clients/idp/entra_reader.h"

#include "absl/strings/str_cat.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Code = absl::StatusCode;

class EntraReaderTest : public ExportFolder {};

const char kEntraAda[] =
    R"({"businessPhones":[],"id":"a","userPrincipalName":"ada@example.com","mail":"a.l@example.com","accountEnabled":true,"userType":"Member"})";
const char kEntraBob[] =
    R"({"id":"b","userPrincipalName":"bob_x.com#EXT#@example.com","mail":null,"accountEnabled":false,"userType":"Guest"})";
const char kEntraBoth[] =
    "a ada@example.com a.l@example.com active\n"
    "b bob_x.com#EXT#@example.com bob_x.com#EXT#@example.com inactive\n";

std::string GraphPage(const std::string& records, const std::string& more = "") {
  return absl::StrCat(R"({"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users",)",
                      more, R"("value":[)", records, "]}");
}
constexpr char kGraphNext[] = R"("@odata.nextLink":"https://graph.microsoft.com/v1.0/users?t=x",)";

std::string EntraMembers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",", R"({"id":"p)", i, "\"}");
  }
  return text;
}

std::string EntraPeople(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&text, R"({"id":"p)", i, R"(","userPrincipalName":"u)", i,
                    R"(@example.com","accountEnabled":true})");
  }
  return text;
}

std::string EntraGroup(const std::string& name, const std::string& members,
                       const std::string& more = "") {
  return absl::StrCat(R"({"id":"g-)", name, R"(","displayName":")", name, R"(","members":[)",
                      members, "]", more, "}");
}

TEST_F(EntraReaderTest, PagesArraysAndLinesSayTheSame) {
  const std::string ada = kEntraAda;
  const std::string bob = kEntraBob;
  for (const std::string& text :
       {GraphPage(ada + "," + bob), GraphPage(ada, kGraphNext) + "\n" + GraphPage(bob),
        "[" + GraphPage(ada, kGraphNext) + "," + GraphPage(bob) + "]", "[" + ada + "," + bob + "]",
        ada + "\n" + bob + "\n", R"({"value":[)" + ada + "," + bob + R"(],"@odata.count":2})",
        GraphPage(ada, R"("@odata.count":2,)") + GraphPage(bob) + GraphPage("")}) {
    absl::StatusOr<Export> exported = Read(text);
    ASSERT_TRUE(exported.ok()) << exported.status() << text;
    EXPECT_EQ(PeopleOf(*exported), kEntraBoth);
    EXPECT_EQ(exported->format, "entra");
    EXPECT_TRUE(exported->findings.empty());
    EXPECT_EQ(exported->people[1].row, 2u);
  }
}

TEST_F(EntraReaderTest, AccountEnabledIsAskedForWhereItIsAbsent) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      GraphPage(absl::StrCat(
                          kEntraAda, R"(,{"id":"c","userPrincipalName":"c@example.com"})"))),
              AllOf(HasSubstr("row 2: the person \"c@example.com\" has no \"accountEnabled\""),
                    HasSubstr("$select=accountEnabled"), HasSubstr("$.value[1]")));
  for (const char* value : {"null", "\"true\"", "1"}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument,
                        absl::StrCat(R"([{"id":"c","userPrincipalName":"c","accountEnabled":)",
                                     value, "}]")),
                HasSubstr("row 1: \"accountEnabled\" is"))
        << value;
  }
}

TEST_F(EntraReaderTest, MissingIdentityAndKeysThatComeTwiceAreErrors) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      R"([{"userPrincipalName":"c@example.com","accountEnabled":true}])"),
              HasSubstr("row 1: the person \"c@example.com\" has no \"id\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GraphPage(R"({"id":"c","accountEnabled":true})")),
              HasSubstr("row 1: the person \"c\" has no \"userPrincipalName\""));
  for (const char* pair :
       {R"("id":"1","id":"1")", R"("accountEnabled":true,"accountEnabled":false)",
        R"("mail":"x","mail":"y")", R"("userPrincipalName":"x","userPrincipalName":"x")"}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument, GraphPage(absl::StrCat("{", pair, "}"))),
                HasSubstr("comes twice in one object"))
        << pair;
  }
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, absl::StrCat(R"({"value":[)", kEntraAda, R"(],"value":[]})")),
      HasSubstr("\"value\" comes twice"));
}

TEST_F(EntraReaderTest, ALastPageThatNamesANextOneMeansCut) {
  const std::string first = GraphPage(kEntraAda, kGraphNext);
  EXPECT_THAT(Refusal(Code::kDataLoss, first),
              AllOf(HasSubstr("was cut"), HasSubstr("@odata.nextLink")));
  EXPECT_THAT(Refusal(Code::kDataLoss, first + GraphPage(kEntraBob, kGraphNext)),
              HasSubstr("its last page names a next one"));
  EXPECT_THAT(Refusal(Code::kDataLoss, absl::StrCat(R"({"value":[)", kEntraAda,
                                                    R"(],"@odata.nextLink":"https://x"})")),
              HasSubstr("@odata.nextLink"));
  EXPECT_TRUE(Read(first + GraphPage("")).ok());
  EXPECT_TRUE(Read(GraphPage(kEntraAda, R"("@odata.nextLink":null,)")).ok());
}

TEST_F(EntraReaderTest, FewerThanAPageSaysMeansCut) {
  EXPECT_TRUE(Read(GraphPage(kEntraAda, R"("@odata.count":1,)")).ok());
  EXPECT_THAT(Refusal(Code::kDataLoss, GraphPage(kEntraAda, R"("@odata.count":2,)")),
              HasSubstr("there are 2, but the pages hold 1"));
}

TEST_F(EntraReaderTest, AnExportCutAnywhereIsNeverAShorterList) {
  const std::string whole =
      GraphPage(absl::StrCat(kEntraAda, ",", kEntraBob), R"("@odata.count":2,)");
  for (size_t length = 1; length < whole.size(); ++length) {
    EXPECT_FALSE(Read(whole.substr(0, length)).ok()) << whole.substr(0, length);
  }
}

TEST_F(EntraReaderTest, ListsOfChangesAndErrorAnswersAreNoExports) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      GraphPage(kEntraAda, R"("@odata.deltaLink":"https://graph/delta",)")),
              HasSubstr("does not hold everybody"));
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, GraphPage(R"({"id":"b","@removed":{"reason":"changed"}})")),
      HasSubstr("\"@removed\" belongs to a list of changes"));
  const std::string answer = R"({"error":{"code":"InvalidAuthenticationToken","message":"x"}})";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GraphPage(kEntraAda, kGraphNext) + answer),
              HasSubstr("row 2: this is an error answer"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      absl::StrCat(R"({"value":[)", kEntraAda, R"(],"error":{"code":"x"}})")),
              HasSubstr("error answer"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, answer), HasSubstr("it is an error answer"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"({"@odata.context":"x","value":null})"),
              HasSubstr("\"value\" is null; an array is expected"));
}

TEST_F(EntraReaderTest, UserTypeIsKept) {
  ExportRequest request = Request(GraphPage(kEntraBob));
  request.keep_attributes = {"user_type", "account_enabled"};
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(AttributeOf(exported->people[0], "user_type"), "Guest");
  EXPECT_EQ(AttributeOf(exported->people[0], "account_enabled"), "false");
}

TEST_F(EntraReaderTest, GroupsNestAndDevicesAreNotPeople) {
  const std::string outer = EntraGroup(
      "outer",
      R"({"@odata.type":"#microsoft.graph.group","id":"g-inner"},{"@odata.type":"#microsoft.graph.device","id":"d"},{"@odata.type":"#microsoft.graph.servicePrincipal","id":"s"},{"id":"p0"})");
  const std::string inner = EntraGroup("inner", R"({"id":"p1","displayName":"x","tags":[{}]})");
  for (const std::string& groups :
       {GraphPage(outer + "," + inner), GraphPage(outer, kGraphNext) + GraphPage(inner),
        "[" + inner + "," + outer + "]", outer + "\n" + inner}) {
    absl::StatusOr<Export> exported = Read(EntraPeople(2), groups);
    ASSERT_TRUE(exported.ok()) << exported.status() << groups;
    EXPECT_EQ(GroupsOf(*exported), "inner: p1\nouter: p0 p1\n");
    EXPECT_TRUE(exported->findings.empty());
  }
}

TEST_F(EntraReaderTest, ExactlyTwentyMembersWithoutAMarkHoldTheGroup) {
  const std::string unmarked = EntraMembers(20);
  absl::StatusOr<Export> exported = Read(
      EntraPeople(25), GraphPage(absl::StrCat(
                           EntraGroup("a19", EntraMembers(19)), ",", EntraGroup("b20", unmarked),
                           ",", EntraGroup("c21", EntraMembers(21)), ",",
                           EntraGroup("d20-counted", unmarked, R"(,"members@odata.count":20)"), ",",
                           EntraGroup("e20-ended", unmarked, R"(,"members@odata.nextLink":null)"),
                           ",", EntraGroup("f20", unmarked))));
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->groups.size(), 6u);
  for (const ExportGroup& group : exported->groups) {
    const bool held = group.name == "b20" || group.name == "f20";
    EXPECT_EQ(group.held.empty(), !held) << group.name << group.held;
    EXPECT_EQ(group.members.size(), group.name == "a19" ? 19u : group.name == "c21" ? 21u : 20u);
  }
  ASSERT_EQ(exported->findings.size(), 1u);
  const Finding& finding = exported->findings[0];
  EXPECT_EQ(finding.name, "members_may_be_cut");
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_THAT(finding.message, HasSubstr("2 groups (\"b20\", \"f20\") have exactly 20 members"));
  EXPECT_THAT(finding.subjects, ::testing::ElementsAre("b20", "f20"));
}

TEST_F(EntraReaderTest, MembersThatGoOnElsewhereMeanCut) {
  const std::string people = EntraPeople(2);
  const std::string one = EntraMembers(1);
  EXPECT_THAT(Refusal(Code::kDataLoss, people,
                      GraphPage(EntraGroup("eng", one, R"(,"members@odata.count":2)"))),
              AllOf(HasSubstr("row 1: the group \"eng\" has 2 members"), HasSubstr("but 1 are")));
  for (const std::string& groups :
       {GraphPage(EntraGroup("eng", one, R"(,"members@odata.nextLink":"https://x")")),
        "[" + EntraGroup("eng", one, R"(,"members@odata.nextLink":"https://x")") + "]"}) {
    EXPECT_THAT(Refusal(Code::kDataLoss, people, groups),
                AllOf(HasSubstr("the group \"eng\" names a next page"),
                      HasSubstr("members@odata.nextLink")));
  }
}

TEST_F(EntraReaderTest, PeopleAndGroupsStandInTheirOwnFiles) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kEntraAda, GraphPage(kEntraBob)),
              HasSubstr("give people in export.people"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GraphPage(EntraGroup("eng", ""))),
              HasSubstr("give groups in export.groups"));
}

TEST_F(EntraReaderTest, TheSamplesAreTheErrorsThatTheyAre) {
  const std::string samples = std::string(ROLLCALL_SOURCE_DIR) + "/../shared/samples/";
  if (!std::filesystem::exists(samples)) GTEST_SKIP() << "no samples beside the repository";
  ExportRequest list;
  list.people.path = samples + "entra/users-list.json";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(list)),
              AllOf(HasSubstr("Adams@contoso.com"), HasSubstr("$select=accountEnabled")));
  ExportRequest delta;
  delta.people.path = samples + "entra/users-delta-page.json";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(delta)), HasSubstr("has no \"id\""));
}

}  // namespace
}  // namespace rollcall::idp
