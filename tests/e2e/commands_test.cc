// What single commands do with the real binary: `deactivate` while the export is broken, the cost
// that an interrupted run reports, and the contract of formats, files and exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// Somebody with an account that a plan has linked, and who is active there once it is applied.
std::string SomebodyActive(const Workplace& place) {
  return json::parse(place.Read("drift.json"))["joiners"][0]["user_name"];
}

std::string BreakExport(Workplace& place) {
  const std::string whole = place.Read("people.json");
  place.Write("people.json", whole.substr(0, whole.size() / 2));
  return whole;
}

TEST(DeactivateTest, ABrokenExportKeepsNobodyInWhoARecordedLinkKnows) {
  Workplace place;
  place.Apply(place.MakePlan());
  const std::string who = SomebodyActive(place);
  const std::string whole = BreakExport(place);
  const int64_t writes = place.Writes();
  const ChildResult out =
      place.Rollcall({"deactivate", who, "--reason", "left today", "--format", "json"});
  EXPECT_EQ(out.exit_code, 6) << out.out << out.err;
  const json run = json::parse(out.out, nullptr, false);
  ASSERT_TRUE(run.is_object()) << out.out << out.err;
  EXPECT_EQ(run["state"], "SUCCEEDED");
  EXPECT_EQ(place.Writes(), writes + 1);
  EXPECT_THAT(out.err, HasSubstr("people.json"));
  EXPECT_THAT(out.err, HasSubstr("By recorded links, 1 change followed for "));
  EXPECT_THAT(out.err, HasSubstr("of which 1 holds"));
  // Again: nothing is left to do, and the holds do not pile up.
  const ChildResult again = place.Rollcall({"deactivate", who, "--reason", "left today"});
  EXPECT_EQ(again.exit_code, 6);
  EXPECT_THAT(again.err, HasSubstr("By recorded links, 0 changes followed"));
  EXPECT_EQ(place.Writes(), writes + 1);
  EXPECT_EQ(json::parse(place.Rollcall({"holds", "--format", "json"}).out)["holds"].size(), 2u);
  // The person stays out when the export can be read again.
  place.Write("people.json", whole);
  place.Rollcall({"apply", "--plan-now", "--yes"});
  EXPECT_EQ(place.Writes(), writes + 1);
}

TEST(DeactivateTest, WithoutARecordedLinkABrokenExportChangesNothingAndSaysWhatToDo) {
  Workplace place;
  const std::string who = SomebodyActive(place);
  BreakExport(place);
  const ChildResult out = place.Rollcall({"deactivate", who, "--reason", "left today"});
  EXPECT_EQ(out.exit_code, 6);
  EXPECT_EQ(out.out, "");
  EXPECT_THAT(out.err, HasSubstr(absl::StrCat("no recorded link knows ", who)));
  EXPECT_THAT(out.err, HasSubstr("Correct the export and run the same command again"));
  EXPECT_EQ(place.Writes(), 0);
  EXPECT_THAT(place.Rollcall({"holds"}).out, HasSubstr("left today"));
}

TEST(DeactivateTest, ProtectionHoldsWhileTheExportIsBroken) {
  Workplace place;
  place.Apply(place.MakePlan());
  const std::string who = SomebodyActive(place);
  BreakExport(place);
  const int64_t writes = place.Writes();
  WorkplaceOptions options;
  options.guards = absl::StrCat("guards: {protected: [\"", who, "\"]}\n");
  place.WriteConfig(options);
  const ChildResult held = place.Rollcall({"deactivate", who, "--reason", "left today"});
  EXPECT_EQ(held.exit_code, 6);
  EXPECT_THAT(held.out, HasSubstr("protected"));
  // Only the export could say whom this entry means.
  options.guards = "guards: {protected: [boss@example.com]}\n";
  place.WriteConfig(options);
  const ChildResult unsure = place.Rollcall({"deactivate", who, "--reason", "left today"});
  EXPECT_EQ(unsure.exit_code, 6);
  EXPECT_THAT(unsure.err, HasSubstr("no account is called boss@example.com"));
  EXPECT_EQ(place.Writes(), writes);
}

