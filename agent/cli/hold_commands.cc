// `rollcall holds`: lists and ends exceptions for single people (rule H1).
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/cli/remote_session.h"
#include "agent/render/from_resources.h"
#include "agent/render/list_documents.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct HoldFlags {
  bool ended = false;
  int64_t id = 0;
};

absl::StatusOr<ExitCode> ListHolds(const HoldFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  const absl::Time now = session->runtime().Now();
  std::vector<Hold> holds;
  if (flags.ended) {
    ASSIGN_OR_RETURN(const std::vector<HoldRecord> all, session->store().holds().List());
    for (const HoldRecord& record : all) holds.push_back(AsItEnded(record));
  } else {
    ASSIGN_OR_RETURN(holds, session->store().holds().InForce(now));
  }
  line.console.Print(HoldsDocument(holds, now), ToResource(holds));
  return ExitCode::kInStep;
}

std::string EndedHold(int64_t id, const std::string& command) {
  return absl::StrCat("Ended hold ", id, ". The next plan follows the export again: ", command,
                      " plan");
}

absl::StatusOr<ExitCode> EndHold(const HoldFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  RETURN_IF_ERROR(session->store().holds().End(flags.id, session->runtime().Now()));
  line.console.Note(EndedHold(flags.id, session->command()));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ListHoldsOnServer(const HoldFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RemoteSession> session,
                   RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const v1::HoldList list,
                   session->agent().ListHolds(flags.ended, session->context()));
  std::vector<Hold> holds;
  for (const v1::Hold& hold : list.holds()) holds.push_back(FromResource(hold));
  line.console.Print(HoldsDocument(holds, session->runtime().Now()), list);
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> EndHoldOnServer(const HoldFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RemoteSession> session,
                   RemoteSession::Open(line.global, line.console));
  RETURN_IF_ERROR(session->agent().EndHold(flags.id, session->context()).status());
  line.console.Note(EndedHold(flags.id, session->command()));
  return ExitCode::kInStep;
}

}  // namespace

void AddHolds(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<HoldFlags>();
  CLI::App* command = app.add_subcommand(
      "holds", "Lists the exceptions for single people; `holds end ID` ends one");
  command->add_flag("--ended", flags->ended, "Those that are over, too");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->footer("Example:\n  rollcall holds\n  rollcall holds end 3");
  CLI::App* list = command->add_subcommand("list", "The same as `holds`");
  list->add_flag("--ended", flags->ended, "Those that are over, too");
  list->footer("Example:\n  rollcall holds list");
  CLI::App* end = command->add_subcommand("end", "Ends one");
  end->add_option("ID", flags->id, "Its number in the list")->required();
  end->footer("Example:\n  rollcall holds end 3");
  command->require_subcommand(0, 1);
  command->callback([flags, end, &line] {
    const bool ends = end->parsed();
    line.chosen = [flags, ends, &line] {
      return ends ? EndHold(*flags, line) : ListHolds(*flags, line);
    };
    line.chosen_remote = [flags, ends, &line] {
      return ends ? EndHoldOnServer(*flags, line) : ListHoldsOnServer(*flags, line);
    };
  });
}

}  // namespace rollcall
