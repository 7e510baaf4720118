#include "tests/twins/crowd_options.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rollcall::twins {

absl::Status ApplyCrowdQuirk(absl::string_view text, CrowdOptions& options) {
  if (const std::optional<CrowdQuirk> quirk = FindCrowdQuirk(text)) {
    options.quirks.Set(*quirk);
    return absl::OkStatus();
  }
  const absl::Status unknown = absl::InvalidArgumentError(
      absl::StrCat("no quirk of Crowd \"", text, "\"; --list-quirks lists them"));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  int64_t number = 0;
  if (!absl::SimpleAtoi(parts.second, &number) || number < 0) return unknown;
  if (parts.first == "stale_ms") {
    options.stale_for = absl::Milliseconds(number);
    return absl::OkStatus();
  }
  const struct {
    absl::string_view name;
    int64_t* slot;
  } numbers[] = {
      {"default_page", &options.default_page},       {"page_cap", &options.page_cap},
      {"rate_limit", &options.rate_limit},           {"event_limit", &options.event_limit},
      {"password_length", &options.password_length}, {"rival_edits", &options.rival_edits},
      {"stale_reads", &options.stale_reads}};
  for (const auto& item : numbers) {
    if (item.name != parts.first) continue;
    *item.slot = number;
    return absl::OkStatus();
  }
  return unknown;
}

}  // namespace rollcall::twins
