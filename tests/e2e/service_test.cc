// The real `rollcall serve`, asked over a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fingerprint.h"
#include "tests/e2e/served_place.h"

namespace rollcall {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A directory so slow that a run is caught at work.
WorkplaceOptions Slow() {
  WorkplaceOptions options;
  options.directory_options = "rate: 20, concurrency: 1, ";
  return options;
}

void ExpectWithoutGap(const std::vector<v1::RunEvent>& events, int64_t first) {
  for (size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].number(), first + static_cast<int64_t>(i));
  }
}

TEST(ServiceTest, PlanIsMadeReadInPagesAppliedAndWatchedToItsEnd) {
  ServedPlace served;
  const v1::Plan plan = served.MakePlan();
  ASSERT_EQ(plan.state(), v1::Plan::BLOCKED) << plan.DebugString();
  EXPECT_EQ(plan.requester(), "local");
  ASSERT_GT(plan.changes_size(), 3);

  v1::ListChangesRequest request;
  request.set_parent("plans/" + plan.id());
  request.set_page_size(3);
  std::vector<std::string> paged;
  do {
    v1::ListChangesResponse page;
    ASSERT_TRUE(served.stub().ListChanges(served.Context().get(), request, &page).ok());
    EXPECT_LE(page.changes_size(), 3);
    for (const v1::Change& change : page.changes()) paged.push_back(change.SerializeAsString());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::vector<std::string> whole;
  for (const v1::Change& change : plan.changes()) whole.push_back(change.SerializeAsString());
  EXPECT_EQ(paged, whole);

  const v1::Run run = served.Apply(plan);
  EXPECT_EQ(run.plan(), plan.id());
  const ServedPlace::Watched watched = served.Watch(run.id());
  EXPECT_TRUE(watched.status.ok()) << watched.status.error_message();
  EXPECT_EQ(watched.first.id(), run.id());
  ExpectWithoutGap(watched.events, 1);
  ASSERT_FALSE(watched.events.empty());
  EXPECT_EQ(watched.events.back().state(), v1::Run::SUCCEEDED);
  std::set<std::string> verified;
  for (const v1::RunEvent& event : watched.events) {
    if (event.outcome().verified()) verified.insert(event.outcome().change());
  }
  EXPECT_EQ(verified.size(), static_cast<size_t>(plan.changes_size()));
  EXPECT_EQ(served.MakePlan().state(), v1::Plan::EMPTY);
}

TEST(ServiceTest, BrokenWatchGoesOnWithoutAGapOrARepeat) {
  ServedPlace served;
  const v1::Run run = served.Apply(served.MakePlan());
  std::vector<v1::RunEvent> events = served.Watch(run.id(), 0, 2).events;
  ASSERT_GE(events.size(), 2u);
  while (events.back().state() != v1::Run::SUCCEEDED) {
    const ServedPlace::Watched more = served.Watch(run.id(), events.back().number(), 1);
    ASSERT_FALSE(more.events.empty()) << more.status.error_message();
    events.insert(events.end(), more.events.begin(), more.events.end());
  }
  ExpectWithoutGap(events, 1);
  const ServedPlace::Watched late = served.Watch(run.id());
  EXPECT_TRUE(late.status.ok());
  EXPECT_EQ(late.events.size(), events.size());
  const ServedPlace::Watched beyond = served.Watch(run.id(), 100'000);
  EXPECT_EQ(beyond.status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST(ServiceTest, CancelledRunStopsAndANewPlanDoesTheRest) {
  ServedPlace served(Slow());
  const v1::Plan plan = served.MakePlan();
  const v1::Run run = served.Apply(plan);
  // Something was done already.
  ASSERT_GE(served.Watch(run.id(), 0, 3).events.size(), 3u);
  v1::CancelRunRequest request;
  request.set_name("runs/" + run.id());
  request.set_reason("the wrong week");
  v1::Run cancelled;
  ASSERT_TRUE(served.stub().CancelRun(served.Context().get(), request, &cancelled).ok());
  EXPECT_THAT(cancelled.state(), AnyOf(v1::Run::CANCELLING, v1::Run::CANCELLED));
  const ServedPlace::Watched watched = served.Watch(run.id());
  EXPECT_TRUE(watched.status.ok()) << watched.status.error_message();
  EXPECT_EQ(watched.events.back().state(), v1::Run::CANCELLED);
  ASSERT_TRUE(served.stub().CancelRun(served.Context().get(), request, &cancelled).ok());
  EXPECT_EQ(cancelled.state(), v1::Run::CANCELLED);
  EXPECT_LT(cancelled.progress().done(), cancelled.progress().total());
  EXPECT_THAT(cancelled.message(), HasSubstr("Cancelled by local: the wrong week"));
  EXPECT_EQ(served.place().Writes(), cancelled.progress().done());
  const v1::Plan rest = served.MakePlan();
  EXPECT_EQ(rest.changes_size(), plan.changes_size() - cancelled.progress().done());
}

TEST(ServiceTest, KilledAgentGoesOnWithTheRunWhenItStartsAgain) {
  ServedPlace served(Slow());
  const v1::Plan plan = served.MakePlan();
  const v1::Run run = served.Apply(plan);
  std::vector<v1::RunEvent> events = served.Watch(run.id(), 0, 3).events;
  served.Stop(SIGKILL);
  served.Start();
  const ServedPlace::Watched rest = served.Watch(run.id(), events.back().number());
  EXPECT_TRUE(rest.status.ok()) << rest.status.error_message();
  events.insert(events.end(), rest.events.begin(), rest.events.end());
  ExpectWithoutGap(events, 1);
  EXPECT_EQ(events.back().state(), v1::Run::SUCCEEDED);
  // One write may have been cut off, and is sent again then.
  EXPECT_LE(served.place().Writes(), plan.budget().write_requests() + 1);
  EXPECT_EQ(served.MakePlan().state(), v1::Plan::EMPTY);
}

TEST(ServiceTest, StoppedAgentEndsItsRunFirst) {
  ServedPlace served(Slow());
  const v1::Run run = served.Apply(served.MakePlan());
  const ChildResult stopped = served.Stop(SIGTERM);
  EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  served.Start();
  v1::GetRunRequest request;
  request.set_name("runs/" + run.id());
  v1::Run ended;
  ASSERT_TRUE(served.stub().GetRun(served.Context().get(), request, &ended).ok());
  EXPECT_EQ(ended.state(), v1::Run::SUCCEEDED);
}

TEST(ServiceTest, OfTwoAgentsOnOneStateOneApplies) {
  ServedPlace served(Slow());
  const std::unique_ptr<ChildProcess> other = served.StartAnother("other.sock");
  const std::unique_ptr<v1::Reconciler::Stub> stub = served.StubOf("other.sock");
  const v1::Plan first = served.MakePlan();
  const v1::Plan second = served.MakePlan();
  const v1::Run run = served.Apply(first);
  v1::ApplyPlanRequest request;
  request.set_name("plans/" + second.id());
  request.set_etag(second.etag());
  request.add_waivers()->set_guard("first_run");
  request.mutable_waivers(0)->set_reason("read");
  v1::Run refused;
  const grpc::Status status = stub->ApplyPlan(served.Context().get(), request, &refused);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonIn(status), "DIRECTORY_BUSY");
  EXPECT_THAT(status.error_message(), HasSubstr(run.id()));
  // The other one can be asked about the run all the same.
  v1::GetRunRequest get;
  get.set_name("runs/" + run.id());
  v1::Run seen;
  EXPECT_TRUE(stub->GetRun(served.Context().get(), get, &seen).ok());
  EXPECT_EQ(served.Watch(run.id()).events.back().state(), v1::Run::SUCCEEDED);
  kill(other->pid(), SIGTERM);
  EXPECT_EQ(other->Wait().exit_code, 0);
}

TEST(ServiceTest, RequestAskedTwiceMakesOnePlanAndOneRun) {
  ServedPlace served;
  v1::CreatePlanRequest create;
  create.set_request_id("plan-1");
  v1::Plan first;
  v1::Plan again;
  ASSERT_TRUE(served.stub().CreatePlan(served.Context().get(), create, &first).ok());
  ASSERT_TRUE(served.stub().CreatePlan(served.Context().get(), create, &again).ok());
  EXPECT_EQ(first.id(), again.id());
  create.add_directories("directories/corp");
  EXPECT_EQ(ReasonIn(served.stub().CreatePlan(served.Context().get(), create, &again)),
            "REQUEST_ID_REUSED");
  const v1::Plan plan = served.AwaitPlan(first.id());
  v1::ApplyPlanRequest apply;
  apply.set_name("plans/" + plan.id());
  apply.set_etag(plan.etag());
  apply.add_waivers()->set_guard("first_run");
  apply.mutable_waivers(0)->set_reason("read");
  apply.set_request_id("apply-1");
  v1::Run run;
  v1::Run same;
  ASSERT_TRUE(served.stub().ApplyPlan(served.Context().get(), apply, &run).ok());
  ASSERT_TRUE(served.stub().ApplyPlan(served.Context().get(), apply, &same).ok());
  EXPECT_EQ(run.id(), same.id());
  EXPECT_EQ(served.Watch(run.id()).events.back().state(), v1::Run::SUCCEEDED);
  EXPECT_EQ(served.place().Writes(), plan.budget().write_requests());
}

TEST(ServiceTest, WhatIsNotInOrderIsRefusedWithItsReasonAndChangesNothing) {
  ServedPlace served;
  const v1::Plan plan = served.MakePlan();
  v1::Run run;
  EXPECT_EQ(ReasonIn(served.TryApply(plan, &run, false)), "GUARD_BLOCKS");
  v1::Plan moved = plan;
  moved.set_etag(std::string(64, '0'));
  EXPECT_EQ(ReasonIn(served.TryApply(moved, &run)), "ETAG_MISMATCH");
  moved.set_id("p-0000000000000000");
  EXPECT_EQ(ReasonIn(served.TryApply(moved, &run)), "NO_SUCH_RESOURCE");
  moved.set_id("../" + plan.id());
  EXPECT_EQ(ReasonIn(served.TryApply(moved, &run)), "INVALID_FIELD");

  v1::ListChangesRequest list;
  list.set_parent("plans/" + plan.id());
  list.set_page_size(1);
  v1::ListChangesResponse page;
  ASSERT_TRUE(served.stub().ListChanges(served.Context().get(), list, &page).ok());
  list.set_page_token(page.next_page_token());
  list.set_parent("plans/p-0000000000000000");
  EXPECT_EQ(ReasonIn(served.stub().ListChanges(served.Context().get(), list, &page)),
            "INVALID_PAGE_TOKEN");
  list.set_page_token("!");
  EXPECT_EQ(ReasonIn(served.stub().ListChanges(served.Context().get(), list, &page)),
            "INVALID_PAGE_TOKEN");
  list.set_page_token("");
  list.set_page_size(-1);
  EXPECT_EQ(ReasonIn(served.stub().ListChanges(served.Context().get(), list, &page)),
            "INVALID_FIELD");

  v1::CreatePlanRequest create;
  create.set_request_id(std::string(5 << 20, 'x'));
  v1::Plan made;
  EXPECT_EQ(served.stub().CreatePlan(served.Context().get(), create, &made).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  create.set_request_id("a b");
  EXPECT_EQ(ReasonIn(served.stub().CreatePlan(served.Context().get(), create, &made)),
            "INVALID_FIELD");
  EXPECT_EQ(served.place().Writes(), 0);
}

TEST(ServiceTest, RolesDecideWhoMayDoWhat) {
  const std::string callers =
      absl::StrCat("callers: [{name: eve, role: viewer, token_sha256: ", Sha256Hex("eve-token"),
                   "}, {name: pat, role: planner, token_sha256: ", Sha256Hex("pat-token"),
                   "}, {name: ops, role: operator, token_sha256: ", Sha256Hex("ops-token"), "}]");
  ServedPlace served({}, callers, "ops-token");
  const v1::Plan plan = served.MakePlan();
  EXPECT_EQ(plan.requester(), "ops");
  EXPECT_EQ(plan.requester_role(), "operator");
  const auto reason_as = [&](const std::string& token, bool apply) {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    v1::Run run;
    v1::Plan made;
    v1::ApplyPlanRequest request;
    request.set_name("plans/" + plan.id());
    request.set_etag(plan.etag());
    v1::CreatePlanRequest create;
    create.set_validate_only(true);
    return ReasonIn(apply ? served.stub().ApplyPlan(&context, request, &run)
                          : served.stub().CreatePlan(&context, create, &made));
  };
  EXPECT_EQ(reason_as("eve-token", true), "ROLE_NOT_SUFFICIENT");
  EXPECT_EQ(reason_as("eve-token", false), "ROLE_NOT_SUFFICIENT");
  EXPECT_EQ(reason_as("pat-token", true), "ROLE_NOT_SUFFICIENT");
  EXPECT_EQ(reason_as("pat-token", false), "");
  EXPECT_EQ(reason_as("wrong", false), "UNKNOWN_CALLER");
  EXPECT_EQ(reason_as("", false), "UNKNOWN_CALLER");
  EXPECT_EQ(reason_as("ops-token", true), "GUARD_BLOCKS");
  EXPECT_EQ(served.place().Writes(), 0);
}

}  // namespace
}  // namespace rollcall