TEST(DeactivateTest, NobodyIsActivatedWhileTheExportIsBroken) {
  Workplace place;
  const std::string plan = place.MakePlan();
  const std::string who = json::parse(place.Read("drift.json"))["leavers"][0]["user_name"];
  place.Apply(plan);
  const int64_t writes = place.Writes();
  BreakExport(place);
  const ChildResult in =
      place.Rollcall({"activate", who, "--until", "7d", "--reason", "a handover"});
  EXPECT_EQ(in.exit_code, 6);
  EXPECT_EQ(place.Writes(), writes);
}

TEST(DeactivateTest, AProtectedPersonIsNotDeactivatedAndTheExitCodeSaysSo) {
  Workplace place;
  place.Apply(place.MakePlan());
  const std::string who = SomebodyActive(place);
  WorkplaceOptions options;
  options.guards = absl::StrCat("guards: {protected: [\"", who, "\"]}\n");
  place.WriteConfig(options);
  const int64_t writes = place.Writes();
  const ChildResult out = place.Rollcall({"deactivate", who, "--reason", "left today"});
  EXPECT_EQ(out.exit_code, 3) << out.out << out.err;
  EXPECT_THAT(out.err, HasSubstr("protected: 1 change"));
  EXPECT_EQ(place.Writes(), writes);
}

TEST(DeactivateTest, SomebodyWhoIsGoneFromTheExportIsStillFound) {
  WorkplaceOptions options;
  options.guards.insert(options.guards.find('{') + 1, "shrunken_export: false, ");
  Workplace place(options);
  place.Apply(place.MakePlan());
  const std::string who = SomebodyActive(place);
  json people = json::parse(place.Read("people.json"));
  json& rows = people["Resources"];
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]["userName"] == who) rows.erase(i--);
  }
  people["totalResults"] = rows.size();
  people["itemsPerPage"] = rows.size();
  place.Write("people.json", people.dump());
  const int64_t writes = place.Writes();
  const ChildResult out = place.Rollcall({"deactivate", who, "--reason", "left today"});
  EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
  EXPECT_EQ(place.Writes(), writes + 1);
  // Again: known, and out already.
  EXPECT_EQ(place.Rollcall({"deactivate", who, "--reason", "left today"}).exit_code, 0);
  EXPECT_EQ(place.Writes(), writes + 1);
}

TEST(DeactivateTest, ANameThatNobodyBearsIsAFailure) {
  Workplace place;
  place.Apply(place.MakePlan());
  const int64_t writes = place.Writes();
  const ChildResult out =
      place.Rollcall({"deactivate", "mistyped@example.com", "--reason", "left today"});
  EXPECT_EQ(out.exit_code, 1) << out.out << out.err;
  EXPECT_THAT(out.err, HasSubstr("nobody was found"));
  EXPECT_EQ(place.Writes(), writes);
}

TEST(LinkTest, LinksByHandNeedAReasonAndAReadableExport) {
  Workplace place;
  place.MakePlan();
  const std::string who = SomebodyActive(place);
  EXPECT_EQ(place.Rollcall({"link", who, "corp", "u-1", "--reason", " "}).exit_code, 7);
  BreakExport(place);
  const std::string links = place.Rollcall({"links"}).out;
  EXPECT_EQ(place.Rollcall({"link", who, "corp", "u-1", "--reason", "asked"}).exit_code, 6);
  EXPECT_EQ(place.Rollcall({"unlink", who, "corp"}).exit_code, 6);
  EXPECT_EQ(place.Rollcall({"links"}).out, links);
}

