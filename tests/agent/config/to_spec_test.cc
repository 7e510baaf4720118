#include "agent/config/to_spec.h"

#include "agent/config/config_hash.h"
#include "gmock/gmock.h"
#include "tests/agent/config/config_text.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Spec SpecOf(const std::string& text) { return Loaded(text).spec; }
DirectorySpec FirstDirectory(const std::string& keys) {
  return SpecOf(absl::StrCat("export: {people: p}\ndirectories:\n  - {id: a, ", keys,
                             ", scim: {url: \"https://a.example.com\", token: {env: T}}}\n"))
      .directories.at(0);
}

TEST(ToSpecTest, DefaultsChangeNothing) {
  const Spec spec = SpecOf(SmallConfig());
  ASSERT_THAT(spec.directories, SizeIs(2));
  EXPECT_EQ(spec.directories[0].kind, DirectoryKind::kAtlassianAdmin);
  EXPECT_EQ(spec.directories[1].kind, DirectoryKind::kScim);
  const Policy& policy = spec.directories[1].policy;
  EXPECT_EQ(policy.activate, Policy::Activate::kOwn);
  EXPECT_EQ(policy.vanished, Policy::Leave::kReport);
  EXPECT_TRUE(spec.directories[1].apply);
  EXPECT_THAT(spec.directories[1].allow, SizeIs(4));
  EXPECT_TRUE(spec.guards.first_run);
  EXPECT_EQ(spec.guards.max_deactivations.count, 500);
  EXPECT_EQ(spec.guards.max_group_removals.count, std::nullopt);
  EXPECT_EQ(spec.guards.stale_export, absl::Hours(26));
  EXPECT_EQ(spec.vanished_after, 2);
  EXPECT_EQ(spec.plan_max_age, absl::Hours(4));
  EXPECT_EQ(spec.reread_after, absl::Seconds(60));
}

TEST(ToSpecTest, PeopleInEveryForm) {
  EXPECT_EQ(FirstDirectory("people: all").people.kind, PeopleRule::Kind::kAll);
  const PeopleRule groups = FirstDirectory("people: {groups: [x, y]}").people;
  EXPECT_EQ(groups.kind, PeopleRule::Kind::kGroups);
  EXPECT_THAT(groups.groups, ElementsAre("x", "y"));
  const PeopleRule where = FirstDirectory("people: {where: {userType: Member, dept: 7}}").people;
  EXPECT_EQ(where.kind, PeopleRule::Kind::kWhere);
  EXPECT_THAT(where.conditions,
              ElementsAre(Condition{"dept", "7"}, Condition{"user_type", "Member"}));
}

TEST(ToSpecTest, MatchInEveryForm) {
  const auto match = [](const std::string& text) {
    return FirstDirectory("people: all, match: " + text).match;
  };
  EXPECT_EQ(match("{user_name: local_part}").user_name, MatchRule::UserName::kLocalPart);
  EXPECT_EQ(match("{user_name: user_name}").user_name, MatchRule::UserName::kUserName);
  EXPECT_EQ(match("{user_name: samAccountName}").user_name_attribute, "sam_account_name");
  EXPECT_EQ(match("{external_id: ignore}").external_id, MatchRule::ExternalId::kIgnore);
  EXPECT_EQ(match("{external_id: employeeNumber}").external_id_attribute, "employee_number");
  EXPECT_EQ(match("{external_id: id}").external_id, MatchRule::ExternalId::kStableId);
}

