#include "reconciler/apply/account_step.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/apply/refusal_advice.h"
#include "reconciler/apply/reply_meaning.h"
#include "reconciler/apply/reroute.h"
#include "reconciler/apply/staleness.h"

namespace rollcall {
namespace {

constexpr int kMaxSends = 2;  // the second only after a lost reply and a look

}  // namespace

AccountStep::AccountStep(const ApplyTools& tools, WorkerJournal& journal, const Change& change)
    : tools_(tools),
      journal_(journal),
      change_(change),
      outcome_(tools.ledger.Begin(change.id)),
      resumed_(tools.ledger.MayHaveBeenSent(change.id)),
      maybe_sent_(resumed_) {}

void AccountStep::Run() {
  if (Look() == Next::kOver) return;
  if (tools_.MustStop()) return;
  maybe_sent_ = false;  // the look shows that whatever was announced before did not happen
  if (!journal_.Announce({change_.id}).ok()) return;
  if (Send() == Next::kOver) return;
  if (Look() == Next::kOver) return;
  Send();
}

AccountStep::Next AccountStep::Look() {
  const absl::StatusOr<AccountRecord> account =
      tools_.endpoint.reader->ReadAccount(change_.account, tools_.context);
  return account.ok() ? JudgeAccount(*account) : LookFailed(account.status());
}

AccountStep::Next AccountStep::LookFailed(const absl::Status& status) {
  const std::string message(status.message());
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return Leave();
    case absl::StatusCode::kNotFound:
      tools_.health.NoteNothingSent();
      // Servers that hide inactive users answer so to what we did ourselves.
      if (maybe_sent_ && change_.action == Action::kDeactivate) {
        return Settle(OutcomeState::kApplied, "the account is not served any more");
      }
      return Settle(OutcomeState::kSkippedStale, "the account is gone");
    case absl::StatusCode::kUnauthenticated:
      tools_.health.NoteKeyRefused(message);
      break;
    case absl::StatusCode::kPermissionDenied:
      tools_.health.NoteDenied(message);
      if (maybe_sent_) break;
      return Settle(OutcomeState::kRefused,
                    absl::StrCat("the account may not be read, nothing was sent: ", message));
    default:
      tools_.health.NoteFailed(message);
      break;
  }
  if (maybe_sent_) {
    return Settle(OutcomeState::kUnknown,
                  absl::StrCat("sent, and the account could not be read to see: ", message));
  }
  return Settle(OutcomeState::kFailed,
                absl::StrCat("the account could not be read, nothing was sent: ", message));
}

AccountStep::Next AccountStep::JudgeAccount(const AccountRecord& account) {
  const bool at_goal = AtGoal(change_.action, account.state);
  // A routed change finds its own record at the goal (rule R3): only its effects tell.
  const bool routed = !change_.routed_from.empty();
  if (at_goal && maybe_sent_ && (!routed || EffectsHold())) {
    tools_.health.NoteNothingSent();
    return Settle(OutcomeState::kApplied, resumed_ ? "found done after the interruption"
                                                   : "the reply was lost, reading shows it done");
  }
  const std::string changed = WhatChanged(change_, account, tools_.endpoint.spec);
  if (!changed.empty()) {
    tools_.health.NoteNothingSent();
    return Settle(OutcomeState::kSkippedStale, changed);
  }
  if (at_goal && !maybe_sent_ && !routed) {
    tools_.health.NoteNothingSent();
    outcome_.verified = change_.effects.empty();  // it was just read
    return Settle(OutcomeState::kAlreadyDone, "it was so already, nothing was sent");
  }
  return Next::kSend;
}

AccountStep::Next AccountStep::Send() {
  ++sends_;
  DirectoryWriter& writer = *tools_.endpoint.writer;
  const WriteReply reply = change_.action == Action::kActivate
                               ? writer.Activate(change_.account, tools_.context)
                               : writer.Deactivate(change_.account, tools_.context);
  outcome_.attempts += reply.attempts;
  outcome_.http_status = reply.http_status;
  outcome_.finding = FindingOf(reply.status);
  return JudgeReply(reply);
}

