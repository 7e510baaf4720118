// ChildProcess: a program started by a test, with its output collected. It never outlives the
// object: what still runs is killed and reaped. Any thread may signal it; the rest is one thread.
//
//   ChildProcess child({"/path/rollcall", "plan"}, {.folder = "/some/folder"});
//   const ChildResult result = child.Wait();
//   EXPECT_EQ(result.exit_code, 3) << result.err;
#ifndef TESTS_SUPPORT_CHILD_PROCESS_H_
#define TESTS_SUPPORT_CHILD_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace rollcall {

struct ChildOptions {
  std::string folder;                              // to run in; empty: the test's own
  std::map<std::string, std::string> environment;  // on top of PATH, HOME and the like
  // A child that takes longer is killed with SIGKILL, while somebody waits for it.
  absl::Duration limit = absl::Minutes(3);
};

struct ChildResult {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  std::string out;
  std::string err;
};

class ChildProcess {
 public:
  // Aborts the test program when the child cannot be started: no test can go on then.
  ChildProcess(const std::vector<std::string>& argv, const ChildOptions& options);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // Waits until `text` stands in what it has said on standard error, or it says no more. All that
  // it has said there by then.
  const std::string& AwaitErr(const std::string& text);
  // Collects the output to its end and reaps the child.
  ChildResult Wait();

 private:
  bool ReadSome();  // false: both streams have ended

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool reaped_ = false;
  absl::Time deadline_;
  ChildResult result_;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_CHILD_PROCESS_H_
