#include "clients/idp/scim_pages.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

absl::Status Cut(int64_t total, int64_t seen) {
  return absl::DataLossError(absl::StrCat("the export was cut: totalResults says ", total,
                                          ", but it holds ", seen,
                                          "; export every page of the list"));
}

}  // namespace

// A page with startIndex 1, or after a complete list, begins a list (people, then groups); any
// other one goes on with the list that was begun.
absl::Status ScimPages::Begin(const ScimPage& page) {
  const bool restarts = page.start.has_value() && *page.start <= 1;
  const bool open = pages_ > 0 && (!total_.has_value() || !Complete());
  if (open && restarts && total_.has_value()) return Cut(*total_, seen_);
  if (!open || restarts) {
    total_ = page.total;
    seen_ = 0;
  }
  if (page.start.has_value() && *page.start > 1 && *page.start != seen_ + 1) {
    return absl::DataLossError(absl::StrCat(
        "page ", pages_ + 1, " begins at startIndex ", *page.start, ", but ", seen_,
        " were read before it: pages are missing or come twice; export every page once, in order"));
  }
  return absl::OkStatus();
}

absl::Status ScimPages::Add(const ScimPage& page) {
  RETURN_IF_ERROR(Begin(page));
  ++pages_;
  if (page.total.has_value() && total_.has_value() && *page.total != *total_) {
    return absl::DataLossError(
        absl::StrCat("page ", pages_, " says totalResults ", *page.total, ", an earlier one ",
                     *total_, ": the list changed while it was exported; export again"));
  }
  if (page.total.has_value()) total_ = page.total;
  seen_ += page.resources;
  next_ = page.next;
  if (total_.has_value() && seen_ > *total_) {
    return absl::DataLossError(absl::StrCat("totalResults says ", *total_, ", but the pages hold ",
                                            seen_, ": a page comes twice; export again"));
  }
  return absl::OkStatus();
}

absl::Status ScimPages::Finish() const {
  if (total_.has_value() && seen_ < *total_) return Cut(*total_, seen_);
  if (!next_.empty()) {
    return absl::DataLossError(absl::StrCat("the export was cut: its last page names a next one (",
                                            next_, "); export every page of the list"));
  }
  return absl::OkStatus();
}

}  // namespace rollcall::idp
