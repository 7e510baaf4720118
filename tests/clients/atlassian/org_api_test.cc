#include "clients/atlassian/org_api.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/clients/atlassian/org_script.h"

namespace rollcall {
namespace {

TEST(OrgApiRequests, IdsOfAllKindsAreEncoded) {
  OrgScript org;
  org.Add("712020:2a6b|x_1-y");
  ASSERT_TRUE(org.ReadAll().ok());
  org.hook = [](const HttpRequest& request) -> OrgHookAnswer {
    EXPECT_TRUE(Holds(request.url, "/users/712020%3A2a6b%7Cx_1-y")) << request.url;
    return Answer(404, "");
  };
  org.Forget();
  EXPECT_FALSE(org.Probe({"712020:2a6b|x_1-y"}).accounts.empty());
  EXPECT_FALSE(org.Read("712020:2a6b|x_1-y").ok());
  EXPECT_EQ(org.Sent(), 3);
}

}  // namespace
}  // namespace rollcall
