// Loads a configuration file: YAML -> proto -> checks -> Spec. Reads one file and nothing else:
// secrets stay references, paths stay as written (Resolve makes them relative to the file).
//
//   ASSIGN_OR_RETURN(LoadedConfig config, LoadConfig("rollcall.yaml"));
//
// INVALID_ARGUMENT holds every problem at once, one a line: "file:line: path: what, and the cure".
// NOT_FOUND and PERMISSION_DENIED when the file cannot be read. Limit: 1 MiB.
#ifndef AGENT_CONFIG_LOAD_CONFIG_H_
#define AGENT_CONFIG_LOAD_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/spec.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall {

struct LoadedConfig {
  config::v1::Config proto;
  Spec spec;
  std::string file;    // as it was given
  std::string folder;  // of the file; what relative paths are relative to; "." at least

  // `path` as the process can open it.
  std::string Resolve(absl::string_view path) const;
  // The state file, resolved; "rollcall.db" beside the configuration by default.
  std::string StatePath() const;
};

absl::StatusOr<LoadedConfig> LoadConfig(const std::string& file);

// The same over text that was read already; `file` is for messages and for `folder`.
absl::StatusOr<LoadedConfig> ParseConfig(absl::string_view text, const std::string& file);

// Where a directory is reached: base_url, else the kind's url, else https://api.atlassian.com;
// without slashes at the end.
std::string BaseUrlOf(const config::v1::Directory& directory);

// What `check` warns about each time, a sentence with its cure each: http to another machine.
std::vector<std::string> ConfigWarnings(const config::v1::Config& config);

}  // namespace rollcall

#endif  // AGENT_CONFIG_LOAD_CONFIG_H_
