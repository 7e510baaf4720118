// The format `google`, read from files.
#include "clients/idp/google_reader.h"

#include "absl/strings/str_cat.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Code = absl::StatusCode;

class GoogleReaderTest : public ExportFolder {};

std::string GoogleUser(const std::string& id, const std::string& more = R"(,"suspended":false)") {
  return absl::StrCat(R"({"kind":"admin#directory#user","etag":"e","id":")", id,
                      R"(","primaryEmail":")", id, R"(@example.com","name":{"fullName":"X Y"})",
                      more, "}");
}

std::string UsersPage(const std::string& users, const std::string& more = "") {
  return absl::StrCat(R"({"kind":"admin#directory#users","etag":"e",)", more, R"("users":[)", users,
                      "]}");
}

std::string GoogleGroup(const std::string& name, const std::string& members,
                        const std::string& more = "") {
  return absl::StrCat(R"({"email":")", name, R"(@example.com","name":")", name, R"(","members":[)",
                      members, "]", more, "}");
}

constexpr char kEmptyUsersPage[] = R"({"kind":"admin#directory#users","etag":"opaque"})";

TEST_F(GoogleReaderTest, PagesArraysAndLinesSayTheSame) {
  const std::string ada = GoogleUser("a");
  const std::string bob = GoogleUser("b", R"(,"suspended":true)");
  const std::string next = R"("nextPageToken":"t",)";
  for (const std::string& text :
       {UsersPage(ada + "," + bob), UsersPage(ada, next) + "\n" + UsersPage(bob),
        UsersPage(ada, next) + UsersPage(bob, next) + kEmptyUsersPage,
        "[" + UsersPage(ada, next) + "," + UsersPage(bob) + "," + kEmptyUsersPage + "]",
        "[" + ada + "," + bob + "]", ada + "\n" + bob, R"({"users":[)" + ada + "," + bob + "]}",
        UsersPage(ada, R"("nextPageToken":"",)") + UsersPage(bob)}) {
    absl::StatusOr<Export> exported = Read(text);
    ASSERT_TRUE(exported.ok()) << exported.status() << text;
    EXPECT_EQ(PeopleOf(*exported),
              "a a@example.com a@example.com active\nb b@example.com b@example.com inactive\n");
    EXPECT_EQ(exported->format, "google");
    EXPECT_TRUE(exported->has_stable_ids);
    EXPECT_TRUE(exported->findings.empty());
    EXPECT_EQ(exported->people[1].row, 2u);
  }
}

TEST_F(GoogleReaderTest, AnEmptyPageIsAListOfNobody) {
  absl::StatusOr<Export> exported =
      Read(kEmptyUsersPage, R"({"kind":"admin#directory#groups","etag":"e"})");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_TRUE(exported->people.empty());
  EXPECT_TRUE(exported->findings.empty());
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"({"kind":"admin#directory#groups","etag":"e"})"),
              HasSubstr("row 1: the person has no \"id\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"({"users":null})"),
              HasSubstr("\"users\" is null; an array is expected"));
}

TEST_F(GoogleReaderTest, NeitherSuspendedNorArchivedIsActive) {
  absl::StatusOr<Export> exported = Read(UsersPage(absl::StrCat(
      GoogleUser("a", R"(,"suspended":false,"archived":false)"), ",",
      GoogleUser("b", R"(,"suspended":true,"archived":false)"), ",",
      GoogleUser("c", R"(,"archived":true,"suspended":false)"), ",", GoogleUser("d", ""))));
  ASSERT_TRUE(exported.ok()) << exported.status();
  std::vector<Standing> standings;
  for (const Person& person : exported->people) standings.push_back(person.standing);
  EXPECT_THAT(standings, ElementsAre(Standing::kActive, Standing::kInactive, Standing::kInactive,
                                     Standing::kActive));
  EXPECT_TRUE(exported->findings.empty());
  for (const char* value : {"null", "\"false\"", "0", "{}", "[]"}) {
    EXPECT_THAT(
        Refusal(Code::kInvalidArgument, GoogleUser("a", absl::StrCat(R"(,"suspended":)", value))),
        HasSubstr("row 1: \"suspended\" is"))
        << value;
  }
}

TEST_F(GoogleReaderTest, AnExportThatNeverSaysSuspendedIsTold) {
  absl::StatusOr<Export> exported = Read(UsersPage(GoogleUser("a", "")));
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->findings.size(), 1u);
  EXPECT_EQ(exported->findings[0].name, "suspended_not_exported");
}

