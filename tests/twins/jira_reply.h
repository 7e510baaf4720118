// What a Jira site's twin answers with: JSON, nothing, HTML, and errors in Jira's envelope.
#ifndef TESTS_TWINS_JIRA_REPLY_H_
#define TESTS_TWINS_JIRA_REPLY_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/twins/jira_call.h"

namespace rollcall::twins {

TwinResponse JiraJson(int status, const nlohmann::json& body);
TwinResponse JiraEmpty(int status);
TwinResponse JiraHtml(int status, absl::string_view title);
// {"errorMessages": […], "errors": {}}
TwinResponse JiraRefuse(int status, absl::string_view message);

TwinResponse JiraUnauthenticated();
TwinResponse JiraNoUser();
TwinResponse JiraNoGroup(const JiraCall& call);
// The parameter or field of that name is missing.
TwinResponse JiraNeeds(absl::string_view name);
// "Cannot edit group memberships, as external user management is enabled, …"
TwinResponse JiraExternallyManaged(const JiraCall& call);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_REPLY_H_
