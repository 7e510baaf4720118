// Hands: a few threads that do what a gRPC reaction must not wait for, in the order in which it
// comes. Thread-safe.
#ifndef AGENT_SERVICE_HANDS_H_
#define AGENT_SERVICE_HANDS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rollcall {

class Hands {
 public:
  Hands(int threads, size_t most_waiting);
  // Does what waits, then ends.
  ~Hands();
  Hands(const Hands&) = delete;
  Hands& operator=(const Hands&) = delete;

  // False: too much waits already, and it is not done.
  bool Take(std::function<void()> work);

  // False: something waits, and since the last call nothing was finished. True of one that is idle.
  bool Moves();

 private:
  void Work();

  const size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool closing_ = false;
  bool finished_ = true;  // something, since Moves was called last
  std::vector<std::thread> threads_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_HANDS_H_
