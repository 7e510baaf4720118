// Single values of the configuration: text to number, truth, duration, enumeration. Each returns
// the value, or what is wrong with it and the cure, as INVALID_ARGUMENT. Pure.
#ifndef AGENT_CONFIG_SCALARS_H_
#define AGENT_CONFIG_SCALARS_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/config/yaml_document.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall::config {

absl::StatusOr<std::string> ParseText(const YamlNode& node);
absl::StatusOr<bool> ParseTruth(const YamlNode& node);
// Within the rule's bounds, both included, and within the field's own width.
absl::StatusOr<int64_t> ParseInteger(const YamlNode& node, const v1::KeyRule& rule);
absl::StatusOr<double> ParseNumber(const YamlNode& node);
// "60s", "4h", "1h30m"; not negative, at most ten years.
absl::StatusOr<absl::Duration> ParseSpan(const YamlNode& node);
// The number of the value whose name is `word`: `own` is ACTIVATE_OWN of enum Activate.
absl::StatusOr<int> ParseWord(const YamlNode& node, const google::protobuf::EnumDescriptor& words);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_SCALARS_H_
