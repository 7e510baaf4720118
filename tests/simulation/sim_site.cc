#include "tests/simulation/sim_site.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/simulation/facts.h"

namespace rollcall::simulation {
namespace {

using twins::JiraQuirk;

constexpr char kAccessGroup[] = "site-access";

struct QuirkChance {
  JiraQuirk quirk;
  int64_t in_thousand;
};
// Those that a site works with, in some way. What shuts out everybody, or refuses every change of a
// kind, is rare: there would be nothing to see.
constexpr QuirkChance kQuirkChances[] = {
    {JiraQuirk::kShortUsers, 300},
    {JiraQuirk::kTotalLies, 100},
    {JiraQuirk::kIsLastAbsent, 150},
    {JiraQuirk::kNextPageAbsent, 150},
    {JiraQuirk::kMaxResultsLower, 150},
    {JiraQuirk::kEmailHidden, 300},
    {JiraQuirk::kNearLimit, 100},
    {JiraQuirk::kQuotaHeaders, 100},
    {JiraQuirk::kExternalUserManagement, 100},
    {JiraQuirk::kExternal403, 300},
    {JiraQuirk::kSyncedGroupRefused, 400},
    {JiraQuirk::kReaddOk, 300},
    {JiraQuirk::kRemoveAbsent400, 300},
    {JiraQuirk::kRemoveAbsentOk, 200},
    {JiraQuirk::kUninvitedJoins, 300},
    {JiraQuirk::kCreateExists400, 300},
    {JiraQuirk::kRevive500, 300},
    {JiraQuirk::kDeleteUser400, 100},
};

twins::JiraOptions DrawTwin(Dice& dice) {
  twins::JiraOptions twin;
  for (const auto& [quirk, in_thousand] : kQuirkChances) {
    if (dice.Chance(in_thousand)) twin.quirks.Set(quirk);
  }
  if (dice.Chance(200)) {
    twin.quirks.Set(dice.Chance(500) ? JiraQuirk::kShiftedPages : JiraQuirk::kRepeatedRows);
    twin.odd_passes = 1;
  }
  if (dice.Chance(400)) twin.page_cap = dice.Between(7, 40);
  if (dice.Chance(200)) twin.rate_limit = dice.Between(2, 20);
  if (dice.Chance(200)) twin.slow_page = dice.Between(50, 200);
  twin.seed = dice.Next();
  return twin;
}

// By the e-mails that the company was made with.
std::map<std::string, std::string> AccountsOf(const twins::Company& company) {
  std::map<std::string, std::string> account_of;  // by e-mail
  for (const auto& [id, account] : company.world.cloud_accounts) account_of[account.email] = id;
  std::map<std::string, std::string> result;
  for (const twins::CompanyPerson& person : company.people) {
    const auto account = account_of.find(person.email);
    if (account != account_of.end()) result[person.id] = account->second;
  }
  return result;
}

twins::OrgGroup OwnGroup(const twins::Company& company, const std::string& name) {
  twins::OrgGroup group;
  group.id = absl::StrCat("id-of-", name);
  group.name = name;
  group.directory = company.world.sites.at(kSite).directory;
  return group;
}

void Put(twins::Company& company, twins::OrgGroup group) {
  const std::string id = group.id;
  company.world.organisation->groups[id] = std::move(group);
}

// A group of the site for one of the export's: some are missing in it, and some too many.
void AddOwnGroup(Dice& dice, const twins::CompanyGroup& exported, twins::Company& company,
                 Spec& spec) {
  GroupRule rule;
  rule.export_name = exported.name;
  rule.directory = kSite;
  rule.target_name = absl::StrCat(exported.name, " (site)");
  rule.mode = dice.Chance(200) ? GroupMode::kAdditive : GroupMode::kExact;
  twins::OrgGroup group = OwnGroup(company, rule.target_name);
  const std::map<std::string, std::string> account_of = AccountsOf(company);
  for (const std::string& person : exported.members) {
    const auto account = account_of.find(person);
    if (account != account_of.end() && dice.Chance(850)) group.members.insert(account->second);
  }
  for (const auto& [person, account] : account_of) {
    if (dice.Chance(60)) group.members.insert(account);
  }
  Put(company, std::move(group));
  spec.groups.push_back(std::move(rule));
}

void AddAccess(Dice& dice, SimSite& site, twins::Company& company) {
  twins::JiraSite& served = company.world.sites.at(kSite);
  twins::OrgGroup access = OwnGroup(company, kAccessGroup);
  for (const auto& [id, account] : company.world.cloud_accounts) {
    if (dice.Chance(950)) {
      access.members.insert(id);
    } else if (dice.Chance(700)) {
      served.removed.insert(id);
    }
  }
  served.access_groups = {access.id};
  Put(company, std::move(access));
  if (dice.Chance(600)) site.access_groups = {kAccessGroup};
  site.products = {"jira-software"};
}

}  // namespace

bool SimSite::MayRefuseForGood(Action action) const {
  const twins::JiraQuirks& quirks = twin.quirks;
  if (quirks.Has(JiraQuirk::kExternalUserManagement)) return true;
  switch (action) {
    case Action::kActivate:
      // By the e-mail alone, where no groups are named.
      return access_groups.empty() &&
             (quirks.Has(JiraQuirk::kRevive500) || quirks.Has(JiraQuirk::kCreateExists400) ||
              quirks.Has(JiraQuirk::kEmailHidden));
    case Action::kDeactivate:
      return quirks.Has(JiraQuirk::kDeleteUser400);
    default:
      return quirks.Has(JiraQuirk::kSyncedGroupRefused);
  }
}

std::string SimSite::ToString() const {
  std::string text = absl::StrCat(
      "a Jira site, pages of ", page_size, follows_activity ? ", follows activity" : "",
      access_groups.empty() ? ", access by address" : ", access by groups", ", caps ",
      twin.page_cap, "/", twin.rate_limit, "/", twin.slow_page, ":");
  for (const twins::JiraQuirkInfo& info : twins::AllJiraQuirks()) {
    if (twin.quirks.Has(info.quirk)) absl::StrAppend(&text, " ", info.name);
  }
  return text;
}

SimSite DrawSite(Dice& dice, twins::Company& company, Spec& spec) {
  SimSite site;
  site.twin = DrawTwin(dice);
  const std::string& own = company.drift.at("org_admins")[0].cloud_account;
  site.twin.email = company.world.cloud_accounts.at(own).email;
  site.page_size = dice.Between(20, 200);
  site.follows_activity = dice.Chance(600);
  AddAccess(dice, site, company);
  DirectorySpec directory = spec.directories.front();
  directory.id = kSite;
  directory.kind = DirectoryKind::kJira;
  directory.match = MatchRule();
  directory.identity = own;
  if (dice.Chance(300)) directory.policy.activate = Policy::Activate::kAll;
  directory.policy.site_access =
      site.follows_activity ? Policy::SiteAccess::kFollowActivity : Policy::SiteAccess::kReport;
  spec.directories.push_back(std::move(directory));
  const bool synced_too = dice.Chance(300);
  for (const twins::CompanyGroup& group : company.groups) {
    if (dice.Chance(500)) AddOwnGroup(dice, group, company, spec);
    if (!synced_too) continue;
    GroupRule rule;
    rule.export_name = group.name;
    rule.directory = kSite;
    rule.mode = dice.Chance(200) ? GroupMode::kAdditive : GroupMode::kExact;
    spec.groups.push_back(std::move(rule));
  }
  return site;
}

}  // namespace rollcall::simulation
