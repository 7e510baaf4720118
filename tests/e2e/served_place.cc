#include "tests/e2e/served_place.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/daemon/reasons.h"

namespace rollcall {
namespace {

const std::string kSocket = std::string(ServedPlace::kAddress).substr(sizeof("unix:") - 1);
constexpr absl::Duration kPatience = absl::Minutes(2);

WorkplaceOptions WithServe(WorkplaceOptions options, const std::string& serve) {
  absl::StrAppend(&options.more_config, "serve: {listen: \"unix:", kSocket, "\"",
                  serve.empty() ? "" : ", ", serve, "}\n");
  return options;
}

}  // namespace

std::string ReasonIn(const grpc::Status& status) {
  if (status.ok()) return "";
  return v1::ErrorReason_Name(ReasonOf(FromRpcStatus(status, "the agent")));
}

ServedPlace::ServedPlace(WorkplaceOptions options, const std::string& serve, std::string token)
    : token_(std::move(token)), place_(WithServe(std::move(options), serve)) {
  Start();
}

ServedPlace::ServedPlace(Secured, const std::string& serve) : place_(WithServe({}, serve)) {
  agent_ = place_.Start({"serve"});
}

void ServedPlace::Start() {
  agent_ = place_.Start({"serve"});
  stub_ = StubOf(kSocket);
}

std::unique_ptr<ChildProcess> ServedPlace::StartAnother(const std::string& socket) {
  std::string config = place_.Read("rollcall.yaml");
  const size_t at = config.find(kSocket);
  config.replace(at, kSocket.size(), socket);
  place_.Write("another.yaml", config);
  return place_.Start({"--config", "another.yaml", "serve"});
}

std::unique_ptr<v1::Reconciler::Stub> ServedPlace::StubOf(const std::string& socket) const {
  // Not the connection of before, which a killed agent has left broken.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(absl::StrCat("unix:", place_.File(socket)),
                                                 grpc::InsecureChannelCredentials(), arguments);
  EXPECT_TRUE(channel->WaitForConnected(std::chrono::system_clock::now() +
                                        absl::ToChronoSeconds(kPatience)))
      << "the agent does not listen on " << socket;
  return v1::Reconciler::NewStub(channel);
}

std::unique_ptr<grpc::ClientContext> ServedPlace::Context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoSeconds(kPatience));
  if (!token_.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  return context;
}

void ServedPlace::Signal(int signal) { kill(agent_->pid(), signal); }

ChildResult ServedPlace::Wait() { return agent_->Wait(); }

ChildResult ServedPlace::Stop(int signal) {
  Signal(signal);
  return Wait();
}

v1::Plan ServedPlace::MakePlan(const v1::CreatePlanRequest& request) {
  v1::Plan plan;
  const grpc::Status status = stub_->CreatePlan(Context().get(), request, &plan);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return AwaitPlan(plan.id());
}

v1::Plan ServedPlace::AwaitPlan(const std::string& id) {
  v1::Plan plan;
  v1::GetPlanRequest request;
  request.set_name("plans/" + id);
  request.set_view(v1::GetPlanRequest::FULL);
  const absl::Time end = absl::Now() + kPatience;
  do {
    const grpc::Status status = stub_->GetPlan(Context().get(), request, &plan);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) return plan;
  } while (plan.state() == v1::Plan::PLANNING && absl::Now() < end);
  return plan;
}

grpc::Status ServedPlace::TryApply(const v1::Plan& plan, v1::Run* run, bool waive) {
  v1::ApplyPlanRequest request;
  request.set_name("plans/" + plan.id());
  request.set_etag(plan.etag());
  if (waive) {
    v1::Waiver& waiver = *request.add_waivers();
    waiver.set_guard("first_run");
    waiver.set_reason("read and agreed");
  }
  return stub_->ApplyPlan(Context().get(), request, run);
}

v1::Run ServedPlace::Apply(const v1::Plan& plan) {
  v1::Run run;
  const grpc::Status status = TryApply(plan, &run);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return run;
}

ServedPlace::Watched ServedPlace::Watch(const std::string& run, int64_t after, size_t most) {
  Watched watched;
  v1::WatchRunRequest request;
  request.set_name("runs/" + run);
  request.set_after(after);
  const std::unique_ptr<grpc::ClientContext> context = Context();
  const auto stream = stub_->WatchRun(context.get(), request);
  v1::WatchRunResponse message;
  while (watched.events.size() < most && stream->Read(&message)) {
    if (message.has_run()) watched.first = message.run();
    for (const v1::RunEvent& event : message.events()) watched.events.push_back(event);
  }
  if (watched.events.size() >= most) context->TryCancel();
  watched.status = stream->Finish();
  return watched;
}

}  // namespace rollcall
