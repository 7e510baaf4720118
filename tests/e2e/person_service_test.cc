// One person, everywhere, through the real `rollcall serve`: over gRPC and with `--server`.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/store/run_lock.h"
#include "reconciler/base/fingerprint.h"
#include "rollcall/v1/reconciler.grpc.pb.h"
#include "tests/e2e/four_places.h"
#include "tests/e2e/served_place.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

// What a stream said until it ended.
struct Told {
  std::vector<std::string> notes;
  v1::PersonReport report;
  bool reported = false;
  grpc::Status status;
};

class PersonServiceTest : public testing::Test {
 protected:
  explicit PersonServiceTest(const std::string& callers = "") : office_(Served(callers)) {
    office_.Export({{"p-1", kAda}, {"p-2", kBob}});
    Start();
  }

  static OfficeEstate Served(const std::string& callers) {
    OfficeEstate estate = FourPlaces();
    absl::StrAppend(&estate.more_config, "serve: {listen: \"", ServedPlace::kAddress,
                    "\", drain: 1s", callers, "}\n");
    return estate;
  }

  void Start() {
    agent_ = office_.place().Start({"serve"});
    // Not the connection of before, which a killed agent has left broken.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel =
        grpc::CreateCustomChannel(absl::StrCat("unix:", office_.place().File("agent.sock")),
                                  grpc::InsecureChannelCredentials(), arguments);
    ASSERT_TRUE(channel->WaitForConnected(Soon()));
    stub_ = v1::Reconciler::NewStub(channel);
  }
  ChildResult Stop(int signal) {
    kill(agent_->pid(), signal);
    return agent_->Wait();
  }

  static std::chrono::system_clock::time_point Soon() {
    return std::chrono::system_clock::now() + std::chrono::minutes(2);
  }

  ChildResult There(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", ServedPlace::kAddress});
    return office_.place().Rollcall(words);
  }

  static v1::DeactivatePersonRequest Leave(const std::string& person,
                                           const std::string& reason = "laptop stolen") {
    v1::DeactivatePersonRequest request;
    request.set_person(person);
    request.set_reason(reason);
    return request;
  }

  // To its end, or until the first note has come where `hang_up`.
  Told Deactivate(const v1::DeactivatePersonRequest& request, const std::string& token = "",
                  bool hang_up = false) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    const auto stream = stub_->DeactivatePerson(&context, request);
    Told told;
    v1::PersonProgress message;
    while (stream->Read(&message)) {
      told.notes.insert(told.notes.end(), message.notes().begin(), message.notes().end());
      EXPECT_TRUE(message.has_time());
      EXPECT_FALSE(told.reported);  // it is the last one
      told.reported = message.has_report();
      if (told.reported) told.report = message.report();
      if (hang_up && !told.notes.empty()) context.TryCancel();
    }
    told.status = stream->Finish();
    return told;
  }

  bool IsOn(const std::string& account) {
    bool on = false;
    office_.place().Exclusively(
        [&] { on = office_.place().world().cloud_accounts.at(account).active; });
    return on;
  }
  std::vector<std::string> Holds() {
    v1::ListHoldsResponse holds;
    grpc::ClientContext context;
    context.set_deadline(Soon());
    EXPECT_TRUE(stub_->ListHolds(&context, {}, &holds).ok());
    std::vector<std::string> told;
    for (const v1::Hold& hold : holds.holds()) {
      told.push_back(absl::StrCat(hold.id(), " ", hold.email(), " ", hold.reason()));
    }
    return told;
  }

  // Asks until there is one, and it has ended.
  v1::Run::State StateOfTheRun() {
    while (true) {
      v1::ListRunsResponse runs;
      grpc::ClientContext context;
      context.set_deadline(Soon());
      EXPECT_TRUE(stub_->ListRuns(&context, {}, &runs).ok());
      if (runs.runs_size() > 0 && runs.runs(0).has_end_time()) return runs.runs(0).state();
      if (std::chrono::system_clock::now() > begun_ + std::chrono::minutes(2)) {
        return v1::Run::STATE_UNSPECIFIED;
      }
    }
  }

  const std::chrono::system_clock::time_point begun_ = std::chrono::system_clock::now();
  Office office_;
  std::unique_ptr<ChildProcess> agent_;
  std::unique_ptr<v1::Reconciler::Stub> stub_;
};

