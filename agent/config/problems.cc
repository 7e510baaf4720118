#include "agent/config/problems.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall::config {

void Problems::Add(int line, absl::string_view path, absl::string_view what) {
  std::string text = file_;
  if (line > 0) absl::StrAppend(&text, ":", line);
  if (!path.empty()) absl::StrAppend(&text, ": ", path);
  absl::StrAppend(&text, ": ", what);
  told_.emplace_back(line, std::move(text));
}

void Problems::AddAt(absl::string_view path, absl::string_view what) {
  Add(LineOf(path), path, what);
}

int Problems::LineOf(absl::string_view path) const {
  while (true) {
    auto found = lines_.find(std::string(path));
    if (found != lines_.end()) return found->second;
    const size_t end = path.find_last_of(".[");
    if (end == absl::string_view::npos) return path.empty() ? 0 : LineOf("");
    path = path.substr(0, end);
  }
}

absl::Status Problems::ToStatus() const {
  if (told_.empty()) return absl::OkStatus();
  std::vector<std::pair<int, std::string>> sorted = told_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (const auto& [line, text] : sorted) {
    if (lines.size() == kMaxTold) break;
    lines.push_back(text);
  }
  if (sorted.size() > kMaxTold) {
    lines.push_back(absl::StrCat(file_, ": and ", sorted.size() - kMaxTold, " more problems"));
  }
  return absl::InvalidArgumentError(absl::StrJoin(lines, "\n"));
}

std::string Shown(absl::string_view text) {
  constexpr size_t kMax = 60;
  const bool cut = text.size() > kMax;
  size_t size = std::min(text.size(), kMax);
  // Never cut within a UTF-8 sequence.
  while (cut && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  std::string result = "\"";
  for (char c : text.substr(0, size)) {
    result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return absl::StrCat(result, cut ? "…" : "", "\"");
}

}  // namespace rollcall::config