TEST(ToSpecTest, DirectoryOverridesSingleKeysOfThePolicy) {
  const Spec spec = SpecOf(
      "policy: {activate: all, vanished: deactivate, inactive_memberships: remove}\n"
      "export: {people: p}\n"
      "directories:\n"
      "  - {id: a, people: all, policy: {activate: own, unowned: deactivate}, scim: {url: "
      "\"https://a.example.com\", token: {env: T}}}\n"
      "  - {id: b, people: all, scim: {url: \"https://b.example.com\", token: {env: T}}}\n");
  EXPECT_EQ(spec.directories[0].policy.activate, Policy::Activate::kOwn);
  EXPECT_EQ(spec.directories[0].policy.vanished, Policy::Leave::kDeactivate);
  EXPECT_EQ(spec.directories[0].policy.unowned, Policy::Leave::kDeactivate);
  EXPECT_EQ(spec.directories[1].policy.activate, Policy::Activate::kAll);
  EXPECT_EQ(spec.directories[1].policy.unowned, Policy::Leave::kReport);
  EXPECT_EQ(spec.directories[1].policy.inactive_memberships, Policy::InactiveMemberships::kRemove);
}

TEST(ToSpecTest, StagedStartIsTakenOver) {
  const DirectorySpec directory = FirstDirectory(
      "people: all, identity: bot, apply: false, allow: [deactivate, add_membership]");
  EXPECT_FALSE(directory.apply);
  EXPECT_EQ(directory.identity, "bot");
  EXPECT_THAT(directory.allow, ElementsAre(Action::kDeactivate, Action::kAddMembership));
}

TEST(ToSpecTest, GuardsAreSwitchedOffAndOverriddenKeyByKey) {
  const GuardSpec guards =
      SpecOf(SmallConfig("guards:\n"
                         "  empty_export: false\n"
                         "  shrunken_export: {percent: 25}\n"
                         "  stale_export: 49h30m\n"
                         "  first_run: true\n"
                         "  max_deactivations: {percent: 3}\n"
                         "  max_activations: false\n"
                         "  max_additions: true\n"
                         "  max_group_removals: {count: 9}\n"
                         "  emptied_group: false\n"
                         "  min_admins: {groups: [site-admins], limit: 3}\n"
                         "  privileged: {groups: [\"*-owners\"]}\n"
                         "  protected: [breakglass@example.com, \"group:site-admins\"]\n"))
          .guards;
  EXPECT_FALSE(guards.empty_export);
  EXPECT_EQ(guards.shrunken_export_percent, 25);
  EXPECT_EQ(guards.stale_export, absl::Minutes(49 * 60 + 30));
  EXPECT_TRUE(guards.max_deactivations.on);
  EXPECT_EQ(guards.max_deactivations.floor, 10);
  EXPECT_EQ(guards.max_deactivations.percent, 3);
  EXPECT_EQ(guards.max_deactivations.count, 500);
  EXPECT_FALSE(guards.max_activations.on);
  EXPECT_TRUE(guards.max_additions.on);
  EXPECT_EQ(guards.max_additions.count, 2000);
  EXPECT_EQ(guards.max_group_removals.count, 9);
  EXPECT_FALSE(guards.emptied_group);
  EXPECT_THAT(guards.min_admins_groups, ElementsAre("site-admins"));
  EXPECT_EQ(guards.min_admins_limit, 3);
  EXPECT_THAT(guards.privileged_groups, ElementsAre("*-owners"));
  EXPECT_THAT(guards.protected_entries, ElementsAre("breakglass@example.com", "group:site-admins"));
}

TEST(ToSpecTest, ExportGuardsAreSwitchedOff) {
  const GuardSpec guards =
      SpecOf(SmallConfig("guards: {shrunken_export: false, stale_export: false, min_admins: false, "
                         "privileged: false, duplicate_people: false}\n"))
          .guards;
  EXPECT_EQ(guards.shrunken_export_percent, std::nullopt);
  EXPECT_EQ(guards.stale_export, std::nullopt);
  EXPECT_FALSE(guards.min_admins);
  EXPECT_FALSE(guards.privileged);
  EXPECT_FALSE(guards.duplicate_people);
}

