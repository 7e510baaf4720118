// How much one SCIM record may make us keep: at the limit, and one past it.
#include "absl/strings/str_cat.h"
#include "clients/idp/scim_record.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Code = absl::StatusCode;

class ScimLimitsTest : public ExportFolder {};

constexpr size_t kMax = ScimRecord::kMaxBytes;
constexpr int kTexts = 64;

// The n-th of kTexts texts that together take `total` bytes of a record, as TextList counts them,
// where each comes with `beside` bytes.
std::string TextOf(int n, size_t total, size_t beside) {
  const size_t share = total / kTexts + (n == 0 ? total % kTexts : 0);
  return absl::StrCat(std::string(share - TextList::BytesOf("") - beside - 2, 'x'), 10 + n);
}

template <typename Write>
std::string Joined(Write write) {
  std::string text;
  for (int n = 0; n < kTexts; ++n) absl::StrAppend(&text, n == 0 ? "" : ",", write(n));
  return text;
}

std::string GroupsOfOnePerson(size_t total) {
  const std::string groups = Joined([&](int n) {
    return absl::StrCat(R"({"value":")", TextOf(n, total, TextList::BytesOf("")), "\"}");
  });
  return absl::StrCat(R"({"id":"p1","userName":"ada","groups":[)", groups, "]}");
}

std::string AttributesOfOnePerson(size_t total) {
  return absl::StrCat(R"({"id":"p1","userName":"ada",)", Joined([&](int n) {
                        return absl::StrCat("\"k", 10 + n, "\":\"",
                                            TextOf(n, total, TextList::BytesOf("k10")), "\"");
                      }),
                      "}");
}

std::string Members(size_t total) {
  return absl::StrCat("\"members\":[",
                      Joined([&](int n) { return absl::StrCat("\"", TextOf(n, total, 0), "\""); }),
                      "]");
}

constexpr char kSchema[] = R"("schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],)";
constexpr char kNames[] = R"("id":"g1","displayName":"everybody")";
constexpr char kPersonAlone[] = R"({"id":"p1","userName":"ada"})";

TEST_F(ScimLimitsTest, APersonsGroupsAreLimitedInBytes) {
  const absl::StatusOr<Export> exported = Read(GroupsOfOnePerson(kMax));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->groups.size(), kTexts);
  EXPECT_THAT(Refusal(Code::kInvalidArgument, GroupsOfOnePerson(kMax + 1)),
              AllOf(HasSubstr("row 1: \"groups\": "), HasSubstr("more than 67108864 bytes"),
                    HasSubstr("export groups as records of their own, with \"members\"")));
}

TEST_F(ScimLimitsTest, APersonsAttributesAreLimitedInBytes) {
  ExportRequest request = Request(AttributesOfOnePerson(kMax));
  request.keep_all_attributes = true;
  const absl::StatusOr<Export> exported = ReadExport(std::move(request));
  ASSERT_TRUE(exported.ok()) << exported.status();
  request = Request(AttributesOfOnePerson(kMax + 1));
  request.keep_all_attributes = true;
  EXPECT_THAT(Refusal(Code::kInvalidArgument, std::move(request)),
              AllOf(HasSubstr("row 1: \"k73\": "), HasSubstr("fewer or shorter attributes")));
}

TEST_F(ScimLimitsTest, MembersBeforeTheirGroupsNameAreLimitedInBytes) {
  const auto group = [](size_t total) {
    return absl::StrCat("{", kSchema, Members(total), ",", kNames, "}");
  };
  const absl::StatusOr<Export> exported = Read(kPersonAlone, group(kMax));
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->groups.size(), 1u);
  EXPECT_THAT(Refusal(Code::kInvalidArgument, kPersonAlone, group(kMax + 1)),
              AllOf(HasSubstr("row 1: \"members\": "), HasSubstr("more than 67108864 bytes"),
                    HasSubstr("\"id\" and \"displayName\" before \"members\"")));
}

TEST_F(ScimLimitsTest, MembersAfterTheirGroupsNameAreReadHoweverManyTheyAre) {
  std::string members = Members(kMax + 1);
  members.insert(members.find('[') + 1, R"("p1",)");
  members.insert(members.size() - 1, R"(,{"value":"p2"})");
  const absl::StatusOr<Export> exported =
      Read(absl::StrCat(kPersonAlone, R"({"id":"p2","userName":"bob"})"),
           absl::StrCat("{", kNames, ",", members, "}"));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(GroupsOf(*exported), "everybody: p1 p2 held\n");
}

TEST_F(ScimLimitsTest, AMillionMembersFitWhereverTheGroupsNameStands) {
  std::string members = R"("members":["p1")";
  members.reserve(size_t{40} << 20);
  for (int i = 0; i < 1'000'000; ++i) {
    absl::StrAppend(&members, ",\"", 10'000'000 + i, "-0000-0000-0000-00000000000a\"");
  }
  members += "]";
  for (const std::string& group : {absl::StrCat("{", kSchema, members, ",", kNames, "}"),
                                   absl::StrCat("{", kNames, ",", members, "}")}) {
    const absl::StatusOr<Export> exported = Read(kPersonAlone, group);
    ASSERT_TRUE(exported.ok()) << exported.status();
    EXPECT_EQ(GroupsOf(*exported), "everybody: p1 held\n");
  }
}

TEST_F(ScimLimitsTest, ARecordWhoseMembersWereTakenForAGroupsCannotTurnIntoAPerson) {
  EXPECT_THAT(Refusal(Code::kInvalidArgument,
                      absl::StrCat("{", kNames, ",", Members(ScimRecord::kSliceBytes),
                                   R"(,"userName":"ada"})")),
              HasSubstr("row 1: \"ada\" has members, as a group, and then a \"userName\""));
}

}  // namespace
}  // namespace rollcall::idp
