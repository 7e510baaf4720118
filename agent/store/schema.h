// The schema of the state file, as the steps that lead to it. Pure data.
#ifndef AGENT_STORE_SCHEMA_H_
#define AGENT_STORE_SCHEMA_H_

#include <vector>

namespace rollcall {

// Step i makes version i+1 (PRAGMA user_version) of version i. A step that has been released is
// never changed; a new version is a new step.
const std::vector<const char*>& SchemaSteps();

// What marks a file as ours (PRAGMA application_id): "Roll".
inline constexpr int kApplicationId = 0x526F6C6C;

}  // namespace rollcall

#endif  // AGENT_STORE_SCHEMA_H_
