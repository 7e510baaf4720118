// Pages of users and groups: what decides anything is read, everything else is passed over, and
// what is not a list of rows is none.
#include "clients/jira/jira_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<JiraPage> Users(std::string body) {
  return ReadJiraPage("the users", JiraRowKind::kUser, body);
}
absl::StatusOr<JiraPage> Groups(std::string body) {
  return ReadJiraPage("the groups", JiraRowKind::kGroup, body);
}
absl::StatusOr<JiraRow> OneUser(std::string body) {
  return ReadJiraRow("the user", JiraRowKind::kUser, body);
}

TEST(JiraRowsTest, AUserHasWhatDecidesAndTheRestIsPassedOver) {
  const auto page = Users(
      R"([{"self":"https://x/","accountId":"557058:ab","accountType":"atlassian","key":"","name":"",
           "emailAddress":"mia@example.com","avatarUrls":{"16x16":"https://x/","active":false},
           "displayName":"Mia","active":true,"timeZone":"Etc/UTC","groups":{"size":1,"items":[
           {"name":"x","accountId":"another"}]},"applicationRoles":{"items":[]}}])");
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].id, "557058:ab");
  EXPECT_EQ(page->rows[0].account_type, "atlassian");
  EXPECT_EQ(page->rows[0].email, "mia@example.com");
  EXPECT_EQ(page->rows[0].active, true);
  EXPECT_FALSE(page->is_object);
}

TEST(JiraRowsTest, AHiddenEmailMayBeMissingNullOrEmpty) {
  for (const char* email : {"", R"(,"emailAddress":null)", R"(,"emailAddress":"")"}) {
    const auto page = Users(absl::StrCat(R"([{"accountId":"a","active":false)", email, "}]"));
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->rows[0].email, "");
    EXPECT_EQ(page->rows[0].active, false);
  }
}

TEST(JiraRowsTest, WhetherItIsActiveMayBeUnsaid) {
  for (const char* body : {R"([{"accountId":"a"}])", R"([{"accountId":"a","active":null}])"}) {
    const auto page = Users(body);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_FALSE(page->rows[0].active.has_value());
  }
}

TEST(JiraRowsTest, APageSaysItsTotalAndItsEnd) {
  const auto page = Groups(
      R"({"self":"https://x/","nextPage":"https://y/","maxResults":2,"startAt":0,"total":5,
          "isLast":false,"values":[{"name":"jdog","groupId":"276f"}]})");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->is_object);
  EXPECT_EQ(page->total, 5);
  EXPECT_EQ(page->max_results, 2);
  EXPECT_EQ(page->is_last, false);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].id, "276f");
  EXPECT_EQ(page->rows[0].name, "jdog");
}

TEST(JiraRowsTest, EmptyListsAreLists) {
  EXPECT_TRUE(Users("[]").ok());
  EXPECT_TRUE(Users(" [ ] \n").ok());
  const auto page = Users(R"({"values":[]})");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->rows.empty());
}

// What the site must not say. Nothing of it is taken.
class JiraBadUsersTest : public testing::TestWithParam<const char*> {};

TEST_P(JiraBadUsersTest, AreDataLoss) {
  const absl::Status status = Users(GetParam()).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("the users: "));
}

INSTANTIATE_TEST_SUITE_P(Shapes, JiraBadUsersTest,
                         testing::Values("{}", R"({"errorMessages":["no"],"errors":{}})",
                                         R"({"values":null})", R"({"values":{}})",
                                         R"({"values":"x"})", R"({"values":3})", R"([[]])",
                                         R"([null])", R"(["a"])", R"([1])", R"([true])",
                                         R"([{"accountId":"a"},[]])", R"({"values":[[]]})",
                                         R"({"values":[{"accountId":"a"}],"values":[]})", "null",
                                         "3", R"("a")", "true"));
