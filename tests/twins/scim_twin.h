// A SCIM 2.0 server as a state machine: requests in, responses out, no sockets, no threads, and no
// time but the clock that it is given. It serves one named directory of a World by RFC 7643 and RFC
// 7644; quirks and dialects make it behave like servers that people really have (scim_quirks.h).
// Not thread-safe; TwinServer serialises the calls. It never fails: what is wrong with a request is
// its answer. Request bodies are read whole; lists are rendered a page at a time.
//
// Example:
//   World world;
//   world.scim["scim"].PutUser(MakeScimUser("u-1", "ada@example.com", "p-1", true));
//   ScimOptions options;  // base path /scim/v2, token "twin-token"
//   ScimTwin twin(&world, "scim", options, [] { return absl::FromUnixSeconds(1'700'000'000); });
//   TwinRequest request;
//   request.target = "/scim/v2/Users?startIndex=1&count=50";
//   request.headers = {{"Authorization", "Bearer twin-token"}};
//   TwinResponse response = twin.Handle(request);  // 200 and a ListResponse
#ifndef TESTS_TWINS_SCIM_TWIN_H_
#define TESTS_TWINS_SCIM_TWIN_H_

#include <string>

#include "tests/twins/clock.h"
#include "tests/twins/message.h"
#include "tests/twins/scim_call.h"
#include "tests/twins/scim_options.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

class ScimTwin : public Twin {
 public:
  // `world` must outlive the twin; its directory is made if it is not there.
  ScimTwin(World* world, const std::string& directory, ScimOptions options, TwinClock clock);

  TwinResponse Handle(const TwinRequest& request) override;

  const ScimOptions& options() const { return options_; }

 private:
  World& world_;
  const std::string name_;
  ScimDirectory& directory_;
  const ScimOptions options_;
  const TwinClock clock_;
  ScimMemory memory_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_TWIN_H_
