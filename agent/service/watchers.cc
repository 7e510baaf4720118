#include "agent/service/watchers.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/daemon/stored_resources.h"
#include "agent/render/resources.h"
#include "agent/service/rpc_status.h"
#include "agent/service/served_stream.h"

namespace rollcall {

// One stream, and what the thread knows of it.
class Watchers::Watcher final : public ServedStream<v1::WatchRunResponse> {
 public:
  Watcher(Watchers& owner, std::string run, int64_t after)
      : owner_(owner), run_(std::move(run)), after_(after) {}

  const std::string& run() const { return run_; }
  int64_t after() const { return after_; }
  bool begun() const { return begun_; }
  absl::Time last() const { return last_; }

  void Send(Message message, absl::Time now) {
    begun_ = true;
    last_ = now;
    if (message->events_size() > 0) {
      after_ = message->events(message->events_size() - 1).number();
    }
    message_ = std::move(message);
    Write(*message_);
  }

  void OnWriteDone(bool ok) override {
    const bool full = message_->events_size() >= kMostEvents;
    ServedStream::OnWriteDone(ok);
    if (full) owner_.Hurry();
  }
  void OnDone() override {
    {
      const std::lock_guard<std::mutex> lock(owner_.mutex_);
      owner_.watchers_.erase(this);
    }
    owner_.changed_.notify_all();
    delete this;
  }

 private:
  Watchers& owner_;
  const std::string run_;
  int64_t after_;
  bool begun_ = false;
  absl::Time last_;
  Message message_;
};

Watchers::Watchers(Store& store, Runtime& runtime)
    : store_(store), runtime_(runtime), thread_([this] { Work(); }) {}

Watchers::~Watchers() {
  Close();
  thread_.join();
}

void Watchers::Close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
}

// Somebody who is behind has room for more.
void Watchers::Hurry() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    hurry_ = true;
  }
  changed_.notify_all();
}

size_t Watchers::count() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return watchers_.size();
}

grpc::ServerWriteReactor<v1::WatchRunResponse>* Watchers::Watch(const std::string& run,
                                                                int64_t after) {
  auto* watcher = new Watcher(*this, run, after);  // gRPC ends it: OnDone
  absl::Status declined;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closing_) {
      declined =
          WithReason(v1::SHUTTING_DOWN, absl::UnavailableError("the service is shutting down"));
    } else if (watchers_.size() >= kMostWatchers) {
      declined = WithReason(v1::LIMIT_EXCEEDED,
                            absl::ResourceExhaustedError(absl::StrCat(
                                kMostWatchers, " streams watch runs, which is the limit")));
    }
    if (!declined.ok()) watcher->Decline();
    // In the set in any case: OnDone takes it out.
    watchers_.insert(watcher);
  }
  if (!declined.ok()) watcher->End(ToRpcStatus(declined));
  changed_.notify_all();
  return watcher;
}

void Watchers::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !watchers_.empty(); });
    if (closing_ && watchers_.empty()) return;
    const bool closing = closing_;
    Look look;
    look.now = runtime_.Now();
    // OnDone, which needs the lock, is the only one to take a watcher away, and comes only after
    // End, which is called here; so what is looked after outlives the look.
    std::vector<Watcher*> waiting;
    for (Watcher* watcher : watchers_) {
      if (!watcher->finished()) waiting.push_back(watcher);
    }
    lock.unlock();
    for (Watcher* watcher : waiting) {
      if (watcher->gone()) {
        watcher->End(grpc::Status::CANCELLED);
      } else if (closing) {
        watcher->End(ToRpcStatus(WithReason(
            v1::SHUTTING_DOWN,
            absl::UnavailableError("the service is shutting down; ask again, after the last "
                                   "event that came"))));
      } else if (!watcher->busy()) {
        LookAfter(*watcher, look);
      }
    }
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoMilliseconds(kLook), [this, closing] {
      return hurry_ || (closing_ && (!closing || watchers_.empty()));
    });
    hurry_ = false;
  }
}

void Watchers::LookAfter(Watcher& watcher, Look& look) {
  // The head is read before the events: what ended by then has no later event.
  const absl::StatusOr<RunHead>& head = HeadOf(watcher.run(), look);
  if (!head.ok()) return watcher.End(ToRpcStatus(WithReason(v1::NO_SUCH_RESOURCE, head.status())));
  if (!watcher.begun()) {
    auto first = std::make_shared<v1::WatchRunResponse>();
    const absl::Status status = FirstMessage(watcher, look, *first);
    if (!status.ok()) return watcher.End(ToRpcStatus(status));
    return watcher.Send(std::move(first), look.now);
  }
  const absl::StatusOr<Message>& next = NextOf(watcher.run(), watcher.after(), look);
  if (!next.ok()) return watcher.End(ToRpcStatus(next.status()));
  const bool heartbeat = look.now - watcher.last() >= kHeartbeat || look.now < watcher.last();
  if ((*next)->events_size() > 0) {
    watcher.Send(*next, look.now);
  } else if (HasEnded(head->run.state)) {
    watcher.End(grpc::Status::OK);
  } else if (heartbeat) {
    watcher.Send(*next, look.now);
  }
}

absl::Status Watchers::FirstMessage(Watcher& watcher, Look& look, v1::WatchRunResponse& message) {
  *message.mutable_run() = ToResource(*HeadOf(watcher.run(), look));
  SetTimestamp(look.now, message.mutable_time());
  if (watcher.after() == 0) return absl::OkStatus();
  const auto known = store_.events().Read(watcher.run(), watcher.after() - 1, 1);
  if (!known.ok()) return known.status();
  if (!known->empty()) return absl::OkStatus();
  return WithReason(v1::INVALID_FIELD,
                    absl::OutOfRangeError(
                        absl::StrCat("runs/", watcher.run(), " has no event ", watcher.after(),
                                     " yet; give the number of the last event that came, or 0")));
}

const absl::StatusOr<RunHead>& Watchers::HeadOf(const std::string& run, Look& look) {
  const auto known = look.heads.find(run);
  if (known != look.heads.end()) return known->second;
  return look.heads.emplace(run, store_.runs().LoadHead(run)).first->second;
}

const absl::StatusOr<Watchers::Message>& Watchers::NextOf(const std::string& run, int64_t after,
                                                          Look& look) {
  const auto known = look.next.find({run, after});
  if (known != look.next.end()) return known->second;
  absl::StatusOr<Message> next;
  const absl::StatusOr<std::vector<RunEvent>> events =
      store_.events().Read(run, after, kMostEvents);
  if (events.ok()) {
    auto message = std::make_shared<v1::WatchRunResponse>();
    for (const RunEvent& event : *events) *message->add_events() = ToResource(event);
    SetTimestamp(look.now, message->mutable_time());
    next = Message(std::move(message));
  } else {
    next = events.status();
  }
  return look.next.emplace(std::make_pair(run, after), std::move(next)).first->second;
}

}  // namespace rollcall
