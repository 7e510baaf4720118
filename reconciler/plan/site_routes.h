// Which way a change of a Jira site goes (rules A6, R1 and G6): a site's accounts and groups are
// the organisation's, by their ids. Pure, any thread.
#ifndef RECONCILER_PLAN_SITE_ROUTES_H_
#define RECONCILER_PLAN_SITE_ROUTES_H_

#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

enum class SiteRoute : uint8_t {
  kFollows,  // nothing to do here: it follows, or another directory's finding speaks for it
  kOwn,      // access to the site is given or taken here (policy `site_access`)
  kBlocked,  // nothing makes it so
};
// What a configured organisation says of the group of a site's change.
struct SiteGroup {
  bool changed_there = false;  // the organisation makes this very change itself
  bool writable = true;        // not synchronised from elsewhere, and modifiable
};

// Made once for a draft, which must outlive it.
class SiteRoutes {
 public:
  explicit SiteRoutes(const Draft& draft);

  // `blocked`: an organisation wants the same of the account and has no way to do it.
  SiteRoute OfAccess(const DraftDirectory& site, const DiffRow& row, const Change& change,
                     bool blocked) const;
  SiteGroup OfGroup(const DiffRow& row, const Change& change) const;

 private:
  struct Organisation {
    const DraftDirectory* directory;
    // What it is about to change itself.
    absl::flat_hash_set<std::tuple<Action, AccountIndex, GroupIndex>> rows;
  };
  std::vector<Organisation> organisations_;
  // Accounts of organisations that are not configured, by the SCIM records that name them and are
  // about to be changed.
  absl::flat_hash_set<std::pair<Action, absl::string_view>> by_scim_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_SITE_ROUTES_H_
