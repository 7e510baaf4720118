// JiraPager: reads a whole list of a Jira Cloud site page by page (`startAt`), or nothing (rule
// M3). There are two kinds of lists:
//
// * Bare arrays (users) say neither a total nor an end, and are filtered after paging: a short page
//   is not the end, two empty ones are. The next page begins where the widest page so far shows
//   that nothing can be left out, one row early. Where that is the last row of a page, it must
//   come again, else rows have moved.
// * Page objects (groups, members) say `total` and `isLast`; every row comes once, and as many as
//   the total says. Without `isLast`, two empty pages are the end.
//
// Rows that moved, a total that shrank or is not reached: the list is read again, three times in
// all; then it is DATA_LOSS. 409 (the site took too long over a page) is tried with smaller pages,
// down to kSmallestPage.
//
// Sources: Jira's API description (at most 1,000 users a page); JRACLOUD-74454 and -77939 for short
// pages. Cost: the pages, one more for about every thousand, and one to see the end. Rows are
// remembered as 64-bit hashes of their ids; two ids with one hash fail closed. One thread.
#ifndef CLIENTS_JIRA_JIRA_PAGER_H_
#define CLIENTS_JIRA_JIRA_PAGER_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "clients/jira/jira_api.h"
#include "clients/jira/jira_rows.h"

namespace rollcall {

struct JiraPaging {
  int64_t page_size = 1000;       // users a page; the API gives 1,000 at most
  int64_t max_pages = 1'000'000;  // of one pass
  int64_t max_rows = 10'000'000;  // of one list
};

struct JiraList {
  std::string what;  // "the users of the site", for messages
  JiraRowKind kind = JiraRowKind::kUser;
  int64_t page_size = 50;
  absl::FunctionRef<JiraApi::Reply(int64_t start, int64_t count)> fetch;
  // A new pass begins: what came before does not count.
  absl::FunctionRef<void()> restart;
  // A row that has not come before in this pass, or one that is nobody's (is_broken).
  absl::FunctionRef<void(const JiraRow&)> take;
  // Rows so far.
  absl::FunctionRef<void(int64_t)> advance;
};

class JiraPager {
 public:
  static constexpr int kPasses = 3;
  static constexpr int64_t kSmallestPage = 50;

  explicit JiraPager(const JiraPaging& paging) : paging_(paging) {}

  absl::Status Read(const JiraList& list, const CallContext& context);
  // Of the pass that was whole.
  int64_t pages() const { return pages_; }

 private:
  struct Pass;
  absl::Status Run(const JiraList& list, Pass& pass, const CallContext& context);
  void TakeRows(const JiraList& list, const JiraPage& page, Pass& pass);
  static bool AnchorHolds(const JiraPage& page, const Pass& pass);
  void StepInArray(const JiraPage& page, Pass& pass);
  void StepInPages(const JiraPage& page, Pass& pass);

  const JiraPaging paging_;
  int64_t pages_ = 0;
};

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_PAGER_H_
