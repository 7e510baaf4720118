// What may go wrong in a simulated world, by name, and how often each happened. Values.
#ifndef TESTS_SIMULATION_FAULT_KIND_H_
#define TESTS_SIMULATION_FAULT_KIND_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace rollcall::simulation {

enum class FaultKind : uint8_t {
  // Between us and a directory
  kLatency,
  kTimeout,
  kThrottleNone,
  kThrottleSeconds,
  kThrottleDate,
  kThrottleResetIso,
  kThrottleResetEpoch,
  kThrottleResetSeconds,
  kErrorBefore,  // 5xx, without effect
  kErrorAfter,   // 5xx, with effect
  kReplyLost,    // the connection breaks after the effect
  kReset,        // the connection breaks before the effect
  kRefused,      // no connection at all
  kTruncated,
  kWrongBody,
  kHtml,
  kRepeatedPage,
  kShiftedPage,
  kShortPage,
  kNoop,  // a success that did nothing
  kRevoked,
  kStaleReads,
  // Around us
  kClockBack,
  kRival,         // another administrator edits accounts, names and memberships
  kRivalInGap,    // he does so between our read of a Crowd user and our write
  kExportChange,  // the identity provider's people and groups change between two plans
  kStop,          // Ctrl-C
  kCrashAtRequest,
  kCrashAtCommit,
  // The store's disk
  kDiskFull,
  kDiskError,
  kTornWrite,
  kLostWrite,
  // At a Jira site, where the world has one. Not drawn by themselves.
  kRivalAtSite,  // the other administrator takes people off it and gives them back
  kSiteRefusal,  // it refuses a change, though the key may make it
};
// Each of these is switched on, or not, by the seed.
inline constexpr size_t kDrawnFaultKinds = static_cast<size_t>(FaultKind::kLostWrite) + 1;
inline constexpr size_t kFaultKinds = static_cast<size_t>(FaultKind::kSiteRefusal) + 1;

const char* NameOf(FaultKind kind);

// How often each kind happened.
struct FaultCounts {
  std::array<int64_t, kFaultKinds> counts = {};
  int64_t& operator[](FaultKind kind) { return counts[static_cast<size_t>(kind)]; }
  int64_t operator[](FaultKind kind) const { return counts[static_cast<size_t>(kind)]; }
  void Add(const FaultCounts& other) {
    for (size_t i = 0; i < kFaultKinds; ++i) counts[i] += other.counts[i];
  }
  bool operator==(const FaultCounts&) const = default;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_FAULT_KIND_H_
