// The format `csv`, read from files.
#include "clients/idp/csv_reader.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::HasSubstr;
using Code = absl::StatusCode;

class CsvReaderTest : public ExportFolder {};

const char kPlain[] =
    "id,user_name,email,active,groups\n"
    "1,ada,ada@example.com,true,eng; ops\n"
    "2,bob,bob@example.com,false,\n"
    "3,cy,,YES,ops\n";

TEST_F(CsvReaderTest, ThePlainHeaderIsKnown) {
  absl::StatusOr<Export> exported = Read(kPlain);
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported),
            "1 ada ada@example.com active\n2 bob bob@example.com inactive\n3 cy  active\n");
  EXPECT_EQ(GroupsOf(*exported), "eng: 1\nops: 1 3\n");
  EXPECT_EQ(exported->format, "csv");
  EXPECT_TRUE(exported->has_stable_ids);
  EXPECT_EQ(exported->people[0].row, 2u);
}

TEST_F(CsvReaderTest, SeparatorsAndLineEndsAreTold) {
  for (const char* separator : {",", "\t", "|"}) {
    if (*separator == '|') continue;
    for (const char* end : {"\n", "\r\n", "\r"}) {
      absl::StatusOr<Export> exported =
          Read(absl::StrReplaceAll(kPlain, {{",", separator}, {"\n", end}}));
      ASSERT_TRUE(exported.ok()) << exported.status();
      EXPECT_EQ(exported->people.size(), 3u);
      EXPECT_EQ(GroupsOf(*exported), "eng: 1\nops: 1 3\n");
    }
  }
  absl::StatusOr<Export> semicolons = Read("id;user_name;active;groups\n1;ada;1;\"eng;ops\"\n");
  ASSERT_TRUE(semicolons.ok()) << semicolons.status();
  EXPECT_EQ(GroupsOf(*semicolons), "eng: 1\nops: 1\n");
}

TEST_F(CsvReaderTest, TheConfiguredDelimiterWinsOverTheHeaderRow) {
  // The header row alone looks like a file of commas.
  const std::string text = "user_name;active;note, a, b, c\nada;1;x\n";
  EXPECT_FALSE(Read(text).ok());
  ExportRequest request = Request(text, "group;member;a, b, c\neng;ada;\n");
  request.csv.delimiter = ';';
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported), "ada ada  active\n");
  EXPECT_EQ(GroupsOf(*exported), "eng: ada\n");
  ExportRequest other = Request(kPlain);
  other.csv.delimiter = '\t';
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(other)),
              HasSubstr("its columns are \"id,user_name,email,active,groups\""));
}

TEST_F(CsvReaderTest, ConfiguredStatusesWinOverTheBuiltInTable) {
  const std::string text =
      "login,email,status\nada,,ACTIVE\nbob,,locked_out\ncy,,SUSPENDED\ndi,,ON_LEAVE\n";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, text), HasSubstr("ON_LEAVE"));
  ExportRequest request = Request(text);
  request.statuses.Set("LOCKED_OUT", Standing::kHold);
  request.statuses.Set("On_Leave", Standing::kInactive);
  request.statuses.Set("SUSPENDED", Standing::kActive);
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people[0].standing, Standing::kActive);
  EXPECT_EQ(exported->people[1].standing, Standing::kHold);
  EXPECT_EQ(exported->people[2].standing, Standing::kActive);
  EXPECT_EQ(exported->people[3].standing, Standing::kInactive);
}

TEST_F(CsvReaderTest, QuotedFieldsHoldAnything) {
  absl::StatusOr<Export> exported =
      Read("\"id\",\"user_name\",active\r\n\"1\",\"a,\"\"b\"\"\nc\",true\r\n2,\"\"\"\",no");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported), "1 a,\"b\"\nc  active\n2 \"  inactive\n");
}

TEST_F(CsvReaderTest, EntraPortalHeadersAreKnown) {
  ExportRequest request = Request(
      "userPrincipalName,displayName,surname,mail,givenName,id,userType,accountEnabled\n"
      "ada@example.com,Ada,B,,Ada,11,Member,True\n"
      "g_x.com#EXT#@example.com,Guest,B,g@x.example.com,G,12,Guest,False\n");
  request.keep_attributes = {"user_type"};
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported),
            "11 ada@example.com ada@example.com active\n"
            "12 g_x.com#EXT#@example.com g@x.example.com inactive\n");
  EXPECT_EQ(AttributeOf(exported->people[1], "user_type"), "Guest");
}

