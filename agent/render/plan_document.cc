#include "agent/render/plan_document.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/change_groups.h"
#include "agent/render/wording.h"
#include "reconciler/apply/phases.h"
#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

constexpr size_t kSubjectsShown = 10;
constexpr size_t kGroupsNamed = 5;

std::string Effects(const Change& change) {
  std::vector<std::string> parts;
  for (const Effect& effect : change.effects) {
    parts.push_back(absl::StrCat(Verb(effect.action), " ", effect.directory, "/", effect.account));
  }
  return parts.empty() ? "" : absl::StrCat("; follows by itself: ", absl::StrJoin(parts, ", "));
}

std::string WhyText(const Change& change) {
  std::string why = change.reason;
  if (!change.routed_from.empty()) absl::StrAppend(&why, " (in place of ", change.routed_from, ")");
  if (change.reroute.has_value()) {
    absl::StrAppend(&why, " (through ", change.reroute->directory, " if that turns out to own it)");
  }
  return absl::StrCat(why, Effects(change));
}

std::string AccountName(const Change& change) {
  return change.user_name.empty() ? change.account : change.user_name;
}

Table ChangeTable(const Plan& plan, const ChangeGroup& group, const ViewOptions& options) {
  Table table;
  table.title = GroupTitle(group);
  const bool membership = IsMembership(group.action);
  table.columns = membership ? std::vector<std::string>{"account", "group", "why"}
                             : std::vector<std::string>{"account", "why"};
  const size_t shown =
      options.rows == 0 ? group.changes.size() : std::min(options.rows, group.changes.size());
  for (size_t i = 0; i < shown; ++i) {
    const Change& change = *group.changes[i];
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(AccountName(change));
    if (membership) row.push_back(change.group);
    row.push_back(WhyText(change));
  }
  if (shown < group.changes.size()) {
    table.note = absl::StrCat("and ", Grouped(static_cast<int64_t>(group.changes.size() - shown)),
                              " more; all of them: ", options.command, " show ", plan.id, " --all");
  }
  return table;
}

Tone ToneOf(Severity severity) {
  switch (severity) {
    case Severity::kBlocking:
      return Tone::kBad;
    case Severity::kWithholding:
    case Severity::kWarning:
      return Tone::kNotice;
    case Severity::kInfo:
      break;
  }
  return Tone::kDim;
}

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kBlocking:
      return "BLOCKING";
    case Severity::kWithholding:
      return "WITHHOLDING";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kInfo:
      break;
  }
  return "INFO";
}

std::vector<std::string> Named(const std::vector<std::string>& subjects, const Labels& labels) {
  std::vector<std::string> named;
  for (const std::string& subject : subjects) {
    const auto label = labels.find(subject);
    named.push_back(label == labels.end() ? subject
                                          : absl::StrCat(label->second, " (", subject, ")"));
  }
  return named;
}

Entry FindingEntry(const Finding& finding, const Labels& labels, const ViewOptions& options) {
  Entry entry;
  entry.tone = ToneOf(finding.severity);
  entry.label = SeverityName(finding.severity);
  entry.title = finding.directory.empty() ? finding.name
                                          : absl::StrCat(finding.name, " in ", finding.directory);
  entry.lines.push_back(finding.message);
  // Most findings only count, which their sentence says already.
  if (finding.limit != 0 || finding.severity == Severity::kBlocking) {
    entry.lines.push_back(
        absl::StrCat("Seen: ", Grouped(finding.observed), ", allowed: ", Grouped(finding.limit)));
  }
  if (!finding.subjects.empty()) {
    const size_t limit = options.rows == 0 ? finding.subjects.size() : kSubjectsShown;
    entry.lines.push_back(
        absl::StrCat("About: ", Enumerate(Named(finding.subjects, labels), limit)));
  }
  if (!finding.cure.empty()) entry.lines.push_back(absl::StrCat("Cure: ", finding.cure));
  return entry;
}

std::string InDirectories(const Plan& plan) {
  std::set<std::string> touched;
  for (const Change& change : plan.changes) touched.insert(change.directory);
  return CountOf(static_cast<int64_t>(touched.size()), "directory", "directories");
}

int64_t DriftFindings(const Plan& plan) {
  return std::count_if(plan.findings.begin(), plan.findings.end(), IsDrift);
}

std::string Planned(const Plan& plan) {
  if (plan.changes.empty()) return "no changes";
  return absl::StrCat(CountOf(static_cast<int64_t>(plan.changes.size()), "change"), " in ",
                      InDirectories(plan), " (", InWords(plan.counts), ")");
}

