#include "reconciler/base/string_arena.h"

#include <cstring>

namespace rollcall {

absl::string_view StringArena::Copy(absl::string_view text) {
  if (text.empty()) return {};
  char* target;
  if (text.size() > kBlock / 4) {
    // A long text gets a block of its own, put before the block that is being filled.
    auto block = std::make_unique<char[]>(text.size());
    target = block.get();
    blocks_.insert(blocks_.empty() ? blocks_.end() : blocks_.end() - 1, std::move(block));
  } else {
    if (used_ + text.size() > capacity_) {
      blocks_.push_back(std::make_unique<char[]>(kBlock));
      used_ = 0;
      capacity_ = kBlock;
    }
    target = blocks_.back().get() + used_;
    used_ += text.size();
  }
  bytes_ += text.size();
  std::memcpy(target, text.data(), text.size());
  return absl::string_view(target, text.size());
}

absl::string_view StringArena::Intern(absl::string_view text) {
  if (text.empty()) return {};
  auto found = interned_.find(text);
  if (found != interned_.end()) return *found;
  absl::string_view copy = Copy(text);
  interned_.insert(copy);
  return copy;
}

}  // namespace rollcall
