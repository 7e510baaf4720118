#include "tests/twins/crowd_list.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

struct CrowdRange {
  int64_t start = 0;
  int64_t count = 0;  // -1: all
};

// "" or what is wrong with the parameters.
std::string ReadRange(const CrowdCall& call, CrowdRange& range) {
  range.count = call.options.default_page;
  for (const auto& [name, slot] : {std::pair<const char*, int64_t*>{"start-index", &range.start},
                                   {"max-results", &range.count}}) {
    const std::optional<std::string> text = call.target.Parameter(name);
    if (text.has_value() && !absl::SimpleAtoi(*text, slot)) {
      return absl::StrCat(name, " is no number");
    }
  }
  if (range.start < 0 && call.Has(CrowdQuirk::kNegativeStartIsZero)) range.start = 0;
  if (range.start < 0) return "startIndex must not be negative";
  if (range.count < -1) return "maxResults must not be below -1";
  if (range.count == 0 && !call.Has(CrowdQuirk::kZeroMaxResultsEmpty)) {
    return "maxResults must not be 0";
  }
  const int64_t cap = call.options.page_cap;
  if (cap > 0 && (range.count < 0 || range.count > cap)) range.count = cap;
  return "";
}

std::vector<std::string> Cut(const CrowdCall& call, std::vector<std::string> names,
                             const CrowdRange& range, CrowdListKind kind) {
  if (call.Has(CrowdQuirk::kUnstableOrder)) {
    for (size_t i = names.size(); i > 1; --i) {
      std::swap(names[i - 1], names[NextRandom(call.memory.order_seed) % i]);
    }
  }
  int64_t start = range.start;
  const auto total = static_cast<int64_t>(names.size());
  const bool later = kind == CrowdListKind::kMemberships && start > 0 && start < total;
  if (later && call.Has(CrowdQuirk::kMembershipPagesRepeat)) --start;
  if (start >= total) return {};
  int64_t end = range.count < 0 ? total : std::min(total, start + range.count);
  if (later && call.Has(CrowdQuirk::kMembershipPagesDrop)) end = start + (end - start) / 2;
  return {names.begin() + start, names.begin() + end};
}

CrowdShown ShownInList(const CrowdCall& call, const char* entity) {
  const std::set<std::string> expanded = call.Expanded();
  if (expanded.count(entity) == 0) return CrowdShown::kName;
  return expanded.count("attributes") > 0 ? CrowdShown::kWithAttributes : CrowdShown::kFields;
}

}  // namespace

TwinResponse CrowdList(const CrowdCall& call, const CrowdView& view, CrowdListOf what,
                       std::vector<std::string> names, CrowdListKind kind) {
  CrowdRange range;
  const std::string wrong = ReadRange(call, range);
  if (!wrong.empty()) return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", wrong);
  const bool users = what == CrowdListOf::kUsers;
  const char* entity = users ? "user" : "group";
  const CrowdShown shown = ShownInList(call, entity);
  json items = json::array();
  for (const std::string& name : Cut(call, std::move(names), range, kind)) {
    if (users) {
      const std::optional<CrowdView::User> user = view.UserOf(name);
      if (user.has_value()) items.push_back(RenderCrowdUser(call, view, *user, shown));
    } else {
      const std::optional<CrowdView::Group> group = view.FindGroup(name);
      if (group.has_value()) items.push_back(RenderCrowdGroup(call, view, *group, shown));
    }
  }
  const bool swagger = kind == CrowdListKind::kSearch && call.Has(CrowdQuirk::kSwaggerShapes);
  json body = json::object();
  body[swagger ? std::string(entity) : absl::StrCat(entity, "s")] = std::move(items);
  if (!call.Has(CrowdQuirk::kNoListExpand)) body["expand"] = entity;
  TwinResponse response = CrowdAnswer(call, 200, absl::StrCat(entity, "s"), body);
  if (kind == CrowdListKind::kSearch) response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

}  // namespace rollcall::twins
