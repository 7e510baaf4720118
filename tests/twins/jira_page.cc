#include "tests/twins/jira_page.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/target.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr size_t kRowsToAHiddenOne = 2;  // of short_pages

// False where the parameter is there and no number from `least` on.
bool TakeJiraNumber(const JiraCall& call, const char* name, int64_t least, int64_t& number) {
  const std::optional<std::string> text = call.Parameter(name);
  if (!text.has_value()) return true;
  return absl::SimpleAtoi(*text, &number) && number >= least;
}

// Is this a later page of a reading in which rows come and go?
bool IsOddPass(const JiraCall& call, const JiraWindow& window) {
  int64_t& passes = call.passes[absl::StrCat(absl::StrJoin(call.path, "/"), "?",
                                             call.Text("groupId"), call.Text("groupname"))];
  if (window.start == 0) {
    ++passes;
    return false;
  }
  return call.options.odd_passes == 0 || passes <= call.options.odd_passes;
}

// The rows that are paged; an empty one is filtered out afterwards.
std::vector<std::string> PagedRows(const JiraCall& call, const JiraWindow& window,
                                   std::vector<std::string> ids) {
  std::vector<std::string> rows;
  const bool of_users = call.path.size() > 3 && call.path[3] == "users";
  const bool filtered =
      call.Has(JiraQuirk::kShortPages) || (of_users && call.Has(JiraQuirk::kShortUsers));
  for (size_t i = 0; i < ids.size() && filtered; ++i) {
    rows.push_back(ids[i]);
    if (i % kRowsToAHiddenOne == kRowsToAHiddenOne - 1) rows.emplace_back();
  }
  if (!filtered) rows = std::move(ids);
  const size_t limit = static_cast<size_t>(window.limit);
  if (call.Has(JiraQuirk::kEmptyPage) && rows.size() > limit) {
    rows.insert(rows.begin() + window.limit, limit, std::string());
  }
  if (!IsOddPass(call, window) || rows.empty()) return rows;
  if (call.Has(JiraQuirk::kShiftedPages)) rows.erase(rows.begin());
  if (call.Has(JiraQuirk::kRepeatedRows)) rows.insert(rows.begin(), std::string());
  return rows;
}

std::string PageUrl(const JiraCall& call, int64_t start, int64_t limit) {
  std::string url = absl::StrCat(call.base_url, "/", absl::StrJoin(call.path, "/"), "?");
  for (const auto& [name, value] : call.parameters) {
    if (name == "startAt" || name == "maxResults") continue;
    absl::StrAppend(&url, PercentEncode(name), "=", PercentEncode(value), "&");
  }
  return absl::StrCat(url, "startAt=", start, "&maxResults=", limit);
}

}  // namespace

std::optional<TwinResponse> ReadJiraWindow(const JiraCall& call, const JiraPaging& paging,
                                           JiraWindow& window) {
  window.limit = paging.usual;
  if (!TakeJiraNumber(call, "startAt", 0, window.start)) {
    return JiraRefuse(400, "The value of startAt is not valid.");
  }
  if (!TakeJiraNumber(call, "maxResults", 1, window.limit)) {
    return JiraRefuse(400, "The value of maxResults is not valid.");
  }
  window.limit = std::min(window.limit, paging.most);
  if (paging.is_bean && call.Has(JiraQuirk::kMaxResultsLower)) {
    window.limit = std::max<int64_t>(1, window.limit / 2);
  }
  const int64_t cap = call.options.page_cap;
  if (cap > 0) window.limit = std::min(window.limit, cap);
  return std::nullopt;
}

JiraSlice SliceJira(const JiraCall& call, const JiraWindow& window, std::vector<std::string> ids) {
  const std::vector<std::string> rows = PagedRows(call, window, std::move(ids));
  JiraSlice slice;
  slice.total = static_cast<int64_t>(rows.size());
  const int64_t begin = std::min(window.start, slice.total);
  const int64_t end = std::min(begin + window.limit, slice.total);
  for (int64_t i = begin; i < end; ++i) {
    if (!rows[i].empty()) slice.ids.push_back(rows[i]);
  }
  slice.is_last = end == slice.total;
  return slice;
}

json JiraPageBean(const JiraCall& call, const JiraWindow& window, const JiraSlice& slice,
                  const json& values) {
  const int64_t next = window.start + window.limit;
  json bean = {{"self", PageUrl(call, window.start, window.limit)},
               {"startAt", window.start},
               {"maxResults", window.limit},
               {"total", slice.total},
               {"isLast", slice.is_last},
               {"values", values}};
  if (!slice.is_last) bean["nextPage"] = PageUrl(call, next, window.limit);
  if (call.Has(JiraQuirk::kTotalLies)) bean["total"] = std::min(slice.total, next);
  if (call.Has(JiraQuirk::kIsLastAbsent)) bean.erase("isLast");
  if (call.Has(JiraQuirk::kNextPageAbsent)) bean.erase("nextPage");
  return bean;
}

}  // namespace rollcall::twins
