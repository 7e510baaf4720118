// CrowdUser: one user as Crowd serves it, with the six fields that a PUT replaces together, and the
// custom attributes. Most versions leave those alone in a PUT; should one replace them, what was
// read goes back with it. Values and pure functions, any thread. Absent, null and empty are one.
#ifndef CLIENTS_CROWD_CROWD_USER_H_
#define CLIENTS_CROWD_CROWD_USER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/http/message.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

struct CrowdUser {
  std::string name;
  std::string first_name;
  std::string last_name;
  std::string display_name;
  std::string email;
  bool active = true;
  std::map<std::string, std::vector<std::string>> attributes;
  std::string key;  // "<directory>:<id>", survives a rename; empty where the directory has none

  // The directory's unchangeable account id: the key, else the name.
  const std::string& id() const { return key.empty() ? name : key; }
  AccountRecord record() const;
  bool operator==(const CrowdUser&) const = default;
};

// DATA_LOSS where the answer is no user: no name, or no `active`, whose default is not the same in
// all versions.
absl::StatusOr<CrowdUser> DecodeCrowdUser(absl::string_view what, const HttpResponse& response);

// All six fields, `active` as a boolean, and the attributes where there are any; nothing else: what
// Crowd does with more is not known.
std::string EncodeCrowdUser(const CrowdUser& user);

// Names and e-mail address by Crowd's names for them, in a fixed order; without the user name.
std::vector<std::pair<std::string, std::string>> TextsOf(const CrowdUser& user);

// What `after` holds otherwise than `sent`, of the fields other than `active`, and the attributes
// as one: their names as Crowd has them.
struct FieldDifferences {
  std::vector<std::string> filled;   // sent blank, not blank now (rule A7)
  std::vector<std::string> changed;  // any other difference
};
FieldDifferences CompareFields(const CrowdUser& sent, const CrowdUser& after);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_USER_H_
