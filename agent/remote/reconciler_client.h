// ReconcilerClient: asks a running agent (rollcall.v1.Reconciler) and waits for the answer. What a
// broken connection lost is asked for again; that is safe, since whatever begins something carries
// a request id. One thread at a time.
//
//   ASSIGN_OR_RETURN(auto client, ReconcilerClient::Connect(options, runtime));
//   ASSIGN_OR_RETURN(v1::Plan plan, client->LoadPlan("p-0123456789abcdef", context));
//
// Errors: what the agent says, with its reason (reasons.h) and exit code (refusal.h); UNAVAILABLE
// where nothing answers; CANCELLED once the context is stopped.
#ifndef AGENT_REMOTE_RECONCILER_CLIENT_H_
#define AGENT_REMOTE_RECONCILER_CLIENT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/remote/call_guard.h"
#include "agent/remote/channel.h"
#include "agent/remote/server_options.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/runtime.h"
#include "rollcall/v1/reconciler.grpc.pb.h"

namespace rollcall {

class ReconcilerClient {
 public:
  // How long a connection that was there may be gone before it is given up; one that never was is
  // given up at once.
  static constexpr absl::Duration kPatience = absl::Minutes(2);
  // A watch in which nothing comes for so long, not even a sign of life, is begun anew.
  static constexpr absl::Duration kSilence = absl::Seconds(45);

  static absl::StatusOr<std::unique_ptr<ReconcilerClient>> Connect(const ServerOptions& options,
                                                                   Runtime& runtime);
  ReconcilerClient(const ReconcilerClient&) = delete;
  ReconcilerClient& operator=(const ReconcilerClient&) = delete;

  const std::string& server() const { return server_; }

  // The file's bytes, as an export of people (and groups, where the format holds both).
  absl::StatusOr<v1::UploadedExport> UploadExport(const std::string& path,
                                                  const CallContext& context);

  // Both give the request an id where it has none.
  absl::StatusOr<v1::Plan> CreatePlan(v1::CreatePlanRequest request, const CallContext& context);
  absl::StatusOr<v1::Run> ApplyPlan(v1::ApplyPlanRequest request, const CallContext& context);

  // Without its changes, and with all of them.
  absl::StatusOr<v1::Plan> GetPlan(const std::string& id, const CallContext& context);
  absl::StatusOr<v1::Plan> LoadPlan(const std::string& id, const CallContext& context);
  // With its outcomes.
  absl::StatusOr<v1::Run> LoadRun(const std::string& id, const CallContext& context);
  absl::StatusOr<v1::Run> CancelRun(const std::string& id, const std::string& reason,
                                    const CallContext& context);

  // Newest first.
  absl::StatusOr<v1::PlanList> ListPlans(int64_t limit, const CallContext& context);
  absl::StatusOr<v1::RunList> ListRuns(int64_t limit, const CallContext& context);
  absl::StatusOr<v1::ListSchedulesResponse> ListSchedules(const CallContext& context);

  absl::StatusOr<v1::Explanation> ExplainPerson(const std::string& person,
                                                const CallContext& context);

  // Tell every sentence as it comes, and give the report at the end. Where the stream breaks they
  // ask again, which is safe: the hold stands, and what is done is not done twice.
  using Teller = std::function<void(const std::string&)>;
  absl::StatusOr<v1::PersonReport> DeactivatePerson(const v1::DeactivatePersonRequest& request,
                                                    const Teller& tell, const CallContext& context);
  absl::StatusOr<v1::PersonReport> ActivatePerson(const v1::ActivatePersonRequest& request,
                                                  const Teller& tell, const CallContext& context);

  // Oldest first.
  absl::StatusOr<v1::HoldList> ListHolds(bool ended, const CallContext& context);
  absl::StatusOr<v1::Hold> EndHold(int64_t id, const CallContext& context);

  // Tells every event from the first on, each once and in order, until the run has ended or `sink`
  // returns false. The stream is begun anew where it breaks.
  using EventSink = std::function<bool(const v1::RunEvent&)>;
  absl::Status WatchRun(const std::string& id, const EventSink& sink, const CallContext& context);

 private:
  ReconcilerClient(Connection connection, std::string server, Runtime& runtime);

  // Tries `call` until it is answered; `call` gets a context with everything that a call needs.
  using Attempt = std::function<grpc::Status(grpc::ClientContext&)>;
  absl::Status Try(absl::Duration deadline, const CallContext& context, const Attempt& call);
  struct Span {
    absl::Duration deadline = absl::InfiniteDuration();  // of the call
    absl::Duration silence = absl::InfiniteDuration();   // of its stream
  };
  // `lost`: nobody answered; asking again may help.
  absl::Status TryOnce(const Span& span, const CallContext& context, const Attempt& call,
                       bool* lost);
  // Before asking again; counts from `heard`. False: it has been tried for long enough.
  bool MayTryAgain(absl::Time heard, absl::Duration pause) const;

  using ProgressStream = grpc::ClientReaderInterface<v1::PersonProgress>;
  using OpenStream = std::function<std::unique_ptr<ProgressStream>(grpc::ClientContext&)>;
  absl::StatusOr<v1::PersonReport> FollowPerson(const OpenStream& open, const Teller& tell,
                                                const CallContext& context);

  std::string NewRequestId();

  const std::string server_;
  const std::string authorization_;
  Runtime& runtime_;
  const std::unique_ptr<v1::Reconciler::Stub> stub_;
  bool answered_ = false;  // the agent has said something once
  CallGuard guard_;
};

}  // namespace rollcall

#endif  // AGENT_REMOTE_RECONCILER_CLIENT_H_
