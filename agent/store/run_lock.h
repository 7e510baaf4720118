// RunLock: keeps two runs from the same directory of one state, in one process or in two (section
// 8). Held from Acquire until the object goes or the process dies, however it dies. The lock lies
// beside the state, in `<state>.lock`, and is the kernel's (open file description locks): one byte
// per directory. The file also says which run holds what, for the message. Never deleted. Only on a
// local file system.
//
//   ASSIGN_OR_RETURN(auto lock, RunLock::Acquire(store.file(), run_id, {"crowd", "cloud"}));
#ifndef AGENT_STORE_RUN_LOCK_H_
#define AGENT_STORE_RUN_LOCK_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rollcall {

class RunLock {
 public:
  // All directories or none, without waiting. FAILED_PRECONDITION names the run that is at one of
  // them; PERMISSION_DENIED when the lock file cannot be made. Limit: 1,000 directories.
  static absl::StatusOr<std::unique_ptr<RunLock>> Acquire(const std::string& state_file,
                                                          const std::string& run,
                                                          std::vector<std::string> directories);
  ~RunLock();
  // Says from now on that this run holds it.
  void SignAs(const std::string& run) { Sign(run); }
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  RunLock(int file, std::vector<std::string> directories)
      : file_(file), directories_(std::move(directories)) {}

  // Replaces the lines of our directories by ones that name `run`; empty: takes them out.
  void Sign(const std::string& run);
  std::string HolderOf(const std::string& directory) const;

  const int file_;
  const std::vector<std::string> directories_;  // sorted, unique
  bool held_ = false;
};

}  // namespace rollcall

#endif  // AGENT_STORE_RUN_LOCK_H_
