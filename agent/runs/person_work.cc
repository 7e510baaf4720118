#include "agent/runs/person_work.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/wording.h"
#include "agent/runs/applying.h"
#include "agent/runs/exit_code.h"
#include "agent/runs/person_lookup.h"
#include "agent/runs/refusal.h"
#include "agent/store/run_lock.h"
#include "reconciler/apply/run_result.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kWithoutExport[] = " (without the export)";

bool IsOf(const Hold& hold, const Hold& person) {
  return person.person.empty() ? FoldedEquals(hold.email, person.email)
                               : hold.person == person.person;
}

AccountState GoalOf(Hold::Kind kind) {
  return kind == Hold::Kind::kDeactivated ? AccountState::kInactive : AccountState::kActive;
}

absl::StatusOr<Hold> MakeHold(const PersonOrder& order, const Requester& requester,
                              absl::Time now) {
  if (order.person.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Refuse(ExitCode::kUsage, "nobody is named; give an e-mail, a user name or an id");
  }
  if (order.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Refuse(ExitCode::kUsage, "--reason needs a text that says why");
  }
  if (order.until.has_value() && *order.until <= now) {
    return Refuse(ExitCode::kUsage, absl::StrCat("the hold would end at ", Stamp(*order.until),
                                                 ", which is over; give a later end"));
  }
  if (order.kind == Hold::Kind::kActivated && !order.until.has_value()) {
    return Refuse(ExitCode::kUsage, "an activation needs an end");
  }
  Hold hold;
  hold.kind = order.kind;
  hold.email = order.person;
  hold.reason = order.reason;
  if (!requester.name.empty()) {
    absl::StrAppend(&hold.reason, " (asked for by ", requester.name, ")");
  }
  hold.created = now;
  hold.until = order.until;
  return hold;
}

// `protected` and `self` stop an order that names the person (PRODUCT.md section 5): it must not
// look as if it had done its work. True: something was left out.
bool AddWhatIsWithheld(const Plan& plan, PersonReport& report) {
  bool withheld = false;
  for (const Finding& finding : plan.findings) {
    const bool stops = finding.name == "protected" || finding.name == "self";
    if (!stops || finding.severity != Severity::kWithholding) continue;
    withheld = true;
    report.warnings.push_back(
        absl::StrCat(finding.name, ": ", finding.message, "; ", finding.cure));
  }
  return withheld;
}

// A mistyped name must not look like a leaver who is out.
bool KnowsNobody(const Hold& hold, const Plan& plan) {
  return hold.person.empty() && plan.changes.empty() && plan.unreadable.empty() &&
         std::none_of(plan.findings.begin(), plan.findings.end(),
                      [](const Finding& finding) { return finding.name == "held"; });
}

ExitCode CodeOf(PersonReport& report) {
  const bool withheld = AddWhatIsWithheld(report.plan, report);
  if (report.plan.state == PlanState::kBlocked) return Decide(FactsOfPlan(report.plan));
  ExitFacts facts =
      FactsOfApply(report.plan, report.run.has_value() ? RunExitCode(*report.run) : 0);
  if (withheld) (report.run.has_value() ? facts.partial : facts.guard_blocks) = true;
  return Decide(facts);
}

size_t HeldOf(const PersonReport& report) {
  size_t held = 0;
  if (!report.run.has_value()) return held;
  for (const auto& [change, outcome] : report.run->outcomes) held += Holds(outcome) ? 1 : 0;
  return held;
}

}  // namespace

absl::StatusOr<PersonReport> PersonWork::Do(const PersonOrder& order, PersonTeller& teller,
                                            const CallContext& context) {
  ASSIGN_OR_RETURN(Hold hold, MakeHold(order, ports_.requester, ports_.runtime.Now()));
  if (order.without_export) {
    if (order.kind != Hold::Kind::kDeactivated) {
      return Refuse(ExitCode::kUsage,
                    "nobody is activated without the export: only it says who may be");
    }
    hold.reason += kWithoutExport;
    return ByLinks(order, std::move(hold), teller, context);
  }
  const absl::StatusOr<Export> exported = ports_.read_export();
  if (exported.ok()) return ByExport(order, *exported, teller, context);
  if (order.kind != Hold::Kind::kDeactivated ||
      ExitCodeOf(exported.status()) != ExitCode::kUnreadable) {
    RETURN_IF_ERROR(RecordHold(hold, teller));
    return exported.status();
  }
  // A broken file must not keep anybody in: what recorded links prove is enough to deactivate.
  teller.Warn(exported.status().message());
  ASSIGN_OR_RETURN(PersonReport report, ByLinks(order, std::move(hold), teller, context));
  // Whatever was done: nobody looked at the export.
  report.exit_code = static_cast<int>(ExitCode::kUnreadable);
  return report;
}

