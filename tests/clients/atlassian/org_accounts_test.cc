#include "clients/atlassian/org_accounts.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

TEST(OrgAccount, IsOneReadWhereThereIsOneDirectory) {
  OrgScript org;
  org.Add("a");
  ASSERT_TRUE(org.ReadAll().ok());
  org.Restart();  // another process
  org.Forget();
  const auto record = org.Read("a");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->id, "a");
  EXPECT_EQ(record->email, "a@example.com");
  EXPECT_EQ(record->user_name, "");
  EXPECT_EQ(record->state, AccountState::kActive);
  EXPECT_EQ(org.Sent(), 1);
  EXPECT_EQ(org.directory->Traits().reads_per_account_change, 2);
}

TEST(OrgAccount, ReadsTheRolesWhereItsStateDependsOnThem) {
  for (const bool wide : {false, true}) {
    OrgScript org;
    org.status_is_organization_wide = wide;
    org.AddDirectory("d2");
    org.Add("a", {{"d1", "active"}, {"d2", "suspended"}});
    org.Add("off", {{"d1", "active"}}).account_status = "inactive";
    org.Add("out", {{"d1", "suspended"}, {"d2", "suspended"}});
    ASSERT_TRUE(org.ReadAll().ok());
    org.Forget();
    EXPECT_EQ(org.Read("a")->state, AccountState::kPartlyActive);
    EXPECT_EQ(org.Sent(), 2);
    EXPECT_EQ(org.Read("off")->state, AccountState::kInactive);
    EXPECT_EQ(org.Sent(), 3);
    EXPECT_EQ(org.Read("out")->state, AccountState::kPartlyActive);
    EXPECT_EQ(org.Sent(), 4);
    EXPECT_EQ(org.directory->Traits().reads_per_account_change, 8);
  }
}

TEST(OrgAccount, RolesThatDisagreeWithThemselvesDecideNothing) {
  OrgScript org(OrgWay::kDirectory);
  org.AddDirectory("d2");
  org.Add("a", {{"d1", "suspended"}, {"d2", "suspended"}});
  org.accounts["a"].places["d1"] = "active";
  org.hook =
      AnswersTo("role-assignments",
                Answer(200, R"({"data":[{"directoryId":"d1","userDirectoryStatus":"suspended"},)"
                            R"({"directoryId":"d1","userDirectoryStatus":"active"},)"
                            R"({"directoryId":"d2","userDirectoryStatus":"odd"}],"links":{}})"));
  const auto record = org.Read("a");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->state, AccountState::kPartlyActive);
}

TEST(OrgAccount, AnAnswerAboutSomebodyElseIsDataLoss) {
  OrgScript org;
  org.Add("a");
  org.Add("b");
  for (const char* body :
       {R"({"data":{"accountId":"b"}})", R"({"data":[]})", R"({"data":null})", "{}", "", "<html>",
        R"({"data":[{"accountId":"a"},{"accountId":"a"}]})"}) {
    org.hook = AnswersTo("/users/a", Answer(200, body));
    EXPECT_EQ(org.Read("a").status().code(), absl::StatusCode::kDataLoss) << body;
  }
}

TEST(OrgAccount, MissingAndForbiddenAreTold) {
  OrgScript org;
  org.Add("a");
  EXPECT_EQ(org.Read("nobody").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(org.Read("").status().code(), absl::StatusCode::kInvalidArgument);
  const struct {
    int status;
    const char* body;
    absl::StatusCode code;
  } cases[] = {
      {401, "", absl::StatusCode::kUnauthenticated},
      {403, "", absl::StatusCode::kPermissionDenied},
      {404, "<html></html>", absl::StatusCode::kDataLoss},
      {404, R"({"errors":[{"code":"ADMIN-UAM-404-2"}]})", absl::StatusCode::kPermissionDenied},
      {500, "", absl::StatusCode::kUnavailable}};
  for (const auto& item : cases) {
    org.hook = AnswersTo("/-/users/a", Answer(item.status, item.body));
    EXPECT_EQ(org.Read("a").status().code(), item.code) << item.status << item.body;
  }
}

}  // namespace
}  // namespace rollcall
