// Answers of a Crowd server, good and bad, in the format that the call has settled on.
#ifndef TESTS_TWINS_CROWD_REPLY_H_
#define TESTS_TWINS_CROWD_REPLY_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/twins/crowd_call.h"
#include "tests/twins/message.h"

namespace rollcall::twins {

// {"reason", "message"} or <error>.
TwinResponse CrowdRefusal(const CrowdCall& call, int status, absl::string_view reason,
                          absl::string_view message);
TwinResponse CrowdNoUser(const CrowdCall& call, int status, const std::string& name);
TwinResponse CrowdNoGroup(const CrowdCall& call, int status, const std::string& name);
TwinResponse CrowdNoMembership(const CrowdCall& call, const std::string& child,
                               const std::string& parent);
// The directory does not allow this.
TwinResponse CrowdForbidden(const CrowdCall& call, CrowdOperation operation);
// A query parameter is missing.
TwinResponse CrowdNoParameter(const CrowdCall& call, absl::string_view name);

// What the framework below Crowd answers: a page of the servlet container …
TwinResponse CrowdPage(const CrowdOptions& options, int status, absl::string_view message);
// … or {"message", "status-code", "stack-trace"} without a reason.
TwinResponse CrowdFault(int status, absl::string_view message);
// 404, 405, 406 and 415, in the one or the other way.
TwinResponse CrowdFrameworkError(const CrowdOptions& options, int status,
                                 absl::string_view message);

// 200, 201 with a body of the JSON shape; `root` is the element's name in XML.
TwinResponse CrowdAnswer(const CrowdCall& call, int status, const std::string& root,
                         const nlohmann::json& body);
// 201 or 204 without a body.
TwinResponse CrowdEmpty(const CrowdCall& call, int status);
TwinResponse CrowdCreated(const CrowdCall& call, const std::string& location);

// The request's body in its JSON shape, whether it was JSON or XML. False: `refusal` is the answer.
// Members that are not `known` are what the quirks say; "…" lists are of one level.
bool ReadCrowdBody(const CrowdCall& call, const std::vector<std::string>& known,
                   nlohmann::json& body, TwinResponse& refusal);
// A member of a body as text; "" when absent or null.
std::string CrowdText(const nlohmann::json& body, const char* name);

// Links as they stand in answers: {"rel": "self", "href": "…/user?username=a%26b"}.
std::string CrowdHref(const CrowdCall& call, absl::string_view resource,
                      absl::string_view parameter, absl::string_view value);
nlohmann::json CrowdLink(const std::string& href);

// A user or group, with its attributes or without, and as it stands in lists: name and link.
enum class CrowdShown { kName, kFields, kWithAttributes };
nlohmann::json RenderCrowdUser(const CrowdCall& call, const CrowdView& view,
                               const CrowdView::User& user, CrowdShown shown);
nlohmann::json RenderCrowdGroup(const CrowdCall& call, const CrowdView& view,
                                const CrowdView::Group& group, CrowdShown shown);
nlohmann::json RenderCrowdAttributes(const CrowdCall& call, const CrowdAttributes& attributes,
                                     const std::string& href);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_REPLY_H_
