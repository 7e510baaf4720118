// Files, encodings, compression, checksums, detection: what all formats share.
#include "clients/idp/read_export.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fingerprint.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Code = absl::StatusCode;

class ReadExportTest : public ExportFolder {};

const char kPeople[] = R"([{"id":"1","userName":"ada"},{"id":"2","userName":"bob"}])";

std::string Utf16(const std::string& ascii, bool big) {
  std::string text;
  for (char c : ascii) {
    if (big) text.push_back('\0');
    text.push_back(c);
    if (!big) text.push_back('\0');
  }
  return text;
}

TEST_F(ReadExportTest, AMissingFileIsNotFoundAndNamed) {
  ExportRequest request;
  request.people.path = folder_ + "/nowhere.json";
  EXPECT_THAT(Refusal(Code::kNotFound, std::move(request)),
              HasSubstr("/nowhere.json: there is no"));
  ExportRequest folder;
  folder.people.path = folder_;
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(folder)), HasSubstr("is a folder"));
}

TEST_F(ReadExportTest, AByteOrderMarkAndGzipAreRead) {
  const std::string csv = "id,user_name,active\n1,ada,true\n";
  for (const std::string& text : {std::string(kPeople), csv}) {
    const size_t people = Read(text)->people.size();
    for (const std::string& form :
         {"\xEF\xBB\xBF" + text, Gzip(text), Gzip("\xEF\xBB\xBF" + text)}) {
      absl::StatusOr<Export> exported = Read(form);
      ASSERT_TRUE(exported.ok()) << exported.status();
      EXPECT_EQ(exported->people.size(), people);
      EXPECT_EQ(exported->content_hash, Read(text)->content_hash);
    }
  }
}

TEST_F(ReadExportTest, OtherEncodingsAreRefusedWithTheCure) {
  for (const std::string& text : {std::string("\xFF\xFE") + Utf16(kPeople, false),
                                  std::string("\xFE\xFF") + Utf16(kPeople, true),
                                  Utf16(kPeople, false), Utf16(kPeople, true)}) {
    EXPECT_THAT(Refusal(Code::kInvalidArgument, text),
                AllOf(HasSubstr("/people: is UTF-16, not UTF-8"), HasSubstr("iconv")));
  }
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::string("\xFF\xFE\0\0i\0\0\0", 8)),
              HasSubstr("is UTF-32"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::string("[\0\0\0]\0\0\0", 8)),
              HasSubstr("is UTF-32"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, Gzip(Utf16(kPeople, false))), HasSubstr("UTF-16"));
}

TEST_F(ReadExportTest, InvalidUtf8NamesTheByte) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "id,user_name,active\n1,\xE9,true\n"),
              HasSubstr("byte 22 is not valid UTF-8"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "\xEF\xBB\xBFid,user_name,active\n1,\xE9,true\n"),
              HasSubstr("byte 25 is not valid UTF-8"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      "id,user_name,active\n" + std::string(70000, '\n') + "1,\xE9,true\n"),
              HasSubstr("byte 70022 is not valid UTF-8"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::string("id,user_name,active\n1,\0,true\n", 29)),
              HasSubstr("byte 22 is a NUL"));
}

TEST_F(ReadExportTest, GzipMembersAfterOneAnotherAreOneText) {
  const std::string text = kPeople;
  absl::StatusOr<Export> exported =
      Read(Gzip(text.substr(0, 20)) + Gzip("") + Gzip(text.substr(20)) + std::string(512, '\0'));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people.size(), 2u);
}

TEST_F(ReadExportTest, GzipThatIsCutOrDamagedIsDataLoss) {
  const std::string packed = Gzip(kPeople);
  for (size_t length = 3; length < packed.size(); ++length) {
    absl::StatusOr<Export> exported = Read(packed.substr(0, length));
    ASSERT_EQ(exported.status().code(), Code::kDataLoss) << length << exported.status();
  }
  std::string damaged = packed;
  damaged[damaged.size() - 6] ^= 1;
  EXPECT_THAT(Refusal(Code::kDataLoss, damaged), HasSubstr("damaged"));
  EXPECT_THAT(Refusal(Code::kDataLoss, packed + "x"), HasSubstr("follows the gzip data"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, Gzip(packed)), HasSubstr("gzip twice"));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "PK\x03\x04zip"), HasSubstr("zip archive"));
}

