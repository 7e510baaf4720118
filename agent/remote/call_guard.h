// CallGuard: cancels the call that is at work as soon as somebody asks to stop (Ctrl-C), or when a
// stream has been silent for too long: a call of gRPC looks at neither by itself. One thread of its
// own, which looks ten times a second while a call is at work and sleeps else. Everything else
// comes from one thread.
#ifndef AGENT_REMOTE_CALL_GUARD_H_
#define AGENT_REMOTE_CALL_GUARD_H_

#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "reconciler/base/call_context.h"

namespace rollcall {

class CallGuard {
 public:
  CallGuard();
  ~CallGuard();
  CallGuard(const CallGuard&) = delete;
  CallGuard& operator=(const CallGuard&) = delete;

  // Both must stay until End. `silence`: how long nothing may come.
  void Begin(grpc::ClientContext* call, const CallContext* context,
             absl::Duration silence = absl::InfiniteDuration());
  // Something came.
  void Heard();
  // True: it was cancelled because nothing came.
  bool End();

 private:
  void Watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  grpc::ClientContext* call_ = nullptr;
  const CallContext* context_ = nullptr;
  absl::Duration silence_;
  std::chrono::steady_clock::time_point heard_;
  bool silent_ = false;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace rollcall

#endif  // AGENT_REMOTE_CALL_GUARD_H_
