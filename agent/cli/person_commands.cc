// `rollcall deactivate` and `rollcall activate`: one person, in every directory, now. The hold is
// recorded before anything is done, so that no later plan undoes it, even if applying fails.
#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/cli/command_line.h"
#include "agent/cli/person_lookup.h"
#include "agent/cli/until.h"
#include "agent/render/person_document.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/render/wording.h"
#include "agent/runs/refusal.h"
#include "reconciler/apply/run_result.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct Flags {
  Hold::Kind kind = Hold::Kind::kDeactivated;
  std::string email;
  std::string reason;
  std::string until;
  bool no_export = false;
};

constexpr char kWithoutExport[] = " (without the export)";

bool IsOf(const Hold& hold, const Hold& person) {
  return person.person.empty() ? FoldedEquals(hold.email, person.email)
                               : hold.person == person.person;
}

// Records the hold unless the same one is in force already. Never piles up when repeated.
absl::Status RecordHold(const Hold& hold, Session& session, Console& console) {
  const absl::Time now = session.runtime().Now();
  ASSIGN_OR_RETURN(const std::vector<Hold> in_force, session.store().holds().InForce(now));
  for (const Hold& other : in_force) {
    if (!IsOf(other, hold)) continue;
    if (other.kind != hold.kind && hold.kind == Hold::Kind::kActivated) {
      return Refuse(ExitCode::kFailure,
                    absl::StrCat("hold ", other.id, " keeps ", hold.email, " out (", other.reason,
                                 "), and what keeps out wins; end it first: ", session.command(),
                                 " holds end ", other.id));
    }
    if (other.kind == hold.kind && other.until == hold.until) {
      console.Note(absl::StrCat("Hold ", other.id, " says so already."));
      return absl::OkStatus();
    }
  }
  ASSIGN_OR_RETURN(const int64_t id, session.store().holds().Add(hold));
  console.Note(absl::StrCat(
      "Recorded hold ", id, ": ", hold.email,
      hold.person.empty() || hold.person == hold.email ? ""
                                                       : absl::StrCat(" (id ", hold.person, ")"),
      hold.kind == Hold::Kind::kDeactivated ? " stays out" : " stays in",
      hold.until.has_value() ? absl::StrCat(" until ", Stamp(*hold.until)) : " until it is ended",
      ". To end it: ", session.command(), " holds end ", id));
  return absl::OkStatus();
}

absl::StatusOr<Hold> MakeHold(const Flags& flags, Session& session) {
  Hold hold;
  hold.kind = flags.kind;
  hold.email = flags.email;
  hold.reason = flags.reason;
  hold.created = session.runtime().Now();
  if (flags.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Refuse(ExitCode::kUsage, "--reason needs a text that says why");
  }
  if (!flags.until.empty()) {
    ASSIGN_OR_RETURN(hold.until, ParseUntil(flags.until, hold.created));
  }
  return hold;
}

// `protected` and `self` stop a command that names the person (PRODUCT.md section 5): it must not
// look as if it had done its work. True: something was left out.
bool NoteWhatIsWithheld(const Plan& plan, Console& console) {
  bool withheld = false;
  for (const Finding& finding : plan.findings) {
    const bool stops = finding.name == "protected" || finding.name == "self";
    if (!stops || finding.severity != Severity::kWithholding) continue;
    withheld = true;
    console.Warn(absl::StrCat(finding.name, ": ", finding.message, "; ", finding.cure));
  }
  return withheld;
}

// A mistyped name must not look like a leaver who is out.
bool KnowsNobody(const Hold& hold, const Plan& plan) {
  return hold.person.empty() && plan.changes.empty() && plan.unreadable.empty() &&
         std::none_of(plan.findings.begin(), plan.findings.end(),
                      [](const Finding& finding) { return finding.name == "held"; });
}

// What was done, where that must be told in a sentence.
struct Done {
  size_t changes = 0;
  size_t held = 0;  // of them, seen to hold
};

// What is left of an account beside its state, as far as its directory tells.
void AddAccessLeft(Session& session, std::vector<PersonPlace>& places) {
  const std::map<std::string, DirectoryReader*> readers = session.wiring().readers();
  for (PersonPlace& place : places) {
    if (place.account.empty()) continue;
    const absl::StatusOr<std::vector<std::string>> left =
        readers.at(place.directory)->AccessLeft(place.account, session.context());
    if (!left.ok()) {
      place.left.push_back(absl::StrCat("what else is left could not be read: ",
                                        std::string(left.status().message())));
      continue;
    }
    place.left.insert(place.left.end(), left->begin(), left->end());
  }
}

