#include "tests/twins/org_options.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rollcall::twins {

absl::Status ApplyOrgQuirk(absl::string_view text, OrgOptions& options) {
  if (const std::optional<OrgQuirk> quirk = FindOrgQuirk(text)) {
    options.quirks.Set(*quirk);
    return absl::OkStatus();
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  int64_t number = 0;
  const bool is_number = absl::SimpleAtoi(parts.second, &number) && number >= 0;
  if (is_number && parts.first == "stale_ms") {
    options.propagation.time = absl::Milliseconds(number);
    return absl::OkStatus();
  }
  const struct {
    absl::string_view name;
    int64_t* slot;
  } numbers[] = {{"default_page", &options.default_page},
                 {"page_cap", &options.page_cap},
                 {"rate_limit", &options.rate_limit},
                 {"stale_reads", &options.propagation.reads}};
  for (const auto& item : numbers) {
    if (!is_number || item.name != parts.first) continue;
    *item.slot = number;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no quirk of the organisation \"", text, "\"; --list-quirks lists them"));
}

}  // namespace rollcall::twins
