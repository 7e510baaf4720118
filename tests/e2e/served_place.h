// ServedPlace: a Workplace whose state and directories are served by the real `rollcall serve` on a
// unix socket, and a client of it. One thread.
//
//   ServedPlace served;                     // begins to serve
//   const v1::Plan plan = served.MakePlan();
#ifndef TESTS_E2E_SERVED_PLACE_H_
#define TESTS_E2E_SERVED_PLACE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/service/rpc_status.h"
#include "rollcall/v1/reconciler.grpc.pb.h"
#include "tests/e2e/workplace.h"

namespace rollcall {

// A reason of errors.proto by its name, or "" where the call went well.
std::string ReasonIn(const grpc::Status& status);

class ServedPlace {
 public:
  // For commands that run in the place: `--server`.
  static constexpr char kAddress[] = "unix:agent.sock";

  // `serve`: further keys of `serve:`; `token`: shown with every call.
  explicit ServedPlace(WorkplaceOptions options = {}, const std::string& serve = "",
                       std::string token = "");
  // With certificates: who calls has to connect by itself.
  struct Secured {};
  ServedPlace(Secured, const std::string& serve);

  Workplace& place() { return place_; }
  v1::Reconciler::Stub& stub() { return *stub_; }
  std::unique_ptr<grpc::ClientContext> Context() const;

  // Starts another agent on the same state, that listens on another socket of that name. Its
  // process is the caller's.
  std::unique_ptr<ChildProcess> StartAnother(const std::string& socket);
  std::unique_ptr<v1::Reconciler::Stub> StubOf(const std::string& socket) const;

  // The agent's log up to a line that holds this text, which it waits for.
  const std::string& LogUntil(const std::string& text) { return agent_->AwaitErr(text); }
  pid_t pid() const { return agent_->pid(); }
  void Signal(int signal);
  // Waits for the end of an agent that was signalled.
  ChildResult Wait();
  // Ends the agent with this signal and waits; then it can be started again.
  ChildResult Stop(int signal);
  void Start();

  // Creates a plan and asks until it is made.
  v1::Plan MakePlan(const v1::CreatePlanRequest& request = {});
  v1::Plan AwaitPlan(const std::string& id);
  grpc::Status TryApply(const v1::Plan& plan, v1::Run* run, bool waive = true);
  // Of one that must begin.
  v1::Run Apply(const v1::Plan& plan);

  // What a watch told, and how it ended.
  struct Watched {
    v1::Run first;
    std::vector<v1::RunEvent> events;
    grpc::Status status;
  };
  // To its end, or until so many events have come.
  Watched Watch(const std::string& run, int64_t after = 0, size_t most = SIZE_MAX);

 private:
  const std::string token_;
  Workplace place_;
  std::unique_ptr<ChildProcess> agent_;
  std::unique_ptr<v1::Reconciler::Stub> stub_;
};

}  // namespace rollcall

#endif  // TESTS_E2E_SERVED_PLACE_H_
