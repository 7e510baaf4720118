#include "clients/jira/jira_caller.h"

#include <string>

#include "clients/http/server_answer.h"
#include "clients/jira/jira_errors.h"
#include "clients/jira/jira_rows.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::Status ProveSignedIn(JiraApi& api, const CallContext& context) {
  const std::string what = "the token's own account";
  JiraApi::Reply reply = api.GetMyself(context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return JiraReadFailure(what, ParseJiraError(*reply));
  RETURN_IF_ERROR(RequireJiraJson(what, *reply));
  return ReadJiraRow(what, JiraRowKind::kUser, reply->body).status();
}

}  // namespace rollcall
