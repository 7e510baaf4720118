// ReconcilerService: rollcall.v1.Reconciler (proto/rollcall/v1/reconciler.proto) on top of the
// daemon's parts. No reaction waits: what asks the state or a directory is done by hands.
// Everything handed in outlives the service, and the service outlives the server that it is
// registered with.
#ifndef AGENT_SERVICE_RECONCILER_SERVICE_H_
#define AGENT_SERVICE_RECONCILER_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "agent/daemon/office.h"
#include "agent/daemon/plan_desk.h"
#include "agent/daemon/run_desk.h"
#include "agent/daemon/scheduler.h"
#include "agent/daemon/uploads.h"
#include "agent/service/access.h"
#include "agent/service/hands.h"
#include "agent/service/person_streams.h"
#include "agent/service/watchers.h"
#include "rollcall/v1/reconciler.grpc.pb.h"

namespace rollcall {

struct ServiceParts {
  const Office& office;
  PlanDesk& plans;
  RunDesk& runs;
  Uploads& uploads;
  Watchers& watchers;
  PersonStreams& people;
  Hands& hands;    // for what is quick
  Hands& readers;  // for what reads directories while the caller waits
  // As it is now.
  std::function<std::shared_ptr<const Access>()> access;
  std::function<std::vector<ScheduleStatus>()> schedules;
  // Set when the service is to end: stops what reads directories.
  const StopFlag& stop;
};

class ReconcilerService final : public v1::Reconciler::CallbackService {
 public:
  explicit ReconcilerService(ServiceParts parts) : parts_(std::move(parts)) {}

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;

  Unary* ListDirectories(Context*, const v1::ListDirectoriesRequest*,
                         v1::ListDirectoriesResponse*) override;
  Unary* GetDirectory(Context*, const v1::GetDirectoryRequest*, v1::Directory*) override;
  grpc::ServerReadReactor<v1::UploadExportRequest>* UploadExport(Context*,
                                                                 v1::UploadedExport*) override;
  Unary* CreatePlan(Context*, const v1::CreatePlanRequest*, v1::Plan*) override;
  Unary* GetPlan(Context*, const v1::GetPlanRequest*, v1::Plan*) override;
  Unary* ListPlans(Context*, const v1::ListPlansRequest*, v1::ListPlansResponse*) override;
  Unary* ListChanges(Context*, const v1::ListChangesRequest*, v1::ListChangesResponse*) override;
  Unary* ApplyPlan(Context*, const v1::ApplyPlanRequest*, v1::Run*) override;
  Unary* GetRun(Context*, const v1::GetRunRequest*, v1::Run*) override;
  Unary* ListRuns(Context*, const v1::ListRunsRequest*, v1::ListRunsResponse*) override;
  Unary* ListOutcomes(Context*, const v1::ListOutcomesRequest*, v1::ListOutcomesResponse*) override;
  grpc::ServerWriteReactor<v1::WatchRunResponse>* WatchRun(Context*,
                                                           const v1::WatchRunRequest*) override;
  Unary* CancelRun(Context*, const v1::CancelRunRequest*, v1::Run*) override;
  Unary* ExplainPerson(Context*, const v1::ExplainPersonRequest*, v1::Explanation*) override;
  grpc::ServerWriteReactor<v1::PersonProgress>* DeactivatePerson(
      Context*, const v1::DeactivatePersonRequest*) override;
  grpc::ServerWriteReactor<v1::PersonProgress>* ActivatePerson(
      Context*, const v1::ActivatePersonRequest*) override;
  Unary* ListHolds(Context*, const v1::ListHoldsRequest*, v1::ListHoldsResponse*) override;
  Unary* EndHold(Context*, const v1::EndHoldRequest*, v1::Hold*) override;
  Unary* ListSchedules(Context*, const v1::ListSchedulesRequest*,
                       v1::ListSchedulesResponse*) override;

 private:
  using Work = std::function<absl::Status(const Requester& requester)>;

  absl::StatusOr<Requester> Admit(const Context& context, Role needed) const;
  // Also STALE, which the state file does not hold.
  absl::StatusOr<v1::Plan::State> StateOf(const PlanSummary& plan) const;
  // Admits before it says what is wrong with the order.
  grpc::ServerWriteReactor<v1::PersonProgress>* ServePerson(
      const Context& context, const absl::StatusOr<PersonOrder>& order);
  // Admits, has it done by hands, and answers.
  Unary* Answer(Context& context, Role needed, Hands& hands, Work work);

  const ServiceParts parts_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_RECONCILER_SERVICE_H_
