// The organisation's twin against exchanges that others recorded or documented. They lie beside the
// sources and are no part of them; without them these tests are skipped.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>

#include "tests/twins/org_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::IsSubsetOf;

std::set<std::string> KeysOf(const json& object) {
  std::set<std::string> keys;
  for (const auto& item : object.items()) keys.insert(item.key());
  return keys;
}

class OrgExchangesTest : public OrgFixture {
 protected:
  // The answers' bodies of one file, in order; none where it is missing.
  std::vector<json> Bodies(const char* name) {
    std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/../shared/fixtures/" + name,
                       std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::vector<json> bodies;
    if (text.empty()) return bodies;
    const json parsed = json::parse(text);
    for (const json& exchange : parsed["exchanges"]) {
      bodies.push_back(exchange["response"].value("body", json()));
    }
    return bodies;
  }
  // The body with this key of user management's errors.
  static json WithKey(const std::vector<json>& bodies, const char* key) {
    for (const json& body : bodies) {
      if (body.is_object() && body.value("key", json()) == key) return body;
    }
    ADD_FAILURE() << "no body with the key " << key;
    return {};
  }
};

TEST_F(OrgExchangesTest, LiveErrorsHaveTheRecordedForms) {
  const std::vector<json> live = Bodies("org-errors-live.json");
  if (live.empty()) GTEST_SKIP() << "the recorded exchanges are not there";
  const json unknown = Act("dir-main", "nobody", "suspend").body;
  EXPECT_EQ(KeysOf(unknown["errors"][0]), KeysOf(live[2]["errors"][0]));
  EXPECT_EQ(unknown["errors"][0]["detail"], live[2]["errors"][0]["detail"]);
  Use({"key_scoped"});
  const json scope = Act("dir-main", "ada", "suspend").body;
  EXPECT_EQ(KeysOf(scope["errors"][0]), KeysOf(live[0]["errors"][0]));
  EXPECT_EQ(scope["errors"][0]["code"], live[0]["errors"][0]["code"]);
  Use({"forbidden"});
  EXPECT_EQ(KeysOf(Get("/admin/v1/orgs/o-1/users").body), KeysOf(live[1]));
  Use({"wrong_org_gateway"});
  const json wrong = Get("/admin/v2/orgs/x").body;
  EXPECT_EQ(KeysOf(wrong), KeysOf(live[3]));
  EXPECT_EQ(wrong["path"], live[3]["path"]);
  EXPECT_EQ(wrong["message"], live[3]["message"]);
  EXPECT_EQ(KeysOf(Send("GET", "/admin/v1/orgs", "", "").body), KeysOf(live[5]));
}

TEST_F(OrgExchangesTest, ManagedAccountHasTheDocumentedFields) {
  const std::vector<json> bodies = Bodies("org-v1-managed-accounts.json");
  if (bodies.empty()) GTEST_SKIP() << "the documented exchanges are not there";
  Use({"page_cap=1"});
  const json page = Get("/admin/v1/orgs/o-1/users").body;
  EXPECT_EQ(KeysOf(page), KeysOf(bodies[0]));
  EXPECT_EQ(KeysOf(page["links"]), KeysOf(bodies[0]["links"]));
  std::set<std::string> documented = KeysOf(bodies[0]["data"][0]);
  documented.erase("last_active");
  EXPECT_EQ(KeysOf(page["data"][0]), documented);
}

TEST_F(OrgExchangesTest, DirectoriesUsersAndGroupsHaveTheDocumentedFields) {
  const std::vector<json> bodies = Bodies("org-v2-directory.json");
  if (bodies.empty()) GTEST_SKIP() << "the documented exchanges are not there";
  EXPECT_EQ(KeysOf(Get("/admin/v2/orgs/o-1/directories").body["data"][0]),
            KeysOf(bodies[0]["data"][0]));
  const json users =
      Search("-", {{"expand", {"platformRoles", "counts.resources", "productAccess", "groups"}}})
          .body["data"];
  EXPECT_THAT(KeysOf(users[0]), IsSubsetOf(KeysOf(bodies[3]["data"][0])));
  EXPECT_EQ(KeysOf(users[0]["groups"][0]), KeysOf(bodies[3]["data"][0]["groups"][0]));
  const json groups =
      SearchGroups("-", {{"expand", {"counts.users", "counts.resources"}}}).body["data"];
  EXPECT_EQ(KeysOf(groups[0]), KeysOf(bodies[6]["data"][0]));
  EXPECT_EQ(KeysOf(groups[0]["managementAccess"]),
            KeysOf(bodies[6]["data"][0]["managementAccess"]));
  EXPECT_THAT(KeysOf(Get(In("-", "/users/aa-gus")).body["data"]),
              IsSubsetOf(KeysOf(bodies[7]["data"])));
  EXPECT_EQ(KeysOf(Get(In("-", "/users/count")).body), KeysOf(bodies[8]));
}

