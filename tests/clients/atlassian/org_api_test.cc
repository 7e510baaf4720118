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

TEST(OrgApiRequests, ReadsAreSafeAndWritesMayBeRepeated) {
  OrgScript org;
  org.Add("a");
  org.Add("guest").claim = "unmanaged";
  org.AddGroup("g1", "Staff", {});
  ASSERT_TRUE(org.ReadAll().ok());
  for (const char* id : {"a", "guest"}) {
    ASSERT_TRUE(org.directory->Deactivate(id, {}).status.ok());
    ASSERT_TRUE(org.directory->Activate(id, {}).status.ok());
  }
  ASSERT_TRUE(org.Change(MembershipAction::kAdd, "g1", "a").status.ok());
  ASSERT_TRUE(org.Change(MembershipAction::kRemove, "g1", "a").status.ok());
  int writes = 0;
  for (const HttpRequest& request : org.client.requests()) {
    const bool read = request.method == "GET" || absl::EndsWith(request.url, "/search");
    EXPECT_EQ(request.idempotency, read ? Idempotency::kSafe : Idempotency::kIdempotent)
        << request.endpoint;
    // Endpoints are names, never ids.
    EXPECT_FALSE(Holds(request.endpoint, "org-1")) << request.endpoint;
    EXPECT_FALSE(Holds(request.endpoint, "guest")) << request.endpoint;
    writes += read ? 0 : 1;
  }
  EXPECT_EQ(writes, 6);
}

}  // namespace
}  // namespace rollcall