TEST_F(ReadExportTest, TheDecodedSizeIsLimited) {
  const std::string text = kPeople + std::string(200000, '\n');
  for (const std::string& form : {text, Gzip(text)}) {
    ExportRequest request = Request(form);
    request.max_bytes = text.size();
    EXPECT_TRUE(ReadExport(std::move(request)).ok());
    ExportRequest smaller = Request(form);
    smaller.max_bytes = text.size() - 1;
    EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(smaller)), HasSubstr("is longer than"));
  }
}

TEST_F(ReadExportTest, WhatCannotBeToldSaysWhyEachFormatWasNotIt) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, "<html><body>Sign in</body></html>"),
              AllOf(HasSubstr("scim: "), HasSubstr("okta: "), HasSubstr("entra: "),
                    HasSubstr("google: "), HasSubstr("csv: row 1"), HasSubstr("export.format")));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"({"hello":"world"})"), HasSubstr("scim: "));
}

TEST_F(ReadExportTest, EveryFormatIsToldByItsKeys) {
  const std::pair<const char*, const char*> texts[] = {
      {"scim", R"([{"id":"1","userName":"ada"}])"},
      {"okta", R"([{"id":"00u1","status":"ACTIVE","profile":{"login":"ada@example.com"}}])"},
      {"okta", R"({"id":"00u1","status":"ACTIVE","profile":{"login":"ada@example.com"}})"},
      {"entra", R"({"value":[{"accountEnabled":true,"id":"1","userPrincipalName":"ada"}]})"},
      {"entra", R"({"accountEnabled":true,"id":"1","userPrincipalName":"ada"})"},
      {"google", R"({"users":[{"id":"1","primaryEmail":"ada@example.com"}]})"},
      {"google", R"([{"id":"1","primaryEmail":"ada@example.com"}])"},
      {"csv", "id,user_name,active\n1,ada,true\n"},
  };
  for (const auto& [format, text] : texts) {
    absl::StatusOr<Export> exported = Read(text);
    ASSERT_TRUE(exported.ok()) << exported.status() << text;
    EXPECT_EQ(exported->format, format) << text;
    EXPECT_EQ(exported->people.size(), 1u);
  }
  EXPECT_EQ(Read(R"({"@odata.context":"x","value":[]})")->format, "entra");
  EXPECT_EQ(Read(R"({"value":[]})")->format, "entra");
  EXPECT_EQ(Read(R"({"users":[]})")->format, "google");
}

TEST_F(ReadExportTest, AFormatThatIsSetNeverReadsAnotherAsNobody) {
  const std::string texts[] = {R"({"Resources":[{"id":"1","userName":"ada"}]})",
                               R"({"users":[{"id":"1"}]})",
                               R"({"value":[{"id":"1"}]})",
                               R"({"id":"1","profile":{"login":"ada"}})",
                               "{}",
                               "[{}]",
                               R"({"error":{"code":401}})",
                               R"({"errorCode":"E1","errorSummary":"x"})"};
  for (const std::string& text : texts) {
    for (const char* format : {"okta", "entra", "google"}) {
      ExportRequest request = Request(text);
      request.format = format;
      EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(request)), HasSubstr("row 1: "))
          << format << text;
    }
  }
}

TEST_F(ReadExportTest, GroupsAreTakenForTheFormatOfThePeopleWhereTheyFit) {
  const std::string entra =
      R"({"accountEnabled":true,"id":"1","userPrincipalName":"ada@example.com"})";
  const std::string empty = R"({"id":"g2","displayName":"ops","members":[]})";
  const std::string full = R"({"id":"g1","displayName":"eng","members":[{"id":"1"}]})";
  EXPECT_EQ(GroupsOf(*Read(entra, "[" + empty + "," + full + "]")), "eng: 1\nops:\n");
  // Those of another format are told by their content all the same.
  EXPECT_EQ(GroupsOf(*Read(entra, "group,member\neng,1\n")), "eng: 1\n");
  EXPECT_EQ(GroupsOf(*Read(entra, R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],)"
                                  R"("id":"g","displayName":"eng","members":[{"value":"1"}]})")),
            "eng: 1\n");
  EXPECT_EQ(GroupsOf(*Read("id,user_name,active\n1,ada,true\n",
                           R"({"groups":[{"email":"e","name":"eng","members":[{"id":"1"}]}]})")),
            "eng: 1\n");
}

TEST_F(ReadExportTest, AnErrorAnswerIsNamedAsSuch) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument, R"({"error":{"code":401,"message":"Invalid"}})"),
              AllOf(HasSubstr("it is an error answer"), HasSubstr("working credentials")));
}

