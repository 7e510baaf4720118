// Log: what the daemon does, a line of JSON each, to one stream. Thread-safe. Names of people stay
// out of it, secrets anyway.
//
//   log.Info("run began", {{"run", id}, {"plan", plan}});
//   {"time":"2026-11-22T13:00:00.123Z","level":"info","message":"run began","run":"r-…",…}
#ifndef AGENT_SERVICE_LOG_H_
#define AGENT_SERVICE_LOG_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Log {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Log(std::ostream& out, Runtime& runtime) : out_(out), runtime_(runtime) {}

  void Info(absl::string_view message, const Fields& fields = {}) {
    Write("info", message, fields);
  }
  void Warn(absl::string_view message, const Fields& fields = {}) {
    Write("warning", message, fields);
  }
  void Error(absl::string_view message, const Fields& fields = {}) {
    Write("error", message, fields);
  }

 private:
  void Write(absl::string_view level, absl::string_view message, const Fields& fields);

  std::ostream& out_ ABSL_GUARDED_BY(mutex_);
  Runtime& runtime_;
  Mutex mutex_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_LOG_H_
