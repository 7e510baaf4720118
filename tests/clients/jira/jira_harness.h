// JiraHarness: a world with a Jira Cloud site, its twin with quirks, and the directory under test
// on it. One thread; the clock stands still unless the test moves it.
#ifndef TESTS_CLIENTS_JIRA_JIRA_HARNESS_H_
#define TESTS_CLIENTS_JIRA_JIRA_HARNESS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/jira/jira_directory.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/scripted_client.h"
#include "tests/support/twin_client.h"
#include "tests/twins/jira_twin.h"

namespace rollcall {

class AllSiteGroups final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return true; }
};

class SiteGroupsNamed final : public GroupFilter {
 public:
  explicit SiteGroupsNamed(std::set<std::string> names) : names_(std::move(names)) {}
  bool Wants(absl::string_view name) const override { return names_.count(std::string(name)) > 0; }

 private:
  std::set<std::string> names_;
};

// Signs what passes as the site's tokens want it. An answer can be lost, or be another one.
class SiteClient final : public HttpClient {
 public:
  using Change = std::function<absl::StatusOr<HttpResponse>(const HttpRequest&, HttpResponse)>;

  SiteClient(TwinClient& next, std::string authorization)
      : next_(next), authorization_(std::move(authorization)) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override {
    HttpRequest signed_request = request;
    signed_request.headers.emplace_back("Authorization", authorization_);
    absl::StatusOr<HttpResponse> answer = next_.Send(signed_request, context);
    if (!change || !answer.ok()) return answer;
    return change(request, *std::move(answer));
  }

  Change change;  // what becomes of an answer

 private:
  TwinClient& next_;
  const std::string authorization_;
};

struct JiraHarnessOptions {
  std::string quirks = {};  // names and numbers (page_cap=3), separated by spaces
  JiraAccessOptions access = {};
  int64_t page_size = 1000;
  std::string token = "twin-token";
  std::string identity = {};
  bool follows_activity = false;
};

class JiraHarness {
 public:
  explicit JiraHarness(const std::string& quirks = "")
      : JiraHarness(JiraHarnessOptions{quirks, {}, 1000, "twin-token", "", false}) {}
  explicit JiraHarness(const JiraHarnessOptions& options)
      : options_(options), twin_options_(TwinOptions(options.quirks)) {
    world_.organisation.emplace();
    org().id = "o-1";
    org().directories = {{"dir-main", "Main"}, {"dir-lab", "Lab"}};
    org().domains = {{"example.com", "verified"}};
    world_.sites["site"] = {"cloud-1", "dir-main", "example", {}, {}, {}};
    AddUser("admin").email = twin_options_.email;
    site().admins = {"admin"};
    twin_ = std::make_unique<twins::JiraTwin>(&world_, "site", twin_options_,
                                              [this] { return runtime.Now(); });
    twin_client = std::make_unique<TwinClient>(*twin_, "");
    twins::JiraOptions caller = twin_options_;
    caller.token = options.token;
    client = std::make_unique<SiteClient>(*twin_client, twins::JiraAuthorization(caller));
    Restart();
  }

  // A new process: nothing is remembered.
  void Restart() {
    JiraOptions options;
    options.id = "site";
    options.base_url = "http://127.0.0.1/jira/site";
    options.access = options_.access;
    options.follows_activity = options_.follows_activity;
    options.identity = options_.identity;
    options.paging.page_size = options_.page_size;
    directory = std::make_unique<JiraDirectory>(options, *client, runtime, nullptr, progress_);
  }

  twins::Organisation& org() { return *world_.organisation; }
  twins::JiraSite& site() { return world_.sites.at("site"); }
  twins::CloudAccount& account(const std::string& id) { return world_.cloud_accounts.at(id); }
  twins::OrgGroup& group(const std::string& id) { return org().groups.at(id); }

