// The direct members of one group, complete or not at all. Crowd gives all at once when asked so;
// where that is not proven, it is asked for what is behind them until nothing comes. Any thread.
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
// `gives_all`: this Crowd is known to give everything at once.
absl::Status ReadCrowdMembers(CrowdApi& api, const std::string& group, bool gives_all,
                              absl::FunctionRef<absl::Status(const CrowdRow&)> sink,
                              const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_MEMBER_LIST_H_
