#include "agent/remote/call_guard.h"

#include <chrono>

namespace rollcall {
namespace {

constexpr std::chrono::milliseconds kLook(100);

}  // namespace

CallGuard::CallGuard() : thread_([this] { Watch(); }) {}

CallGuard::~CallGuard() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CallGuard::Begin(grpc::ClientContext* call, const CallContext* context,
                      absl::Duration silence) {
  const std::lock_guard<std::mutex> lock(mutex_);
  call_ = call;
  context_ = context;
  silence_ = silence;
  heard_ = std::chrono::steady_clock::now();
  silent_ = false;
  changed_.notify_all();
}

void CallGuard::Heard() {
  const std::lock_guard<std::mutex> lock(mutex_);
  heard_ = std::chrono::steady_clock::now();
}

bool CallGuard::End() {
  const std::lock_guard<std::mutex> lock(mutex_);
  call_ = nullptr;
  context_ = nullptr;
  return silent_;
}

void CallGuard::Watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!over_) {
    if (call_ == nullptr) {
      changed_.wait(lock);
      continue;
    }
    silent_ = absl::FromChrono(std::chrono::steady_clock::now() - heard_) > silence_;
    if (silent_ || context_->stopped()) {
      call_->TryCancel();
      call_ = nullptr;
    } else {
      changed_.wait_for(lock, kLook);
    }
  }
}

}  // namespace rollcall
