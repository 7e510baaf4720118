// What a SCIM directory holds: users and groups in the order of their creation, with the look-ups
// that a server needs. A value without behaviour of the protocol; ScimTwin serves it. Not
// thread-safe. Pointers handed out are good until that object is removed.
#ifndef TESTS_TWINS_SCIM_DIRECTORY_H_
#define TESTS_TWINS_SCIM_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall::twins {

inline constexpr char kAtlassianExtension[] = "urn:scim:schemas:extension:atlassian-external:1.0";

struct ScimUser {
  std::string id;
  // Everything that a client may write, in SCIM's spelling: userName, externalId, active, name,
  // emails, extensions. `active` is a boolean, absent, or (with a quirk) a string.
  nlohmann::json attributes = nlohmann::json::object();
  absl::Time created;
  absl::Time modified;
  int64_t version = 1;

  std::string UserName() const;
  std::string ExternalId() const;
  std::string Email() const;               // the primary one, else the first
  std::string AtlassianAccountId() const;  // from the extension; empty: none
  bool Active() const;                     // true when absent
};

struct ScimGroup {
  std::string id;
  std::string display_name;
  std::string external_id;
  std::vector<std::string> members;  // user ids, in order; a quirk lets one appear twice
  absl::Time created;
  absl::Time modified;
  int64_t version = 1;
};

// What happens to memberships of a user who is removed.
enum class Memberships { kRemoved, kLeftDangling };

class ScimDirectory {
 public:
  const std::vector<std::unique_ptr<ScimUser>>& users() const { return users_; }
  const std::vector<std::unique_ptr<ScimGroup>>& groups() const { return groups_; }

  const ScimUser* FindUser(const std::string& id) const;
  const ScimGroup* FindGroup(const std::string& id) const;
  // Ids of the groups that hold the user, sorted.
  std::set<std::string> GroupsOf(const std::string& user_id) const;
  // Users whose name is this but for ASCII case, sorted by id.
  std::vector<const ScimUser*> UsersNamed(const std::string& user_name) const;
  // Users that name this Atlassian account, sorted by id.
  std::vector<const ScimUser*> UsersOfAccount(const std::string& account_id) const;

  // Adds, or replaces what has the same id.
  void PutUser(ScimUser user);
  void PutGroup(ScimGroup group);
  void RemoveUser(const std::string& id, Memberships memberships);
  void RemoveGroup(const std::string& id);

 private:
  void Index(const ScimUser& user);
  void Unindex(const ScimUser& user);

  std::vector<std::unique_ptr<ScimUser>> users_;
  std::vector<std::unique_ptr<ScimGroup>> groups_;
  std::unordered_map<std::string, ScimUser*> user_by_id_;
  std::unordered_map<std::string, ScimGroup*> group_by_id_;
  std::unordered_map<std::string, std::set<std::string>> ids_by_name_;     // lower case -> user ids
  std::unordered_map<std::string, std::set<std::string>> ids_by_account_;  // account -> user ids
  std::unordered_map<std::string, std::set<std::string>> groups_of_user_;  // user id -> group ids
};

// For hand-written worlds in tests: a user with the usual attributes.
ScimUser MakeScimUser(absl::string_view id, absl::string_view user_name,
                      absl::string_view external_id, bool active);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_DIRECTORY_H_
