#include "agent/remote/reconciler_client.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/daemon/reasons.h"
#include "agent/runs/refusal.h"
#include "agent/service/rpc_status.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr absl::Duration kQuick = absl::Seconds(30);
constexpr absl::Duration kReadsDirectories = absl::Hours(1);
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);
constexpr absl::Duration kLongestPause = absl::Seconds(5);
constexpr int32_t kPage = 1000;
constexpr int32_t kRows = 10'000;  // changes or outcomes a page

std::string Named(absl::string_view collection, const std::string& id) {
  return absl::StrCat(collection, "/", id);
}

absl::Status Stopped() { return absl::CancelledError("stopped on request"); }

// A list of which the agent said that there is more, and then gave the same place again.
absl::Status NoProgress(const std::string& server) {
  return absl::InternalError(
      absl::StrCat(server, " gives the same page of a list again and again; ask whoever runs it"));
}

}  // namespace

ReconcilerClient::ReconcilerClient(Connection connection, std::string server, Runtime& runtime)
    : server_(std::move(server)),
      authorization_(std::move(connection.authorization)),
      runtime_(runtime),
      stub_(v1::Reconciler::NewStub(connection.channel)) {}

absl::StatusOr<std::unique_ptr<ReconcilerClient>> ReconcilerClient::Connect(
    const ServerOptions& options, Runtime& runtime) {
  ASSIGN_OR_RETURN(Connection connection, ConnectTo(options));
  return std::unique_ptr<ReconcilerClient>(
      new ReconcilerClient(std::move(connection), options.address, runtime));
}

absl::Status ReconcilerClient::TryOnce(const Span& span, const CallContext& context,
                                       const Attempt& call, bool* lost) {
  grpc::ClientContext with;
  if (span.deadline != absl::InfiniteDuration()) {
    with.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(span.deadline));
  }
  if (!authorization_.empty()) with.AddMetadata("authorization", authorization_);
  guard_.Begin(&with, &context, span.silence);
  const grpc::Status status = call(with);
  const bool silent = guard_.End();
  if (context.stopped()) return Stopped();
  // Without details it was not the agent that spoke.
  const bool spoke = status.ok() || !status.error_details().empty();
  answered_ = answered_ || spoke;
  *lost = silent || (!spoke && (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                                status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED));
  return FromRpcStatus(status, server_);
}

bool ReconcilerClient::MayTryAgain(absl::Time heard, absl::Duration pause) const {
  return answered_ && runtime_.Now() + pause < heard + kPatience;
}

absl::Status ReconcilerClient::Try(absl::Duration deadline, const CallContext& context,
                                   const Attempt& call) {
  const absl::Time begun = runtime_.Now();
  absl::Duration pause = kFirstPause;
  while (true) {
    if (context.stopped()) return Stopped();
    bool lost = false;
    const absl::Status status = TryOnce({deadline, absl::InfiniteDuration()}, context, call, &lost);
    if (!lost || !MayTryAgain(begun, pause)) return status;
    RETURN_IF_ERROR(runtime_.SleepUntil(runtime_.Now() + pause, context));
    pause = std::min(2 * pause, kLongestPause);
  }
}

std::string ReconcilerClient::NewRequestId() {
  return absl::StrFormat("%016x%016x", runtime_.Random(), runtime_.Random());
}

absl::StatusOr<v1::Plan> ReconcilerClient::CreatePlan(v1::CreatePlanRequest request,
                                                      const CallContext& context) {
  if (request.request_id().empty()) request.set_request_id(NewRequestId());
  v1::Plan plan;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->CreatePlan(&with, request, &plan);
  }));
  return plan;
}

absl::StatusOr<v1::Run> ReconcilerClient::ApplyPlan(v1::ApplyPlanRequest request,
                                                    const CallContext& context) {
  if (request.request_id().empty()) request.set_request_id(NewRequestId());
  v1::Run run;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->ApplyPlan(&with, request, &run);
  }));
  return run;
}

absl::StatusOr<v1::Plan> ReconcilerClient::GetPlan(const std::string& id,
                                                   const CallContext& context) {
  v1::GetPlanRequest request;
  request.set_name(Named("plans", id));
  v1::Plan plan;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->GetPlan(&with, request, &plan);
  }));
  return plan;
}

