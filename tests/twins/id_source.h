// Ids that look random and are not: the same seed gives the same ids, in order. Not thread-safe.
#ifndef TESTS_TWINS_ID_SOURCE_H_
#define TESTS_TWINS_ID_SOURCE_H_

#include <cstdint>
#include <string>

namespace rollcall::twins {

// One step of SplitMix64: the same on every platform, unlike the standard library's distributions.
inline uint64_t NextRandom(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

class IdSource {
 public:
  explicit IdSource(uint64_t seed) : state_(seed) {}

  // In the form of a version 4 UUID: "247b915a-9d6c-4cd5-b5a5-071b1b3abc2e".
  std::string Uuid();
  // In the form of an Atlassian account id: "712020:247b915a-…".
  std::string AccountId();

 private:
  uint64_t state_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ID_SOURCE_H_
