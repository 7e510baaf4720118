// For tests of the organisation's twin: two directories with nine accounts and six groups, a clock
// that the test moves, and calls that read like the protocol.
#ifndef TESTS_TWINS_ORG_FIXTURE_H_
#define TESTS_TWINS_ORG_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/twins/org_twin.h"

namespace rollcall::twins {

struct OrgReply {
  TwinResponse raw;
  nlohmann::json body;  // null if there is none, or if it is no JSON
  int status() const { return raw.status; }
  std::string header(const char* name) const {
    return std::string(FindTwinHeader(raw.headers, name));
  }
  // Of errors: the code, whatever the envelope.
  std::string code() const {
    if (!body.is_object()) return "";
    if (body.contains("errors")) return body["errors"][0].value("code", "");
    if (body.contains("key")) return body["key"];
    return body.contains("code") ? absl::StrCat(body["code"].get<int>()) : "";
  }
  // Of a list, what stands under this name in each record.
  std::vector<std::string> Each(const char* name) const {
    std::vector<std::string> result;
    for (const nlohmann::json& item : body["data"]) result.push_back(item.value(name, "(none)"));
    return result;
  }
  std::vector<std::string> ids() const { return Each("accountId"); }
  std::string next() const {
    const nlohmann::json links = body.value("links", nlohmann::json::object());
    return links.contains("next") && links["next"].is_string() ? links["next"] : "";
  }
};

class OrgFixture : public ::testing::Test {
 protected:
  // aa-ada is in dir-main and dir-lab; aa-bob too, and suspended in dir-lab; aa-cleo is named by a
  // SCIM user; aa-dan is a guest; aa-eve an administrator; aa-fay in no directory; aa-gus inactive;
  // aa-hal Google's and in dir-lab alone; the e-mail of aa-ida is not verified. Groups: g-staff
  // (ada, bob), g-synced (cleo), g-admins (eve), g-fixed (ada), g-default; g-lab (bob) in dir-lab.
  OrgFixture() {
    world_.organisation.emplace();
    org().id = "o-1";
    org().name = "Example";
    org().directories = {{"dir-main", "Main"}, {"dir-lab", "Lab"}};
    org().domains = {{"example.com", "verified"}, {"example.org", "unverified"}};
    for (const char* name : {"ada", "bob", "cleo", "dan", "eve", "fay", "gus", "hal", "ida"}) {
      CloudAccount& one = world_.cloud_accounts[absl::StrCat("aa-", name)];
      one.id = absl::StrCat("aa-", name);
      one.email = absl::StrCat(name, "@example.com");
      one.name = absl::StrCat(name, " Example");
      one.directories["dir-main"] = {};
    }
    account("ada").directories["dir-lab"] = {};
    account("bob").directories["dir-lab"].suspended = true;
    account("dan").claimed = false;
    account("dan").email = "dan@partner.example.net";
    account("eve").roles = {kOrgAdminRole};
    account("fay").directories.clear();
    account("gus").active = false;
    account("hal").directories = {{"dir-lab", {}}};
    account("hal").owner = "externalDirectory.google";
    account("ida").email_verified = false;
    ScimUser cleo = MakeScimUser("u-cleo", "cleo@example.com", "p-cleo", true);
    cleo.attributes[kAtlassianExtension]["atlassianAccountId"] = "aa-cleo";
    world_.scim["scim"].PutUser(std::move(cleo));
    AddGroup("g-staff", {"aa-ada", "aa-bob"});
    AddGroup("g-synced", {"aa-cleo"}).synced = true;
    AddGroup("g-admins", {"aa-eve"}).is_admin = true;
    AddGroup("g-fixed", {"aa-ada"}).modifiable = false;
    AddGroup("g-default", {}).is_default = true;
    AddGroup("g-lab", {"aa-bob"}).directory = "dir-lab";
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
    twin_ = std::make_unique<OrgTwin>(&world_, options_, [this] { return now_; });
  }
  // From now on with these quirks alone (names or NAME=NUMBER).
  void Use(const std::vector<std::string>& quirks) {
    options_ = OrgOptions();
    for (const std::string& quirk : quirks) {
      EXPECT_TRUE(ApplyOrgQuirk(quirk, options_).ok()) << quirk;
    }
    Restart();
  }

  OrgReply Send(const std::string& method, const std::string& target, const std::string& body = "",
                const std::string& authorization = "Bearer twin-token") {
    TwinRequest request;
    request.method = method;
    request.target = absl::StrCat("/atlassian", target);
    request.body = body;
    request.headers = {{"Authorization", authorization}, {"Host", "127.0.0.1:80"}};
    OrgReply reply;
    reply.raw = twin_->Handle(request);
    reply.body = nlohmann::json::parse(reply.raw.body, nullptr, false);
    if (reply.body.is_discarded()) reply.body = nullptr;
    return reply;
  }
  OrgReply Get(const std::string& target) { return Send("GET", target); }
  // Below the directory ("-": all): "/users/aa-ada/suspend".
  static std::string In(const std::string& directory, const std::string& rest) {
    return absl::StrCat("/admin/v2/orgs/o-1/directories/", directory, rest);
  }
  OrgReply Search(const std::string& directory, const nlohmann::json& body) {
    return Send("POST", In(directory, "/users/search"), body.dump());
  }
  OrgReply SearchGroups(const std::string& directory, const nlohmann::json& body) {
    return Send("POST", In(directory, "/groups/search"), body.dump());
  }
  OrgReply Act(const std::string& directory, const std::string& name, const std::string& verb) {
    return Send("POST", In(directory, absl::StrCat("/users/aa-", name, "/", verb)));
  }
  OrgReply AddMember(const std::string& group, const std::string& name) {
    return Send("POST", In("dir-main", absl::StrCat("/groups/", group, "/memberships")),
                nlohmann::json{{"accountId", absl::StrCat("aa-", name)}}.dump());
  }
  OrgReply RemoveMember(const std::string& group, const std::string& name) {
    return Send("DELETE",
                In("dir-main", absl::StrCat("/groups/", group, "/memberships/aa-", name)));
  }
  // "", "/profile", "/lifecycle/disable" of an account.
  OrgReply Manage(const std::string& method, const std::string& name, const std::string& rest,
                  const std::string& body = "") {
    return Send(method, absl::StrCat("/users/aa-", name, "/manage", rest), body);
  }
  OrgReply Lifecycle(const std::string& name, const std::string& verb) {
    return Manage("POST", name, absl::StrCat("/lifecycle/", verb));
  }
  // All records of a search, page by page; gives up after `most` pages.
  std::vector<std::string> Everybody(const std::string& directory, int64_t limit, int most = 50) {
    std::vector<std::string> all;
    nlohmann::json body = {{"limit", limit}};
    for (int page = 0; page < most; ++page) {
      const OrgReply reply = Search(directory, body);
      for (const std::string& id : reply.ids()) all.push_back(id);
      if (reply.next().empty()) return all;
      body = {{"cursor", reply.next()}};
    }
    return all;
  }

  Organisation& org() { return *world_.organisation; }
  CloudAccount& account(const std::string& name) {
    return world_.cloud_accounts[absl::StrCat("aa-", name)];
  }
  OrgGroup& group(const std::string& id) { return org().groups.at(id); }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  OrgOptions options_;
  std::unique_ptr<OrgTwin> twin_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_FIXTURE_H_
