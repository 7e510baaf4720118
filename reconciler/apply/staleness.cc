#include "reconciler/apply/staleness.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

std::string Quoted(const std::string& value) {
  return value.empty() ? "empty" : absl::StrCat("\"", value, "\"");
}

std::string Difference(const char* what, const std::string& was, const std::string& is) {
  return absl::StrCat("its ", what, " was ", Quoted(was), " and is ", Quoted(is), " now");
}

}  // namespace

std::string WhatChanged(const Change& change, const AccountRecord& account,
                        const DirectorySpec& directory) {
  if (account.state == AccountState::kUntouchable) {
    return "it is closed, pending deletion, or not a person's (rule A5)";
  }
  if (account.id != change.account) return Difference("id", change.account, account.id);
  if (HasUserNames(directory.kind) && !change.user_name.empty() &&
      !FoldedEquals(change.user_name, account.user_name)) {
    return Difference("user name", change.user_name, account.user_name);
  }
  if (!change.linked_email.empty() && !FoldedEquals(change.linked_email, account.email)) {
    return Difference("e-mail", change.linked_email, account.email);
  }
  // Whose account would be carried along is part of what the record was judged by (rule R2).
  for (const Effect& effect : change.effects) {
    if (effect.directory == directory.provisions && effect.group_id.empty() &&
        !account.linked_account.empty() && account.linked_account != effect.account) {
      return Difference("organisation account", effect.account, account.linked_account);
    }
  }
  const bool ignored = directory.match.external_id == MatchRule::ExternalId::kIgnore;
  if (!ignored && change.linked_external_id != account.external_id) {
    const bool became_ours =
        change.linked_external_id.empty() && account.external_id == change.person;
    if (!became_ours) {
      return Difference("externalId", change.linked_external_id, account.external_id);
    }
  }
  return "";
}

bool AtGoal(Action action, AccountState state) {
  return state == (action == Action::kActivate ? AccountState::kActive : AccountState::kInactive);
}

bool EffectAtGoal(Action action, AccountState state) {
  const bool on = state == AccountState::kPartlyActive && action == Action::kActivate;
  return on || AtGoal(action, state);
}

}  // namespace rollcall
