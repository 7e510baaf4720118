// What an organisation's twin answers with: JSON, nothing, and errors in each of the envelopes that
// the layers of the real service have.
#ifndef TESTS_TWINS_ORG_REPLY_H_
#define TESTS_TWINS_ORG_REPLY_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/twins/org_call.h"

namespace rollcall::twins {

TwinResponse OrgJson(int status, const nlohmann::json& body);
TwinResponse OrgEmpty(int status);

struct OrgError {
  int status;
  std::string code;  // "ADMIN-UAM-404-1"
  std::string title;
  std::string detail;
};

// {"errors": [{id, status, code, title, detail}]}, or what the quirks make of it.
TwinResponse OrgRefuse(const OrgCall& call, const OrgError& error);
// The same for a write in a directory, whose errors may have no body.
TwinResponse OrgRefuseWrite(const OrgCall& call, const OrgError& error);
// {"code": 401, "message": …}
TwinResponse OrgProxyError(int status, absl::string_view message);
// {"timestamp", "path", "status", "error", "message", "requestId"}
TwinResponse OrgGatewayError(const OrgCall& call, int status, absl::string_view message);

TwinResponse OrgBadRequest(const OrgCall& call, absl::string_view detail);
TwinResponse OrgNoUser(const OrgCall& call);
TwinResponse OrgNoSuchEndpoint(const OrgCall& call);
// Of a call that the service has given up.
TwinResponse OrgEnded(const OrgCall& call);

// {"key", "context"?, "errorKey", "errorDetail"} of user management; `context` null: absent.
TwinResponse ManageRefuse(const OrgCall& call, int status, const std::string& key,
                          const nlohmann::json& context, const std::string& detail);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_REPLY_H_
