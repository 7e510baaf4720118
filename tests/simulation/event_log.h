// EventLog: what happened in one simulated world, a line each, with the virtual time and the worker
// whose turn it was. The same seed gives the same log, byte for byte. One thread at a time.
#ifndef TESTS_SIMULATION_EVENT_LOG_H_
#define TESTS_SIMULATION_EVENT_LOG_H_

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace rollcall::simulation {

// Without its payloads, whose order is that of addresses in memory.
inline std::string Shown(const absl::Status& status) {
  return status.ToString(absl::StatusToStringMode::kWithNoExtraData);
}

class EventLog {
 public:
  static constexpr size_t kTail = 50;  // lines that a failing seed shows

  // `stamp` stands before each line.
  void set_stamp(std::function<std::string()> stamp) { stamp_ = std::move(stamp); }

  void Add(const std::string& line) { lines_.push_back((stamp_ ? stamp_() : "") + line); }

  const std::vector<std::string>& lines() const { return lines_; }
  std::string Tail(size_t lines = kTail) const {
    std::string text;
    const size_t begin = lines_.size() > lines ? lines_.size() - lines : 0;
    for (size_t i = begin; i < lines_.size(); ++i) text += lines_[i] + "\n";
    return text;
  }

 private:
  std::function<std::string()> stamp_;
  std::vector<std::string> lines_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_EVENT_LOG_H_
