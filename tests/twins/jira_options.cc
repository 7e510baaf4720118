#include "tests/twins/jira_options.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rollcall::twins {

absl::Status ApplyJiraQuirk(absl::string_view text, JiraOptions& options) {
  if (IsUsualForJira(text)) return absl::OkStatus();
  if (const std::optional<JiraQuirk> quirk = FindJiraQuirk(text)) {
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
  } numbers[] = {
      {"page_cap", &options.page_cap},       {"rate_limit", &options.rate_limit},
      {"search_rate", &options.search_rate}, {"slow_page", &options.slow_page},
      {"odd_passes", &options.odd_passes},   {"stale_reads", &options.propagation.reads}};
  for (const auto& item : numbers) {
    if (!is_number || item.name != parts.first) continue;
    *item.slot = number;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no quirk of Jira \"", text, "\"; --list-quirks lists them"));
}

}  // namespace rollcall::twins
