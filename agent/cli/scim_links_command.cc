// `rollcall scim-links`: the links between an organisation's accounts and the SCIM records that own
// them: lists and repairs them, step by step. Somebody at a command line does that; nothing here
// can be scheduled, planned or called from elsewhere.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "agent/cli/command_line.h"
#include "agent/repair/repair_document.h"
#include "agent/repair/repair_work.h"
#include "agent/repair/scim_ids.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct RepairFlags {
  std::string account;  // or the query, or the old address
  std::string new_email;
  std::string record;
  std::string reason;
  std::string directory;
  bool apply = false;
  bool yes = false;
};

absl::StatusOr<std::string> FindOrganisation(const RepairFlags& flags, const Spec& spec) {
  std::vector<std::string> found;
  for (const DirectorySpec& directory : spec.directories) {
    if (directory.kind != DirectoryKind::kAtlassianAdmin) continue;
    if (directory.id == flags.directory) return directory.id;
    found.push_back(directory.id);
  }
  if (!flags.directory.empty()) {
    return Refuse(
        ExitCode::kUsage,
        absl::StrCat(flags.directory, " is no directory of kind atlassian_admin; ",
                     found.empty() ? "there is none" : "there is: ", absl::StrJoin(found, ", ")));
  }
  if (found.size() == 1) return found[0];
  return Refuse(
      ExitCode::kUsage,
      found.empty()
          ? std::string("links of SCIM records are the organisation's, and the configuration has "
                        "no directory of kind atlassian_admin; add one")
          : absl::StrCat("there are several organisations; name one with --directory: ",
                         absl::StrJoin(found, ", ")));
}

absl::Status CheckRepairFlags(const RepairFlags& flags, const CommandLine& line) {
  if (flags.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Refuse(ExitCode::kUsage, "--reason needs a text that says why");
  }
  if (flags.apply && !flags.yes && !line.console.CanAsk()) {
    return Refuse(ExitCode::kUsage,
                  "there is no terminal to ask on before each step; --yes says that every step is "
                  "to be done. Nothing was changed");
  }
  return absl::OkStatus();
}

absl::Status CheckAccountId(const std::string& account, const Session& session) {
  if (account.find('@') == std::string::npos) return absl::OkStatus();
  return Refuse(ExitCode::kUsage,
                absl::StrCat("name the account by its id, for a repair must mean one account: `",
                             session.command(), " scim-links list ", account, "` shows it"));
}

absl::StatusOr<ScimLink> ParseRecord(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() == 2 && !parts[0].empty() && !parts[1].empty()) {
    return ScimLink{parts[0], parts[1], ""};
  }
  return Refuse(ExitCode::kUsage,
                absl::StrCat("--record ", text,
                             " is not SCIMDIRECTORY/SCIMUSER, as `rollcall scim-links list` shows "
                             "records"));
}

// What all of these work with.
struct Bench {
  std::unique_ptr<Session> session;
  std::unique_ptr<Planning> planning;
  std::unique_ptr<RepairWork> work;
};

