// Answers of a SCIM server, good and bad, in the manner that the quirks ask for.
#ifndef TESTS_TWINS_SCIM_REPLY_H_
#define TESTS_TWINS_SCIM_REPLY_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/twins/message.h"
#include "tests/twins/scim_quirks.h"

namespace rollcall::twins {

// What is wrong with a request; `scim_type` is one of RFC 7644 section 3.12, or empty.
struct ScimError {
  int status = 400;
  std::string scim_type;
  std::string detail;
};

TwinResponse JsonReply(int status, const nlohmann::json& body, const ScimQuirks& quirks);
TwinResponse ErrorReply(const ScimError& error, const ScimQuirks& quirks);
// 401: the token is missing or wrong.
TwinResponse UnauthorizedReply(const ScimQuirks& quirks);
TwinResponse EmptyReply(int status);
TwinResponse TextReply(int status, absl::string_view text);
TwinResponse DroppedConnection();

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_REPLY_H_
