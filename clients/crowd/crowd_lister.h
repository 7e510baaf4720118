// CrowdLister: reads the whole list of users or of groups, proven complete, or nothing (rule M3).
// Crowd says no totals, and its paging over several directories has lost and doubled rows in many
// versions. So the names are asked for twice in different ways: all at once, without their fields
// (the look), and page by page with them, up to an empty page. Both must agree, and no name may
// come twice. Where they do not, they are looked at once more (somebody may have come or gone);
// then the list is read again, in the way that avoids what was wrong, three times in all; then it
// is DATA_LOSS, and the message says what Crowd did and what to do.
//
// Names are compared folded and kept as 64-bit hashes (9 bytes a row); two names with one hash fail
// closed. Cost: the pages, an empty one, and one look. One thread.
#ifndef CLIENTS_CROWD_CROWD_LISTER_H_
#define CLIENTS_CROWD_CROWD_LISTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_list.h"

namespace rollcall {

// Where the rows go.
class CrowdRowTarget {
 public:
  virtual ~CrowdRowTarget() = default;
  // A new pass begins: what came before does not count.
  virtual void Restart() = 0;
  virtual absl::Status Take(const CrowdRow& row) = 0;
  virtual void Advance(int64_t done, int64_t total) = 0;
};

struct CrowdPaging {
  int64_t page_size = 1000;     // rows a page
  int64_t max_pages = 100'000;  // of one pass
  int64_t max_rows = 10'000'000;
};

class CrowdLister {
 public:
  static constexpr int kPasses = 3;
  // A list of up to this many rows is read in one answer when its pages leave rows out.
  static constexpr int64_t kOneAnswerRows = 50'000;

  CrowdLister(CrowdApi& api, const CrowdPaging& paging) : api_(api), paging_(paging) {}

  absl::Status Read(CrowdEntity entity, CrowdRowTarget& target, const CallContext& context);

  // Did the last list, as it was proven, come in one answer too? Then every part of it does.
  bool gives_all() const { return gives_all_; }

  // What was odd, a sentence each.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  using Names = absl::flat_hash_set<uint64_t>;
  enum class Way : uint8_t {
    kPages,       // the look at once, the rows in pages
    kOneAnswer,   // both at once
    kPagesTwice,  // both in pages
  };
  struct Pass {
    CrowdEntity entity = CrowdEntity::kUser;
    Way way = Way::kPages;
    std::string twice;  // a name that came twice
    Names rows;
    Names look;
  };

  absl::Status RunPass(Pass& pass, CrowdRowTarget& target, const CallContext& context);
  absl::Status Look(Pass& pass, const CallContext& context);
  absl::Status LookAtOnce(Pass& pass, bool& refused, const CallContext& context);
  absl::Status LookByPages(Pass& pass, const CallContext& context);
  absl::Status ReadRows(Pass& pass, CrowdRowTarget& target, const CallContext& context);
  // Hands the rows of one answer to `sink`; how many came.
  absl::StatusOr<int64_t> Fetch(const CrowdSearch& search,
                                absl::FunctionRef<absl::Status(const CrowdRow&)> sink,
                                const CallContext& context);
  absl::Status CheckRows(CrowdEntity entity, size_t rows) const;
  Way NextWay(const Pass& pass) const;

  CrowdApi& api_;
  const CrowdPaging paging_;
  bool at_once_ = true;  // the server gives all names in one answer, as far as is known
  bool gives_all_ = false;
  std::vector<std::string> notes_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_LISTER_H_
