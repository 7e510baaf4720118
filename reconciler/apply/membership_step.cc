#include "reconciler/apply/membership_step.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "reconciler/apply/refusal_advice.h"
#include "reconciler/apply/reply_meaning.h"
#include "reconciler/apply/reroute.h"
#include "reconciler/base/fold.h"

namespace rollcall {

MembershipStep::MembershipStep(const ApplyTools& tools, WorkerJournal& journal,
                               const WorkItem& item)
    : tools_(tools),
      journal_(journal),
      item_(item),
      action_(item.changes.front()->action),
      group_(absl::StrCat("group \"", item.changes.front()->group, "\"")) {}

void MembershipStep::Run() {
  std::vector<Row> rows = RowsOf(item_);
  if (rows.empty()) return;
  if (MustLook(rows)) {
    std::optional<std::vector<Row>> left = Look(std::move(rows));
    if (!left.has_value()) return;
    rows = *std::move(left);
  }
  SendInBatches(std::move(rows));
}

std::vector<MembershipStep::Row> MembershipStep::RowsOf(const WorkItem& item) {
  std::vector<Row> rows;
  rows.reserve(item.changes.size());
  for (const Change* change : item.changes) {
    Row row{change, tools_.ledger.Begin(change->id), tools_.ledger.MayHaveBeenSent(change->id)};
    if (MayBeAdded(row)) rows.push_back(std::move(row));
  }
  return rows;
}

// The addition takes over the state of the activation: what may be tried again when the run goes on
// is tried again together.
bool MembershipStep::MayBeAdded(Row& row) {
  if (action_ != Action::kAddMembership) return true;
  const auto found = tools_.activations.find(row.change->account);
  if (found == tools_.activations.end()) return true;
  const std::optional<Outcome> activation = tools_.ledger.Find(found->second);
  const OutcomeState state = activation.has_value() ? activation->state : OutcomeState::kFailed;
  if (state == OutcomeState::kApplied || state == OutcomeState::kAlreadyDone) return true;
  Settle(row, state == OutcomeState::kUnknown ? OutcomeState::kFailed : state,
         absl::StrCat("G3: an account that stays inactive is added nowhere, and its activation ",
                      found->second, " is ", OutcomeStateName(state)));
  return false;
}

bool MembershipStep::MustLook(const std::vector<Row>& rows) const {
  if (tools_.runtime.Now() - tools_.snapshot_time > tools_.options.reread_after) return true;
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.resumed; });
}

absl::StatusOr<GroupMembers> MembershipStep::Read(const std::vector<Row>& rows) {
  MembershipQuestion question;
  question.group_id = rows.front().change->group_id;
  std::vector<std::string>& accounts =
      action_ == Action::kAddMembership ? question.added : question.removed;
  for (const Row& row : rows) accounts.push_back(row.change->account);
  return tools_.endpoint.reader->ReadMemberships(question, tools_.context);
}

std::optional<std::vector<MembershipStep::Row>> MembershipStep::Look(std::vector<Row> rows) {
  const absl::StatusOr<GroupMembers> group = Read(rows);
  if (!group.ok()) {
    LookFailed(rows, group.status());
    return std::nullopt;
  }
  tools_.health.NoteNothingSent();
  const std::string& planned = rows.front().change->group;
  if (!planned.empty() && !group->name.empty() && !FoldedEquals(planned, group->name)) {
    SettleAll(rows, OutcomeState::kSkippedStale,
              absl::StrCat(group_, " is called \"", group->name, "\" now"));
    return std::nullopt;
  }
  return LeaveOutWhatHolds(std::move(rows), *group);
}

std::vector<MembershipStep::Row> MembershipStep::LeaveOutWhatHolds(std::vector<Row> rows,
                                                                   const GroupMembers& group) {
  std::vector<Row> rest;
  for (Row& row : rows) {
    const bool member =
        std::binary_search(group.members.begin(), group.members.end(), row.change->account);
    const bool holds = member == (action_ == Action::kAddMembership);
    // A routed change finds its own group at the goal (rule R3): it is sent, once.
    if (!holds || (!row.change->routed_from.empty() && !row.resumed)) {
      rest.push_back(std::move(row));
    } else if (row.resumed) {
      Settle(row, OutcomeState::kApplied, "found done after the interruption");
    } else {
      row.outcome.verified = row.change->effects.empty();  // it was just read
      Settle(row, OutcomeState::kAlreadyDone, "it was so already");
    }
  }
  return rest;
}

