// Wiring: from the configuration to working directories. The only place that names the concrete
// classes of clients. Owns them; the configuration, runtime, progress, traits and observer that it
// is given must outlive it. Sends nothing and asks for no secret before the first request.
#ifndef AGENT_RUNS_WIRING_H_
#define AGENT_RUNS_WIRING_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/config/load_config.h"
#include "clients/http/request_observer.h"
#include "reconciler/apply/endpoint.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"
#include "reconciler/ports/scim_links.h"

namespace rollcall {

// How long a directory that does not answer is asked again: for `check` somebody waits.
enum class Patience : uint8_t { kUsual, kBrief };

class Wiring {
 public:
  // Exit code 7 (refusal.h) for a directory kind that this build does not have, and for options
  // that cannot work. `traits` and `observer`, which is told of every request, may be null.
  static absl::StatusOr<std::unique_ptr<Wiring>> Connect(const LoadedConfig& config,
                                                         Runtime& runtime, Progress& progress,
                                                         TraitStore* traits, Patience patience,
                                                         RequestObserver* observer = nullptr);
  virtual ~Wiring() = default;

  virtual std::map<std::string, DirectoryReader*> readers() const = 0;
  // A directory with `apply: false` has no writer.
  virtual Endpoints endpoints() const = 0;
  // Of the organisations, by directory, for who repairs them by hand; neither planning nor applying
  // asks for them.
  virtual std::map<std::string, ScimLinkDesk*> scim_links() const { return {}; }
  // Of every directory, until now.
  virtual ThrottlingByDirectory throttling() const = 0;
};

// What to tell about where each directory's secret is kept, with the cure.
std::vector<std::string> AllSecretWarnings(const LoadedConfig& config);

}  // namespace rollcall

#endif  // AGENT_RUNS_WIRING_H_