TEST_F(CsvReaderTest, GoogleConsoleHeadersAreKnownAndHaveNoStableId) {
  absl::StatusOr<Export> exported = Read(
      "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY]\n"
      "Ada,B,ada@example.com,Active\nBob,C,bob@example.com,Suspended\n");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported),
            "ada@example.com ada@example.com ada@example.com active\n"
            "bob@example.com bob@example.com bob@example.com inactive\n");
  EXPECT_FALSE(exported->has_stable_ids);
}

TEST_F(CsvReaderTest, OktaReportsHaveTheirStatusWords) {
  std::string text = "login,email,firstName,lastName,status\n";
  for (const char* word : {"ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "PROVISIONED"}) {
    absl::StrAppend(&text, word, "-a,,x,y,", word, "\n");
  }
  for (const char* word : {"STAGED", "SUSPENDED", "DEPROVISIONED"}) {
    absl::StrAppend(&text, word, "-i,,x,y,", word, "\n");
  }
  absl::StatusOr<Export> exported = Read(text);
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->people.size(), 8u);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(exported->people[i].standing, i < 5 ? Standing::kActive : Standing::kInactive);
  }
  EXPECT_FALSE(exported->has_stable_ids);
}

TEST_F(CsvReaderTest, TruthValuesAreThoseListedAndNoOthers) {
  for (const char* word : {"true", "TRUE", "Yes", "1", "Active", "ENABLED", " true "}) {
    EXPECT_EQ(Read(absl::StrCat("id,user_name,active\n1,a,", word))->people[0].standing,
              Standing::kActive)
        << word;
  }
  for (const char* word : {"false", "No", "0", "INACTIVE", "disabled"}) {
    EXPECT_EQ(Read(absl::StrCat("id,user_name,active\n1,a,", word))->people[0].standing,
              Standing::kInactive)
        << word;
  }
  for (const char* word : {"", "y", "t", "2", "suspended", "maybe", "null"}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument,
                        absl::StrCat("id,user_name,active\n1,a,true\n2,b,", word, "\n")),
                HasSubstr(absl::StrCat("row 3, column \"active\": \"", word, "\"")));
  }
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "login,status\na,FROZEN\n"),
              HasSubstr("row 2, column \"status\": \"FROZEN\""));
}

TEST_F(CsvReaderTest, RowsWithTooManyOrTooFewFieldsAreErrors) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active\n1,a,true\n2,b\n"),
              HasSubstr("row 3: 2 fields, but the header has 3"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active\n1,a,true,x\n"),
              HasSubstr("row 2: 4 fields, but the header has 3"));
}

TEST_F(CsvReaderTest, MissingIdentityIsAnErrorWithItsRow) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active\n1,,true\n"),
              HasSubstr("row 2: the user name is empty"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active\n1,a,true\n,b,true\n"),
              HasSubstr("row 3: the id is empty"));
}

TEST_F(CsvReaderTest, AQuoteThatNeverClosesNamesTheRowWhereItBegan) {
  const std::string message =
      Refusal(Code::kInvalidArgument,
              "id,user_name,active\n1,\"a\nb\",true\n2,\"b,true\n3,c,true\n4,d,no\n");
  EXPECT_THAT(message, HasSubstr("row 3 (line 4): a quote that opens here never closes"));
}

TEST_F(CsvReaderTest, TextAfterAClosingQuoteIsAnError) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active\n1,\"a\"b,true\n"),
              HasSubstr("row 2: text follows a closing quote"));
}

TEST_F(CsvReaderTest, HeadersThatAreWrongAreErrors) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active,ID\n"),
              HasSubstr("two columns are called \"ID\""));
  ExportRequest no_name = Request("id,mail,active\n1,x,true\n");
  no_name.format = "csv";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(no_name)),
              HasSubstr("no column is known to hold the user name"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,email\n1,x,y\n"),
              HasSubstr("who is active"));
}

