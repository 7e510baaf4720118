#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "tests/property/world.h"
#include "tests/support/plan_text.h"

namespace rollcall::property {
namespace {

std::string NameOr(const std::string& name) { return name.empty() ? "-" : name; }

const char* Word(Action action) {
  switch (action) {
    case Action::kActivate:
      return "activate";
    case Action::kDeactivate:
      return "deactivate";
    case Action::kAddMembership:
      return "add";
    case Action::kRemoveMembership:
      return "remove";
  }
  return "";
}

const char* Word(Proof proof) {
  return proof == Proof::kByHand ? "by_hand" : proof == Proof::kRecordedId ? "by_id" : "by_name";
}

const char* Word(DirectoryKind kind) {
  switch (kind) {
    case DirectoryKind::kScim:
      return "scim";
    case DirectoryKind::kCrowd:
      return "crowd";
    case DirectoryKind::kAtlassianAdmin:
      return "cloud";
    case DirectoryKind::kJira:
      return "jira";
  }
  return "";
}

std::string ConditionWords(const std::vector<Condition>& conditions, const char* between) {
  std::vector<std::string> words;
  for (const Condition& condition : conditions) {
    words.push_back(absl::StrCat(condition.attribute, "=", condition.value));
  }
  return absl::StrJoin(words, between);
}

std::string ExportText(const World& world) {
  std::string text = "export\n";
  if (!world.stable_ids) absl::StrAppend(&text, "  without_stable_ids\n");
  if (!world.export_age.empty()) absl::StrAppend(&text, "  age ", world.export_age, "\n");
  for (const WorldPerson& person : world.people) {
    absl::StrAppend(&text, "  person ", person.id, " ", NameOr(person.user_name), " ",
                    NameOr(person.email));
    if (person.standing == Standing::kInactive) absl::StrAppend(&text, " inactive");
    if (person.standing == Standing::kHold) absl::StrAppend(&text, " hold");
    if (!person.alias.empty()) absl::StrAppend(&text, " alias=", person.alias);
    for (const auto& [name, value] : person.attributes) {
      absl::StrAppend(&text, " ", name, "=", value);
    }
    absl::StrAppend(&text, "\n");
  }
  for (const WorldCircle& circle : world.circles) {
    absl::StrAppend(&text, "  group ", circle.name, ": ", absl::StrJoin(circle.members, " "), "\n");
    if (circle.cut) absl::StrAppend(&text, "  cut ", circle.name, ": the list ends early\n");
  }
  return text;
}

std::string AccountText(const TestAccount& account) {
  std::string text = absl::StrCat("  account ", account.id, " ", NameOr(account.user_name), " ",
                                  NameOr(account.email));
  if (account.state == AccountState::kInactive) absl::StrAppend(&text, " inactive");
  if (account.state == AccountState::kPartlyActive) absl::StrAppend(&text, " partly");
  if (account.state == AccountState::kUntouchable) absl::StrAppend(&text, " untouchable");
  if (!account.claimed) absl::StrAppend(&text, " unclaimed");
  if (account.administrator) absl::StrAppend(&text, " admin");
  if (!account.external_id.empty()) absl::StrAppend(&text, " external=", account.external_id);
  if (!account.linked_account.empty()) absl::StrAppend(&text, " names=", account.linked_account);
  return absl::StrCat(text, "\n");
}

std::string PolicyText(const Policy& policy) {
  std::string text;
  auto leave = [&](const char* name, Policy::Leave value) {
    if (value == Policy::Leave::kDeactivate) absl::StrAppend(&text, " ", name, "=deactivate");
  };
  if (policy.activate == Policy::Activate::kAll) absl::StrAppend(&text, " activate=all");
  if (policy.activate == Policy::Activate::kReport) absl::StrAppend(&text, " activate=report");
  leave("not_entitled", policy.not_entitled);
  leave("vanished", policy.vanished);
  leave("unowned", policy.unowned);
  if (policy.inactive_memberships == Policy::InactiveMemberships::kRemove) {
    absl::StrAppend(&text, " inactive_memberships=remove");
  }
  if (policy.unclaimed_accounts == Policy::Unclaimed::kSuspend) {
    absl::StrAppend(&text, " unclaimed_accounts=suspend");
  }
  if (policy.deactivate_by == Policy::DeactivateBy::kDirectory) {
    absl::StrAppend(&text, " deactivate_by=directory");
  }
  return text.empty() ? "" : absl::StrCat("  policy", text, "\n");
}

std::string MatchText(const MatchRule& match) {
  std::string text;
  if (match.user_name == MatchRule::UserName::kLocalPart) text = " user_name=local_part";
  if (match.user_name == MatchRule::UserName::kAttribute) {
    text = absl::StrCat(" user_name=", match.user_name_attribute);
  }
  if (match.external_id == MatchRule::ExternalId::kIgnore) {
    absl::StrAppend(&text, " external_id=ignore");
  }
  if (match.external_id == MatchRule::ExternalId::kAttribute) {
    absl::StrAppend(&text, " external_id=", match.external_id_attribute);
  }
  return text.empty() ? "" : absl::StrCat("  match", text, "\n");
}

std::string SpecText(const DirectorySpec& spec) {
  std::string text;
  if (spec.people.kind == PeopleRule::Kind::kGroups) {
    absl::StrAppend(&text, "  people groups: ", absl::StrJoin(spec.people.groups, ", "), "\n");
  }
  if (spec.people.kind == PeopleRule::Kind::kWhere) {
    absl::StrAppend(&text, "  people where: ", ConditionWords(spec.people.conditions, ", "), "\n");
  }
  absl::StrAppend(&text, MatchText(spec.match), PolicyText(spec.policy));
  if (!spec.identity.empty()) absl::StrAppend(&text, "  identity ", spec.identity, "\n");
  if (!spec.provisions.empty()) absl::StrAppend(&text, "  provisions ", spec.provisions, "\n");
  if (!spec.apply) absl::StrAppend(&text, "  apply false\n");
  if (spec.allow.size() < 4) {
    std::vector<std::string> words;
    for (Action action : spec.allow) words.push_back(Word(action));
    absl::StrAppend(&text, "  allow: ", absl::StrJoin(words, ", "), "\n");
  }
  return text;
}

std::string DirectoryText(const WorldDirectory& directory) {
  std::string text =
      absl::StrCat("directory ", directory.spec.id, " ", Word(directory.spec.kind), "\n");
  if (directory.unreadable) absl::StrAppend(&text, "  unreadable 503\n");
  absl::StrAppend(&text, SpecText(directory.spec));
  for (const TestAccount& account : directory.accounts) {
    absl::StrAppend(&text, AccountText(account));
  }
  for (const TestGroup& group : directory.groups) {
    absl::StrAppend(&text, "  group ", group.name);
    if (!group.id.empty()) absl::StrAppend(&text, " id=", group.id);
    if (group.nested) absl::StrAppend(&text, " nested");
    if (group.externally_synced) absl::StrAppend(&text, " synced");
    if (!group.modifiable) absl::StrAppend(&text, " fixed");
    absl::StrAppend(&text, ":");
    for (const auto& [name, account] : directory.members) {
      if (name == group.name) absl::StrAppend(&text, " ", account);
    }
    absl::StrAppend(&text, "\n");
  }
  for (const auto& [account, reason] : directory.owned) {
    absl::StrAppend(&text, "  owned account ", account, " ", reason, "\n");
  }
  return text;
}

std::string LimitText(const char* name, const Limit& limit) {
  std::string text = absl::StrCat("  ", name);
  if (!limit.on) return absl::StrCat(text, " off\n");
  absl::StrAppend(&text, " floor=", limit.floor);
  if (limit.percent.has_value()) absl::StrAppend(&text, " percent=", *limit.percent);
  if (limit.count.has_value()) absl::StrAppend(&text, " count=", *limit.count);
  return absl::StrCat(text, "\n");
}

std::string GuardText(const GuardSpec& guards) {
  std::string text = "guards\n";
  auto off = [&](const char* name, bool is_on) {
    if (!is_on) absl::StrAppend(&text, "  ", name, " off\n");
  };
  off("empty_export", guards.empty_export);
  off("shrunken_export", guards.shrunken_export_percent.has_value());
  off("stale_export", guards.stale_export.has_value());
  off("duplicate_people", guards.duplicate_people);
  off("first_run", guards.first_run);
  off("emptied_group", guards.emptied_group);
  off("privileged", guards.privileged);
  absl::StrAppend(&text, LimitText("max_deactivations", guards.max_deactivations),
                  LimitText("max_activations", guards.max_activations),
                  LimitText("max_removals", guards.max_removals),
                  LimitText("max_additions", guards.max_additions),
                  LimitText("max_group_removals", guards.max_group_removals));
  absl::StrAppend(&text, "  privileged: ", absl::StrJoin(guards.privileged_groups, ", "), "\n");
  absl::StrAppend(&text, "  min_admins ", guards.min_admins_limit, ": ",
                  absl::StrJoin(guards.min_admins_groups, ", "), "\n");
  off("min_admins", guards.min_admins);
  if (!guards.protected_entries.empty()) {
    absl::StrAppend(&text, "  protected: ", absl::StrJoin(guards.protected_entries, ", "), "\n");
  }
  return text;
}

std::string ConfigurationText(const World& world) {
  std::string text = "groups\n";
  for (const GroupRule& rule : world.spec.groups) {
    absl::StrAppend(&text, "  ", rule.export_name, " -> ", rule.directory);
    if (!rule.target_name.empty()) absl::StrAppend(&text, " as ", rule.target_name);
    if (rule.mode == GroupMode::kAdditive) absl::StrAppend(&text, " additive");
    if (rule.may_be_empty) absl::StrAppend(&text, " may_be_empty");
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, "configuration\n");
  for (const std::vector<Condition>& conditions : world.spec.exclude) {
    absl::StrAppend(&text, "  exclude ", ConditionWords(conditions, " "), "\n");
  }
  for (const std::string& domain : world.spec.managed_domains) {
    absl::StrAppend(&text, "  managed_domain ", domain, "\n");
  }
  for (const std::string& group : world.spec.managed_groups) {
    absl::StrAppend(&text, "  managed_group ", group, "\n");
  }
  absl::StrAppend(&text, "  vanished_after ", world.spec.vanished_after, "\n");
  if (!world.only.empty()) absl::StrAppend(&text, "  only ", world.only, "\n");
  return absl::StrCat(text, GuardText(world.spec.guards));
}

int64_t Hours(absl::Time time) { return (absl::UnixEpoch() - time) / absl::Hours(1); }

std::string HistoryText(const Memory& memory) {
  std::string text;
  for (const PastChange& past : memory.applied_last_24h) {
    absl::StrAppend(&text, "  past ", past.directory, " ", Word(past.action), " ", past.account,
                    " ", Hours(past.time));
    if (!past.person.empty()) absl::StrAppend(&text, " person=", past.person);
    if (!past.group.empty()) absl::StrAppend(&text, " group=", past.group);
    for (const std::string& guard : past.waived) absl::StrAppend(&text, " waived=", guard);
    if (past.run != 0) absl::StrAppend(&text, " run=", past.run);
    absl::StrAppend(&text, "\n");
  }
  for (const Memory::Reversal& row : memory.applied_repeatedly) {
    absl::StrAppend(&text, "  repeated ", row.directory, " ", Word(row.action), " ", row.account,
                    " ", row.applied_times, row.group.empty() ? "" : " ", row.group, "\n");
  }
  for (const Refusal& row : memory.refusals) {
    absl::StrAppend(&text, "  refused ", row.directory, " ", row.finding, " ", Word(row.action),
                    " ", Hours(row.time), row.account.empty() ? "" : " ", row.account,
                    row.group_id.empty() ? "" : " ", row.group_id, "\n");
  }
  return text;
}

std::string MemoryText(const World& world) {
  const Memory& memory = world.memory;
  std::string text = "links\n";
  for (const RecordedLink& link : memory.links) {
    absl::StrAppend(&text, "  ", link.directory, " ", link.account, " ", link.person, " ",
                    link.severed ? "severed" : Word(link.proof), "\n");
  }
  absl::StrAppend(&text, "holds\n");
  for (const Hold& hold : memory.holds) {
    absl::StrAppend(&text, "  ", hold.person.empty() ? hold.email : hold.person,
                    hold.kind == Hold::Kind::kDeactivated ? " out\n" : " in\n");
  }
  absl::StrAppend(&text, "memory\n");
  if (world.fresh) absl::StrAppend(&text, "  fresh\n");
  for (const std::string& id : memory.applied_directories) {
    absl::StrAppend(&text, "  applied ", id, "\n");
  }
  for (const auto& [id, group] : memory.covered_groups) {
    absl::StrAppend(&text, "  covered ", id, " ", group, "\n");
  }
  for (const auto& [id, group] : memory.adopted_groups) {
    absl::StrAppend(&text, "  adopted ", id, " ", group, "\n");
  }
  for (const auto& [id, account] : memory.deactivated_by_us) {
    absl::StrAppend(&text, "  deactivated_by_us ", id, " ", account, "\n");
  }
  for (const auto& [id, account] : memory.asserted) {
    absl::StrAppend(&text, "  asserted ", id, " ", account, "\n");
  }
  for (const AbsentPerson& row : memory.absent) {
    absl::StrAppend(&text, "  absent ", row.person, " ", row.missing_exports, "\n");
  }
  if (!memory.last_accepted_hash.empty()) absl::StrAppend(&text, "  last_accepted_is_this_one\n");
  return absl::StrCat(text, HistoryText(memory));
}

}  // namespace

std::string ScenarioText(const World& world) {
  std::string text = ExportText(world);
  for (const WorldDirectory& directory : world.directories) {
    absl::StrAppend(&text, DirectoryText(directory));
  }
  return absl::StrCat(text, ConfigurationText(world), MemoryText(world));
}

void showValue(const World& world, std::ostream& out) {
  out << "\n" << ScenarioText(world) << "expect\n" << PlanText(PlanOf(world).plan);
}

}  // namespace rollcall::property
