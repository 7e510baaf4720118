// The direct members of one group. Crowd says no total, so that it is asked for what is behind them
// until nothing comes; where nobody's absence counts, one answer may do. Any thread.
#ifndef CLIENTS_CROWD_MEMBER_LIST_H_
#define CLIENTS_CROWD_MEMBER_LIST_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_list.h"

namespace rollcall {

inline constexpr int64_t kMaxMemberPages = 10'000;

// An empty list does not prove that the group is there. DATA_LOSS where a name comes twice.
// `at_once`: one answer is taken for all of them. It may have come short.
absl::Status ReadCrowdMembers(CrowdApi& api, const std::string& group, bool at_once,
                              absl::FunctionRef<absl::Status(const CrowdRow&)> sink,
                              const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_MEMBER_LIST_H_
