// CrowdScript: a few users and groups, the answers that Crowd gives about them by the documents,
// and a hook that answers before it does. Much less than a twin, so that each test can bend one
// answer. One thread.
#ifndef TESTS_CLIENTS_CROWD_CROWD_SCRIPT_H_
#define TESTS_CLIENTS_CROWD_CROWD_SCRIPT_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/crowd/crowd_directory.h"
#include "clients/crowd/crowd_user.h"
#include "clients/json/writer.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/memory_traits.h"
#include "tests/support/scripted_client.h"

namespace rollcall {

class WantEveryGroup final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return true; }
};

class WantNoGroup final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return false; }
};

inline Headers CrowdHeaders() { return {{"X-Embedded-Crowd-Version", "Crowd/5.1.0"}}; }

inline HttpResponse CrowdAnswers(int status, std::string body) {
  return Answer(status, std::move(body), CrowdHeaders());
}

inline HttpResponse CrowdRefuses(int status, const std::string& reason) {
  return CrowdAnswers(status,
                      absl::StrCat(R"({"reason":")", reason, R"(","message":"says Crowd"})"));
}

class CrowdScript {
 public:
  using Hook = std::function<std::optional<absl::StatusOr<HttpResponse>>(const HttpRequest&)>;

  struct ScriptGroup {
    std::set<std::string> users;
    std::set<std::string> groups;
  };

  explicit CrowdScript(int64_t page_size = 1000)
      : client([this](const HttpRequest& request) { return Serve(request); }) {
    CrowdOptions options;
    options.id = "crowd";
    options.base_url = "http://127.0.0.1/crowd";
    options.paging.page_size = page_size;
    directory = std::make_unique<CrowdDirectory>(options, client, runtime, &traits, progress_);
  }

  // With the key 1:<name>.
  CrowdUser& AddUser(const std::string& name, bool active = true) {
    CrowdUser user;
    user.name = name;
    user.first_name = "First";
    user.last_name = "Last";
    user.display_name = absl::StrCat("Display ", name);
    user.email = absl::StrCat(name, "@example.com");
    user.active = active;
    user.key = absl::StrCat("1:", name);
    return users[name] = user;
  }
  // u000, u001, …
  void AddUsers(int count) {
    for (int i = 1000; i < 1000 + count; ++i) AddUser(absl::StrCat("u", i));
  }

  absl::StatusOr<Snapshot> ReadAll() { return directory->ReadAll(WantEveryGroup(), {}); }
  WriteReply Add(const std::string& group, const std::string& account) {
    return directory->ChangeMembers(MembershipAction::kAdd, group, {account}, {});
  }
  WriteReply Remove(const std::string& group, const std::string& account) {
    return directory->ChangeMembers(MembershipAction::kRemove, group, {account}, {});
  }

  // An event of the feed about this user, who must be there: with all fields, or the name alone.
  void Record(const std::string& name) {
    const std::string user = Json(users.at(name), feed_shows_all);
    events.push_back(
        absl::StrCat(R"({"type":"userEvent","operation":"UPDATED","user":)", user, "}"));
  }
  // What another administrator does through Crowd.
  void Rename(const std::string& name, const std::string& display_name) {
    users.at(name).display_name = display_name;
    Record(name);
  }

  using Names = std::vector<std::string>;
  // Who of those asked about is a member, "1:alice, 1:bob"; or the error's code.
  std::string Ask(const std::string& group, const Names& added, const Names& removed) {
    const auto found = directory->ReadMemberships({group, added, removed}, {});
    if (!found.ok()) return absl::StatusCodeToString(found.status().code());
    Names members;
    for (const Names& names : {added, removed}) {
      for (const std::string& name : names) {
        const auto& all = found->members;
        if (std::find(all.begin(), all.end(), name) != all.end()) members.push_back(name);
      }
    }
    return absl::StrJoin(members, ", ");
  }

  // Requests with this method and this part in the URL.
  int Count(absl::string_view method, absl::string_view part = "") const {
    const auto& sent = client.requests();
    return static_cast<int>(std::count_if(sent.begin(), sent.end(), [&](const HttpRequest& r) {
      return r.method == method && absl::StrContains(r.url, part);
    }));
  }

  std::map<std::string, CrowdUser> users;
  std::map<std::string, ScriptGroup> groups;
  Hook hook;
  std::vector<std::string> events;
  int events_per_put = 1;
  bool feed_shows_all = false;
  FakeRuntime runtime;
  MemoryTraits traits;
  ScriptedClient client;
  std::unique_ptr<CrowdDirectory> directory;

