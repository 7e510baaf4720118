// PersonDesk: takes one person out of every directory, or back into them, for whoever asks the
// service, beside the asking (person_work.h says what is done). What was begun goes on whether or
// not anybody listens. Thread-safe.
//
//   RETURN_IF_ERROR(desk.Begin(order, requester, listener));
//
// RESOURCE_EXHAUSTED: kMostAtOnce are at work. UNAVAILABLE: the desk is closed.
#ifndef AGENT_DAEMON_PERSON_DESK_H_
#define AGENT_DAEMON_PERSON_DESK_H_

#include <list>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/daemon/office.h"
#include "agent/daemon/run_desk.h"
#include "agent/runs/person_work.h"
#include "agent/store/requester.h"
#include "reconciler/base/call_context.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

class PersonDesk {
 public:
  static constexpr size_t kMostAtOnce = 8;

  // Hears what happens, on the worker.
  class Listener : public PersonTeller {
   public:
    // Last, and once.
    virtual void Ended(absl::StatusOr<PersonReport> report) = 0;
  };

  PersonDesk(const Office& office, RunDesk& runs) : office_(office), runs_(runs) {}
  // Stops and waits.
  ~PersonDesk();

  absl::Status Begin(const PersonOrder& order, const Requester& requester,
                     std::shared_ptr<Listener> listener);

  // Begins nothing more.
  void Close();
  // Stops what is at work: reading ends, runs are interrupted and go on at the next start, and
  // holds stand. Returns at once.
  void Stop();
  bool idle() const;

 private:
  struct Job {
    std::unique_ptr<Runtime::Background> worker;
    bool done = false;
  };

  absl::StatusOr<PersonReport> Do(const PersonOrder& order, const Requester& requester,
                                  PersonTeller& teller);
  absl::StatusOr<std::optional<RunRecord>> Apply(const Plan& plan, const Requester& requester);
  void Reap();

  const Office& office_;
  RunDesk& runs_;
  StopFlag stop_;
  mutable Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::list<std::shared_ptr<Job>> jobs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_PERSON_DESK_H_
