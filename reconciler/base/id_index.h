// IdIndex: numbers texts in the order in which they come and finds them again, millions of times:
// memberships name accounts by ids of 36 bytes that lie all over memory, so that the waiting for
// memory is what costs. Slots are 8 bytes (a hash and a number), and FindAll asks for everything
// that a batch will need before it looks at any of it.
//
//   IdIndex ids;
//   ids.Append(arena.Copy("b")), ids.Append(arena.Copy("a"));
//   ids.Find("a");  // 1
//
// The texts belong to the caller and must outlive the index. One thread while it grows; look-ups
// may then run on any number. Limit: 2^31 texts; callers limit
// their rows far below.
#ifndef RECONCILER_BASE_ID_INDEX_H_
#define RECONCILER_BASE_ID_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rollcall {

class IdIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // Gives `text` the next number, even if it came before: Find keeps to the first.
  uint32_t Append(absl::string_view text);
  // kNone when it was never appended.
  uint32_t Find(absl::string_view text) const;
  // The same for many; `numbers` is as long as `texts`.
  void FindAll(absl::Span<const absl::string_view> texts, absl::Span<uint32_t> numbers) const;

  absl::string_view operator[](uint32_t number) const { return texts_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t number = kNone;
  };
  static uint32_t HashOf(absl::string_view text);
  size_t mask() const { return slots_.size() - 1; }
  // From the slot of `hash` on, the first number with this hash; kNone at the first empty slot.
  uint32_t FirstWith(uint32_t hash) const;
  uint32_t FindHashed(absl::string_view text, uint32_t hash) const;
  void Grow();

  std::vector<absl::string_view> texts_;
  std::vector<Slot> slots_;  // a power of two, at most half full
  size_t used_ = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_BASE_ID_INDEX_H_
