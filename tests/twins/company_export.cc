// Writing a company's export as its identity provider would.
#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/twins/company.h"
#include "tests/twins/list_format.h"
#include "tests/twins/scim_attributes.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr size_t kPageItems = 1000;

absl::Status WriteFile(const std::string& folder, const char* name,
                       const std::function<void(std::ostream&)>& write) {
  const std::string path = absl::StrCat(folder, "/", name);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  write(file);
  file.close();
  if (file) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(path, " cannot be written"));
}

// ListResponses after one another, as a script that follows the pages leaves them.
void WritePages(std::ostream& out, size_t total, const std::function<json(size_t)>& render) {
  for (size_t start = 0; start == 0 || start < total; start += kPageItems) {
    const size_t end = std::min(total, start + kPageItems);
    json page = {{"totalResults", total}, {"startIndex", start + 1}, {"itemsPerPage", end - start}};
    page["schemas"] = json::array({"urn:ietf:params:scim:api:messages:2.0:ListResponse"});
    json& resources = page["Resources"] = json::array();
    for (size_t i = start; i < end; ++i) resources.push_back(render(i));
    out << page.dump() << "\n";
  }
}

// The same for pages that hold a list under one key and name the next page; without a key, one
// array.
void WriteLists(std::ostream& out, const ListFormat& format, const std::string& key, size_t total,
                const std::function<json(size_t)>& render) {
  const size_t items = key.empty() ? std::max<size_t>(total, 1) : kPageItems;
  for (size_t start = 0; start == 0 || start < total; start += items) {
    const size_t end = std::min(total, start + items);
    json list = json::array();
    for (size_t i = start; i < end; ++i) list.push_back(render(i));
    json page = std::move(list);
    if (!key.empty()) page = json::object({{key, std::move(page)}});
    if (end < total) page[format.next_key] = absl::StrCat("after-", end);
    out << page.dump() << "\n";
  }
}

json PersonJson(const CompanyPerson& person) {
  json result = {{"id", person.id},
                 {"userName", person.user_name},
                 {"active", person.active},
                 {"department", person.department}};
  result["schemas"] = json::array({kUserSchema});
  result["name"] = {{"givenName", person.given_name}, {"familyName", person.family_name}};
  result["emails"] = json::array({{{"value", person.email}, {"type", "work"}, {"primary", true}}});
  return result;
}

json GroupJson(const CompanyGroup& group) {
  json result = {{"id", group.id}, {"displayName", group.name}, {"members", json::array()}};
  result["schemas"] = json::array({kGroupSchema});
  for (const std::string& member : group.members) {
    result["members"].push_back({{"value", member}});
  }
  return result;
}

absl::Status WriteScim(const Company& company, const std::string& folder) {
  const absl::Status status = WriteFile(folder, "people.json", [&](std::ostream& out) {
    WritePages(out, company.people.size(), [&](size_t i) { return PersonJson(company.people[i]); });
  });
  if (!status.ok()) return status;
  return WriteFile(folder, "groups.json", [&](std::ostream& out) {
    WritePages(out, company.groups.size(), [&](size_t i) { return GroupJson(company.groups[i]); });
  });
}

absl::Status WriteWithLists(const Company& company, const ListFormat& format,
                            const std::string& folder) {
  const absl::Status status = WriteFile(folder, "people.json", [&](std::ostream& out) {
    const auto render = [&](size_t i) { return format.person(company.people[i]); };
    WriteLists(out, format, format.people_key, company.people.size(), render);
  });
  if (!status.ok()) return status;
  return WriteFile(folder, "groups.json", [&](std::ostream& out) {
    const auto render = [&](size_t i) { return format.group(company.groups[i]); };
    WriteLists(out, format, format.groups_key, company.groups.size(), render);
  });
}

absl::Status WriteCsv(const Company& company, const std::string& folder) {
  // No value holds a comma, a quote or a line end: names of people are not among the columns.
  const absl::Status status = WriteFile(folder, "people.csv", [&](std::ostream& out) {
    out << "id,user_name,email,active,department\n";
    for (const CompanyPerson& person : company.people) {
      out << absl::StrJoin({person.id, person.user_name, person.email,
                            std::string(person.active ? "true" : "false"), person.department},
                           ",")
          << "\n";
    }
  });
  if (!status.ok()) return status;
  return WriteFile(folder, "groups.csv", [&](std::ostream& out) {
    out << "group,member\n";
    for (const CompanyGroup& group : company.groups) {
      for (const std::string& member : group.members) out << group.name << "," << member << "\n";
    }
  });
}

absl::Status WritePeopleAndGroups(const Company& company, ExportFormat format,
                                  const std::string& folder) {
  switch (format) {
    case ExportFormat::kScim:
      return WriteScim(company, folder);
    case ExportFormat::kCsv:
      return WriteCsv(company, folder);
    default:
      return WriteWithLists(company, ListFormatOf(format), folder);
  }
}

json DriftJson(const Company& company) {
  json result = json::object();
  for (const auto& [kind, entries] : company.drift) {
    json& list = result[kind] = json::array();
    for (const DriftEntry& entry : entries) {
      json item = json::object();
      if (!entry.person.empty()) item["person"] = entry.person;
      if (!entry.account.empty()) item["account"] = entry.account;
      if (!entry.user_name.empty()) item["user_name"] = entry.user_name;
      if (!entry.group.empty()) item["group"] = entry.group;
      if (!entry.cloud_account.empty()) item["cloud_account"] = entry.cloud_account;
      if (!entry.crowd_user.empty()) item["crowd_user"] = entry.crowd_user;
      list.push_back(std::move(item));
    }
  }
  return result;
}

}  // namespace

absl::Status WriteExport(const Company& company, ExportFormat format, const std::string& folder) {
  const absl::Status status = WritePeopleAndGroups(company, format, folder);
  if (!status.ok()) return status;
  return WriteFile(folder, "drift.json",
                   [&](std::ostream& out) { out << DriftJson(company).dump(1) << "\n"; });
}

}  // namespace rollcall::twins
