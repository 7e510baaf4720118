// Lists of a Crowd server: paging, expansion, and what goes wrong with them.
#ifndef TESTS_TWINS_CROWD_LIST_H_
#define TESTS_TWINS_CROWD_LIST_H_

#include <string>
#include <vector>

#include "tests/twins/crowd_call.h"

namespace rollcall::twins {

enum class CrowdListOf { kUsers, kGroups };
enum class CrowdListKind { kMemberships, kSearch };

// One page, by start-index and max-results, of these folded names in their order.
TwinResponse CrowdList(const CrowdCall& call, const CrowdView& view, CrowdListOf what,
                       std::vector<std::string> names, CrowdListKind kind);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_LIST_H_