  // One parameter of the query, decoded.
  static std::string Parameter(const HttpRequest& request, const std::string& name) {
    const std::vector<std::string> halves = absl::StrSplit(request.url, absl::MaxSplits('?', 1));
    if (halves.size() < 2) return "";
    const std::vector<std::string> pairs = absl::StrSplit(halves[1], '&');
    for (const std::string& pair : pairs) {
      if (absl::StartsWith(pair, name + "=")) return Decode(pair.substr(name.size() + 1));
    }
    return "";
  }

  // As Crowd would have answered without the hook.
  HttpResponse Plain(const HttpRequest& request) {
    if (absl::StrContains(request.url, "/config/cookie")) {
      return CrowdAnswers(200, R"({"domain":"","name":"crowd.token_key","secure":false})");
    }
    if (absl::StrContains(request.url, "/search?")) return Search(request);
    if (absl::StrContains(request.url, "/group/membership")) return Memberships();
    if (absl::StrContains(request.url, "/group/child-group/direct?")) return Children(request);
    if (absl::StrContains(request.url, "/group/user/direct?")) return Members(request);
    if (absl::StrContains(request.url, "/group?")) {
      const std::string name = Parameter(request, "groupname");
      if (groups.count(name) == 0) return CrowdRefuses(404, "GROUP_NOT_FOUND");
      return CrowdAnswers(200, absl::StrCat("{\"name\":", json::Quoted(name), "}"));
    }
    if (absl::StrContains(request.url, "/event")) return Events(request);
    return User(request);
  }

