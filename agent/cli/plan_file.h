// Plan files: written for `--out`, and found again for `apply` and `show`. A plan file is a copy of
// what the state file holds; it counts only where both are the same, byte for byte. One thread.
#ifndef AGENT_CLI_PLAN_FILE_H_
#define AGENT_CLI_PLAN_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/store/store.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

// Mode 0600, whole or not at all: written beside `path`, flushed, then renamed over it.
absl::Status WritePlanFile(const std::string& path, absl::string_view document);

// Could WritePlanFile write there? Asked before anything is read; nothing is left behind.
absl::Status CheckPlanFile(const std::string& path);

// The id of the plan that `argument`, an id or the path of a plan file, means. Exit codes
// (refusal.h): 7 neither an id nor a file; 5 a file that is not what this state saved: edited, cut
// or of another state. An id is not looked up. Limit: 4 GiB.
absl::StatusOr<std::string> FindPlan(const std::string& argument, Store& store);

// The id in the head of the file at `path`, and whether `argument` is a file at all, for who looks
// the plan up elsewhere. Exit codes as FindPlan's.
struct NamedPlan {
  std::string id;
  bool is_file = false;
};
absl::StatusOr<NamedPlan> NamePlan(const std::string& argument);

// All of a plan file. Limit: 1 GiB.
absl::StatusOr<std::string> ReadPlanFile(const std::string& path);

// Was the plan saved and not applied since? Then it may be stale.
bool IsWaiting(const Plan& plan);

// "p-" or "r-" and 16 hex digits.
bool IsId(char kind, absl::string_view text);

}  // namespace rollcall

#endif  // AGENT_CLI_PLAN_FILE_H_
