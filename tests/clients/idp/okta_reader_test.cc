// The format `okta`, read from files.
#include "clients/idp/okta_reader.h"

#include "absl/strings/str_cat.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Code = absl::StatusCode;

class OktaReaderTest : public ExportFolder {};

std::string OktaUser(const std::string& id, const std::string& status,
                     const std::string& more_profile = "") {
  return absl::StrCat(R"({"id":")", id, R"(","status":")", status,
                      R"(","type":{"id":"oty1"},"profile":{"firstName":"X","login":")", id,
                      R"(@example.com","email":"mail-)", id, R"(@example.com")", more_profile,
                      R"(},"credentials":{"provider":{"type":"OKTA"}},"_links":{"self":{}}})");
}

TEST_F(OktaReaderTest, AnArrayAndLinesSayTheSame) {
  const std::string ada = OktaUser("a1", "ACTIVE");
  const std::string bob = OktaUser("b2", "DEPROVISIONED");
  for (const std::string& text : {"[" + ada + "," + bob + "]", ada + "\n" + bob + "\n",
                                  "[" + ada + "]\n[" + bob + "]", ada + "\r\n\r\n" + bob}) {
    absl::StatusOr<Export> exported = Read(text);
    ASSERT_TRUE(exported.ok()) << exported.status() << text;
    EXPECT_EQ(PeopleOf(*exported),
              "a1 a1@example.com mail-a1@example.com active\n"
              "b2 b2@example.com mail-b2@example.com inactive\n");
    EXPECT_EQ(exported->format, "okta");
    EXPECT_TRUE(exported->has_stable_ids);
    EXPECT_TRUE(exported->findings.empty());
    EXPECT_EQ(exported->people[1].row, 2u);
  }
}

TEST_F(OktaReaderTest, StatusesAreThoseOfTheTableAndNoOthers) {
  std::string text;
  for (const char* status : {"ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "PROVISIONED",
                             "STAGED", "SUSPENDED", "DEPROVISIONED"}) {
    absl::StrAppend(&text, OktaUser(status, status), "\n");
  }
  absl::StatusOr<Export> exported = Read(text);
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->people.size(), 8u);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(exported->people[i].standing, i < 5 ? Standing::kActive : Standing::kInactive) << i;
  }
  for (const char* status : {"ON_LEAVE", "true", "enabled"}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument, OktaUser("a", "ACTIVE") + OktaUser("b", status)),
                AllOf(HasSubstr(absl::StrCat(
                          "row 2: \"status\" of the person \"b@example.com\" is \"", status)),
                      HasSubstr("export.statuses")));
  }
}

TEST_F(OktaReaderTest, EveryStatusCanBeMapped) {
  ExportRequest request =
      Request(OktaUser("a", "LOCKED_OUT") + OktaUser("b", "SUSPENDED") + OktaUser("c", "ON_LEAVE") +
              OktaUser("d", "ACTIVE") + OktaUser("e", "Deprovisioned"));
  request.statuses.Set("locked_out", Standing::kHold);
  request.statuses.Set("SUSPENDED", Standing::kActive);
  request.statuses.Set("ON_LEAVE", Standing::kInactive);
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people[0].standing, Standing::kHold);
  EXPECT_EQ(exported->people[1].standing, Standing::kActive);
  EXPECT_EQ(exported->people[2].standing, Standing::kInactive);
  EXPECT_EQ(exported->people[3].standing, Standing::kActive);
  EXPECT_EQ(exported->people[4].standing, Standing::kInactive);
}

TEST_F(OktaReaderTest, NobodyDeprovisionedIsToldOnce) {
  absl::StatusOr<Export> exported = Read(OktaUser("a", "ACTIVE") + OktaUser("b", "SUSPENDED"));
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->findings.size(), 1u);
  EXPECT_EQ(exported->findings[0].name, "no_deprovisioned_people");
  EXPECT_THAT(exported->findings[0].message, HasSubstr("look absent"));
  EXPECT_TRUE(Read(OktaUser("a", "DEPROVISIONED"))->findings.empty());
  ExportRequest nobody = Request("[]");
  nobody.format = "okta";
  EXPECT_TRUE(ReadExport(std::move(nobody))->findings.empty());
}