Headline EmptyHeadline(const Plan& plan) {
  const int64_t drift = DriftFindings(plan);
  if (!plan.unreadable.empty()) {
    return {Tone::kNotice, "EMPTY",
            "nothing to change where reading succeeded, but not everything could be read."};
  }
  if (drift > 0) {
    return {Tone::kNotice, "EMPTY",
            absl::StrCat("nothing can be changed, but ", CountOf(drift, "finding"),
                         drift == 1 ? " needs" : " need", " somebody: not in step.")};
  }
  const bool withheld = std::any_of(
      plan.findings.begin(), plan.findings.end(),
      [](const Finding& finding) { return finding.severity == Severity::kWithholding; });
  return {Tone::kGood, "EMPTY",
          withheld ? "in step with the export, but for what was left out on purpose (see below)."
                   : "in step with the export: nothing to change."};
}

Headline PlanHeadline(const Plan& plan) {
  switch (plan.state) {
    case PlanState::kReady:
      return {Tone::kGood, "READY", absl::StrCat(Planned(plan), ". Nothing has been changed yet.")};
    case PlanState::kBlocked: {
      const std::vector<std::string> guards = BlockingGuards(plan);
      const std::string stand = absl::StrCat(CountOf(static_cast<int64_t>(guards.size()), "guard"),
                                             guards.size() == 1 ? " blocks" : " block",
                                             " this plan: ", absl::StrJoin(guards, ", "), ".");
      return {Tone::kBad, "BLOCKED",
              plan.changes.empty() ? absl::StrCat(stand, " It holds no changes.")
                                   : absl::StrCat(stand, " It would make ", Planned(plan),
                                                  ". Nothing has been changed.")};
    }
    case PlanState::kEmpty:
      return EmptyHeadline(plan);
    case PlanState::kApplied:
      return {Tone::kDim, "APPLIED",
              absl::StrCat(Planned(plan), ". A run has applied it; it cannot be applied again.")};
    case PlanState::kApplying:
      return {Tone::kNotice, "APPLYING",
              absl::StrCat(Planned(plan), ". A run has begun and not ended.")};
    case PlanState::kStale:
      return {Tone::kNotice, "STALE",
              absl::StrCat(Planned(plan), ". Too old or overtaken: make a new plan.")};
    case PlanState::kPlanning:
    case PlanState::kFailed:
      break;
  }
  return {Tone::kBad, PlanStateName(plan.state), "this plan could not be made."};
}

Paragraph Origin(const Plan& plan) {
  std::string text = absl::StrCat("Plan ", plan.id, ", made ", Stamp(plan.create_time), " with ",
                                  CountOf(plan.requests_used, "request"), ".");
  if (!plan.directories.empty()) {
    absl::StrAppend(&text, " Read: ", Enumerate(plan.directories, kSubjectsShown), ".");
  }
  if (!plan.unreadable.empty()) {
    absl::StrAppend(&text, " Could not be read: ", Enumerate(plan.unreadable, kSubjectsShown), ".");
  }
  return {text, Tone::kDim};
}

void AddChanges(const Plan& plan, const ViewOptions& options, std::vector<Block>& blocks) {
  if (plan.changes.empty()) return;
  blocks.push_back(Heading{"Changes"});
  for (const ChangeGroup& group : GroupChanges(plan)) {
    blocks.push_back(ChangeTable(plan, group, options));
    if (!IsMembership(group.action) || options.rows == 0 || group.changes.size() <= options.rows) {
      continue;
    }
    // Where rows are cut, the groups that change most say where to look.
    std::map<std::string, int64_t> sizes;
    for (const Change* change : group.changes) ++sizes[change->group];
    std::vector<std::pair<int64_t, std::string>> ordered;
    for (const auto& [name, size] : sizes) ordered.emplace_back(-size, name);
    std::sort(ordered.begin(), ordered.end());
    std::vector<std::string> named;
    for (const auto& [size, name] : ordered)
      named.push_back(absl::StrCat(name, " ", Grouped(-size)));
    blocks.push_back(
        Paragraph{absl::StrCat("    by group: ", Enumerate(named, kGroupsNamed)), Tone::kDim});
  }
}

void AddCost(const Plan& plan, std::vector<Block>& blocks) {
  blocks.push_back(Heading{"Cost and scope"});
  if (!plan.changes.empty()) {
    blocks.push_back(Paragraph{
        absl::StrCat("  Applying and verifying: ", CountOf(plan.budget.write_requests, "write"),
                     ", at most ", CountOf(plan.budget.read_requests, "read"), ", ",
                     About(plan.budget.estimated_duration), " without throttling."),
        Tone::kPlain});
    const auto ways = std::count_if(plan.changes.begin(), plan.changes.end(),
                                    [](const Change& c) { return c.reroute.has_value(); });
    if (ways > 0) {
      blocks.push_back(Paragraph{absl::StrCat("  Up to ", CountOf(ways, "write"),
                                              " more if what they change turns out to ",
                                              "be owned by another directory (R5)."),
                                 Tone::kPlain});
    }
  }
  blocks.push_back(Paragraph{
      absl::StrCat("  Unchanged: ", CountOf(plan.counts.unchanged, "account"),
                   ". Out of scope, never touched: ", CountOf(plan.counts.out_of_scope, "account"),
                   "."),
      Tone::kPlain});
}