INSTANTIATE_TEST_SUITE_P(
    Rows, JiraBadUsersTest,
    testing::Values("[{}]", R"([{"accountId":""}])", R"([{"accountId":null}])",
                    R"([{"accountId":7}])", R"([{"accountId":["a"]}])",
                    R"([{"accountId":{"x":1}}])", R"([{"accountId":"a","accountId":"b"}])",
                    R"([{"accountId":"a","active":true,"active":false}])",
                    R"([{"accountId":"a","active":"true"}])", R"([{"accountId":"a","active":1}])",
                    R"([{"accountId":"a","emailAddress":5}])",
                    R"([{"accountId":"a","emailAddress":["x@example.com"]}])",
                    R"([{"accountId":"a","accountType":false}])", R"([{"groupId":"a"}])"));
INSTANTIATE_TEST_SUITE_P(
    Pages, JiraBadUsersTest,
    testing::Values(R"({"values":[],"total":"5"})", R"({"values":[],"total":-1})",
                    R"({"values":[],"total":1.5})", R"({"values":[],"total":99999999999999999999})",
                    R"({"values":[],"total":1,"total":2})", R"({"values":[],"isLast":"true"})",
                    R"({"values":[],"maxResults":[]})"));
INSTANTIATE_TEST_SUITE_P(Bytes, JiraBadUsersTest,
                         testing::Values("", "[", R"([{"accountId":"a")", R"([{"accountId":"a"})",
                                         R"([{"accountId":"a"}],)", R"([{"accountId":"a"}][])",
                                         R"([{"accountId":"a)", "<html></html>",
                                         "[{\"accountId\":\"a\xff\"}]", "\xff\xfe[\0",
                                         R"([{"accountId":"\ud800"}])"));

TEST(JiraRowsTest, AnIdOfTheLongestKindIsTakenAndOneMoreIsNot) {
  const auto with = [](size_t bytes) {
    return Users(absl::StrCat(R"([{"accountId":")", std::string(bytes, 'a'), R"("}])"));
  };
  EXPECT_TRUE(with(512).ok());
  EXPECT_TRUE(absl::IsDataLoss(with(513).status()));
}

TEST(JiraRowsTest, AGroupNeedsAnIdAndAName) {
  EXPECT_TRUE(Groups(R"([{"groupId":"g","name":"x","self":"https://x/"}])").ok());
  for (const char* body :
       {R"([{"groupId":"g"}])", R"([{"name":"x"}])", R"([{"groupId":"g","name":""}])",
        R"([{"groupId":"g","name":7}])", R"([{"accountId":"a","name":"x"}])"}) {
    EXPECT_TRUE(absl::IsDataLoss(Groups(body).status())) << body;
  }
}

TEST(JiraRowsTest, OneUserIsAnObjectAndNothingElse) {
  const auto row = OneUser(R"({"accountId":"a","active":true,"values":[],"total":"x"})");
  ASSERT_TRUE(row.ok()) << row.status();
  EXPECT_EQ(row->id, "a");
  for (const char* body :
       {"[]", R"([{"accountId":"a"}])", "{}", "null", R"({"accountId":"a"}{})"}) {
    EXPECT_TRUE(absl::IsDataLoss(OneUser(body).status())) << body;
  }
}

TEST(JiraRowsTest, MessagesNameTheRowAndNoRawBytes) {
  const absl::Status status = Users("[{\"accountId\":\"a\\u0007b\",\"active\":\"x\"}]").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("active"));
  EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("\x07")));
}

TEST(JiraRowsTest, AThousandRowsWithAllTheirAvatarsAreRead) {
  std::string body = "[";
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&body, i == 0 ? "" : ",", R"({"accountId":"a-)", i,
                    R"(","avatarUrls":{"48x48":")", std::string(2000, 'x'), R"("},"active":true})");
  }
  const auto page = Users(body + "]");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->rows.size(), 1000u);
}

}  // namespace
}  // namespace rollcall
