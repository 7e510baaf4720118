// OrgScript: a small organisation, the answers that Atlassian gives about it by the documents, and
// a hook that answers before it does. Much less than a twin, so that each test can bend one answer.
// One thread.
#ifndef TESTS_CLIENTS_ATLASSIAN_ORG_SCRIPT_H_
#define TESTS_CLIENTS_ATLASSIAN_ORG_SCRIPT_H_

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/atlassian/org_directory.h"
#include "clients/json/value.h"
#include "clients/json/writer.h"
#include "tests/clients/atlassian/org_words.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/memory_traits.h"
#include "tests/support/scripted_client.h"

namespace rollcall {

class OrgScript {
 public:
  explicit OrgScript(OrgWay way = OrgWay::kAccount, std::string scope = "-")
      : client([this](const HttpRequest& request) { return Serve(request); }) {
    options.id = "cloud";
    options.base_url = "http://127.0.0.1";
    options.org_id = "org-1";
    options.scope.directory = std::move(scope);
    options.scope.way = way;
    options.identity = "admin@example.com";
    AddDirectory("d1");
    Restart();
  }

  // A new process: only the traits remain.
  void Restart() {
    directory = std::make_unique<OrgDirectory>(options, client, runtime, &traits, progress_);
  }

  void AddDirectory(const std::string& id) { directories.push_back(id); }
  ScriptAccount& Add(const std::string& id,
                     std::map<std::string, std::string> places = {{"d1", "active"}}) {
    ScriptAccount& account = accounts[id];
    account.id = id;
    account.email = id + "@example.com";
    account.places = std::move(places);
    return account;
  }
  void AddMany(int count) {
    for (int i = 1000; i < 1000 + count; ++i) Add(absl::StrCat("u", i));
  }
  ScriptGroup& AddGroup(const std::string& id, const std::string& name,
                        std::set<std::string> members, const std::string& where = "d1") {
    groups[id] = {id, name, where, false, true, std::move(members)};
    return groups[id];
  }

  absl::StatusOr<Snapshot> ReadAll() { return directory->ReadAll(WantGroupsOf({"*"}), {}); }
  absl::StatusOr<AccountRecord> Read(const std::string& account) {
    return directory->ReadAccount(account, {});
  }
  ProbeResult Probe(std::vector<std::string> ids) {
    ProbeRequest request;
    request.accounts = std::move(ids);
    absl::StatusOr<ProbeResult> result = directory->Probe(request, {});
    probe_status = result.status();
    return result.ok() ? *std::move(result) : ProbeResult();
  }
  WriteReply Change(MembershipAction action, const std::string& group, const std::string& account) {
    const std::vector<std::string> one = {account};
    return directory->ChangeMembers(action, group, one, {});
  }

  // Requests with this method and this part in the URL.
  int Count(absl::string_view method, absl::string_view part = "") const {
    const auto& sent = client.requests();
    return static_cast<int>(std::count_if(
        sent.begin() + static_cast<ptrdiff_t>(forgotten_), sent.end(), [&](const HttpRequest& r) {
          return r.method == method && absl::StrContains(r.url, part);
        }));
  }
  int Writes() const {
    const auto& sent = client.requests();
    return static_cast<int>(std::count_if(
        sent.begin() + static_cast<ptrdiff_t>(forgotten_), sent.end(), [](const HttpRequest& r) {
          return r.method != "GET" && !absl::EndsWith(r.url, "/search");
        }));
  }
  int Sent() const { return static_cast<int>(client.requests().size() - forgotten_); }
  void Forget() { forgotten_ = client.requests().size(); }

  std::vector<std::string> directories;
  std::map<std::string, ScriptAccount> accounts;
  std::map<std::string, ScriptGroup> groups;
  // What the documents leave open, or servers get wrong.
  bool status_is_organization_wide = false;
  bool next_is_url = false;
  bool tells_groups = true;       // expand=groups is heard
  size_t most_groups = SIZE_MAX;  // of one user
  bool tells_counts = true;       // counts.users of groups
  bool answers_409_to_members = true;
  bool finds_accounts_of_no_directory = true;  // by GET -/users/{id}
  bool lists_accounts_of_no_directory = true;  // by users/search
  bool tells_managed_total = true;             // meta.total
  bool cursor_goes_alone = false;              // anything beside a cursor is refused
  OrgHook hook;
  absl::Status probe_status;

  OrgOptions options;
  FakeRuntime runtime;
  MemoryTraits traits;
  ScriptedClient client;
  std::unique_ptr<OrgDirectory> directory;

