// Verifier: proves that what was applied holds, by reading back what was touched and nothing else
// (PRODUCT.md section 8). Every object is read once; those that do not show the change yet are
// read again with growing pauses, for at most `wait` after the first reading of their directory.
// Directories are read side by side, each by its `concurrency` workers. Used once, by one thread.
//
// A change that holds becomes `verified` (and APPLIED where its state was UNKNOWN); one that does
// not keeps its state, `verified` false, and a message that says what was seen; what Crowd accepted
// and was read without showing it is `masked`. Both are journalled.
#ifndef RECONCILER_APPLY_VERIFIER_H_
#define RECONCILER_APPLY_VERIFIER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "reconciler/apply/directory_health.h"
#include "reconciler/apply/endpoint.h"
#include "reconciler/apply/run_ledger.h"
#include "reconciler/apply/verification_targets.h"
#include "reconciler/base/call_context.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Verifier {
 public:
  static constexpr absl::Duration kFirstPause = absl::Seconds(1);
  static constexpr absl::Duration kLongestPause = absl::Seconds(15);
  static constexpr int kMaxRounds = 1000;  // readings of a directory, whatever `wait` says
  static constexpr size_t kSlice = 500;    // objects between two commits

  Verifier(const Endpoints& endpoints, RunLedger& ledger, Runtime& runtime, Progress& progress,
           absl::Duration wait);

  // `halted`: directories that are not worth reading, with the reason. False: stopped before the
  // end, the next start goes on.
  bool Run(const Plan& plan, const std::map<std::string, std::string>& halted,
           const CallContext& context);

 private:
  struct Reading {
    const std::string& directory;
    const Endpoint& endpoint;
    const CallContext& context;
    DirectoryHealth health;
    int64_t total = 0;
    int64_t held = 0;
  };

  bool MustStop(const CallContext& context) const {
    return context.stopped() || ledger_.stopping();
  }
  void VerifyDirectory(const std::string& directory, std::vector<Target>& targets,
                       const CallContext& context);
  // Reads all of `pending` and returns those that are worth another look.
  std::vector<Target*> ReadRound(Reading& reading, const std::vector<Target*>& pending);
  void ReadSlice(Reading& reading, const std::vector<Target*>& slice);
  void ReadOne(Reading& reading, Target& target);
  void NoteRead(const absl::Status& status, DirectoryHealth& health);
  // Counts what came to hold, and commits the changes of which everything holds now.
  void CloseWhatHolds(const std::vector<Target*>& slice);
  void ReportWhatDoesNot();
  bool IsMasked(const OpenChange& open, const Outcome& outcome) const;
  bool AllClosed() const;

  const Endpoints& endpoints_;
  RunLedger& ledger_;
  Runtime& runtime_;
  Progress& progress_;
  const absl::Duration wait_;
  VerificationTargets targets_;  // `open` is shared: guarded by mutex_ while directories are read
  Mutex mutex_;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_VERIFIER_H_
