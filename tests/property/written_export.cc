#include "tests/property/written_export.h"

#include <algorithm>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace rollcall::property {
namespace {

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}
std::string CsvField(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}
const char* Truth(bool value) { return value ? "true" : "false"; }

template <typename T, typename Object>
std::string List(const std::vector<T>& rows, Object object) {
  std::vector<std::string> objects;
  for (const T& row : rows) objects.push_back(object(row));
  return absl::StrCat("[", absl::StrJoin(objects, ","), "]");
}

// [{"value":"id-1"},…]
std::string Members(const WrittenGroup& group, const char* key) {
  return List(group.members, [&](const std::string& id) {
    return absl::StrCat("{", Quoted(key), ":", Quoted(id), "}");
  });
}

std::string ScimUser(const WrittenPerson& row) {
  const std::string emails =
      row.email.empty() ? "[]"
                        : absl::StrCat("[{\"value\":", Quoted(row.email), ",\"primary\":true}]");
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"userName\":", Quoted(row.name),
                      ",\"emails\":", emails, ",\"active\":", Truth(row.active), "}");
}
std::string ScimGroup(const WrittenGroup& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"displayName\":", Quoted(row.name),
                      ",\"members\":", Members(row, "value"), "}");
}
std::string ScimList(size_t total, const std::string& list) {
  return absl::StrCat(
      "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":",
      total, ",\"Resources\":", list, "}");
}

std::string OktaUser(const WrittenPerson& row) {
  const std::string email = row.email.empty() ? "" : absl::StrCat(",\"email\":", Quoted(row.email));
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"status\":\"",
                      row.active ? "ACTIVE" : "DEPROVISIONED",
                      "\",\"profile\":{\"login\":", Quoted(row.name), email, "}}");
}
std::string OktaGroup(const WrittenGroup& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"profile\":{\"name\":", Quoted(row.name),
                      "},\"members\":", List(row.members, Quoted), "}");
}

std::string EntraUser(const WrittenPerson& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"userPrincipalName\":", Quoted(row.name),
                      ",\"mail\":", row.email.empty() ? "null" : Quoted(row.email),
                      ",\"accountEnabled\":", Truth(row.active), "}");
}
std::string EntraGroup(const WrittenGroup& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"displayName\":", Quoted(row.name),
                      ",\"members\":", Members(row, "id"), "}");
}

// Google's people have no name but their address.
std::string GoogleUser(const WrittenPerson& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"primaryEmail\":", Quoted(row.name),
                      ",\"suspended\":", Truth(!row.active), "}");
}
std::string GoogleGroup(const WrittenGroup& row) {
  return absl::StrCat("{\"id\":", Quoted(row.id), ",\"email\":", Quoted(row.id + "@example.com"),
                      ",\"name\":", Quoted(row.name), ",\"members\":", Members(row, "id"), "}");
}

std::string CsvPerson(const WrittenPerson& row) {
  return absl::StrCat(row.id, ",", CsvField(row.name), ",", row.email, ",", Truth(row.active));
}

FormatText WriteCsv(const WrittenExport& written) {
  FormatText text = {"id,user_name,email,active\n", "group,member\n"};
  for (const WrittenPerson& row : written.people) {
    absl::StrAppend(&text.people, CsvPerson(row), "\n");
  }
  for (const WrittenGroup& group : written.groups) {
    for (const std::string& id : group.members) {
      absl::StrAppend(&text.groups, CsvField(group.name), ",", id, "\n");
    }
  }
  return text;
}

}  // namespace

void showValue(const WrittenExport& written, std::ostream& out) {
  for (const WrittenPerson& row : written.people) {
    out << "\n" << row.id << " | " << row.name << " | " << row.email << " | " << Truth(row.active);
  }
  for (const WrittenGroup& group : written.groups) {
    out << "\n" << group.id << " | " << group.name << ": " << absl::StrJoin(group.members, " ");
  }
}

FormatText WriteAs(const std::string& format, const WrittenExport& written) {
  if (format == "csv") return WriteCsv(written);
  if (format == "okta") return {List(written.people, OktaUser), List(written.groups, OktaGroup)};
  if (format == "entra") {
    return {absl::StrCat("{\"value\":", List(written.people, EntraUser), "}"),
            absl::StrCat("{\"value\":", List(written.groups, EntraGroup), "}")};
  }
  if (format == "google") {
    return {absl::StrCat("{\"users\":", List(written.people, GoogleUser), "}"),
            absl::StrCat("{\"groups\":", List(written.groups, GoogleGroup), "}")};
  }
  return {ScimList(written.people.size(), List(written.people, ScimUser)),
          ScimList(written.groups.size(), List(written.groups, ScimGroup))};
}

std::string WriteCsvWithGroupColumn(const WrittenExport& written) {
  std::string text = "id,user_name,email,active,groups\n";
  for (const WrittenPerson& row : written.people) {
    std::vector<std::string> names;
    for (const WrittenGroup& group : written.groups) {
      if (std::binary_search(group.members.begin(), group.members.end(), row.id)) {
        names.push_back(group.name);
      }
    }
    absl::StrAppend(&text, CsvPerson(row), ",", CsvField(absl::StrJoin(names, "|")), "\n");
  }
  return text;
}

}  // namespace rollcall::property
