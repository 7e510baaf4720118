#include "reconciler/base/id_index.h"

#include <algorithm>
#include <array>

#include "absl/hash/hash.h"

namespace rollcall {
namespace {

constexpr size_t kFirstSlots = 16;
constexpr size_t kBatch = 32;  // more than a processor keeps under way at once

}  // namespace

uint32_t IdIndex::HashOf(absl::string_view text) {
  const uint64_t hash = absl::HashOf(text);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

void IdIndex::Grow() {
  std::vector<Slot> old(std::max(kFirstSlots, slots_.size() * 2));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number == kNone) continue;
    size_t at = slot.hash & mask();
    while (slots_[at].number != kNone) at = (at + 1) & mask();
    slots_[at] = slot;
  }
}

uint32_t IdIndex::Append(absl::string_view text) {
  if ((used_ + 1) * 2 > slots_.size()) Grow();
  const uint32_t number = size();
  const uint32_t hash = HashOf(text);
  size_t at = hash & mask();
  for (; slots_[at].number != kNone; at = (at + 1) & mask()) {
    if (slots_[at].hash == hash && texts_[slots_[at].number] == text) break;
  }
  if (slots_[at].number == kNone) {
    slots_[at] = {hash, number};
    ++used_;
  }
  texts_.push_back(text);
  return number;
}

uint32_t IdIndex::FirstWith(uint32_t hash) const {
  size_t at = hash & mask();
  while (slots_[at].number != kNone && slots_[at].hash != hash) at = (at + 1) & mask();
  return slots_[at].number;
}

uint32_t IdIndex::FindHashed(absl::string_view text, uint32_t hash) const {
  size_t at = hash & mask();
  for (; slots_[at].number != kNone; at = (at + 1) & mask()) {
    if (slots_[at].hash == hash && texts_[slots_[at].number] == text) break;
  }
  return slots_[at].number;
}

uint32_t IdIndex::Find(absl::string_view text) const {
  return slots_.empty() ? kNone : FindHashed(text, HashOf(text));
}

void IdIndex::FindAll(absl::Span<const absl::string_view> texts,
                      absl::Span<uint32_t> numbers) const {
  if (slots_.empty()) {
    std::fill(numbers.begin(), numbers.end(), kNone);
    return;
  }
  for (size_t begin = 0; begin < texts.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, texts.size() - begin);
    std::array<uint32_t, kBatch> hashes;
    for (size_t i = 0; i < count; ++i) {
      hashes[i] = HashOf(texts[begin + i]);
      __builtin_prefetch(&slots_[hashes[i] & mask()]);
    }
    absl::Span<uint32_t> found = numbers.subspan(begin, count);
    for (size_t i = 0; i < count; ++i) {
      found[i] = FirstWith(hashes[i]);
      if (found[i] != kNone) __builtin_prefetch(&texts_[found[i]]);
    }
    for (uint32_t number : found) {
      if (number != kNone) __builtin_prefetch(texts_[number].data());
    }
    for (size_t i = 0; i < count; ++i) {
      if (found[i] == kNone || texts_[found[i]] == texts[begin + i]) continue;
      found[i] = FindHashed(texts[begin + i], hashes[i]);  // another text with this hash
    }
  }
}

}  // namespace rollcall
