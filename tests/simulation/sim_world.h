// SimWorld: an invented company with a SCIM directory, the organisation behind it, a Crowd, and
// perhaps a Jira site of the organisation; what the configuration says of them, and what must never
// happen there. The twins stand behind Handle(). One thread at a time.
#ifndef TESTS_SIMULATION_SIM_WORLD_H_
#define TESTS_SIMULATION_SIM_WORLD_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/plan/memory.h"
#include "reconciler/plan/spec.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/facts.h"
#include "tests/simulation/idp.h"
#include "tests/simulation/sim_site.h"
#include "tests/twins/clock.h"
#include "tests/twins/company.h"
#include "tests/twins/message.h"

namespace rollcall::simulation {

class SimWorld {
 public:
  static constexpr char kOrigin[] = "http://127.0.0.1:1";
  static constexpr char kToken[] = "twin-token";
  static constexpr char kScimBase[] = "/scim/v2";
  static constexpr char kCrowdBase[] = "/crowd";
  static constexpr char kCloudBase[] = "/atlassian";
  static constexpr char kSiteBase[] = "/jira/site";

  struct Lag {
    absl::Duration time = absl::ZeroDuration();  // reads after a write are stale for so long
  };

  // `site`: what the site is drawn from; without, there is none, and the rest is the same.
  SimWorld(Dice dice, twins::TwinClock clock, const Lag& lag, std::optional<Dice> site);

  twins::World& world() { return company_.world; }
  const twins::World& world() const { return company_.world; }
  const twins::Company& company() const { return company_; }
  const Spec& spec() const { return spec_; }
  const std::string& org_id() const { return company_.world.organisation->id; }
  const std::optional<SimSite>& site() const { return site_; }

  // From now on reads are never stale. The servers start anew.
  void Settle() { MakeTwins({}); }

  Idp& idp() { return *idp_; }
  const Idp& idp() const { return *idp_; }
  // The directory that a request goes to.
  static std::string DirectoryOf(const std::string& target);
  twins::TwinResponse Handle(const twins::TwinRequest& request);

  // Accounts that must not be touched: protected, out of scope, Rollcall's own. (directory,
  // account)
  using Accounts = std::set<std::pair<std::string, std::string>>;
  const Accounts& untouchable() const { return untouchable_; }
  // Whom a hold keeps out.
  const std::vector<Hold>& holds() const { return holds_; }
  const Accounts& held() const { return held_; }
  // Every account of every person, as it is at the beginning.
  const std::map<std::string, Accounts>& accounts_of() const { return accounts_of_; }

 private:
  void MakeTwins(const Lag& lag);
  void MakeSpec(Dice& dice);
  void MakeGroupsSpec(Dice& dice);
  void FindAccounts();
  void FindUntouchable();
  void MakeHolds(Dice& dice, absl::Time now);

  const twins::TwinClock clock_;
  twins::Company company_;
  Spec spec_;
  std::optional<SimSite> site_;
  bool atlassian_ = true;  // the dialect of the SCIM directory
  int64_t scim_page_ = 0;
  int64_t cloud_page_ = 0;
  std::map<std::string, std::unique_ptr<twins::Twin>> twins_;  // by base path
  std::map<std::string, Accounts> accounts_of_;
  std::unique_ptr<Idp> idp_;
  Accounts untouchable_;
  std::vector<Hold> holds_;
  Accounts held_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_WORLD_H_