void MembershipStep::LookFailed(std::vector<Row>& rows, const absl::Status& status) {
  const std::string message(status.message());
  if (status.code() == absl::StatusCode::kCancelled) return tools_.ledger.Stop();
  if (status.code() == absl::StatusCode::kNotFound) {
    tools_.health.NoteNothingSent();
    return SettleAll(rows, OutcomeState::kSkippedStale, absl::StrCat(group_, " is gone"));
  }
  const std::string why = absl::StrCat(group_, " could not be read, nothing was sent: ", message);
  const bool denied = status.code() == absl::StatusCode::kPermissionDenied;
  if (denied) {
    tools_.health.NoteDenied(message);
  } else if (status.code() == absl::StatusCode::kUnauthenticated) {
    tools_.health.NoteKeyRefused(message);
  } else {
    tools_.health.NoteFailed(message);
  }
  for (Row& row : rows) {
    if (row.resumed) {
      Settle(row, OutcomeState::kUnknown,
             absl::StrCat("sent before the interruption, and ", group_,
                          " could not be read to see: ", message));
    } else {
      Settle(row, denied ? OutcomeState::kRefused : OutcomeState::kFailed, why);
    }
  }
}

void MembershipStep::SendInBatches(std::vector<Row> rows) {
  const size_t limit =
      static_cast<size_t>(std::max<int64_t>(1, tools_.endpoint.traits.membership_batch));
  for (size_t begin = 0; begin < rows.size(); begin += limit) {
    const size_t end = std::min(rows.size(), begin + limit);
    std::vector<Row> batch(std::make_move_iterator(rows.begin() + begin),
                           std::make_move_iterator(rows.begin() + end));
    if (!SendWithHalving(std::move(batch))) return;
  }
}

bool MembershipStep::SendWithHalving(std::vector<Row> rows) {
  if (tools_.MustStop() || tools_.health.halted()) return false;
  std::vector<std::string> intents;
  for (const Row& row : rows) intents.push_back(row.change->id);
  if (!journal_.Announce(intents).ok()) return false;
  batches_.push_back({std::move(rows), false, false});
  bool first = true;
  while (!batches_.empty()) {
    // The announcement covers the halves too; only results must be durable before the next send.
    if (!first && (!journal_.Flush().ok() || tools_.MustStop() || tools_.health.halted())) {
      LeaveRest();
      return false;
    }
    first = false;
    Batch batch = std::move(batches_.back());
    batches_.pop_back();
    const WriteReply reply = Send(batch);
    JudgeReply(std::move(batch), reply);
  }
  return true;
}

WriteReply MembershipStep::Send(Batch& batch) {
  std::vector<std::string> accounts;
  for (const Row& row : batch.rows) accounts.push_back(row.change->account);
  WriteReply reply = tools_.endpoint.writer->ChangeMembers(
      action_ == Action::kAddMembership ? MembershipAction::kAdd : MembershipAction::kRemove,
      batch.rows.front().change->group_id, absl::MakeConstSpan(accounts), tools_.context);
  for (Row& row : batch.rows) {
    row.outcome.attempts += reply.attempts;
    row.outcome.http_status = reply.http_status;
    row.outcome.finding = FindingOf(reply.status);
  }
  return reply;
}

void MembershipStep::JudgeReply(Batch batch, const WriteReply& reply) {
  const absl::Status& status = reply.status;
  const std::string message(status.message());
  switch (MeaningOf(status)) {
    case ReplyMeaning::kDone:
      tools_.health.NoteAnswered();
      return SettleAll(batch.rows, OutcomeState::kApplied, "");
    case ReplyMeaning::kWasSoAlready:
    case ReplyMeaning::kGone:
    case ReplyMeaning::kContentRefused:
      tools_.health.NoteAnswered();
      return JudgeRefused(std::move(batch), status);
    case ReplyMeaning::kStateRefused:
      tools_.health.NoteAnswered();
      for (Row& row : batch.rows) SettleRefused(batch, row, message);
      return;
    case ReplyMeaning::kDenied:
      return JudgeDenied(batch, reply);
    case ReplyMeaning::kLost:
      return LookAfterLostReply(std::move(batch), status);
    default:
      return JudgeFailed(batch, status);
  }
}

// Who names an owner has judged this group, and not the key.
void MembershipStep::JudgeDenied(Batch& batch, const WriteReply& reply) {
  const std::string message(reply.status.message());
  if (reply.owner.empty()) {
    tools_.health.NoteDenied(message);
  } else {
    tools_.health.NoteAnswered();
  }
  for (Row& row : batch.rows) {
    if (MayBeRerouted(*row.change, reply, tools_.endpoints)) {
      journal_.Reroute(row.outcome);
    } else {
      SettleRefused(batch, row,
                    WithAdvice(message, row.change->directory, tools_.endpoints, reply.owner));
    }
  }
}

// Where an earlier request may have worked, this one may be refused because nothing is left to do,
// and a lagging reader does not show it: verification will.
void MembershipStep::SettleRefused(const Batch& batch, Row& row, const std::string& message) {
  if (!batch.lost) return Settle(row, OutcomeState::kRefused, message);
  Settle(row, OutcomeState::kUnknown,
         absl::StrCat("an earlier request may have had its effect; ", message));
}

