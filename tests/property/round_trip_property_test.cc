// What is written and read back is the same: exports in each format, people and groups, with tiny
// writers of our own, and plans as JSON and in the state.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/json.h"
#include "agent/render/resources.h"
#include "agent/store/store.h"
#include "clients/idp/memory_source.h"
#include "clients/idp/read_export.h"
#include "google/protobuf/util/json_util.h"
#include "tests/property/holds.h"
#include "tests/property/worlds.h"
#include "tests/property/written_export.h"
#include "tests/support/temp_folder.h"

namespace rollcall::property {
namespace {

const std::vector<std::string>& Formats() {
  static const auto* const kFormats =
      new std::vector<std::string>{"scim", "okta", "entra", "google", "csv"};
  return *kFormats;
}

// Names with what formats quote, and with more than one byte a letter; no two of them fold alike.
std::string SomeName(const std::string& start) {
  const auto part = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("a", "z", "7", "\"", ",", ";", "'", "\\", "é", "漢", "<"));
  return absl::StrCat(start, absl::StrJoin(part, ""), "x");
}

WrittenExport SomeExport() {
  WrittenExport written;
  const int people = *rc::gen::inRange(1, 12);
  for (int i = 0; i < people; ++i) {
    WrittenPerson row;
    row.id = absl::StrCat("id-", i);
    row.name = SomeName(absl::StrCat("n", i));
    row.email = *rc::gen::arbitrary<bool>() ? absl::StrCat("u", i, "@example.com") : "";
    row.active = *rc::gen::arbitrary<bool>();
    written.people.push_back(std::move(row));
  }
  const int groups = *rc::gen::inRange(0, 6);
  for (int g = 0; g < groups; ++g) {
    WrittenGroup group = {absl::StrCat("id-g", g), SomeName(absl::StrCat("g", g)), {}};
    for (const WrittenPerson& row : written.people) {
      if (*rc::gen::arbitrary<bool>()) group.members.push_back(row.id);
    }
    std::sort(group.members.begin(), group.members.end());
    written.groups.push_back(std::move(group));
  }
  return written;
}

// What a format cannot say, as its reader fills it in.
WrittenExport AsTold(const std::string& format, WrittenExport written) {
  for (WrittenPerson& row : written.people) {
    // Whoever has no mail is reached by the principal name; Google knows addresses only.
    if (format == "entra" && row.email.empty()) row.email = row.name;
    if (format == "google") row.email = row.name;
  }
  if (format != "csv") return written;
  std::erase_if(written.groups, [](const WrittenGroup& group) { return group.members.empty(); });
  for (WrittenGroup& group : written.groups) group.id = "";
  return written;
}

WrittenExport ReadBack(const FormatText& text, const std::string& format) {
  idp::ExportRequest request;
  request.people.path = "people";
  request.people.source = std::make_unique<idp::MemorySource>(text.people);
  request.people.time = absl::UnixEpoch();
  if (!text.groups.empty()) {
    idp::ExportInput& groups = request.groups.emplace_back();
    groups.path = "groups";
    groups.source = std::make_unique<idp::MemorySource>(text.groups);
    groups.time = absl::UnixEpoch();
  }
  request.format = format;
  request.csv.group_separator = "|";
  absl::StatusOr<Export> exported = idp::ReadExport(std::move(request));
  if (!exported.ok()) RC_FAIL(std::string(exported.status().message()));
  WrittenExport back;
  for (const Person& person : exported->people) {
    back.people.push_back({std::string(person.id), std::string(person.user_name),
                           std::string(person.email), person.standing == Standing::kActive});
  }
  for (const ExportGroup& group : exported->groups) {
    RC_ASSERT(group.held == "");
    WrittenGroup& row =
        back.groups.emplace_back(WrittenGroup{std::string(group.id), std::string(group.name), {}});
    for (PersonIndex member : group.members) {
      row.members.emplace_back(exported->people[member].id);
    }
    std::sort(row.members.begin(), row.members.end());
  }
  return back;
}

// Groups come back sorted by name and id.
WrittenExport WithSortedGroups(WrittenExport written) {
  std::sort(written.groups.begin(), written.groups.end(),
            [](const WrittenGroup& a, const WrittenGroup& b) {
              return std::tie(a.name, a.id) < std::tie(b.name, b.id);
            });
  return written;
}

TEST(RoundTripProperty, PeopleAndGroupsOfEveryFormatAreReadAsTheyWereWritten) {
  for (const std::string& format : Formats()) {
    Holds(150, [&] {
      const WrittenExport written = SomeExport();
      const FormatText text = WriteAs(format, written);
      RC_LOG() << text.people << "\n" << text.groups << "\n";
      RC_ASSERT(ReadBack(text, format) == WithSortedGroups(AsTold(format, written)));
    });
  }
}

// A file without groups says nothing about them.
TEST(RoundTripProperty, PeopleAloneAreReadAsTheyWereWritten) {
  for (const std::string& format : Formats()) {
    Holds(100, [&] {
      WrittenExport written = SomeExport();
      written.groups.clear();
      const FormatText text = {WriteAs(format, written).people, ""};
      RC_ASSERT(ReadBack(text, format) == AsTold(format, written));
    });
  }
}

TEST(RoundTripProperty, AGroupColumnIsReadAsItWasWritten) {
  Holds(300, [] {
    const WrittenExport written = SomeExport();
    const FormatText text = {WriteCsvWithGroupColumn(written), ""};
    RC_LOG() << text.people;
    RC_ASSERT(ReadBack(text, "csv") == WithSortedGroups(AsTold("csv", written)));
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
