// `rollcall scim-links` on the real binary: shows before it does, asks before each step, sends one
// request a step, and believes what it reads afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/store/run_lock.h"
#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Ada (aa-1) is owned by a record of the configured directory and by one of another; Bob (aa-2) by
// one. Cyd (aa-3) is a guest with a record. Dan (aa-4) changed his address: dan.new@example.com was
// given to a second account (aa-5), which a record of the other directory owns. Eve (aa-6) is the
// organisation's own.
constexpr char kLinkWorld[] = R"({
  "organisation": {"id": "o-1", "name": "Example", "domains": ["example.com"],
    "directories": [{"id": "dir-main", "name": "Main"}]},
  "cloud_accounts": [
    {"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main"]},
    {"id": "aa-2", "email": "bob@example.com", "directories": ["dir-main"]},
    {"id": "aa-3", "email": "cyd@example.com", "claimed": false, "directories": ["dir-main"]},
    {"id": "aa-4", "email": "dan@example.com", "directories": ["dir-main"]},
    {"id": "aa-5", "email": "dan.new@example.com", "directories": ["dir-main"]},
    {"id": "aa-6", "email": "eve@example.com", "directories": ["dir-main"]}],
  "scim": {
    "scim": {"users": [
      {"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com",
       "atlassianAccountId": "aa-1"},
      {"id": "u-2", "userName": "bob@example.com", "email": "bob@example.com",
       "atlassianAccountId": "aa-2"},
      {"id": "u-3", "userName": "cyd@example.com", "email": "cyd@example.com",
       "atlassianAccountId": "aa-3"}],
     "groups": [{"id": "g-1", "displayName": "Engineers", "members": ["u-1", "u-2"]},
                {"id": "g-2", "displayName": "Pilots", "members": ["u-1"]},
                {"id": "g-3", "displayName": "Cooks", "members": ["u-2"]}]},
    "other": {"users": [
      {"id": "v-1", "userName": "ada", "email": "ada@example.com", "atlassianAccountId": "aa-1"},
      {"id": "v-5", "userName": "dan", "email": "dan.new@example.com",
       "atlassianAccountId": "aa-5"}]}}})";

constexpr char kLinkDirectories[] = R"(
  - {id: cloud, people: all, rate: 2000, identity: "aa-2", base_url: "URL/atlassian",
     atlassian_admin: {org_id: o-1, api_key: {env: TWIN_TOKEN}}}
  - {id: cloud-scim, people: all, rate: 2000,
     scim: {url: "URL/scim/v2", token: {env: TWIN_TOKEN}, provisions: cloud}}
)";

OfficeEstate LinkEstate() {
  OfficeEstate estate;
  estate.world = kLinkWorld;
  estate.directories = kLinkDirectories;
  return estate;
}

class ScimLinksTest : public testing::Test {
 protected:
  explicit ScimLinksTest(const OfficeEstate& estate = LinkEstate()) : office_(estate) {
    office_.Export({{"p-1", "ada@example.com"}, {"p-2", "bob@example.com"}});
    before_ = place().World();
  }

