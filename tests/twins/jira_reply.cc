#include "tests/twins/jira_reply.h"

#include "absl/strings/str_cat.h"

namespace rollcall::twins {

using nlohmann::json;

TwinResponse JiraJson(int status, const json& body) {
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json;charset=UTF-8"}};
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

TwinResponse JiraEmpty(int status) {
  TwinResponse response;
  response.status = status;
  return response;
}

TwinResponse JiraHtml(int status, absl::string_view title) {
  TwinResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html;charset=UTF-8"}};
  response.body = absl::StrCat("<!DOCTYPE html><html><head><title>", title,
                               "</title></head><body></body>", "</html>\n");
  return response;
}

TwinResponse JiraRefuse(int status, absl::string_view message) {
  return JiraJson(
      status, {{"errorMessages", json::array({std::string(message)})}, {"errors", json::object()}});
}

TwinResponse JiraUnauthenticated() {
  return JiraRefuse(401, "Client must be authenticated to access this resource.");
}

TwinResponse JiraNoUser() {
  return JiraRefuse(404, "Specified user does not exist or you do not have required permissions");
}

TwinResponse JiraNoGroup(const JiraCall& call) {
  const std::string id = call.Text("groupId");
  if (id.empty()) {
    return JiraRefuse(
        404, absl::StrCat("The group named '", call.Text("groupname"), "' does not exist."));
  }
  return JiraRefuse(404, absl::StrCat("Group with id '", id, "' does not exist."));
}

TwinResponse JiraNeeds(absl::string_view name) {
  return JiraRefuse(400, absl::StrCat("The '", name, "' query parameter needs to be provided"));
}

TwinResponse JiraExternallyManaged(const JiraCall& call) {
  return JiraRefuse(call.Has(JiraQuirk::kExternal403) ? 403 : 400,
                    "Cannot edit group memberships, as external user management is enabled, "
                    "please contact your JIRA administrators.");
}

}  // namespace rollcall::twins
