// One YAML document as a tree with line numbers. Stricter than YAML: no anchors and aliases, no
// tags, one document, UTF-8 without control characters, no tabs in the indentation. Keys that stand
// twice are kept: the reader reports them. The only file that knows yaml-cpp.
//
// Limits: 1 MiB, 32 levels, 100,000 values.
#ifndef AGENT_CONFIG_YAML_DOCUMENT_H_
#define AGENT_CONFIG_YAML_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/config/problems.h"

namespace rollcall::config {

inline constexpr size_t kMaxFileBytes = 1 << 20;
inline constexpr int kMaxDepth = 32;
inline constexpr int kMaxValues = 100000;

struct YamlNode {
  enum class Kind : uint8_t { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text;             // of a scalar
  bool quoted = false;          // a quoted scalar is text, whatever it looks like
  int line = 0;                 // 1-based
  std::vector<YamlNode> items;  // of a list; of a map: key, value, key, value, …
};

// False when the text breaks a rule above; `problems` then says which.
bool ParseYaml(absl::string_view text, YamlNode* root, Problems* problems);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_YAML_DOCUMENT_H_
