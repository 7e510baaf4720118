#include "agent/repair/scim_ids.h"

#include <utility>

#include "absl/strings/string_view.h"

namespace rollcall {

std::string ScimIdIn(absl::string_view url) {
  constexpr absl::string_view kBefore = "/scim/directory/";
  const size_t before = url.find(kBefore);
  if (before == absl::string_view::npos) return "";
  const absl::string_view rest = url.substr(before + kBefore.size());
  return std::string(rest.substr(0, rest.find_first_of("/?#")));
}

std::map<std::string, std::string> ScimIdsOf(const config::v1::Config& config) {
  std::map<std::string, std::string> ids;
  for (const config::v1::Directory& directory : config.directories()) {
    if (!directory.has_scim()) continue;
    std::string id = ScimIdIn(directory.scim().url());
    if (id.empty()) id = ScimIdIn(directory.base_url());
    if (!id.empty()) ids[directory.id()] = std::move(id);
  }
  return ids;
}

}  // namespace rollcall
