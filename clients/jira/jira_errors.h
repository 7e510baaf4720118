// What a Jira Cloud site answers when it refuses, and what that means. Its envelope is
// {"errorMessages":["…"],"errors":{"field":"…"}}; gateways in front of it have others. Pure, any
// thread. Sources: Atlassian's API description; texts as users have reported them.
#ifndef CLIENTS_JIRA_JIRA_ERRORS_H_
#define CLIENTS_JIRA_JIRA_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/http/message.h"

namespace rollcall {

// The owner that a WriteReply names where the site says that its users are managed elsewhere.
inline constexpr char kExternalUserManagement[] = "external user management";

struct JiraError {
  int status = 0;
  std::string message;     // fit for a message
  std::string request_id;  // for Atlassian's support
  bool is_page = false;    // a web page

  // "404: Specified user does not exist …"
  std::string ToString() const;
  bool Mentions(absl::string_view words) const;
  // Users and groups are managed elsewhere (SCIM, or the organisation): the site refuses every
  // change of them.
  bool IsManagedElsewhere() const;
  bool IsAlreadyMember() const;
};

JiraError ParseJiraError(const HttpResponse& response);

// Codes as in reconciler/ports/directory.h.
absl::Status JiraReadFailure(absl::string_view what, const JiraError& error);
absl::Status JiraWriteFailure(absl::string_view what, const JiraError& error);

// OK unless a web page (for signing in, of a proxy) stands where a write was to be confirmed:
// UNKNOWN then.
absl::Status JiraWriteSuccess(absl::string_view what, const HttpResponse& response);

// DATA_LOSS unless the body of a successful answer begins as a JSON document does.
absl::Status RequireJiraJson(absl::string_view what, const HttpResponse& response);

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_ERRORS_H_
