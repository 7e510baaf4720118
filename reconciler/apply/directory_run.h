// DirectoryRun: the changes of one directory, phase after phase, each phase by `concurrency`
// workers. Used by one thread; the workers are the runtime's. Fails only through the ledger (a
// journal that cannot be written) and its health (a directory that is of no use any more); what is
// not reached then has no outcome.
#ifndef RECONCILER_APPLY_DIRECTORY_RUN_H_
#define RECONCILER_APPLY_DIRECTORY_RUN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reconciler/apply/apply_tools.h"
#include "reconciler/apply/phases.h"
#include "reconciler/apply/work_queue.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/progress.h"

namespace rollcall {

class DirectoryRun {
 public:
  // `changes`: those of this directory that are not settled yet; none belongs to another one.
  DirectoryRun(const ApplyTools& tools, Progress& progress, std::vector<const Change*> changes);
  DirectoryRun(const DirectoryRun&) = delete;
  DirectoryRun& operator=(const DirectoryRun&) = delete;

  void Run();

 private:
  bool MustStop() const { return tools_.MustStop() || tools_.health.halted(); }
  void RefuseAll();
  void RunPhase(const Phase& phase);
  void Work(const Phase& phase, WorkQueue& queue);
  void Advance(int64_t changes);

  const ApplyTools& tools_;
  Progress& progress_;
  const std::vector<const Change*> changes_;
  Mutex mutex_;
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_DIRECTORY_RUN_H_
