#include "agent/service/reconciler_service.h"

#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/daemon/stored_resources.h"
#include "agent/render/explanation_document.h"
#include "agent/render/resources.h"
#include "agent/runs/plan_resource.h"
#include "agent/runs/planning.h"
#include "agent/service/orders.h"
#include "agent/service/page_token.h"
#include "agent/service/resource_names.h"
#include "agent/service/rpc_status.h"
#include "agent/service/upload_stream.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int64_t kUsualPage = 50;
constexpr int64_t kMostPage = 1000;
constexpr int64_t kUsualRows = 1000;
constexpr int64_t kMostRows = 10'000;
constexpr int64_t kFromTheNewest = std::numeric_limits<int64_t>::max();

std::string NameOf(const grpc::string_ref& text) { return {text.data(), text.size()}; }

Credentials CredentialsOf(const grpc::CallbackServerContext& context) {
  Credentials shown;
  const auto header = context.client_metadata().find("authorization");
  if (header != context.client_metadata().end()) shown.authorization = NameOf(header->second);
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return shown;
  // The names that gRPC found in a certificate which the configured authorities signed.
  for (const grpc::string_ref& name : peer->GetPeerIdentity()) {
    shown.certificates.push_back(NameOf(name));
  }
  if (shown.certificates.empty()) {
    for (const grpc::string_ref& name : peer->FindPropertyValues("x509_common_name")) {
      shown.certificates.push_back(NameOf(name));
    }
  }
  return shown;
}

v1::Directory DirectoryOf(const config::v1::Directory& directory) {
  v1::Directory result;
  result.set_id(directory.id());
  switch (directory.kind_case()) {
    case config::v1::Directory::kScim:
      result.set_kind("scim");
      break;
    case config::v1::Directory::kCrowd:
      result.set_kind("crowd");
      break;
    case config::v1::Directory::kAtlassianAdmin:
      result.set_kind("atlassian_admin");
      break;
    default:
      result.set_kind("jira");
  }
  return result;
}

absl::StatusOr<std::map<std::string, DirectoryStatus>> SeenLast(Store& store) {
  ASSIGN_OR_RETURN(const std::vector<DirectoryStatus> all, store.directories().List());
  std::map<std::string, DirectoryStatus> seen;
  for (const DirectoryStatus& status : all) seen[status.directory] = status;
  return seen;
}

void SetSeen(const DirectoryStatus& seen, v1::Directory& directory) {
  // A key that is refused has been answered, but nothing tells the two apart here.
  const bool works = seen.read.has_value() && !seen.failed.has_value();
  directory.set_reachable(works);
  directory.set_signed_in(works);
  if (seen.read.has_value()) SetTimestamp(*seen.read, directory.mutable_last_read_time());
  if (seen.success.has_value()) SetTimestamp(*seen.success, directory.mutable_last_success_time());
  if (!seen.failed.has_value()) return;
  SetTimestamp(*seen.failed, directory.mutable_failing_since_time());
  directory.add_faults(seen.problem);
}

}  // namespace

absl::StatusOr<Requester> ReconcilerService::Admit(const Context& context, Role needed) const {
  return parts_.access()->Admit(CredentialsOf(context), needed);
}

ReconcilerService::Unary* ReconcilerService::Answer(Context& context, Role needed, Hands& hands,
                                                    Work work) {
  Unary* const reactor = context.DefaultReactor();
  const absl::StatusOr<Requester> requester = Admit(context, needed);
  if (!requester.ok()) {
    reactor->Finish(ToRpcStatus(requester.status()));
    return reactor;
  }
  const bool taken = hands.Take([reactor, work = std::move(work), requester = *requester] {
    reactor->Finish(ToRpcStatus(work(requester)));
  });
  if (!taken) {
    reactor->Finish(ToRpcStatus(WithReason(
        v1::LIMIT_EXCEEDED,
        absl::ResourceExhaustedError("too many requests wait to be answered; ask again later"))));
  }
  return reactor;
}

