#include "agent/config/to_spec.h"

#include <map>
#include <string>

#include "agent/config/config_hash.h"
#include "agent/config/guards_spec.h"
#include "agent/config/spans.h"
#include "reconciler/base/fold.h"

namespace rollcall::config {
namespace {

DirectoryKind KindOf(const v1::Directory& directory) {
  switch (directory.kind_case()) {
    case v1::Directory::kCrowd:
      return DirectoryKind::kCrowd;
    case v1::Directory::kAtlassianAdmin:
      return DirectoryKind::kAtlassianAdmin;
    case v1::Directory::kJira:
      return DirectoryKind::kJira;
    case v1::Directory::kScim:
    case v1::Directory::KIND_NOT_SET:
      break;
  }
  return DirectoryKind::kScim;
}

std::vector<Condition> Conditions(const google::protobuf::Map<std::string, std::string>& where) {
  std::vector<Condition> result;
  for (const auto& [name, value] : std::map<std::string, std::string>(where.begin(), where.end())) {
    result.push_back({SnakeCase(name), value});
  }
  return result;
}

PeopleRule ToPeople(const v1::People& people) {
  PeopleRule rule;
  if (!people.groups().empty()) {
    rule.kind = PeopleRule::Kind::kGroups;
    rule.groups.assign(people.groups().begin(), people.groups().end());
  } else if (!people.where().empty()) {
    rule.kind = PeopleRule::Kind::kWhere;
    rule.conditions = Conditions(people.where());
  }
  return rule;
}

MatchRule ToMatch(const v1::Match& match) {
  MatchRule rule;
  const std::string user_name = SnakeCase(match.user_name());
  if (user_name == "local_part") {
    rule.user_name = MatchRule::UserName::kLocalPart;
  } else if (!user_name.empty() && user_name != "user_name") {
    rule.user_name = MatchRule::UserName::kAttribute;
    rule.user_name_attribute = user_name;
  }
  const std::string external_id = SnakeCase(match.external_id());
  if (external_id == "ignore") {
    rule.external_id = MatchRule::ExternalId::kIgnore;
  } else if (!external_id.empty() && external_id != "id") {
    rule.external_id = MatchRule::ExternalId::kAttribute;
    rule.external_id_attribute = external_id;
  }
  return rule;
}

Policy::Leave ToLeave(v1::Policy::Leave value) {
  return value == v1::Policy::LEAVE_DEACTIVATE ? Policy::Leave::kDeactivate
                                               : Policy::Leave::kReport;
}

// Proto's MergeFrom takes over exactly the keys that the directory sets: none is 0 when set.
Policy ToPolicy(v1::Policy policy, const v1::Policy& overrides) {
  policy.MergeFrom(overrides);
  Policy result;
  if (policy.activate() == v1::Policy::ACTIVATE_ALL) result.activate = Policy::Activate::kAll;
  if (policy.activate() == v1::Policy::ACTIVATE_REPORT) result.activate = Policy::Activate::kReport;
  result.not_entitled = ToLeave(policy.not_entitled());
  result.vanished = ToLeave(policy.vanished());
  result.unowned = ToLeave(policy.unowned());
  if (policy.inactive_memberships() == v1::Policy::MEMBERSHIPS_REMOVE) {
    result.inactive_memberships = Policy::InactiveMemberships::kRemove;
  }
  if (policy.unclaimed_accounts() == v1::Policy::UNCLAIMED_SUSPEND) {
    result.unclaimed_accounts = Policy::Unclaimed::kSuspend;
  }
  if (policy.deactivate_by() == v1::Policy::DEACTIVATE_BY_DIRECTORY) {
    result.deactivate_by = Policy::DeactivateBy::kDirectory;
  }
  if (policy.site_access() == v1::Policy::SITE_ACCESS_FOLLOW_ACTIVITY) {
    result.site_access = Policy::SiteAccess::kFollowActivity;
  }
  return result;
}

Action ToAction(int action) {
  switch (action) {
    case v1::Directory::ACTION_ACTIVATE:
      return Action::kActivate;
    case v1::Directory::ACTION_ADD_MEMBERSHIP:
      return Action::kAddMembership;
    case v1::Directory::ACTION_REMOVE_MEMBERSHIP:
      return Action::kRemoveMembership;
    default:
      return Action::kDeactivate;
  }
}

DirectorySpec ToDirectory(const v1::Directory& directory, const v1::Policy& policy) {
  DirectorySpec spec;
  spec.id = directory.id();
  spec.kind = KindOf(directory);
  spec.people = ToPeople(directory.people());
  spec.match = ToMatch(directory.match());
  spec.policy = ToPolicy(policy, directory.policy());
  spec.identity = directory.identity();
  spec.provisions = directory.scim().provisions();
  if (directory.has_apply()) spec.apply = directory.apply();
  if (directory.allow_size() > 0) {
    spec.allow.clear();
    for (int action : directory.allow()) spec.allow.push_back(ToAction(action));
  }
  return spec;
}

GroupRule ToGroup(const v1::GroupEntry& entry) {
  GroupRule rule;
  rule.export_name = entry.export_();
  rule.directory = entry.directory();
  rule.target_name = entry.name();
  if (entry.mode() == v1::GroupEntry::MODE_ADDITIVE) rule.mode = GroupMode::kAdditive;
  rule.may_be_empty = entry.may_be_empty();
  return rule;
}

}  // namespace

Spec ToSpec(const v1::Config& config) {
  Spec spec;
  for (const v1::Directory& directory : config.directories()) {
    spec.directories.push_back(ToDirectory(directory, config.policy()));
  }
  for (const v1::GroupEntry& group : config.groups()) spec.groups.push_back(ToGroup(group));
  for (const std::string& domain : config.managed().domains()) {
    spec.managed_domains.push_back(Fold(domain));
  }
  spec.managed_groups.assign(config.managed().groups().begin(), config.managed().groups().end());
  for (const v1::Exclude& rule : config.export_().exclude()) {
    spec.exclude.push_back(Conditions(rule.where()));
  }
  spec.guards = ToGuards(config.guards());
  if (config.has_vanished_after()) spec.vanished_after = config.vanished_after();
  if (config.has_plan_max_age()) spec.plan_max_age = ToSpan(config.plan_max_age());
  if (config.has_reread_after()) spec.reread_after = ToSpan(config.reread_after());
  spec.config_hash = ConfigHash(config);
  return spec;
}

}  // namespace rollcall::config
