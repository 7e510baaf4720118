// A Jira site's twin against exchanges that others recorded or documented. They lie beside the
// sources and are no part of them; without them these tests are skipped.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/twins/jira_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::IsSubsetOf;

std::set<std::string> JiraKeysOf(const json& object) {
  std::set<std::string> keys;
  for (const auto& item : object.items()) keys.insert(item.key());
  return keys;
}

class JiraExchangesTest : public JiraFixture {
 protected:
  // The exchanges of one file; none where it is missing.
  static json Exchanges(const char* name) {
    std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/../shared/fixtures/" + name,
                       std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    return text.empty() ? json::array() : json::parse(text)["exchanges"];
  }
  // The first answer to such a request, with this status.
  static json AnswerTo(const json& exchanges, const std::string& method, const std::string& path,
                       int status) {
    for (const json& one : exchanges) {
      const std::string asked = one["request"]["path"];
      if (one["request"]["method"] != method || asked.substr(0, asked.find('?')) != path) continue;
      if (one["response"].value("status", 0) == status) return one["response"];
    }
    ADD_FAILURE() << "no such exchange: " << method << " " << path << " " << status;
    return {};
  }
  // Of the documented answer nothing is missing, but what says less than its example.
  static void ExpectKeys(const json& got, json documented,
                         const std::vector<const char*>& without) {
    for (const char* key : without) documented.erase(key);
    EXPECT_THAT(JiraKeysOf(documented), IsSubsetOf(JiraKeysOf(got)));
  }
};

TEST_F(JiraExchangesTest, UsersHaveTheDocumentedFields) {
  const json all = Exchanges("jira-v3-examples.json");
  if (all.empty()) GTEST_SKIP() << "the documented exchanges are not there";
  const auto documented = [&](const char* method, const char* path, int status) {
    return AnswerTo(all, method, path, status)["body"];
  };
  ExpectKeys(Get("/user?accountId=aa-bob").body, documented("GET", "/rest/api/3/user", 200), {});
  ExpectKeys(Get("/myself").body, documented("GET", "/rest/api/3/myself", 200), {});
  ExpectKeys(Get("/users/search").body[0], documented("GET", "/rest/api/3/users/search", 200)[0],
             {});
  ExpectKeys(Get("/user/search?query=p").body[0],
             documented("GET", "/rest/api/3/user/search", 200)[0], {});
  const json bulk = documented("GET", "/rest/api/3/user/bulk", 200);
  const json got = Get("/user/bulk?accountId=aa-bob&maxResults=100").body;
  ExpectKeys(got, bulk, {});
  ExpectKeys(got["values"][0], bulk["values"][0], {});
  EXPECT_EQ(got["maxResults"], bulk["maxResults"]);
  ExpectKeys(Create("joe@example.com", {"jira-software"}).body,
             documented("POST", "/rest/api/3/user", 201), {});
  EXPECT_EQ(Delete("bob").status(), 204);
  EXPECT_TRUE(AnswerTo(all, "DELETE", "/rest/api/3/user", 204)["body_empty"]);
}

