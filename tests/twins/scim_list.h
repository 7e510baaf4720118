// Lists: filter, order, paging, and everything that servers do differently about them.
#ifndef TESTS_TWINS_SCIM_LIST_H_
#define TESTS_TWINS_SCIM_LIST_H_

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/string_view.h"
#include "tests/twins/scim_call.h"
#include "tests/twins/scim_filter.h"
#include "tests/twins/scim_reply.h"

namespace rollcall::twins {

// The request's filter, judged. `refusal` set: the answer; `matches_nothing`: an empty list.
struct JudgedFilter {
  std::optional<TwinResponse> refusal;
  bool matches_nothing = false;
  std::optional<Filter> filter;
  Case letters = Case::kAsDefined;
};
// `limited_to`: the attributes that quirk filter_limited leaves.
JudgedFilter JudgeFilter(const ScimCall& call, std::initializer_list<absl::string_view> limited_to);

// One page of `total` resources; `render` is called for the indices of that page only.
TwinResponse ListReply(const ScimCall& call, size_t total,
                       const std::function<nlohmann::json(size_t)>& render);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_LIST_H_
