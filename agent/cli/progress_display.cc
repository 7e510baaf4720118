#include "agent/cli/progress_display.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/safe_text.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

constexpr int kBusy = 503;
constexpr char kNoWrap[] = "\x1b[?7l";
constexpr char kWrap[] = "\x1b[?7h";

const char* Doing(Stage stage) {
  switch (stage) {
    case Stage::kReading:
      return "reading";
    case Stage::kProbing:
      return "probing";
    case Stage::kApplying:
      return "applying";
    case Stage::kVerifying:
      return "verifying";
  }
  return "";
}

std::string Bar(int64_t done, int64_t total, int width) {
  const int64_t filled = total > 0 ? std::min<int64_t>(width, done * width / total) : 0;
  return absl::StrCat("[", std::string(static_cast<size_t>(filled), '#'),
                      std::string(static_cast<size_t>(width - filled), '.'), "]");
}

// "12 times, about 9 s in all".
std::string Sum(int64_t waits, absl::Duration waited) {
  return absl::StrCat(CountOf(waits, "time"), ", ", About(waited), " in all");
}

}  // namespace

ProgressDisplay::ProgressDisplay(Medium medium, std::ostream& out, Runtime& runtime)
    : medium_(medium), out_(out), runtime_(runtime) {}

void ProgressDisplay::Advance(absl::string_view directory, Stage stage, int64_t done,
                              int64_t total) {
  const absl::Time now = runtime_.Now();
  MutexLock lock(mutex_);
  const auto found = rows_.try_emplace(std::string(directory)).first;
  Row& row = found->second;
  const bool begins = row.stage != stage;
  if (begins) {
    row.stage = stage;
    row.first_done = done;
    row.begun = now;
    row.last_line = now;
  }
  row.done = done;
  row.total = total;
  if (medium_ == Medium::kTerminal) {
    if (now - last_draw_ >= kRedraw) Redraw(now);
    return;
  }
  // Nothing is said of what is over within seconds.
  if (!begins && now - row.last_line >= kLineEvery) Tell(found->first, row, now);
}

void ProgressDisplay::Throttled(absl::string_view directory, absl::Time until, int http_status) {
  const absl::Time now = runtime_.Now();
  MutexLock lock(mutex_);
  const auto found = rows_.try_emplace(std::string(directory)).first;
  Row& row = found->second;
  if (until <= row.held_until) return;
  const bool begins = row.held_until <= now;  // a wait that grows is one wait
  if (begins) {
    ++row.waits;
    row.busy += http_status == kBusy ? 1 : 0;
    row.status = http_status;
  }
  row.waited += until - std::max(now, row.held_until);
  row.held_until = until;
  if (medium_ == Medium::kTerminal) {
    Redraw(now);
    return;
  }
  const bool first = begins && row.waits == 1;
  // Hundreds of waits of a second are no news; one that goes on well after what was told is.
  const bool is_long = until - std::max(now, row.promised_until) >= kLineEvery;
  if (first || is_long || now - row.last_line >= kLineEvery) Tell(found->first, row, now);
}

void ProgressDisplay::Tell(const std::string& directory, Row& row, absl::Time now) {
  out_ << Describe(directory, row, now) << std::endl;
  row.last_line = now;
  row.promised_until = std::max(now, row.held_until);
}

void ProgressDisplay::Clear() {
  MutexLock lock(mutex_);
  ClearLocked();
  for (const auto& [directory, row] : rows_) {
    if (row.waits == 0) continue;
    out_ << Printable(directory) << ": the directory asked to wait ("
         << AskedWith(row.waits, row.busy) << ") " << Sum(row.waits, row.waited) << std::endl;
  }
  rows_.clear();
}

std::string ProgressDisplay::Describe(const std::string& directory, const Row& row,
                                      absl::Time now) const {
  std::vector<std::string> parts;
  if (row.stage.has_value()) parts.push_back(DescribeWork(row, now));
  if (row.held_until > now) {
    parts.push_back(absl::StrCat(
        "the directory asks to wait (", row.status, "), going on in ", About(row.held_until - now),
        row.waits > 1 ? absl::StrCat("; ", Sum(row.waits, row.waited)) : ""));
  } else if (row.waits > 0) {
    parts.push_back(absl::StrCat("the directory asked to wait (", AskedWith(row.waits, row.busy),
                                 ") ", Sum(row.waits, row.waited)));
  }
  return absl::StrCat(Printable(directory), ": ", absl::StrJoin(parts, "; "));
}

std::string ProgressDisplay::DescribeWork(const Row& row, absl::Time now) const {
  std::string text = absl::StrCat(Doing(*row.stage), " ");
  if (medium_ == Medium::kTerminal) {
    absl::StrAppend(&text, Bar(row.done, row.total, kBarWidth), " ");
  }
  absl::StrAppend(&text, Grouped(row.done));
  if (row.total > 0) absl::StrAppend(&text, " of ", Grouped(row.total));
  const double seconds = absl::ToDoubleSeconds(now - row.begun);
  // Within the first second a rate is noise.
  const double rate = seconds >= 1 ? static_cast<double>(row.done - row.first_done) / seconds : 0;
  // Whoever waits for a change to show wants to see that time goes by.
  if (*row.stage == Stage::kVerifying && rate == 0 && row.done < row.total && seconds >= 1) {
    absl::StrAppend(&text, ", waited for ", static_cast<int64_t>(seconds), " s");
  }
  if (rate > 0) {
    absl::StrAppend(&text, ", ", Grouped(static_cast<int64_t>(rate + 0.5)), " a second");
    if (row.total > row.done) {
      absl::StrAppend(&text, ", ",
                      About(absl::Seconds(static_cast<double>(row.total - row.done) / rate)),
                      " left");
    }
  }
  return text;
}

void ProgressDisplay::Redraw(absl::Time now) {
  ClearLocked();
  // A line that wraps would be two to clear: what the terminal has no room for is cut.
  out_ << kNoWrap;
  for (const auto& [directory, row] : rows_) {
    out_ << Describe(directory, row, now) << "\n";
    ++drawn_lines_;
  }
  out_ << kWrap << std::flush;
  last_draw_ = now;
}

void ProgressDisplay::ClearLocked() {
  // Up one line and to its end, as often as lines were drawn.
  for (; drawn_lines_ > 0; --drawn_lines_) out_ << "\x1b[1A\x1b[2K";
  out_ << std::flush;
}

}  // namespace rollcall
