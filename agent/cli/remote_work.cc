#include "agent/cli/remote_work.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/cli/plan_file.h"
#include "agent/render/from_resources.h"
#include "agent/render/json.h"
#include "agent/render/run_document.h"
#include "agent/runs/applying.h"
#include "agent/runs/refusal.h"
#include "google/protobuf/util/json_util.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr absl::Duration kFirstLook = absl::Milliseconds(50);
constexpr absl::Duration kLongestLook = absl::Seconds(1);

// Why a plan is FAILED, as the local command would have ended.
absl::Status WhyNotMade(const v1::Plan& plan) {
  for (const v1::Finding& finding : plan.findings()) {
    if (finding.name() != kPlanningFailed) continue;
    const int code = finding.observed();
    const bool known = code > 0 && code <= static_cast<int>(ExitCode::kUsage);
    return WithExitCode(known ? static_cast<ExitCode>(code) : ExitCode::kFailure,
                        absl::FailedPreconditionError(finding.message()));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("plan ", plan.id(), " could not be made, and the agent does not say why"));
}

// The same but for what may become of a plan once it is saved.
bool SayTheSame(v1::Plan file, v1::Plan saved) {
  for (v1::Plan* plan : {&file, &saved}) {
    plan->clear_state();
    plan->clear_requester();
    plan->clear_requester_role();
  }
  return file.SerializeAsString() == saved.SerializeAsString();
}

absl::Status CheckFile(const std::string& path, const v1::Plan& saved) {
  ASSIGN_OR_RETURN(const std::string text, ReadPlanFile(path));
  v1::Plan file;
  const bool is_plan = google::protobuf::util::JsonStringToMessage(text, &file).ok();
  if (is_plan && SayTheSame(file, saved)) return absl::OkStatus();
  return Refuse(ExitCode::kStale,
                absl::StrCat(path, " is not plan ", saved.id(), " as it was saved: it was edited ",
                             "or cut; apply the saved one by its id, or make a new plan"));
}

// Draws what the events of a run tell.
class Follower {
 public:
  Follower(const v1::Plan& plan, Progress& progress) : progress_(progress) {
    for (const v1::Change& change : plan.changes()) {
      directory_of_[change.id()] = change.directory();
      ++rows_[change.directory()].total;
    }
  }

  void Take(const v1::RunEvent& event) {
    if (event.has_outcome()) TakeOutcome(event.outcome());
  }

 private:
  struct Row {
    int64_t total = 0;
    int64_t done = 0;
    int64_t verified = 0;
  };

  void TakeOutcome(const v1::Outcome& outcome) {
    const auto directory = directory_of_.find(outcome.change());
    if (directory == directory_of_.end()) return;
    Row& row = rows_[directory->second];
    bool& seen = seen_[outcome.change()];
    if (!seen) {
      seen = true;
      progress_.Advance(directory->second, Stage::kApplying, ++row.done, row.total);
    }
    if (outcome.verified()) {
      progress_.Advance(directory->second, Stage::kVerifying, std::min(++row.verified, row.total),
                        row.total);
    }
  }

  Progress& progress_;
  std::map<std::string, std::string> directory_of_;  // by change
  std::map<std::string, bool> seen_;                 // by change
  std::map<std::string, Row> rows_;
};

}  // namespace

std::string WithoutCollection(const std::string& name) {
  for (const absl::string_view collection : {"plans/", "runs/"}) {
    absl::string_view id = name;
    if (absl::ConsumePrefix(&id, collection) && IsId(collection[0], id)) return std::string(id);
  }
  return name;
}

absl::StatusOr<v1::Plan> MakePlanOnServer(const v1::CreatePlanRequest& request,
                                          RemoteSession& session, Console& console) {
  ReconcilerClient& agent = session.agent();
  ASSIGN_OR_RETURN(v1::Plan plan, agent.CreatePlan(request, session.context()));
  console.Note(absl::StrCat("The agent at ", agent.server(), " makes plan ", plan.id(), "."));
  absl::Duration pause = kFirstLook;
  while (plan.state() == v1::Plan::PLANNING) {
    const absl::Status slept =
        session.runtime().SleepUntil(session.runtime().Now() + pause, session.context());
    if (!slept.ok()) {
      return WithExitCode(ExitCode::kPartial, absl::CancelledError(absl::StrCat(
                                                  "stopped waiting; the agent goes on making it: ",
                                                  session.command(), " plans show ", plan.id())));
    }
    pause = std::min(pause * 2, kLongestLook);
    ASSIGN_OR_RETURN(plan, agent.GetPlan(plan.id(), session.context()));
  }
  if (plan.state() == v1::Plan::FAILED) return WhyNotMade(plan);
  return agent.LoadPlan(plan.id(), session.context());
}

absl::StatusOr<v1::Plan> FindPlanOnServer(const std::string& argument, RemoteSession& session) {
  ASSIGN_OR_RETURN(const NamedPlan named, NamePlan(argument));
  absl::StatusOr<v1::Plan> plan = session.agent().LoadPlan(named.id, session.context());
  if (!named.is_file) return plan;
  if (absl::IsNotFound(plan.status())) {
    return Refuse(ExitCode::kStale,
                  absl::StrCat(argument, " holds plan ", named.id, ", which the agent at ",
                               session.agent().server(), " did not make: a plan applies only on ",
                               "its own state; make a new plan"));
  }
  RETURN_IF_ERROR(plan.status());
  RETURN_IF_ERROR(CheckFile(argument, *plan));
  return plan;
}

absl::StatusOr<ExitCode> FollowRun(const std::string& run, const v1::Plan& plan, bool all,
                                   OnStop on_stop, RemoteSession& session, Console& console) {
  ReconcilerClient& agent = session.agent();
  Follower follower(plan, session.progress());
  const auto take = [&follower](const v1::RunEvent& event) {
    follower.Take(event);
    return true;
  };
  absl::Status watched = agent.WatchRun(run, take, session.context());
  session.progress().Clear();
  if (absl::IsCancelled(watched) && session.context().stopped()) {
    if (on_stop == OnStop::kLeave) {
      return WithExitCode(
          ExitCode::kPartial,
          absl::CancelledError(absl::StrCat("stopped watching; run ", run,
                                            " goes on: ", session.command(), " runs watch ", run)));
    }
    // Whoever stops an apply has seen something that must not go on.
    RETURN_IF_ERROR(agent.CancelRun(run, "stopped by who began it", {}).status());
    watched = agent.WatchRun(run, [](const v1::RunEvent&) { return true; }, {});
  }
  RETURN_IF_ERROR(watched);
  ASSIGN_OR_RETURN(const v1::Run ended, agent.LoadRun(run, {}));
  const Plan domain_plan = FromResource(plan);
  const RunRecord record = FromResource(ended);
  console.Print(RunDocument(record, domain_plan, session.view(all)), ended);
  return Decide(FactsOfApply(domain_plan, RunExitCode(record)));
}

}  // namespace rollcall
