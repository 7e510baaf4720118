#include "clients/idp/csv_columns.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "clients/idp/shown.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

constexpr size_t kHeadersShown = 20;

// Known headers: plain, Entra portal, Google admin console, Okta reports; the first that fits wins.
constexpr absl::string_view kId[] = {"id", "object id", "objectid"};
constexpr absl::string_view kUserName[] = {
    "user_name",           "username", "userprincipalname",
    "user principal name", "login",    "email address [required]"};
constexpr absl::string_view kEmail[] = {"email", "mail", "email address [required]"};
constexpr absl::string_view kActive[] = {"active",  "accountenabled", "account enabled",
                                         "enabled", "status",         "status [read only]"};
constexpr absl::string_view kGroups[] = {"groups"};

using Names = std::vector<std::string>;

std::string Plain(absl::string_view name) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(name));
}

absl::Status NotThere(absl::string_view what, const std::vector<absl::string_view>& header) {
  const size_t shown = std::min(header.size(), kHeadersShown);
  std::vector<std::string> names;
  for (size_t i = 0; i < shown; ++i) names.push_back(Shown(header[i]));
  return absl::InvalidArgumentError(absl::StrCat("row 1: ", what, "; its columns are ",
                                                 absl::StrJoin(names, ", "),
                                                 shown < header.size() ? ", …" : ""));
}

absl::StatusOr<Names> PlainNames(const std::vector<absl::string_view>& header) {
  Names names;
  absl::flat_hash_set<std::string> seen;
  for (absl::string_view cell : header) {
    names.push_back(Plain(cell));
    if (!names.back().empty() && !seen.insert(names.back()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("row 1: two columns are called ", Shown(cell), "; rename one of them"));
    }
  }
  return names;
}

size_t Position(const Names& names, absl::string_view name) {
  auto found = std::find_if(names.begin(), names.end(),
                            [name](const std::string& each) { return each == name; });
  return found == names.end() ? kNoColumn : static_cast<size_t>(found - names.begin());
}

// The configured column, else the first known one; kNoColumn when there is none of these.
absl::StatusOr<size_t> Find(const std::vector<absl::string_view>& header, const Names& names,
                            const std::string& configured,
                            absl::Span<const absl::string_view> known) {
  if (!configured.empty()) {
    const size_t at = Position(names, Plain(configured));
    if (at == kNoColumn) {
      return NotThere(
          absl::StrCat("there is no column ", Shown(configured), ", which the configuration names"),
          header);
    }
    return at;
  }
  for (absl::string_view name : known) {
    const size_t at = Position(names, name);
    if (at != kNoColumn) return at;
  }
  return kNoColumn;
}

}  // namespace

char SeparatorOf(absl::string_view sample, const CsvOptions& options) {
  if (options.delimiter != '\0') return options.delimiter;
  constexpr char kSeparators[] = {',', ';', '\t'};
  size_t counts[3] = {0, 0, 0};
  bool quoted = false;
  for (char c : sample) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (size_t i = 0; i < 3; ++i) counts[i] += c == kSeparators[i] ? 1 : 0;
  }
  return kSeparators[std::max_element(counts, counts + 3) - counts];
}

absl::StatusOr<PeopleColumns> FindPeopleColumns(const std::vector<absl::string_view>& header,
                                                const CsvOptions& options) {
  ASSIGN_OR_RETURN(const Names names, PlainNames(header));
  PeopleColumns columns;
  columns.count = header.size();
  ASSIGN_OR_RETURN(columns.user_name, Find(header, names, options.user_name, kUserName));
  ASSIGN_OR_RETURN(columns.active, Find(header, names, options.active, kActive));
  ASSIGN_OR_RETURN(columns.id, Find(header, names, options.id, kId));
  ASSIGN_OR_RETURN(columns.email, Find(header, names, options.email, kEmail));
  ASSIGN_OR_RETURN(columns.groups, Find(header, names, options.groups, kGroups));
  if (columns.user_name == kNoColumn) {
    return NotThere("no column is known to hold the user name; name it in export.csv.user_name",
                    header);
  }
  if (columns.active == kNoColumn) {
    return NotThere(
        "no column is known to say who is active; export one, or name it in "
        "export.csv.active",
        header);
  }
  columns.user_name_is_email = names[columns.user_name] == "userprincipalname" ||
                               names[columns.user_name] == "user principal name";
  columns.active_name = std::string(absl::StripAsciiWhitespace(header[columns.active]));
  if (absl::StrContains(names[columns.active], "status")) columns.words = ActiveWords::kStatus;
  for (size_t i = 0; i < names.size(); ++i) {
    const bool used = i == columns.id || i == columns.user_name || i == columns.email ||
                      i == columns.active || i == columns.groups;
    if (!used && !names[i].empty()) {
      columns.others.emplace_back(i, std::string(absl::StripAsciiWhitespace(header[i])));
    }
  }
  return columns;
}

absl::StatusOr<MembershipColumns> FindMembershipColumns(
    const std::vector<absl::string_view>& header, const CsvOptions& options) {
  ASSIGN_OR_RETURN(const Names names, PlainNames(header));
  MembershipColumns columns;
  columns.count = header.size();
  ASSIGN_OR_RETURN(columns.group, Find(header, names, options.group, {}));
  ASSIGN_OR_RETURN(columns.member, Find(header, names, options.member, {}));
  return columns;
}

}  // namespace rollcall::idp