// The plan or the run, and then the person: where access is gone, and what is left.
void AddPerson(const Planned& planned, AccountState goal, const RunRecord* run, Session& session,
               Document& document) {
  if (!planned.person.has_value()) return;
  std::vector<PersonPlace> places = PlacesOf(*planned.person, goal, planned.plan, run);
  AddAccessLeft(session, places);
  const std::vector<ExplainedPerson>& rows = planned.person->people;
  const std::string& called = rows.empty() ? planned.person->query : rows.front().user_name;
  std::vector<Block> blocks = PlaceBlocks(places, called.empty() ? rows.front().id : called);
  // Before everything that is about plans and runs: this is what was asked for.
  const auto first =
      std::find_if(document.blocks.begin(), document.blocks.end(),
                   [](const Block& block) { return std::holds_alternative<Heading>(block); });
  document.blocks.insert(first, std::make_move_iterator(blocks.begin()),
                         std::make_move_iterator(blocks.end()));
}

absl::StatusOr<ExitCode> Apply(const Planned& planned, AccountState goal, Session& session,
                               Console& console, Done& done) {
  const Plan& plan = planned.plan;
  if (planned.person.has_value()) {
    for (const std::string& line : RouteLines(PlacesOf(*planned.person, goal, plan, nullptr))) {
      console.Note(line);
    }
  }
  Applying applying = session.applying(nullptr);
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(plan.id, {}));
  if (ready.nothing_to_do()) {
    Document document = PlanDocument(plan, session.view(true));
    AddPerson(planned, goal, nullptr, session, document);
    console.Print(document, ToResource(plan));
    ExitFacts facts = FactsOfApply(plan, 0);
    facts.guard_blocks = NoteWhatIsWithheld(plan, console);
    return Decide(facts);
  }
  ASSIGN_OR_RETURN(const RunRecord run, applying.Execute(ready, session.context()));
  session.progress().Clear();
  done.changes = ready.plan.changes.size();
  for (const auto& [change, outcome] : run.outcomes) done.held += Holds(outcome) ? 1 : 0;
  Document document = RunDocument(run, ready.plan, session.view(true));
  AddPerson(planned, goal, &run, session, document);
  console.Print(document, ToResource(run, ready.plan));
  ExitFacts facts = FactsOfApply(ready.plan, RunExitCode(run));
  if (NoteWhatIsWithheld(ready.plan, console)) facts.partial = true;
  return Decide(facts);
}

// A broken file must not keep anybody in: what recorded links prove is enough to deactivate.
// `found_code`: what was done, while nobody looked at the export.
absl::Status DeactivateByLinks(const Hold& by_name, Session& session, Console& console,
                               ExitCode* found_code) {
  console.Note("Going by recorded links alone.");
  RETURN_IF_ERROR(MarkInterruptedRuns(session.store(), session.runtime().Now()));
  const auto record = [&](const std::string& person) {
    Hold by_id = by_name;
    by_id.person = person;
    return RecordHold(by_id, session, console);
  };
  ASSIGN_OR_RETURN(const Planning::FromLinks made,
                   session.planning().MakeFromLinks(by_name.email, record, session.context()));
  session.progress().Clear();
  const Plan& plan = made.planned.plan;
  Done done;
  if (plan.state == PlanState::kBlocked) {
    console.Print(PlanDocument(plan, session.view(true)), ToResource(plan));
    *found_code = Decide(FactsOfPlan(plan));
  } else {
    ASSIGN_OR_RETURN(*found_code,
                     Apply(made.planned, AccountState::kInactive, session, console, done));
  }
  console.Note(absl::StrCat(
      "The export was not read. By recorded links, ", CountOf(plan.changes.size(), "change"),
      " followed for ", made.person, ", of which ", done.held, " hold", done.held == 1 ? "s" : "",
      ". Not looked at: the export's row, groups, and accounts without a recorded link",
      made.unproven.empty() ? "" : absl::StrCat(" (", absl::StrJoin(made.unproven, ", "), ")"),
      ". As soon as the export can be read, run the same command again."));
  return absl::OkStatus();
}

// An account by its id, alone or as "directory/account": the person to whom a recorded link ties
// it; nullopt where it is no account that a link knows.
absl::StatusOr<std::optional<std::string>> PersonOfAccount(const std::string& query,
                                                           Session& session) {
  ASSIGN_OR_RETURN(const std::vector<RecordedLink> links, session.store().links().List());
  std::set<std::string> people;
  for (const RecordedLink& link : links) {
    const bool named =
        link.account == query || absl::StrCat(link.directory, "/", link.account) == query;
    if (named && !link.severed) people.insert(link.person);
  }
  if (people.size() > 1) {
    return Refuse(ExitCode::kUsage,
                  absl::StrCat("accounts of ", people.size(), " people are called ", query,
                               "; name the one by the stable id, or as DIRECTORY/ACCOUNT"));
  }
  if (people.empty()) return std::optional<std::string>();
  return std::optional<std::string>(*people.begin());
}

absl::StatusOr<ExitCode> DeactivateWithoutExport(const Flags& flags, Hold hold, Session& session,
                                                 Console& console) {
  hold.reason += kWithoutExport;
  ASSIGN_OR_RETURN(const std::optional<std::string> person, PersonOfAccount(flags.email, session));
  if (person.has_value()) hold.email = *person;
  RETURN_IF_ERROR(RecordHold(hold, session, console));
  ExitCode code = ExitCode::kFailure;
  RETURN_IF_ERROR(DeactivateByLinks(hold, session, console, &code));
  return code;
}

