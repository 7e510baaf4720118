// The commands through a running agent (`--server`): the same output and exit codes as on its
// state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <functional>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "agent/remote/reconciler_client.h"
#include "reconciler/base/system_runtime.h"
#include "tests/e2e/served_place.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class RemoteTest : public ::testing::Test {
 protected:
  explicit RemoteTest(const WorkplaceOptions& options = {}) : served_(options) {}

  ChildResult Here(const std::vector<std::string>& arguments) {
    return served_.place().Rollcall(arguments);
  }
  ChildResult There(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", ServedPlace::kAddress});
    return served_.place().Rollcall(arguments);
  }
  // What a plan is called, in the JSON that `plan` printed.
  static std::string IdIn(const ChildResult& planned) {
    return json::parse(planned.out).at("id").get<std::string>();
  }

  // Both ways must say the same; the commands in it name the agent in one of them.
  void ExpectTheSame(const std::vector<std::string>& arguments) {
    const ChildResult here = Here(arguments);
    const ChildResult there = There(arguments);
    const std::string what = absl::StrCat(testing::PrintToString(arguments), "\n", there.err);
    EXPECT_EQ(there.exit_code, here.exit_code) << what;
    EXPECT_EQ(
        absl::StrReplaceAll(there.out, {{absl::StrCat(" --server ", ServedPlace::kAddress), ""}}),
        here.out)
        << what;
    EXPECT_NE(here.out, "") << what;
  }

  // Every change holds, and findings of the small company need somebody.
  static constexpr int kAppliedWithFindings = 4;

  ServedPlace served_;
};

// A directory so slow that a run is caught at work.
class SlowRemoteTest : public RemoteTest {
 protected:
  static WorkplaceOptions Slow() {
    WorkplaceOptions options;
    options.directory_options = "rate: 20, concurrency: 1, ";
    options.more_config = "schedules: [{name: nightly, cron: \"0 2 * * *\", action: plan}]\n";
    return options;
  }
  SlowRemoteTest() : RemoteTest(Slow()) {}

  // Starts the command, and does this to it as soon as the fifth change of its run is being made.
  std::unique_ptr<ChildProcess> StartAndAt5(const std::vector<std::string>& arguments,
                                            const std::function<void(pid_t)>& action) {
    auto pid = std::make_shared<std::promise<pid_t>>();
    auto written = std::make_shared<int>(0);
    served_.place().watched().set_watch(
        [pid, written, action](int64_t, const twins::TwinRequest& request) {
          if (request.method == "PATCH" && ++*written == 5) action(pid->get_future().get());
          return true;
        });
    std::unique_ptr<ChildProcess> child = served_.place().Start(arguments);
    pid->set_value(child->pid());
    return child;
  }
};

TEST_F(SlowRemoteTest, ListsAndDocumentsAreTheSameOnTheStateAndThroughItsAgent) {
  const std::string plan = IdIn(There({"plan", "--format", "json"}));
  const ChildResult applied = There(
      {"apply", plan, "--waive", "first_run", "--reason", "read", "--yes", "--format", "json"});
  ASSERT_EQ(applied.exit_code, kAppliedWithFindings) << applied.err << applied.out;
  const std::string run = json::parse(applied.out).at("id").get<std::string>();
  const std::string empty = IdIn(There({"plan", "--format", "json"}));
  for (const char* format : {"text", "json", "markdown", "html"}) {
    ExpectTheSame({"plans", "list", "--format", format});
    ExpectTheSame({"plans", "list", "--limit", "1", "--format", format});
    ExpectTheSame({"plans", "show", plan, "--format", format});
    ExpectTheSame({"plans", "show", empty, "--all", "--format", format});
    ExpectTheSame({"runs", "list", "--format", format});
    ExpectTheSame({"runs", "show", run, "--format", format});
    ExpectTheSame({"runs", "watch", run, "--format", format});
    ExpectTheSame({"runs", "cancel", run, "--format", format});
    ExpectTheSame({"schedules", "--format", format});
    ExpectTheSame({"explain", "nobody@example.com", "--format", format});
  }
  const json people = json::parse(served_.place().Read("people.json"));
  const std::string somebody = people.at("Resources").at(0).at("userName").get<std::string>();
  ExpectTheSame({"explain", somebody});
  ExpectTheSame({"explain", somebody, "--format", "json"});
}