absl::StatusOr<Bench> SetUpRepair(const RepairFlags& flags, CommandLine& line) {
  Bench bench;
  ASSIGN_OR_RETURN(bench.session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  Session& session = *bench.session;
  ASSIGN_OR_RETURN(const std::string organisation, FindOrganisation(flags, session.spec()));
  bench.planning = std::make_unique<Planning>(session.planning());
  bench.work = std::make_unique<RepairWork>(
      RepairPorts{.spec = session.spec(),
                  .store = session.store(),
                  .runtime = session.runtime(),
                  .planning = *bench.planning,
                  .links = *session.wiring().scim_links().at(organisation),
                  .organisation = organisation,
                  .readers = session.wiring().readers(),
                  .scim_ids = ScimIdsOf(session.config().proto),
                  .read_export = [&session] {
                    return session.ReadExport(std::nullopt, Session::Keep::kNeeded);
                  }});
  return bench;
}

ExitCode ShowRepair(const RepairView& view, ExitCode code, Session& session, Console& console) {
  session.progress().Clear();
  console.Print(RepairDocument(view), ToResource(view, code));
  return code;
}

// Asked about, done, and seen; what became of it stands in the step.
absl::StatusOr<ExitCode> DoStep(const RepairFlags& flags, size_t number, RepairStep& step,
                                Bench& bench, Console& console) {
  if (!step.IsSent()) return ExitCode::kPending;  // somebody's hands are next
  bench.session->progress().Clear();
  if (!flags.yes) {
    console.ShowAside(StepDocument(step, number));
    step.declined = !console.Confirm(absl::StrCat("\nDo step ", number, "?"));
    if (step.declined) return ExitCode::kPending;
  }
  RETURN_IF_ERROR(bench.work->Do(step, flags.reason, bench.session->context()));
  console.Note(absl::StrCat("Step ", number, ": ", step.message, "."));
  return step.outcome == RepairOutcome::kDone ? ExitCode::kInStep : ExitCode::kPartial;
}

absl::StatusOr<ExitCode> CarrySteps(const RepairFlags& flags, RepairView& view, Bench& bench,
                                    Console& console) {
  Session& session = *bench.session;
  for (size_t i = 0; flags.apply && i < view.steps.size(); ++i) {
    const absl::StatusOr<ExitCode> code = DoStep(flags, i + 1, view.steps[i], bench, console);
    if (!code.ok()) {
      ShowRepair(view, ExitCodeOf(code.status()), session, console);
      return code.status();
    }
    if (*code != ExitCode::kInStep) return ShowRepair(view, *code, session, console);
  }
  const bool open = !flags.apply && !view.steps.empty();
  return ShowRepair(view, open ? ExitCode::kPending : ExitCode::kInStep, session, console);
}

using LookFunction = std::function<absl::StatusOr<RepairView>(Bench& bench)>;

absl::StatusOr<ExitCode> Repair(const RepairFlags& flags, CommandLine& line,
                                const LookFunction& look) {
  RETURN_IF_ERROR(CheckRepairFlags(flags, line));
  ASSIGN_OR_RETURN(Bench bench, SetUpRepair(flags, line));
  if (flags.apply) {
    RETURN_IF_ERROR(bench.work->SettleInterrupted(bench.session->context()));
  }
  ASSIGN_OR_RETURN(RepairView view, look(bench));
  return CarrySteps(flags, view, bench, line.console);
}

absl::StatusOr<ExitCode> RunList(const RepairFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const Bench bench, SetUpRepair(flags, line));
  ASSIGN_OR_RETURN(const RepairView view,
                   bench.work->List(flags.account, bench.session->context()));
  return ShowRepair(view, ExitCode::kInStep, *bench.session, line.console);
}

absl::StatusOr<ExitCode> RunUnlink(const RepairFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const ScimLink link, ParseRecord(flags.record));
  return Repair(flags, line, [&](Bench& bench) -> absl::StatusOr<RepairView> {
    RETURN_IF_ERROR(CheckAccountId(flags.account, *bench.session));
    return bench.work->LookToUnlink(flags.account, link, bench.session->context());
  });
}

absl::StatusOr<ExitCode> RunDelete(const RepairFlags& flags, CommandLine& line) {
  return Repair(flags, line, [&](Bench& bench) -> absl::StatusOr<RepairView> {
    RETURN_IF_ERROR(CheckAccountId(flags.account, *bench.session));
    return bench.work->LookToDelete(flags.account, bench.session->context());
  });
}

absl::StatusOr<ExitCode> RunRepairEmail(const RepairFlags& flags, CommandLine& line) {
  const bool addresses = flags.account.find('@') != std::string::npos &&
                         flags.new_email.find('@') != std::string::npos &&
                         !FoldedEquals(flags.account, flags.new_email);
  if (!addresses) {
    return Refuse(ExitCode::kUsage, "repair-email needs two e-mail addresses that differ");
  }
  return Repair(flags, line, [&](Bench& bench) {
    return bench.work->LookAtEmailChange(flags.account, flags.new_email, bench.session->context());
  });
}

absl::StatusOr<ExitCode> RunHistory(CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  ASSIGN_OR_RETURN(const std::vector<RepairRecord> repairs, session->store().repairs().List());
  line.console.Print(RepairHistoryDocument(repairs), ToResource(repairs));
  return ExitCode::kInStep;
}

using SharedRepairFlags = std::shared_ptr<RepairFlags>;
using RepairRunner = absl::StatusOr<ExitCode> (*)(const RepairFlags&, CommandLine&);

