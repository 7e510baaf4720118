// Workplace: what an end-to-end test works in: a folder with a configuration and an export, a twin
// behind a loopback socket, and the real `rollcall` binary. One thread.
//
//   Workplace place;                       // a small company that has drifted
//   ChildResult plan = place.Rollcall({"plan", "--out", "plan.json"});
//   EXPECT_EQ(plan.exit_code, 3);
#ifndef TESTS_E2E_WORKPLACE_H_
#define TESTS_E2E_WORKPLACE_H_

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"
#include "tests/twins/company.h"
#include "tests/twins/rehearsal.h"
#include "tests/twins/scim_options.h"
#include "tests/twins/twin_server.h"
#include "tests/twins/world.h"

namespace rollcall {

// A twin that calls somebody before each request reaches the one behind it.
class WatchedTwin final : public twins::Twin {
 public:
  // Called with the number of the request, from 1. False: the request goes no further, and the
  // connection is closed.
  using Watch = std::function<bool(int64_t number, const twins::TwinRequest& request)>;

  explicit WatchedTwin(twins::Twin& next) : next_(next) {}
  void set_watch(Watch watch) {
    watch_ = std::move(watch);
    number_ = 0;
  }
  int64_t number() const { return number_; }
  twins::TwinResponse Handle(const twins::TwinRequest& request) override;

 private:
  twins::Twin& next_;
  Watch watch_;
  int64_t number_ = 0;
};

struct WorkplaceOptions {
  // Appended to the configuration.
  std::string more_config;
  // In place of the twin's address.
  std::string url;
  std::string token = "twin-token";
  // Guards that would stop a small company's large drift are off unless this says otherwise.
  std::string guards =
      "guards: {max_deactivations: false, max_activations: false, max_removals: false,\n"
      "         max_additions: false, max_group_removals: false, emptied_group: false,\n"
      "         privileged: false}\n";
  std::string directory_options = "rate: 2000, ";
  // Oddities of the twin, by name (tests/twins/scim_options.h).
  std::vector<std::string> quirks;
  // What there is at the start, in place of the small company.
  std::function<twins::World()> world = {};
  // Mounts further twins beside the SCIM server.
  std::function<void(twins::Rehearsal& rehearsal, twins::World& world)> mount = {};
};

class Workplace {
 public:
  explicit Workplace(const WorkplaceOptions& options = {});
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  // Runs the binary in the folder, to its end.
  ChildResult Rollcall(const std::vector<std::string>& arguments);
  // The same, still running; killed when it is waited for and takes longer than `limit`.
  std::unique_ptr<ChildProcess> Start(const std::vector<std::string>& arguments,
                                      absl::Duration limit = ChildOptions().limit);
  // A script of the shell in the folder, where $ROLLCALL is the binary; still running.
  std::unique_ptr<ChildProcess> StartScript(const std::vector<std::string>& shell,
                                            const std::string& script);

  // Makes a plan; its id.
  std::string MakePlan();
  // Applies it with --yes and first_run waived.
  ChildResult Apply(const std::string& plan);

  std::string File(const std::string& name) const { return folder_.File(name); }
  std::string Read(const std::string& name) const;
  void Write(const std::string& name, const std::string& text);

  // Everything the twin holds, and how often it was asked to write.
  std::string World();
  int64_t Writes();
  int64_t Requests();
  void Exclusively(const std::function<void()>& action) { server_.Exclusively(action); }
  WatchedTwin& watched() { return watched_; }
  twins::Rehearsal& rehearsal() { return *rehearsal_; }
  twins::World& world() { return world_; }
  // Nothing was asked and nothing was done yet, in the world as it was at the start.
  void StartOver();

  void WriteConfig(const WorkplaceOptions& options);
  // The same people and groups as another identity provider would export them, and a configuration
  // that reads them.
  void ExportAs(twins::ExportFormat format);
  std::string twin_url() const { return server_.url() + "/scim/v2"; }
  // Of all twins, without a path.
  std::string host_url() const { return server_.url(); }

 private:
  void MakeRehearsal();
  ChildOptions InFolder() const;

  TempFolder folder_;
  const WorkplaceOptions options_;
  twins::ScimOptions scim_options_;
  twins::World world_;
  std::unique_ptr<twins::Rehearsal> rehearsal_;
  // Passes requests on to the rehearsal of the moment.
  class Current;
  std::unique_ptr<Current> current_;
  WatchedTwin watched_;
  twins::TwinServer server_;
};

}  // namespace rollcall

#endif  // TESTS_E2E_WORKPLACE_H_