absl::StatusOr<v1::Plan::State> ReconcilerService::StateOf(const PlanSummary& plan) const {
  const Office& office = parts_.office;
  const std::shared_ptr<const LoadedConfig> config = office.config();
  ASSIGN_OR_RETURN(const bool stale,
                   LooksStale(plan, config->spec, office.store(), office.runtime().Now()));
  return stale ? v1::Plan::STALE : ToResource(plan.state);
}

ReconcilerService::Unary* ReconcilerService::ListDirectories(
    Context* context, const v1::ListDirectoriesRequest*, v1::ListDirectoriesResponse* response) {
  return Answer(
      *context, Role::kViewer, parts_.hands, [this, response](const Requester&) -> absl::Status {
        ASSIGN_OR_RETURN(auto seen, SeenLast(parts_.office.store()));
        for (const config::v1::Directory& directory : parts_.office.config()->proto.directories()) {
          v1::Directory* const added = response->add_directories();
          *added = DirectoryOf(directory);
          SetSeen(seen[directory.id()], *added);
        }
        return absl::OkStatus();
      });
}

ReconcilerService::Unary* ReconcilerService::GetDirectory(Context* context,
                                                          const v1::GetDirectoryRequest* request,
                                                          v1::Directory* response) {
  return Answer(
      *context, Role::kViewer, parts_.hands,
      [this, request, response](const Requester&) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), "directories", "name"));
        const std::shared_ptr<const LoadedConfig> config = parts_.office.config();
        for (const config::v1::Directory& directory : config->proto.directories()) {
          if (directory.id() != id) continue;
          *response = DirectoryOf(directory);
          ASSIGN_OR_RETURN(auto seen, SeenLast(parts_.office.store()));
          SetSeen(seen[id], *response);
          return absl::OkStatus();
        }
        return WithReason(v1::NO_SUCH_RESOURCE, absl::NotFoundError(absl::StrCat(
                                                    "directories/", id, " is not configured")));
      });
}

grpc::ServerReadReactor<v1::UploadExportRequest>* ReconcilerService::UploadExport(
    Context* context, v1::UploadedExport* response) {
  const absl::StatusOr<Requester> requester = Admit(*context, Role::kPlanner);
  return new UploadStream(requester.status(), parts_.uploads, parts_.hands, *response);
}

