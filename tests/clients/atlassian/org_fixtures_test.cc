// The client's readers against example exchanges of the documents and of other clients, where they
// lie beside this checkout.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "clients/atlassian/org_errors.h"
#include "clients/atlassian/org_page.h"
#include "clients/atlassian/org_probe.h"
#include "clients/atlassian/org_rows.h"
#include "clients/json/value.h"
#include "clients/json/writer.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

std::optional<json::Value> Exchanges(const std::string& name) {
  std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/../shared/fixtures/" + name,
                     std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  auto value = json::Value::Parse(text);
  EXPECT_TRUE(value.ok()) << value.status();
  return *value->Find("exchanges");
}

void WriteValue(const json::Value& value, json::Writer& w) {
  switch (value.kind()) {
    case json::Value::Kind::kNull:
      w.Null();
      break;
    case json::Value::Kind::kBool:
      w.Bool(*value.boolean());
      break;
    case json::Value::Kind::kNumber:
      w.Raw(value.text());
      break;
    case json::Value::Kind::kString:
      w.String(value.text());
      break;
    case json::Value::Kind::kArray:
      w.StartArray();
      for (const json::Value& item : value.items()) WriteValue(item, w);
      w.EndArray();
      break;
    case json::Value::Kind::kObject:
      w.StartObject();
      for (const auto& [key, member] : value.members()) {
        w.Key(key);
        WriteValue(member, w);
      }
      w.EndObject();
      break;
  }
}

HttpResponse AnswerOf(const json::Value& exchange) {
  const json::Value& response = *exchange.Find("response");
  json::Writer w;
  if (const json::Value* body = response.Find("body"); body != nullptr) WriteValue(*body, w);
  return Answer(static_cast<int>(*response.Find("status")->integer()), w.text());
}

std::string PathOf(const json::Value& exchange) {
  const json::Value* request = exchange.Find("request");
  return request == nullptr ? "" : std::string(request->Text("path"));
}

template <class Row, class Reader, class... Args>
int RowsOf(HttpResponse answer, std::string* next, Row* last, Args... args) {
  int rows = 0;
  const auto take = [&](const Row& row) {
    ++rows;
    *last = row;
    return absl::OkStatus();
  };
  Reader reader(args..., take);
  OrgPageHandler handler(reader);
  const absl::Status status = ReadOrgPage("fixture", answer.body, handler);
  EXPECT_TRUE(status.ok()) << status;
  *next = handler.next();
  return rows;
}

TEST(OrgFixtures, DocumentedListsAreRead) {
  const auto exchanges = Exchanges("org-v2-directory.json");
  if (!exchanges.has_value()) GTEST_SKIP() << "the example exchanges are not beside this checkout";
  int users = 0, groups = 0, roles = 0, directories = 0;
  for (const json::Value& exchange : exchanges->items()) {
    const std::string path = PathOf(exchange);
    std::string next;
    if (path.ends_with("/users/search") || path.ends_with("/users/{accountId}")) {
      if (exchange.Find("request")->Text("method") == "DELETE") continue;
      OrgUser user;
      ASSERT_EQ((RowsOf<OrgUser, OrgUserReader>(AnswerOf(exchange), &next, &user)), 1);
      EXPECT_EQ(user.id, "12345678-1234-1234-1234-123456789012");
      EXPECT_EQ(user.claim_status, "managed");
      EXPECT_TRUE(user.administrator);
      if (path.ends_with("/search")) {
        EXPECT_EQ(next, "kloHX1ZQVasDAkx_P48NYQ");
        EXPECT_EQ(user.groups, std::vector<std::string>{"12345678-1234-1234-1234-123456789012"});
      }
      ++users;
    } else if (path.ends_with("/groups/search")) {
      OrgGroup group;
      ASSERT_EQ((RowsOf<OrgGroup, OrgGroupReader>(AnswerOf(exchange), &next, &group)), 1);
      EXPECT_EQ(group.name, "jira-administrators");
      EXPECT_TRUE(group.externally_synced);
      EXPECT_TRUE(group.modifiable);
      EXPECT_EQ(group.users, 10);
      ++groups;
    } else if (path.ends_with("/users/{accountId}/role-assignments")) {
      OrgRoleAssignment role;
      ASSERT_EQ((RowsOf<OrgRoleAssignment, OrgRoleReader>(AnswerOf(exchange), &next, &role)), 1);
      EXPECT_EQ(role.status, "active");
      EXPECT_EQ(role.directory, "12345678-1234-1234-1234-123456789012");
      ++roles;
    } else if (path.ends_with("/{orgId}/directories")) {
      OrgNamed row;
      ASSERT_EQ((RowsOf<OrgNamed, OrgNamedReader>(AnswerOf(exchange), &next, &row,
                                                  OrgNamedReader::Kind::kDirectory)),
                2);
      EXPECT_EQ(row.name, "Secondary Directory");
      ++directories;
    }
  }
  EXPECT_EQ(users, 4);
  EXPECT_EQ(groups, 3);
  EXPECT_EQ(roles, 1);
  EXPECT_EQ(directories, 1);
}

TEST(OrgFixtures, ErrorsAreNamed) {
  int seen = 0;
  for (const char* name : {"org-errors-live.json", "um-live-bodies.json", "um-documented.json"}) {
    const auto exchanges = Exchanges(name);
    if (!exchanges.has_value()) {
      GTEST_SKIP() << "the example exchanges are not beside this checkout";
    }
    for (const json::Value& exchange : exchanges->items()) {
      const HttpResponse answer = AnswerOf(exchange);
      if (answer.status < 400) continue;
      const OrgError error = ParseOrgError(answer);
      EXPECT_FALSE(error.code.empty() && error.message.empty()) << answer.body;
      EXPECT_NE(error.ToString(), absl::StrCat(answer.status)) << answer.body;
      ++seen;
    }
  }
  EXPECT_GE(seen, 15);
}

TEST(OrgFixtures, TheDocumentedPrivilegesNameTheOwner) {
  const auto exchanges = Exchanges("um-documented.json");
  if (!exchanges.has_value()) GTEST_SKIP() << "the example exchanges are not beside this checkout";
  const auto privilege = ReadPrivilege("x", AnswerOf(exchanges->items()[0]));
  ASSERT_TRUE(privilege.ok()) << privilege.status();
  EXPECT_FALSE(privilege->allowed);
  EXPECT_EQ(privilege->reason, "externalDirectory.scim");
}

}  // namespace
}  // namespace rollcall
