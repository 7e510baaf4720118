// For tests of a Jira site's twin: an organisation of two directories with nine accounts and five
// groups, a site on the first, a clock that the test moves, and calls that read like the protocol.
#ifndef TESTS_TWINS_JIRA_FIXTURE_H_
#define TESTS_TWINS_JIRA_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/twins/jira_twin.h"

namespace rollcall::twins {

struct JiraReply {
  TwinResponse raw;
  nlohmann::json body;  // null if there is none, or if it is no JSON
  int status() const { return raw.status; }
  std::string header(const char* name) const {
    return std::string(FindTwinHeader(raw.headers, name));
  }
  // Of errors: the first message.
  std::string message() const {
    if (!body.is_object() || !body.contains("errorMessages")) return "";
    return body["errorMessages"][0];
  }
  // Of a list, in an array or in a page: what stands under this name in each row.
  std::vector<std::string> Each(const char* name) const {
    std::vector<std::string> result;
    const nlohmann::json& rows = body.is_array() ? body : body.at("values");
    for (const nlohmann::json& row : rows) result.push_back(row.value(name, "(none)"));
    return result;
  }
  std::vector<std::string> ids() const { return Each("accountId"); }
};

class JiraFixture : public ::testing::Test {
 protected:
  // On the site: aa-ada, the administrator; aa-bob; aa-cleo, a customer; aa-dan, deactivated;
  // aa-eve, suspended in the directory; aa-fay, taken off the site; aa-gus, whose e-mail is hidden;
  // aa-ida, an app. Not on it: aa-hal, in dir-lab; aa-joe, whom nobody invited; aa-kim, a guest
  // elsewhere. Groups: g-users (ada, bob, dan), which gives access; g-team (bob, eve, fay);
  // g-synced (ada); g-admins (ada); g-lab (hal) in dir-lab.
  JiraFixture() {
    world_.organisation.emplace();
    org().id = "o-1";
    org().directories = {{"dir-main", "Main"}, {"dir-lab", "Lab"}};
    org().domains = {{"example.com", "verified"}};
    for (const char* name :
         {"ada", "bob", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "joe", "kim"}) {
      CloudAccount& one = world_.cloud_accounts[absl::StrCat("aa-", name)];
      one.id = absl::StrCat("aa-", name);
      one.email = absl::StrCat(name, "@example.com");
      one.name = absl::StrCat("Person ", name);
      one.directories["dir-main"] = {};
    }
    account("ada").email = "admin@example.com";
    account("cleo").type = "customer";
    account("dan").active = false;
    account("eve").directories["dir-main"].suspended = true;
    account("gus").email_hidden = true;
    account("hal").directories = {{"dir-lab", {}}};
    account("ida").type = "app";
    account("joe").directories.clear();
    account("kim").directories.clear();
    account("kim").claimed = false;
    AddGroup("g-users", {"aa-ada", "aa-bob", "aa-dan"});
    AddGroup("g-team", {"aa-bob", "aa-eve", "aa-fay"});
    AddGroup("g-synced", {"aa-ada"}).synced = true;
    AddGroup("g-admins", {"aa-ada"}).is_admin = true;
    AddGroup("g-lab", {"aa-hal"}).directory = "dir-lab";
    world_.sites["site"] = {"cloud-1", "dir-main", "example", {"aa-fay"}, {"g-users"}, {"aa-ada"}};
    Restart();
  }

  OrgGroup& AddGroup(const std::string& id, std::set<std::string> members) {
    OrgGroup& added = org().groups[id];
    added.id = id;
    added.name = id.substr(2);
    added.directory = "dir-main";
    added.members = std::move(members);
    return added;
  }
  void Restart() {
    twin_ = std::make_unique<JiraTwin>(&world_, "site", options_, [this] { return now_; });
  }
  // From now on with these quirks alone (names or NAME=NUMBER).
  void Use(const std::vector<std::string>& quirks) {
    options_ = JiraOptions();
    for (const std::string& quirk : quirks) {
      EXPECT_TRUE(ApplyJiraQuirk(quirk, options_).ok()) << quirk;
    }
    Restart();
  }

  // `target` is below the base path.
  JiraReply Ask(const std::string& method, const std::string& target, const std::string& body,
                const std::string& authorization) {
    TwinRequest request;
    request.method = method;
    request.target = absl::StrCat(options_.base_path, target);
    request.body = body;
    request.headers = {{"Host", "127.0.0.1:80"}};
    if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
    request.writes = writes_;
    JiraReply reply;
    reply.raw = twin_->Handle(request);
    reply.body = nlohmann::json::parse(reply.raw.body, nullptr, false);
    if (reply.body.is_discarded()) reply.body = nullptr;
    return reply;
  }
  // `target` is below /rest/api/3.
  JiraReply Send(const std::string& method, const std::string& target,
                 const nlohmann::json& body = nullptr) {
    return Ask(method, absl::StrCat("/rest/api/3", target), body.is_null() ? "" : body.dump(),
               JiraAuthorization(options_));
  }
  JiraReply Get(const std::string& target) { return Send("GET", target); }
  JiraReply Add(const std::string& group, const std::string& name) {
    return Send("POST", absl::StrCat("/group/user?groupId=", group),
                {{"accountId", absl::StrCat("aa-", name)}});
  }
  JiraReply Remove(const std::string& group, const std::string& name) {
    return Send("DELETE", absl::StrCat("/group/user?groupId=", group, "&accountId=aa-", name));
  }
  JiraReply Create(const std::string& email, const nlohmann::json& products) {
    return Send("POST", "/user", {{"emailAddress", email}, {"products", products}});
  }
  JiraReply Delete(const std::string& name) {
    return Send("DELETE", absl::StrCat("/user?accountId=aa-", name));
  }
  std::vector<std::string> Members(const std::string& group, bool all = true) {
    return Get(absl::StrCat("/group/member?groupId=", group,
                            all ? "&includeInactiveUsers=true" : ""))
        .ids();
  }
  bool ShownActive(const std::string& name) {
    return Get(absl::StrCat("/user?accountId=aa-", name)).body["active"];
  }
  // All users, by pages of so many, up to an empty one.
  std::vector<std::string> Everybody(int64_t page, int most = 50) {
    std::vector<std::string> all;
    for (int64_t start = 0; most-- > 0; start += page) {
      const std::vector<std::string> ids =
          Get(absl::StrCat("/users/search?startAt=", start, "&maxResults=", page)).ids();
      if (ids.empty()) break;
      all.insert(all.end(), ids.begin(), ids.end());
    }
    return all;
  }

  Organisation& org() { return *world_.organisation; }
  JiraSite& site() { return world_.sites.at("site"); }
  CloudAccount& account(const std::string& name) {
    return world_.cloud_accounts[absl::StrCat("aa-", name)];
  }
  OrgGroup& group(const std::string& id) { return org().groups.at(id); }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  JiraOptions options_;
  Writes writes_ = Writes::kKept;
  std::unique_ptr<JiraTwin> twin_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_FIXTURE_H_
