// A Crowd server as a state machine: requests in, responses out, no sockets, no threads, and no
// time but the clock that it is given. It serves one application's view of a World's Crowd
// directories by the REST API of user management; quirks make it behave as other versions do
// (crowd_quirks.h). It shares no code with the client that it checks. Not thread-safe; TwinServer
// serialises the calls. It never fails: what is wrong with a request is its answer. Lists are
// rendered a page at a time, the bulk memberships whole, as the real server does.
//
// Example:
//   World world;
//   CrowdDirectory internal;
//   internal.users["ada"] = MakeCrowdUser("ada", true);
//   world.crowd["crowd"].directories.push_back(internal);
//   CrowdOptions options;  // base path /crowd, application "rollcall", password "twin-token"
//   CrowdTwin twin(&world, "crowd", options, [] { return absl::FromUnixSeconds(1'700'000'000); });
//   TwinRequest request;
//   request.target = "/crowd/rest/usermanagement/1/user?username=ada";
//   request.headers = {{"Authorization", "Basic cm9sbGNhbGw6dHdpbi10b2tlbg=="},
//                      {"Accept", "application/json"}};
//   TwinResponse response = twin.Handle(request);  // 200 and the user
#ifndef TESTS_TWINS_CROWD_TWIN_H_
#define TESTS_TWINS_CROWD_TWIN_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "tests/twins/clock.h"
#include "tests/twins/crowd_call.h"
#include "tests/twins/crowd_options.h"
#include "tests/twins/message.h"
#include "tests/twins/token_bucket.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

class CrowdTwin : public Twin {
 public:
  // `world` must outlive the twin; its entry `name` of `crowd` is made if it is not there.
  CrowdTwin(World* world, const std::string& name, CrowdOptions options, TwinClock clock);

  TwinResponse Handle(const TwinRequest& request) override;

  // "/rest/usermanagement/1/user/group/direct" is "/user/group/direct".
  std::string Endpoint(const std::string& path) const override;
  // "password_checks": how often the password was looked at, which costs a real server dearly.
  std::map<std::string, int64_t> Counters() const override;

  // How often a client's password has been checked.
  int64_t password_checks() const { return memory_.password_checks; }

 private:
  struct Snapshot {
    CrowdApplication before;
    int64_t reads;
    absl::Time until;
  };
  TwinResponse Answer(const TwinRequest& request);
  // Nothing: the application is who it says, and `cookie` is to be set if it is not empty.
  std::optional<TwinResponse> Authenticate(const TwinRequest& request, std::string& cookie);
  std::optional<TwinResponse> LimitCalls(TwinHeaders& headers);
  TwinResponse Perform(const TwinRequest& request, Target target, std::vector<std::string> path);
  const CrowdApplication& Seen(const TwinRequest& request, const std::string& endpoint);

  CrowdApplication& application_;
  const CrowdOptions options_;
  const TwinClock clock_;
  CrowdMemory memory_;
  std::optional<TokenBucket> bucket_;
  std::deque<Snapshot> snapshots_;  // how it was before the last writes, for late readers
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_TWIN_H_
