// One call of a Jira site's twin: the request and everything that answering it may look at or
// change. Made by JiraTwin::Handle, passed to the endpoints, gone with the answer.
#ifndef TESTS_TWINS_JIRA_CALL_H_
#define TESTS_TWINS_JIRA_CALL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/twins/id_source.h"
#include "tests/twins/jira_options.h"
#include "tests/twins/message.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

struct JiraCall {
  const JiraOptions& options;
  World& world;
  Organisation& org;
  JiraSite& site;
  IdSource& ids;
  std::map<std::string, int64_t>& passes;  // how often a list was begun, by its path and group
  const TwinRequest& request;
  std::vector<std::string> path;  // below the base: {"rest", "api", "3", …}
  // As sent, decoded; a name may come more than once.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string base_url;  // without a slash at the end
  std::string caller;    // account id; empty: nobody (wrong credentials)
  absl::Time now;

  bool Has(JiraQuirk quirk) const { return options.quirks.Has(quirk); }
  bool IsGet() const { return request.method == "GET" || request.method == "HEAD"; }
  // Nothing of the request but its effect is left out when a fault says so.
  bool Keeps() const { return request.writes == Writes::kKept; }

  // The first of that name.
  std::optional<std::string> Parameter(const std::string& name) const {
    for (const auto& [key, value] : parameters) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  std::string Text(const std::string& name) const { return Parameter(name).value_or(""); }
  std::vector<std::string> All(const std::string& name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : parameters) {
      if (key == name) values.push_back(value);
    }
    return values;
  }

  // As a reader sees it, without reading it; and the same as one read.
  const CloudAccount& Peek(const CloudAccount& account) const {
    return org.past_accounts.Peek(account, now);
  }
  const OrgGroup& Peek(const OrgGroup& group) const { return org.past_groups.Peek(group, now); }
  const CloudAccount& Read(const CloudAccount& account) const {
    return org.past_accounts.Seen(account, now);
  }
  const OrgGroup& Read(const OrgGroup& group) const { return org.past_groups.Seen(group, now); }

  CloudAccount* FindAccount(const std::string& id) const {
    const auto found = world.cloud_accounts.find(id);
    return found == world.cloud_accounts.end() ? nullptr : &found->second;
  }
  // Of the directory behind the site.
  OrgGroup* FindGroup(const std::string& id) const {
    OrgGroup* group = org.FindGroup(id);
    return group != nullptr && group->directory == site.directory ? group : nullptr;
  }
};

// Changes the account, or the group, after remembering it for readers that lag.
template <typename T, typename Change>
void ChangeOnSite(const JiraCall& call, T& object, const Change& change) {
  if (!call.Keeps()) return;
  call.org.Remember(object, call.now);
  change(object);
}

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_CALL_H_