TEST_F(OktaReaderTest, AttributesOfTheProfileAndTheTypeAreKept) {
  ExportRequest request = Request(OktaUser(
      "a", "ACTIVE", R"(,"userType":"Contractor","manager":{"costCenter":"10"},"tags":["x"])"));
  request.keep_attributes = {"user_type", "type", "manager.cost_center",
                             "status",    "tags", "credentials.provider.type"};
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  const Person& person = exported->people[0];
  EXPECT_EQ(AttributeOf(person, "user_type"), "Contractor");
  EXPECT_EQ(AttributeOf(person, "type"), "oty1");
  EXPECT_EQ(AttributeOf(person, "manager.cost_center"), "10");
  EXPECT_EQ(AttributeOf(person, "status"), "ACTIVE");
  EXPECT_EQ(AttributeOf(person, "credentials.provider.type"), "OKTA");
  EXPECT_EQ(AttributeOf(person, "tags"), "");
  EXPECT_EQ(person.attributes.size(), 5u);
}

TEST_F(OktaReaderTest, MissingIdentityIsAnErrorWithItsRow) {
  const std::string ada = OktaUser("a", "ACTIVE");
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      ada + R"({"status":"ACTIVE","profile":{"login":"bob@example.com"}})"),
              HasSubstr("row 2: the person \"bob@example.com\" has no \"id\"; export it"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada + R"({"id":"b","status":"ACTIVE","profile":{}})"),
              HasSubstr("row 2: the person \"b\" has no \"profile.login\""));
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, ada + R"({"id":"b","profile":{"login":"bob@example.com"}})"),
      HasSubstr("row 2: the person \"bob@example.com\" has no \"status\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada + R"({"id":true,"profile":{}})"),
              AllOf(HasSubstr("row 2: \"id\" is true; a text is expected"), HasSubstr("$.id")));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada + R"({"id":"b","profile":"x"})"),
              HasSubstr("row 2: \"profile\" is \"x\"; an object is expected"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "[" + ada + ",null]"),
              HasSubstr("row 2: \"null\" stands where a person or a group is expected"));
}

TEST_F(OktaReaderTest, AnIdentityKeyThatComesTwiceIsAnError) {
  for (const char* pair : {R"("id":"1","id":"1")", R"("status":"ACTIVE","status":"SUSPENDED")",
                           R"("profile":{"login":"a","login":"b"})",
                           R"("profile":{"login":"a"},"profile":{"login":"b"})"}) {
    EXPECT_THAT(
        Refusal(Code::kInvalidArgument, absl::StrCat(OktaUser("a", "ACTIVE"), "\n{", pair, "}")),
        AllOf(HasSubstr("row 2: "), HasSubstr("comes twice in one object")))
        << pair;
  }
}

TEST_F(OktaReaderTest, AnExportCutAnywhereIsNeverAShorterList) {
  const std::string array = "[" + OktaUser("a", "ACTIVE") + "," + OktaUser("b", "SUSPENDED") + "]";
  for (size_t length = 1; length < array.size(); ++length) {
    EXPECT_FALSE(Read(array.substr(0, length)).ok()) << array.substr(0, length);
  }
  EXPECT_EQ(Read(array.substr(0, array.size() - 1)).status().code(), Code::kDataLoss);
}

