// A server's own limit on requests: `rate` tokens a second, as many in store at most.
#ifndef TESTS_TWINS_TOKEN_BUCKET_H_
#define TESTS_TWINS_TOKEN_BUCKET_H_

#include <algorithm>

#include "absl/time/time.h"

namespace rollcall::twins {

class TokenBucket {
 public:
  // `rate` above 0. Full at first.
  explicit TokenBucket(double rate) : rate_(rate), capacity_(std::max(1.0, rate)) {}

  // Zero: a token was taken. Otherwise the time until there is one.
  absl::Duration Take(absl::Time now) {
    if (last_ == absl::InfinitePast()) tokens_ = capacity_;
    if (last_ < now) {
      if (last_ != absl::InfinitePast()) {
        tokens_ = std::min(capacity_, tokens_ + absl::ToDoubleSeconds(now - last_) * rate_);
      }
      last_ = now;
    }
    if (tokens_ < 1) return absl::Seconds((1 - tokens_) / rate_);
    tokens_ -= 1;
    return absl::ZeroDuration();
  }

  // Tokens in store after the last Take.
  double Left() const { return std::max(0.0, tokens_); }

 private:
  const double rate_;
  const double capacity_;
  double tokens_ = 0;
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_TOKEN_BUCKET_H_
