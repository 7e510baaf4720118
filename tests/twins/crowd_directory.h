// What a Crowd server holds for one application: directories in the order of their priority, with
// users, groups and memberships. Plain values without behaviour of the protocol; CrowdTwin serves
// them. Users and groups are found by their folded names; members are folded names of users and
// groups of the same directory. Not thread-safe.
#ifndef TESTS_TWINS_CROWD_DIRECTORY_H_
#define TESTS_TWINS_CROWD_DIRECTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall::twins {

using CrowdAttributes = std::map<std::string, std::vector<std::string>>;

struct CrowdUser {
  std::string name;
  std::string first_name;
  std::string last_name;
  std::string display_name;
  std::string email;
  bool active = true;
  std::string external_id;  // the second half of the key; empty: the user has no key
  std::string password;
  CrowdAttributes attributes;
  absl::Time created;
  absl::Time updated;
};

struct CrowdGroup {
  std::string name;
  std::string description;
  bool active = true;
  CrowdAttributes attributes;
  std::set<std::string> users;
  std::set<std::string> groups;  // children
};

// What an application may be forbidden in a directory. Memberships are updates of groups.
enum class CrowdOperation : uint8_t {
  kCreateUser,
  kUpdateUser,
  kUpdateUserAttribute,
  kDeleteUser,
  kCreateGroup,
  kUpdateGroup,
  kUpdateGroupAttribute,
  kDeleteGroup,
};
inline constexpr int kCrowdOperations = 8;
// "create_user" and so on, as they are written in a world.
const char* NameOfCrowdOperation(CrowdOperation operation);
std::optional<CrowdOperation> FindCrowdOperation(absl::string_view name);

struct CrowdDirectory {
  int64_t id = 1;
  std::string name;
  bool active = true;  // inactive directories are as if they were not there
  bool nested_groups = true;
  std::set<CrowdOperation> denied;
  std::map<std::string, CrowdUser> users;    // by folded name
  std::map<std::string, CrowdGroup> groups;  // by folded name

  bool Allows(CrowdOperation operation) const { return denied.count(operation) == 0; }
};

struct CrowdApplication {
  std::vector<CrowdDirectory> directories;
  bool aggregating = false;        // memberships of all directories, not of the user's first alone
  bool lower_case_output = false;  // names and memberships in lower case
  std::map<std::string, std::string> aliases;  // folded user name -> alias
};

// Lower case as Crowd compares names: of Latin, Greek and Cyrillic letters; ß stays ß.
std::string FoldCrowdName(absl::string_view name);

// For hand-written worlds: "ada" is Ada Example, ada@example.com, with the external id "x-ada".
CrowdUser MakeCrowdUser(absl::string_view name, bool active);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_DIRECTORY_H_