absl::Status PersonWork::RecordHold(Hold& hold, PersonTeller& teller) {
  HoldStore& holds = ports_.store.holds();
  ASSIGN_OR_RETURN(const std::vector<Hold> in_force, holds.InForce(ports_.runtime.Now()));
  for (const Hold& other : in_force) {
    if (!IsOf(other, hold)) continue;
    if (other.kind != hold.kind && hold.kind == Hold::Kind::kActivated) {
      return Refuse(ExitCode::kFailure,
                    absl::StrCat("hold ", other.id, " keeps ", hold.email, " out, since \"",
                                 other.reason, "\", and what keeps out wins; end it first: ",
                                 ports_.command, " holds end ", other.id));
    }
    if (other.kind == hold.kind && other.until == hold.until) {
      hold.id = other.id;
      teller.Note(absl::StrCat("Hold ", other.id, " says so already."));
      return absl::OkStatus();
    }
  }
  ASSIGN_OR_RETURN(hold.id, holds.Add(hold));
  teller.Note(absl::StrCat(
      "Recorded hold ", hold.id, ": ", hold.email,
      hold.person.empty() || hold.person == hold.email ? ""
                                                       : absl::StrCat(" (id ", hold.person, ")"),
      hold.kind == Hold::Kind::kDeactivated ? " stays out" : " stays in",
      hold.until.has_value() ? absl::StrCat(" until ", Stamp(*hold.until)) : " until it is ended",
      ". To end it: ", ports_.command, " holds end ", hold.id));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> PersonWork::PersonOfAccount(const std::string& query) {
  ASSIGN_OR_RETURN(const std::vector<RecordedLink> links, ports_.store.links().List());
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

absl::StatusOr<PersonWork::Whom> PersonWork::FindOut(const PersonOrder& order,
                                                     const Export& exported, PersonTeller& teller) {
  ASSIGN_OR_RETURN(Hold hold, MakeHold(order, ports_.requester, ports_.runtime.Now()));
  Whom whom{std::move(hold), order.person};
  ASSIGN_OR_RETURN(std::optional<PersonIndex> person, FindPerson(exported, order.person));
  if (!person.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<std::string> linked, PersonOfAccount(order.person));
    if (linked.has_value()) {
      ASSIGN_OR_RETURN(person, FindPerson(exported, *linked));
      whom.query = *linked;
      whom.hold.person = person.has_value() ? "" : *linked;
    }
  }
  if (person.has_value()) {
    whom.hold.person = std::string(exported.people[*person].id);
    whom.query = whom.hold.person;
  } else if (whom.hold.person.empty()) {
    teller.Warn(absl::StrCat("the export does not know ", order.person,
                             "; accounts of that name or e-mail are meant"));
  }
  return whom;
}

absl::StatusOr<PersonReport> PersonWork::ByExport(const PersonOrder& order, const Export& exported,
                                                  PersonTeller& teller,
                                                  const CallContext& context) {
  ASSIGN_OR_RETURN(Whom whom, FindOut(order, exported, teller));
  RETURN_IF_ERROR(RecordHold(whom.hold, teller));
  PersonReport report;
  report.query = order.person;
  report.person = whom.hold.person;
  report.hold = whom.hold.id;
  const auto make = [&]() -> absl::StatusOr<Planned> {
    PlanRequest request;
    request.only_person = whom.query;
    request.requester = ports_.requester;
    ASSIGN_OR_RETURN(Planned planned, ports_.planning.Make(exported, request, context));
    if (planned.plan.state == PlanState::kBlocked || !KnowsNobody(whom.hold, planned.plan)) {
      return planned;
    }
    return WithExitCode(
        ExitCode::kFailure,
        absl::NotFoundError(absl::StrCat(
            "nobody was found: the export does not know ", order.person,
            ", and no linked or managed account bears that name or e-mail, so nothing was "
            "changed. `",
            ports_.command, " explain ", order.person,
            "` shows more; the hold stays until it is ended")));
  };
  RETURN_IF_ERROR(PlanAndApply(make, GoalOf(order.kind), report, teller, context));
  return report;
}

absl::StatusOr<PersonReport> PersonWork::ByLinks(const PersonOrder& order, Hold hold,
                                                 PersonTeller& teller, const CallContext& context) {
  ASSIGN_OR_RETURN(const std::optional<std::string> linked, PersonOfAccount(order.person));
  if (linked.has_value()) hold.email = *linked;
  RETURN_IF_ERROR(RecordHold(hold, teller));
  teller.Note("Going by recorded links alone.");
  PersonReport report;
  report.query = order.person;
  report.export_read = false;
  std::vector<std::string> unproven;
  const auto record = [&](const std::string& person) {
    Hold by_id = hold;  // that of before stays: it speaks for the name
    by_id.person = person;
    const absl::Status status = RecordHold(by_id, teller);
    report.hold = by_id.id;
    return status;
  };
  const auto make = [&]() -> absl::StatusOr<Planned> {
    PlanRequest request;
    request.only_person = hold.email;
    request.requester = ports_.requester;
    ASSIGN_OR_RETURN(Planning::FromLinks made,
                     ports_.planning.MakeFromLinks(request, record, context));
    report.person = made.person;
    unproven = std::move(made.unproven);
    return std::move(made.planned);
  };
  RETURN_IF_ERROR(PlanAndApply(make, AccountState::kInactive, report, teller, context));
  const size_t held = HeldOf(report);
  report.notes.push_back(absl::StrCat(
      "The export was not read. By recorded links, ",
      CountOf(static_cast<int64_t>(report.plan.changes.size()), "change"), " followed for ",
      report.person, ", of which ", held, " hold", held == 1 ? "s" : "",
      ". Not looked at: the export's row, groups, and accounts without a recorded link",
      unproven.empty() ? "" : absl::StrCat(" (", absl::StrJoin(unproven, ", "), ")"),
      ". As soon as the export can be read, run the same command again."));
  return report;
}

absl::Status PersonWork::PlanAndApply(const MakePlan& make, AccountState goal, PersonReport& report,
                                      PersonTeller& teller, const CallContext& context) {
  const absl::Time patience = ports_.runtime.Now() + kBusyPatience;
  report.goal = goal;
  int refused = 0;
  while (true) {
    RETURN_IF_ERROR(MarkInterruptedRuns(ports_.store, ports_.runtime.Now()));
    ASSIGN_OR_RETURN(Planned planned, make());
    report.plan = planned.plan;
    if (planned.person.has_value()) {
      report.label = CalledOf(*planned.person);
      for (const std::string& line :
           RouteLines(PlacesOf(*planned.person, goal, planned.plan, nullptr))) {
        teller.Note(line);
      }
    }
    if (planned.plan.state != PlanState::kBlocked) {
      absl::StatusOr<std::optional<RunRecord>> run = ports_.apply(planned.plan);
      if (!run.ok()) {
        if (!absl::IsFailedPrecondition(run.status()) || ++refused > kMostRefusals) {
          return run.status();
        }
        if (!IsFree(planned.plan)) {
          teller.Note(absl::StrCat("Another run is at work there; waiting for it, to plan anew (",
                                   run.status().message(), ")."));
          RETURN_IF_ERROR(AwaitTurn(planned.plan, patience, context));
        }
        if (ports_.runtime.Now() >= patience) return run.status();
        continue;
      }
      report.run = *std::move(run);
    }
    AddPlaces(planned, report, context);
    report.exit_code = static_cast<int>(CodeOf(report));
    return absl::OkStatus();
  }
}

bool PersonWork::IsFree(const Plan& plan) const {
  const std::vector<std::string> concerned =
      plan.changes.empty() ? plan.directories : TouchedDirectories(plan);
  return RunLock::Acquire(ports_.store.file(), "one person", concerned).ok();
}

absl::Status PersonWork::AwaitTurn(const Plan& plan, absl::Time until,
                                   const CallContext& context) const {
  while (!IsFree(plan) && ports_.runtime.Now() < until) {
    const absl::Time next = ports_.runtime.Now() + kBusyLook;
    RETURN_IF_ERROR(WithExitCode(ExitCode::kPartial, ports_.runtime.SleepUntil(next, context)));
  }
  return absl::OkStatus();
}

void PersonWork::AddPlaces(const Planned& planned, PersonReport& report,
                           const CallContext& context) {
  if (!planned.person.has_value()) return;
  const RunRecord* run = report.run.has_value() ? &*report.run : nullptr;
  report.places = PlacesOf(*planned.person, report.goal, planned.plan, run);
  // What is left of an account beside its state, as far as its directory tells.
  for (PersonPlace& place : report.places) {
    if (place.account.empty()) continue;
    const absl::StatusOr<std::vector<std::string>> left =
        ports_.readers.at(place.directory)->AccessLeft(place.account, context);
    if (left.ok()) {
      place.left.insert(place.left.end(), left->begin(), left->end());
    } else {
      place.left.push_back(
          absl::StrCat("what else is left could not be read: ", left.status().message()));
    }
  }
}

}  // namespace rollcall