void AddNext(const Plan& plan, const ViewOptions& options, std::vector<Block>& blocks) {
  blocks.push_back(Heading{"Next"});
  const std::string replan = absl::StrCat(options.command, " plan");
  switch (plan.state) {
    case PlanState::kReady:
      blocks.push_back(Commands{"  If this is what you want:", {ApplyCommand(plan, options)}});
      return;
    case PlanState::kBlocked:
      blocks.push_back(Commands{
          "  Settle what blocks and plan again, or, if it is right as it is, waive it with "
          "your reason:",
          {ApplyCommand(plan, options)}});
      return;
    case PlanState::kEmpty:
      if (DriftFindings(plan) > 0 || !plan.unreadable.empty()) {
        blocks.push_back(Commands{"  Settle the findings above, then:", {replan}});
      } else {
        blocks.push_back(Paragraph{"  Nothing to do.", Tone::kPlain});
      }
      return;
    case PlanState::kApplying:
      blocks.push_back(Commands{"  If no run is at work any more, go on with it:",
                                {absl::StrCat(options.command, " apply ", plan.id)}});
      return;
    default:
      blocks.push_back(Commands{"  For the state of now:", {replan}});
  }
}

bool NamesPerson(const Change& change, absl::string_view person) {
  return change.person == person || FoldedEquals(change.user_name, person) ||
         FoldedEquals(change.linked_email, person);
}

}  // namespace

std::vector<Block> FindingBlocks(const std::vector<Finding>& findings, const ViewOptions& options,
                                 const Labels& labels) {
  std::vector<Block> blocks;
  std::map<std::string, size_t> seen;
  for (const Finding& finding : findings) {
    if (const size_t n = ++seen[finding.name]; options.rows > 0 && n > options.rows) continue;
    blocks.push_back(FindingEntry(finding, labels, options));
  }
  for (const auto& [name, n] : seen) {
    if (options.rows == 0 || n <= options.rows) continue;
    blocks.push_back(Paragraph{
        absl::StrCat("  and ", Grouped(static_cast<int64_t>(n - options.rows)), " more of ", name),
        Tone::kDim});
  }
  return blocks;
}

std::vector<std::string> BlockingGuards(const Plan& plan) {
  std::vector<std::string> guards;
  for (const Finding& finding : plan.findings) {
    if (finding.severity != Severity::kBlocking) continue;
    if (std::find(guards.begin(), guards.end(), finding.name) == guards.end()) {
      guards.push_back(finding.name);
    }
  }
  return guards;
}

std::string ApplyCommand(const Plan& plan, const ViewOptions& options) {
  std::string command = absl::StrCat(options.command, " apply ", plan.id);
  for (const std::string& guard : BlockingGuards(plan)) {
    absl::StrAppend(&command, " --waive ", guard, " --reason \"why ", guard, " is right here\"");
  }
  return command;
}

Plan OnlyPerson(const Plan& plan, absl::string_view person) {
  Plan result = plan;
  result.changes.clear();
  result.findings.clear();
  result.counts = {0, 0, 0, 0, plan.counts.unchanged, plan.counts.out_of_scope};
  std::set<std::string> subjects = {std::string(person)};
  for (const auto& [id, label] : plan.labels) {
    if (FoldedEquals(label, person)) subjects.insert(id);
  }
  for (const Change& change : plan.changes) {
    if (!NamesPerson(change, person)) continue;
    result.changes.push_back(change);
    result.counts.Add(change.action);
    if (!change.person.empty()) subjects.insert(change.person);
    subjects.insert(absl::StrCat(change.directory, "/", change.account));
  }
  for (const Finding& finding : plan.findings) {
    const bool about = std::any_of(
        finding.subjects.begin(), finding.subjects.end(),
        [&](const std::string& s) { return subjects.contains(s) || FoldedEquals(s, person); });
    // What blocks the plan stops this person's changes too.
    if (about || finding.severity == Severity::kBlocking) result.findings.push_back(finding);
  }
  return result;
}

Document PlanDocument(const Plan& plan, const ViewOptions& options) {
  Document document;
  document.title = absl::StrCat("Rollcall plan ", plan.id);
  document.blocks.push_back(PlanHeadline(plan));
  document.blocks.push_back(Origin(plan));
  if (!plan.findings.empty()) {
    document.blocks.push_back(Heading{"Findings"});
    for (Block& block : FindingBlocks(plan.findings, options, plan.labels)) {
      document.blocks.push_back(std::move(block));
    }
  }
  AddChanges(plan, options, document.blocks);
  AddCost(plan, document.blocks);
  AddNext(plan, options, document.blocks);
  return document;
}

}  // namespace rollcall
