// `rollcall apply`.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/cli/plan_file.h"
#include "agent/cli/plan_flags.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/render/wording.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status CheckFlags(const ApplyFlags& flags, const CommandLine& line) {
  if (flags.plan.empty() != flags.plan_now) {
    return Refuse(ExitCode::kUsage,
                  "say which plan to apply, its file or id, or --plan-now, and not both; "
                  "`rollcall plan` makes one");
  }
  if (flags.waive.size() != flags.reasons.size()) {
    return Refuse(
        ExitCode::kUsage,
        absl::StrCat("every --waive GUARD needs its own --reason TEXT, in the same order; "
                     "there are ",
                     flags.waive.size(), " and ", flags.reasons.size()));
  }
  if (flags.plan_now && !flags.waive.empty()) {
    return Refuse(ExitCode::kUsage,
                  "--plan-now cannot waive: a guard is waived on a saved plan that somebody has "
                  "read. Make one with `rollcall plan`");
  }
  if (flags.plan_now && !flags.yes && !line.console.CanAsk()) {
    return Refuse(ExitCode::kUsage,
                  "there is no terminal to ask on; --yes says that the plan is to be applied");
  }
  return absl::OkStatus();
}

FullVerification VerificationOf(const ApplyFlags& flags, Session& session) {
  if (flags.verify != "full") return nullptr;
  return [&session](const CallContext& context) -> absl::StatusOr<int64_t> {
    ASSIGN_OR_RETURN(const Export exported,
                     session.ReadExport(std::nullopt, Session::Keep::kNeeded));
    return session.planning().CountChanges(exported, {}, context);
  };
}

ExitCode ShowPlan(const Plan& plan, const ApplyFlags& flags, Session& session, Console& console,
                  const ExitFacts& facts) {
  console.Print(PlanDocument(plan, session.view(flags.all)), ToResource(plan));
  return Decide(facts);
}

absl::StatusOr<ExitCode> ApplyPrepared(const Preparation& ready, Applying& applying,
                                       const ApplyFlags& flags, Session& session,
                                       Console& console) {
  for (const std::string& warning : ready.warnings) console.Warn(warning);
  if (ready.nothing_to_do()) {
    return ShowPlan(ready.plan, flags, session, console, FactsOfApply(ready.plan, 0));
  }
  if (!flags.yes && !ready.resumed.has_value()) {
    ASSIGN_OR_RETURN(const bool agreed, Agreed(ready.plan, session.view(flags.all), console));
    if (!agreed) return Declined(ready.plan, console);
  }
  if (ready.resumed.has_value()) {
    console.Note(absl::StrCat("Going on with the interrupted run ", ready.resumed->id, "."));
  }
  ASSIGN_OR_RETURN(const RunRecord run, applying.Execute(ready, session.context()));
  session.progress().Clear();
  console.Print(RunDocument(run, ready.plan, session.view(flags.all)), ToResource(run, ready.plan));
  return Decide(FactsOfApply(ready.plan, RunExitCode(run)));
}

absl::StatusOr<ExitCode> PlanAndApply(const ApplyFlags& flags, Session& session, Console& console) {
  RETURN_IF_ERROR(MarkInterruptedRuns(session.store(), session.runtime().Now()));
  ASSIGN_OR_RETURN(const Export exported, session.ReadExport(std::nullopt, Session::Keep::kNeeded));
  ASSIGN_OR_RETURN(const Planned planned, session.planning().Make(exported, {}, session.context()));
  session.progress().Clear();
  if (planned.plan.state == PlanState::kBlocked) {
    return ShowPlan(planned.plan, flags, session, console, FactsOfPlan(planned.plan));
  }
  Applying applying = session.applying(VerificationOf(flags, session));
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(planned.plan.id, {}));
  return ApplyPrepared(ready, applying, flags, session, console);
}

absl::StatusOr<ExitCode> RunApply(const ApplyFlags& flags, CommandLine& line) {
  RETURN_IF_ERROR(CheckFlags(flags, line));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  if (flags.plan_now) return PlanAndApply(flags, *session, line.console);
  ASSIGN_OR_RETURN(const std::string id, FindPlan(flags.plan, session->store()));
  Applying applying = session->applying(VerificationOf(flags, *session));
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(id, flags.Waivers()));
  return ApplyPrepared(ready, applying, flags, *session, line.console);
}

}  // namespace

std::vector<Waiver> ApplyFlags::Waivers() const {
  std::vector<Waiver> waivers;
  for (size_t i = 0; i < waive.size(); ++i) waivers.push_back({waive[i], reasons[i]});
  return waivers;
}

absl::StatusOr<bool> Agreed(const Plan& plan, const ViewOptions& view, Console& console) {
  if (!console.CanAsk()) {
    return Refuse(ExitCode::kUsage,
                  absl::StrCat("plan ", plan.id, " can be applied, but there is no terminal ",
                               "to ask on; --yes says that it is to be applied"));
  }
  console.ShowAside(PlanDocument(plan, view));
  return console.Confirm(absl::StrCat("\nApply ", CountOf(Total(plan.counts), "change"), "?"));
}

ExitCode Declined(const Plan& plan, Console& console) {
  console.Note("Declined; nothing was changed.");
  ExitFacts facts = FactsOfPlan(plan);
  facts.pending = true;
  facts.guard_blocks = false;
  return Decide(facts);
}

void AddApply(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<ApplyFlags>();
  CLI::App* command = app.add_subcommand(
      "apply",
      "Applies a saved plan and verifies it; the same call again resumes what was "
      "interrupted");
  command->add_option("PLAN", flags->plan, "A plan's file or id");
  command->add_flag("--plan-now", flags->plan_now, "Make a plan now and apply that");
  AddRepeated(*command, "--waive", flags->waive,
              "Apply although this guard blocks; may be repeated")
      ->type_name("GUARD");
  AddRepeated(*command, "--reason", flags->reasons, "Why, once for each --waive")
      ->type_name("TEXT");
  command->add_flag("--yes", flags->yes, "Do not ask");
  command
      ->add_option("--verify", flags->verify,
                   "touched: read again what was touched; full: read everything again")
      ->check(CLI::IsMember({"touched", "full"}))
      ->capture_default_str();
  command->add_flag("--all", flags->all, "Show every outcome, not the first 50 of each");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->footer(
      "Example:\n  rollcall apply plan.json --waive first_run --reason \"read and agreed\"\n\nExit "
      "codes: 0 applied and verified, 1 failure, 2 declined, 3 a guard blocks, 4 applied in\npart, "
      "5 the plan is stale, 6 something could not be read, 7 usage.");
  command->callback([flags, &line] {
    line.chosen = [flags, &line] { return RunApply(*flags, line); };
    line.chosen_remote = [flags, &line]() -> absl::StatusOr<ExitCode> {
      RETURN_IF_ERROR(CheckFlags(*flags, line));
      return ApplyOnServer(*flags, line);
    };
  });
}

}  // namespace rollcall
