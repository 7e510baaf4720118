// `rollcall deactivate` and `activate` on the real binary: one person, from four places, with one
// command, and what is told of each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/four_places.h"

namespace rollcall {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class PersonTest : public testing::Test {
 protected:
  PersonTest() : office_(FourPlaces()) { office_.Export({{"p-1", kAda}, {"p-2", kBob}}); }

  ChildResult Rollcall(const std::vector<std::string>& words) {
    return office_.place().Rollcall(words);
  }
  bool IsOn(const std::string& account) {
    bool on = false;
    office_.place().Exclusively(
        [&] { on = office_.place().world().cloud_accounts.at(account).active; });
    return on;
  }

  Office office_;
};

TEST_F(PersonTest, LeavesFourPlacesWithOneCommandAndEachIsTold) {
  const ChildResult out = Rollcall({"deactivate", kAda, "--reason", "laptop stolen"});
  EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_TRUE(IsOn("aa-2"));
  // One write in Crowd and one on the SCIM record; the other two follow.
  EXPECT_EQ(office_.place().Writes(), 2);
  // Before: each account and the way.
  EXPECT_THAT(out.err, AllOf(HasSubstr("crowd: ada@example.com is active; here"),
                             HasSubstr("cloud-scim: ada@example.com is active; here"),
                             HasSubstr("cloud: ada@example.com is active; follows cloud-scim"),
                             HasSubstr("site: ada@example.com is active; follows cloud-scim")));
  // After: where the access is gone, and what is left.
  EXPECT_THAT(out.out, HasSubstr("ada@example.com can no longer get in: 4 accounts"));
  EXPECT_THAT(out.out, ContainsRegex("site +ada@example.com +was active +follows cloud-scim +now "
                                     "inactive, seen"));
  EXPECT_THAT(out.out, HasSubstr("2 API tokens, of no use while it is off"));
  // The hold keeps it so, whatever the export says.
  EXPECT_EQ(office_.Plan().state, "EMPTY");
  EXPECT_THAT(Rollcall({"holds"}).out, HasSubstr("laptop stolen"));
}

TEST_F(PersonTest, WhatCannotBeDoneIsToldAsAccessThatIsLeft) {
  std::string config = office_.place().Read("rollcall.yaml");
  config += "guards: {first_run: false, shrunken_export: false, protected: [\"crowd/1:k-1\"]}\n";
  const size_t usual = config.find("guards: {first_run: false, shrunken_export: false}\n");
  ASSERT_NE(usual, std::string::npos);
  config.erase(usual, std::string("guards: {first_run: false, shrunken_export: false}\n").size());
  office_.place().Write("rollcall.yaml", config);
  const ChildResult out = Rollcall({"deactivate", kAda, "--reason", "laptop stolen"});
  EXPECT_EQ(out.exit_code, 4) << out.out << out.err;
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_THAT(out.out, AllOf(HasSubstr("ACCESS LEFT"),
                             HasSubstr("ada@example.com may still have access in crowd"),
                             HasSubstr("not changed: protected")));
}

TEST_F(PersonTest, APlaceThatCannotBeReadIsToldAsAccessThatMayBeLeft) {
  std::string config = office_.place().Read("rollcall.yaml");
  const size_t begin = config.find("crowd: {url: \"") + std::string("crowd: {url: \"").size();
  config.replace(begin, config.find("\"", begin) - begin, "http://127.0.0.1:1/crowd");
  office_.place().Write("rollcall.yaml", config);
  const ChildResult out = Rollcall({"deactivate", kAda, "--reason", "laptop stolen"});
  EXPECT_EQ(out.exit_code, 6) << out.out << out.err;
  EXPECT_FALSE(IsOn("aa-1"));  // the rest was done
  EXPECT_THAT(out.err, HasSubstr("crowd: could not be read"));
  EXPECT_THAT(out.out, HasSubstr("ada@example.com may still have access in crowd."));
}

TEST_F(PersonTest, IsFoundByTheIdOfAnAccount) {
  ASSERT_EQ(office_.RunOnSchedule().exit_code, 0);  // links are recorded
  for (const char* query : {"cloud/aa-1", "1:k-1"}) {
    const ChildResult out = Rollcall({"deactivate", query, "--reason", "by id"});
    EXPECT_EQ(out.exit_code, 0) << query << out.out << out.err;
  }
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_TRUE(IsOn("aa-2"));
  const ChildResult nobody = Rollcall({"deactivate", "cloud/aa-7", "--reason", "by id"});
  EXPECT_EQ(nobody.exit_code, 1) << nobody.out << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("nobody was found"));
}

