// ScimPager: reads a whole SCIM list, proven complete, or nothing (rule M3). Unique ids are
// counted; a list is whole only when they are as many as the last page's totalResults says and no
// page contradicts another. Pages overlap by one row, so that a row that moves between two pages
// shows even where the total stays the same. After a contradiction the list is read again, three
// times in all, sorted by id or in one page where that can help; then it is DATA_LOSS, and the
// message says what the server did and what to do. A total that only grows is accepted when every
// id was seen exactly once.
//
// Cost: about one request a page; one more where the first page is full and says that it is
// everything. One thread; one object a snapshot, so that nothing wrong is remembered.
#ifndef CLIENTS_SCIM_SCIM_PAGING_H_
#define CLIENTS_SCIM_SCIM_PAGING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/scim/list_handler.h"
#include "clients/scim/row_gate.h"
#include "clients/scim/scim_api.h"
#include "clients/scim/service_config.h"

namespace rollcall {

// Where the rows of a list go.
class ListTarget {
 public:
  virtual ~ListTarget() = default;
  virtual ScimResource resource() const = 0;
  // A new pass begins: what came before does not count.
  virtual void Restart() = 0;
  // Decodes one page; asks the gate about every row.
  virtual absl::Status Decode(std::string& body, RowGate& gate, ListPage& page) = 0;
  virtual void Advance(int64_t done, int64_t total) = 0;
};

struct PagingOptions {
  int64_t page_size = 0;          // rows a page; 0: as many as the server says, at most 1,000
  int64_t max_pages = 1'000'000;  // of one pass
  int64_t max_rows = 10'000'000;  // of one list
  size_t max_body = 64 << 20;     // bytes of one page
};

class ScimPager {
 public:
  static constexpr int64_t kDefaultPage = 1000;
  static constexpr int64_t kModestPage = 100;  // what a server that refuses the first size gets
  static constexpr int kPasses = 3;
  // A list of up to this many rows is asked for in one page when its pages contradict each other.
  static constexpr int64_t kOnePageRows = 10'000;

  ScimPager(ScimApi& api, const ServiceConfig& config, const PagingOptions& options);

  absl::Status Read(ListTarget& target, const CallContext& context);

  // What was odd, a sentence each.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  enum class Fault : uint8_t {
    kNone,
    kNoTotal,
    kStartIndexIgnored,
    kWrongStartIndex,
    kMoved,
    kRepeated,
    kTotalFell,
    kTooFewRows,
    kTooManyRows,
  };
  struct Contradiction {
    Fault fault = Fault::kNone;
    std::string what;
  };
  struct Pass {
    int64_t count = 0;
    bool sorted = false;
    bool one_page = false;
    int64_t start = 1;
    int64_t total = -1;     // of the last page
    int64_t last_rows = 0;  // of the page before
    bool overlaps = false;  // the page that comes starts with the last row again
    bool done = false;
    RowGate gate;
    Contradiction contradiction;
  };

  Pass Plan(int number, const Pass& last) const;
  absl::Status Run(ListTarget& target, Pass& pass, const CallContext& context);
  // The body of one page; nothing when it was refused and another request is to be tried.
  absl::StatusOr<std::optional<std::string>> Fetch(const ListTarget& target, Pass& pass,
                                                   const CallContext& context);
  // After a refusal or a body that is too large: false when nothing smaller is left to try.
  bool Shrink(const ListTarget& target, Pass& pass, absl::string_view why, int64_t floor);
  static void Place(Pass& pass);  // where the next page starts
  void Conclude(Pass& pass, const ListPage& page) const;
  static Contradiction Judge(const Pass& pass, const ListPage& page);
  static Contradiction FromGate(const Pass& pass);
  static absl::Status GiveUp(const ListTarget& target, const Pass& pass);

  ScimApi& api_;
  const ServiceConfig config_;
  const PagingOptions options_;
  int64_t page_size_;  // learned: shrinks when the server refuses
  std::vector<std::string> notes_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SCIM_PAGING_H_
