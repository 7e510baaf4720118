// A request target taken apart: "/scim/v2/Users/a%40b?count=2" is the path segments
// {"scim", "v2", "Users", "a@b"} and the parameter count = "2". Percent-encoding is undone after
// the split, so an id may hold a slash. A broken escape ("%zz") is kept as it stands.
#ifndef TESTS_TWINS_TARGET_H_
#define TESTS_TWINS_TARGET_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::twins {

struct Target {
  std::vector<std::string> segments;
  bool trailing_slash = false;
  std::map<std::string, std::string> parameters;  // the last one of a name wins

  std::optional<std::string> Parameter(const std::string& name) const;
};

Target ParseTarget(absl::string_view target);

// Takes the base path ("/scim/v2") off the front of the segments; false if it is another one.
bool TakeBasePath(const std::string& base_path, std::vector<std::string>& segments);

// Undoes %XX; with kForm also turns '+' into a space, as query strings do.
enum class Encoding { kPath, kForm };
std::string PercentDecode(absl::string_view text, Encoding encoding);

// Encodes everything but RFC 3986's unreserved characters.
std::string PercentEncode(absl::string_view text);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_TARGET_H_
