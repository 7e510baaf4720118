// SimNetwork: the transport of a simulated process. Below it stand the twins, above it the layers
// of the real client. Every send takes time and gives others a turn; what goes wrong on the way is
// the seed's. One thread at a time (who holds the baton).
#ifndef TESTS_SIMULATION_SIM_NETWORK_H_
#define TESTS_SIMULATION_SIM_NETWORK_H_

#include <map>
#include <optional>
#include <set>
#include <string>

#include "clients/http/client.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/event_log.h"
#include "tests/simulation/fault_kind.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/rival.h"
#include "tests/simulation/sim_runtime.h"
#include "tests/simulation/sim_world.h"
#include "tests/simulation/trouble.h"
#include "tests/simulation/witness.h"

namespace rollcall::simulation {

class SimNetwork final : public HttpClient {
 public:
  static constexpr int64_t kMaxRequests = 20'000;  // of one world

  struct Parts {
    SimWorld& world;
    SimRuntime& runtime;
    Machine& machine;
    Witness& witness;
    EventLog& log;
    FaultCounts& counts;
  };

  SimNetwork(Dice dice, const Parts& parts, const Trouble& trouble);

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

  // From now on nothing goes wrong any more.
  void Calm();
  // Keys that were revoked are good again: somebody has put new ones in place.
  void RenewKeys() { revoked_.clear(); }

  int64_t requests() const { return requests_; }

 private:
  using Result = absl::StatusOr<HttpResponse>;

  // One request on its way: what is sent, and whether the answer tells for certain that it worked.
  struct Exchange {
    twins::TwinRequest asked;
    Witness::Sent sent;
    bool certain = false;
  };

  Result Deliver(Exchange& exchange);
  void HappenAround();
  std::optional<FaultKind> DrawFault(const twins::TwinRequest& request);
  static bool Applies(FaultKind kind, const twins::TwinRequest& request);
  Result Strike(FaultKind fault, Exchange& exchange);
  Result StrikePage(FaultKind fault, Exchange& exchange);
  Result Throttle(FaultKind fault);
  // The twin answers; effects are looked at.
  HttpResponse Perform(Exchange& exchange);
  Result WrongBody(const std::string& target, HttpResponse response);
  void Count(FaultKind kind);

  Dice dice_;
  Parts parts_;
  Trouble trouble_;
  Rival rival_;
  int64_t requests_ = 0;
  std::set<std::string> revoked_;              // directories that refuse our key
  std::map<std::string, HttpResponse> pages_;  // the last page of each list
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_NETWORK_H_