// One of the batch is to blame, or all are: found by a look where that can tell, else by halving.
void MembershipStep::JudgeRefused(Batch batch, const absl::Status& status) {
  const ReplyMeaning meaning = MeaningOf(status);
  if (batch.rows.size() > 1) {
    if (meaning == ReplyMeaning::kContentRefused || batch.looked) return Halve(std::move(batch));
    const size_t before = batch.rows.size();
    std::optional<std::vector<Row>> left = Look(std::move(batch.rows));
    if (!left.has_value() || left->empty()) return;
    Batch rest{*std::move(left), true, batch.lost};
    if (rest.rows.size() == before) return Halve(std::move(rest));
    batches_.push_back(std::move(rest));
    return;
  }
  Row& row = batch.rows.front();
  const bool removal = action_ == Action::kRemoveMembership;
  if (meaning == ReplyMeaning::kContentRefused) {
    SettleRefused(batch, row, std::string(status.message()));
  } else if (meaning == ReplyMeaning::kWasSoAlready || removal) {
    Settle(row, batch.lost ? OutcomeState::kApplied : OutcomeState::kAlreadyDone,
           "the server says that it was so already");
  } else {
    Settle(row, OutcomeState::kSkippedStale, absl::StrCat("the account or ", group_, " is gone"));
  }
}

// This request had no effect; an earlier one, whose reply was lost, may have had.
void MembershipStep::JudgeFailed(Batch& batch, const absl::Status& status) {
  const std::string message(status.message());
  switch (MeaningOf(status)) {
    case ReplyMeaning::kWithdrawn:
      tools_.ledger.Stop();
      if (batch.lost) return;
      for (const Row& row : batch.rows) journal_.Withdraw(row.change->id);
      return;
    case ReplyMeaning::kKeyRefused:
      tools_.health.NoteKeyRefused(message);
      break;
    default:
      tools_.health.NoteFailed(message);
      break;
  }
  SettleAll(batch.rows, batch.lost ? OutcomeState::kUnknown : OutcomeState::kFailed, message);
}

void MembershipStep::LookAfterLostReply(Batch batch, const absl::Status& status) {
  const std::string message(status.message());
  if (batch.lost) {
    tools_.health.NoteFailed(message);
    return SettleAll(batch.rows, OutcomeState::kUnknown,
                     absl::StrCat("sent twice without an answer: ", message));
  }
  const absl::StatusOr<GroupMembers> group = Read(batch.rows);
  if (!group.ok()) {
    if (group.status().code() == absl::StatusCode::kCancelled) return tools_.ledger.Stop();
    const std::string why(group.status().message());
    if (group.status().code() == absl::StatusCode::kNotFound) {
      return SettleAll(batch.rows,
                       action_ == Action::kRemoveMembership ? OutcomeState::kApplied
                                                            : OutcomeState::kSkippedStale,
                       absl::StrCat(group_, " is gone"));
    }
    if (group.status().code() == absl::StatusCode::kUnauthenticated) {
      tools_.health.NoteKeyRefused(why);
    } else {
      tools_.health.NoteFailed(why);
    }
    return SettleAll(batch.rows, OutcomeState::kUnknown,
                     absl::StrCat("sent, and ", group_, " could not be read to see: ", why));
  }
  std::vector<Row> rest;
  for (Row& row : batch.rows) {
    const bool member =
        std::binary_search(group->members.begin(), group->members.end(), row.change->account);
    if (member == (action_ == Action::kAddMembership)) {
      Settle(row, OutcomeState::kApplied, "the reply was lost, reading shows it done");
    } else {
      rest.push_back(std::move(row));
    }
  }
  if (!rest.empty()) batches_.push_back({std::move(rest), true, true});
}

void MembershipStep::Halve(Batch batch) {
  const auto middle = batch.rows.begin() + batch.rows.size() / 2;
  Batch second{{std::make_move_iterator(middle), std::make_move_iterator(batch.rows.end())},
               batch.looked,
               batch.lost};
  batch.rows.erase(middle, batch.rows.end());
  batches_.push_back(std::move(second));
  batches_.push_back(std::move(batch));
}

// What was refused as part of a batch had no effect and is pending again; what was lost stays
// announced, so that the next start reads it.
void MembershipStep::LeaveRest() {
  for (const Batch& batch : batches_) {
    if (batch.lost) continue;
    for (const Row& row : batch.rows) journal_.Withdraw(row.change->id);
  }
  batches_.clear();
}

void MembershipStep::Settle(Row& row, OutcomeState state, std::string message) {
  row.outcome.state = state;
  row.outcome.message = WithRoute(*row.change, row.outcome, message);
  journal_.Settle(row.outcome);
}

void MembershipStep::SettleAll(std::vector<Row>& rows, OutcomeState state,
                               const std::string& message) {
  for (Row& row : rows) Settle(row, state, message);
}

}  // namespace rollcall
