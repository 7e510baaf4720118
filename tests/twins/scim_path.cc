#include "tests/twins/scim_path.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"

namespace rollcall::twins {

absl::StatusOr<PatchPath> ParsePatchPath(absl::string_view text) {
  PatchPath path;
  const size_t open = text.find('[');
  if (open != absl::string_view::npos) {
    const size_t close = text.rfind(']');
    if (close == absl::string_view::npos || close < open) {
      return absl::InvalidArgumentError(absl::StrCat("the path ", text, " has no closing bracket"));
    }
    absl::StatusOr<Filter> filter = ParseFilter(text.substr(open + 1, close - open - 1));
    if (!filter.ok()) return filter.status();
    path.filter = *std::move(filter);
    absl::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest[0] == '.') {
      path.sub_attribute = std::string(rest.substr(1));
    } else if (!rest.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("the path ", text, " ends oddly"));
    }
  }
  QualifiedName name = SplitSchema(text.substr(0, open));
  path.schema = std::move(name.schema);
  path.attribute = std::move(name.name);
  const bool is_schema = path.attribute == kEnterpriseSchema ||
                         absl::string_view(path.attribute).substr(0, 4) == "urn:";
  const size_t dot = path.attribute.find('.');
  if (!is_schema && !path.filter.has_value() && dot != std::string::npos) {
    path.sub_attribute = path.attribute.substr(dot + 1);
    path.attribute.resize(dot);
  }
  if (path.attribute.empty()) return absl::InvalidArgumentError("the path is empty");
  return path;
}

}  // namespace rollcall::twins
