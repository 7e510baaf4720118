// How much one record of Okta, Entra or Google may make us keep: at the limit, and one past it.
#include "absl/strings/str_cat.h"
#include "clients/idp/text_list.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Code = absl::StatusCode;

class RecordLimitsTest : public ExportFolder {};

constexpr int kPieces = 64;

// The n-th of kPieces texts that together take `total` bytes of a record, as TextList counts them,
// where each comes with `beside` bytes.
std::string Piece(int n, size_t total, size_t beside = 0) {
  const size_t share = total / kPieces + (n == 0 ? total % kPieces : 0);
  return absl::StrCat(std::string(share - TextList::BytesOf("") - beside - 2, 'x'), 10 + n);
}

std::string Pieces(size_t total) {
  std::string text;
  for (int n = 0; n < kPieces; ++n) {
    absl::StrAppend(&text, n == 0 ? "[\"" : ",\"", Piece(n, total), "\"");
  }
  return text + "]";
}

constexpr char kOktaAda[] = R"({"id":"p1","status":"DEPROVISIONED","profile":{"login":"ada"}})";
constexpr char kGoogleAda[] = R"({"id":"p1","primaryEmail":"ada@example.com","suspended":false)";

TEST_F(RecordLimitsTest, AliasesAreLimitedInBytes) {
  const auto person = [](size_t total) {
    return absl::StrCat(kGoogleAda, R"(,"aliases":)", Pieces(total), "}");
  };
  const absl::StatusOr<Export> exported = Read(person(kMaxRecordBytes));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people[0].aliases.size(), static_cast<size_t>(kPieces));
  EXPECT_THAT(Refusal(Code::kInvalidArgument, person(kMaxRecordBytes + 1)),
              AllOf(HasSubstr("row 1: \"aliases\": "), HasSubstr("more than 67108864 bytes"),
                    HasSubstr("fewer or shorter aliases")));
}

TEST_F(RecordLimitsTest, AttributesAreLimitedInBytes) {
  const auto request = [this](size_t total) {
    // The e-mail is an attribute too, by its key in the record.
    std::string text = absl::StrCat(R"({"id":"p1","suspended":false,"primaryEmail":"ada")");
    const size_t known = TextList::BytesOf("suspended") + TextList::BytesOf("false") +
                         TextList::BytesOf("primaryEmail") + TextList::BytesOf("ada");
    for (int n = 0; n < kPieces; ++n) {
      absl::StrAppend(&text, ",\"k", 10 + n, "\":\"",
                      Piece(n, total - known, TextList::BytesOf("k10")), "\"");
    }
    ExportRequest made = Request(text + "}");
    made.keep_all_attributes = true;
    return made;
  };
  const absl::StatusOr<Export> exported = ReadExport(request(kMaxRecordBytes));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_THAT(Refusal(Code::kInvalidArgument, request(kMaxRecordBytes + 1)),
              AllOf(HasSubstr("row 1: \"k73\": "), HasSubstr("fewer or shorter attributes")));
}

TEST_F(RecordLimitsTest, ThePathOfAnObjectIsLimitedInBytes) {
  for (const size_t bytes : {size_t{64} << 10, (size_t{64} << 10) + 1}) {
    const std::string inner = std::string(bytes - 6, 'y');  // after "outer."
    ExportRequest request =
        Request(absl::StrCat(kGoogleAda, R"(,"outer":{")", inner, R"(":{"last":"value"}}})"));
    request.keep_all_attributes = true;
    const absl::StatusOr<Export> exported = ReadExport(std::move(request));
    EXPECT_EQ(exported.ok(), bytes == size_t{64} << 10) << exported.status();
    if (!exported.ok()) {
      EXPECT_THAT(std::string(exported.status().message()), HasSubstr("65536 bytes"));
    }
  }
}

TEST_F(RecordLimitsTest, MembersBeforeTheirGroupsNameAreLimitedInBytes) {
  const auto group = [this](size_t total) {
    // The name comes later than detection looks: the format is that of the people.
    return Request(kOktaAda, absl::StrCat(R"({"members":)", Pieces(total),
                                          R"(,"id":"g","profile":{"name":"eng"}})"));
  };
  const absl::StatusOr<Export> exported = ReadExport(group(kMaxRecordBytes));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_THAT(
      Refusal(Code::kInvalidArgument, group(kMaxRecordBytes + 1)),
      AllOf(HasSubstr("row 1: \"members\": "), HasSubstr("id and name before \"members\"")));
}

TEST_F(RecordLimitsTest, MembersAfterTheirGroupsNameAreReadHoweverManyTheyAre) {
  std::string members = Pieces(kMaxRecordBytes + 1);
  members.insert(1, R"("p1",)");
  const std::string ada = absl::StrCat(kGoogleAda, "}");
  const std::string entra =
      R"({"id":"p1","userPrincipalName":"ada@example.com","accountEnabled":true})";
  const std::pair<std::string, std::string> exports[] = {
      {kOktaAda, R"({"id":"g","profile":{"name":"eng"},"members":)"},
      {ada, R"({"email":"g@example.com","name":"eng","members":)"},
      {entra, R"({"id":"g","displayName":"eng","members":)"},
  };
  for (const auto& [people, head] : exports) {
    const absl::StatusOr<Export> exported = Read(people, head + members + "}");
    ASSERT_TRUE(exported.ok()) << exported.status();
    EXPECT_EQ(GroupsOf(*exported), "eng: p1 held\n");
  }
}

}  // namespace
}  // namespace rollcall::idp
