// A Jira Cloud site as a state machine: requests in, responses out, no sockets, no threads, and no
// time but the clock that it is given. It serves users and groups of one of a World's sites by the
// platform's REST API version 3 below its base path, which stands for https://NAME.atlassian.net or
// for the gateway's https://api.atlassian.com/ex/jira/{cloud id}; quirks make it behave in every
// way that the documentation leaves open (jira_quirks.h). What is written here is seen by the
// organisation's twin, and the other way round. It shares no code with the client that it checks.
// Not thread-safe; TwinServer serialises the calls. It never fails: what is wrong with a request is
// its answer.
//
// Example:
//   World world;  // with an organisation of the directory "dir-main"
//   world.sites["site"] = {"cloud-1", "dir-main", "example", {}, {}, {}};
//   JiraTwin twin(&world, "site", JiraOptions(), [] { return absl::FromUnixSeconds(1'700'000'000);
//   }); TwinRequest request; request.target = "/jira/site/rest/api/3/users/search?maxResults=1000";
//   request.headers = {{"Authorization", JiraAuthorization(JiraOptions())}};
//   TwinResponse response = twin.Handle(request);  // 200 and an array of users
#ifndef TESTS_TWINS_JIRA_TWIN_H_
#define TESTS_TWINS_JIRA_TWIN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "tests/twins/clock.h"
#include "tests/twins/jira_call.h"
#include "tests/twins/jira_limits.h"
#include "tests/twins/jira_options.h"
#include "tests/twins/message.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

// What a client with the e-mail and the token of the options sends: "Basic …".
std::string JiraAuthorization(const JiraOptions& options);

class JiraTwin : public Twin {
 public:
  // `world` must outlive the twin; `name` is that of the site in it. The site and an organisation
  // are made if there are none.
  JiraTwin(World* world, std::string name, JiraOptions options, TwinClock clock);

  TwinResponse Handle(const TwinRequest& request) override;

  // The path itself: ids are parameters.
  std::string Endpoint(const std::string& path) const override { return path; }

 private:
  TwinResponse Answer(const JiraCall& call) const;
  std::string Caller(const TwinRequest& request);

  World& world_;
  const std::string name_;
  const JiraOptions options_;
  const std::string authorization_;
  const TwinClock clock_;
  IdSource ids_;
  JiraLimits limits_;
  std::map<std::string, int64_t> passes_;
  std::string caller_;   // whose e-mail was that of the options when last looked at
  size_t searched_ = 0;  // accounts that there were then
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_TWIN_H_
