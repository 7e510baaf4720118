#include "tests/simulation/sim_world.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/jira_twin.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/scim_twin.h"

namespace rollcall::simulation {
namespace {

twins::Company Invent(Dice& dice, absl::Time now) {
  twins::CompanyOptions options;
  options.people = dice.Between(30, 60);
  options.groups = dice.Between(2, 6);
  options.memberships = dice.Between(1, 2);
  options.drift = dice.Between(1, 5);
  options.cloud = 1;
  options.crowd = 1;
  options.seed = static_cast<uint64_t>(dice.Below(1'000'000'000));
  while (true) {  // ends: with the least drift 20 people are enough
    absl::StatusOr<twins::Company> company = twins::MakeCompany(options, now - absl::Hours(48));
    if (company.ok()) return *std::move(company);
    --options.drift;
  }
}

DirectorySpec Directory(const char* id, DirectoryKind kind, const Policy& policy) {
  DirectorySpec directory;
  directory.id = id;
  directory.kind = kind;
  directory.policy = policy;
  return directory;
}

Policy DrawPolicy(Dice& dice) {
  Policy policy;
  if (dice.Chance(600)) policy.activate = Policy::Activate::kAll;
  if (dice.Chance(500)) policy.inactive_memberships = Policy::InactiveMemberships::kRemove;
  if (dice.Chance(500)) policy.vanished = Policy::Leave::kDeactivate;
  if (dice.Chance(500)) policy.unclaimed_accounts = Policy::Unclaimed::kSuspend;
  return policy;
}

}  // namespace

SimWorld::SimWorld(Dice dice, twins::TwinClock clock, const Lag& lag, std::optional<Dice> site)
    : clock_(std::move(clock)) {
  company_ = Invent(dice, clock_());
  MakeSpec(dice);
  if (site.has_value()) {
    site_ = DrawSite(*site, company_, spec_);
    site_->twin.base_path = kSiteBase;
  } else {
    company_.world.sites.clear();
  }
  FindAccounts();
  FindUntouchable();
  MakeHolds(dice, clock_());
  idp_ = std::make_unique<Idp>(company_,
                               std::set<std::string>{company_.drift.at("protected")[0].person,
                                                     company_.drift.at("org_admins")[0].person});
  atlassian_ = dice.Chance(500);
  if (dice.Chance(500)) scim_page_ = dice.Between(7, 40);
  if (dice.Chance(500)) cloud_page_ = dice.Between(7, 40);
  MakeTwins(lag);
}

void SimWorld::MakeTwins(const Lag& lag) {
  twins::ScimOptions scim;
  if (atlassian_) {
    twins::ApplyDialect("atlassian", scim).IgnoreError();
  } else {
    scim.quirks.Set(twins::Quirk::kAtlassianAccounts);
  }
  scim.base_path = kScimBase;
  scim.stale_for = lag.time;
  scim.page_cap = scim_page_;
  twins_[kScimBase] = std::make_unique<twins::ScimTwin>(&company_.world, kScim, scim, clock_);
  twins::CrowdOptions crowd;
  crowd.base_path = kCrowdBase;
  crowd.stale_for = lag.time;
  twins_[kCrowdBase] = std::make_unique<twins::CrowdTwin>(&company_.world, kCrowd, crowd, clock_);
  twins::OrgOptions cloud;
  cloud.base_path = kCloudBase;
  cloud.page_cap = cloud_page_;
  company_.world.organisation->propagation.time = lag.time;
  twins_[kCloudBase] = std::make_unique<twins::OrgTwin>(&company_.world, cloud, clock_);
  if (!site_.has_value()) return;
  twins_[kSiteBase] =
      std::make_unique<twins::JiraTwin>(&company_.world, kSite, site_->twin, clock_);
}

void SimWorld::MakeSpec(Dice& dice) {
  const Policy policy = DrawPolicy(dice);
  DirectorySpec crowd = Directory(kCrowd, DirectoryKind::kCrowd, policy);
  crowd.match.user_name = MatchRule::UserName::kLocalPart;
  crowd.match.external_id = MatchRule::ExternalId::kIgnore;
  DirectorySpec cloud = Directory(kCloud, DirectoryKind::kAtlassianAdmin, policy);
  cloud.identity = company_.drift.at("org_admins")[0].cloud_account;
  if (dice.Chance(250)) cloud.policy.deactivate_by = Policy::DeactivateBy::kDirectory;
  DirectorySpec scim = Directory(kScim, DirectoryKind::kScim, policy);
  scim.provisions = kCloud;
  spec_.directories = {crowd, cloud, scim};
  spec_.managed_domains = {"example.com"};
  spec_.config_hash = "simulation";
  const auto& kept = company_.drift.at("protected")[0];
  for (const twins::CompanyPerson& person : company_.people) {
    if (person.id == kept.person) spec_.guards.protected_entries = {person.email};
  }
  for (Limit* limit : {&spec_.guards.max_deactivations, &spec_.guards.max_activations,
                       &spec_.guards.max_removals, &spec_.guards.max_additions}) {
    limit->percent.reset();
    limit->floor = 0;
    limit->count = dice.Chance(300) ? dice.Between(1, 8) : 500;
  }
  if (dice.Chance(300)) spec_.reread_after = absl::Seconds(dice.Between(0, 10));
  MakeGroupsSpec(dice);
}

void SimWorld::MakeGroupsSpec(Dice& dice) {
  const bool cloud_too = dice.Chance(400);
  for (const twins::CompanyGroup& group : company_.groups) {
    GroupRule rule;
    rule.export_name = group.name;
    rule.mode = dice.Chance(200) ? GroupMode::kAdditive : GroupMode::kExact;
    for (const char* directory : {kScim, kCrowd, kCloud}) {
      if (directory == kCloud && !cloud_too) continue;
      rule.directory = directory;
      spec_.groups.push_back(rule);
    }
  }
}

// By the ids that the company was made with, not by what a client would find.
void SimWorld::FindAccounts() {
  std::map<std::string, std::string> person_of;  // by e-mail or name
  for (const twins::CompanyPerson& person : company_.people) {
    person_of[person.user_name] = person.id;
    person_of[person.email] = person.id;
  }
  for (const auto& entry : company_.drift.at("renames")) {
    person_of[entry.user_name] = entry.person;
  }
  for (const auto& user : company_.world.scim[kScim].users()) {
    std::string person = user->ExternalId();
    if (person.empty()) {
      const auto named = person_of.find(user->UserName());
      if (named != person_of.end()) person = named->second;
    }
    if (!person.empty()) accounts_of_[person].insert({kScim, user->id});
  }
  for (const auto& directory : company_.world.crowd[kCrowd].directories) {
    for (const auto& [folded, user] : directory.users) {
      const auto person = person_of.find(user.email);
      if (person == person_of.end()) continue;
      accounts_of_[person->second].insert({kCrowd, CrowdKeyOf(directory, user)});
    }
  }
  for (const auto& [id, account] : company_.world.cloud_accounts) {
    const auto person = person_of.find(account.email);
    if (person == person_of.end()) continue;
    accounts_of_[person->second].insert({kCloud, id});
    if (site_.has_value()) accounts_of_[person->second].insert({kSite, id});
  }
}

void SimWorld::FindUntouchable() {
  const auto& kept = company_.drift.at("protected")[0];
  untouchable_ = accounts_of_[kept.person];
  for (const auto& vendor : company_.drift.at("out_of_scope")) {
    untouchable_.insert({kScim, vendor.account});
  }
  const std::string& own = company_.drift.at("org_admins")[0].cloud_account;
  untouchable_.insert({kCloud, own});
  untouchable_.insert({kSite, own});
}

void SimWorld::MakeHolds(Dice& dice, absl::Time now) {
  for (const char* kind : {"joiners", "lockouts", "leavers", "missing_memberships"}) {
    for (const auto& entry : company_.drift.at(kind)) {
      if (!dice.Chance(300)) continue;
      Hold hold;
      hold.person = entry.person;
      hold.email = entry.user_name;
      hold.kind = Hold::Kind::kDeactivated;
      hold.reason = "simulated";
      hold.created = now;
      holds_.push_back(hold);
      for (const auto& account : accounts_of_[entry.person]) held_.insert(account);
    }
  }
}

std::string SimWorld::DirectoryOf(const std::string& target) {
  if (absl::StartsWith(target, kScimBase)) return kScim;
  if (absl::StartsWith(target, kSiteBase)) return kSite;
  return absl::StartsWith(target, kCrowdBase) ? kCrowd : kCloud;
}

twins::TwinResponse SimWorld::Handle(const twins::TwinRequest& request) {
  const std::string directory = DirectoryOf(request.target);
  const char* base = directory == kScim    ? kScimBase
                     : directory == kCrowd ? kCrowdBase
                     : directory == kSite  ? kSiteBase
                                           : kCloudBase;
  return twins_.at(base)->Handle(request);
}

}  // namespace rollcall::simulation