TEST_F(RemoteTest, APlanSaysTheSameAsOneMadeOnTheState) {
  const ChildResult here = Here({"plan", "--format", "json"});
  const ChildResult there = There({"plan", "--format", "json"});
  EXPECT_EQ(here.exit_code, 3);  // first_run
  EXPECT_EQ(there.exit_code, 3) << there.err;
  json mine = json::parse(here.out);
  json theirs = json::parse(there.out);
  EXPECT_EQ(theirs.at("requester"), "local");
  for (json* plan : {&mine, &theirs}) {
    for (const char* own : {"id", "createTime", "etag", "requester", "requesterRole"}) {
      plan->erase(own);
    }
  }
  EXPECT_EQ(theirs, mine);
  EXPECT_GT(mine.at("changes").size(), 3u);
}

TEST_F(RemoteTest, APlanFileIsAppliedAndVerifiedAndNotTwice) {
  ASSERT_EQ(There({"plan", "--out", "plan.json"}).exit_code, 3);
  const std::string before = served_.place().World();
  const ChildResult blocked = There({"apply", "plan.json", "--yes"});
  EXPECT_EQ(blocked.exit_code, 3) << blocked.err;
  EXPECT_THAT(blocked.err, HasSubstr("first_run blocks plan"));
  EXPECT_THAT(blocked.err,
              HasSubstr(absl::StrCat("--server ", ServedPlace::kAddress, " apply p-")));
  const ChildResult unknown =
      There({"apply", "plan.json", "--waive", "nonsense", "--reason", "read", "--yes"});
  EXPECT_EQ(unknown.exit_code, 7) << unknown.err;
  const ChildResult nobody =
      There({"apply", "plan.json", "--waive", "first_run", "--reason", "read"});
  EXPECT_EQ(nobody.exit_code, 7) << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("no terminal to ask on"));
  EXPECT_EQ(served_.place().World(), before);
  const ChildResult applied =
      There({"apply", "plan.json", "--waive", "first_run", "--reason", "read", "--yes"});
  EXPECT_EQ(applied.exit_code, kAppliedWithFindings) << applied.err << applied.out;
  EXPECT_THAT(applied.out, HasSubstr("SUCCEEDED"));
  EXPECT_THAT(applied.out, HasSubstr("every change holds"));
  EXPECT_NE(served_.place().World(), before);
  const ChildResult again =
      There({"apply", "plan.json", "--waive", "first_run", "--reason", "read", "--yes"});
  EXPECT_EQ(again.exit_code, 5) << again.err;
  EXPECT_EQ(There({"plan"}).exit_code, 2);
}

TEST_F(RemoteTest, AnEditedPlanFileIsNotApplied) {
  ASSERT_EQ(There({"plan", "--out", "plan.json"}).exit_code, 3);
  const std::string before = served_.place().World();
  const std::string plan = served_.place().Read("plan.json");
  for (const auto& [what, edited] : std::vector<std::pair<std::string, std::string>>{
           {"a change that somebody took out",
            absl::StrReplaceAll(plan, {{"\"DEACTIVATE\"", "\"ACTIVATE\""}})},
           {"a field that is none", absl::StrReplaceAll(plan, {{"\"etag\"", "\"etagg\""}})},
           {"a file that was cut", plan.substr(0, plan.size() / 2)},
           {"something else", "{\"id\": \"p-0000\"}"}}) {
    served_.place().Write("edited.json", edited);
    const ChildResult applied =
        There({"apply", "edited.json", "--waive", "first_run", "--reason", "read", "--yes"});
    EXPECT_EQ(applied.exit_code, 5) << what << applied.err;
    EXPECT_THAT(applied.err, HasSubstr("edited")) << what;
  }
  EXPECT_EQ(served_.place().World(), before);
}

TEST_F(RemoteTest, APlanOfNowIsMadeAndAppliedInOneGo) {
  ASSERT_EQ(There({"apply", "--plan-now", "--yes"}).exit_code, 3);  // first_run cannot be waived
  const std::string plan = IdIn(There({"plan", "--format", "json"}));
  ASSERT_EQ(There({"apply", plan, "--waive", "first_run", "--reason", "read", "--yes"}).exit_code,
            kAppliedWithFindings);
  const ChildResult applied = There({"apply", "--plan-now", "--yes"});
  EXPECT_EQ(applied.exit_code, kAppliedWithFindings) << applied.err << applied.out;
  EXPECT_THAT(applied.out, HasSubstr("EMPTY"));
}