absl::StatusOr<v1::Plan> ReconcilerClient::LoadPlan(const std::string& id,
                                                    const CallContext& context) {
  ASSIGN_OR_RETURN(v1::Plan plan, GetPlan(id, context));
  v1::ListChangesRequest request;
  request.set_parent(Named("plans", id));
  request.set_page_size(kRows);
  while (true) {
    v1::ListChangesResponse page;
    RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
      return stub_->ListChanges(&with, request, &page);
    }));
    plan.mutable_changes()->MergeFrom(page.changes());
    if (page.next_page_token().empty()) return plan;
    if (page.changes().empty() || page.next_page_token() == request.page_token()) {
      return NoProgress(server_);
    }
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<v1::Run> ReconcilerClient::LoadRun(const std::string& id,
                                                  const CallContext& context) {
  v1::GetRunRequest wanted;
  wanted.set_name(Named("runs", id));
  v1::Run run;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->GetRun(&with, wanted, &run);
  }));
  v1::ListOutcomesRequest request;
  request.set_parent(wanted.name());
  request.set_page_size(kRows);
  while (true) {
    v1::ListOutcomesResponse page;
    RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
      return stub_->ListOutcomes(&with, request, &page);
    }));
    run.mutable_outcomes()->MergeFrom(page.outcomes());
    if (page.next_page_token().empty()) return run;
    if (page.outcomes().empty() || page.next_page_token() == request.page_token()) {
      return NoProgress(server_);
    }
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<v1::Run> ReconcilerClient::CancelRun(const std::string& id,
                                                    const std::string& reason,
                                                    const CallContext& context) {
  v1::CancelRunRequest request;
  request.set_name(Named("runs", id));
  request.set_reason(reason);
  v1::Run run;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->CancelRun(&with, request, &run);
  }));
  return run;
}

absl::StatusOr<v1::PlanList> ReconcilerClient::ListPlans(int64_t limit,
                                                         const CallContext& context) {
  v1::PlanList list;
  v1::ListPlansRequest request;
  request.set_page_size(static_cast<int32_t>(std::min<int64_t>(limit, kPage)));
  while (true) {
    v1::ListPlansResponse page;
    RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
      return stub_->ListPlans(&with, request, &page);
    }));
    for (v1::Plan& plan : *page.mutable_plans()) {
      if (list.plans_size() < limit) list.add_plans()->Swap(&plan);
    }
    if (page.next_page_token().empty() || list.plans_size() >= limit) return list;
    if (page.plans().empty()) return NoProgress(server_);
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<v1::RunList> ReconcilerClient::ListRuns(int64_t limit, const CallContext& context) {
  v1::RunList list;
  v1::ListRunsRequest request;
  request.set_page_size(static_cast<int32_t>(std::min<int64_t>(limit, kPage)));
  while (true) {
    v1::ListRunsResponse page;
    RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
      return stub_->ListRuns(&with, request, &page);
    }));
    for (v1::Run& run : *page.mutable_runs()) {
      if (list.runs_size() < limit) list.add_runs()->Swap(&run);
    }
    if (page.next_page_token().empty() || list.runs_size() >= limit) return list;
    if (page.runs().empty()) return NoProgress(server_);
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<v1::ListSchedulesResponse> ReconcilerClient::ListSchedules(
    const CallContext& context) {
  v1::ListSchedulesResponse schedules;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->ListSchedules(&with, {}, &schedules);
  }));
  return schedules;
}

absl::StatusOr<v1::Explanation> ReconcilerClient::ExplainPerson(const std::string& person,
                                                                const CallContext& context) {
  v1::ExplainPersonRequest request;
  request.set_person(person);
  v1::Explanation explanation;
  RETURN_IF_ERROR(Try(kReadsDirectories, context, [&](grpc::ClientContext& with) {
    return stub_->ExplainPerson(&with, request, &explanation);
  }));
  return explanation;
}

