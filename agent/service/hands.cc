#include "agent/service/hands.h"

#include <utility>

namespace rollcall {

Hands::Hands(int threads, size_t most_waiting) : most_waiting_(most_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

Hands::~Hands() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Hands::Take(std::function<void()> work) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closing_ || waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

bool Hands::Moves() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool moves = finished_ || waiting_.empty();
  finished_ = false;
  return moves;
}

void Hands::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
    finished_ = true;
  }
}

}  // namespace rollcall