TEST_F(PersonTest, LeavesWithoutAnIdentityProviderInAnEmergency) {
  ASSERT_EQ(office_.RunOnSchedule().exit_code, 0);
  std::filesystem::remove(office_.place().File("people.json"));
  const ChildResult out =
      Rollcall({"deactivate", kAda, "--reason", "no identity provider", "--no-export"});
  EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_THAT(out.err, HasSubstr("Going by recorded links alone."));
  EXPECT_THAT(out.out, HasSubstr("can no longer get in: 4 accounts"));
  EXPECT_THAT(Rollcall({"holds"}).out, HasSubstr("no identity provider (without the export)"));
  // Somebody whom no link knows is not guessed at.
  const int64_t writes = office_.place().Writes();
  const ChildResult nobody =
      Rollcall({"deactivate", "zoe@example.com", "--reason", "x", "--no-export"});
  EXPECT_EQ(nobody.exit_code, 6) << nobody.out << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("no recorded link knows zoe@example.com"));
  EXPECT_EQ(office_.place().Writes(), writes);
}

TEST_F(PersonTest, ComesBackToFourPlacesWithOneCommand) {
  ASSERT_EQ(Rollcall({"deactivate", kAda, "--reason", "by mistake"}).exit_code, 0);
  ASSERT_FALSE(IsOn("aa-1"));
  EXPECT_EQ(Rollcall({"holds", "end", "1"}).exit_code, 0);
  const ChildResult in =
      Rollcall({"activate", kAda, "--until", "7d", "--reason", "it was a mistake"});
  EXPECT_EQ(in.exit_code, 0) << in.out << in.err;
  EXPECT_TRUE(IsOn("aa-1"));
  EXPECT_THAT(in.out, HasSubstr("ada@example.com has access by 4 of 4 accounts"));
}

TEST_F(PersonTest, ItsOddAccountsAreToldByCheck) {
  office_.place().Exclusively([&] { office_.place().world().sites.at("site").removed = {"aa-1"}; });
  const ChildResult check = Rollcall({"check", "--accounts"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_THAT(check.out, AllOf(HasSubstr("removed_from_site"), HasSubstr("cloud/aa-1")));
  EXPECT_THAT(check.out, Not(HasSubstr("bob@example.com")));
  const ChildResult json = Rollcall({"check", "--accounts", "--format", "json"});
  const auto report = nlohmann::json::parse(json.out)["accounts"];
  EXPECT_EQ(report["peopleInStep"], 1);
  ASSERT_EQ(report["conditions"].size(), 1u);
  EXPECT_EQ(report["conditions"][0]["name"], "removed_from_site");
  EXPECT_EQ(report["conditions"][0]["accounts"][0]["beside"], "cloud/aa-1");
  EXPECT_TRUE(
      nlohmann::json::parse(Rollcall({"check", "--format", "json"}).out)["accounts"].is_null());
}

TEST_F(PersonTest, TheDaysThatAreLeftOfADeletionAreToldByCheck) {
  const auto beside = [this](absl::Duration ago) {
    office_.place().Exclusively([&] {
      twins::CloudAccount& bob = office_.place().world().cloud_accounts.at("aa-2");
      bob.active = false;
      bob.pending_deletion = true;
      bob.deactivated_on =
          absl::FormatTime(absl::RFC3339_full, absl::Now() - ago, absl::UTCTimeZone());
    });
    const ChildResult json = Rollcall({"check", "--accounts", "--format", "json"});
    const auto report = nlohmann::json::parse(json.out);
    for (const auto& condition : report["accounts"]["conditions"]) {
      if (condition["name"] == "pending_deletion") {
        return condition["accounts"][0]["beside"].get<std::string>();
      }
    }
    return json.out + json.err;
  };
  EXPECT_THAT(beside(absl::Hours(84)), HasSubstr("10 days left at least, until "));
  EXPECT_THAT(beside(absl::Hours(13 * 24 + 1)), HasSubstr("less than a day left at least"));
  EXPECT_EQ(beside(absl::Hours(15 * 24)), "may be final at any moment");
  office_.place().Exclusively(
      [&] { office_.place().world().cloud_accounts.at("aa-2").deactivated_on = "soon"; });
  const ChildResult text = Rollcall({"check", "--accounts"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("pending_deletion"), HasSubstr("days left: not known")));
}

TEST_F(PersonTest, AnOwnerThatNobodyConfiguredIsNamedByCheck) {
  std::string config = office_.place().Read("rollcall.yaml");
  const size_t scim = config.find("  - {id: cloud-scim");
  config.erase(scim, config.find("  - {id: site") - scim);
  office_.place().Write("rollcall.yaml", config);
  const ChildResult json = Rollcall({"check", "--accounts", "--format", "json"});
  EXPECT_EQ(json.exit_code, 0) << json.out << json.err;
  const auto report = nlohmann::json::parse(json.out)["accounts"];
  ASSERT_EQ(report["conditions"].size(), 1u) << json.out;
  EXPECT_EQ(report["conditions"][0]["name"], "owner_not_configured");
  ASSERT_EQ(report["conditions"][0]["accounts"].size(), 2u);
  EXPECT_EQ(report["conditions"][0]["accounts"][0]["beside"], "SCIM directory scim, record u-1");
}

}  // namespace
}  // namespace rollcall
