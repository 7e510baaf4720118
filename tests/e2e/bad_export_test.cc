// Exports that must not be acted upon: the exit code, what the message names, and not one write.
// And those that only look odd, and are read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

constexpr char kEmpty[] =
    R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,)"
    R"("startIndex":1,"itemsPerPage":0,"Resources":[]})";

void ConfigurePeople(Workplace& place, const std::string& file) {
  std::string config = place.Read("rollcall.yaml");
  const std::string people = "people: people.json";
  config.replace(config.find(people), people.size(), "people: " + file);
  place.Write("rollcall.yaml", config);
}

// What a plan from the export would change.
std::string Changes(Workplace& place) {
  const ChildResult plan = place.Rollcall({"plan", "--format", "json"});
  const nlohmann::json document = nlohmann::json::parse(plan.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << plan.err;
  return document.is_object() ? document["changes"].dump() : plan.err;
}

ChildResult Shell(const Workplace& place, const std::string& script) {
  ChildOptions options;
  options.folder = place.File(".");
  return ChildProcess({"/bin/sh", "-c", script}, options).Wait();
}

// The most memory that any child of this process has held, in bytes.
// Less than the line, in any case. The address sanitizer keeps for a while what was freed.
#ifdef __SANITIZE_ADDRESS__
constexpr int64_t kLittleMemory = int64_t{900} << 20;
#else
constexpr int64_t kLittleMemory = int64_t{512} << 20;
#endif

int64_t PeakOfChildren() {
  rusage usage{};
  EXPECT_EQ(getrusage(RUSAGE_CHILDREN, &usage), 0);
  return usage.ru_maxrss * int64_t{1024};
}

TEST(BadExportTest, AnEmptyExportIsBlockedEvenWithoutChanges) {
  Workplace place;
  place.Write("people.json", kEmpty);
  place.Write("groups.json", kEmpty);
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("empty_export"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(BadExportTest, ACsvWithAHeaderOnlyIsEmpty) {
  Workplace place;
  place.Write("people.csv", "id,user_name,email,active\n");
  place.Write("groups.csv", "group,member\n");
  std::string config = place.Read("rollcall.yaml");
  const std::string json = "people: people.json, groups: groups.json";
  config.replace(config.find(json), json.size(), "people: people.csv, groups: groups.csv");
  place.Write("rollcall.yaml", config);
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("empty_export"));
}

TEST(BadExportTest, AnExportCutInTheMiddleIsUnreadable) {
  Workplace place;
  const std::string whole = place.Read("people.json");
  place.Write("people.json", whole.substr(0, whole.size() / 2));
  const ChildResult plan = place.Rollcall({"plan", "--out", "plan.json"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("people.json"));
  EXPECT_EQ(plan.out, "");
  // Nothing was read or saved for it.
  EXPECT_EQ(place.Requests(), 0);
  EXPECT_THAT(place.Rollcall({"plans", "list"}).out, ::testing::StartsWith("0 plans"));
}

TEST(BadExportTest, Utf16IsRefusedWithItsName) {
  Workplace place;
  std::string utf16 = "\xff\xfe";
  for (const char c : place.Read("people.json")) {
    utf16 += c;
    utf16 += '\0';
  }
  place.Write("people.json", utf16);
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("UTF-16"));
  EXPECT_EQ(place.Requests(), 0);
}

// It comes through a pipe, so that no disk has to hold it.
TEST(BadExportTest, ALineOfOneGigabyteIsRefusedWithItsPlaceAndInLittleMemory) {
  Workplace place;
  ConfigurePeople(place, "people.jsonl");
  place.Write("head", R"({"id":"p-1","userName":"ada@example.com","active":true})"
                      "\n"
                      R"({"id":"p-2","userName":")");
  ASSERT_EQ(mkfifo(place.File("people.jsonl").c_str(), 0600), 0);
  ChildOptions here;
  here.folder = place.File(".");
  ChildProcess feeder(
      {"/bin/sh", "-c", "{ cat head; head -c 1000000000 /dev/zero | tr '\\0' a; } > people.jsonl"},
      here);
  const ChildResult plan = place.Rollcall({"plan", "--out", "plan.json"});
  EXPECT_EQ(plan.exit_code, 6) << plan.out;
  EXPECT_THAT(plan.err, HasSubstr("people.jsonl: "));
  EXPECT_THAT(plan.err, HasSubstr("$.userName, line 2"));
  EXPECT_EQ(plan.out, "");
  EXPECT_EQ(place.Requests(), 0);
  EXPECT_LT(PeakOfChildren(), kLittleMemory);
}

TEST(BadExportTest, ALastPageThatNamesANextOneIsACutExport) {
  for (const char* next :
       {R"("nextCursor":"VZUTiyhEQJ94IR")", R"("next":"https://idp.example.com/users?page=2")"}) {
    Workplace place;
    std::string people = place.Read("people.json");
    const size_t last = people.rfind("\"Resources\"");
    people.insert(last, absl::StrCat(next, ","));
    place.Write("people.json", people);
    const ChildResult plan = place.Rollcall({"plan", "--out", "plan.json"});
    EXPECT_EQ(plan.exit_code, 6) << next;
    EXPECT_THAT(plan.err, HasSubstr("people.json: "));
    EXPECT_THAT(plan.err, HasSubstr("names a next one"));
    EXPECT_EQ(place.Requests(), 0);
  }
}

TEST(BadExportTest, AByteOrderMarkIsRead) {
  Workplace place;
  const std::string plain = Changes(place);
  place.Write("people.json", absl::StrCat("\xef\xbb\xbf", place.Read("people.json")));
  EXPECT_EQ(Changes(place), plain);
}

TEST(BadExportTest, GzipIsReadAndACutOneIsNot) {
  Workplace place;
  const std::string plain = Changes(place);
  ASSERT_EQ(Shell(place, "gzip people.json").exit_code, 0);
  ConfigurePeople(place, "people.json.gz");
  EXPECT_EQ(Changes(place), plain);
  const std::string whole = place.Read("people.json.gz");
  place.Write("people.json.gz", whole.substr(0, whole.size() - 9));
  const int64_t before = place.Requests();
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6) << plan.out;
  EXPECT_THAT(plan.err, HasSubstr("people.json.gz: "));
  EXPECT_EQ(place.Requests(), before);
  EXPECT_EQ(place.Writes(), 0);
}

TEST(BadExportTest, AnotherExportNeverMovesWhatLaterOnesAreComparedWith) {
  Workplace place;
  place.Apply(place.MakePlan());
  place.Write("other.json", kEmpty);
  EXPECT_EQ(place.Rollcall({"plan", "--export", "other.json"}).exit_code, 3);
  // The configured one is still as large as the last accepted one.
  EXPECT_EQ(place.Rollcall({"plan"}).exit_code, 2);
}

TEST(BadExportTest, AMissingFileIsNamed) {
  Workplace place;
  const ChildResult plan = place.Rollcall({"plan", "--export", "nowhere.json"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("nowhere.json"));
}

}  // namespace
}  // namespace rollcall