  Workplace& place() { return office_.place(); }
  ChildResult Links(std::vector<std::string> words) {
    words.insert(words.begin(), "scim-links");
    return place().Rollcall(words);
  }
  json Report(std::vector<std::string> words, int exit_code) {
    words.insert(words.end(), {"--format", "json"});
    const ChildResult result = Links(words);
    EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
    json report = json::parse(result.out, nullptr, false);
    EXPECT_TRUE(report.is_object()) << result.out << result.err;
    if (report.is_object() && report.contains("exitCode")) {
      EXPECT_EQ(report["exitCode"], exit_code);
    }
    return report.is_object() ? report : json::object();
  }
  ChildResult Unlink(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"unlink", "aa-1", "--record", "scim/u-1", "--reason", "r-17"};
    words.insert(words.end(), more.begin(), more.end());
    return Links(words);
  }
  // "DONE r-17", oldest first.
  std::vector<std::string> History() {
    std::vector<std::string> rows;
    const json history = Report({"history"}, 0);
    for (const json& repair : history["repairs"]) {
      rows.push_back(absl::StrCat(repair["outcome"].get<std::string>(), " ",
                                  repair["reason"].get<std::string>()));
    }
    return rows;
  }
  // The account that the record names; "gone" where there is none of that id.
  std::string OwnedBy(const std::string& directory, const std::string& record) {
    std::string account;
    place().Exclusively([&] {
      const twins::ScimUser* user = place().world().scim.at(directory).FindUser(record);
      account = user == nullptr ? "gone" : user->AtlassianAccountId();
    });
    return account;
  }
  bool IsOn(const std::string& account) {
    bool active = false;
    place().Exclusively([&] { active = place().world().cloud_accounts.at(account).active; });
    return active;
  }
  int64_t Sent(const std::string& method, const std::string& ending) {
    int64_t count = 0;
    place().Exclusively([&] {
      const json log = place().rehearsal().log().Report()["log"];
      for (const json& write : log) {
        const bool is_it =
            write["method"] == method && absl::EndsWith(write["path"].get<std::string>(), ending);
        count += is_it ? 1 : 0;
      }
    });
    return count;
  }
  void Configure(const std::string& from, const std::string& to) {
    std::string config = place().Read("rollcall.yaml");
    const size_t at = config.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    config.replace(at, from.size(), to);
    place().Write("rollcall.yaml", config);
  }
  // Through a terminal on which `typed` is typed.
  int Ask(std::vector<std::string> words, const std::string& typed, std::string* said) {
    const std::string config = place().File("rollcall.yaml");
    words.insert(words.begin(), {"rollcall", "--config", config, "scim-links"});
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    setenv("TWIN_TOKEN", "twin-token", 1);
    std::istringstream in(typed);
    std::ostringstream out;
    std::ostringstream err;
    Console console(in, out, err,
                    {.input_is_terminal = true,
                     .output_is_terminal = false,
                     .error_is_terminal = true,
                     .no_color = true});
    const ExitCode code = RunCommandLine(static_cast<int>(argv.size()), argv.data(), console);
    *said = absl::StrCat(out.str(), err.str());
    return static_cast<int>(code);
  }

  Office office_;
  std::string before_;
};

const std::vector<std::string> kDeleteAda = {"delete-record", "aa-1", "--reason", "r-18"};
const std::vector<std::string> kMoveDan = {"repair-email", "dan@example.com", "dan.new@example.com",
                                           "--reason", "r-19"};