TEST(ListTest, RunsSayHowManyChangesTheyHadAndHowManyAreLeft) {
  Workplace place;
  const json plan = json::parse(place.Rollcall({"plan", "--format", "json"}).out);
  place.Apply(plan["id"]);
  const size_t changes = plan["changes"].size();
  const json runs = json::parse(place.Rollcall({"runs", "list", "--format", "json"}).out)["runs"];
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0]["progress"]["total"], changes);
  EXPECT_EQ(runs[0]["progress"]["done"], changes);
  // Every change holds; one finding, of an ambiguous account, is left.
  EXPECT_EQ(runs[0]["driftLeft"], 1);
  EXPECT_THAT(place.Rollcall({"runs", "list"}).out,
              HasSubstr(absl::StrCat(changes, " changes  1 left")));
  for (const char* list : {"runs", "plans"}) {
    EXPECT_EQ(place.Rollcall({list, "list", "--limit", "0"}).exit_code, 7);
    EXPECT_EQ(place.Rollcall({list, "list", "--limit", "-1"}).exit_code, 7);
    EXPECT_EQ(place.Rollcall({list, "list", "--limit", "1"}).exit_code, 0);
  }
}

TEST(HelpTest, EveryCommandHasAnExample) {
  Workplace place;
  const std::vector<std::vector<std::string>> commands = {
      {},          {"check"},         {"plan"},          {"apply"},         {"show"},
      {"explain"}, {"deactivate"},    {"activate"},      {"link"},          {"unlink"},
      {"links"},   {"holds"},         {"holds", "list"}, {"holds", "end"},  {"adopt"},
      {"serve"},   {"runs", "list"},  {"runs", "show"},  {"runs", "watch"}, {"runs", "cancel"},
      {"plans"},   {"plans", "list"}, {"runs"}};
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");
    const ChildResult help = place.Rollcall(command);
    EXPECT_EQ(help.exit_code, 0) << help.err;
    EXPECT_THAT(help.out, HasSubstr("Example:\n  rollcall")) << command.front();
    EXPECT_EQ(help.err, "");
  }
}

TEST(RequestsUsedTest, AnInterruptedRunCountsTheRequestsOfAllItsStarts) {
  Workplace place;
  const std::string plan = place.MakePlan();
  const int64_t before = place.Requests();
  std::atomic<pid_t> pid{0};
  std::unique_ptr<ChildProcess> child;
  place.Exclusively([&] {
    place.watched().set_watch([&](int64_t number, const twins::TwinRequest&) {
      if (number == 9) kill(pid, SIGINT);
      return true;
    });
    child = place.Start(
        {"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested", "--format", "json"});
    pid = child->pid();
  });
  const json stopped = json::parse(child->Wait().out);
  EXPECT_EQ(stopped["state"], "INTERRUPTED");
  EXPECT_EQ(stopped["requestsUsed"], place.Requests() - before);
  const ChildResult again = place.Rollcall({"apply", plan, "--yes", "--format", "json"});
  EXPECT_EQ(json::parse(again.out)["requestsUsed"], place.Requests() - before) << again.err;
}

TEST(RequestsUsedTest, AKillLosesTheCountOfWhatWasUnderWayOnly) {
  Workplace place;
  const std::string plan = place.MakePlan();
  const int64_t before = place.Requests();
  std::atomic<pid_t> pid{0};
  std::unique_ptr<ChildProcess> child;
  place.Exclusively([&] {
    place.watched().set_watch([&](int64_t number, const twins::TwinRequest&) {
      if (number == 40) kill(pid, SIGKILL);
      return number < 40;
    });
    child = place.Start({"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested"});
    pid = child->pid();
  });
  child->Wait();
  place.Exclusively([&] { place.watched().set_watch(nullptr); });
  const ChildResult again = place.Rollcall({"apply", plan, "--yes", "--format", "json"});
  const int64_t counted = json::parse(again.out)["requestsUsed"];
  const int64_t sent = place.Requests() - before;
  EXPECT_LE(counted, sent + 1);      // the one that the twin did not take
  EXPECT_GE(counted, sent - 2 * 4);  // four workers, a read and a write each
}

}  // namespace
}  // namespace rollcall
