#include "agent/render/run_document.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/change_groups.h"
#include "agent/render/plan_document.h"
#include "agent/render/run_tally.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

// What needs nobody is listed as an example only: the tally counts it.
constexpr size_t kQuietRows = 10;

// What needs somebody, worst first.
constexpr std::array<OutcomeState, 4> kTroubles = {OutcomeState::kUnknown, OutcomeState::kFailed,
                                                   OutcomeState::kRefused,
                                                   OutcomeState::kSkippedStale};

const char* Meaning(OutcomeState state) {
  switch (state) {
    case OutcomeState::kApplied:
      return "applied";
    case OutcomeState::kAlreadyDone:
      return "were so already";
    case OutcomeState::kSkippedStale:
      return "skipped: the account is no longer what it was linked by";
    case OutcomeState::kRefused:
      return "refused by the directory";
    case OutcomeState::kFailed:
      return "failed";
    case OutcomeState::kUnknown:
      return "unknown: sent, and reading could not tell";
  }
  return "";
}

// Drift that no plan can settle.
std::vector<Finding> DriftOf(const Plan& plan) {
  std::vector<Finding> drift;
  std::copy_if(plan.findings.begin(), plan.findings.end(), std::back_inserter(drift), IsDrift);
  return drift;
}

bool AllIsWell(const RunRecord& run, const Plan& plan) {
  return run.state == RunState::kSucceeded && run.drift_left == 0 && plan.unreadable.empty() &&
         DriftOf(plan).empty();
}

// After "every change holds": what keeps it from being in step.
std::string NotInStep(const Plan& plan) {
  const auto findings = static_cast<int64_t>(DriftOf(plan).size());
  std::vector<std::string> parts;
  if (findings > 0) {
    parts.push_back(absl::StrCat(CountOf(findings, "finding"), findings == 1 ? " needs" : " need",
                                 " somebody"));
  }
  if (!plan.unreadable.empty()) {
    parts.push_back(absl::StrCat(absl::StrJoin(plan.unreadable, ", "), " could not be read"));
  }
  return parts.empty() ? "there is more to do, see below" : absl::StrJoin(parts, ", ");
}

std::string WhatItMeans(const RunRecord& run, const Plan& plan, const RunTally& tally) {
  const std::string left = absl::StrCat(CountOf(tally.open(), "change"), " of the plan left");
  switch (run.state) {
    case RunState::kSucceeded:
    case RunState::kPartial:
      if (AllIsWell(run, plan)) return "no drift left";
      return tally.open() > 0
                 ? left
                 : absl::StrCat("every change holds, but not in step: ", NotInStep(plan));
    case RunState::kFailed:
      return "nothing was changed";
    case RunState::kCancelled:
      return absl::StrCat("stopped on request, ", left);
    case RunState::kInterrupted:
      return absl::StrCat("stopped before the end and can go on, ", left);
    default:
      return "not ended yet";
  }
}

Headline RunHeadline(const RunRecord& run, const Plan& plan, const RunTally& tally) {
  std::string sentence = absl::StrCat(Grouped(tally.of(OutcomeState::kApplied)), " of ",
                                      CountOf(tally.changes, "change"), " applied");
  const int64_t already = tally.of(OutcomeState::kAlreadyDone);
  if (already > 0) absl::StrAppend(&sentence, ", ", Grouped(already), " so already");
  absl::StrAppend(&sentence, ", ", Grouped(tally.verified), " verified by reading; ",
                  WhatItMeans(run, plan, tally), ".");
  const Tone tone = AllIsWell(run, plan)             ? Tone::kGood
                    : run.state == RunState::kFailed ? Tone::kBad
                                                     : Tone::kNotice;
  return {tone, RunStateName(run.state), sentence};
}

std::string WhatText(const Change& change) {
  const std::string& name = change.user_name.empty() ? change.account : change.user_name;
  return change.group.empty() ? absl::StrCat(Verb(change.action), " ", name)
                              : absl::StrCat(Verb(change.action), " ", change.group, ": ", name);
}

bool WentWell(const Outcome& outcome) {
  return outcome.state == OutcomeState::kApplied || outcome.state == OutcomeState::kAlreadyDone;
}

