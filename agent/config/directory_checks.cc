// The checks of directories and of what refers to them.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "agent/config/checks.h"
#include "agent/config/spans.h"
#include "agent/config/url_rule.h"
#include "reconciler/base/fold.h"

namespace rollcall::config {
namespace {

constexpr double kMaxRate = 10000;

bool IsEnvironmentName(const std::string& name) {
  return !name.empty() && !absl::ascii_isdigit(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

void CheckPeople(const v1::People& people, const std::string& path, Problems* problems) {
  const int forms =
      (people.all() ? 1 : 0) + (people.groups().empty() ? 0 : 1) + (people.where().empty() ? 0 : 1);
  if (forms != 1) {
    problems->AddAt(path, "needs exactly one of: all, {groups: […]}, {where: {ATTRIBUTE: VALUE}}");
  }
  CheckWhere(people.where(), path + ".where", problems);
}

// The kind's own `url`, and whether base_url stands in for it.
void CheckUrl(const std::string& url, const std::string& path, const v1::Directory& directory,
              Problems* problems) {
  if (url.empty()) {
    if (directory.base_url().empty()) problems->AddAt(path, "is missing; add the server's address");
    return;
  }
  const absl::Status status = CheckBaseUrl(url, directory.allow_http());
  if (!status.ok()) problems->AddAt(path, status.message());
}

void CheckKind(const v1::Directory& directory, const std::string& path, Problems* problems) {
  switch (directory.kind_case()) {
    case v1::Directory::kCrowd:
      CheckUrl(directory.crowd().url(), path + ".crowd.url", directory, problems);
      return CheckSecret(directory.crowd().password(), path + ".crowd.password", problems);
    case v1::Directory::kAtlassianAdmin:
      return CheckSecret(directory.atlassian_admin().api_key(), path + ".atlassian_admin.api_key",
                         problems);
    case v1::Directory::kScim:
      CheckUrl(directory.scim().url(), path + ".scim.url", directory, problems);
      return CheckSecret(directory.scim().token(), path + ".scim.token", problems);
    case v1::Directory::kJira:
      CheckUrl(directory.jira().url(), path + ".jira.url", directory, problems);
      return CheckSecret(directory.jira().api_token(), path + ".jira.api_token", problems);
    case v1::Directory::KIND_NOT_SET:
      return problems->AddAt(path, "needs one of crowd, atlassian_admin, scim, jira");
  }
}

void CheckTransport(const v1::Directory& directory, const std::string& path, Problems* problems) {
  if (!directory.base_url().empty()) {
    const absl::Status status = CheckBaseUrl(directory.base_url(), directory.allow_http());
    if (!status.ok()) problems->AddAt(path + ".base_url", status.message());
  }
  if (directory.has_rate() && (directory.rate() < 0.01 || directory.rate() > kMaxRate)) {
    problems->AddAt(path + ".rate",
                    absl::StrCat("is out of bounds; requests a second, from 0.01 to ", kMaxRate));
  }
  if (directory.has_timeout()) {
    const absl::Duration timeout = ToSpan(directory.timeout());
    if (timeout < absl::Seconds(1) || timeout > absl::Minutes(10)) {
      problems->AddAt(path + ".timeout", "is out of bounds; from 1s to 10m");
    }
  }
}

void CheckProvisions(const v1::Config& config, int index, Problems* problems) {
  const std::string& target = config.directories(index).scim().provisions();
  if (target.empty()) return;
  for (const v1::Directory& other : config.directories()) {
    if (other.id() == target && other.has_atlassian_admin()) return;
  }
  problems->AddAt(absl::StrCat("directories[", index, "].scim.provisions"),
                  absl::StrCat("names ", Shown(target),
                               ", which is no directory of kind atlassian_admin here; name one, or "
                               "leave the key out"));
}

bool IsPattern(const v1::GroupEntry& group) {
  return group.export_().find_first_of("*?") != std::string::npos;
}

const std::string& TargetOf(const v1::GroupEntry& group) {
  return group.name().empty() ? group.export_() : group.name();
}

// May both entries name one group of one directory? Two patterns may, but whether they do depends
// on the export: that is for planning to see.
bool NameOneGroup(const v1::GroupEntry& a, const v1::GroupEntry& b) {
  if (a.directory() != b.directory()) return false;
  if (IsPattern(a) != IsPattern(b)) {
    const v1::GroupEntry& single = IsPattern(a) ? b : a;
    return single.name().empty() && GlobMatches((IsPattern(a) ? a : b).export_(), single.export_());
  }
  return FoldedEquals(TargetOf(a), TargetOf(b));
}

// Rule G6. Only pairs of different modes are compared, so that usual configurations cost nothing.
void CheckModes(const v1::Config& config, Problems* problems) {
  std::vector<int> additive;
  std::vector<int> exact;
  for (int i = 0; i < config.groups_size(); ++i) {
    (config.groups(i).mode() == v1::GroupEntry::MODE_ADDITIVE ? additive : exact).push_back(i);
  }
  for (int a : additive) {
    for (int e : exact) {
      if (!NameOneGroup(config.groups(a), config.groups(e))) continue;
      problems->AddAt(absl::StrCat("groups[", std::max(a, e), "].mode"),
                      absl::StrCat("differs from groups[", std::min(a, e),
                                   "], which names the same group of the directory; make both "
                                   "exact or both additive (G6)"));
    }
  }
}

}  // namespace

void CheckName(const std::string& name, const std::string& path, Problems* problems) {
  const bool sane = name.size() <= kMaxName && absl::ascii_isalnum(name[0]) &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
                    });
  if (!sane) {
    problems->AddAt(path, absl::StrCat("is ", Shown(name),
                                       "; use letters, digits, -, _ and ., a letter or digit "
                                       "first, at most ",
                                       kMaxName));
  }
}

void CheckSecret(const v1::Secret& secret, const std::string& path, Problems* problems) {
  const int forms = (secret.env().empty() ? 0 : 1) + (secret.file().empty() ? 0 : 1) +
                    (secret.exec().empty() ? 0 : 1);
  if (forms > 1) problems->AddAt(path, "needs exactly one of env, file, exec; remove the others");
  // A name that cannot be one may be the key itself, and is not shown.
  if (!secret.env().empty() && !IsEnvironmentName(secret.env())) {
    problems->AddAt(path + ".env",
                    "is not the name of an environment variable (letters, digits, _); if it is "
                    "the key itself, replace that key, since it has stood in a file");
  }
}

void CheckDirectories(const v1::Config& config, Problems* problems) {
  std::set<std::string> ids;
  for (int i = 0; i < config.directories_size(); ++i) {
    const v1::Directory& directory = config.directories(i);
    const std::string path = absl::StrCat("directories[", i, "]");
    if (!directory.id().empty()) {
      CheckName(directory.id(), path + ".id", problems);
      if (!ids.insert(directory.id()).second) {
        problems->AddAt(path + ".id", absl::StrCat("another directory is called ",
                                                   Shown(directory.id()), "; rename one"));
      }
    }
    if (directory.has_people()) CheckPeople(directory.people(), path + ".people", problems);
    CheckKind(directory, path, problems);
    CheckTransport(directory, path, problems);
    CheckProvisions(config, i, problems);
  }
}

void CheckGroups(const v1::Config& config, Problems* problems) {
  std::set<std::string> ids;
  for (const v1::Directory& directory : config.directories()) ids.insert(directory.id());
  for (int i = 0; i < config.groups_size(); ++i) {
    const v1::GroupEntry& group = config.groups(i);
    const std::string path = absl::StrCat("groups[", i, "]");
    if (!group.directory().empty() && !ids.contains(group.directory())) {
      problems->AddAt(path + ".directory", absl::StrCat("names ", Shown(group.directory()),
                                                        ", which is no directory here"));
    }
    if (IsPattern(group) && !group.name().empty()) {
      problems->AddAt(path + ".name",
                      "cannot stand with a pattern, which would make many groups one; remove it, "
                      "or name the groups one by one");
    }
  }
  CheckModes(config, problems);
}

}  // namespace rollcall::config
