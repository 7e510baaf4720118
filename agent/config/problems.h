// Problems: every error of a configuration, collected so that all are told at once. One thread.
// A line is "file:line: path: what is wrong, and the cure"; lines are sorted by line number.
// Limit: 100 are told, then how many more there are.
#ifndef AGENT_CONFIG_PROBLEMS_H_
#define AGENT_CONFIG_PROBLEMS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rollcall::config {

class Problems {
 public:
  static constexpr size_t kMaxTold = 100;

  explicit Problems(std::string file) : file_(std::move(file)) {}

  // `line` is 1-based; 0: the file as a whole. `path` is the key, such as
  // "directories[0].scim.url"; may be empty.
  void Add(int line, absl::string_view path, absl::string_view what);

  // The same at the line where `path` was read, or where the nearest enclosing key was.
  void AddAt(absl::string_view path, absl::string_view what);

  // Remembers where a key stands.
  void SetLine(const std::string& path, int line) { lines_.emplace(path, line); }

  bool empty() const { return told_.empty(); }

  // OK, or INVALID_ARGUMENT with a line for each problem.
  absl::Status ToStatus() const;

 private:
  int LineOf(absl::string_view path) const;

  std::string file_;
  std::map<std::string, int> lines_;
  std::vector<std::pair<int, std::string>> told_;
};

// What stood in the file, fit for a message: quoted, cut after 60 bytes, control characters shown
// as `?`. Never call it with a secret.
std::string Shown(absl::string_view text);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_PROBLEMS_H_
