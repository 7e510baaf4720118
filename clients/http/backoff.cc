#include "clients/http/backoff.h"

#include <algorithm>

namespace rollcall {
namespace {

// Evenly from [0, 1), of the top 53 bits: a double holds no more.
double Fraction(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

}  // namespace

Backoff::Backoff(const BackoffOptions& options, Runtime& runtime)
    : options_(options), runtime_(runtime), current_(std::min(options.initial, options.limit)) {}

absl::Duration Backoff::Next() {
  const absl::Duration whole = current_;
  current_ = std::min(whole * 2, options_.limit);
  const double fraction = Fraction(runtime_.Random());
  if (options_.jitter == Jitter::kFull) return whole * fraction;
  return whole * (0.5 + fraction / 2);
}

}  // namespace rollcall
