// One call of an organisation's twin: the request and everything that answering it may look at or
// change. Made by OrgTwin::Handle, passed to the endpoints, gone with the answer.
#ifndef TESTS_TWINS_ORG_CALL_H_
#define TESTS_TWINS_ORG_CALL_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/twins/id_source.h"
#include "tests/twins/message.h"
#include "tests/twins/org_options.h"
#include "tests/twins/target.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

struct OrgCall {
  const OrgOptions& options;
  World& world;
  Organisation& org;
  IdSource& ids;
  const TwinRequest& request;
  std::vector<std::string> path;  // below the base: {"admin", "v2", "orgs", …}
  Target target;
  std::string base_url;  // without a slash at the end
  absl::Time now;

  bool Has(OrgQuirk quirk) const { return options.quirks.Has(quirk); }
  bool IsGet() const { return request.method == "GET" || request.method == "HEAD"; }
  bool IsPost() const { return request.method == "POST"; }
  bool IsManage() const { return !path.empty() && path[0] == "users"; }
  bool IsV1() const { return path.size() > 1 && path[1] == "v1"; }
  // Nothing of the request but its effect is left out when a fault says so.
  bool Keeps() const { return request.writes == Writes::kKept; }

  // As a reader sees it, without reading it.
  const CloudAccount& Peek(const CloudAccount& account) const {
    return org.past_accounts.Peek(account, now);
  }
  const OrgGroup& Peek(const OrgGroup& group) const { return org.past_groups.Peek(group, now); }
  // The same as one read.
  const CloudAccount& Read(const CloudAccount& account) const {
    return org.past_accounts.Seen(account, now);
  }
  const OrgGroup& Read(const OrgGroup& group) const { return org.past_groups.Seen(group, now); }

  CloudAccount* FindAccount(const std::string& id) const {
    const auto found = world.cloud_accounts.find(id);
    return found == world.cloud_accounts.end() ? nullptr : &found->second;
  }
};

// Is the account's activity somebody else's business, as the organisation's privileges say? The
// reason, or "".
std::string OwnerReason(const OrgCall& call, const CloudAccount& account);

// Changes the account, or the group, after remembering it for readers that lag.
template <typename T, typename Change>
void ChangeInOrg(const OrgCall& call, T& object, const Change& change) {
  if (!call.Keeps()) return;
  call.org.Remember(object, call.now);
  change(object);
}

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_CALL_H_