std::string WhyText(const Outcome& outcome) {
  std::string why = outcome.finding.empty() ? outcome.message
                                            : absl::StrCat(outcome.finding, ": ", outcome.message);
  if (outcome.http_status != 0 && !WentWell(outcome)) {
    absl::StrAppend(&why, why.empty() ? "" : " ", "(HTTP ", outcome.http_status, ")");
  }
  return why;
}

// Tables of the changes of one run.
class OutcomeTables {
 public:
  OutcomeTables(const RunRecord& run, const Plan& plan, const ViewOptions& options)
      : run_(run), plan_(plan), options_(options) {}

  // One table for the changes that `chosen` takes; none where it takes none.
  template <typename Chosen>
  void Add(absl::string_view title, size_t rows, std::vector<Block>& blocks, Chosen chosen) const {
    Table table;
    table.columns = {"directory", "change", "why"};
    size_t total = 0;
    for (const Change& change : plan_.changes) {
      const auto found = run_.outcomes.find(change.id);
      const Outcome* outcome = found == run_.outcomes.end() ? nullptr : &found->second;
      if (!chosen(change, outcome)) continue;
      if (++total > rows && options_.rows > 0) continue;
      table.rows.push_back(
          {change.directory, WhatText(change), outcome == nullptr ? "" : WhyText(*outcome)});
    }
    if (total == 0) return;
    table.title = absl::StrCat(Grouped(static_cast<int64_t>(total)), " ", title);
    if (table.rows.size() < total) {
      table.note = absl::StrCat("and ", Grouped(static_cast<int64_t>(total - table.rows.size())),
                                " more; all of them: ", options_.command, " show ", run_.id,
                                " --all; one person's: --person EMAIL");
    }
    blocks.push_back(std::move(table));
  }

  void AddState(OutcomeState state, size_t rows, std::vector<Block>& blocks) const {
    Add(Meaning(state), rows, blocks, [state](const Change&, const Outcome* outcome) {
      return outcome != nullptr && outcome->state == state;
    });
  }

 private:
  const RunRecord& run_;
  const Plan& plan_;
  const ViewOptions& options_;
};

void AddAttention(const RunRecord& run, const Plan& plan, const ViewOptions& options,
                  std::vector<Block>& blocks) {
  std::vector<Block> found;
  if (!run.message.empty()) {
    found.push_back(Paragraph{absl::StrCat("  ", run.message), Tone::kPlain});
  }
  const OutcomeTables tables(run, plan, options);
  for (const OutcomeState state : kTroubles) tables.AddState(state, options.rows, found);
  tables.Add("applied or so already, but not (or not yet) seen when read again", options.rows,
             found, [&](const Change&, const Outcome* outcome) {
               return HasEnded(run.state) && outcome != nullptr && WentWell(*outcome) &&
                      !outcome->verified;
             });
  tables.Add("pending: intent recorded, result not", options.rows, found,
             [&](const Change& change, const Outcome* outcome) {
               return outcome == nullptr && run.unknown.contains(change.id);
             });
  tables.Add("not begun", std::min(options.rows, kQuietRows), found,
             [&](const Change& change, const Outcome* outcome) {
               return outcome == nullptr && !run.unknown.contains(change.id);
             });
  for (Block& block : FindingBlocks(DriftOf(plan), options, plan.labels))
    found.push_back(std::move(block));
  if (found.empty()) return;
  blocks.push_back(Heading{"Needs attention"});
  std::move(found.begin(), found.end(), std::back_inserter(blocks));
}