TEST_F(OrgExchangesTest, RoleAssignmentHasTheDocumentedFields) {
  const std::vector<json> bodies = Bodies("org-v2-directory.json");
  if (bodies.empty()) GTEST_SKIP() << "the documented exchanges are not there";
  const json row = Get(In("-", "/users/aa-ada/role-assignments")).body["data"][0];
  for (const json& body : bodies) {
    if (!body.is_object() || !body.contains("data") || !body["data"].is_array()) continue;
    if (!body["data"][0].contains("userDirectoryStatus")) continue;
    EXPECT_EQ(KeysOf(row), KeysOf(body["data"][0]));
    EXPECT_EQ(KeysOf(row["roleAssignments"][0]), KeysOf(body["data"][0]["roleAssignments"][0]));
    return;
  }
  ADD_FAILURE() << "no documented role assignment";
}

TEST_F(OrgExchangesTest, UserManagementHasTheDocumentedBodies) {
  const std::vector<json> bodies = Bodies("um-documented.json");
  if (bodies.empty()) GTEST_SKIP() << "the documented exchanges are not there";
  EXPECT_EQ(KeysOf(Manage("GET", "ada", "").body), KeysOf(bodies[0]));
  EXPECT_EQ(KeysOf(Manage("GET", "ada", "").body["profile.write"]),
            KeysOf(bodies[0]["profile.write"]));
  EXPECT_THAT(KeysOf(Manage("GET", "ada", "/profile").body["account"]),
              IsSubsetOf(KeysOf(bodies[1]["account"])));
  EXPECT_EQ(Lifecycle("ada", "delete").body, bodies[5]);
  Use({"plain_manage_errors"});
  EXPECT_EQ(Lifecycle("cleo", "disable").body, WithKey(bodies, "forbidden.action"));
  EXPECT_EQ(Lifecycle("dan", "disable").body.value("key", ""), "forbidden");
  EXPECT_EQ(Lifecycle("nobody", "disable").body, WithKey(bodies, "accountNotFound"));
  EXPECT_EQ(Manage("POST", "bob", "/lifecycle/disable", "{").body,
            WithKey(bodies, "bodyParseFailure"));
  EXPECT_EQ(Send("GET", "/users/aa-ada/manage", "", "").body, WithKey(bodies, "unauthorized"));
  const json conflict = Lifecycle("ada", "enable").body;
  const json documented = WithKey(bodies, "conflict.lifecycleErrors");
  EXPECT_EQ(KeysOf(conflict["context"]), KeysOf(documented["context"]));
  EXPECT_EQ(KeysOf(conflict["context"]["errorCodes"][0]),
            KeysOf(documented["context"]["errorCodes"][0]));
  const std::string nickname = json{{"nickname", std::string(31, 'x')}}.dump();
  EXPECT_EQ(Manage("PATCH", "bob", "/profile", nickname).body,
            WithKey(bodies, "fieldConstraintsViolated"));
}

TEST_F(OrgExchangesTest, UserManagementHasTheLiveBodies) {
  const std::vector<json> bodies = Bodies("um-live-bodies.json");
  if (bodies.empty()) GTEST_SKIP() << "the recorded exchanges are not there";
  EXPECT_EQ(Lifecycle("nobody", "delete").body, WithKey(bodies, "accountNotFound"));
  EXPECT_EQ(Lifecycle("dan", "delete").body, WithKey(bodies, "forbidden"));
  EXPECT_EQ(Lifecycle("ida", "delete").body, WithKey(bodies, "forbidden.targetUnverified"));
}

}  // namespace
}  // namespace rollcall::twins