  // As Atlassian would have answered without the hook.
  HttpResponse Plain(const HttpRequest& request) {
    const std::vector<std::string> halves = absl::StrSplit(request.url, absl::MaxSplits('?', 1));
    std::vector<std::string> path = absl::StrSplit(halves[0].substr(16), '/', absl::SkipEmpty());
    if (path[0] == "users") return Manage(request, path);
    if (path.size() == 3) {
      return Answer(200, R"({"data":[{"id":"org-1","attributes":{"name":"Example"}}],"links":{}})");
    }
    if (path[3] != "org-1") {
      return Answer(404, R"({"timestamp":"2026-01-01T00:00:00Z","path":"/api/admin/v2/orgs/x",)"
                         R"("status":404,"error":"Not Found","requestId":"e4cd",)"
                         R"("message":"TCS validation failed"})");
    }
    if (path.size() == 5 && path[1] == "v1") return Managed(request);
    if (path.size() == 5) return Directories(request);
    const std::string where = path[5];
    if (where != "-" && !Knows(where)) return OrgRefuses(404, "ADMIN-UAM-404-1");
    if (path[6] == "users") return Users(request, where, path);
    return Groups(request, where, path);
  }

 private:
  absl::StatusOr<HttpResponse> Serve(const HttpRequest& request) {
    if (hook) {
      if (auto answer = hook(request)) return *std::move(answer);
    }
    return Plain(request);
  }
  bool Knows(const std::string& where) const {
    return std::find(directories.begin(), directories.end(), where) != directories.end();
  }

  std::string StatusIn(const ScriptAccount& account, const std::string& where) const {
    bool active = false;
    for (const auto& [directory, status] : account.places) active |= status == "active";
    if (account.places.empty()) return "no_membership";
    const auto place = account.places.find(where);
    if (where == "-" || status_is_organization_wide || place == account.places.end()) {
      return active ? "active" : "suspended";
    }
    return place->second;
  }
  std::string Json(const ScriptAccount& account, const std::string& where, bool roles,
                   bool with_groups) const {
    json::Writer w;
    const std::string member = StatusIn(account, where);
    w.StartObject().Key("accountId").String(account.id).Key("accountType").String(account.type);
    w.Key("accountStatus").String(account.account_status);
    w.Key("membershipStatus").String(member);
    const std::string composite = account.account_status != "active" ? "deactivated"
                                  : member == "no_membership"        ? "not_invited"
                                                                     : member;
    w.Key("status").String(account.status.empty() ? composite : account.status);
    w.Key("claimStatus").String(account.claim).Key("name").String("Somebody");
    if (!account.email.empty()) w.Key("email").String(account.email);
    if (roles) {
      w.Key("platformRoles").StartArray();
      if (account.org_admin) w.String("atlassian/org-admin");
      w.EndArray().Key("counts").StartObject().Key("resources").Int(10).EndObject();
    }
    if (with_groups) {
      w.Key("groups").StartArray();
      size_t told = 0;
      for (const auto& [id, group] : groups) {
        const bool here = where == "-" || group.directory == where;
        if (!here || group.members.count(account.id) == 0 || told++ >= most_groups) continue;
        w.StartObject().Key("id").String("ari:cloud:identity::group/" + id);
        w.Key("name").String(group.name).EndObject();
      }
      w.EndArray();
    }
    w.Key("links").StartObject().Key("self").String("ECg53").EndObject().EndObject();
    return std::move(w).Take();
  }

