// One company, exported in all formats: what is read must be the same, since the same plan must
// follow from it.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/clients/idp/export_folder.h"

namespace rollcall::idp {
namespace {

class FormatsAgreeTest : public ExportFolder {};

constexpr int kCrew = 60;
constexpr int kTeams = 7;
constexpr int kPageOf = 25;

struct Member {
  std::string id;
  std::string mail;
  bool active;
};

Member Nth(int i) {
  return {absl::StrCat("id-", 1000 + i), absl::StrCat("p", i, "@example.com"), i % 5 != 0};
}

// Team t has every person whose number it divides; the last has nobody.
std::vector<std::string> TeamOf(int t) {
  std::vector<std::string> ids;
  for (int i = 0; i < kCrew && t + 1 < kTeams; ++i) {
    if (i % (t + 2) == 0) ids.push_back(Nth(i).id);
  }
  return ids;
}

std::string TeamName(int t) { return absl::StrCat("team-", t); }

// `count` records in pages with `list` around the records; each names the next one by `next`.
template <typename Write>
std::string Pages(int count, const std::string& list, const std::string& next, Write write) {
  std::string text;
  for (int start = 0; start < count; start += kPageOf) {
    const int end = std::min(count, start + kPageOf);
    absl::StrAppend(&text, "{\"", list, "\":[");
    for (int i = start; i < end; ++i) absl::StrAppend(&text, i == start ? "" : ",", write(i));
    absl::StrAppend(&text, "]", end < count ? absl::StrCat(",\"", next, "\":\"t\"") : "", "}\n");
  }
  return text;
}

std::string Listed(const std::vector<std::string>& ids, const std::string& key) {
  return absl::StrJoin(ids, ",", [&](std::string* out, const std::string& id) {
    absl::StrAppend(out, "{\"", key, "\":\"", id, "\"}");
  });
}

struct Written {
  std::string format;
  std::string people;
  std::string groups;
};

Written AsScim() {
  const auto person = [](int i) {
    const Member m = Nth(i);
    return absl::StrCat(R"({"id":")", m.id, R"(","userName":")", m.mail,
                        R"(","emails":[{"value":")", m.mail, R"(","primary":true}],"active":)",
                        m.active ? "true" : "false", "}");
  };
  const auto group = [](int t) {
    return absl::StrCat(R"({"id":"g)", t, R"(","displayName":")", TeamName(t), R"(","members":[)",
                        Listed(TeamOf(t), "value"), "]}");
  };
  // SCIM names no next page but a total.
  return {"scim", Pages(kCrew, "Resources", "x", person), Pages(kTeams, "Resources", "x", group)};
}

Written AsEntra() {
  const auto person = [](int i) {
    const Member m = Nth(i);
    return absl::StrCat(R"({"id":")", m.id, R"(","userPrincipalName":")", m.mail,
                        R"(","mail":null,"accountEnabled":)", m.active ? "true" : "false", "}");
  };
  const auto group = [](int t) {
    return absl::StrCat(R"({"id":"g)", t, R"(","displayName":")", TeamName(t), R"(","members":[)",
                        Listed(TeamOf(t), "id"), R"(],"members@odata.count":)", TeamOf(t).size(),
                        "}");
  };
  return {"entra", Pages(kCrew, "value", "@odata.nextLink", person),
          Pages(kTeams, "value", "@odata.nextLink", group)};
}

Written AsGoogle() {
  const auto person = [](int i) {
    const Member m = Nth(i);
    return absl::StrCat(R"({"id":")", m.id, R"(","primaryEmail":")", m.mail, R"(","suspended":)",
                        m.active ? "false" : "true", "}");
  };
  const auto group = [](int t) {
    return absl::StrCat(R"({"id":"g)", t, R"(","email":"g)", t, R"(@example.com","name":")",
                        TeamName(t), R"(","members":[)", Listed(TeamOf(t), "id"), "]}");
  };
  return {"google", Pages(kCrew, "users", "nextPageToken", person),
          Pages(kTeams, "groups", "nextPageToken", group)};
}

Written AsOkta() {
  Written written = {"okta", "", "["};
  for (int i = 0; i < kCrew; ++i) {
    const Member m = Nth(i);
    absl::StrAppend(&written.people, R"({"id":")", m.id, R"(","status":")",
                    m.active ? "ACTIVE" : "DEPROVISIONED", R"(","profile":{"login":")", m.mail,
                    R"(","email":")", m.mail, "\"}}\n");
  }
  for (int t = 0; t < kTeams; ++t) {
    const std::vector<std::string> ids = TeamOf(t);
    absl::StrAppend(&written.groups, t == 0 ? "" : ",", R"({"id":"g)", t,
                    R"(","profile":{"name":")", TeamName(t), R"("},"members":[)",
                    ids.empty() ? "" : absl::StrCat("\"", absl::StrJoin(ids, "\",\""), "\""), "]}");
  }
  written.groups += "]";
  return written;
}

Written AsCsv() {
  Written written = {"csv", "id,user_name,email,active\n", "group,member\n"};
  for (int i = 0; i < kCrew; ++i) {
    const Member m = Nth(i);
    absl::StrAppend(&written.people, m.id, ",", m.mail, ",", m.mail, ",", m.active ? "yes" : "no",
                    "\n");
  }
  for (int t = 0; t < kTeams; ++t) {
    for (const std::string& id : TeamOf(t)) {
      absl::StrAppend(&written.groups, TeamName(t), ",", id, "\n");
    }
  }
  return written;
}

TEST_F(FormatsAgreeTest, OneCompanyInAllFormatsIsTheSameExport) {
  const Written scim = AsScim();
  absl::StatusOr<Export> reference = Read(scim.people, scim.groups);
  ASSERT_TRUE(reference.ok()) << reference.status();
  const std::string empty_team = absl::StrCat(TeamName(kTeams - 1), ":\n");
  const std::string groups = GroupsOf(*reference);
  ASSERT_NE(groups.find(empty_team), std::string::npos);
  for (const Written& written : {scim, AsOkta(), AsEntra(), AsGoogle(), AsCsv()}) {
    absl::StatusOr<Export> exported = Read(written.people, written.groups);
    ASSERT_TRUE(exported.ok()) << written.format << exported.status();
    EXPECT_EQ(exported->format, written.format);
    EXPECT_TRUE(exported->has_stable_ids);
    EXPECT_TRUE(exported->findings.empty()) << written.format << exported->findings[0].message;
    EXPECT_EQ(PeopleOf(*exported), PeopleOf(*reference)) << written.format;
    // A CSV file cannot say that a group is empty.
    const bool csv = written.format == "csv";
    EXPECT_EQ(GroupsOf(*exported) + (csv ? empty_team : ""), groups) << written.format;
  }
}

}  // namespace
}  // namespace rollcall::idp