TEST_F(PersonServiceTest, LeavesFourPlacesWithOneCall) {
  const Told told = Deactivate(Leave(kAda));
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  ASSERT_TRUE(told.reported);
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_TRUE(IsOn("aa-2"));
  EXPECT_EQ(office_.place().Writes(), 2);
  // As it went: the hold first, then each account and the way.
  EXPECT_THAT(absl::StrJoin(told.notes, "\n"),
              AllOf(ContainsRegex("^Recorded hold 1: ada@example.com .*stays out"),
                    HasSubstr("crowd: ada@example.com is active; here"),
                    HasSubstr("site: ada@example.com is active; follows cloud-scim")));
  EXPECT_EQ(told.report.verdict(), "OUT");
  EXPECT_EQ(told.report.exit_code(), 0);
  EXPECT_EQ(told.report.person(), "p-1");
  EXPECT_EQ(told.report.hold(), 1);
  EXPECT_EQ(told.report.action(), v1::DEACTIVATE);
  EXPECT_TRUE(told.report.export_read());
  EXPECT_EQ(told.report.run().state(), v1::Run::SUCCEEDED);
  EXPECT_EQ(told.report.run().outcomes_size(), told.report.plan().changes_size());
  ASSERT_EQ(told.report.places_size(), 4);
  for (const v1::PersonPlace& place : told.report.places()) {
    EXPECT_TRUE(place.as_wanted()) << place.ShortDebugString();
    EXPECT_EQ(place.before(), "ACTIVE");
    EXPECT_EQ(place.wanted(), "INACTIVE");
  }
  EXPECT_THAT(Holds(),
              testing::ElementsAre("1 ada@example.com laptop stolen (asked for by local)"));
}

TEST_F(PersonServiceTest, AskedAgainItDoesNothingTwiceAndSaysTheSame) {
  Deactivate(Leave(kAda));
  const int64_t writes = office_.place().Writes();
  const Told again = Deactivate(Leave(kAda));
  EXPECT_TRUE(again.status.ok()) << again.status.error_message();
  EXPECT_EQ(again.report.verdict(), "OUT");
  EXPECT_FALSE(again.report.has_run());
  EXPECT_EQ(office_.place().Writes(), writes);
  EXPECT_EQ(Holds().size(), 1u);
  EXPECT_THAT(again.notes.front(), HasSubstr("Hold 1 says so already."));
}