std::vector<std::string> With(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_F(ScimLinksTest, TheListNamesEachRecordTheAccountThatItOwnsAndTheConfiguredDirectory) {
  for (const char* query : {"aa-1", "ada@example.com"}) {
    const json report = Report({"list", query}, 0);
    ASSERT_THAT(report["records"], SizeIs(2)) << query;
    EXPECT_EQ(report["records"][0]["record"], "v-1");
    EXPECT_EQ(report["records"][0]["scimDirectory"], "other");
    EXPECT_EQ(report["records"][0]["directory"], "") << "it is not configured";
    EXPECT_EQ(report["records"][1]["record"], "u-1");
    EXPECT_EQ(report["records"][1]["directory"], "cloud-scim");
    EXPECT_EQ(report["records"][1]["account"], "aa-1");
    EXPECT_EQ(report["records"][1]["userName"], "ada@example.com");
    ASSERT_THAT(report["accounts"], SizeIs(1));
    EXPECT_EQ(report["accounts"][0]["email"], "ada@example.com");
    EXPECT_EQ(report["accounts"][0]["state"], "ACTIVE");
  }
  EXPECT_THAT(Report({"list", "aa-6"}, 0)["records"], IsEmpty());
  EXPECT_THAT(Report({"list", "nobody@example.com"}, 0)["records"], IsEmpty());
  EXPECT_EQ(Links({"list", "aa-99"}).exit_code, 1);
  EXPECT_EQ(place().Writes(), 0);
}

TEST_F(ScimLinksTest, WithoutApplyEachRepairShowsItsStepsAndSendsNoWrite) {
  const ChildResult unlink = Unlink();
  EXPECT_EQ(unlink.exit_code, 2) << unlink.err;
  EXPECT_THAT(unlink.out, HasSubstr("/scimDirectoryId/scim/scimUserId/u-1/unlink"));
  EXPECT_THAT(unlink.out, HasSubstr("no longer reaches the account"));
  const ChildResult removal = Links(kDeleteAda);
  EXPECT_EQ(removal.exit_code, 2) << removal.err;
  EXPECT_THAT(removal.out, HasSubstr("onlyDeleteUserInDB"));
  EXPECT_THAT(removal.out, HasSubstr("must be provisioned again"));
  EXPECT_EQ(Links(kMoveDan).exit_code, 2);
  EXPECT_EQ(place().Writes(), 0);
  EXPECT_EQ(place().World(), before_);
  EXPECT_THAT(History(), IsEmpty());
}

TEST_F(ScimLinksTest, WhatADeletionWouldLoseIsNamedByGroupAndUnknownWhereNobodyCanRead) {
  const json report = Report(kDeleteAda, 2);
  ASSERT_THAT(report["steps"], SizeIs(1));
  EXPECT_THAT(report["steps"][0]["losses"],
              ElementsAre("memberships of record other/v-1: unknown, for directory other is not "
                          "configured",
                          "memberships of record scim/u-1 in cloud-scim: Engineers, Pilots"));
}

TEST_F(ScimLinksTest, AnUnlinkedAccountIsTheOrganisationsToSwitchAndTheRecordStays) {
  const ChildResult run = Unlink({"--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(place().Writes(), 1);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "");
  EXPECT_EQ(OwnedBy("other", "v-1"), "aa-1") << "one record was meant";
  EXPECT_TRUE(IsOn("aa-1"));
  EXPECT_THAT(History(), ElementsAre("DONE r-17"));
  // The second record, and the organisation itself switches the account.
  EXPECT_EQ(
      Links({"unlink", "aa-1", "--record", "other/v-1", "--reason", "r-17", "--apply", "--yes"})
          .exit_code,
      0);
  office_.Export({{"p-1", "ada@example.com", "", false}, {"p-2", "bob@example.com"}});
  office_.RunOnSchedule();
  EXPECT_EQ(Sent("POST", "/users/aa-1/manage/lifecycle/disable"), 1);
  EXPECT_FALSE(IsOn("aa-1"));
}

TEST_F(ScimLinksTest, TheSecondTimeThereIsNothingToRepairAndNothingIsSent) {
  EXPECT_EQ(Unlink({"--apply", "--yes"}).exit_code, 0);
  const ChildResult again = Unlink({"--apply", "--yes"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("nothing to repair"));
  EXPECT_EQ(Unlink().exit_code, 0);
  EXPECT_EQ(Links(With(kDeleteAda, {"--apply", "--yes"})).exit_code, 0);
  EXPECT_EQ(Links(With(kDeleteAda, {"--apply", "--yes"})).exit_code, 0);
  EXPECT_EQ(place().Writes(), 2);
  EXPECT_THAT(History(), ElementsAre("DONE r-17", "DONE r-18"));
}

TEST_F(ScimLinksTest, ADeletionTakesTheRecordsOfEveryDirectoryAndLeavesTheAccount) {
  const ChildResult run = Links(With(kDeleteAda, {"--apply", "--yes"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(place().Writes(), 1);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "gone");
  EXPECT_EQ(OwnedBy("other", "v-1"), "gone");
  EXPECT_EQ(OwnedBy("scim", "u-2"), "aa-2");
  EXPECT_TRUE(IsOn("aa-1"));
  place().Exclusively([&] {
    EXPECT_THAT(place().world().scim.at("scim").FindGroup("g-1")->members, ElementsAre("u-2"));
  });
}

TEST_F(ScimLinksTest, ForAGuestNothingIsDeleted) {
  const ChildResult run = Links({"delete-record", "aa-3", "--reason", "r-20", "--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("not managed by the organisation"));
  EXPECT_EQ(place().Writes(), 0);
}

TEST_F(ScimLinksTest, WhomTheGuardsProtectNoRepairTouches) {
  // By the person's stable id, by the record, and by a group of the SCIM directory.
  const std::string config = place().Read("rollcall.yaml");
  for (const char* entry : {"p-1", "ada@example.com", "cloud/aa-1", "cloud-scim/u-1"}) {
    place().Write("rollcall.yaml", config);
    Configure("first_run: false", absl::StrCat("first_run: false, protected: [\"", entry, "\"]"));
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"unlink", "aa-1", "--record", "scim/u-1", "--reason", "r"},
          kDeleteAda}) {
      const ChildResult run = Links(With(words, {"--apply", "--yes"}));
      EXPECT_EQ(run.exit_code, 3) << entry << run.out << run.err;
      EXPECT_THAT(run.err, HasSubstr("protected")) << entry;
      EXPECT_EQ(Links(words).exit_code, 3) << entry;
    }
  }
  EXPECT_EQ(place().Writes(), 0);
}

TEST_F(ScimLinksTest, TheAccountThatRollcallWorksWithIsLeftAlone) {
  const ChildResult run = Links({"delete-record", "aa-2", "--reason", "r-21", "--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("self"));
  EXPECT_EQ(place().Writes(), 0);
}

TEST_F(ScimLinksTest, WhereAStagedStartWritesNothingRepairsWriteNothing) {
  Configure("people: all, rate: 2000, identity", "people: all, apply: false, rate: 2000, identity");
  const ChildResult run = Unlink({"--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("not_allowed"));
  EXPECT_EQ(place().Writes(), 0);
}

TEST_F(ScimLinksTest, WithoutATerminalAndWithoutYesNothingIsEvenRead) {
  const ChildResult run = Unlink({"--apply"});
  EXPECT_EQ(run.exit_code, 7);
  EXPECT_THAT(run.err, HasSubstr("--yes"));
  EXPECT_EQ(place().Requests(), 0);
}

TEST_F(ScimLinksTest, EachStepIsAskedAboutAndADeclinedOneIsNotDone) {
  const std::vector<std::string> words = {"unlink",   "aa-1", "--record", "scim/u-1",
                                          "--reason", "r-17", "--apply"};
  std::string said;
  EXPECT_EQ(Ask(words, "y\n", &said), 2) << said;
  EXPECT_THAT(said, AllOf(HasSubstr("Do step 1?"), HasSubstr("DECLINED")));
  EXPECT_EQ(place().Writes(), 0);
  EXPECT_THAT(History(), IsEmpty());
  EXPECT_EQ(Ask(words, "yes\n", &said), 0) << said;
  EXPECT_EQ(place().Writes(), 1);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "");
}

TEST_F(ScimLinksTest, AnAnswerThatIsLostIsReadBackAndNothingIsSentAgain) {
  place().Exclusively([&] {
    twins::FaultRule rule;
    rule.method = "PATCH";
    rule.path = "*/unlink";
    rule.effect.kind = twins::FaultEffect::Kind::kDropAfter;
    place().rehearsal().faults().Add(rule);
  });
  const ChildResult run = Unlink({"--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(Sent("PATCH", "/unlink"), 1);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "");
  place().Exclusively([&] { EXPECT_THAT(place().rehearsal().faults().Unmet(), IsEmpty()); });
}

// Killed while the request is on its way: with its effect, and without.
class KilledRepairTest : public ScimLinksTest, public testing::WithParamInterface<bool> {};

TEST_P(KilledRepairTest, TheNextRepairSaysWhatCameOfItAndGoesOn) {
  const bool arrives = GetParam();
  std::unique_ptr<ChildProcess> child;
  pid_t pid = 0;
  place().Exclusively([&] {
    place().watched().set_watch([&](int64_t, const twins::TwinRequest& request) {
      if (request.method != "PATCH") return true;
      kill(pid, SIGKILL);
      return arrives;
    });
    child = place().Start({"scim-links", "unlink", "aa-1", "--record", "scim/u-1", "--reason",
                           "r-17", "--apply", "--yes"});
    pid = child->pid();
  });
  EXPECT_EQ(child->Wait().signal, SIGKILL);
  place().Exclusively([&] { place().watched().set_watch(nullptr); });
  EXPECT_EQ(OwnedBy("scim", "u-1"), arrives ? "" : "aa-1");
  EXPECT_THAT(History(), ElementsAre("OPEN r-17"));
  EXPECT_EQ(Unlink().exit_code, arrives ? 0 : 2) << "it shows, and settles nothing";
  EXPECT_THAT(History(), ElementsAre("OPEN r-17"));
  EXPECT_EQ(Unlink({"--apply", "--yes"}).exit_code, 0);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "");
  if (arrives) {
    EXPECT_THAT(History(), ElementsAre("DONE r-17"));
  } else {
    EXPECT_THAT(History(), ElementsAre("NOT_SEEN r-17", "DONE r-17"));
  }
}

INSTANTIATE_TEST_SUITE_P(AtTheRequest, KilledRepairTest, testing::Bool());

TEST_F(ScimLinksTest, WhileARunIsAtWorkThereNothingIsSent) {
  ASSERT_EQ(place().Rollcall({"holds"}).exit_code, 0);  // makes the state
  for (const char* directory : {"cloud", "cloud-scim"}) {
    const auto lock = RunLock::Acquire(place().File("rollcall.db"), "r-1", {directory});
    ASSERT_TRUE(lock.ok()) << lock.status();
    const ChildResult run = Unlink({"--apply", "--yes"});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(run.err, HasSubstr("r-1")) << directory;
    EXPECT_EQ(Unlink().exit_code, 2) << "looking is free";
  }
  EXPECT_EQ(place().Writes(), 0);
  EXPECT_THAT(History(), IsEmpty());
}

TEST_F(ScimLinksTest, ARecordThatDoesNotOwnTheAccountIsRefusedAndTheRightOnesAreNamed) {
  const ChildResult run =
      Links({"unlink", "aa-1", "--record", "scim/u-2", "--reason", "r", "--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("other/v-1, scim/u-1"));
  const ChildResult gone =
      Links({"unlink", "aa-99", "--record", "scim/u-1", "--reason", "r", "--apply", "--yes"});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_THAT(gone.err, HasSubstr("does not show account aa-99"));
  EXPECT_EQ(place().Writes(), 0);
}

TEST_F(ScimLinksTest, WhoCallsItWronglyIsToldHow) {
  const std::vector<std::vector<std::string>> calls = {
      {"unlink", "ada@example.com", "--record", "scim/u-1", "--reason", "r"},
      {"unlink", "aa-1", "--record", "u-1", "--reason", "r"},
      {"unlink", "aa-1", "--record", "scim/u-1", "--reason", " "},
      {"delete-record", "ada@example.com", "--reason", "r"},
      {"delete-record", "aa-1"},
      {"repair-email", "ada@example.com", "ADA@example.com", "--reason", "r"},
      {"list", "aa-1", "--directory", "cloud-scim"},
      {}};
  for (const std::vector<std::string>& call : calls) EXPECT_EQ(Links(call).exit_code, 7);
  EXPECT_EQ(place().Rollcall({"scim-links", "list", "aa-1", "--server", "127.0.0.1:1"}).exit_code,
            7)
      << "no agent does this for anybody";
  EXPECT_EQ(place().Requests(), 0);
}

TEST_F(ScimLinksTest, WhereThereAreSeveralOrganisationsOneMustBeNamed) {
  Configure(
      "  - {id: cloud-scim",
      absl::StrCat("  - {id: second, people: all, rate: 2000, base_url: \"", place().host_url(),
                   "/atlassian\",\n     atlassian_admin: {org_id: o-1, api_key: {env: "
                   "TWIN_TOKEN}}}\n  - {id: cloud-scim"));
  const ChildResult run = Links({"list", "aa-1"});
  EXPECT_EQ(run.exit_code, 7);
  EXPECT_THAT(run.err, HasSubstr("cloud, second"));
  EXPECT_THAT(Report({"list", "aa-1", "--directory", "cloud"}, 0)["records"], SizeIs(2));
}

TEST_F(ScimLinksTest, EveryFormatTellsTheSameAndNothingOfAServerMovesATerminal) {
  place().Exclusively([&] {
    twins::ScimUser evil = *place().world().scim.at("scim").FindUser("u-1");
    evil.attributes["userName"] = "ada\x1b[2J<b>";
    place().world().scim.at("scim").PutUser(evil);
  });
  for (const char* format : {"text", "markdown", "html", "json"}) {
    const ChildResult run = Unlink({"--format", format});
    EXPECT_EQ(run.exit_code, 2) << format << run.err;
    EXPECT_THAT(run.out, HasSubstr("unlink")) << format;
    EXPECT_THAT(run.out, Not(HasSubstr("\x1b"))) << format;
    EXPECT_THAT(run.out + run.err, Not(HasSubstr("twin-token"))) << format;
  }
  EXPECT_THAT(Unlink({"--format", "html"}).out, Not(HasSubstr("<b>")));
}

TEST_F(ScimLinksTest, AStuckChangeOfAddressIsLedThroughStepByStepUntilItIsInStep) {
  const auto titles = [](const json& report) {
    std::vector<std::string> kinds;
    for (const json& step : report["steps"]) kinds.push_back(step["kind"]);
    return kinds;
  };
  // The record goes off the second account; what follows is for hands.
  const json first = Report(kMoveDan, 2);
  EXPECT_THAT(titles(first), ElementsAre("UNLINK", "BY_HAND", "BY_HAND", "BY_HAND"));
  EXPECT_THAT(first["steps"][1]["meaning"].get<std::string>(), HasSubstr("14 days"));
  const json second = Report(With(kMoveDan, {"--apply", "--yes"}), 2);
  EXPECT_EQ(second["steps"][0]["outcome"], "DONE");
  EXPECT_EQ(second["steps"][1]["outcome"], "OPEN") << "nobody saw it";
  EXPECT_EQ(OwnedBy("other", "v-5"), "");
  // Again: it looks anew, and does not repeat what was done.
  EXPECT_THAT(titles(Report(With(kMoveDan, {"--apply", "--yes"}), 2)),
              ElementsAre("BY_HAND", "BY_HAND", "BY_HAND"));
  EXPECT_EQ(place().Writes(), 1);
  // Somebody deletes the second account; until it is gone there is only waiting.
  place().Exclusively([&] {
    place().world().cloud_accounts.at("aa-5").pending_deletion = true;
    place().world().cloud_accounts.at("aa-5").active = false;
  });
  EXPECT_THAT(titles(Report(kMoveDan, 2)), ElementsAre("WAIT", "BY_HAND", "BY_HAND"));
  place().Exclusively([&] { place().world().cloud_accounts.erase("aa-5"); });
  EXPECT_THAT(titles(Report(kMoveDan, 2)), ElementsAre("BY_HAND", "BY_HAND"));
  place().Exclusively(
      [&] { place().world().cloud_accounts.at("aa-4").email = "dan.new@example.com"; });
  EXPECT_THAT(titles(Report(kMoveDan, 2)), ElementsAre("BY_HAND"));
  // The identity provider has provisioned him again.
  place().Exclusively([&] {
    twins::ScimUser dan = *place().world().scim.at("other").FindUser("v-5");
    dan.attributes[twins::kAtlassianExtension]["atlassianAccountId"] = "aa-4";
    place().world().scim.at("other").PutUser(dan);
  });
  EXPECT_THAT(titles(Report(kMoveDan, 0)), IsEmpty());
  EXPECT_EQ(place().Writes(), 1);
  EXPECT_THAT(History(), ElementsAre("DONE r-19"));
}

TEST_F(ScimLinksTest, AChangeOfAddressThatTouchesAProtectedAccountIsRefused) {
  Configure("first_run: false", "first_run: false, protected: [\"cloud/aa-5\"]");
  EXPECT_EQ(Links(With(kMoveDan, {"--apply", "--yes"})).exit_code, 3);
  EXPECT_EQ(place().Writes(), 0);
}

OfficeEstate EstateWithQuirk(const char* quirk) {
  OfficeEstate estate = LinkEstate();
  estate.org_quirks = {quirk};
  return estate;
}

class UnlinkAnswerTest : public ScimLinksTest, public testing::WithParamInterface<const char*> {
 protected:
  UnlinkAnswerTest() : ScimLinksTest(EstateWithQuirk(GetParam())) {}
};

TEST_P(UnlinkAnswerTest, HoweverTheServerAnswersWhatIsSeenCountsAndTheSecondTimeNothingIsSent) {
  EXPECT_EQ(Unlink({"--apply", "--yes"}).exit_code, 0);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "");
  EXPECT_EQ(Unlink({"--apply", "--yes"}).exit_code, 0);
  EXPECT_EQ(place().Writes(), 1);
  EXPECT_THAT(History(), ElementsAre("DONE r-17"));
}

INSTANTIATE_TEST_SUITE_P(ByQuirk, UnlinkAnswerTest,
                         testing::Values("unlink_200", "unlink_202", "unlink_forgets"));

class ScopedKeyTest : public ScimLinksTest {
 protected:
  ScopedKeyTest() : ScimLinksTest(EstateWithQuirk("key_scoped")) {}
};

TEST_F(ScopedKeyTest, ARefusalNamesTheCureAndIsInTheHistory) {
  const ChildResult run = Unlink({"--apply", "--yes"});
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("make a key without scopes"));
  EXPECT_EQ(Sent("PATCH", "/unlink"), 1);
  EXPECT_EQ(OwnedBy("scim", "u-1"), "aa-1");
  EXPECT_THAT(History(), ElementsAre("REFUSED r-17"));
}

class UnreadableLinksTest : public ScimLinksTest, public testing::WithParamInterface<const char*> {
 protected:
  UnreadableLinksTest() : ScimLinksTest(EstateWithQuirk(GetParam())) {}
};

TEST_P(UnreadableLinksTest, WhatCannotBeReadIsNeverTakenForNoLinks) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"list", "aa-1"}, std::vector<std::string>{"list", kAda},
        With(kDeleteAda, {"--apply", "--yes"}), With(kMoveDan, {"--apply", "--yes"})}) {
    const ChildResult run = Links(words);
    EXPECT_EQ(run.exit_code, 6) << words[0] << run.out << run.err;
  }
  EXPECT_EQ(place().Writes(), 0);
}

INSTANTIATE_TEST_SUITE_P(ByQuirk, UnreadableLinksTest,
                         testing::Values("html_200", "empty_200", "key_expired", "links_missing"));

}  // namespace
}  // namespace rollcall