void AddOutcomes(const RunRecord& run, const Plan& plan, const ViewOptions& options,
                 std::vector<Block>& blocks) {
  if (plan.changes.empty()) return;
  blocks.push_back(Heading{"Outcomes"});
  Table table;
  table.title = "By directory and action";
  table.columns = {"changes", "outcome"};
  for (const ChangeGroup& group : GroupChanges(plan)) {
    RunTally tally;
    for (const Change* change : group.changes) tally.Add(*change, run);
    table.rows.push_back({GroupTitle(group), InWords(tally)});
  }
  blocks.push_back(std::move(table));
  const OutcomeTables tables(run, plan, options);
  const size_t rows = std::min(options.rows, kQuietRows);
  tables.AddState(OutcomeState::kAlreadyDone, rows, blocks);
  // What the directory's client has to say of a change that holds must not hide among many.
  const auto is_noted = [](const Outcome& outcome) {
    return outcome.verified && !outcome.message.empty();
  };
  const auto add_applied = [&](absl::string_view title, size_t most, bool noted) {
    tables.Add(title, most, blocks, [&](const Change&, const Outcome* outcome) {
      return outcome != nullptr && outcome->state == OutcomeState::kApplied &&
             is_noted(*outcome) == noted;
    });
  };
  add_applied("applied, with something to know", options.rows, true);
  add_applied(Meaning(OutcomeState::kApplied), rows, false);
}

void AddCost(const RunRecord& run, const Plan& plan, std::vector<Block>& blocks) {
  blocks.push_back(Heading{"Cost"});
  const int64_t budget = plan.budget.read_requests + plan.budget.write_requests;
  blocks.push_back(Paragraph{
      absl::StrCat("  Sent for applying and verifying: ", CountOf(run.requests_used, "request"),
                   run.requests_used > budget
                       ? absl::StrCat("; the plan foresaw at most ", Grouped(budget),
                                      ", repeated ones come on top.")
                       : absl::StrCat(" of at most ", Grouped(budget), " planned.")),
      Tone::kPlain});
  for (const auto& [directory, throttling] : run.throttling) {
    blocks.push_back(Paragraph{
        absl::StrCat("  ", directory, " asked to wait (",
                     AskedWith(throttling.waits, throttling.busy), ") ",
                     CountOf(throttling.waits, "time"), ", ", About(throttling.waited), " in all."),
        Tone::kPlain});
  }
  if (!run.ended.has_value()) return;
  blocks.push_back(Paragraph{
      absl::StrCat("  Took ", About(*run.ended - run.started),
                   "; estimated: ", About(plan.budget.estimated_duration), " without throttling."),
      Tone::kPlain});
}

void AddNext(const RunRecord& run, const Plan& plan, const ViewOptions& options,
             std::vector<Block>& blocks) {
  blocks.push_back(Heading{"Next"});
  const std::string replan = absl::StrCat(options.command, " plan");
  if (!HasEnded(run.state)) {
    blocks.push_back(Commands{"  To go on where it stopped (what was done is not done twice):",
                              {absl::StrCat(options.command, " apply ", run.plan)}});
  } else if (AllIsWell(run, plan)) {
    blocks.push_back(Commands{"  To see that everything is in step:", {replan}});
  } else if (!DriftOf(plan).empty()) {
    blocks.push_back(Commands{
        "  Settle the findings above, then make a new plan, which looks at the state of now:",
        {replan}});
  } else {
    blocks.push_back(
        Commands{"  What is left needs a new plan, which looks at the state of now:", {replan}});
  }
}

std::string Origin(const RunRecord& run) {
  std::string origin =
      absl::StrCat("Run ", run.id, " of plan ", run.plan, ", begun ", Stamp(run.started));
  if (run.ended.has_value()) absl::StrAppend(&origin, ", ended ", Stamp(*run.ended));
  return absl::StrCat(origin, ".");
}

}  // namespace

Document RunDocument(const RunRecord& run, const Plan& plan, const ViewOptions& options) {
  Document document;
  document.title = absl::StrCat("Rollcall run ", run.id);
  document.blocks.push_back(RunHeadline(run, plan, TallyOf(plan.changes, run)));
  document.blocks.push_back(Paragraph{Origin(run), Tone::kDim});
  for (const Waiver& waiver : run.waivers) {
    document.blocks.push_back(Paragraph{
        absl::StrCat("Waived: ", waiver.guard, ", because: ", waiver.reason), Tone::kNotice});
  }
  AddAttention(run, plan, options, document.blocks);
  AddOutcomes(run, plan, options, document.blocks);
  AddCost(run, plan, document.blocks);
  AddNext(run, plan, options, document.blocks);
  return document;
}

}  // namespace rollcall
