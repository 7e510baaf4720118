// StringArena: owns many short strings in few large blocks and hands out views that live as long as
// the arena. Movable (views stay valid), not copyable. One thread at a time.
#ifndef RECONCILER_BASE_STRING_ARENA_H_
#define RECONCILER_BASE_STRING_ARENA_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace rollcall {

class StringArena {
 public:
  StringArena() = default;
  StringArena(StringArena&&) = default;
  StringArena& operator=(StringArena&&) = default;
  StringArena(const StringArena&) = delete;
  StringArena& operator=(const StringArena&) = delete;

  // A copy of `text`. An empty text costs nothing.
  absl::string_view Copy(absl::string_view text);

  // The same, but equal texts share one copy: for values that repeat (attribute names, group ids).
  absl::string_view Intern(absl::string_view text);

  size_t bytes() const { return bytes_; }

 private:
  static constexpr size_t kBlock = 256 * 1024;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t used_ = 0;
  size_t capacity_ = 0;
  size_t bytes_ = 0;
  absl::flat_hash_set<absl::string_view> interned_;
};

}  // namespace rollcall

#endif  // RECONCILER_BASE_STRING_ARENA_H_
