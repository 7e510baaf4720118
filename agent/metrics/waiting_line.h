// WaitingLine: the threads on which cpp-httplib answers, and a line before them of limited length:
// while it is full nothing more is accepted. For one server.
#ifndef AGENT_METRICS_WAITING_LINE_H_
#define AGENT_METRICS_WAITING_LINE_H_

#include <httplib.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rollcall {

class WaitingLine final : public httplib::TaskQueue {
 public:
  WaitingLine(size_t threads, size_t most_waiting);

  // Waits while the line is full.
  void enqueue(std::function<void()> task) override;
  // Does what waits, then ends.
  void shutdown() override;

 private:
  void Work();

  const size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace rollcall

#endif  // AGENT_METRICS_WAITING_LINE_H_
