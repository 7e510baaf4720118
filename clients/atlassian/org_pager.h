// OrgPager: reads a whole list of the organisation API page by page (`links.next`, as a token or as
// a URL), or nothing (rule M3). A row that comes twice, a cursor that comes twice, a cursor that
// the server no longer knows: the list is read again, three times in all; then it is DATA_LOSS.
// Lists say no totals: what a caller knows about them it may check after each pass.
//
// Cost: the pages. Rows are remembered as 64-bit hashes of their ids (9 bytes each); two ids with
// one hash fail closed. One thread.
#ifndef CLIENTS_ATLASSIAN_ORG_PAGER_H_
#define CLIENTS_ATLASSIAN_ORG_PAGER_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_page.h"

namespace rollcall {

struct OrgPaging {
  int64_t page_size = 100;        // rows a page; the API gives 100 at most
  int64_t max_pages = 1'000'000;  // of one pass
  int64_t max_rows = 10'000'000;  // of one list
};

// What is read, and where it goes.
struct OrgList {
  // "the users of directory x", for messages.
  std::string what;
  // Fetches the page at this cursor; empty: the first.
  absl::FunctionRef<OrgApi::Reply(const std::string& cursor)> fetch;
  // A new pass begins: what came before does not count.
  absl::FunctionRef<void()> restart;
  // After a pass: how many rows there should be at least; 0: nobody knows.
  absl::FunctionRef<absl::StatusOr<int64_t>()> promised;
  // Rows so far.
  absl::FunctionRef<void(int64_t)> advance;
};

class OrgPager {
 public:
  static constexpr int kPasses = 3;

  explicit OrgPager(const OrgPaging& paging) : paging_(paging) {}

  absl::Status Read(const OrgList& list, OrgRowReader& reader, const CallContext& context);

  // With nothing to restart and nothing promised: for lists whose rows are kept by id.
  absl::Status Read(const std::string& what,
                    absl::FunctionRef<OrgApi::Reply(const std::string& cursor)> fetch,
                    absl::FunctionRef<void()> restart, OrgRowReader& reader,
                    const CallContext& context);

 private:
  class Pass;
  absl::Status Run(const OrgList& list, OrgRowReader& reader, Pass& pass,
                   const CallContext& context);

  const OrgPaging paging_;
};

// The cursor in `next`: the token itself, or the `cursor` parameter of a URL. DATA_LOSS for a URL
// without one.
absl::StatusOr<std::string> CursorOf(absl::string_view next);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_PAGER_H_
