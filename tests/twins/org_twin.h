// An Atlassian organisation as a state machine: requests in, responses out, no sockets, no threads,
// and no time but the clock that it is given. It serves a World's organisation and accounts by the
// organisations API (/admin/v1, /admin/v2) and user management (/users/{id}/manage) below its base
// path, which stands for https://api.atlassian.com; quirks make it behave in every way that the
// documentation leaves open (org_quirks.h). It shares no code with the client that it checks. Not
// thread-safe; TwinServer serialises the calls. It never fails: what is wrong with a request is its
// answer. A page holds at most 100 records.
//
// Example:
//   World world;
//   world.organisation.emplace();
//   world.organisation->id = "o-1";
//   world.organisation->directories = {{"dir-main", "Main"}};
//   OrgTwin twin(&world, OrgOptions(), [] { return absl::FromUnixSeconds(1'700'000'000); });
//   TwinRequest request;
//   request.target = "/atlassian/admin/v2/orgs/o-1/directories";
//   request.headers = {{"Authorization", "Bearer twin-token"}};
//   TwinResponse response = twin.Handle(request);  // 200 and the directory
#ifndef TESTS_TWINS_ORG_TWIN_H_
#define TESTS_TWINS_ORG_TWIN_H_

#include <optional>
#include <string>

#include "tests/twins/clock.h"
#include "tests/twins/message.h"
#include "tests/twins/org_call.h"
#include "tests/twins/org_options.h"
#include "tests/twins/token_bucket.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

class OrgTwin : public Twin {
 public:
  // `world` must outlive the twin; its organisation is made if there is none.
  OrgTwin(World* world, OrgOptions options, TwinClock clock);

  TwinResponse Handle(const TwinRequest& request) override;

  // "/admin/v2/orgs/{org}/directories/{dir}/users/{id}/suspend".
  std::string Endpoint(const std::string& path) const override;

 private:
  TwinResponse Answer(const OrgCall& call);
  std::optional<TwinResponse> LimitOrgCalls(const OrgCall& call, TwinHeaders& headers);

  World& world_;
  const OrgOptions options_;
  const TwinClock clock_;
  IdSource ids_;
  std::optional<TokenBucket> bucket_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_TWIN_H_