TEST_F(OktaReaderTest, GroupsListTheirMembersInEitherWay) {
  const std::string people = OktaUser("a", "ACTIVE") + OktaUser("b", "DEPROVISIONED");
  for (const std::string& groups :
       {std::string(R"([{"id":"g1","profile":{"name":"eng"},"members":["a","b"]},)"
                    R"({"id":"g2","profile":{"name":"ops","description":null},"members":[]}])"),
        std::string(
            R"({"id":"g1","_embedded":{"stats":{"n":[1]},"users":[{"id":"b","type":{"id":"x"}},)"
            R"({"id":"a"}]},"profile":{"name":"eng"}})"
            R"({"id":"g2","profile":{"name":"ops"},"_embedded":{"users":[]}})")}) {
    absl::StatusOr<Export> exported = Read(people, groups);
    ASSERT_TRUE(exported.ok()) << exported.status();
    EXPECT_EQ(GroupsOf(*exported), "eng: a b\nops:\n");
    EXPECT_EQ(exported->groups[0].id, "g1");
    EXPECT_TRUE(exported->findings.empty());
  }
}

TEST_F(OktaReaderTest, AGroupWithoutAListOfMembersIsHeld) {
  absl::StatusOr<Export> exported = Read(
      OktaUser("a", "DEPROVISIONED"),
      R"([{"id":"g1","profile":{"name":"eng"}},{"id":"g2","profile":{"name":"ops"},"members":null},)"
      R"({"id":"g3","profile":{"name":"hr"},"members":[]}])");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "eng: held\nhr:\nops: held\n");
  ASSERT_EQ(exported->findings.size(), 1u);
  EXPECT_EQ(exported->findings[0].name, "groups_without_members");
  EXPECT_THAT(exported->findings[0].message, HasSubstr("2 groups (\"eng\", \"ops\") have"));
  EXPECT_THAT(exported->findings[0].subjects, ::testing::ElementsAre("eng", "ops"));
}

TEST_F(OktaReaderTest, GroupsMustBeNamedAndStandInTheirOwnFile) {
  const std::string ada = OktaUser("a", "ACTIVE");
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, R"([{"id":"g1","profile":{},"members":[]}])"),
              HasSubstr("row 1: the group \"g1\" has no \"profile.name\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, R"([{"profile":{"name":"x"},"members":[]}])"),
              HasSubstr("row 1: the group \"x\" has no \"id\""));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, ada, "[" + ada + "]"),
              HasSubstr("give people in export.people"));
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, ada + R"({"id":"g1","profile":{"name":"x"},"members":[]})"),
      HasSubstr("give groups in export.groups"));
  for (const char* member : {"null", "true", "\"\"", "[]", "{}", R"({"id":{}})", R"({"id":""})"}) {
    EXPECT_THAT(
        Refusal(Code::kInvalidArgument, ada,
                absl::StrCat(R"([{"id":"g1","profile":{"name":"x"},"members":[)", member, "]}]")),
        HasSubstr("row 1: "))
        << member;
  }
}

TEST_F(OktaReaderTest, AnErrorAnswerIsNoExport) {
  const std::string answer = R"({"errorCode":"E0000011","errorSummary":"Invalid token provided"})";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, answer),
              AllOf(HasSubstr("error answer"), HasSubstr("working credentials")));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, OktaUser("a", "ACTIVE") + answer),
              HasSubstr("row 2: this is an error answer"));
}

TEST_F(OktaReaderTest, TheSampleIsRead) {
  const std::string samples = std::string(ROLLCALL_SOURCE_DIR) + "/../shared/samples/";
  if (!std::filesystem::exists(samples)) GTEST_SKIP() << "no samples beside the repository";
  ExportRequest request;
  request.people.path = samples + "okta/user.json";
  request.keep_attributes = {"user_type", "cost_center"};
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported),
            "00ub0oNGTSWTBKOLGLNR isaac.brock@example.com isaac.brock@example.com active\n");
  EXPECT_EQ(AttributeOf(exported->people[0], "user_type"), "Employee");
  EXPECT_EQ(AttributeOf(exported->people[0], "cost_center"), "10");
}

}  // namespace
}  // namespace rollcall::idp
