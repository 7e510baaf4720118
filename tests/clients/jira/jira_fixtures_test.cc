// The client's readers against example exchanges of the documents and reports, where they lie
// beside this checkout.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_errors.h"
#include "clients/jira/jira_rows.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

using nlohmann::json;

class JiraFixturesTest : public testing::Test {
 protected:
  // Discarded where the file is missing.
  static json Load(const std::string& name) {
    std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/../shared/fixtures/" + name,
                       std::ios::binary);
    if (!file) return json();
    return json::parse(std::string((std::istreambuf_iterator<char>(file)), {}), nullptr, false);
  }
  static std::string PathOf(const json& exchange) {
    std::string path = exchange["request"]["path"];
    return path.substr(0, path.find('?'));
  }
  static HttpResponse AnswerOf(const json& exchange) {
    const json& response = exchange["response"];
    return Answer(response["status"], response.contains("body") ? response["body"].dump() : "");
  }
};

TEST_F(JiraFixturesTest, ReportedRefusalsMeanWhatTheirReportersFound) {
  const json file = Load("jira-v3-errors-reported.json");
  if (!file.is_object()) GTEST_SKIP() << "the example exchanges are not beside this checkout";
  int judged = 0;
  for (const json& exchange : file["exchanges"]) {
    const JiraError error = ParseJiraError(AnswerOf(exchange));
    ASSERT_EQ(error.message, exchange["response"]["body"]["errorMessages"][0]);
    const bool write = exchange["request"]["method"] != "GET";
    const absl::StatusCode code =
        (write ? JiraWriteFailure("it", error) : JiraReadFailure("it", error)).code();
    ++judged;
    if (absl::StrContains(error.message, "already a member")) {
      EXPECT_EQ(code, absl::StatusCode::kAlreadyExists);
    } else if (error.status == 404) {
      EXPECT_EQ(code, absl::StatusCode::kNotFound);
    } else if (error.status == 403) {
      EXPECT_EQ(code, absl::StatusCode::kPermissionDenied);
    } else if (error.status == 500) {
      EXPECT_EQ(code, write ? absl::StatusCode::kUnknown : absl::StatusCode::kUnavailable);
    } else {
      EXPECT_EQ(code, absl::StatusCode::kInvalidArgument);
    }
  }
  EXPECT_GE(judged, 5);
}

TEST_F(JiraFixturesTest, DocumentedListsAndUsersAreRead) {
  const json file = Load("jira-v3-examples.json");
  if (!file.is_object()) GTEST_SKIP() << "the example exchanges are not beside this checkout";
  int users = 0;
  int groups = 0;
  int single = 0;
  for (const json& exchange : file["exchanges"]) {
    const json& response = exchange["response"];
    if (!response.contains("body") || !IsSuccess(response["status"])) continue;
    const std::string path = PathOf(exchange);
    std::string body = response["body"].dump();
    if (path == "/rest/api/3/group/member" || path == "/rest/api/3/users/search") {
      const auto page = ReadJiraPage(path, JiraRowKind::kUser, body);
      ASSERT_TRUE(page.ok()) << page.status();
      users += static_cast<int>(page->rows.size());
    } else if (path == "/rest/api/3/group/bulk") {
      const auto page = ReadJiraPage(path, JiraRowKind::kGroup, body);
      ASSERT_TRUE(page.ok()) << page.status();
      groups += static_cast<int>(page->rows.size());
    } else if (path == "/rest/api/3/user") {
      const auto row = ReadJiraRow(path, JiraRowKind::kUser, body);
      ASSERT_TRUE(row.ok()) << row.status();
      EXPECT_FALSE(row->id.empty());
      ++single;
    }
  }
  EXPECT_GE(users, 2);
  EXPECT_GE(groups, 2);
  EXPECT_GE(single, 1);
}

TEST_F(JiraFixturesTest, DocumentedErrorsAreErrors) {
  const json file = Load("jira-v3-examples.json");
  if (!file.is_object()) GTEST_SKIP() << "the example exchanges are not beside this checkout";
  int errors = 0;
  for (const json& exchange : file["exchanges"]) {
    const json& response = exchange["response"];
    if (!response.contains("status") || IsSuccess(response["status"])) continue;
    const JiraError error = ParseJiraError(AnswerOf(exchange));
    EXPECT_FALSE(JiraReadFailure("it", error).ok());
    EXPECT_FALSE(JiraWriteFailure("it", error).ok());
    ++errors;
  }
  EXPECT_GE(errors, 2);
}

}  // namespace
}  // namespace rollcall
