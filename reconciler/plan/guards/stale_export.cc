// `stale_export`: the export is older than the limit, or was made in the future. Clocks differ a
// little: up to five minutes ahead are not the future. An export whose time nobody knows cannot be
// shown to be fresh, so it blocks as well: an old one would bring leavers back.
//
// `observed` and `limit` are ages in seconds; negative: made in the future.
#include "absl/strings/str_cat.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {
namespace {

constexpr absl::Duration kClockSkew = absl::Minutes(5);

// Nobody wants to read "26h0m0.13s".
std::string InMinutes(absl::Duration duration) {
  return absl::FormatDuration(absl::Trunc(duration, absl::Minutes(1)));
}

}  // namespace

void StaleExport(const GuardInput& input, const Impacts&, Findings& findings) {
  const std::optional<absl::Duration>& limit = input.input.spec.guards.stale_export;
  if (!limit) return;
  const Export& exported = input.input.exported;
  std::string message;
  absl::Duration age = absl::ZeroDuration();
  if (!exported.time) {
    message = absl::StrCat("nobody knows when the export ", exported.source, " was made");
  } else {
    age = input.input.now - *exported.time;
    if (age > *limit) {
      message = absl::StrCat("the export ", exported.source, " is ", InMinutes(age),
                             " old, more than the ", InMinutes(*limit), " that are allowed");
    } else if (-age > kClockSkew) {
      message = absl::StrCat("the export ", exported.source, " was made ", InMinutes(-age),
                             " in the future");
    } else {
      return;
    }
  }
  Finding finding = Blocking("stale_export", std::move(message),
                             "check that the export job runs and that the clocks are right");
  finding.observed = absl::ToInt64Seconds(age);
  finding.limit = absl::ToInt64Seconds(*limit);
  findings.push_back(std::move(finding));
}

}  // namespace rollcall::guards
