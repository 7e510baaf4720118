#include "clients/http/request_counters.h"

#include "absl/strings/str_cat.h"
#include "clients/http/client.h"
#include "clients/http/endpoint_label.h"

namespace rollcall {

void RequestCounters::Record(const HttpRequest& request,
                             const absl::StatusOr<HttpResponse>& result) {
  const std::string outcome =
      result.ok() ? absl::StrCat(result->status) : absl::StatusCodeToString(result.status().code());
  const std::string& label = EndpointLabel(request);
  {
    MutexLock lock(mutex_);
    if (result.ok() || EffectUnknown(result.status())) ++sent_;
    const bool fits = counts_.contains(label) || counts_.size() < kMaxEndpoints;
    ++counts_[fits ? label : kOtherEndpoints][outcome];
  }
  if (observer_ != nullptr) observer_->Sent(directory_, label, outcome);
}

void RequestCounters::AddThrottled(absl::Duration duration, bool begins, int http_status) {
  {
    MutexLock lock(mutex_);
    if (begins) ++waits_;
    if (begins && http_status == 503) ++busy_waits_;
    throttled_ += duration;
  }
  if (observer_ != nullptr) observer_->Throttled(directory_, duration, begins, http_status);
}

int64_t RequestCounters::sent() const {
  MutexLock lock(mutex_);
  return sent_;
}

absl::Duration RequestCounters::throttled() const {
  MutexLock lock(mutex_);
  return throttled_;
}

int64_t RequestCounters::waits() const {
  MutexLock lock(mutex_);
  return waits_;
}

int64_t RequestCounters::busy_waits() const {
  MutexLock lock(mutex_);
  return busy_waits_;
}

std::vector<RequestCount> RequestCounters::Counts() const {
  MutexLock lock(mutex_);
  std::vector<RequestCount> result;
  for (const auto& [endpoint, outcomes] : counts_) {
    for (const auto& [outcome, count] : outcomes) result.push_back({endpoint, outcome, count});
  }
  return result;
}

}  // namespace rollcall