TEST(ToSpecTest, GroupsScopeAndAgesAreTakenOver) {
  const Spec spec = SpecOf(
      "export: {people: p, exclude: [{where: {userType: Guest}}, {where: {a: b, c: d}}]}\n"
      "directories: [{id: a, people: all, scim: {url: \"https://a.example.com\", token: {env: "
      "T}}}]\n"
      "groups:\n"
      "  - {export: \"eng-*\", directory: a, mode: additive}\n"
      "  - {export: Ops, directory: a, name: operators, may_be_empty: true}\n"
      "managed: {domains: [EXAMPLE.com], groups: [staff]}\n"
      "vanished_after: 3\nplan_max_age: 30m\nreread_after: 0s\n");
  ASSERT_THAT(spec.groups, SizeIs(2));
  EXPECT_TRUE(spec.groups[0].IsPattern());
  EXPECT_EQ(spec.groups[0].mode, GroupMode::kAdditive);
  EXPECT_EQ(spec.groups[1].target_name, "operators");
  EXPECT_TRUE(spec.groups[1].may_be_empty);
  EXPECT_THAT(spec.managed_domains, ElementsAre("example.com"));
  EXPECT_THAT(spec.managed_groups, ElementsAre("staff"));
  EXPECT_THAT(spec.exclude, ElementsAre(ElementsAre(Condition{"user_type", "Guest"}),
                                        ElementsAre(Condition{"a", "b"}, Condition{"c", "d"})));
  EXPECT_EQ(spec.vanished_after, 3);
  EXPECT_EQ(spec.plan_max_age, absl::Minutes(30));
  EXPECT_EQ(spec.reread_after, absl::ZeroDuration());
}

TEST(ConfigHashTest, CommentsAndTheOrderOfKeysDoNotCount) {
  const std::string a = SpecOf(SmallConfig("managed: {domains: [x.com], groups: [g]}\n"
                                           "policy: {activate: own, vanished: report}\n"))
                            .config_hash;
  const std::string b = SpecOf("# why\npolicy:\n  vanished: report # later\n  activate: 'own'\n" +
                               SmallConfig("managed:\n  groups: [g]\n  domains:\n  - x.com\n"))
                            .config_hash;
  EXPECT_EQ(a, b);
  EXPECT_THAT(a, SizeIs(64));
}

TEST(ConfigHashTest, OrderOfConditionsDoesNotCount) {
  const auto with = [](const std::string& where) {
    return SpecOf("export: {people: p, exclude: [{where: {" + where +
                  "}}]}\ndirectories: [{id: a, people: all, scim: {url: \"https://a.example.com\", "
                  "token: {env: T}}}]\n")
        .config_hash;
  };
  EXPECT_EQ(with("a: 1, b: 2"), with("b: 2, a: 1"));
  EXPECT_NE(with("a: 1, b: 2"), with("a: 2, b: 1"));
}

TEST(ConfigHashTest, WhereSecretsAreKeptAndWhatTheDaemonDoesDoNotCount) {
  std::string moved = SmallConfig(
      "state: elsewhere.db\n"
      "schedules: [{name: n, cron: \"0 2 * * *\", action: apply}]\n"
      "serve: {listen: \"127.0.0.1:1\"}\n");
  moved.replace(moved.find("{env: T}"), 8, "{file: /run/secrets/t}");
  EXPECT_EQ(SpecOf(moved).config_hash, SpecOf(SmallConfig()).config_hash);
}

TEST(ConfigHashTest, WhatShapesAPlanCounts) {
  const std::string base = SpecOf(SmallConfig()).config_hash;
  for (const char* more :
       {"policy: {vanished: deactivate}\n", "guards: {first_run: false}\n", "vanished_after: 2\n",
        "groups: [{export: a, directory: cloud}]\n", "managed: {groups: [a]}\n"}) {
    EXPECT_NE(SpecOf(SmallConfig(more)).config_hash, base) << more;
  }
  std::string other_server = SmallConfig();
  other_server.replace(other_server.find("scim.example.com"), 4, "test");
  EXPECT_NE(SpecOf(other_server).config_hash, base);
}

}  // namespace
}  // namespace rollcall