absl::StatusOr<v1::HoldList> ReconcilerClient::ListHolds(bool ended, const CallContext& context) {
  v1::ListHoldsRequest request;
  request.set_ended(ended);
  request.set_page_size(kPage);
  v1::HoldList holds;
  while (true) {
    v1::ListHoldsResponse page;
    RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
      return stub_->ListHolds(&with, request, &page);
    }));
    holds.mutable_holds()->MergeFrom(page.holds());
    if (page.next_page_token().empty()) return holds;
    if (page.holds().empty()) return NoProgress(server_);
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<v1::Hold> ReconcilerClient::EndHold(int64_t id, const CallContext& context) {
  v1::EndHoldRequest request;
  request.set_name(absl::StrCat("holds/", id));
  v1::Hold hold;
  RETURN_IF_ERROR(Try(kQuick, context, [&](grpc::ClientContext& with) {
    return stub_->EndHold(&with, request, &hold);
  }));
  return hold;
}

absl::StatusOr<v1::PersonReport> ReconcilerClient::DeactivatePerson(
    const v1::DeactivatePersonRequest& request, const Teller& tell, const CallContext& context) {
  return FollowPerson(
      [&](grpc::ClientContext& with) { return stub_->DeactivatePerson(&with, request); }, tell,
      context);
}

absl::StatusOr<v1::PersonReport> ReconcilerClient::ActivatePerson(
    const v1::ActivatePersonRequest& request, const Teller& tell, const CallContext& context) {
  return FollowPerson(
      [&](grpc::ClientContext& with) { return stub_->ActivatePerson(&with, request); }, tell,
      context);
}

absl::StatusOr<v1::PersonReport> ReconcilerClient::FollowPerson(const OpenStream& open,
                                                                const Teller& tell,
                                                                const CallContext& context) {
  absl::Time heard = runtime_.Now();
  absl::Duration pause = kFirstPause;
  v1::PersonReport report;
  bool reported = false;
  const auto follow = [&](grpc::ClientContext& with) {
    const std::unique_ptr<ProgressStream> stream = open(with);
    v1::PersonProgress message;
    while (stream->Read(&message)) {
      guard_.Heard();
      answered_ = true;
      heard = runtime_.Now();
      pause = kFirstPause;
      for (const std::string& note : message.notes()) tell(note);
      if (message.has_report()) {
        report = std::move(*message.mutable_report());
        reported = true;
      }
    }
    return stream->Finish();
  };
  while (true) {
    if (context.stopped()) return Stopped();
    bool lost = false;
    const absl::Status status =
        TryOnce({absl::InfiniteDuration(), kSilence}, context, follow, &lost);
    if (reported) return report;
    if (status.ok()) {
      return absl::InternalError(
          absl::StrCat(server_, " ended without a report; ask whoever runs it"));
    }
    if (!lost || !MayTryAgain(heard, pause)) return status;
    tell(absl::StrCat("The connection to ", server_, " is lost; asking again."));
    RETURN_IF_ERROR(runtime_.SleepUntil(runtime_.Now() + pause, context));
    pause = std::min(2 * pause, kLongestPause);
  }
}

absl::Status ReconcilerClient::WatchRun(const std::string& id, const EventSink& sink,
                                        const CallContext& context) {
  v1::WatchRunRequest request;
  request.set_name(Named("runs", id));
  absl::Time heard = runtime_.Now();
  absl::Duration pause = kFirstPause;
  bool enough = false;
  const auto follow = [&](grpc::ClientContext& with) {
    const auto stream = stub_->WatchRun(&with, request);
    v1::WatchRunResponse message;
    while (!enough && stream->Read(&message)) {
      guard_.Heard();
      answered_ = true;
      heard = runtime_.Now();
      pause = kFirstPause;
      for (const v1::RunEvent& event : message.events()) {
        if (event.number() <= request.after()) continue;
        request.set_after(event.number());
        enough = !sink(event);
        if (enough) break;
      }
    }
    if (enough) with.TryCancel();
    return stream->Finish();
  };
  while (true) {
    if (context.stopped()) return Stopped();
    bool lost = false;
    // The stream is open for as long as the run goes on; its signs of life say that it is there.
    const absl::Status status =
        TryOnce({absl::InfiniteDuration(), kSilence}, context, follow, &lost);
    if (enough) return absl::OkStatus();
    if (!lost || !MayTryAgain(heard, pause)) return status;
    RETURN_IF_ERROR(runtime_.SleepUntil(runtime_.Now() + pause, context));
    pause = std::min(2 * pause, kLongestPause);
  }
}

}  // namespace rollcall