AccountStep::Next AccountStep::JudgeReply(const WriteReply& reply) {
  const absl::Status& status = reply.status;
  const std::string message(status.message());
  switch (MeaningOf(status)) {
    case ReplyMeaning::kDone:
      tools_.health.NoteAnswered();
      return Settle(OutcomeState::kApplied, reply.note);
    case ReplyMeaning::kWasSoAlready:
      tools_.health.NoteAnswered();
      return Settle(maybe_sent_ ? OutcomeState::kApplied : OutcomeState::kAlreadyDone,
                    "the server says that it was so already");
    case ReplyMeaning::kGone:
      tools_.health.NoteAnswered();
      return Settle(OutcomeState::kSkippedStale, "the account is gone");
    case ReplyMeaning::kContentRefused:
    case ReplyMeaning::kStateRefused:
      tools_.health.NoteAnswered();
      return SettleRefused(message);
    case ReplyMeaning::kDenied:
      return JudgeDenied(reply);
    case ReplyMeaning::kLost:
      return ReplyLost(status);
    default:
      return JudgeFailedReply(status);
  }
}

// Who names an owner has judged this account, and not the key.
AccountStep::Next AccountStep::JudgeDenied(const WriteReply& reply) {
  const std::string message(reply.status.message());
  if (reply.owner.empty()) {
    tools_.health.NoteDenied(message);
  } else {
    tools_.health.NoteAnswered();
  }
  if (MayBeRerouted(change_, reply, tools_.endpoints)) {
    journal_.Reroute(outcome_);
    return Next::kOver;
  }
  return SettleRefused(WithAdvice(message, change_.directory, tools_.endpoints, reply.owner));
}

// Where an earlier request may have worked, this one may be refused because nothing is left to do,
// and a lagging reader does not show it: verification will.
AccountStep::Next AccountStep::SettleRefused(const std::string& message) {
  if (sends_ == 1) return Settle(OutcomeState::kRefused, message);
  return Settle(OutcomeState::kUnknown,
                absl::StrCat("an earlier request may have had its effect; ", message));
}

// This send had no effect; an earlier one, whose reply was lost, may have had.
AccountStep::Next AccountStep::JudgeFailedReply(const absl::Status& status) {
  const std::string message(status.message());
  switch (MeaningOf(status)) {
    case ReplyMeaning::kWithdrawn:
      if (!maybe_sent_) journal_.Withdraw(change_.id);
      return Leave();
    case ReplyMeaning::kKeyRefused:
      tools_.health.NoteKeyRefused(message);
      break;
    default:
      tools_.health.NoteFailed(message);
      break;
  }
  return Settle(maybe_sent_ ? OutcomeState::kUnknown : OutcomeState::kFailed, message);
}

AccountStep::Next AccountStep::ReplyLost(const absl::Status& status) {
  maybe_sent_ = true;
  if (sends_ < kMaxSends) return Next::kSend;
  tools_.health.NoteFailed(status.message());
  return Settle(OutcomeState::kUnknown,
                absl::StrCat("sent twice without an answer: ", std::string(status.message())));
}

bool AccountStep::EffectsHold() {
  bool any = false;
  for (const Effect& effect : change_.effects) {
    const auto found = tools_.endpoints.find(effect.directory);
    if (found == tools_.endpoints.end()) continue;
    const absl::StatusOr<AccountRecord> account =
        found->second.reader->ReadAccount(effect.account, tools_.context);
    if (!account.ok() || !EffectAtGoal(effect.action, account->state)) return false;
    any = true;
  }
  return any;
}

AccountStep::Next AccountStep::Settle(OutcomeState state, std::string message) {
  outcome_.state = state;
  outcome_.message = WithRoute(change_, outcome_, message);
  journal_.Settle(outcome_);
  return Next::kOver;
}

AccountStep::Next AccountStep::Leave() {
  tools_.ledger.Stop();
  return Next::kOver;
}

}  // namespace rollcall