TEST_F(JiraExchangesTest, GroupsHaveTheDocumentedFields) {
  const json all = Exchanges("jira-v3-examples.json");
  if (all.empty()) GTEST_SKIP() << "the documented exchanges are not there";
  const auto documented = [&](const char* method, const char* path, int status) {
    return AnswerTo(all, method, path, status)["body"];
  };
  const json page = Get("/group/member?groupId=g-team&includeInactiveUsers=true&maxResults=2").body;
  const json members = documented("GET", "/rest/api/3/group/member", 200);
  EXPECT_EQ(JiraKeysOf(page), JiraKeysOf(members));
  ExpectKeys(page["values"][0], members["values"][0], {});
  const json bulk = documented("GET", "/rest/api/3/group/bulk", 200);
  ExpectKeys(Get("/group/bulk").body, bulk, {});
  EXPECT_EQ(JiraKeysOf(Get("/group/bulk").body["values"][0]), JiraKeysOf(bulk["values"][0]));
  const json picked = documented("GET", "/rest/api/3/groups/picker", 200);
  ExpectKeys(Get("/groups/picker").body, picked, {});
  ExpectKeys(Get("/groups/picker").body["groups"][0], picked["groups"][0], {});
  EXPECT_EQ(JiraKeysOf(Get("/user/groups?accountId=aa-bob").body[0]),
            JiraKeysOf(documented("GET", "/rest/api/3/user/groups", 200)));
  const json made = documented("POST", "/rest/api/3/group", 201);
  const json got = Send("POST", "/group", {{"name", "power-users"}}).body;
  EXPECT_EQ(JiraKeysOf(got), JiraKeysOf(made));
  EXPECT_EQ(JiraKeysOf(got["users"]), JiraKeysOf(made["users"]));
  EXPECT_TRUE(AnswerTo(all, "DELETE", "/rest/api/3/group/user", 200)["body_empty"]);
  EXPECT_EQ(Remove("g-team", "bob").raw.body, "");
}

TEST_F(JiraExchangesTest, ErrorsHaveTheReportedTexts) {
  const json all = Exchanges("jira-v3-errors-reported.json");
  if (all.empty()) GTEST_SKIP() << "the reported exchanges are not there";
  group("g-team").name = "<group>";
  EXPECT_EQ(Add("g-team", "bob").body,
            AnswerTo(all, "POST", "/rest/api/3/group/user", 400)["body"]);
  EXPECT_EQ(Add("g-team", "joe").body,
            AnswerTo(all, "POST", "/rest/api/3/group/user", 404)["body"]);
  EXPECT_EQ(Send("DELETE", "/group/user?groupId=g-team").body,
            AnswerTo(all, "DELETE", "/rest/api/3/group/user", 400)["body"]);
  Use({"browse_forbidden"});
  EXPECT_EQ(Get("/group/bulk").body, AnswerTo(all, "GET", "/rest/api/3/group/bulk", 403)["body"]);
  Use({"access_type_500"});
  EXPECT_EQ(Get("/group/bulk?accessType=site-admin").body,
            AnswerTo(all, "GET", "/rest/api/3/group/bulk", 500)["body"]);
}

TEST_F(JiraExchangesTest, LimitsHaveTheDocumentedHeaders) {
  const json all = Exchanges("rate-limit-headers.json");
  if (all.empty()) GTEST_SKIP() << "the documented headers are not there";
  const struct {
    std::string name;  // of the exchange, in its beginning
    std::vector<std::string> quirks;
    std::vector<const char*> varying;
  } cases[] = {
      {"Jira burst", {"rate_limit=1"}, {"X-RateLimit-Limit", "X-RateLimit-Reset"}},
      {"Jira hourly quota", {"rate_limit=1", "quota_429"}, {"X-RateLimit-Reset"}},
      {"Jira near limit", {"near_limit"}, {}},
      {"Jira beta quota", {"quota_headers"}, {}},
      {"reported: gateway 429", {"edge_429"}, {}},
  };
  for (const auto& one : cases) {
    Use(one.quirks);
    Get("/myself");
    const JiraReply reply = Get("/myself");
    int met = 0;
    for (const json& exchange : all) {
      if (exchange.value("name", "").rfind(one.name, 0) != 0) continue;
      ++met;
      EXPECT_EQ(reply.status(), exchange["response"]["status"]) << one.name;
      for (const auto& header : exchange["response"]["headers"].items()) {
        const std::string got = reply.header(header.key().c_str());
        const bool varies =
            std::find(one.varying.begin(), one.varying.end(), header.key()) != one.varying.end();
        if (varies) {
          EXPECT_NE(got, "") << one.name << ": " << header.key();
        } else {
          EXPECT_EQ(got, header.value()) << one.name << ": " << header.key();
        }
      }
    }
    EXPECT_EQ(met, 1) << one.name;
  }
}

}  // namespace
}  // namespace rollcall::twins