TEST_F(RemoteTest, EverythingIsReadAgainWhereThatIsAskedFor) {
  const std::string plan = IdIn(There({"plan", "--format", "json"}));
  const ChildResult applied = There({"apply", plan, "--waive", "first_run", "--reason", "read",
                                     "--yes", "--verify", "full", "--format", "json"});
  EXPECT_EQ(applied.exit_code, kAppliedWithFindings) << applied.err << applied.out;
  served_.place().StartOver();
  const std::string other = IdIn(There({"plan", "--format", "json"}));
  const ChildResult touched = There(
      {"apply", other, "--waive", "first_run", "--reason", "read", "--yes", "--format", "json"});
  EXPECT_EQ(touched.exit_code, kAppliedWithFindings) << touched.err;
  EXPECT_GT(json::parse(applied.out).at("requestsUsed").get<int>(),
            json::parse(touched.out).at("requestsUsed").get<int>());
}

TEST_F(RemoteTest, AnExportThatCannotBeReadEndsAsItDoesHere) {
  served_.place().Write("people.json", "{\"Resources\": [");
  const ChildResult here = Here({"plan"});
  const ChildResult there = There({"plan"});
  EXPECT_EQ(here.exit_code, 6);
  EXPECT_EQ(there.exit_code, 6);
  EXPECT_EQ(there.out, "");
  EXPECT_THAT(there.err, HasSubstr(here.err));
}

TEST_F(RemoteTest, AnotherExportIsUploadedAndMovesNoBaseline) {
  json people = json::parse(served_.place().Read("people.json"));
  people.at("Resources").erase(0);
  people["totalResults"] = people.at("Resources").size();
  people["itemsPerPage"] = people.at("Resources").size();
  served_.place().Write("other.json", people.dump());
  const ChildResult here = Here({"plan", "--export", "other.json", "--format", "json"});
  ASSERT_EQ(here.exit_code, 3) << here.err;
  const ChildResult there = There({"plan", "--export", "other.json", "--format", "json"});
  EXPECT_EQ(there.exit_code, here.exit_code) << there.err;
  EXPECT_EQ(json::parse(there.out).at("changes"), json::parse(here.out).at("changes"));
  const ChildResult missing = There({"plan", "--export", "none.json"});
  EXPECT_EQ(missing.exit_code, 6) << missing.err;
  EXPECT_THAT(missing.err, HasSubstr("none.json"));
}

TEST_F(RemoteTest, APlanForOneDirectoryNamesOnlyThoseThatThereAre) {
  const ChildResult unknown = There({"plan", "--directory", "nowhere"});
  EXPECT_EQ(unknown.exit_code, 7) << unknown.err;
  EXPECT_THAT(unknown.err, HasSubstr("directories/nowhere is not configured"));
}

TEST_F(SlowRemoteTest, CtrlCStopsTheRunAfterWhatIsInFlight) {
  const std::string plan = IdIn(There({"plan", "--format", "json"}));
  const ChildResult stopped = StartAndAt5({"apply", plan, "--waive", "first_run", "--reason",
                                           "read", "--yes", "--server", ServedPlace::kAddress},
                                          [](pid_t pid) { kill(pid, SIGINT); })
                                  ->Wait();
  EXPECT_EQ(stopped.exit_code, 4) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("CANCELLED"));
  EXPECT_THAT(There({"runs", "list"}).out, HasSubstr("CANCELLED"));
}

