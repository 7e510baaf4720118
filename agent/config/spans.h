// google.protobuf.Duration as absl::Duration. Pure.
#ifndef AGENT_CONFIG_SPANS_H_
#define AGENT_CONFIG_SPANS_H_

#include <google/protobuf/duration.pb.h>

#include "absl/time/time.h"

namespace rollcall::config {

inline absl::Duration ToSpan(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_SPANS_H_