  twins::CloudAccount& AddUser(const std::string& id) {
    twins::CloudAccount& one = world_.cloud_accounts[id];
    one.id = id;
    one.email = absl::StrCat(id, "@example.com");
    one.name = absl::StrCat("Person ", id);
    one.directories["dir-main"] = {};
    return one;
  }
  // u-00000, u-00001, …
  void AddUsers(int count) {
    for (int i = 0; i < count; ++i) AddUser(UserId(i));
  }
  static std::string UserId(int i) {
    const std::string digits = absl::StrCat(i);
    return absl::StrCat("u-", std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0'), digits);
  }
  twins::OrgGroup& AddGroup(const std::string& id, std::set<std::string> members = {}) {
    twins::OrgGroup& added = org().groups[id];
    added.id = id;
    added.name = absl::StrCat("the ", id);
    added.directory = "dir-main";
    added.members = std::move(members);
    return added;
  }
  // A group of the users from u-0…, so many.
  void AddCrowd(const std::string& id, int members) {
    twins::OrgGroup& crowd = AddGroup(id);
    for (int i = 0; i < members; ++i) crowd.members.insert(UserId(i));
  }

  absl::StatusOr<Snapshot> ReadAll() { return directory->ReadAll(AllSiteGroups(), {}); }
  WriteReply Add(const std::string& group, const std::string& account) {
    return directory->ChangeMembers(MembershipAction::kAdd, group, std::vector{account}, {});
  }
  WriteReply Remove(const std::string& group, const std::string& account) {
    return directory->ChangeMembers(MembershipAction::kRemove, group, std::vector{account}, {});
  }
  // Requests since the last call of it.
  int64_t Requests() {
    const auto count = static_cast<int64_t>(twin_client->requests().size());
    twin_client->Forget();
    return count;
  }

 private:
  static twins::JiraOptions TwinOptions(const std::string& quirks) {
    twins::JiraOptions options;
    for (absl::string_view name : absl::StrSplit(quirks, ' ', absl::SkipEmpty())) {
      const absl::Status status = twins::ApplyJiraQuirk(name, options);
      EXPECT_TRUE(status.ok()) << status;
    }
    return options;
  }

  const JiraHarnessOptions options_;
  const twins::JiraOptions twin_options_;
  twins::World world_;
  std::unique_ptr<twins::JiraTwin> twin_;
  NoProgress progress_;

 public:
  FakeRuntime runtime;
  std::unique_ptr<TwinClient> twin_client;
  std::unique_ptr<SiteClient> client;
  std::unique_ptr<JiraDirectory> directory;
};

inline std::vector<std::string> AccountsOf(const Snapshot& snapshot) {
  std::vector<std::string> ids;
  for (const Account& account : snapshot.roster.accounts) ids.emplace_back(account.id);
  return ids;
}

inline std::vector<std::string> SiteMembersOf(const Snapshot& snapshot, absl::string_view group) {
  const Roster& roster = snapshot.roster;
  std::vector<std::string> members;
  const GroupIndex index = roster.FindGroup(group);
  if (index == kNoGroup) return members;
  for (auto row = roster.MembersBegin(index); row != roster.MembersEnd(index); ++row) {
    members.emplace_back(roster.accounts[row->account].id);
  }
  return members;
}

inline AccountState StateIn(const Snapshot& snapshot, absl::string_view account) {
  const AccountIndex index = snapshot.roster.FindAccount(account);
  EXPECT_NE(index, kNoAccount) << account;
  return index == kNoAccount ? AccountState::kUntouchable : snapshot.roster.accounts[index].state;
}

// Of a request: the number behind `name=`, or -1.
inline int64_t NumberIn(const HttpRequest& request, absl::string_view name) {
  const size_t at = request.url.find(absl::StrCat(name, "="));
  return at == std::string::npos ? -1 : std::atoll(request.url.c_str() + at + name.size() + 1);
}

}  // namespace rollcall

#endif  // TESTS_CLIENTS_JIRA_JIRA_HARNESS_H_
