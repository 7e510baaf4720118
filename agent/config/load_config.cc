#include "agent/config/load_config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/config/checks.h"
#include "agent/config/message_reader.h"
#include "agent/config/problems.h"
#include "agent/config/to_spec.h"
#include "agent/config/url_rule.h"
#include "agent/config/yaml_document.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

std::string FolderOf(const std::string& file) {
  const size_t slash = file.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : file.substr(0, slash);
}

absl::Status Unreadable(const std::string& file, int error) {
  const std::string what =
      absl::StrCat(file, ": cannot read the configuration: ", std::strerror(error),
                   "; give its path with --config FILE");
  return error == EACCES ? absl::PermissionDeniedError(what) : absl::NotFoundError(what);
}

// One byte past the limit is read, so that a larger file is noticed and not cut.
absl::StatusOr<std::string> ReadFile(const std::string& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Unreadable(file, errno == 0 ? ENOENT : errno);
  std::string text(config::kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || (stream.fail() && !stream.eof())) return Unreadable(file, EISDIR);
  text.resize(static_cast<size_t>(stream.gcount()));
  return text;
}

}  // namespace

std::string LoadedConfig::Resolve(absl::string_view path) const {
  if (absl::StartsWith(path, "/") || folder == ".") return std::string(path);
  return absl::StrCat(folder, folder == "/" ? "" : "/", path);
}

std::string LoadedConfig::StatePath() const {
  return Resolve(proto.state().empty() ? absl::string_view("rollcall.db") : proto.state());
}

absl::StatusOr<LoadedConfig> LoadConfig(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  return ParseConfig(text, file);
}

absl::StatusOr<LoadedConfig> ParseConfig(absl::string_view text, const std::string& file) {
  LoadedConfig loaded;
  loaded.file = file;
  loaded.folder = FolderOf(file);
  config::Problems problems(file);
  config::YamlNode root;
  if (config::ParseYaml(text, &root, &problems)) {
    config::MessageReader(&problems).Read(root, "", &loaded.proto);
    config::CheckConfig(loaded.proto, &problems);
  }
  RETURN_IF_ERROR(problems.ToStatus());
  loaded.spec = config::ToSpec(loaded.proto);
  return loaded;
}

std::string BaseUrlOf(const config::v1::Directory& directory) {
  absl::string_view url = directory.base_url();
  if (url.empty() && directory.has_crowd()) url = directory.crowd().url();
  if (url.empty() && directory.has_scim()) url = directory.scim().url();
  if (url.empty() && directory.has_jira()) url = directory.jira().url();
  if (url.empty()) url = "https://api.atlassian.com";
  while (absl::ConsumeSuffix(&url, "/")) {
  }
  return std::string(url);
}

std::vector<std::string> ConfigWarnings(const config::v1::Config& config) {
  std::vector<std::string> warnings;
  for (const config::v1::Directory& directory : config.directories()) {
    if (!config::IsPlainHttpElsewhere(BaseUrlOf(directory))) continue;
    warnings.push_back(absl::StrCat("directory ", directory.id(), ": ", BaseUrlOf(directory),
                                    " is plain http to another machine, so its key travels in "
                                    "clear text; use https and remove allow_http"));
  }
  return warnings;
}

}  // namespace rollcall
