// Watchers: everybody who watches runs. One thread looks, a few times a second and only while
// somebody watches, for events that the state holds by then (RunEvents: of this process or
// another), and hands them on, many in one message. A watcher that does not read costs its stream
// and one message; the run knows of none of them.
//
// Watch may be called by a reaction: it does nothing but remember. The service must have been shut
// down, so that every stream is done, before this goes; Close ends them all with UNAVAILABLE.
#ifndef AGENT_SERVICE_WATCHERS_H_
#define AGENT_SERVICE_WATCHERS_H_

#include <grpcpp/support/server_callback.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/store/store.h"
#include "reconciler/ports/runtime.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

class Watchers {
 public:
  static constexpr absl::Duration kLook = absl::Milliseconds(200);
  static constexpr absl::Duration kHeartbeat = absl::Seconds(10);
  static constexpr int64_t kMostEvents = 1000;  // of one message
  static constexpr size_t kMostWatchers = 10'000;

  Watchers(Store& store, Runtime& runtime);
  ~Watchers();
  Watchers(const Watchers&) = delete;
  Watchers& operator=(const Watchers&) = delete;

  // The stream of one who has seen the events of that run up to number `after`.
  grpc::ServerWriteReactor<v1::WatchRunResponse>* Watch(const std::string& run, int64_t after);
  void Close();
  size_t count();

 private:
  class Watcher;
  using Message = std::shared_ptr<const v1::WatchRunResponse>;
  // What was read from the state in one look, so that a thousand watchers cost one reading.
  struct Look {
    absl::Time now;
    std::map<std::string, absl::StatusOr<RunHead>> heads;
    std::map<std::pair<std::string, int64_t>, absl::StatusOr<Message>> next;  // by run and `after`
  };

  void Work();
  void Hurry();
  void LookAfter(Watcher& watcher, Look& look);
  absl::Status FirstMessage(Watcher& watcher, Look& look, v1::WatchRunResponse& message);
  const absl::StatusOr<RunHead>& HeadOf(const std::string& run, Look& look);
  const absl::StatusOr<Message>& NextOf(const std::string& run, int64_t after, Look& look);

  Store& store_;
  Runtime& runtime_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Watcher*> watchers_;
  bool closing_ = false;
  bool hurry_ = false;
  std::thread thread_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_WATCHERS_H_
