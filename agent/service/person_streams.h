// PersonStreams: the streams of DeactivatePerson and ActivatePerson. One thread, which looks a few
// times a second and only while there is a stream, has each begun (PersonDesk) and hands on what
// was told since. A stream that breaks, or does not read, holds up nothing: the work goes on.
//
// Serve may be called by a reaction: it does nothing but remember. The service must have been shut
// down, so that every stream is done, before this goes; Close ends them all with UNAVAILABLE.
#ifndef AGENT_SERVICE_PERSON_STREAMS_H_
#define AGENT_SERVICE_PERSON_STREAMS_H_

#include <grpcpp/support/server_callback.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "absl/time/time.h"
#include "agent/daemon/person_desk.h"
#include "agent/runs/person_work.h"
#include "agent/store/requester.h"
#include "reconciler/ports/runtime.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

class PersonStreams {
 public:
  static constexpr absl::Duration kLook = absl::Milliseconds(200);
  static constexpr absl::Duration kHeartbeat = absl::Seconds(10);
  static constexpr size_t kMostStreams = 100;

  PersonStreams(PersonDesk& desk, Runtime& runtime);
  ~PersonStreams();
  PersonStreams(const PersonStreams&) = delete;
  PersonStreams& operator=(const PersonStreams&) = delete;

  grpc::ServerWriteReactor<v1::PersonProgress>* Serve(const PersonOrder& order,
                                                      const Requester& requester);
  void Close();

 private:
  class Stream;
  class Told;

  void Work();
  void LookAfter(Stream& stream, bool closing);

  PersonDesk& desk_;
  Runtime& runtime_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Stream*> streams_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_PERSON_STREAMS_H_
