// RowGate: watches the ids of one pass over a list and finds what a server may do wrong between
// pages: rows that come again, rows that moved, a startIndex that is ignored. Pages overlap by one
// row, so that a shift shows even where the total stays the same. Ids are kept as 64-bit hashes (9
// bytes a row); two ids with one hash (1 in 30 million for a million rows) fail closed, as a
// repeated row. Internal to clients/scim. One thread.
#ifndef CLIENTS_SCIM_ROW_GATE_H_
#define CLIENTS_SCIM_ROW_GATE_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace rollcall {

class RowGate {
 public:
  enum class Verdict : uint8_t {
    kTake,  // new
    kSkip,  // the overlap: it is the last row of the page before, as it should be
    kStop,  // a contradiction: the pass is worth nothing
  };
  enum class Fault : uint8_t { kNone, kStartIndexIgnored, kMoved, kRepeated };

  // `overlaps`: the first row of this page must be the last one of the page before.
  void BeginPage(bool overlaps);
  Verdict Admit(absl::string_view id);

  Fault fault() const { return fault_; }
  const std::string& culprit() const { return culprit_; }  // the id at which the fault showed
  int64_t unique() const { return static_cast<int64_t>(seen_.size()); }
  int64_t rows_in_page() const { return rows_in_page_; }
  int64_t new_in_page() const { return new_in_page_; }

 private:
  Verdict Stop(Fault fault, absl::string_view id);

  bool expects_overlap_ = false;
  int64_t rows_in_page_ = 0;
  int64_t new_in_page_ = 0;
  std::string first_;  // of the pass
  std::string last_;
  Fault fault_ = Fault::kNone;
  std::string culprit_;
  absl::flat_hash_set<uint64_t> seen_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_ROW_GATE_H_
