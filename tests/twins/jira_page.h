// Pages of a Jira site's lists, by startAt and maxResults. Rows are filtered after paging, so that
// a page may be short, or empty, without being the last. What appears or vanishes between pages
// does so after the first one of a reading, which is the one from row 0.
//
// Example:
//   JiraWindow window;
//   if (auto refusal = ReadJiraWindow(call, {50, 50, true}, window)) return *std::move(refusal);
//   const JiraSlice slice = SliceJira(call, window, ids);
//   return JiraJson(200, JiraPageBean(call, window, slice, values));
#ifndef TESTS_TWINS_JIRA_PAGE_H_
#define TESTS_TWINS_JIRA_PAGE_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/twins/jira_call.h"

namespace rollcall::twins {

// How a list may be asked for.
struct JiraPaging {
  int64_t usual;  // rows when no maxResults is given
  int64_t most;
  bool is_bean;  // with total and maxResults around the rows; otherwise a bare array
};

struct JiraWindow {
  int64_t start = 0;
  int64_t limit = 0;
};

// A refusal where startAt or maxResults is no number that is allowed. More rows than a list has at
// most are cut to those.
std::optional<TwinResponse> ReadJiraWindow(const JiraCall& call, const JiraPaging& paging,
                                           JiraWindow& window);

struct JiraSlice {
  std::vector<std::string> ids;
  int64_t total = 0;  // rows that are paged, filtered ones too
  bool is_last = true;
};

// `ids`: the whole list, in an order that does not change.
JiraSlice SliceJira(const JiraCall& call, const JiraWindow& window, std::vector<std::string> ids);

// {self, nextPage?, startAt, maxResults, total, isLast, values}
nlohmann::json JiraPageBean(const JiraCall& call, const JiraWindow& window, const JiraSlice& slice,
                            const nlohmann::json& values);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_PAGE_H_
