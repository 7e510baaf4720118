#include "agent/service/person_streams.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/render/person_document.h"
#include "agent/render/resources.h"
#include "agent/service/rpc_status.h"
#include "agent/service/served_stream.h"

namespace rollcall {
namespace {

void SetRequester(const Requester& requester, v1::PersonReport& report) {
  report.mutable_plan()->set_requester(requester.name);
  report.mutable_plan()->set_requester_role(requester.role);
  if (!report.has_run()) return;
  report.mutable_run()->set_requester(requester.name);
  report.mutable_run()->set_requester_role(requester.role);
}

}  // namespace

// What the worker has told by now, for whoever hands it on. Outlives the one that goes first.
class PersonStreams::Told final : public PersonDesk::Listener {
 public:
  void Note(absl::string_view sentence) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    notes_.emplace_back(sentence);
  }
  void Warn(absl::string_view sentence) override { Note(sentence); }
  void Ended(absl::StatusOr<PersonReport> report) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    report_ = std::move(report);
  }

  std::vector<std::string> TakeNotes() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(notes_, {});
  }
  std::optional<absl::StatusOr<PersonReport>> report() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return report_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> notes_;
  std::optional<absl::StatusOr<PersonReport>> report_;
};

// One stream, and what the thread knows of it.
class PersonStreams::Stream final : public ServedStream<v1::PersonProgress> {
 public:
  Stream(PersonStreams& owner, PersonOrder order, Requester requester)
      : order(std::move(order)), requester(std::move(requester)), owner_(owner) {}

  void Send(v1::PersonProgress message, absl::Time now) {
    last = now;
    message_ = std::move(message);
    SetTimestamp(now, message_.mutable_time());
    Write(message_);
  }
  void OnDone() override {
    {
      const std::lock_guard<std::mutex> lock(owner_.mutex_);
      owner_.streams_.erase(this);
    }
    owner_.changed_.notify_all();
    delete this;
  }

  const PersonOrder order;
  const Requester requester;
  std::shared_ptr<Told> told;  // null: not begun
  bool reported = false;
  absl::Time last;

 private:
  PersonStreams& owner_;
  v1::PersonProgress message_;
};

PersonStreams::PersonStreams(PersonDesk& desk, Runtime& runtime)
    : desk_(desk), runtime_(runtime), thread_([this] { Work(); }) {}

PersonStreams::~PersonStreams() {
  Close();
  thread_.join();
}

void PersonStreams::Close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
}

grpc::ServerWriteReactor<v1::PersonProgress>* PersonStreams::Serve(const PersonOrder& order,
                                                                   const Requester& requester) {
  auto* stream = new Stream(*this, order, requester);  // gRPC ends it: OnDone
  absl::Status declined;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closing_) {
      declined =
          WithReason(v1::SHUTTING_DOWN, absl::UnavailableError("the service is shutting down"));
    } else if (streams_.size() >= kMostStreams) {
      declined = WithReason(v1::LIMIT_EXCEEDED,
                            absl::ResourceExhaustedError(absl::StrCat(
                                kMostStreams, " people are asked for, which is the limit")));
    }
    if (!declined.ok()) stream->Decline();
    streams_.insert(stream);  // in any case: OnDone takes it out
  }
  if (!declined.ok()) stream->End(ToRpcStatus(declined));
  changed_.notify_all();
  return stream;
}

void PersonStreams::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !streams_.empty(); });
    if (closing_ && streams_.empty()) return;
    const bool closing = closing_;
    // OnDone, which needs the lock, is the only one to take a stream away, and comes only after
    // End, which is called here; so what is looked after outlives the look.
    std::vector<Stream*> waiting;
    for (Stream* stream : streams_) {
      if (!stream->finished()) waiting.push_back(stream);
    }
    lock.unlock();
    for (Stream* stream : waiting) LookAfter(*stream, closing);
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoMilliseconds(kLook),
                      [this, closing] { return closing_ && (!closing || streams_.empty()); });
  }
}

void PersonStreams::LookAfter(Stream& stream, bool closing) {
  if (stream.gone()) return stream.End(grpc::Status::CANCELLED);  // the work goes on
  if (stream.told == nullptr) {
    stream.told = std::make_shared<Told>();
    const absl::Status begun = desk_.Begin(stream.order, stream.requester, stream.told);
    stream.last = runtime_.Now();
    if (!begun.ok()) return stream.End(ToRpcStatus(begun));
  }
  if (stream.busy()) return;
  const std::optional<absl::StatusOr<PersonReport>> report = stream.told->report();
  v1::PersonProgress message;
  for (std::string& note : stream.told->TakeNotes()) message.add_notes(std::move(note));
  const absl::Time now = runtime_.Now();
  if (report.has_value() && report->ok() && !stream.reported) {
    stream.reported = true;
    *message.mutable_report() = ToResource(**report);
    SetRequester(stream.requester, *message.mutable_report());
    return stream.Send(std::move(message), now);
  }
  if (message.notes_size() > 0) return stream.Send(std::move(message), now);
  if (report.has_value()) return stream.End(ToRpcStatus(report->status()));
  if (closing) {
    return stream.End(ToRpcStatus(WithReason(
        v1::SHUTTING_DOWN, absl::UnavailableError("the service is shutting down; ask again"))));
  }
  const bool heartbeat = now - stream.last >= kHeartbeat || now < stream.last;
  if (heartbeat) stream.Send(std::move(message), now);
}

}  // namespace rollcall
