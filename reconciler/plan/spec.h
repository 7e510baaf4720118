// Spec: what the configuration says, in the domain's terms and without secrets or addresses. The
// agent makes it from the configuration proto. A value.
#ifndef RECONCILER_PLAN_SPEC_H_
#define RECONCILER_PLAN_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace rollcall {

enum class DirectoryKind : uint8_t { kScim, kCrowd, kAtlassianAdmin, kJira };

// Kinds whose accounts have no user name link by e-mail only (rule L1).
inline bool HasUserNames(DirectoryKind kind) {
  return kind == DirectoryKind::kScim || kind == DirectoryKind::kCrowd;
}

struct Condition {
  std::string attribute;  // snake case
  std::string value;      // compared folded
  bool operator==(const Condition&) const = default;
};

// Rule E1.
struct PeopleRule {
  enum class Kind : uint8_t { kAll, kGroups, kWhere };
  Kind kind = Kind::kAll;
  std::vector<std::string> groups;    // any of them; name, or e-mail (Google)
  std::vector<Condition> conditions;  // all of them
};

// Rules L2 and L7.
struct MatchRule {
  enum class UserName : uint8_t { kUserName, kLocalPart, kAttribute };
  enum class ExternalId : uint8_t { kStableId, kAttribute, kIgnore };
  UserName user_name = UserName::kUserName;
  std::string user_name_attribute;  // snake case
  ExternalId external_id = ExternalId::kStableId;
  std::string external_id_attribute;  // snake case
};

// Rule A2. The first value of each is the default: it changes nothing.
struct Policy {
  enum class Activate : uint8_t { kOwn, kAll, kReport };
  enum class Leave : uint8_t { kReport, kDeactivate };
  enum class InactiveMemberships : uint8_t { kKeep, kRemove };
  enum class Unclaimed : uint8_t { kReport, kSuspend };
  enum class DeactivateBy : uint8_t { kAccount, kDirectory };
  enum class SiteAccess : uint8_t { kReport, kFollowActivity };
  Activate activate = Activate::kOwn;
  Leave not_entitled = Leave::kReport;
  Leave vanished = Leave::kReport;
  Leave unowned = Leave::kReport;
  InactiveMemberships inactive_memberships = InactiveMemberships::kKeep;
  Unclaimed unclaimed_accounts = Unclaimed::kReport;
  DeactivateBy deactivate_by = DeactivateBy::kAccount;
  SiteAccess site_access = SiteAccess::kReport;
};

enum class GroupMode : uint8_t { kExact, kAdditive };

struct GroupRule {
  std::string export_name;  // or a pattern with * and ?
  std::string directory;
  std::string target_name;  // empty: the export's name
  GroupMode mode = GroupMode::kExact;
  bool may_be_empty = false;
  bool IsPattern() const { return export_name.find_first_of("*?") != std::string::npos; }
};

// The guard blocks when n > count, or n > floor and 100·n > percent·base (base > 0). Integers.
struct Limit {
  bool on = true;
  int64_t floor = 0;
  std::optional<int64_t> percent;
  std::optional<int64_t> count;
};

struct GuardSpec {
  bool empty_export = true;
  std::optional<int64_t> shrunken_export_percent = 10;  // nullopt: off
  std::optional<absl::Duration> stale_export = absl::Hours(26);
  bool duplicate_people = true;
  bool first_run = true;
  Limit max_deactivations{.floor = 10, .percent = 5, .count = 500};
  Limit max_activations{.floor = 10, .percent = 5, .count = 500};
  Limit max_removals{.floor = 50, .percent = 10, .count = 2000};
  Limit max_additions{.floor = 50, .percent = 10, .count = 2000};
  Limit max_group_removals{.floor = 5, .percent = 50, .count = std::nullopt};
  bool emptied_group = true;
  bool min_admins = true;
  std::vector<std::string> min_admins_groups;  // target groups, names or patterns
  int64_t min_admins_limit = 2;
  bool privileged = true;
  std::vector<std::string> privileged_groups = {"*admin*"};  // patterns over target group names
  // Never waivable: e-mails, user names or ids of people, "directory/account", "group:NAME",
  // "members:NAME". Limit: 10,000 entries.
  std::vector<std::string> protected_entries;
};

enum class Action : uint8_t { kActivate, kDeactivate, kAddMembership, kRemoveMembership };

inline bool IsMembership(Action action) {
  return action == Action::kAddMembership || action == Action::kRemoveMembership;
}

struct DirectorySpec {
  std::string id;
  DirectoryKind kind = DirectoryKind::kScim;
  PeopleRule people;
  MatchRule match;
  Policy policy;           // the configuration's, with this directory's overrides
  std::string identity;    // the account that Rollcall works with (`self`); id, user name or e-mail
  std::string provisions;  // SCIM: the organisation directory behind it; may be empty
  bool apply = true;       // false: planned and shown, never written
  std::vector<Action> allow = {Action::kActivate, Action::kDeactivate, Action::kAddMembership,
                               Action::kRemoveMembership};
};

struct Spec {
  std::vector<DirectorySpec> directories;  // in the order of the configuration
  std::vector<GroupRule> groups;
  std::vector<std::string> managed_domains;     // e-mail domains, folded
  std::vector<std::string> managed_groups;      // target groups whose members are managed accounts
  std::vector<std::vector<Condition>> exclude;  // any rule of which all conditions hold (rule E2)
  GuardSpec guards;
  int64_t vanished_after = 2;
  absl::Duration plan_max_age = absl::Hours(4);
  absl::Duration reread_after = absl::Seconds(60);
  std::string config_hash;

  const DirectorySpec* FindDirectory(const std::string& id) const {
    for (const DirectorySpec& directory : directories) {
      if (directory.id == id) return &directory;
    }
    return nullptr;
  }
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_SPEC_H_
