#include "tests/twins/list_format.h"

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

json OktaPerson(const CompanyPerson& person) {
  json result = {{"id", person.id}, {"status", person.active ? "ACTIVE" : "DEPROVISIONED"}};
  result["type"] = {{"id", "oty-default"}};
  result["profile"] = {{"login", person.user_name},
                       {"email", person.email},
                       {"firstName", person.given_name},
                       {"lastName", person.family_name},
                       {"department", person.department}};
  return result;
}

json OktaGroup(const CompanyGroup& group) {
  return {{"id", group.id}, {"profile", {{"name", group.name}}}, {"members", group.members}};
}

json EntraPerson(const CompanyPerson& person) {
  return {{"id", person.id},
          {"userPrincipalName", person.user_name},
          {"mail", person.email},
          {"displayName", absl::StrCat(person.given_name, " ", person.family_name)},
          {"department", person.department},
          {"userType", "Member"},
          {"accountEnabled", person.active}};
}

json EntraGroup(const CompanyGroup& group) {
  json result = {{"id", group.id}, {"displayName", group.name}, {"members", json::array()}};
  for (const std::string& member : group.members) {
    result["members"].push_back({{"@odata.type", "#microsoft.graph.user"}, {"id", member}});
  }
  result["members@odata.count"] = group.members.size();
  return result;
}

// The user name is the e-mail there.
json GooglePerson(const CompanyPerson& person) {
  json result = {{"kind", "admin#directory#user"}, {"id", person.id},
                 {"primaryEmail", person.email},   {"isAdmin", false},
                 {"suspended", !person.active},    {"archived", false},
                 {"department", person.department}};
  result["name"] = {{"givenName", person.given_name}, {"familyName", person.family_name}};
  return result;
}

json GoogleGroup(const CompanyGroup& group) {
  json result = {{"kind", "admin#directory#group"},
                 {"id", group.id},
                 {"email", absl::StrCat(group.id, "@groups.example.com")},
                 {"name", group.name},
                 {"members", json::array()}};
  for (const std::string& member : group.members) {
    result["members"].push_back({{"id", member}, {"type", "USER"}});
  }
  return result;
}

}  // namespace

ListFormat ListFormatOf(ExportFormat format) {
  switch (format) {
    case ExportFormat::kEntra:
      return {"value", "value", "@odata.nextLink", EntraPerson, EntraGroup};
    case ExportFormat::kGoogle:
      return {"users", "groups", "nextPageToken", GooglePerson, GoogleGroup};
    default:
      return {"", "", "", OktaPerson, OktaGroup};
  }
}

}  // namespace rollcall::twins