TEST_F(GoogleReaderTest, AliasesAndAttributesAreKept) {
  ExportRequest request = Request(UsersPage(GoogleUser(
      "a",
      R"(,"suspended":false,"isAdmin":true,"aliases":["x@example.com","y@example.com"],"emails":[{"address":"z"}])")));
  request.keep_attributes = {"is_admin", "name.full_name"};
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_THAT(exported->people[0].aliases, ElementsAre("x@example.com", "y@example.com"));
  EXPECT_EQ(AttributeOf(exported->people[0], "is_admin"), "true");
  EXPECT_EQ(AttributeOf(exported->people[0], "name.full_name"), "X Y");
  for (const char* aliases : {"\"x\"", "[1,null]", "[\"\"]", "[{}]", "[[]]"}) {
    EXPECT_THAT(
        Refusal(Code::kInvalidArgument, GoogleUser("a", absl::StrCat(R"(,"aliases":)", aliases))),
        HasSubstr("row 1: "))
        << aliases;
  }
}

TEST_F(GoogleReaderTest, MissingIdentityAndKeysThatComeTwiceAreErrors) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, UsersPage(R"({"primaryEmail":"a@example.com"})")),
              HasSubstr("row 1: the person \"a@example.com\" has no \"id\""));
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, UsersPage(GoogleUser("a") + R"(,{"id":"b"})")),
      AllOf(HasSubstr("row 2: the person \"b\" has no \"primaryEmail\""), HasSubstr("$.users[1]")));
  for (const char* pair :
       {R"("id":"1","id":"1")", R"("suspended":true,"suspended":false)",
        R"("primaryEmail":"x","primaryEmail":"y")", R"("aliases":[],"aliases":[])"}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument, UsersPage(absl::StrCat("{", pair, "}"))),
                HasSubstr("comes twice in one object"))
        << pair;
  }
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GoogleUser("a"),
                      R"({"groups":[)" + GoogleGroup("g", R"({"id":"a","id":"b"})") + "]}"),
              HasSubstr("the key \"id\" comes twice"));
  ExportRequest request = Request(GoogleUser("a", R"(,"isAdmin":true,"isAdmin":false)"));
  request.keep_attributes = {"is_admin"};
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(request)),
              HasSubstr("the key \"isAdmin\" comes twice"));
}