  // One page of rows; the cursor is the number of the first row.
  using RowsToShow = std::vector<std::function<std::string()>>;
  HttpResponse Page(const RowsToShow& rows, const std::string& cursor, int64_t limit,
                    const std::string& url) const {
    if (limit < 1 || limit > 100) return OrgRefuses(400, "ADMIN-UAM-400-1");
    const size_t begin = cursor.empty() ? 0 : static_cast<size_t>(std::stoi(cursor.substr(1)));
    const size_t end = std::min(rows.size(), begin + static_cast<size_t>(limit));
    std::string next;
    if (end < rows.size()) {
      next = absl::StrCat("c", end);
      if (next_is_url) next = absl::StrCat("https://api.example.com", url, "?x=1&cursor=", next);
    }
    std::vector<std::string> some;
    for (size_t i = begin; i < end; ++i) some.push_back(rows[i]());
    return Answer(200, absl::StrCat("{\"data\":[", absl::StrJoin(some, ","),
                                    "],\"links\":{\"self\":\"Ob\",\"next\":",
                                    next.empty() ? "null" : json::Quoted(next), "}}"));
  }
  HttpResponse Directories(const HttpRequest& request) const {
    RowsToShow rows;
    for (const std::string& id : directories) {
      rows.push_back([id] {
        return absl::StrCat(R"({"directoryId":")", id, R"(","name":"Directory )", id,
                            R"(","icon":"https://icon.example.com"})");
      });
    }
    return Page(rows, ParameterOf(request, "cursor"), std::stoi(ParameterOf(request, "limit")),
                "/admin/v2/orgs/org-1/directories");
  }

  HttpResponse Managed(const HttpRequest& request) const {
    std::vector<std::string> rows;
    for (const auto& [id, account] : accounts) {
      if (account.claim != "managed") continue;
      rows.push_back(absl::StrCat(R"({"account_id":")", id, R"(","account_type":")", account.type,
                                  R"(","account_status":")", account.account_status,
                                  R"(","name":"Somebody","email":")", account.email, R"("})"));
    }
    const size_t total = rows.size();
    const std::string cursor = ParameterOf(request, "cursor");
    const size_t begin = cursor.empty() ? 0 : static_cast<size_t>(std::stoi(cursor));
    const size_t end = std::min(total, begin + 100);
    std::string next;
    if (end < total) {
      next = absl::StrCat(R"("next":"https://api.example.com/admin/v1/orgs/org-1/users?cursor=)",
                          end, R"(")");
    }
    const std::vector<std::string> some(rows.begin() + static_cast<ptrdiff_t>(begin),
                                        rows.begin() + static_cast<ptrdiff_t>(end));
    const std::string meta = tells_managed_total ? absl::StrCat(R"("total":)", total) : "";
    return Answer(200, absl::StrCat(R"({"data":[)", absl::StrJoin(some, ","), R"(],"meta":{)", meta,
                                    R"(},"links":{)", next, "}}"));
  }

  HttpResponse Users(const HttpRequest& request, const std::string& where,
                     const std::vector<std::string>& path) {
    if (path[7] == "search") return SearchUsers(request, where);
    if (path[7] == "count") {
      int64_t count = 0;
      for (const auto& [id, account] : accounts) count += account.places.count(where) > 0 ? 1 : 0;
      return Answer(200, absl::StrCat("{\"count\":", count, "}"));
    }
    const auto found = accounts.find(path[7]);
    const bool here =
        found != accounts.end() &&
        (where == "-" ? finds_accounts_of_no_directory || !found->second.places.empty()
                      : found->second.places.count(where) > 0);
    if (!here) return OrgRefuses(404, "ADMIN-UAM-404-1", "Unknown Resource");
    ScriptAccount& account = found->second;
    if (path.size() == 8) {
      return Answer(200, absl::StrCat("{\"data\":", Json(account, where, true, false), "}"));
    }
    if (path[8] == "role-assignments") return RoleAssignmentsOf(account);
    if (account.org_admin) return OrgRefuses(400, "ADMIN-UAM-400-1");
    account.places[where] = path[8] == "suspend" ? "suspended" : "active";
    return Answer(204, "");
  }
  HttpResponse SearchUsers(const HttpRequest& request, const std::string& where) {
    const auto body = json::Value::Parse(request.body);
    if (!body.ok()) return OrgRefuses(400, "ADMIN-400-24");
    if (cursor_goes_alone && !body->Text("cursor").empty()) {
      if (body->members().size() > 1) return OrgRefuses(400, "ADMIN-400-24");
      HttpRequest first = request;
      first.body = searches_.back();
      const auto asked = json::Value::Parse(first.body);
      return SearchFrom(*asked, where, std::string(body->Text("cursor")));
    }
    searches_.push_back(request.body);
    return SearchFrom(*body, where, std::string(body->Text("cursor")));
  }
  HttpResponse SearchFrom(const json::Value& asked, const std::string& where,
                          const std::string& cursor) const {
    const json::Value* const body = &asked;
    const auto members_of = TextsIn(*body, "groupIds");
    const auto ids = TextsIn(*body, "accountIds");
    const auto memberships = TextsIn(*body, "membershipStatus");
    const std::string claim(body->Text("claimStatus"));
    const bool with_groups = tells_groups && HasText(TextsIn(*body, "expand"), "groups");
    const bool roles = HasText(TextsIn(*body, "expand"), "platformRoles");
    RowsToShow rows;
    for (const auto& [id, account] : accounts) {
      if (where != "-" && account.places.count(where) == 0) continue;
      if (account.places.empty() && !lists_accounts_of_no_directory) continue;
      if (!ids.empty() && !HasText(ids, id)) continue;
      if (!claim.empty() && account.claim != claim) continue;
      if (!memberships.empty() && !HasText(memberships, StatusIn(account, where))) continue;
      if (!members_of.empty()) {
        const auto group = groups.find(members_of[0]);
        if (group == groups.end() || group->second.members.count(id) == 0) continue;
      }
      const ScriptAccount* shown = &account;
      rows.push_back([=, this] { return Json(*shown, where, roles, with_groups); });
    }
    const json::Value* limit = body->Find("limit");
    return Page(rows, cursor, limit == nullptr ? 50 : limit->integer().value_or(0),
                "/admin/x/users/search");
  }

  std::string GroupJson(const ScriptGroup& group, bool counts) const {
    json::Writer w;
    w.StartObject().Key("id").String(group.id).Key("name").String(group.name);
    w.Key("description").String("x").Key("directoryId").String(group.directory);
    w.Key("externalSynced").Bool(group.synced);
    w.Key("managementAccess").StartObject().Key("deletable").Bool(true);
    w.Key("modifiable").Bool(group.modifiable).EndObject();
    if (counts && tells_counts) {
      w.Key("counts").StartObject().Key("users").Int(static_cast<int64_t>(group.members.size()));
      w.EndObject();
    }
    w.EndObject();
    return std::move(w).Take();
  }
  HttpResponse Groups(const HttpRequest& request, const std::string& where,
                      const std::vector<std::string>& path) {
    if (path[7] == "search") {
      const auto body = json::Value::Parse(request.body);
      if (!body.ok()) return OrgRefuses(400, "ADMIN-400-24");
      RowsToShow rows;
      for (const auto& [id, group] : groups) {
        if (where != "-" && group.directory != where) continue;
        const ScriptGroup* shown = &group;
        rows.push_back([=, this] { return GroupJson(*shown, true); });
      }
      return Page(rows, std::string(body->Text("cursor")), *body->Find("limit")->integer(),
                  "/admin/x/groups/search");
    }
    const auto found = groups.find(path[7]);
    const bool here = found != groups.end() && (where == "-" || found->second.directory == where);
    if (!here) return OrgRefuses(404, "ADMIN-UAM-404-3");
    ScriptGroup& group = found->second;
    if (path.size() == 8) {
      return Answer(200, absl::StrCat("{\"data\":", GroupJson(group, false), "}"));
    }
    if (where == "-") return OrgRefuses(400, "ADMIN-UAM-400-1");
    if (request.method == "DELETE") {
      if (group.members.erase(path[9]) == 0) return OrgRefuses(404, "ADMIN-UAM-404-1");
      return Answer(204, "");
    }
    const auto body = json::Value::Parse(request.body);
    const std::string id(body->Text("accountId"));
    if (accounts.count(id) == 0) return OrgRefuses(404, "ADMIN-UAM-404-1");
    if (!group.members.insert(id).second && answers_409_to_members) {
      return OrgRefuses(409, "ADMIN-UAM-409-2", "Conflict");
    }
    return Answer(204, "");
  }

  HttpResponse Manage(const HttpRequest&, const std::vector<std::string>& path) {
    const auto found = accounts.find(path[1]);
    if (found == accounts.end()) return Answer(404, R"({"key":"accountNotFound"})");
    ScriptAccount& account = found->second;
    if (account.claim != "managed") {
      return Answer(403, R"({"key":"forbidden","errorKey":"forbidden","errorDetail":)"
                         R"("Error: Caller must be a verified org admin of targeted account"})");
    }
    const bool allowed = account.enablement.empty();
    const std::string verdict = allowed ? R"({"allowed":true})"
                                        : absl::StrCat(R"({"allowed":false,"reason":{"key":")",
                                                       account.enablement, R"("}})");
    if (path.size() == 4) {
      return Answer(
          200, absl::StrCat(R"({"account":{"account_id":")", account.id, R"(","account_type":")",
                            account.type, R"(","account_status":")", account.account_status,
                            R"(","email":")", account.email, R"("}})"));
    }
    if (path.size() == 3) {
      return Answer(200, absl::StrCat(R"({"lifecycle.enablement":)", verdict, "}"));
    }
    if (!allowed) {
      return Answer(403, absl::StrCat(R"({"key":"forbidden.action","context":)", verdict, "}"));
    }
    account.account_status = path[4] == "disable" ? "inactive" : "active";
    return Answer(204, "");
  }

  size_t forgotten_ = 0;
  std::vector<std::string> searches_;  // bodies without a cursor
  NoProgress progress_;
};

}  // namespace rollcall

#endif  // TESTS_CLIENTS_ATLASSIAN_ORG_SCRIPT_H_
