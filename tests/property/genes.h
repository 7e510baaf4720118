// Genes: a run of small numbers that is read from its beginning, each number deciding one thing. A
// zero, and everything past the end, stands for the ordinary case, so that RapidCheck shrinks a
// company towards an ordinary one and a small one. One thread.
#ifndef TESTS_PROPERTY_GENES_H_
#define TESTS_PROPERTY_GENES_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace rollcall::property {

using GeneString = std::vector<int>;  // each at least 0 and below kGeneValues
inline constexpr int kGeneValues = 1000;

class Genes {
 public:
  explicit Genes(absl::Span<const int> genes) : genes_(genes) {}

  int Next() { return at_ < genes_.size() ? genes_[at_++] : 0; }
  // True in `percent` of 100 cases; a zero is never it.
  bool Chance(int percent) { return Next() >= kGeneValues - percent * (kGeneValues / 100); }
  // Below `count`; a zero is the first.
  size_t Below(size_t count) { return count == 0 ? 0 : static_cast<size_t>(Next()) % count; }
  // The place of one of the weights, which add up to at most 100; the first takes the rest.
  size_t Pick(std::initializer_list<int> others) {
    int from_top = kGeneValues - Next();  // 1 … kGeneValues
    size_t place = 0;
    for (int weight : others) {
      ++place;
      from_top -= weight * (kGeneValues / 100);
      if (from_top <= 0) return place;
    }
    return 0;
  }
  template <typename T>
  T OneOf(std::initializer_list<T> values) {
    return *(values.begin() + Below(values.size()));
  }

 private:
  absl::Span<const int> genes_;
  size_t at_ = 0;
};

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_GENES_H_
