#include "clients/jira/jira_pager.h"

#include <algorithm>
#include <optional>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_errors.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
// What one reading of the list has shown so far.
struct JiraPager::Pass {
  absl::flat_hash_set<uint64_t> seen;
  int64_t start = 0;
  int64_t count = 0;   // rows to ask for
  int64_t widest = 0;  // rows of the fullest page: no page spans fewer
  int empty = 0;       // pages in a row
  int64_t broken = 0;  // rows that are nobody's
  // No new row stood here or behind when the last one came.
  int64_t fresh_end = 0;
  bool ended = false;
  std::optional<bool> in_objects;
  std::string anchor;  // the row that must come again on the next page; empty: not known
  bool anchor_first = false;
  std::optional<int64_t> total;
  std::string fault;  // why the pass is worth nothing
};

void JiraPager::TakeRows(const JiraList& list, const JiraPage& page, Pass& pass) {
  if (pass.in_objects.value_or(page.is_object) != page.is_object) {
    pass.fault = "a page came in another shape than the one before";
    return;
  }
  pass.in_objects = page.is_object;
  const size_t before = pass.seen.size();
  bool known = false;
  for (const JiraRow& row : page.rows) {
    if (row.is_broken()) {
      if (&row == &page.rows.front() && row.id == pass.anchor) continue;
      ++pass.broken;
      list.take(row);
    } else if (pass.seen.insert(absl::Hash<absl::string_view>()(row.id)).second) {
      list.take(row);
    } else if (page.is_object) {
      pass.fault = absl::StrCat("the row with id ", ForMessage(row.id, 80), " came twice");
      return;
    } else {
      known = true;
    }
  }
  pass.empty = page.rows.empty() ? pass.empty + 1 : 0;
  if (pass.seen.size() > before) {
    pass.fresh_end = pass.start + pass.count;
  } else if (known && pass.start >= pass.fresh_end) {
    pass.fault = "the same rows came again and again";
  }
}

// A full page hides nothing, so that its last row begins the next one; of others, rows that are
// hidden may stand between.
bool JiraPager::AnchorHolds(const JiraPage& page, const Pass& pass) {
  if (pass.anchor_first) return !page.rows.empty() && page.rows.front().id == pass.anchor;
  return std::any_of(page.rows.begin(), page.rows.end(),
                     [&](const JiraRow& row) { return row.id == pass.anchor; });
}

void JiraPager::StepInArray(const JiraPage& page, Pass& pass) {
  const auto rows = static_cast<int64_t>(page.rows.size());
  if (!pass.anchor.empty() && !AnchorHolds(page, pass)) {
    pass.fault = "the last row of a page did not come again on the next one";
    return;
  }
  pass.ended = pass.empty == 2;
  pass.widest = std::max(pass.widest, rows);
  // Nothing ever came: then the width is what was asked for.
  const int64_t width = pass.widest == 0 ? pass.count : pass.widest;
  // The next page begins where this one's last row stands, or before it.
  pass.anchor = rows == width && rows > 1 ? page.rows.back().id : "";
  pass.anchor_first = rows == pass.count;
  pass.start += std::max<int64_t>(1, width - 1);
}

void JiraPager::StepInPages(const JiraPage& page, Pass& pass) {
  if (page.total.has_value()) {
    if (pass.total.has_value() && *page.total < *pass.total) {
      pass.fault = absl::StrCat("the total fell from ", *pass.total, " to ", *page.total);
      return;
    }
    pass.total = page.total;
  }
  const auto rows = static_cast<int64_t>(page.rows.size());
  pass.ended = page.is_last.value_or(false) || pass.empty == 2;
  const int64_t width = std::min(pass.count, page.max_results.value_or(rows));
  pass.start += std::max<int64_t>({1, width, rows});
  if (!pass.ended || !pass.total.has_value()) return;
  const int64_t came = static_cast<int64_t>(pass.seen.size()) + pass.broken;
  if (came < *pass.total) {
    pass.fault = absl::StrCat(came, " rows came where the site counts ", *pass.total);
  }
}

absl::Status JiraPager::Run(const JiraList& list, Pass& pass, const CallContext& context) {
  pass.count = list.page_size;
  for (pages_ = 1; pages_ <= paging_.max_pages; ++pages_) {
    if (context.stopped()) return absl::CancelledError("stopped");
    JiraApi::Reply reply = list.fetch(pass.start, pass.count);
    if (!reply.ok()) return reply.status();
    if (reply->status == 409 && pass.count > kSmallestPage) {
      pass.count = std::max(kSmallestPage, pass.count / 2);
      pass.widest = std::min(pass.widest, pass.count);
      continue;
    }
    if (!IsSuccess(reply->status)) return JiraReadFailure(list.what, ParseJiraError(*reply));
    RETURN_IF_ERROR(RequireJiraJson(list.what, *reply));
    ASSIGN_OR_RETURN(const JiraPage page, ReadJiraPage(list.what, list.kind, reply->body));
    TakeRows(list, page, pass);
    if (!pass.fault.empty()) return absl::OkStatus();
    if (page.is_object) {
      StepInPages(page, pass);
    } else {
      StepInArray(page, pass);
    }
    if (!pass.fault.empty()) return absl::OkStatus();
    const auto seen = static_cast<int64_t>(pass.seen.size());
    list.advance(seen);
    if (seen > paging_.max_rows) break;
    if (pass.ended) return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(list.what, ": more than ", paging_.max_rows, " rows or ",
                                          paging_.max_pages, " pages came, and no end"));
}

absl::Status JiraPager::Read(const JiraList& list, const CallContext& context) {
  std::string fault;
  for (int number = 1; number <= kPasses; ++number) {
    list.restart();
    Pass pass;
    RETURN_IF_ERROR(Run(list, pass, context));
    if (pass.fault.empty()) return absl::OkStatus();
    fault = pass.fault;
  }
  return absl::DataLossError(absl::StrCat(list.what, ": read ", kPasses,
                                          " times and never as a whole; the last time ", fault,
                                          "; try again when nobody changes the site's users, and "
                                          "tell Atlassian's support if it stays"));
}

}  // namespace rollcall
