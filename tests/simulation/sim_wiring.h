// SimWiring: the directories of a simulated process: the real client layers over the simulated
// network, as agent/runs/wiring.h connects them. What it is given outlives it. One thread at a
// time.
#ifndef TESTS_SIMULATION_SIM_WIRING_H_
#define TESTS_SIMULATION_SIM_WIRING_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/runs/wiring.h"
#include "clients/http/client.h"
#include "clients/http/stack.h"
#include "tests/simulation/sim_world.h"

namespace rollcall::simulation {

class SimWiring final : public Wiring {
 public:
  struct Parts {
    const SimWorld& world;
    Runtime& runtime;
    HttpClient& network;
    Progress& progress;
    TraitStore* traits;
    double rate;  // requests a second
  };

  static absl::StatusOr<std::unique_ptr<Wiring>> Connect(const Parts& parts);

  std::map<std::string, DirectoryReader*> readers() const override;
  Endpoints endpoints() const override;
  ThrottlingByDirectory throttling() const override;

 private:
  struct Connection {
    std::unique_ptr<HttpStack> http;
    std::unique_ptr<DirectoryReader> reader;
    DirectoryWriter* writer = nullptr;
  };

  explicit SimWiring(const Parts& parts) : parts_(parts) {}
  absl::Status ConnectAll();
  template <typename Directory, typename Options>
  absl::Status ConnectOne(const std::string& id, const char* base, const AuthOptions& auth,
                          Options options);

  const Parts parts_;
  std::map<std::string, Connection> connections_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_WIRING_H_