TEST_F(ReadExportTest, TheFormatIsToldByContentNotByName) {
  ExportRequest request;
  request.people.path = Write("people.json", "id,user_name,active\n1,ada,true\n");
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->format, "csv");
}

TEST_F(ReadExportTest, AnUnknownFormatIsAnError) {
  ExportRequest request = Request(kPeople);
  request.format = "ldif";
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(request)),
              HasSubstr("the format \"ldif\" is unknown"));
  ExportRequest wrong = Request(kPeople);
  wrong.format = "csv";
  EXPECT_FALSE(ReadExport(std::move(wrong)).ok());
}

TEST_F(ReadExportTest, AChecksumBesideTheFileIsVerified) {
  const std::string packed = Gzip(kPeople);
  const std::string digest = Sha256Hex(packed);
  for (const std::string& form : {digest, digest + "\n", digest + "  people\n",
                                  absl::AsciiStrToUpper(digest) + " *people\n"}) {
    Write("people.sha256", form);
    EXPECT_TRUE(Read(packed).ok()) << form;
    EXPECT_THAT(Refusal(Code::kDataLoss, std::string(kPeople)), HasSubstr(digest)) << form;
  }
  for (const std::string& form :
       {std::string(), digest.substr(1), digest + "0", std::string(64, 'z')}) {
    Write("people.sha256", form);
    EXPECT_THAT(Refusal(Code::kInvalidArgument, packed),
                HasSubstr("people.sha256: holds no SHA-256"));
  }
}

TEST_F(ReadExportTest, AMinimumOfPeopleClosesTheGapOfCutLines) {
  ExportRequest request = Request(kPeople);
  request.min_people = 2;
  EXPECT_TRUE(ReadExport(std::move(request)).ok());
  ExportRequest more = Request(kPeople);
  more.min_people = 3;
  EXPECT_THAT(Refusal(Code::kDataLoss, std::move(more)),
              AllOf(HasSubstr("holds 2 people"), HasSubstr("at least 3")));
}

TEST_F(ReadExportTest, TheContentIsHashedAndTheOlderFileGivesTheTime) {
  ExportRequest request = Request(kPeople, "group,member\neng,1\n");
  const std::string groups = request.groups[0].path;
  std::filesystem::last_write_time(
      groups, std::filesystem::last_write_time(groups) - std::chrono::hours(5));
  const absl::Time before = absl::Now() - absl::Hours(4);
  absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_TRUE(exported->time.has_value());
  EXPECT_LT(*exported->time, before);
  EXPECT_EQ(exported->content_hash, Read(kPeople, "group,member\neng,1\n")->content_hash);
  EXPECT_NE(exported->content_hash, Read(kPeople, "group,member\neng,2\n")->content_hash);
  EXPECT_EQ(Read(kPeople)->content_hash, Sha256Hex(kPeople));
}

// Gives `head` and then `filler` for ever, as a command that went mad.
class Endless final : public json::ByteSource {
 public:
  Endless(std::string head, char filler, uint64_t* pulled)
      : head_(std::move(head)), filler_(filler), pulled_(pulled) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    std::fill(buffer, buffer + size, filler_);
    if (*pulled_ == 0) head_.copy(buffer, size);
    *pulled_ += size;
    return size;
  }

 private:
  std::string head_;
  char filler_;
  uint64_t* pulled_;
};

TEST_F(ReadExportTest, ALineOfAGigabyteFailsEarly) {
  for (const char* head : {"[{\"id\":\"", "id,user_name,active\n1,\"", "id,user_name,active\n1,",
                           "id,user_name,active", "{\"userName\":1"}) {
    for (const char* format : {"scim", "csv"}) {
      uint64_t pulled = 0;
      ExportRequest request;
      request.people.path = "the output of get-people";
      request.people.source = std::make_unique<Endless>(head, '7', &pulled);
      request.format = format;
      EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(request)),
                  HasSubstr("the output of get-people: "));
      EXPECT_LT(pulled, uint64_t{40} << 20);
    }
  }
}

class Failing final : public json::ByteSource {
 public:
  absl::StatusOr<size_t> Read(char*, size_t) override {
    return absl::UnavailableError("exit code 1");
  }
};

TEST_F(ReadExportTest, ASourceThatFailsIsDataLoss) {
  ExportRequest request;
  request.people.path = "the output of get-people";
  request.people.source = std::make_unique<Failing>();
  EXPECT_EQ(Refusal(Code::kDataLoss, std::move(request)), "the output of get-people: exit code 1");
}

}  // namespace
}  // namespace rollcall::idp
