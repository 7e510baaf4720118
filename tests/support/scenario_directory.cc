#include "absl/strings/strip.h"
#include "reconciler/base/status_macros.h"
#include "tests/support/scenario_lines.h"

namespace rollcall::scenario {
namespace {

// account ID USER_NAME [EMAIL] [inactive|partly|untouchable] [unclaimed] [admin] [external=ID]
// [names=ACCOUNT]
absl::Status AccountLine(CompanyDirectory& directory, const Words& words) {
  if (words.size() < 3) return Unknown("an account has an id and a user name");
  TestAccount account;
  account.id = words[1];
  account.user_name = Name(words[2]);
  for (size_t i = 3; i < words.size(); ++i) {
    auto [name, value] = Pair(words[i]);
    if (words[i] == "inactive") {
      account.state = AccountState::kInactive;
    } else if (words[i] == "partly") {
      account.state = AccountState::kPartlyActive;
    } else if (words[i] == "untouchable") {
      account.state = AccountState::kUntouchable;
    } else if (words[i] == "unclaimed") {
      account.claimed = false;
    } else if (words[i] == "admin") {
      account.administrator = true;
    } else if (words[i] == "synced") {
      account.synced = true;
    } else if (words[i] == "pending_deletion") {
      account.state = AccountState::kUntouchable;
      account.pending_deletion = true;
    } else if (name == "external") {
      account.external_id = value;
    } else if (name == "names") {
      account.linked_account = value;
    } else if (i == 3) {
      account.email = Name(words[i]);
    } else {
      return Unknown(words[i]);
    }
  }
  directory.Account(std::move(account));
  return absl::OkStatus();
}

// group NAME [id=ID] [nested] [synced] [fixed]: ACCOUNT…
absl::Status GroupLine(CompanyDirectory& directory, const Words& words, const std::string& tail) {
  TestGroup group;
  group.name = words[1];
  for (size_t i = 2; i < words.size(); ++i) {
    auto [name, value] = Pair(words[i]);
    if (words[i] == "nested") {
      group.nested = true;
    } else if (words[i] == "synced") {
      group.externally_synced = true;
    } else if (words[i] == "fixed") {
      group.modifiable = false;
    } else if (name == "id") {
      group.id = value;
    } else {
      return Unknown(words[i]);
    }
  }
  directory.Group(group);
  for (absl::string_view account : SplitWords(tail)) {
    directory.Member(words[1], std::string(account));
  }
  return absl::OkStatus();
}

absl::Status PeopleLine(PeopleRule& people, const Words& words, const std::string& tail) {
  if (words.size() != 2) return Unknown("people all|groups|where");
  ASSIGN_OR_RETURN(people.kind, OneOf<PeopleRule::Kind>({{"all", PeopleRule::Kind::kAll},
                                                         {"groups", PeopleRule::Kind::kGroups},
                                                         {"where", PeopleRule::Kind::kWhere}},
                                                        words[1]));
  if (people.kind == PeopleRule::Kind::kGroups) people.groups = List(tail);
  if (people.kind == PeopleRule::Kind::kWhere) {
    for (const std::string& condition : List(tail)) {
      auto [name, value] = Pair(condition);
      people.conditions.push_back({name, value});
    }
  }
  return absl::OkStatus();
}

absl::Status PolicyLine(Policy& policy, const Words& words) {
  using Leave = Policy::Leave;
  auto leave = [](absl::string_view value) {
    return OneOf<Leave>({{"report", Leave::kReport}, {"deactivate", Leave::kDeactivate}}, value);
  };
  for (size_t i = 1; i < words.size(); ++i) {
    auto [name, value] = Pair(words[i]);
    if (name == "activate") {
      ASSIGN_OR_RETURN(policy.activate,
                       OneOf<Policy::Activate>({{"own", Policy::Activate::kOwn},
                                                {"all", Policy::Activate::kAll},
                                                {"report", Policy::Activate::kReport}},
                                               value));
    } else if (name == "not_entitled") {
      ASSIGN_OR_RETURN(policy.not_entitled, leave(value));
    } else if (name == "vanished") {
      ASSIGN_OR_RETURN(policy.vanished, leave(value));
    } else if (name == "unowned") {
      ASSIGN_OR_RETURN(policy.unowned, leave(value));
    } else if (words[i] == "inactive_memberships=remove") {
      policy.inactive_memberships = Policy::InactiveMemberships::kRemove;
    } else if (words[i] == "site_access=follow_activity") {
      policy.site_access = Policy::SiteAccess::kFollowActivity;
    } else if (words[i] == "unclaimed_accounts=suspend") {
      policy.unclaimed_accounts = Policy::Unclaimed::kSuspend;
    } else if (words[i] == "deactivate_by=directory") {
      policy.deactivate_by = Policy::DeactivateBy::kDirectory;
    } else {
      return Unknown(words[i]);
    }
  }
  return absl::OkStatus();
}

// match user_name=local_part|ATTRIBUTE external_id=ignore|ATTRIBUTE
absl::Status MatchLine(MatchRule& match, const Words& words) {
  for (size_t i = 1; i < words.size(); ++i) {
    auto [name, value] = Pair(words[i]);
    if (words[i] == "user_name=local_part") {
      match.user_name = MatchRule::UserName::kLocalPart;
    } else if (name == "user_name") {
      match.user_name = MatchRule::UserName::kAttribute;
      match.user_name_attribute = value;
    } else if (words[i] == "external_id=ignore") {
      match.external_id = MatchRule::ExternalId::kIgnore;
    } else if (name == "external_id") {
      match.external_id = MatchRule::ExternalId::kAttribute;
      match.external_id_attribute = value;
    } else {
      return Unknown(words[i]);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadDirectoryLine(CompanyDirectory& directory, absl::string_view line,
                               const Words& words, const std::string& tail) {
  DirectorySpec& spec = directory.spec();
  if (words[0] == "account") return AccountLine(directory, SplitWords(line));
  if (words[0] == "group" && words.size() >= 2) return GroupLine(directory, words, tail);
  if (words[0] == "people") return PeopleLine(spec.people, words, tail);
  if (words[0] == "policy") return PolicyLine(spec.policy, words);
  if (words[0] == "match") return MatchLine(spec.match, words);
  if (words[0] == "unreadable") {
    directory.Unreadable(std::string(absl::StripPrefix(line, "unreadable ")));
  } else if (words[0] == "identity" && words.size() == 2) {
    spec.identity = words[1];
  } else if (words[0] == "provisions" && words.size() == 2) {
    spec.provisions = words[1];
  } else if (words[0] == "apply" && words.size() == 2 && words[1] == "false") {
    spec.apply = false;
  } else if (words[0] == "allow") {
    spec.allow.clear();
    for (const std::string& name : List(tail)) {
      ASSIGN_OR_RETURN(Action action, ReadAction(name));
      spec.allow.push_back(action);
    }
  } else {
    return Unknown(words[0]);
  }
  return absl::OkStatus();
}

// takes account ID activate|deactivate WRITES [restores]: how many requests that would need, by
// probing; `restores`: the account itself is on.
absl::Status ReadTakesLine(ProbeResult& probe, const Words& words) {
  const bool fits = words.size() == 5 || (words.size() == 6 && words[5] == "restores");
  if (!fits || words[1] != "account") return Unknown("account ID ACTION WRITES [restores]");
  ASSIGN_OR_RETURN(Action action, ReadAction(words[3]));
  ASSIGN_OR_RETURN(int64_t writes, Number(words[4]));
  Ownership& owner = probe.accounts[words[2]];
  (action == Action::kActivate ? owner.activate_writes : owner.deactivate_writes) = writes;
  owner.restores_only = words.size() == 6;
  return absl::OkStatus();
}

// owned account|group ID REASON: what probing finds out.
absl::Status ReadOwnedLine(ProbeResult& probe, const Words& words) {
  Ownership owner;
  owner.may_activate = owner.may_deactivate = owner.may_change_membership = false;
  if (words.size() > 3) owner.reason = words[3];
  (words[1] == "group" ? probe.groups : probe.accounts)[words[2]] = owner;
  return absl::OkStatus();
}

}  // namespace rollcall::scenario
