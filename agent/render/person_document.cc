#include "agent/render/person_document.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/from_resources.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/render/wording.h"
#include "reconciler/apply/run_result.h"

namespace rollcall {
namespace {

bool GivesAccess(AccountState state) {
  return state == AccountState::kActive || state == AccountState::kPartlyActive;
}

// The change that moves an account, and whether it is the account's own.
struct Mover {
  const Change* change = nullptr;
  bool own = false;
};

Mover FindMover(const Plan& plan, const std::string& directory, const std::string& account) {
  for (const Change& change : plan.changes) {
    if (IsMembership(change.action)) continue;
    if (change.directory == directory && change.account == account) return {&change, true};
    for (const Effect& effect : change.effects) {
      if (!IsMembership(effect.action) && effect.directory == directory &&
          effect.account == account) {
        return {&change, false};
      }
    }
  }
  return {};
}

// Why nothing is done about an account that is not as it should be: what a finding says of it.
std::string WhyNot(const Plan& plan, const std::string& directory, const std::string& account,
                   const std::string& person) {
  const std::string subject = absl::StrCat(directory, "/", account);
  for (const Finding& finding : plan.findings) {
    if (finding.directory != directory && !finding.directory.empty()) continue;
    const bool named =
        std::any_of(finding.subjects.begin(), finding.subjects.end(), [&](const std::string& one) {
          return one == subject || (!person.empty() && one == person);
        });
    if (named && finding.name != "held") return absl::StrCat("not changed: ", finding.name);
  }
  return "not changed";
}

const Outcome* OutcomeOf(const RunRecord* run, const Change& change) {
  if (run == nullptr) return nullptr;
  const auto found = run->outcomes.find(change.id);
  return found == run->outcomes.end() ? nullptr : &found->second;
}

void SetNow(const Mover& mover, const RunRecord* run, PersonPlace& place) {
  const Outcome* outcome = mover.change == nullptr ? nullptr : OutcomeOf(run, *mover.change);
  if (outcome == nullptr) {
    place.as_wanted = mover.change == nullptr && place.before == place.wanted;
    place.now = InWords(place.before);
  } else if (Holds(*outcome)) {
    place.as_wanted = true;
    place.now = absl::StrCat(InWords(place.wanted), ", seen");
  } else if (outcome->state == OutcomeState::kApplied ||
             outcome->state == OutcomeState::kAlreadyDone) {
    place.now = absl::StrCat("sent, and not seen to be ", InWords(place.wanted));
  } else {
    place.now = absl::StrCat(InWords(place.before), ": ", OutcomeStateName(outcome->state), ", ",
                             outcome->message);
  }
}

bool IsGone(const Plan& plan, const RunRecord* run, const std::string& directory,
            const std::string& account, const std::string& group) {
  for (const Change& change : plan.changes) {
    if (change.action != Action::kRemoveMembership || change.directory != directory ||
        change.account != account || change.group != group) {
      continue;
    }
    const Outcome* outcome = OutcomeOf(run, change);
    return outcome != nullptr && Holds(*outcome);
  }
  return false;
}

// Accounts that bear the name and are another person's are explained as well, and are not theirs.
bool IsTheirs(const Explanation& person, const ExplainedAccount& account) {
  if (account.person.empty()) return account.in_scope;
  if (person.people.empty()) return true;  // gone from the export
  return std::any_of(person.people.begin(), person.people.end(),
                     [&](const ExplainedPerson& row) { return row.id == account.person; });
}

PersonPlace PlaceOf(const ExplainedDirectory& directory, const ExplainedAccount& account,
                    const Plan& plan, const RunRecord* run) {
  PersonPlace place;
  place.directory = directory.id;
  place.account = account.id;
  place.called = account.user_name.empty() ? account.email : account.user_name;
  place.before = account.state;
  place.wanted = account.wanted;
  const Mover mover = FindMover(plan, directory.id, account.id);
  if (mover.change != nullptr && mover.own) {
    place.wanted =
        mover.change->action == Action::kActivate ? AccountState::kActive : AccountState::kInactive;
    place.way = mover.change->routed_from.empty()
                    ? "here"
                    : absl::StrCat("here, for ", mover.change->routed_from);
  } else if (mover.change != nullptr) {
    place.wanted =
        mover.change->action == Action::kActivate ? AccountState::kActive : AccountState::kInactive;
    place.way = absl::StrCat("follows ", mover.change->directory);
  } else if (account.state == account.wanted) {
    place.way = "nothing to do";
  } else {
    place.way = WhyNot(plan, directory.id, account.id, account.person);
  }
  SetNow(mover, run, place);
  std::vector<std::string> groups;
  for (const ExplainedGroup& group : account.groups) {
    if (group.member && !IsGone(plan, run, directory.id, account.id, group.name)) {
      groups.push_back(group.name);
    }
  }
  if (!groups.empty()) place.left.push_back(absl::StrCat("in ", Enumerate(groups, 10)));
  return place;
}

// Without a word where there is no place.
Headline VerdictOf(const std::vector<PersonPlace>& places, const std::string& called) {
  if (places.empty()) return {};
  std::vector<std::string> open, wrong;
  size_t on = 0;
  for (const PersonPlace& place : places) {
    const bool wants_in = GivesAccess(place.wanted);
    if (wants_in && place.as_wanted) ++on;
    if (place.as_wanted) continue;
    (wants_in ? wrong : open).push_back(place.directory);
  }
  const std::string all = CountOf(static_cast<int64_t>(places.size()), "account");
  if (!open.empty()) {
    return {Tone::kBad, "ACCESS LEFT",
            absl::StrCat(called, " may still have access in ", Enumerate(open, 10), ".")};
  }
  if (!wrong.empty()) {
    return {Tone::kBad, "NO ACCESS",
            absl::StrCat(called, " has no access yet in ", Enumerate(wrong, 10), ".")};
  }
  if (on > 0) {
    return {Tone::kGood, "ACCESS",
            absl::StrCat(called, " has access by ", Grouped(static_cast<int64_t>(on)), " of ", all,
                         "; each was looked at.")};
  }
  return {Tone::kGood, "OUT",
          absl::StrCat(called, " can no longer get in: ", all, ", each looked at.")};
}

// The verdict, and a table.
std::vector<Block> PlaceBlocks(const std::vector<PersonPlace>& places, const std::string& called) {
  if (places.empty()) return {};
  std::vector<Block> blocks = {Heading{"Where"}};
  Headline headline = VerdictOf(places, called);
  blocks.push_back(Entry{headline.tone, headline.word, headline.sentence, {}});
  Table table;
  table.title = "Place by place";
  table.columns = {"directory", "account", "was", "way", "now", "left"};
  for (const PersonPlace& place : places) {
    const bool known = !place.account.empty();
    const std::string& name = place.called.empty() ? place.account : place.called;
    table.rows.push_back(
        {place.directory, known ? name : "?",
         known ? absl::StrCat("was ", InWords(place.before)) : "?", place.way,
         absl::StrCat("now ", place.now),
         place.left.empty() ? "" : absl::StrCat("left: ", absl::StrJoin(place.left, "; "))});
  }
  blocks.push_back(std::move(table));
  return blocks;
}

}  // namespace

std::vector<PersonPlace> PlacesOf(const Explanation& person, AccountState goal, const Plan& plan,
                                  const RunRecord* run) {
  std::vector<PersonPlace> places;
  for (const ExplainedDirectory& directory : person.directories) {
    if (!directory.was_read) {
      PersonPlace unread;
      unread.directory = directory.id;
      unread.wanted = goal;
      unread.way = unread.now = "could not be read";
      places.push_back(std::move(unread));
    }
    for (const ExplainedAccount& account : directory.accounts) {
      if (IsTheirs(person, account)) places.push_back(PlaceOf(directory, account, plan, run));
    }
  }
  return places;
}

std::vector<std::string> RouteLines(const std::vector<PersonPlace>& places) {
  std::vector<std::string> lines;
  for (const PersonPlace& place : places) {
    if (place.account.empty()) {
      lines.push_back(absl::StrCat(place.directory, ": ", place.way));
      continue;
    }
    lines.push_back(absl::StrCat(place.directory, ": ",
                                 place.called.empty() ? place.account : place.called, " is ",
                                 InWords(place.before), "; ", place.way));
  }
  return lines;
}

std::string CalledOf(const Explanation& person) {
  if (person.people.empty()) return person.query;
  const ExplainedPerson& row = person.people.front();
  return row.user_name.empty() ? row.id : row.user_name;
}

Document PersonDocument(const PersonReport& report, const ViewOptions& options) {
  Document document = report.run.has_value() ? RunDocument(*report.run, report.plan, options)
                                             : PlanDocument(report.plan, options);
  std::vector<Block> blocks = PlaceBlocks(report.places, report.label);
  // Before everything that is about plans and runs: this is what was asked for.
  const auto first =
      std::find_if(document.blocks.begin(), document.blocks.end(),
                   [](const Block& block) { return std::holds_alternative<Heading>(block); });
  document.blocks.insert(first, std::make_move_iterator(blocks.begin()),
                         std::make_move_iterator(blocks.end()));
  return document;
}

v1::PersonReport ToResource(const PersonReport& report) {
  v1::PersonReport result;
  result.set_query(report.query);
  result.set_person(report.person);
  result.set_label(report.label);
  result.set_action(report.goal == AccountState::kActive ? v1::ACTIVATE : v1::DEACTIVATE);
  result.set_hold(ToCount(report.hold));
  result.set_export_read(report.export_read);
  *result.mutable_plan() = ToResource(report.plan);
  if (report.run.has_value()) *result.mutable_run() = ToResource(*report.run, report.plan);
  for (const PersonPlace& place : report.places) {
    v1::PersonPlace* added = result.add_places();
    added->set_directory(place.directory);
    added->set_account(place.account);
    added->set_user_name(place.called);
    if (!place.account.empty()) added->set_before(AccountStateName(place.before));
    added->set_wanted(AccountStateName(place.wanted));
    added->set_way(place.way);
    added->set_now(place.now);
    added->set_as_wanted(place.as_wanted);
    for (const std::string& left : place.left) added->add_left(left);
  }
  const Headline verdict = VerdictOf(report.places, report.label);
  result.set_verdict(verdict.word);
  result.set_summary(verdict.sentence);
  for (const std::string& warning : report.warnings) result.add_warnings(warning);
  for (const std::string& note : report.notes) result.add_notes(note);
  result.set_exit_code(report.exit_code);
  return result;
}

PersonReport FromResource(const v1::PersonReport& report) {
  PersonReport result;
  result.query = report.query();
  result.person = report.person();
  result.label = report.label();
  result.goal = report.action() == v1::ACTIVATE ? AccountState::kActive : AccountState::kInactive;
  result.hold = report.hold();
  result.export_read = report.export_read();
  result.plan = FromResource(report.plan());
  if (report.has_run()) result.run = FromResource(report.run());
  for (const v1::PersonPlace& place : report.places()) {
    PersonPlace& added = result.places.emplace_back();
    added.directory = place.directory();
    added.account = place.account();
    added.called = place.user_name();
    added.before = AccountStateOf(place.before());
    added.wanted = AccountStateOf(place.wanted());
    added.way = place.way();
    added.now = place.now();
    added.as_wanted = place.as_wanted();
    added.left = {place.left().begin(), place.left().end()};
  }
  result.warnings = {report.warnings().begin(), report.warnings().end()};
  result.notes = {report.notes().begin(), report.notes().end()};
  result.exit_code = report.exit_code();
  return result;
}

}  // namespace rollcall