ReconcilerService::Unary* ReconcilerService::CreatePlan(Context* context,
                                                        const v1::CreatePlanRequest* request,
                                                        v1::Plan* response) {
  return Answer(*context, Role::kPlanner, parts_.hands,
                [this, request, response](const Requester& requester) -> absl::Status {
                  ASSIGN_OR_RETURN(PlanOrder order, OrderOf(*request, parts_.uploads));
                  order.requester = requester;
                  if (request->validate_only()) {
                    RETURN_IF_ERROR(parts_.plans.Check(order));
                    response->set_state(v1::Plan::PLANNING);
                    response->set_requester(requester.name);
                    response->set_requester_role(requester.role);
                    return absl::OkStatus();
                  }
                  ASSIGN_OR_RETURN(const std::string id, parts_.plans.Begin(order));
                  ASSIGN_OR_RETURN(const PlanSummary plan,
                                   parts_.office.store().plans().Summary(id));
                  *response = ToResource(plan);
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::GetPlan(Context* context,
                                                     const v1::GetPlanRequest* request,
                                                     v1::Plan* response) {
  return Answer(*context, Role::kViewer, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  PlanStore& plans = parts_.office.store().plans();
                  ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), "plans", "name"));
                  ASSIGN_OR_RETURN(const PlanSummary summary, plans.Summary(id));
                  const bool full = request->view() == v1::GetPlanRequest::FULL;
                  ASSIGN_OR_RETURN(const Plan plan,
                                   full ? plans.Load(id) : plans.LoadWithoutChanges(id));
                  *response = ToResource(plan, summary.requester);
                  ASSIGN_OR_RETURN(const v1::Plan::State state, StateOf(summary));
                  response->set_state(state);
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::ListPlans(Context* context,
                                                       const v1::ListPlansRequest* request,
                                                       v1::ListPlansResponse* response) {
  return Answer(*context, Role::kViewer, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  ASSIGN_OR_RETURN(const int64_t size,
                                   PageSizeOf(request->page_size(), kUsualPage, kMostPage));
                  ASSIGN_OR_RETURN(const int64_t before, ReadPageToken(*request, kFromTheNewest));
                  ASSIGN_OR_RETURN(std::vector<PlanSummary> plans,
                                   parts_.office.store().plans().List(size + 1, before));
                  const bool more = static_cast<int64_t>(plans.size()) > size;
                  if (more) plans.pop_back();
                  for (const PlanSummary& plan : plans) {
                    v1::Plan* const added = response->add_plans();
                    *added = ToResource(plan);
                    ASSIGN_OR_RETURN(const v1::Plan::State state, StateOf(plan));
                    added->set_state(state);
                  }
                  if (more) {
                    response->set_next_page_token(MakePageToken(*request, plans.back().place));
                  }
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::ListChanges(Context* context,
                                                         const v1::ListChangesRequest* request,
                                                         v1::ListChangesResponse* response) {
  return Answer(
      *context, Role::kViewer, parts_.hands,
      [this, request, response](const Requester&) -> absl::Status {
        ASSIGN_OR_RETURN(const int64_t size,
                         PageSizeOf(request->page_size(), kUsualRows, kMostRows));
        ASSIGN_OR_RETURN(const int64_t first, ReadPageToken(*request, 0));
        ASSIGN_OR_RETURN(const std::string plan, IdOf(request->parent(), "plans", "parent"));
        ASSIGN_OR_RETURN(std::vector<Change> changes,
                         parts_.office.store().plans().LoadChanges(plan, {first, size + 1}));
        const bool more = static_cast<int64_t>(changes.size()) > size;
        if (more) changes.pop_back();
        for (const Change& change : changes) {
          *response->add_changes() = ToResource(change);
        }
        if (more) {
          response->set_next_page_token(MakePageToken(*request, first + size));
        }
        return absl::OkStatus();
      });
}

ReconcilerService::Unary* ReconcilerService::ApplyPlan(Context* context,
                                                       const v1::ApplyPlanRequest* request,
                                                       v1::Run* response) {
  return Answer(*context, Role::kOperator, parts_.hands,
                [this, request, response](const Requester& requester) -> absl::Status {
                  ASSIGN_OR_RETURN(ApplyOrder order, OrderOf(*request));
                  order.requester = requester;
                  if (request->validate_only()) {
                    RETURN_IF_ERROR(parts_.runs.Check(order));
                    response->set_plan(order.plan);
                    response->set_state(v1::Run::QUEUED);
                    return absl::OkStatus();
                  }
                  ASSIGN_OR_RETURN(const std::string id, parts_.runs.Begin(order));
                  ASSIGN_OR_RETURN(const RunHead run, parts_.office.store().runs().LoadHead(id));
                  *response = ToResource(run);
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::GetRun(Context* context,
                                                    const v1::GetRunRequest* request,
                                                    v1::Run* response) {
  return Answer(*context, Role::kViewer, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), "runs", "name"));
                  ASSIGN_OR_RETURN(const RunHead run, parts_.office.store().runs().LoadHead(id));
                  *response = ToResource(run);
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::ListRuns(Context* context,
                                                      const v1::ListRunsRequest* request,
                                                      v1::ListRunsResponse* response) {
  return Answer(*context, Role::kViewer, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  ASSIGN_OR_RETURN(const int64_t size,
                                   PageSizeOf(request->page_size(), kUsualPage, kMostPage));
                  ASSIGN_OR_RETURN(const int64_t before, ReadPageToken(*request, kFromTheNewest));
                  RunStore& store = parts_.office.store().runs();
                  ASSIGN_OR_RETURN(std::vector<RunSummary> runs, store.List(size + 1, before));
                  const bool more = static_cast<int64_t>(runs.size()) > size;
                  if (more) runs.pop_back();
                  for (const RunSummary& run : runs) {
                    ASSIGN_OR_RETURN(const RunHead head, store.LoadHead(run.id));
                    *response->add_runs() = ToResource(head);
                  }
                  if (more) {
                    response->set_next_page_token(MakePageToken(*request, runs.back().place));
                  }
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::ListOutcomes(Context* context,
                                                          const v1::ListOutcomesRequest* request,
                                                          v1::ListOutcomesResponse* response) {
  return Answer(*context, Role::kViewer, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  ASSIGN_OR_RETURN(const int64_t size,
                                   PageSizeOf(request->page_size(), kUsualRows, kMostRows));
                  ASSIGN_OR_RETURN(const int64_t first, ReadPageToken(*request, 0));
                  ASSIGN_OR_RETURN(const std::string run,
                                   IdOf(request->parent(), "runs", "parent"));
                  ASSIGN_OR_RETURN(const RunStore::OutcomePage page,
                                   parts_.office.store().runs().LoadOutcomes(run, first, size));
                  for (size_t i = 0; i < page.outcomes.size(); ++i) {
                    *response->add_outcomes() = ToResource(page.outcomes[i], page.through[i]);
                  }
                  if (page.next.has_value()) {
                    response->set_next_page_token(MakePageToken(*request, *page.next));
                  }
                  return absl::OkStatus();
                });
}

grpc::ServerWriteReactor<v1::WatchRunResponse>* ReconcilerService::WatchRun(
    Context* context, const v1::WatchRunRequest* request) {
  const absl::StatusOr<Requester> requester = Admit(*context, Role::kViewer);
  using Refused = RefusedStream<v1::WatchRunResponse>;
  if (!requester.ok()) return new Refused(requester.status());
  const absl::StatusOr<std::string> run = IdOf(request->name(), "runs", "name");
  if (!run.ok()) return new Refused(run.status());
  if (request->after() < 0) return new Refused(InvalidField("after is below 0"));
  return parts_.watchers.Watch(*run, request->after());
}

ReconcilerService::Unary* ReconcilerService::CancelRun(Context* context,
                                                       const v1::CancelRunRequest* request,
                                                       v1::Run* response) {
  return Answer(
      *context, Role::kOperator, parts_.hands,
      [this, request, response](const Requester& requester) -> absl::Status {
        RETURN_IF_ERROR(CheckReason(request->reason()));
        ASSIGN_OR_RETURN(const std::string id, IdOf(request->name(), "runs", "name"));
        RETURN_IF_ERROR(parts_.runs.Cancel(
            id, absl::StrCat("Cancelled by ", requester.name, request->reason().empty() ? "" : ": ",
                             request->reason(), ". What is open is for a new plan.")));
        ASSIGN_OR_RETURN(const RunHead run, parts_.office.store().runs().LoadHead(id));
        *response = ToResource(run);
        return absl::OkStatus();
      });
}

ReconcilerService::Unary* ReconcilerService::ExplainPerson(Context* context,
                                                           const v1::ExplainPersonRequest* request,
                                                           v1::Explanation* response) {
  return Answer(
      *context, Role::kPlanner, parts_.readers,
      [this, request, response](const Requester&) -> absl::Status {
        if (request->person().empty()) {
          return InvalidField("person is empty; give an e-mail, a user name or a stable id");
        }
        ASSIGN_OR_RETURN(const Explanation explanation,
                         parts_.plans.Explain(request->person(), CallContext{&parts_.stop}));
        *response = ToResource(explanation);
        return absl::OkStatus();
      });
}

ReconcilerService::Unary* ReconcilerService::ListSchedules(Context* context,
                                                           const v1::ListSchedulesRequest*,
                                                           v1::ListSchedulesResponse* response) {
  return Answer(*context, Role::kViewer, parts_.hands, [this, response](const Requester&) {
    for (const ScheduleStatus& status : parts_.schedules()) {
      *response->add_schedules() = ToResource(status);
    }
    return absl::OkStatus();
  });
}

}  // namespace rollcall
