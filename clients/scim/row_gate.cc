#include "clients/scim/row_gate.h"

#include "absl/hash/hash.h"

namespace rollcall {

void RowGate::BeginPage(bool overlaps) {
  expects_overlap_ = overlaps;
  rows_in_page_ = 0;
  new_in_page_ = 0;
}

RowGate::Verdict RowGate::Stop(Fault fault, absl::string_view id) {
  fault_ = fault;
  culprit_ = std::string(id);
  return Verdict::kStop;
}

RowGate::Verdict RowGate::Admit(absl::string_view id) {
  ++rows_in_page_;
  if (expects_overlap_) {
    expects_overlap_ = false;
    if (id == last_) return Verdict::kSkip;
    return Stop(id == first_ ? Fault::kStartIndexIgnored : Fault::kMoved, id);
  }
  if (!seen_.insert(absl::Hash<absl::string_view>()(id)).second) {
    return Stop(rows_in_page_ == 1 && id == first_ ? Fault::kStartIndexIgnored : Fault::kRepeated,
                id);
  }
  if (first_.empty()) first_.assign(id.data(), id.size());
  last_.assign(id.data(), id.size());
  ++new_in_page_;
  return Verdict::kTake;
}

}  // namespace rollcall