TEST_F(SlowRemoteTest, WhoOnlyWatchesLeavesTheRunAloneAndWhoCancelsItEndsIt) {
  const v1::Run run = served_.Apply(served_.MakePlan());
  const ChildResult left =
      StartAndAt5({"runs", "watch", run.id(), "--server", ServedPlace::kAddress}, [](pid_t pid) {
        kill(pid, SIGINT);
      })->Wait();
  EXPECT_EQ(left.exit_code, 4) << left.err;
  EXPECT_THAT(left.err, HasSubstr(absl::StrCat("run ", run.id(), " goes on")));
  // On the state itself nobody can stop what the agent applies.
  const ChildResult here = Here({"runs", "cancel", run.id()});
  EXPECT_EQ(here.exit_code, 1) << here.err;
  EXPECT_THAT(here.err, HasSubstr("--server"));
  const ChildResult cancelled = There({"runs", "cancel", run.id(), "--reason", "wrong export"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_THAT(cancelled.out, HasSubstr("CANCELLED"));
  EXPECT_THAT(cancelled.out, HasSubstr("wrong export"));
}

TEST_F(SlowRemoteTest, AnAgentThatIsKilledAndStartedAgainEndsWhatWasAsked) {
  const std::string plan = IdIn(There({"plan", "--format", "json"}));
  const auto apply = StartAndAt5({"apply", plan, "--waive", "first_run", "--reason", "read",
                                  "--yes", "--server", ServedPlace::kAddress},
                                 [this](pid_t) { served_.Signal(SIGKILL); });
  EXPECT_EQ(served_.Wait().signal, SIGKILL);
  served_.Start();
  const ChildResult applied = apply->Wait();
  EXPECT_EQ(applied.exit_code, kAppliedWithFindings) << applied.err << applied.out;
  EXPECT_THAT(applied.out, HasSubstr("SUCCEEDED"));
  EXPECT_EQ(There({"plan"}).exit_code, 2);
}

TEST_F(SlowRemoteTest, EventsAreToldOnceEachAlsoWhereTheAgentIsKilledInBetween) {
  const v1::Run run = served_.Apply(served_.MakePlan());
  SystemRuntime runtime;
  ServerOptions options;
  options.address = absl::StrCat("unix:", served_.place().File("agent.sock"));
  const auto client = ReconcilerClient::Connect(options, runtime);
  ASSERT_TRUE(client.ok()) << client.status();
  std::vector<int64_t> numbers;
  const absl::Status watched = (*client)->WatchRun(run.id(),
                                                   [&](const v1::RunEvent& event) {
                                                     numbers.push_back(event.number());
                                                     if (numbers.size() == 3) {
                                                       served_.Stop(SIGKILL);
                                                       served_.Start();
                                                     }
                                                     return true;
                                                   },
                                                   {});
  EXPECT_TRUE(watched.ok()) << watched;
  ASSERT_GT(numbers.size(), 33u);
  for (size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<int64_t>(i) + 1);
}

TEST_F(SlowRemoteTest, ARunThatWasInterruptedHereIsCancelledHereAndThere) {
  served_.Stop(SIGTERM);
  for (const bool here : {true, false}) {
    served_.place().StartOver();
    const std::string plan = served_.place().MakePlan();
    const ChildResult killed =
        StartAndAt5({"apply", plan, "--waive", "first_run", "--reason", "read", "--yes"},
                    [](pid_t pid) { kill(pid, SIGKILL); })
            ->Wait();
    EXPECT_EQ(killed.signal, SIGKILL);
    const json runs = json::parse(Here({"runs", "list", "--format", "json"}).out);
    const std::string run = runs.at("runs").at(0).at("id").get<std::string>();
    if (!here) served_.Start();
    const ChildResult cancelled =
        here ? Here({"runs", "cancel", run}) : There({"runs", "cancel", run});
    EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
    EXPECT_THAT(cancelled.out, HasSubstr("CANCELLED"));
  }
}

TEST_F(RemoteTest, WhoAsksNobodyIsToldSo) {
  const ChildResult nobody =
      served_.place().Rollcall({"plans", "list", "--server", "unix:nobody.sock"});
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.err, HasSubstr("is `rollcall serve` running there?"));
  const ChildResult wrong = served_.place().Rollcall({"plans", "list", "--server", "nobody"});
  EXPECT_EQ(wrong.exit_code, 7);
  EXPECT_THAT(wrong.err, HasSubstr("HOST:PORT"));
  const ChildResult local = There({"check"});
  EXPECT_EQ(local.exit_code, 7);
  EXPECT_THAT(local.err, HasSubstr("without --server"));
  const ChildResult alone = Here({"plans", "list", "--token-file", "token"});
  EXPECT_EQ(alone.exit_code, 7);
  EXPECT_THAT(alone.err, HasSubstr("--server ADDRESS"));
  const ChildResult half = served_.place().Rollcall(
      {"plans", "list", "--server", ServedPlace::kAddress, "--client-key", "key.pem"});
  EXPECT_EQ(half.exit_code, 7);
  EXPECT_THAT(half.err, HasSubstr("--client-cert"));
}

TEST_F(RemoteTest, WhatIsNotThereIsAUsageError) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"plans", "show", "p-0000000000000000"},
                                             {"runs", "show", "r-0000000000000000"},
                                             {"runs", "watch", "r-0000000000000000"},
                                             {"runs", "cancel", "r-0000000000000000"},
                                             {"apply", "p-0000000000000000", "--yes"},
                                             {"plans", "show", "what"}}) {
    const ChildResult result = There(arguments);
    EXPECT_EQ(result.exit_code, 7) << testing::PrintToString(arguments) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, Not(HasSubstr("rpc"))) << result.err;
  }
}

}  // namespace
}  // namespace rollcall
