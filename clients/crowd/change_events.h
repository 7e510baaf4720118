// What an answer of Crowd's event feed (/event, /event/{token}) tells, as far as changes of users
// go. The inner form of these answers is not known for certain, so it is read by what it must hold
// in any form: a list is an array (or one object alone) under a name with "event" in it, directly
// or one below the other; an event of a user holds an object with a `name`; an event of a
// membership or a group says so by its name, its type or a member with "group" in it. Pure
// functions, any thread.
//
// Limits: kMaxBytes of text, kMaxToken bytes of a token.
#ifndef CLIENTS_CROWD_CHANGE_EVENTS_H_
#define CLIENTS_CROWD_CHANGE_EVENTS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/crowd/crowd_user.h"
#include "clients/json/value.h"

namespace rollcall {

// A user as an event shows it: the whole of it, or no more than the name.
struct EventUser {
  std::string name;
  std::string key;
  std::map<std::string, std::string> texts;  // by Crowd's names: "display-name"; without the name
  std::optional<bool> active;

  // The key decides where both have one, else the name.
  bool Is(const CrowdUser& user) const;
  // Shows something of the user's names and e-mail address, and no other than these. What is left
  // out is blank.
  bool HasTextsOf(const CrowdUser& user) const;
};

// One change of a user. More than one user in it: as it was and as it is, perhaps.
using ChangeEvent = std::vector<EventUser>;

struct ChangeAnswer {
  static constexpr size_t kMaxBytes = json::Value::kMaxBytes;
  static constexpr size_t kMaxToken = 256;

  std::string token;              // for what comes after; empty: none
  std::optional<bool> available;  // `incrementalSynchronisationAvailable`
  std::vector<ChangeEvent> users;
};

// INVALID_ARGUMENT where it is not JSON, or an event in it cannot be understood; RESOURCE_EXHAUSTED
// above a limit.
absl::StatusOr<ChangeAnswer> ParseChangeAnswer(absl::string_view body);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CHANGE_EVENTS_H_