TEST_F(PersonServiceTest, ACallerWhoHangsUpStopsNothing) {
  const Told cut = Deactivate(Leave(kAda), "", /*hang_up=*/true);
  EXPECT_EQ(cut.status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(StateOfTheRun(), v1::Run::SUCCEEDED);  // with nobody listening
  EXPECT_FALSE(IsOn("aa-1"));
  // Asked again, it finds everything done.
  const Told told = Deactivate(Leave(kAda));
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  EXPECT_EQ(told.report.verdict(), "OUT");
  EXPECT_EQ(office_.place().Writes(), 2);
  EXPECT_EQ(Holds().size(), 1u);
}

TEST_F(PersonServiceTest, AnOrderThatIsNoGoodRecordsAndDoesNothing) {
  const Told no_reason = Deactivate(Leave(kAda, " "));
  EXPECT_EQ(ReasonIn(no_reason.status), "INVALID_FIELD");
  EXPECT_THAT(no_reason.status.error_message(), HasSubstr("reason"));
  EXPECT_EQ(ReasonIn(Deactivate(Leave("")).status), "INVALID_FIELD");
  EXPECT_EQ(ReasonIn(Deactivate(Leave(kAda, std::string(1001, 'x'))).status), "INVALID_FIELD");
  v1::DeactivatePersonRequest over = Leave(kAda);
  over.mutable_end_time()->set_seconds(1'000'000'000);
  EXPECT_EQ(ReasonIn(Deactivate(over).status), "INVALID_FIELD");
  v1::ActivatePersonRequest endless;
  endless.set_person(kAda);
  endless.set_reason("back");
  grpc::ClientContext context;
  context.set_deadline(Soon());
  EXPECT_EQ(ReasonIn(stub_->ActivatePerson(&context, endless)->Finish()), "INVALID_FIELD");
  EXPECT_TRUE(Holds().empty());
  EXPECT_EQ(office_.place().Requests(), 0);
}

TEST_F(PersonServiceTest, SomebodyWhomNobodyKnowsIsToldAsSuch) {
  const Told told = Deactivate(Leave("zoe@example.com"));
  EXPECT_EQ(told.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonIn(told.status), "NO_SUCH_RESOURCE");
  EXPECT_THAT(told.status.error_message(), HasSubstr("nobody was found"));
  EXPECT_EQ(office_.place().Writes(), 0);
}

TEST_F(PersonServiceTest, WaitsForARunThatIsAtWorkThere) {
  auto other =
      RunLock::Acquire(office_.place().File("rollcall.db"), "r-0123456789abcdef", {"crowd"});
  ASSERT_TRUE(other.ok()) << other.status();
  const std::unique_ptr<ChildProcess> command = office_.place().Start(
      {"deactivate", kAda, "--reason", "laptop stolen", "--server", ServedPlace::kAddress});
  EXPECT_THAT(command->AwaitErr("waiting for it"), HasSubstr("r-0123456789abcdef"));
  EXPECT_EQ(office_.place().Writes(), 0);
  EXPECT_EQ(Holds().size(), 1u);  // it stands all the same
  other->reset();
  const ChildResult out = command->Wait();
  EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
  EXPECT_FALSE(IsOn("aa-1"));
}

TEST_F(PersonServiceTest, TheCommandThroughTheAgentSaysWhatTheLocalOneSays) {
  const ChildResult out =
      There({"deactivate", kAda, "--reason", "laptop stolen", "--format", "json"});
  EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
  const json there = json::parse(out.out);
  EXPECT_EQ(there["state"], "SUCCEEDED");
  EXPECT_EQ(there["outcomes"].size(), 2u);
  EXPECT_EQ(there["requester"], "local");
  EXPECT_THAT(out.err, HasSubstr("cloud: ada@example.com is active; follows cloud-scim"));
  // Once more, here and there: there is nothing left to do, and both say it in the same words.
  const std::vector<std::string> again = {"deactivate", kAda, "--reason", "once more"};
  const ChildResult here = office_.place().Rollcall(again);
  const ChildResult far = There(again);
  EXPECT_EQ(here.exit_code, 0) << here.err;
  EXPECT_EQ(far.exit_code, 0) << far.err;
  for (const std::string& said : {here.out, far.out}) {
    EXPECT_THAT(said, AllOf(HasSubstr("ada@example.com can no longer get in: 4 accounts"),
                            HasSubstr("2 API tokens, of no use while it is off")));
  }
  const ChildResult nothing = There({"deactivate", kAda, "--reason", "x", "--format", "json"});
  EXPECT_EQ(nothing.exit_code, 0) << nothing.err;
  EXPECT_EQ(json::parse(nothing.out)["state"], "EMPTY");
}

TEST_F(PersonServiceTest, ComesBackOnceTheHoldIsEnded) {
  ASSERT_EQ(There({"deactivate", kAda, "--reason", "by mistake"}).exit_code, 0);
  const std::vector<std::string> back = {"activate", kAda, "--until", "7d", "--reason", "mistake"};
  const ChildResult held = There(back);
  EXPECT_EQ(held.exit_code, 1) << held.out << held.err;
  EXPECT_THAT(
      held.err,
      HasSubstr("hold 1 keeps ada@example.com out, since \"by mistake (asked for by local)\""));
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_THAT(There({"holds"}).out, HasSubstr("by mistake"));
  EXPECT_EQ(There({"holds", "end", "1"}).exit_code, 0);
  EXPECT_EQ(There({"holds", "end", "1"}).exit_code, 0);  // an answer that was lost
  EXPECT_EQ(There({"holds", "end", "7"}).exit_code, 7);
  EXPECT_TRUE(Holds().empty());
  const ChildResult in = There(back);
  EXPECT_EQ(in.exit_code, 0) << in.out << in.err;
  EXPECT_TRUE(IsOn("aa-1"));
  EXPECT_THAT(in.out, HasSubstr("ada@example.com has access by 4 of 4 accounts"));
}

TEST_F(PersonServiceTest, HoldsComeInPagesEachOnce) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(Deactivate(Leave(absl::StrCat("nobody", i, "@example.com"))).status.ok());
  }
  v1::ListHoldsRequest request;
  request.set_page_size(2);
  std::vector<int> ids;
  std::vector<int> sizes;
  do {
    v1::ListHoldsResponse page;
    grpc::ClientContext context;
    context.set_deadline(Soon());
    ASSERT_TRUE(stub_->ListHolds(&context, request, &page).ok());
    for (const v1::Hold& hold : page.holds()) ids.push_back(hold.id());
    sizes.push_back(page.holds_size());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(sizes, testing::ElementsAre(2, 1));
  request.set_page_token("x");
  v1::ListHoldsResponse page;
  grpc::ClientContext context;
  context.set_deadline(Soon());
  EXPECT_EQ(ReasonIn(stub_->ListHolds(&context, request, &page)), "INVALID_PAGE_TOKEN");
}

TEST_F(PersonServiceTest, WithoutAnExportItGoesByRecordedLinks) {
  ASSERT_EQ(office_.RunOnSchedule().exit_code, 0);
  office_.place().Write("people.jsonl", "{\"id\": \"p-1\", \"userNa");
  const Told told = Deactivate(Leave(kAda));
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  EXPECT_FALSE(told.report.export_read());
  EXPECT_EQ(told.report.exit_code(), 6);
  EXPECT_EQ(told.report.verdict(), "OUT");
  EXPECT_FALSE(IsOn("aa-1"));
  v1::DeactivatePersonRequest emergency = Leave(kBob, "no identity provider");
  emergency.set_without_export(true);
  const Told bob = Deactivate(emergency);
  EXPECT_TRUE(bob.status.ok()) << bob.status.error_message();
  EXPECT_EQ(bob.report.exit_code(), 0);
  EXPECT_FALSE(IsOn("aa-2"));
  EXPECT_THAT(Holds().back(),
              HasSubstr("no identity provider (asked for by local) (without the export)"));
}

TEST_F(PersonServiceTest, AnAgentThatIsKilledInTheMiddleGoesOnWithIt) {
  // Killed as it is about to change the first account; the hold and the run are in the state.
  const pid_t agent = agent_->pid();
  office_.place().watched().set_watch([agent](int64_t, const twins::TwinRequest& request) {
    const bool writes = request.method == "PUT" || request.method == "PATCH";
    if (writes) kill(agent, SIGKILL);
    return !writes;
  });
  const Told cut = Deactivate(Leave(kAda));
  EXPECT_EQ(cut.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(agent_->Wait().signal, SIGKILL);
  EXPECT_TRUE(IsOn("aa-1"));
  office_.place().watched().set_watch(nullptr);
  Start();
  const Told told = Deactivate(Leave(kAda));
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  EXPECT_EQ(told.report.verdict(), "OUT") << told.report.ShortDebugString();
  EXPECT_FALSE(IsOn("aa-1"));
  EXPECT_TRUE(IsOn("aa-2"));
  EXPECT_EQ(Holds().size(), 1u);
}

TEST_F(PersonServiceTest, AnAgentThatIsStoppedEndsItsStreams) {
  auto other =
      RunLock::Acquire(office_.place().File("rollcall.db"), "r-0123456789abcdef", {"crowd"});
  ASSERT_TRUE(other.ok()) << other.status();
  const std::unique_ptr<ChildProcess> command = office_.place().Start(
      {"deactivate", kAda, "--reason", "laptop stolen", "--server", ServedPlace::kAddress});
  command->AwaitErr("waiting for it");
  const ChildResult stopped = Stop(SIGTERM);
  EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  kill(command->pid(), SIGINT);  // it would ask again, for as long as its patience lasts
  EXPECT_NE(command->Wait().exit_code, 0);
  EXPECT_EQ(office_.place().Writes(), 0);
}

// Everybody has a token; pam may plan.
class PersonAccessTest : public PersonServiceTest {
 protected:
  PersonAccessTest()
      : PersonServiceTest(absl::StrCat(
            ", callers: [{name: ops, role: operator, token_sha256: \"", Sha256Hex("ops-token"),
            "\"}, {name: pam, role: planner, token_sha256: \"", Sha256Hex("pam-token"), "\"}]")) {}
};

TEST_F(PersonAccessTest, OnlyOperatorsMayTakeSomebodyOut) {
  EXPECT_EQ(ReasonIn(Deactivate(Leave(kAda), "pam-token").status), "ROLE_NOT_SUFFICIENT");
  EXPECT_EQ(ReasonIn(Deactivate(Leave(kAda), "wrong").status), "UNKNOWN_CALLER");
  EXPECT_EQ(ReasonIn(Deactivate(Leave(""), "pam-token").status), "ROLE_NOT_SUFFICIENT");
  grpc::ClientContext context;
  context.set_deadline(Soon());
  context.AddMetadata("authorization", "Bearer pam-token");
  v1::EndHoldRequest end;
  end.set_name("holds/1");
  v1::Hold hold;
  EXPECT_EQ(ReasonIn(stub_->EndHold(&context, end, &hold)), "ROLE_NOT_SUFFICIENT");
  EXPECT_EQ(office_.place().Requests(), 0);
  const Told told = Deactivate(Leave(kAda), "ops-token");
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  EXPECT_EQ(told.report.run().requester(), "ops");
  EXPECT_EQ(told.report.plan().requester(), "ops");
  EXPECT_FALSE(IsOn("aa-1"));
}

}  // namespace
}  // namespace rollcall
