// Who asked, as a Jira site sees it. Some calls answer a wrong token as they answer an anonymous
// visitor, who sees empty lists: such a list proves nothing. Any thread.
#ifndef CLIENTS_JIRA_JIRA_CALLER_H_
#define CLIENTS_JIRA_JIRA_CALLER_H_

#include "absl/status/status.h"
#include "clients/http/message.h"
#include "clients/jira/jira_api.h"

namespace rollcall {

// Does the answer say whose token it was (X-AAccountId)?
inline bool NamesCaller(const HttpResponse& response) {
  return !FindHeader(response.headers, "X-AAccountId").empty();
}

// Asks who the caller is; fails where that is nobody. One request.
absl::Status ProveSignedIn(JiraApi& api, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_CALLER_H_
