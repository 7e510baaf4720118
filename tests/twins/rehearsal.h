// A rehearsal: twins under one roof, with everything that may go wrong between them and a client.
// A request passes the latency, the rate limit and the fault script before it reaches its twin, and
// is counted whatever becomes of it. A state machine like the twins: no sockets, no threads, time
// by the clock that it is given. Not thread-safe; the world outlives it.
//
// Beside the twins it answers, without counting:
//   GET /_twin/requests   what was asked (request_log.h), and under "counters" what a twin counts
//                         itself, by its base path
//   GET /_twin/world      everything there is, sorted (world_json.h)
//   GET /_twin/faults     how often each fault was met (fault_script.h)
//
// Example:
//   Rehearsal rehearsal(&world, {}, clock);
//   rehearsal.Mount("/scim/v2", std::make_unique<ScimTwin>(&world, "scim", ScimOptions(), clock));
//   FaultRule rule;
//   rule.method = "PATCH";
//   rule.effect.kind = FaultEffect::Kind::kDropAfter;
//   rehearsal.faults().Add(rule);
//   TwinServer server(&rehearsal);
//   absl::Status status = server.Start("127.0.0.1:0");
#ifndef TESTS_TWINS_REHEARSAL_H_
#define TESTS_TWINS_REHEARSAL_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/twins/clock.h"
#include "tests/twins/fault_script.h"
#include "tests/twins/message.h"
#include "tests/twins/request_log.h"
#include "tests/twins/retry_headers.h"
#include "tests/twins/token_bucket.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

struct RehearsalOptions {
  absl::Duration latency = absl::ZeroDuration();  // added to every answer
  double rate = 0;                                // requests a second; 0: no limit
  RetryStyle retry_style = RetryStyle::kSeconds;  // how a 429 says when to come back
};

class Rehearsal : public Twin {
 public:
  Rehearsal(const World* world, RehearsalOptions options, TwinClock clock);

  // Requests below `base_path` go to `twin`. The longest base path wins.
  void Mount(const std::string& base_path, std::unique_ptr<Twin> twin);

  TwinResponse Handle(const TwinRequest& request) override;

  FaultScript& faults() { return faults_; }
  void set_faults(FaultScript faults) { faults_ = std::move(faults); }
  const RequestLog& log() const { return log_; }

 private:
  struct Stage {
    std::string base_path;
    std::unique_ptr<Twin> twin;
  };
  const Stage* FindStage(const std::string& path) const;
  TwinResponse Inspect(const std::string& path) const;
  nlohmann::json Account() const;
  std::optional<TwinResponse> LimitRate();
  TwinResponse Perform(const TwinRequest& request, const Stage* stage, Reach& reach);
  TwinResponse Strike(const FaultEffect& effect, const TwinRequest& request, const Stage* stage,
                      Reach& reach);

  const World& world_;
  const RehearsalOptions options_;
  const TwinClock clock_;
  std::vector<Stage> stages_;
  FaultScript faults_;
  RequestLog log_;
  std::optional<TokenBucket> bucket_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_REHEARSAL_H_
