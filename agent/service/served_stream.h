// ServedStream: a stream of the service that one thread of its owner writes to and finishes,
// however gRPC's own threads come by. gRPC ends it (OnDone, for the owner) only after it was
// finished, so that the thread may hold a pointer until then.
#ifndef AGENT_SERVICE_SERVED_STREAM_H_
#define AGENT_SERVICE_SERVED_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <atomic>

namespace rollcall {

template <typename Message>
class ServedStream : public grpc::ServerWriteReactor<Message> {
 public:
  // A message is on its way; the next one has to wait.
  bool busy() const { return busy_.load(std::memory_order_acquire); }
  // Nobody reads any more.
  bool gone() const { return gone_.load(std::memory_order_acquire); }
  bool finished() const { return finished_; }

  void End(const grpc::Status& status) {
    finished_ = true;
    this->Finish(status);
  }
  // Not for the thread: whoever made it ends it.
  void Decline() { finished_ = true; }

  void OnWriteDone(bool ok) override {
    if (!ok) gone_.store(true, std::memory_order_release);
    // The message must not be looked at once the thread may replace it.
    busy_.store(false, std::memory_order_release);
  }
  void OnCancel() override { gone_.store(true, std::memory_order_release); }

 protected:
  // The message stays until it is no longer busy.
  void Write(const Message& message) {
    busy_.store(true, std::memory_order_release);
    this->StartWrite(&message);
  }

 private:
  bool finished_ = false;
  std::atomic<bool> busy_{false};
  std::atomic<bool> gone_{false};
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_SERVED_STREAM_H_
