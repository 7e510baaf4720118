// What the tests of the organisation's client write down and look at: accounts and groups of a
// small organisation, errors as Atlassian writes them, what a roster holds in words. One thread.
#ifndef TESTS_CLIENTS_ATLASSIAN_ORG_WORDS_H_
#define TESTS_CLIENTS_ATLASSIAN_ORG_WORDS_H_

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/json/value.h"
#include "reconciler/ports/directory.h"
#include "tests/support/scripted_client.h"

namespace rollcall {

class WantGroupsOf final : public GroupFilter {
 public:
  explicit WantGroupsOf(std::set<std::string> names) : names_(std::move(names)) {}
  bool Wants(absl::string_view name) const override {
    return names_.count("*") > 0 || names_.count(std::string(name)) > 0;
  }

 private:
  std::set<std::string> names_;
};

// An error as the application writes it.
inline HttpResponse OrgRefuses(int status, const std::string& code, const std::string& title = "") {
  return Answer(status,
                absl::StrCat(R"({"errors":[{"id":"65e9","status":")", status, R"(","code":")", code,
                             R"(","title":")", title, R"(","detail":"says Atlassian"}]})"));
}

struct ScriptAccount {
  std::string id;
  std::string email;
  std::string type = "atlassian";
  std::string account_status = "active";
  std::string claim = "managed";
  std::string status;                         // empty: as the others say
  std::map<std::string, std::string> places;  // directory -> active, suspended
  bool org_admin = false;
  bool has_roles_in_directories = true;
  std::string enablement;  // a reason; empty: allowed
};

struct ScriptGroup {
  std::string id;
  std::string name;
  std::string directory;
  bool synced = false;
  bool modifiable = true;
  std::set<std::string> members;
};

// "id state, id state" of a roster.
inline std::string StatesOf(const Roster& roster) {
  static constexpr const char* kNames[] = {"active", "inactive", "partly", "untouchable"};
  std::vector<std::string> parts;
  for (const Account& account : roster.accounts) {
    parts.push_back(absl::StrCat(account.id, " ", kNames[static_cast<int>(account.state)]));
  }
  return absl::StrJoin(parts, ", ");
}

inline std::string OrgMembersOf(const Roster& roster, absl::string_view group_id) {
  std::vector<std::string> members;
  const GroupIndex group = roster.FindGroup(group_id);
  if (group == kNoGroup) return "(no such group)";
  for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
    members.emplace_back(roster.accounts[row->account].id);
  }
  return absl::StrJoin(members, ", ");
}

inline bool Holds(absl::string_view text, absl::string_view words) {
  return absl::StrContains(text, words);
}

// Answers in place of the organisation, or not.
using OrgHookAnswer = std::optional<absl::StatusOr<HttpResponse>>;
using OrgHook = std::function<OrgHookAnswer(const HttpRequest&)>;

// Answers requests with this part in their URL by `answer`.
inline OrgHook AnswersTo(std::string part, const absl::StatusOr<HttpResponse>& answer) {
  return [=](const HttpRequest& request) -> OrgHookAnswer {
    if (!Holds(request.url, part)) return std::nullopt;
    return answer;
  };
}

inline std::string NotesOf(const Snapshot& snapshot) {
  return absl::StrJoin(snapshot.notes, " | ");
}

// The texts of a list in a body.
inline std::vector<std::string> TextsIn(const json::Value& body, const char* key) {
  std::vector<std::string> result;
  if (const json::Value* list = body.Find(key); list != nullptr) {
    for (const json::Value& item : list->items()) result.emplace_back(item.text());
  }
  return result;
}
inline bool HasText(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// One parameter of the query, as sent.
inline std::string ParameterOf(const HttpRequest& request, const std::string& name) {
  const std::vector<std::string> halves = absl::StrSplit(request.url, absl::MaxSplits('?', 1));
  if (halves.size() < 2) return "";
  const std::vector<std::string> pairs = absl::StrSplit(halves[1], '&');
  for (const std::string& pair : pairs) {
    if (absl::StartsWith(pair, name + "=")) return pair.substr(name.size() + 1);
  }
  return "";
}

inline HttpResponse RoleAssignmentsOf(const ScriptAccount& account) {
  std::vector<std::string> rows = {
      R"({"resourceId":"ari:cloud:platform::org/1","directoryId":null,)"
      R"("userDirectoryStatus":null})"};
  if (account.has_roles_in_directories) {
    for (const auto& [directory, status] : account.places) {
      rows.push_back(absl::StrCat(R"({"resourceId":"ari:cloud:jira::site/1","directoryId":")",
                                  directory, R"(","userDirectoryStatus":")", status,
                                  R"(","roles":["atlassian/user"]})"));
    }
  }
  return Answer(200, absl::StrCat("{\"data\":[", absl::StrJoin(rows, ","), "],\"links\":{}}"));
}
}  // namespace rollcall

#endif  // TESTS_CLIENTS_ATLASSIAN_ORG_WORDS_H_