TEST_F(CsvReaderTest, ColumnsCanBeConfigured) {
  ExportRequest request =
      Request("Key,Konto,Post,An,Teams,email\n7,ada,ada@example.com,1,a|b,no\n");
  request.csv.id = "key";
  request.csv.user_name = "Konto";
  request.csv.email = "Post";
  request.csv.active = "An";
  request.csv.groups = "Teams";
  request.csv.group_separator = "|";
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(PeopleOf(*exported), "7 ada ada@example.com active\n");
  EXPECT_EQ(GroupsOf(*exported), "a: 7\nb: 7\n");
  ExportRequest wrong = Request("Key,Konto\n");
  wrong.format = "csv";
  wrong.csv.user_name = "Account";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(wrong)),
              HasSubstr("no column \"Account\""));
}

TEST_F(CsvReaderTest, HeaderOnlyAndEmptyFilesAreExportsOfNobody) {
  for (const char* text :
       {"id,user_name,active\n", "id,user_name,active", "", "\n", "\xEF\xBB\xBF"}) {
    for (const char* format : {"csv", "auto"}) {
      ExportRequest request = Request(text);
      request.format = format;
      absl::StatusOr<Export> exported = ReadExport(std::move(request));
      ASSERT_TRUE(exported.ok()) << exported.status();
      EXPECT_TRUE(exported->people.empty());
    }
  }
}

TEST_F(CsvReaderTest, BlankLinesAreLeftOutButCounted) {
  absl::StatusOr<Export> exported = Read("id,user_name,active\n\n1,a,true\n\r\n\n2,b,true\n\n");
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->people.size(), 2u);
  EXPECT_EQ(exported->people[0].row, 3u);
  EXPECT_EQ(exported->people[1].row, 6u);
}

TEST_F(CsvReaderTest, ASecondFileNamesMembersByIdElseByUserName) {
  absl::StatusOr<Export> exported =
      Read("id,user_name,active\n1,Ada,true\n2,bob,true\nada,cy,true\n",
           "group,member\neng,1\neng,BOB\nops,ada\nops,nobody\n");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "eng: 1 2\nops: ada held\n");
  EXPECT_THAT(exported->groups[1].held, HasSubstr("row 5"));
  EXPECT_THAT(exported->groups[1].held, HasSubstr("nobody"));
}

TEST_F(CsvReaderTest, AMembershipWithoutGroupOrMemberIsAnError) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kPlain, "group,member\n,1\n"),
              HasSubstr("/groups: row 2: the group is empty"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kPlain, "group,member\neng,\n"),
              HasSubstr("row 2: the member is empty"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kPlain, "team,member\neng,1\n"),
              HasSubstr("no column \"group\""));
}

TEST_F(CsvReaderTest, ALineOfSixteenMebibytesIsTheEnd) {
  const std::string head = "id,user_name,active\n1,a,true\n2,\"";
  auto with = [&](size_t length) { return head + std::string(length, 'x') + "\",true\n"; };
  constexpr size_t kLimit = (size_t{16} << 20) - 5;  // less "2" and "true"
  EXPECT_TRUE(Read(with(kLimit)).ok());
  EXPECT_THAT(Refusal(Code::kInvalidArgument, with(kLimit + 1)),
              HasSubstr("row 3: is longer than"));
}

TEST_F(CsvReaderTest, TwoThousandColumnsAreTheEnd) {
  std::string header = "id,user_name,active";
  std::string row = "1,a,true";
  for (int i = 3; i < 2000; ++i) {
    absl::StrAppend(&header, ",c", i);
    row += ",";
  }
  EXPECT_TRUE(Read(header + "\n" + row).ok());
  EXPECT_THAT(Refusal(Code::kInvalidArgument, header + "\n" + row + ",\n"),
              HasSubstr("row 2: has more than 2000 fields"));
}

TEST_F(CsvReaderTest, FieldsAcrossTheEdgeOfAPullAreWhole) {
  std::string text = "id,user_name,active\n";
  for (int i = 0; i < 20000; ++i) absl::StrAppend(&text, i, ",\"user \"\"", i, "\"\"\",true\r\n");
  absl::StatusOr<Export> exported = Read(text);
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->people.size(), 20000u);
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(exported->people[i].user_name, absl::StrCat("user \"", i, "\""));
  }
}

}  // namespace
}  // namespace rollcall::idp
