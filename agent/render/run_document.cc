#include "agent/render/run_document.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

// Worst first; what went well comes last and is only counted.
constexpr std::array<OutcomeState, 6> kOrder = {
    OutcomeState::kUnknown,      OutcomeState::kFailed,      OutcomeState::kRefused,
    OutcomeState::kSkippedStale, OutcomeState::kAlreadyDone, OutcomeState::kApplied};

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

Tone RunTone(RunState state) {
  switch (state) {
    case RunState::kSucceeded:
      return Tone::kGood;
    case RunState::kFailed:
      return Tone::kBad;
    default:
      return Tone::kNotice;
  }
}

struct Tally {
  std::array<int64_t, 6> by_state{};
  int64_t verified = 0;
  int64_t pending = 0;
};

Tally Count(const RunRecord& run, const Plan& plan) {
  Tally tally;
  for (const Change& change : plan.changes) {
    const auto found = run.outcomes.find(change.id);
    if (found == run.outcomes.end()) {
      ++tally.pending;
      continue;
    }
    ++tally.by_state[static_cast<size_t>(found->second.state)];
    if (found->second.verified) ++tally.verified;
  }
  return tally;
}

Headline RunHeadline(const RunRecord& run, const Plan& plan, const Tally& tally) {
  std::string sentence =
      absl::StrCat(Grouped(tally.by_state[static_cast<size_t>(OutcomeState::kApplied)]), " of ",
                   CountOf(static_cast<int64_t>(plan.changes.size()), "change"), " applied");
  const int64_t already = tally.by_state[static_cast<size_t>(OutcomeState::kAlreadyDone)];
  if (already > 0) absl::StrAppend(&sentence, ", ", Grouped(already), " so already");
  absl::StrAppend(&sentence, ", ", Grouped(tally.verified), " verified by reading; ",
                  run.drift_left == 0
                      ? "no drift left."
                      : absl::StrCat(CountOf(run.drift_left, "change"), " of the plan left."));
  return {RunTone(run.state), RunStateName(run.state), sentence};
}

std::string WhatText(const Change& change) {
  const std::string& name = change.user_name.empty() ? change.account : change.user_name;
  return change.group.empty() ? absl::StrCat(Verb(change.action), " ", name)
                              : absl::StrCat(Verb(change.action), " ", change.group, ": ", name);
}

std::string WhyText(const Outcome& outcome) {
  std::string why = outcome.message;
  const bool went_well =
      outcome.state == OutcomeState::kApplied || outcome.state == OutcomeState::kAlreadyDone;
  if (outcome.http_status != 0 && !went_well) {
    absl::StrAppend(&why, why.empty() ? "" : " ", "(HTTP ", outcome.http_status, ")");
  }
  return why;
}

bool HoldsUnverified(const Outcome& outcome) {
  return !outcome.verified &&
         (outcome.state == OutcomeState::kApplied || outcome.state == OutcomeState::kAlreadyDone);
}

void AddTable(Table table, size_t total, const RunRecord& run, const ViewOptions& options,
              std::vector<Block>& blocks) {
  if (total == 0) return;
  if (table.rows.size() < total) {
    table.note = absl::StrCat("and ", Grouped(static_cast<int64_t>(total - table.rows.size())),
                              " more; all of them: ", options.command, " show ", run.id, " --all");
  }
  blocks.push_back(std::move(table));
}

// One table for the changes for which `chosen` gives a reason.
template <typename Chosen>
void AddChosen(const std::string& title, const RunRecord& run, const Plan& plan,
               const ViewOptions& options, std::vector<Block>& blocks, Chosen chosen) {
  Table table;
  table.columns = {"directory", "change", "why"};
  size_t total = 0;
  for (const Change& change : plan.changes) {
    const auto found = run.outcomes.find(change.id);
    const Outcome* outcome = found == run.outcomes.end() ? nullptr : &found->second;
    if (!chosen(change, outcome)) continue;
    if (++total > options.rows && options.rows > 0) continue;
    table.rows.push_back(
        {change.directory, WhatText(change), outcome == nullptr ? "" : WhyText(*outcome)});
  }
  table.title = absl::StrCat(Grouped(static_cast<int64_t>(total)), " ", title);
  AddTable(std::move(table), total, run, options, blocks);
}

void AddOutcomes(const RunRecord& run, const Plan& plan, const ViewOptions& options,
                 std::vector<Block>& blocks) {
  blocks.push_back(Heading{"Outcomes"});
  for (const OutcomeState state : kOrder) {
    AddChosen(Meaning(state), run, plan, options, blocks,
              [&](const Change&, const Outcome* outcome) {
                return outcome != nullptr && outcome->state == state;
              });
  }
  AddChosen("applied or so already, but not (or not yet) seen when read again", run, plan, options,
            blocks, [&](const Change&, const Outcome* outcome) {
              return HasEnded(run.state) && outcome != nullptr && HoldsUnverified(*outcome);
            });
  AddChosen("pending: intent recorded, result not", run, plan, options, blocks,
            [&](const Change& change, const Outcome* outcome) {
              return outcome == nullptr && run.unknown.contains(change.id);
            });
  AddChosen("not begun", run, plan, options, blocks,
            [&](const Change& change, const Outcome* outcome) {
              return outcome == nullptr && !run.unknown.contains(change.id);
            });
}

void AddNext(const RunRecord& run, const ViewOptions& options, std::vector<Block>& blocks) {
  blocks.push_back(Heading{"Next"});
  if (!run.message.empty())
    blocks.push_back(Paragraph{absl::StrCat("  ", run.message), Tone::kPlain});
  if (run.state == RunState::kSucceeded) {
    blocks.push_back(
        Commands{"  To see that everything is in step:", {absl::StrCat(options.command, " plan")}});
  } else if (HasEnded(run.state)) {
    blocks.push_back(Commands{"  What is left needs a new plan, which looks at the state of now:",
                              {absl::StrCat(options.command, " plan")}});
  } else {
    blocks.push_back(Commands{"  To go on where it stopped (what was done is not done twice):",
                              {absl::StrCat(options.command, " apply ", run.plan)}});
  }
}

}  // namespace

Document RunDocument(const RunRecord& run, const Plan& plan, const ViewOptions& options) {
  Document document;
  document.title = absl::StrCat("Rollcall run ", run.id);
  const Tally tally = Count(run, plan);
  document.blocks.push_back(RunHeadline(run, plan, tally));
  std::string origin =
      absl::StrCat("Run ", run.id, " of plan ", run.plan, ", begun ", Stamp(run.started));
  if (run.ended.has_value()) absl::StrAppend(&origin, ", ended ", Stamp(*run.ended));
  absl::StrAppend(&origin, ", ", CountOf(run.requests_used, "request"), ".");
  document.blocks.push_back(Paragraph{origin, Tone::kDim});
  for (const Waiver& waiver : run.waivers) {
    document.blocks.push_back(Paragraph{
        absl::StrCat("Waived: ", waiver.guard, ", because: ", waiver.reason), Tone::kNotice});
  }
  AddOutcomes(run, plan, options, document.blocks);
  AddNext(run, options, document.blocks);
  return document;
}

}  // namespace rollcall
