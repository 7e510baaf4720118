// What is written and read back is the same: exports in each format, with tiny writers of our own,
// and plans as JSON and in the state.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "agent/render/json.h"
#include "agent/render/resources.h"
#include "agent/store/store.h"
#include "clients/idp/memory_source.h"
#include "clients/idp/read_export.h"
#include "google/protobuf/util/json_util.h"
#include "tests/property/holds.h"
#include "tests/property/worlds.h"
#include "tests/support/temp_folder.h"

namespace rollcall::property {
namespace {

struct Row {
  std::string id;
  std::string name;
  std::string email;
  bool active = true;
  bool operator==(const Row&) const = default;
  auto operator<=>(const Row&) const = default;
};

void showValue(const Row& row, std::ostream& out) {
  out << row.id << " | " << row.name << " | " << row.email << " | " << row.active;
}

// Names with what formats quote, and with more than one byte a letter; no two of them fold alike.
std::vector<Row> SomeRows() {
  const auto part = rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("a", "z", "7", "\"", ",", ";", "'", "\\", "é", "漢", "<"));
  std::vector<Row> rows;
  const int count = *rc::gen::inRange(1, 12);
  for (int i = 0; i < count; ++i) {
    Row row;
    row.id = absl::StrCat("id-", i);
    row.name = absl::StrCat("n", i, absl::StrJoin(*part, ""), "x");
    row.email = *rc::gen::arbitrary<bool>() ? absl::StrCat("u", i, "@example.com") : "";
    row.active = *rc::gen::arbitrary<bool>();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}
std::string CsvField(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}
const char* Truth(bool value) { return value ? "true" : "false"; }

std::string Csv(const std::vector<Row>& rows) {
  std::string text = "id,user_name,email,active\n";
  for (const Row& row : rows) {
    absl::StrAppend(&text, row.id, ",", CsvField(row.name), ",", row.email, ",", Truth(row.active),
                    "\n");
  }
  return text;
}

std::string List(const std::vector<Row>& rows, std::string (*object)(const Row&)) {
  std::vector<std::string> objects;
  for (const Row& row : rows) objects.push_back(object(row));
  return absl::StrCat("[", absl::StrJoin(objects, ","), "]");
}

std::string ScimUser(const Row& row) {
  const std::string emails =
      row.email.empty() ? "[]"
                        : absl::StrCat("[{\"value\":", Quoted(row.email), ",\"primary\":true}]");
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"userName\":", Quoted(row.name),
                      ",\"emails\":", emails, ",\"active\":", Truth(row.active), "}");
}
std::string OktaUser(const Row& row) {
  const std::string email = row.email.empty() ? "" : absl::StrCat(",\"email\":", Quoted(row.email));
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"status\":\"",
                      row.active ? "ACTIVE" : "DEPROVISIONED",
                      "\",\"profile\":{\"login\":", Quoted(row.name), email, "}}");
}
std::string EntraUser(const Row& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"userPrincipalName\":", Quoted(row.name),
                      ",\"mail\":", row.email.empty() ? "null" : Quoted(row.email),
                      ",\"accountEnabled\":", Truth(row.active), "}");
}

std::vector<Row> ReadBack(const std::string& text, const std::string& format) {
  idp::ExportRequest request;
  request.people.path = "people";
  request.people.source = std::make_unique<idp::MemorySource>(text);
  request.people.time = absl::UnixEpoch();
  request.format = format;
  absl::StatusOr<Export> exported = idp::ReadExport(std::move(request));
  if (!exported.ok()) RC_FAIL(std::string(exported.status().message()));
  std::vector<Row> rows;
  for (const Person& person : exported->people) {
    rows.push_back({std::string(person.id), std::string(person.user_name),
                    std::string(person.email), person.standing == Standing::kActive});
  }
  return rows;
}

TEST(RoundTripProperty, CsvIsReadAsItWasWritten) {
  Holds(300, [] {
    const std::vector<Row> rows = SomeRows();
    RC_ASSERT(ReadBack(Csv(rows), "csv") == rows);
  });
}

TEST(RoundTripProperty, ScimIsReadAsItWasWritten) {
  Holds(300, [] {
    const std::vector<Row> rows = SomeRows();
    const std::string text = absl::StrCat(
        "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":",
        rows.size(), ",\"Resources\":", List(rows, ScimUser), "}");
    RC_ASSERT(ReadBack(text, "scim") == rows);
  });
}

TEST(RoundTripProperty, OktaIsReadAsItWasWritten) {
  Holds(300, [] {
    const std::vector<Row> rows = SomeRows();
    RC_ASSERT(ReadBack(List(rows, OktaUser), "okta") == rows);
  });
}

TEST(RoundTripProperty, EntraIsReadAsItWasWritten) {
  Holds(300, [] {
    std::vector<Row> rows = SomeRows();
    const std::string text = absl::StrCat("{\"value\":", List(rows, EntraUser), "}");
    // Whoever has no mail is reached by the principal name.
    for (Row& row : rows) row.email = row.email.empty() ? row.name : row.email;
    RC_ASSERT(ReadBack(text, "entra") == rows);
  });
}

TEST(RoundTripProperty, APlanInJsonIsThatPlan) {
  Holds(300, [] {
    const Plan plan = PlanOf(*Worlds()).plan;
    const v1::Plan resource = ToResource(plan);
    v1::Plan parsed;
    RC_ASSERT(google::protobuf::util::JsonStringToMessage(ToJson(resource), &parsed).ok());
    RC_ASSERT(parsed.SerializeAsString() == resource.SerializeAsString());
    RC_ASSERT(static_cast<size_t>(parsed.changes_size()) == plan.changes.size());
    for (size_t i = 0; i < plan.changes.size(); ++i) {
      const v1::Change& change = parsed.changes(static_cast<int>(i));
      RC_ASSERT(change.account() == plan.changes[i].account);
      RC_ASSERT(change.group() == plan.changes[i].group);
      RC_ASSERT(v1::Action_Name(change.action()) == ActionName(plan.changes[i].action));
    }
  });
}

TEST(RoundTripProperty, AStoredPlanIsThatPlan) {
  const TempFolder folder;
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder.File("state.db"));
  ASSERT_TRUE(store.ok()) << store.status();
  int number = 0;
  Holds(100, [&] {
    Plan plan = PlanOf(*Worlds()).plan;
    plan.id = absl::StrCat("plan-", ++number);
    plan.state_id = (*store)->state_id();
    RC_ASSERT((*store)->plans().Save(plan, "{}").ok());
    const Plan loaded = *(*store)->plans().Load(plan.id);
    RC_ASSERT(loaded.changes == plan.changes);
    RC_ASSERT(loaded.findings == plan.findings);
    RC_ASSERT(loaded.etag == plan.etag);
  });
}

}  // namespace
}  // namespace rollcall::property
