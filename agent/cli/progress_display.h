// ProgressDisplay: tells on standard error how far reading, applying and verifying are. On a
// terminal a bar a directory, with rate and time left, redrawn in place; elsewhere a line every few
// seconds. Waits that a directory asked for (429, 503) are told, so that nobody thinks it hangs:
// the first one and long ones at once, short ones with their count and sum in the line that is due.
// Thread-safe; starts no thread: it draws when something is reported.
#ifndef AGENT_CLI_PROGRESS_DISPLAY_H_
#define AGENT_CLI_PROGRESS_DISPLAY_H_

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class ProgressDisplay final : public Progress {
 public:
  enum class Medium : uint8_t { kTerminal, kLines };

  static constexpr absl::Duration kRedraw = absl::Milliseconds(100);  // on a terminal
  static constexpr absl::Duration kLineEvery = absl::Seconds(5);      // elsewhere
  static constexpr int kBarWidth = 24;

  // Both must outlive the display.
  ProgressDisplay(Medium medium, std::ostream& out, Runtime& runtime);

  void Advance(absl::string_view directory, Stage stage, int64_t done, int64_t total) override;
  void Throttled(absl::string_view directory, absl::Time until, int http_status) override;

  // Takes the bars off the terminal, so that a result can be printed, and says once how long each
  // directory made us wait in all. Idempotent.
  void Clear();

 private:
  struct Row {
    std::optional<Stage> stage;  // nullopt until something is done
    int64_t done = 0;
    int64_t total = 0;
    int64_t first_done = 0;  // what the rate is counted from
    absl::Time begun;
    absl::Time last_line = absl::InfinitePast();
    absl::Time held_until = absl::InfinitePast();
    int64_t waits = 0;
    int64_t busy = 0;                                  // those of them that began with 503
    int status = 0;                                    // with which the last one began
    absl::Duration waited;                             // in all of them
    absl::Time promised_until = absl::InfinitePast();  // the end of a wait, as last told
  };

  // A line, at a time when one is due or something must be said.
  void Tell(const std::string& directory, Row& row, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::string Describe(const std::string& directory, const Row& row, absl::Time now) const;
  std::string DescribeWork(const Row& row, absl::Time now) const;
  void Redraw(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ClearLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Medium medium_;
  std::ostream& out_;
  Runtime& runtime_;
  Mutex mutex_;
  std::map<std::string, Row> rows_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_draw_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  size_t drawn_lines_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rollcall

#endif  // AGENT_CLI_PROGRESS_DISPLAY_H_
