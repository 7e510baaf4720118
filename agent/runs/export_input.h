// Finds the export that the configuration names and reads it: a file, the newest of a pattern, or
// what a command prints. Blocking; one thread. Errors have exit code 6 (refusal.h) and name the
// source; nothing of an export that was not read whole is returned.
//
// Limits: kMaxMatches files of a pattern; a command has kCommandTime and kMaxCommandBytes.
#ifndef AGENT_RUNS_EXPORT_INPUT_H_
#define AGENT_RUNS_EXPORT_INPUT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/config/load_config.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/export.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

inline constexpr size_t kMaxMatches = 100'000;
inline constexpr absl::Duration kCommandTime = absl::Hours(1);
inline constexpr int64_t kMaxCommandBytes = int64_t{16} << 30;

struct ExportInput {
  const LoadedConfig& config;
  // `--export FILE`: in place of the configured people; the configured groups are read with it.
  std::optional<std::string> other_file;
  bool keep_all_attributes = false;
  // An export that was handed in, in place of the configured people, and groups where it has some
  // apart. Groups that are left out must not look like groups that nobody is in.
  struct HandedIn {
    std::string people;       // files
    std::string groups = {};  // empty: the configured ones, as for `--export`
  };
  std::optional<HandedIn> handed_in = {};
};

absl::StatusOr<Export> ReadConfiguredExport(const ExportInput& input, Runtime& runtime,
                                            const CallContext& context);

// The source as the configuration names it, so that a pattern is one source whatever file wins.
std::string SourceName(const LoadedConfig& config);

// The newest file by its time (then by name, the last) that a path or pattern names. NOT_FOUND
// names the pattern.
absl::StatusOr<std::string> NewestFile(const std::string& pattern);

}  // namespace rollcall

#endif  // AGENT_RUNS_EXPORT_INPUT_H_
