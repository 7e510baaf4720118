#include "tests/twins/scim_list.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"

namespace rollcall::twins {
namespace {

// Express 5 with scimmy-routers shows the first 20 items, whatever is asked.
constexpr int64_t kIgnoredPagingItems = 20;

// Larger numbers in a query are taken for this one, so that sums cannot overflow.
constexpr int64_t kLargestNumber = 1'000'000'000'000;

JudgedFilter Refused(TwinResponse response) {
  JudgedFilter judged;
  judged.refusal = std::move(response);
  return judged;
}

JudgedFilter RefusedFilter(const ScimCall& call, const std::string& detail) {
  return Refused(ErrorReply({400, "invalidFilter", detail}, call.options.quirks));
}

JudgedFilter MatchesNothing() {
  JudgedFilter judged;
  judged.matches_nothing = true;
  return judged;
}

bool KnowsAll(const Filter& filter) {
  for (const auto& all : filter.alternatives) {
    for (const Comparison& comparison : all) {
      const QualifiedName name = SplitSchema(comparison.attribute);
      if (name.schema.empty() && !IsKnownAttribute(name.name) &&
          !IsKnownAttribute(name.name.substr(0, name.name.find('.')))) {
        return false;
      }
    }
  }
  return true;
}

bool IsLimitedTo(const Filter& filter, std::initializer_list<absl::string_view> names) {
  if (!filter.IsSingle() || filter.alternatives[0][0].op != "eq") return false;
  return std::any_of(names.begin(), names.end(), [&](absl::string_view name) {
    return absl::EqualsIgnoreCase(name, filter.alternatives[0][0].attribute);
  });
}

struct Window {
  int64_t start = 1;  // as answered
  int64_t from = 1;   // as served, counted from 1
  int64_t count = 0;  // at most so many
  std::optional<TwinResponse> refusal;
};

std::optional<int64_t> Number(const ScimCall& call, const char* name, bool& broken) {
  const std::optional<std::string> text = call.target.Parameter(name);
  int64_t number = 0;
  if (!text.has_value()) return std::nullopt;
  if (!absl::SimpleAtoi(*text, &number)) broken = true;
  return std::clamp(number, -kLargestNumber, kLargestNumber);
}

// How many items a page holds, or a refusal.
Window JudgeCount(const ScimCall& call, size_t total) {
  Window window;
  bool broken = false;
  const int64_t cap = call.options.page_cap;
  const int64_t fallback =
      call.options.default_page > 0 ? call.options.default_page : static_cast<int64_t>(total);
  const std::optional<int64_t> asked = Number(call, "count", broken);
  const ScimQuirks& quirks = call.options.quirks;
  if (broken) {
    window.refusal = ErrorReply({400, "invalidValue", "count is not a number."}, quirks);
  } else if (asked == 0 && call.Has(Quirk::kCountZero500)) {
    window.refusal = ErrorReply({500, "", "division by zero"}, quirks);
  } else if (cap > 0 && asked > cap && call.Has(Quirk::kTooMany500)) {
    window.refusal = ErrorReply({500, "tooMany", absl::StrCat("count exceeds ", cap)}, quirks);
  }
  window.count = std::max<int64_t>(0, asked.value_or(fallback));
  if (cap > 0) window.count = std::min(window.count, cap);
  return window;
}

Window JudgeWindow(const ScimCall& call, size_t total) {
  if (call.Has(Quirk::kPagingIgnored)) {
    Window window;
    window.count = kIgnoredPagingItems;
    return window;
  }
  Window window = JudgeCount(call, total);
  if (window.refusal.has_value()) return window;
  bool broken = false;
  window.start = Number(call, "startIndex", broken).value_or(1);
  if (broken || (window.start < 1 && call.Has(Quirk::kBadStartIndex400))) {
    window.refusal = ErrorReply({400, "invalidValue", "startIndex is not a number from 1 up."},
                                call.options.quirks);
  }
  window.from = std::max<int64_t>(1, window.start);
  if (!call.Has(Quirk::kBadStartIndexEchoed)) window.start = window.from;
  const auto last = static_cast<int64_t>(total);
  if (window.from <= last || last == 0) return window;
  if (call.Has(Quirk::kDropPastEnd)) window.refusal = DroppedConnection();
  if (call.Has(Quirk::kLastPageRepeated) && window.count > 0) {
    window.from = (last - 1) / window.count * window.count + 1;
  }
  return window;
}

std::vector<size_t> Order(const ScimCall& call, size_t total) {
  std::vector<size_t> order(total);
  std::iota(order.begin(), order.end(), 0);
  if (call.Has(Quirk::kUnstableOrder)) {
    for (size_t i = total; i > 1; --i) {
      std::swap(order[i - 1], order[NextRandom(call.memory.order_seed) % i]);
    }
  }
  return order;
}

int64_t ShownTotal(const ScimCall& call, size_t total) {
  if (call.memory.wobbles_done >= call.options.total_wobbles) return static_cast<int64_t>(total);
  ++call.memory.wobbles_done;
  return static_cast<int64_t>(total) + 1;
}

}  // namespace

JudgedFilter JudgeFilter(const ScimCall& call,
                         std::initializer_list<absl::string_view> limited_to) {
  JudgedFilter judged;
  const std::optional<std::string> text = call.target.Parameter("filter");
  if (!text.has_value()) return judged;
  if (call.Has(Quirk::kFilterPercent500) && text->find_first_of("%&+") != std::string::npos) {
    return Refused(ErrorReply({500, "", "URI malformed"}, call.options.quirks));
  }
  absl::StatusOr<Filter> filter = ParseFilter(*text);
  if (!filter.ok()) return RefusedFilter(call, std::string(filter.status().message()));
  if (filter->upper_case && call.Has(Quirk::kFilterUpperCaseDrops)) {
    return Refused(DroppedConnection());
  }
  if (filter->escaped && call.Has(Quirk::kFilterEscapeRefused)) {
    return RefusedFilter(call, "An escape in a filter is not supported.");
  }
  if (filter->escaped && call.Has(Quirk::kFilterBackslashEmpty)) return MatchesNothing();
  if (call.Has(Quirk::kFilterLimited) && !IsLimitedTo(*filter, limited_to)) {
    return RefusedFilter(call, "Only one eq on a supported attribute can be filtered by.");
  }
  if (!filter->IsSingle() && call.Has(Quirk::kFilterCompoundEmpty)) return MatchesNothing();
  if (call.Has(Quirk::kFilterFindsUserNameOnly) && !IsLimitedTo(*filter, {"userName"})) {
    return MatchesNothing();
  }
  if (!KnowsAll(*filter)) {
    if (call.Has(Quirk::kFilterUnknownEmpty)) return MatchesNothing();
    return RefusedFilter(call, "The filter names an unknown attribute.");
  }
  judged.filter = *std::move(filter);
  if (call.Has(Quirk::kFilterCaseSensitive)) judged.letters = Case::kExact;
  return judged;
}

TwinResponse ListReply(const ScimCall& call, size_t total,
                       const std::function<nlohmann::json(size_t)>& render) {
  Window window = JudgeWindow(call, total);
  if (window.refusal.has_value()) return *std::move(window.refusal);
  const std::vector<size_t> order = Order(call, total);
  const int64_t end =
      std::min<int64_t>(static_cast<int64_t>(total), window.from + window.count - 1);
  nlohmann::json resources = nlohmann::json::array();
  for (int64_t i = window.from; i <= end; ++i) resources.push_back(render(order[i - 1]));
  nlohmann::json body = {{"totalResults", ShownTotal(call, total)}, {"startIndex", window.start}};
  body["schemas"] = nlohmann::json::array({"urn:ietf:params:scim:api:messages:2.0:ListResponse"});
  body["itemsPerPage"] = resources.size();
  if (call.Has(Quirk::kItemsPerPageRequested)) body["itemsPerPage"] = window.count;
  if (!resources.empty() || !call.Has(Quirk::kResourcesAbsentWhenEmpty)) {
    const bool null = resources.empty() && call.Has(Quirk::kResourcesNullWhenEmpty);
    body["Resources"] = null ? nlohmann::json() : std::move(resources);
  } else {
    body["startIndex"] = 0;
  }
  return JsonReply(200, body, call.options.quirks);
}

}  // namespace rollcall::twins
