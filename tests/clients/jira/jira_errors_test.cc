// What a refusal of a site means, by its status and by its words.
#include "clients/jira/jira_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

JiraError ErrorOf(int status, const std::string& body, Headers headers = {}) {
  return ParseJiraError(Answer(status, body, std::move(headers)));
}
std::string Envelope(const std::string& text) {
  return absl::StrCat(R"({"errorMessages":[")", text, R"("],"errors":{}})");
}

TEST(JiraErrorsTest, AllWordsOfTheEnvelopeAreInTheMessage) {
  EXPECT_EQ(ErrorOf(400, R"({"errorMessages":["One.","Two."],"errors":{"name":"Three."}})").message,
            "One.; Two.; name: Three.");
  EXPECT_EQ(ErrorOf(404, R"({"message":"null for uri","status-code":404})").message,
            "null for uri");
  EXPECT_EQ(ErrorOf(400, R"({"error":"same","message":"same"})").message, "same");
}

TEST(JiraErrorsTest, AnyBodyIsAnError) {
  for (const char* body : {"", "{", "[]", "null", R"({"errorMessages":"text"})",
                           R"({"errorMessages":[{}],"errors":[]})", R"({"errors":{"a":{}}})"}) {
    EXPECT_EQ(ErrorOf(500, body).status, 500) << body;
  }
  const JiraError page = ErrorOf(503, "\xEF\xBB\xBF <html><title>Sorry</title></html>");
  EXPECT_TRUE(page.is_page);
  EXPECT_THAT(page.message, HasSubstr("Sorry"));
}

TEST(JiraErrorsTest, TheRequestIdIsForTheSupport) {
  EXPECT_THAT(ErrorOf(500, "", {{"Atl-Traceid", "abc123"}}).ToString(), HasSubstr("abc123"));
  EXPECT_THAT(ErrorOf(500, "", {{"X-ARequestId", "r-9"}}).ToString(), HasSubstr("r-9"));
}

TEST(JiraErrorsTest, LongTextIsCut) {
  EXPECT_LT(ErrorOf(400, Envelope(std::string(5000, 'x'))).message.size(), 400u);
}

TEST(JiraErrorsTest, ExternalUserManagementIsKnownByItsWords) {
  constexpr char kText[] =
      "Cannot edit group memberships, as external user management is enabled, please contact your "
      "JIRA administrators.";
  for (const int status : {400, 403, 409}) {
    const JiraError error = ErrorOf(status, Envelope(kText));
    EXPECT_TRUE(error.IsManagedElsewhere()) << status;
    const absl::Status write = JiraWriteFailure("adding", error);
    EXPECT_TRUE(absl::IsPermissionDenied(write)) << write;
    EXPECT_THAT(std::string(write.message()), HasSubstr("identity provider"));
  }
  EXPECT_FALSE(ErrorOf(404, Envelope(kText)).IsManagedElsewhere());
  EXPECT_FALSE(ErrorOf(403, Envelope("no")).IsManagedElsewhere());
}

TEST(JiraErrorsTest, AlreadyAMemberIsKnownByItsWords) {
  const JiraError error =
      ErrorOf(400, Envelope("Cannot add user. User is already a member of 'x'"));
  EXPECT_TRUE(error.IsAlreadyMember());
  EXPECT_TRUE(absl::IsAlreadyExists(JiraWriteFailure("adding", error)));
  EXPECT_FALSE(ErrorOf(400, Envelope("no")).IsAlreadyMember());
}

struct Judgement {
  int status;
  const char* body;
  absl::StatusCode read;
  absl::StatusCode write;
};

TEST(JiraErrorsTest, EveryStatusHasItsCode) {
  using Code = absl::StatusCode;
  constexpr char kSays[] = R"({"errorMessages":["no"]})";
  const Judgement judgements[] = {
      {400, kSays, Code::kDataLoss, Code::kInvalidArgument},
      {401, kSays, Code::kUnauthenticated, Code::kUnauthenticated},
      {403, kSays, Code::kPermissionDenied, Code::kPermissionDenied},
      {404, kSays, Code::kNotFound, Code::kNotFound},
      {404, "", Code::kDataLoss, Code::kFailedPrecondition},
      {404, "<html>", Code::kDataLoss, Code::kFailedPrecondition},
      {405, kSays, Code::kDataLoss, Code::kFailedPrecondition},
      {409, kSays, Code::kUnavailable, Code::kFailedPrecondition},
      {429, kSays, Code::kUnavailable, Code::kUnavailable},
      {500, kSays, Code::kUnavailable, Code::kUnknown},
      {503, "", Code::kUnavailable, Code::kUnknown},
      {302, "", Code::kDataLoss, Code::kFailedPrecondition},
  };
  for (const Judgement& one : judgements) {
    const JiraError error = ErrorOf(one.status, one.body);
    EXPECT_EQ(JiraReadFailure("it", error).code(), one.read) << one.status << one.body;
    EXPECT_EQ(JiraWriteFailure("it", error).code(), one.write) << one.status << one.body;
    EXPECT_THAT(std::string(JiraReadFailure("it", error).message()), HasSubstr("it: "));
  }
}

TEST(JiraErrorsTest, OnlyWhatBeginsAsJsonIsJson) {
  for (const char* body : {"{}", "[]", " \n[", "\xEF\xBB\xBF{"}) {
    EXPECT_TRUE(RequireJiraJson("it", Answer(200, body)).ok()) << body;
  }
  for (const char* body : {"", "  ", "null", "<html><title>Log in</title>", "OK"}) {
    const absl::Status status = RequireJiraJson("it", Answer(200, body));
    EXPECT_TRUE(absl::IsDataLoss(status)) << body;
    EXPECT_THAT(std::string(status.message()), HasSubstr("`url`"));
  }
}

}  // namespace
}  // namespace rollcall