 private:
  // The token is the number of events until then.
  HttpResponse Events(const HttpRequest& request) {
    size_t from = events.size();
    const std::vector<std::string> parts = absl::StrSplit(request.url, "/event/");
    if (parts.size() == 2 && !absl::SimpleAtoi(parts[1], &from)) {
      return CrowdRefuses(410, "EVENT_TOKEN_EXPIRED");
    }
    const std::vector<std::string> since(events.begin() + static_cast<ptrdiff_t>(from),
                                         events.end());
    return CrowdAnswers(200, absl::StrCat(R"({"newEventToken":")", events.size(),
                                          R"(","incrementalSynchronisationAvailable":true,)",
                                          R"("events":[)", absl::StrJoin(since, ","), "]}"));
  }
  static std::string Decode(const std::string& text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '+') {
        result += ' ';
      } else if (text[i] == '%' && i + 2 < text.size()) {
        result += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        result += text[i];
      }
    }
    return result;
  }
  static std::string Json(const CrowdUser& user, bool fields) {
    json::Writer w;
    w.StartObject().Key("link").StartObject().Key("rel").String("self").EndObject();
    w.Key("name").String(user.name);
    if (fields) {
      w.Key("first-name").String(user.first_name).Key("last-name").String(user.last_name);
      w.Key("display-name").String(user.display_name).Key("email").String(user.email);
      w.Key("active").Bool(user.active);
      if (!user.key.empty()) w.Key("key").String(user.key);
      w.Key("attributes").StartObject().Key("attributes").StartArray();
      for (const auto& [name, values] : user.attributes) {
        w.StartObject().Key("name").String(name).Key("values").StartArray();
        for (const std::string& value : values) w.String(value);
        w.EndArray().EndObject();
      }
      w.EndArray().EndObject();
    }
    w.EndObject();
    return std::move(w).Take();
  }
  static std::string List(const char* kind, const std::vector<std::string>& rows) {
    return absl::StrCat("{\"expand\":\"", kind, "\",\"", kind, "s\":[", absl::StrJoin(rows, ","),
                        "]}");
  }
  absl::StatusOr<HttpResponse> Serve(const HttpRequest& request) {
    if (hook) {
      if (auto answer = hook(request)) return *std::move(answer);
    }
    return Plain(request);
  }
  HttpResponse Search(const HttpRequest& request) {
    const std::string kind = Parameter(request, "entity-type");
    const bool expand = Parameter(request, "expand") == kind;
    std::vector<std::string> rows;
    if (kind == "user") {
      for (const auto& [name, user] : users) rows.push_back(Json(user, expand));
    } else {
      for (const auto& [name, group] : groups) {
        rows.push_back(absl::StrCat("{\"name\":", json::Quoted(name), "}"));
      }
    }
    return Page(kind.c_str(), std::move(rows), request);
  }
  static HttpResponse Page(const char* kind, std::vector<std::string> rows,
                           const HttpRequest& request) {
    size_t start = 0;
    int64_t max = 0;
    if (!absl::SimpleAtoi(Parameter(request, "start-index"), &start) ||
        !absl::SimpleAtoi(Parameter(request, "max-results"), &max)) {
      return CrowdRefuses(400, "ILLEGAL_ARGUMENT");
    }
    rows.erase(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(std::min(start, rows.size())));
    if (max >= 0 && rows.size() > static_cast<size_t>(max)) rows.resize(static_cast<size_t>(max));
    return CrowdAnswers(200, List(kind, rows));
  }
  HttpResponse Memberships() {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><memberships>";
    for (const auto& [name, group] : groups) {
      absl::StrAppend(&xml, "<membership group=\"", Escaped(name), "\"><users>");
      for (const std::string& user : group.users) {
        absl::StrAppend(&xml, "<user name=\"", Escaped(user), "\"/>");
      }
      absl::StrAppend(&xml, "</users><groups>");
      for (const std::string& child : group.groups) {
        absl::StrAppend(&xml, "<group name=\"", Escaped(child), "\"/>");
      }
      absl::StrAppend(&xml, "</groups></membership>");
    }
    return CrowdAnswers(200, xml + "</memberships>");
  }
  static std::string Escaped(const std::string& text) {
    return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {"\"", "&quot;"}});
  }
  HttpResponse Children(const HttpRequest& request) {
    std::vector<std::string> rows;
    for (const std::string& child : groups[Parameter(request, "groupname")].groups) {
      rows.push_back(absl::StrCat("{\"name\":", json::Quoted(child), "}"));
    }
    return CrowdAnswers(200, List("group", rows));
  }
  HttpResponse Members(const HttpRequest& request) {
    const auto group = groups.find(Parameter(request, "groupname"));
    if (request.method == "GET") {
      const std::string asked = Parameter(request, "username");
      if (!asked.empty()) {
        const bool member = group != groups.end() && group->second.users.count(asked) > 0;
        return member ? CrowdAnswers(200, Json(users[asked], false))
                      : CrowdRefuses(404, "MEMBERSHIP_NOT_FOUND");
      }
      std::vector<std::string> rows;
      // An unknown group is an empty list, as in many versions.
      if (group != groups.end()) {
        for (const std::string& name : group->second.users) rows.push_back(Json(users[name], true));
      }
      return Page("user", std::move(rows), request);
    }
    if (group == groups.end()) return CrowdRefuses(404, "GROUP_NOT_FOUND");
    if (request.method == "POST") {
      std::string name = request.body.substr(9, request.body.size() - 11);  // {"name":"…"}
      if (users.count(name) == 0) return CrowdRefuses(400, "USER_NOT_FOUND");
      if (!group->second.users.insert(name).second) {
        return CrowdRefuses(409, "MEMBERSHIP_ALREADY_EXISTS");
      }
      return CrowdAnswers(201, "");
    }
    const std::string name = Parameter(request, "username");
    if (users.count(name) == 0) return CrowdRefuses(404, "USER_NOT_FOUND");
    if (group->second.users.erase(name) == 0) return CrowdRefuses(404, "MEMBERSHIP_NOT_FOUND");
    return CrowdAnswers(204, "");
  }
  HttpResponse User(const HttpRequest& request) {
    const std::string name = Parameter(request, "username");
    const std::string key = Parameter(request, "key");
    for (auto& [user_name, user] : users) {
      if (name.empty() ? user.key != key : user_name != name) continue;
      if (request.method == "GET") return CrowdAnswers(200, Json(user, true));
      const auto sent = DecodeCrowdUser("PUT", CrowdAnswers(200, request.body));
      if (!sent.ok()) return CrowdRefuses(400, "INVALID_USER");
      const std::string kept = user.key;
      user = *sent;
      user.key = kept;
      for (int i = 0; i < events_per_put; ++i) Record(user_name);
      return CrowdAnswers(204, "");
    }
    return CrowdRefuses(404, "USER_NOT_FOUND");
  }

  NoProgress progress_;
};

// "member, member" of one group of a roster.
inline std::string CrowdMembersOf(const Roster& roster, absl::string_view group_id) {
  std::vector<std::string> members;
  const GroupIndex group = roster.FindGroup(group_id);
  if (group == kNoGroup) return "(no such group)";
  for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
    members.emplace_back(roster.accounts[row->account].id);
  }
  return absl::StrJoin(members, ", ");
}

inline std::string FindingOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kFindingPayload);
  return payload.has_value() ? std::string(*payload) : "";
}

}  // namespace rollcall

#endif  // TESTS_CLIENTS_CROWD_CROWD_SCRIPT_H_