TEST_F(GoogleReaderTest, ALastPageThatNamesANextOneMeansCut) {
  const std::string next = R"("nextPageToken":"t",)";
  EXPECT_THAT(Refusal(Code::kDataLoss, UsersPage(GoogleUser("a"), next)),
              AllOf(HasSubstr("was cut"), HasSubstr("nextPageToken")));
  EXPECT_THAT(Refusal(Code::kDataLoss, R"({"kind":"admin#directory#users","nextPageToken":"t"})"),
              HasSubstr("nextPageToken"));
  EXPECT_THAT(Refusal(Code::kDataLoss, GoogleUser("a"),
                      R"({"groups":[)" + GoogleGroup("g", "") + R"(],"nextPageToken":"t"})"),
              HasSubstr("nextPageToken"));
  EXPECT_THAT(Refusal(Code::kDataLoss, GoogleUser("a"),
                      R"({"groups":[)" + GoogleGroup("g", "", R"(,"nextPageToken":"t")") + "]}"),
              HasSubstr("row 1: the group \"g\" names a next page"));
}

TEST_F(GoogleReaderTest, AnExportCutAnywhereIsNeverAShorterList) {
  const std::string whole = UsersPage(GoogleUser("a") + "," + GoogleUser("b"));
  for (size_t length = 1; length < whole.size(); ++length) {
    EXPECT_FALSE(Read(whole.substr(0, length)).ok()) << whole.substr(0, length);
  }
}

TEST_F(GoogleReaderTest, MembersAreKnownByIdAndGroupsByTheirEmail) {
  const std::string people = UsersPage(GoogleUser("a") + "," + GoogleUser("b"));
  const std::string outer = GoogleGroup(
      "outer",
      R"({"kind":"m","id":"a","email":"other@example.com","status":"ACTIVE","type":"USER"},{"id":"77","email":"Inner@example.com","type":"GROUP"})");
  const std::string inner =
      GoogleGroup("inner", R"({"email":"B@example.com","status":"SUSPENDED"})");
  for (const std::string& groups :
       {R"({"groups":[)" + outer + "," + inner + "]}",
        R"({"groups":[)" + inner + R"(],"nextPageToken":"x"}{"groups":[)" + outer + "]}",
        outer + "\n" + inner, "[" + outer + "," + inner + "]"}) {
    absl::StatusOr<Export> exported = Read(people, groups);
    ASSERT_TRUE(exported.ok()) << exported.status() << groups;
    EXPECT_EQ(GroupsOf(*exported), "inner: b\nouter: a b\n");
    EXPECT_EQ(exported->groups[0].email, "inner@example.com");
    EXPECT_TRUE(exported->findings.empty());
  }
}

TEST_F(GoogleReaderTest, AGroupThatIsNotListedWholeIsHeld) {
  const std::string people = UsersPage(GoogleUser("a"));
  absl::StatusOr<Export> exported = Read(
      people, absl::StrCat(R"({"groups":[)",
                           GoogleGroup("all", R"({"id":"C01","type":"CUSTOMER"},{"id":"a"})"), ",",
                           GoogleGroup("counted", R"({"id":"a"})", R"(,"directMembersCount":"1")"),
                           ",", GoogleGroup("cut", R"({"id":"a"})", R"(,"directMembersCount":"2")"),
                           ",", GoogleGroup("outside", R"({"id":"99","email":"v@vendor.example"})"),
                           R"(,{"email":"bare@example.com","name":"unlisted"}]})"));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported),
            "all: a held\ncounted: a\ncut: a held\noutside: held\nunlisted: held\n");
  EXPECT_THAT(exported->groups[0].held, HasSubstr("everybody of the organisation"));
  EXPECT_THAT(exported->groups[2].held, HasSubstr("2 members by its \"directMembersCount\""));
}

TEST_F(GoogleReaderTest, TwoGroupsOfOneNameAreAnError) {
  const auto groups = [](const std::string& second) {
    return R"({"groups":[{"email":"a@example.com","name":"Team","members":[]},{"email":")" +
           second + R"(","name":"team","members":[]}]})";
  };
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GoogleUser("a"), groups("b@example.com")),
              AllOf(HasSubstr("row 2: two groups are called \"team\""),
                    HasSubstr("a@example.com and b@example.com"), HasSubstr("rename one")));
  // The same group again is no second one; but it has one name.
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GoogleUser("a"), groups("A@example.com")),
              HasSubstr("has two names"));
}

TEST_F(GoogleReaderTest, GroupsMustBeNamedAndStandInTheirOwnFile) {
  const std::string ada = GoogleUser("a");
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, R"({"groups":[{"name":"x","members":[]}]})"),
              HasSubstr("the group \"x\" has no \"email\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, R"({"groups":[{"email":"x","members":[]}]})"),
              HasSubstr("has no \"name\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, UsersPage(ada)),
              HasSubstr("give people in export.people"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, "[" + ada + "]"),
              HasSubstr("give people in export.people"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      UsersPage(ada) + R"({"groups":[)" + GoogleGroup("g", "") + "]}"),
              HasSubstr("give groups in export.groups"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada,
                      R"({"groups":[)" + GoogleGroup("g", R"({"type":"USER"})") + "]}"),
              HasSubstr("a member of the group \"g\" has neither \"id\" nor \"email\""));
}

TEST_F(GoogleReaderTest, TheSamplesAreReadOrRefused) {
  const std::string samples = std::string(ROLLCALL_SOURCE_DIR) + "/../shared/samples/";
  if (!std::filesystem::exists(samples)) GTEST_SKIP() << "no samples beside the repository";
  ExportRequest empty;
  empty.people.path = samples + "google/users-empty-page.json";
  absl::StatusOr<Export> exported = ReadExport(std::move(empty));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_TRUE(exported->people.empty());
  EXPECT_EQ(exported->format, "google");
  ExportRequest list;
  list.people.path = samples + "google/users-list.json";
  EXPECT_THAT(Refusal(Code::kDataLoss, std::move(list)), HasSubstr("nextPageToken"));
}

}  // namespace
}  // namespace rollcall::idp