CLI::App* DeclareRepair(CLI::App& group, CommandLine& line, const SharedRepairFlags& flags,
                        const char* name, const char* help, RepairRunner run) {
  CLI::App* command = group.add_subcommand(name, help);
  command
      ->add_option("--directory", flags->directory,
                   "Which organisation, where there are several: its id in the configuration")
      ->type_name("ID");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->callback(
      [flags, run, &line] { line.chosen = [flags, run, &line] { return run(*flags, line); }; });
  return command;
}

void AddApplying(CLI::App& command, const SharedRepairFlags& flags) {
  command.add_option("--reason", flags->reason, "Why; kept with the repair")
      ->required()
      ->type_name("TEXT");
  command.add_flag("--apply", flags->apply, "Do it, asking before each step; else it only shows");
  command.add_flag("--yes", flags->yes, "Do not ask");
}

constexpr char kRepairExitCodes[] =
    "\n\nExit codes: 0 nothing is to repair, or all steps are seen to have worked, 1 refused, 2 "
    "steps\nare open, 3 the account is protected, 4 a step is not seen to have worked, 5 it "
    "changed "
    "since it\nwas shown, 6 something could not be read, 7 usage.";

void AddEachRepair(CLI::App& group, CommandLine& line) {
  auto unlink = std::make_shared<RepairFlags>();
  CLI::App* command =
      DeclareRepair(group, line, unlink, "unlink",
                    "Unlinks one SCIM record from an account; both stay", RunUnlink);
  command->add_option("ACCOUNT", unlink->account, "The Atlassian account's id")->required();
  command->add_option("--record", unlink->record, "SCIMDIRECTORY/SCIMUSER, as `list` shows it")
      ->required();
  AddApplying(*command, unlink);
  command->footer(
      absl::StrCat("Example:\n  rollcall scim-links unlink 712020:aaaa-bbbb --record "
                   "9f…/247b… --reason \"ticket 17\" --apply",
                   kRepairExitCodes));
  auto removal = std::make_shared<RepairFlags>();
  command = DeclareRepair(group, line, removal, "delete-record",
                          "Deletes the SCIM records of an account, in every SCIM directory, for "
                          "good; the account stays",
                          RunDelete);
  command->add_option("ACCOUNT", removal->account, "The Atlassian account's id")->required();
  AddApplying(*command, removal);
  command->footer(
      absl::StrCat("Example:\n  rollcall scim-links delete-record 712020:aaaa-bbbb "
                   "--reason \"ticket 18: left over\"",
                   kRepairExitCodes));
  auto email = std::make_shared<RepairFlags>();
  command =
      DeclareRepair(group, line, email, "repair-email",
                    "Leads through the repair of an e-mail change that got stuck", RunRepairEmail);
  command->add_option("OLD_EMAIL", email->account, "The address before")->required();
  command->add_option("NEW_EMAIL", email->new_email, "The address that it should be")->required();
  AddApplying(*command, email);
  command->footer(
      absl::StrCat("Example:\n  rollcall scim-links repair-email ada@example.com "
                   "ada.lovelace@example.com --reason \"ticket 19\"",
                   kRepairExitCodes));
}

}  // namespace

void AddScimLinks(CLI::App& app, CommandLine& line) {
  CLI::App* group = app.add_subcommand(
      "scim-links", "Lists and repairs which SCIM records own which accounts of the organisation");
  group->require_subcommand(1);
  group->footer(
      "Example:\n  rollcall scim-links list ada@example.com\n  rollcall scim-links history");
  auto list = std::make_shared<RepairFlags>();
  CLI::App* command = DeclareRepair(*group, line, list, "list",
                                    "Lists the SCIM records of an account or an address", RunList);
  command->add_option("ACCOUNT_OR_EMAIL", list->account, "An account's id, or an e-mail address")
      ->required();
  command->footer("Example:\n  rollcall scim-links list ada@example.com");
  AddEachRepair(*group, line);
  CLI::App* history = group->add_subcommand("history", "Lists the repairs that were begun");
  AddFormat(*history, line.console, {"text", "json", "markdown", "html"});
  history->footer("Example:\n  rollcall scim-links history");
  history->callback([&line] { line.chosen = [&line] { return RunHistory(line); }; });
}

}  // namespace rollcall