absl::StatusOr<ExitCode> Run(const Flags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  ASSIGN_OR_RETURN(Hold hold, MakeHold(flags, *session));
  if (flags.no_export) {
    return DeactivateWithoutExport(flags, std::move(hold), *session, line.console);
  }
  const absl::StatusOr<Export> exported = session->ReadExport(std::nullopt, Session::Keep::kNeeded);
  PlanRequest request;
  request.only_person = flags.email;
  if (exported.ok()) {
    ASSIGN_OR_RETURN(std::optional<PersonIndex> person, FindPerson(*exported, flags.email));
    if (!person.has_value()) {
      ASSIGN_OR_RETURN(const std::optional<std::string> linked,
                       PersonOfAccount(flags.email, *session));
      if (linked.has_value()) {
        ASSIGN_OR_RETURN(person, FindPerson(*exported, *linked));
        request.only_person = *linked;
        hold.person = person.has_value() ? "" : *linked;
      }
    }
    if (person.has_value()) {
      hold.person = std::string(exported->people[*person].id);
      request.only_person = hold.person;
    } else if (hold.person.empty()) {
      line.console.Warn(absl::StrCat("the export does not know ", flags.email,
                                     "; accounts of that name or e-mail are meant"));
    }
  }
  RETURN_IF_ERROR(RecordHold(hold, *session, line.console));
  if (!exported.ok() && hold.kind == Hold::Kind::kDeactivated) {
    if (ExitCodeOf(exported.status()) != ExitCode::kUnreadable) return exported.status();
    line.console.Warn(exported.status().message());
    ExitCode code = ExitCode::kFailure;
    RETURN_IF_ERROR(DeactivateByLinks(hold, *session, line.console, &code));
    return ExitCode::kUnreadable;  // whatever was done: nobody looked at the export
  }
  RETURN_IF_ERROR(exported.status());
  RETURN_IF_ERROR(MarkInterruptedRuns(session->store(), session->runtime().Now()));
  ASSIGN_OR_RETURN(const Planned planned,
                   session->planning().Make(*exported, request, session->context()));
  session->progress().Clear();
  if (planned.plan.state == PlanState::kBlocked) {
    line.console.Print(PlanDocument(planned.plan, session->view(true)), ToResource(planned.plan));
    return Decide(FactsOfPlan(planned.plan));
  }
  if (KnowsNobody(hold, planned.plan)) {
    return Refuse(ExitCode::kFailure,
                  absl::StrCat("nobody was found: the export does not know ", flags.email,
                               ", and no linked or managed account bears that name or e-mail, so "
                               "nothing was changed. `",
                               session->command(), " explain ", flags.email,
                               "` shows more; the hold stays until it is ended"));
  }
  Done done;
  const AccountState goal =
      hold.kind == Hold::Kind::kDeactivated ? AccountState::kInactive : AccountState::kActive;
  return Apply(planned, goal, *session, line.console, done);
}

CLI::App* Declare(CLI::App& app, CommandLine& line, const std::shared_ptr<Flags>& flags,
                  const std::string& name, const std::string& help) {
  CLI::App* command = app.add_subcommand(name, help);
  command
      ->add_option("EMAIL", flags->email,
                   "The person: e-mail, user name, stable id, or an account's id")
      ->required();
  command->add_option("--reason", flags->reason, "Why; kept with the hold")
      ->required()
      ->type_name("TEXT");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->callback([flags, &line] { line.chosen = [flags, &line] { return Run(*flags, line); }; });
  return command;
}

}  // namespace

void AddDeactivateAndActivate(CLI::App& app, CommandLine& line) {
  auto out = std::make_shared<Flags>();
  CLI::App* deactivate =
      Declare(app, line, out, "deactivate",
              "Deactivates one person in every directory, now, and holds it against the export");
  deactivate
      ->add_option("--until", out->until, "When the hold ends; default: when it is ended by hand")
      ->check(NotEmpty())
      ->type_name("TIME");
  deactivate->add_flag("--no-export", out->no_export,
                       "For an emergency without the identity provider: goes by recorded links "
                       "alone; recorded as such");
  deactivate->footer(
      "Example:\n  rollcall deactivate ada@example.com --reason \"ticket 17: laptop stolen\"");
  auto in = std::make_shared<Flags>();
  in->kind = Hold::Kind::kActivated;
  CLI::App* activate = Declare(app, line, in, "activate",
                               "Activates one person in every directory, now, for some time");
  activate->add_option("--until", in->until, "When the exception ends")
      ->required()
      ->type_name("TIME");
  activate->footer(
      "Example:\n  rollcall activate ada@example.com --until 7d --reason \"ticket 18: handover\"");
}

}  // namespace rollcall
