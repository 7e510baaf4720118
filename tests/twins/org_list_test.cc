// Lists of the organisation's twin: searches, filters with their limits, cursors, odd pages.
#include <gmock/gmock.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "tests/twins/org_fixture.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class OrgListTest : public OrgFixture {
 protected:
  json User(const std::string& directory, const std::string& name, json expand = json()) {
    json body = {{"accountIds", {absl::StrCat("aa-", name)}}};
    if (!expand.is_null()) body["expand"] = expand;
    const json data = Search(directory, body).body["data"];
    EXPECT_EQ(data.size(), 1u) << name;
    return data.empty() ? json::object() : data[0];
  }
  std::vector<std::string> Found(const json& filter) { return Search("-", filter).ids(); }
};

TEST_F(OrgListTest, DirectoriesAreListed) {
  const OrgReply reply = Get("/admin/v2/orgs/o-1/directories");
  EXPECT_THAT(reply.Each("directoryId"), ElementsAre("dir-main", "dir-lab"));
  EXPECT_EQ(reply.body["data"][0]["name"], "Main");
  EXPECT_FALSE(reply.body["links"].contains("next"));
  const char base[] = "/admin/v2/orgs/o-1/directories?";
  EXPECT_THAT(Get(absl::StrCat(base, "accountId=aa-hal")).Each("directoryId"),
              ElementsAre("dir-lab"));
  EXPECT_THAT(Get(absl::StrCat(base, "searchTerm=mai")).Each("directoryId"),
              ElementsAre("dir-main"));
  const OrgReply first = Get(absl::StrCat(base, "limit=1"));
  EXPECT_THAT(first.Each("directoryId"), ElementsAre("dir-main"));
  EXPECT_THAT(Get(absl::StrCat(base, "cursor=", first.next())).Each("directoryId"),
              ElementsAre("dir-lab"));
}

TEST_F(OrgListTest, DirectoryListsItsOwnAndDashEverybody) {
  EXPECT_THAT(Search("dir-lab", json::object()).ids(), ElementsAre("aa-ada", "aa-bob", "aa-hal"));
  EXPECT_THAT(Search("-", json::object()).ids(), SizeIs(9));
  EXPECT_THAT(Send("POST", In("dir-main", "/users/search")).ids(), SizeIs(7)) << "without a body";
  EXPECT_EQ(Search("dir-none", json::object()).status(), 404);
}

TEST_F(OrgListTest, UninvitedAreListedWhereTheQuirksSay) {
  EXPECT_EQ(User("-", "fay")["membershipStatus"], "no_membership");
  EXPECT_EQ(User("-", "fay")["status"], "not_invited");
  EXPECT_TRUE(User("-", "fay")["managementSource"].is_null());
  Use({"uninvited_everywhere"});
  EXPECT_EQ(User("dir-lab", "fay")["status"], "not_invited");
  Use({"uninvited_hidden"});
  EXPECT_THAT(Found({{"accountIds", {"aa-fay"}}}), IsEmpty());
}

TEST_F(OrgListTest, UnclaimedAccountOfNoDirectoryIsListedNowhere) {
  account("fay").claimed = false;
  EXPECT_THAT(Found({{"accountIds", {"aa-fay"}}}), IsEmpty());
}

TEST_F(OrgListTest, StatusIsThatOfAllDirectoriesUnlessTheQuirkSaysOtherwise) {
  EXPECT_EQ(User("dir-lab", "bob")["membershipStatus"], "active") << "active in the other";
  Use({"status_per_directory"});
  EXPECT_EQ(User("dir-lab", "bob")["membershipStatus"], "suspended");
  EXPECT_EQ(User("dir-main", "bob")["membershipStatus"], "active");
  EXPECT_EQ(User("-", "bob")["membershipStatus"], "active");
  Use({});
  account("bob").directories["dir-main"].suspended = true;
  EXPECT_EQ(User("-", "bob")["membershipStatus"], "suspended") << "suspended in all";
  EXPECT_EQ(User("-", "bob")["status"], "suspended");
}

TEST_F(OrgListTest, RecordSaysWhoseTheAccountIs) {
  EXPECT_EQ(User("-", "ada")["claimStatus"], "managed");
  EXPECT_EQ(User("-", "ada")["managementSource"], "invited");
  EXPECT_EQ(User("-", "dan")["claimStatus"], "unmanaged");
  EXPECT_EQ(User("-", "cleo")["managementSource"], "synced");
  EXPECT_EQ(User("-", "hal")["managementSource"], "synced");
  EXPECT_EQ(User("-", "gus")["accountStatus"], "inactive");
  EXPECT_EQ(User("-", "gus")["status"], "deactivated");
  EXPECT_EQ(User("-", "ida")["emailVerified"], false);
  account("ada").pending_deletion = true;
  EXPECT_EQ(User("-", "ada")["status"], "for_deletion");
  account("ada").closed = true;
  EXPECT_EQ(User("-", "ada")["accountStatus"], "closed");
}

TEST_F(OrgListTest, MoreIsShownOnlyWhenAskedFor) {
  const json plain = User("-", "eve");
  for (const char* name : {"platformRoles", "counts", "productAccess", "groups"}) {
    EXPECT_FALSE(plain.contains(name)) << name;
  }
  const json all =
      User("-", "eve", {"platformRoles", "counts.resources", "productAccess", "groups"});
  EXPECT_EQ(all["platformRoles"], json({"atlassian/org-admin"}));
  EXPECT_EQ(all["counts"]["resources"], 1);
  EXPECT_EQ(all["productAccess"][0]["id"], "ari:cloud:jira-software::site/dir-main");
  EXPECT_EQ(all["groups"][0]["id"], "ari:cloud:identity::group/g-admins");
  EXPECT_THAT(User("dir-main", "bob", {"groups"})["groups"], SizeIs(1));
  EXPECT_THAT(User("-", "bob", {"groups"})["groups"], SizeIs(2));
}

TEST_F(OrgListTest, FieldsMayBeMissingOrUnheardOf) {
  Use({"email_absent", "claim_absent", "source_null"});
  EXPECT_FALSE(User("-", "ada").contains("email"));
  EXPECT_FALSE(User("-", "ada").contains("claimStatus"));
  EXPECT_TRUE(User("-", "cleo")["managementSource"].is_null());
  Use({"unknown_enums"});
  EXPECT_EQ(User("-", "ada")["accountType"], "quarantined");
  EXPECT_EQ(User("-", "ada")["status"], "active");
  EXPECT_EQ(SearchGroups("-", json::object()).body["data"][0]["managedBy"], "quarantined");
  Use({"unknown_statuses"});
  EXPECT_EQ(User("-", "ada")["status"], "quarantined");
}

TEST_F(OrgListTest, EveryFilterNarrowsTheSearch) {
  EXPECT_THAT(Found({{"emails", {"ADA@example.com", "none@example.com"}}}), ElementsAre("aa-ada"));
  EXPECT_THAT(Found({{"searchTerm", "PARTNER"}}), ElementsAre("aa-dan"));
  EXPECT_THAT(Found({{"searchTerm", "ada ex"}}), ElementsAre("aa-ada"));
  EXPECT_THAT(Found({{"groupIds", {"g-staff", "g-lab", "g-none"}}}),
              ElementsAre("aa-ada", "aa-bob"));
  EXPECT_THAT(Found({{"directoryIds", {"dir-lab"}}, {"claimStatus", "managed"}}), SizeIs(3));
  EXPECT_THAT(Found({{"resourceIds", {"ari:cloud:jira-software::site/dir-lab"}}}), SizeIs(3));
  EXPECT_THAT(Found({{"roleIds", {"atlassian/org-admin"}}}), ElementsAre("aa-eve"));
  EXPECT_THAT(Found({{"emailDomains", {"partner.example.net"}}}), ElementsAre("aa-dan"));
  EXPECT_THAT(Found({{"status", {"deactivated", "not_invited"}}}), ElementsAre("aa-fay", "aa-gus"));
  EXPECT_THAT(Found({{"accountStatus", {"inactive"}}}), ElementsAre("aa-gus"));
  EXPECT_THAT(Found({{"membershipStatus", {"no_membership"}}}), ElementsAre("aa-fay"));
  EXPECT_THAT(Found({{"claimStatus", "unmanaged"}}), ElementsAre("aa-dan"));
  EXPECT_THAT(Found({{"mfaEnabled", true}}), IsEmpty());
  EXPECT_THAT(Found({{"mfaEnabled", false}}), SizeIs(9));
}

TEST_F(OrgListTest, FiltersHaveTheirLimits) {
  const auto many = [](size_t count) { return json(std::vector<std::string>(count, "active")); };
  const struct {
    const char* field;
    size_t most;
  } cases[] = {{"emails", 100},      {"accountIds", 10},   {"groupIds", 10},
               {"directoryIds", 10}, {"resourceIds", 20},  {"emailDomains", 10},
               {"status", 4},        {"accountStatus", 3}, {"membershipStatus", 3}};
  for (const auto& item : cases) {
    EXPECT_EQ(Search("-", {{item.field, many(item.most)}}).status(), 200) << item.field;
    EXPECT_EQ(Search("-", {{item.field, many(item.most + 1)}}).code(), "ADMIN-UAM-400-1")
        << item.field;
    EXPECT_EQ(Search("-", {{item.field, json::array()}}).status(), 400) << item.field;
  }
  for (const int limit : {0, 101}) EXPECT_EQ(Search("-", {{"limit", limit}}).status(), 400);
  for (const int limit : {1, 100}) EXPECT_EQ(Search("-", {{"limit", limit}}).status(), 200);
}

TEST_F(OrgListTest, WhatIsNotAllowedTogetherOrAtAllIsRefused) {
  const json wrong[] = {{{"searchTerm", "a"}, {"emails", {"a"}}},
                        {{"status", {"sleeping"}}},
                        {{"claimStatus", "mine"}},
                        {{"expand", {"everything"}}},
                        {{"mfaEnabled", "yes"}},
                        {{"sortBy", json::array()}},
                        {{"sortBy", json::array({{{"field", "email"}, {"direction", "asc"}}})}},
                        {{"sortBy", json::array({{{"field", "nick_name"}, {"direction", 1}}})}},
                        {{"colour", "red"}}};
  for (const json& body : wrong) EXPECT_EQ(Search("-", body).status(), 400) << body;
  EXPECT_EQ(Send("POST", In("-", "/users/search"), "[]").status(), 400);
  EXPECT_EQ(SearchGroups("-", {{"groupNames", {"a"}}, {"searchTerm", "a"}}).status(), 400);
  EXPECT_EQ(SearchGroups("-", {{"groupNames", {"a"}}, {"groupIds", {"a"}}}).status(), 400);
}

TEST_F(OrgListTest, NamesCanBeSortedBothWaysAcrossPages) {
  account("ida").name = "Aaron";
  const auto sorted = [&](const char* direction) {
    const json by = json::array({{{"field", "nick_name"}, {"direction", direction}}});
    std::vector<std::string> all;
    OrgReply reply = Search("dir-main", {{"sortBy", by}, {"limit", 3}});
    for (int page = 0; page < 9; ++page) {
      for (const std::string& id : reply.ids()) all.push_back(id);
      if (reply.next().empty()) break;
      reply = Search("dir-main", {{"cursor", reply.next()}});
    }
    return all;
  };
  std::vector<std::string> up = sorted("asc");
  EXPECT_THAT(up, SizeIs(7));
  EXPECT_EQ(up.front(), "aa-ida");
  std::reverse(up.begin(), up.end());
  EXPECT_EQ(sorted("desc"), up);
}

TEST_F(OrgListTest, EveryPageSizeGivesEverybodyOnce) {
  const std::vector<std::string> all = Search("-", json::object()).ids();
  for (const int64_t limit : {1, 2, 4, 8, 9, 10}) EXPECT_EQ(Everybody("-", limit), all) << limit;
  Use({"page_cap=2"});
  EXPECT_THAT(Search("-", {{"limit", 50}}).ids(), SizeIs(2));
  EXPECT_EQ(Everybody("-", 50), all);
}

TEST_F(OrgListTest, CursorHoldsTheQueryAndNothingCountsBesideIt) {
  const OrgReply first = Search("-", {{"claimStatus", "managed"}, {"limit", 2}});
  const json second = {{"cursor", first.next()}, {"limit", 1}, {"claimStatus", "unmanaged"}};
  EXPECT_THAT(Search("-", second).ids(), ElementsAre("aa-cleo", "aa-eve"));
  Use({"cursor_alone"});
  EXPECT_EQ(Search("-", second).status(), 400);
  EXPECT_EQ(Search("-", {{"cursor", first.next()}}).status(), 200);
}

TEST_F(OrgListTest, CursorOfAnotherListIsInvalid) {
  const std::string cursor = Search("-", {{"limit", 1}}).next();
  EXPECT_EQ(Search("dir-main", {{"cursor", cursor}}).code(), "ADMIN-400-1");
  for (const char* text : {"", "x", "e30", "%%%"}) {
    EXPECT_EQ(Search("-", {{"cursor", text}}).code(), "ADMIN-400-1") << text;
  }
  EXPECT_EQ(Search("-", {{"cursor", 7}}).code(), "ADMIN-400-1");
  const auto forged = [](json fields, json limit) {
    const json cursor = {
        {"p", "/admin/v2/orgs/o-1/directories/-/users/search"}, {"f", fields}, {"l", limit}};
    return absl::WebSafeBase64Escape(cursor.dump());
  };
  EXPECT_EQ(Search("-", {{"cursor", forged(json::object(), 1)}}).status(), 200);
  EXPECT_EQ(Search("-", {{"cursor", forged(json::object(), 101)}}).status(), 400);
  EXPECT_EQ(Search("-", {{"cursor", forged({{"emails", 7}}, 1)}}).status(), 400);
  EXPECT_EQ(Search("-", {{"cursor", forged(7, 1)}}).status(), 400);
}

TEST_F(OrgListTest, NextIsATokenOrAUrl) {
  EXPECT_THAT(Search("-", {{"limit", 1}}).next(), ::testing::Not(HasSubstr("/")));
  Use({"next_url"});
  const std::string next = Search("-", {{"limit", 1}}).next();
  EXPECT_THAT(next, StartsWith("http://127.0.0.1:80/atlassian/admin/v2/orgs/o-1/directories/-/"
                               "users/search?cursor="));
}

TEST_F(OrgListTest, LastPageSaysSoInManyWays) {
  EXPECT_FALSE(Search("-", json::object()).body["links"].contains("next"));
  Use({"next_null"});
  EXPECT_TRUE(Search("-", json::object()).body["links"]["next"].is_null());
  EXPECT_TRUE(Search("-", json::object()).body["links"].contains("next"));
  Use({"next_empty"});
  EXPECT_EQ(Search("-", json::object()).body["links"]["next"], "");
  Use({"links_absent"});
  EXPECT_FALSE(Search("-", json::object()).body.contains("links"));
  Use({"next_loops"});
  EXPECT_THAT(Everybody("-", 5, 20), SizeIs(5 + 19 * 4)) << "the last page for ever";
}

TEST_F(OrgListTest, PagesMayBeShortOrEmptyAndStillLeadOn) {
  const std::vector<std::string> all = Search("-", json::object()).ids();
  Use({"short_pages"});
  EXPECT_THAT(Search("-", {{"limit", 6}}).ids(), SizeIs(3));
  EXPECT_EQ(Everybody("-", 6), all);
  Use({"empty_page"});
  const OrgReply first = Search("-", {{"limit", 4}});
  EXPECT_THAT(Search("-", {{"cursor", first.next()}}).ids(), IsEmpty());
  EXPECT_EQ(Everybody("-", 4), all);
}

TEST_F(OrgListTest, RowsMayComeTwiceOrBeLost) {
  Use({"repeated_rows"});
  EXPECT_THAT(Everybody("-", 4), SizeIs(11)) << "nine, and two again";
  EXPECT_THAT(Everybody("-", 1), SizeIs(9));
  Use({"shifted_pages"});
  EXPECT_THAT(Everybody("-", 4), SizeIs(8)) << "the fifth is on no page";
}

TEST_F(OrgListTest, ListsOfTheOldKindWorkUntilTheyEnd) {
  const OrgReply users = Get(In("dir-lab", "/users?limit=2"));
  EXPECT_THAT(users.ids(), ElementsAre("aa-ada", "aa-bob"));
  EXPECT_THAT(Get(In("dir-lab", absl::StrCat("/users?cursor=", users.next()))).ids(),
              ElementsAre("aa-hal"));
  EXPECT_THAT(Get(In("-", "/users?claimStatus=unmanaged&mfaEnabled=false")).ids(),
              ElementsAre("aa-dan"));
  EXPECT_THAT(Get(In("-", "/users?status=deactivated")).ids(), ElementsAre("aa-gus"));
  EXPECT_EQ(Get(In("-", "/users?limit=x")).status(), 400);
  EXPECT_THAT(Get(In("dir-lab", "/groups")).Each("id"), ElementsAre("g-lab"));
  Use({"lists_ended"});
  EXPECT_EQ(Get(In("-", "/users")).status(), 404);
  EXPECT_EQ(Get(In("-", "/groups")).status(), 404);
  Use({"lists_ended", "legacy_gone"});
  EXPECT_EQ(Get(In("-", "/users")).status(), 410);
  Use({"search_missing"});
  EXPECT_EQ(Search("-", json::object()).status(), 404);
  EXPECT_EQ(SearchGroups("-", json::object()).status(), 404);
  EXPECT_EQ(Get(In("-", "/users")).status(), 200);
}

TEST_F(OrgListTest, CountsFollowTheFilters) {
  EXPECT_EQ(Get(In("-", "/users/count")).body, (json{{"count", 9}}));
  EXPECT_EQ(Get(In("dir-lab", "/users/count?claimStatus=managed")).body["count"], 3);
  EXPECT_EQ(Get(In("-", "/groups/count")).body["count"], 6);
  EXPECT_EQ(Get(In("dir-lab", "/groups/count")).body["count"], 1);
}

TEST_F(OrgListTest, GroupsAreSearched) {
  const auto found = [&](const json& filter) { return SearchGroups("-", filter).Each("id"); };
  EXPECT_THAT(found(json::object()), SizeIs(6));
  EXPECT_THAT(SearchGroups("dir-lab", json::object()).Each("id"), ElementsAre("g-lab"));
  EXPECT_THAT(found({{"groupNames", {"STAFF", "none"}}}), ElementsAre("g-staff"));
  EXPECT_THAT(found({{"groupIds", {"g-lab"}}}), ElementsAre("g-lab"));
  EXPECT_THAT(found({{"searchTerm", "ADM"}}), ElementsAre("g-admins"));
  EXPECT_THAT(found({{"accountIds", {"aa-bob"}}}), ElementsAre("g-lab", "g-staff"));
  EXPECT_THAT(found({{"directoryIds", {"dir-lab"}}}), ElementsAre("g-lab"));
  EXPECT_THAT(found({{"roleIds", {"atlassian/admin"}}}), ElementsAre("g-admins"));
  EXPECT_EQ(SearchGroups("-", {{"groupNames", std::vector<std::string>(101, "a")}}).status(), 400);
  const json by = json::array({{{"field", "name"}, {"direction", "desc"}}});
  EXPECT_EQ(found({{"sortBy", by}}).front(), "g-synced");
}

TEST_F(OrgListTest, GroupSaysWhetherItCanBeWritten) {
  const json synced = SearchGroups("-", {{"groupIds", {"g-synced"}}}).body["data"][0];
  EXPECT_EQ(synced["externalSynced"], true);
  EXPECT_EQ(synced["managedBy"], "external");
  EXPECT_EQ(synced["directoryId"], "dir-main");
  EXPECT_FALSE(synced.contains("counts"));
  const json fixed =
      SearchGroups("-", {{"groupIds", {"g-fixed"}}, {"expand", {"counts.users"}}}).body["data"][0];
  EXPECT_EQ(fixed["managementAccess"]["modifiable"], false);
  EXPECT_EQ(fixed["externalSynced"], false);
  EXPECT_EQ(fixed["counts"], (json{{"users", 1}}));
}

TEST_F(OrgListTest, OrganisationsDomainsAndManagedAccountsAreOfVersionOne) {
  EXPECT_EQ(Get("/admin/v1/orgs").body["data"][0]["id"], "o-1");
  EXPECT_EQ(Get("/admin/v1/orgs/o-1").body["data"]["attributes"]["name"], "Example");
  const json domains = Get("/admin/v1/orgs/o-1/domains").body["data"];
  EXPECT_EQ(domains[0]["attributes"]["claim"]["status"], "verified");
  EXPECT_EQ(domains[1]["attributes"]["name"], "example.org");
  const OrgReply managed = Get("/admin/v1/orgs/o-1/users");
  EXPECT_EQ(managed.body["meta"]["total"], 8);
  EXPECT_THAT(managed.Each("account_id"), SizeIs(8)) << "all but the guest";
  EXPECT_EQ(managed.body["data"][5]["account_status"], "inactive");
}

TEST_F(OrgListTest, ManagedAccountsArePagedByUrl) {
  Use({"page_cap=5"});
  const OrgReply first = Get("/admin/v1/orgs/o-1/users");
  EXPECT_THAT(first.Each("account_id"), SizeIs(5));
  const std::string base = "http://127.0.0.1:80/atlassian";
  ASSERT_THAT(first.next(), StartsWith(base + "/admin/v1/orgs/o-1/users?cursor="));
  EXPECT_THAT(Get(first.next().substr(base.size())).Each("account_id"),
              ElementsAre("aa-gus", "aa-hal", "aa-ida"));
  Use({"page_cap=5", "v1_next_token", "email_absent"});
  EXPECT_THAT(Get("/admin/v1/orgs/o-1/users").next(), ::testing::Not(HasSubstr("/")));
  EXPECT_FALSE(Get("/admin/v1/orgs/o-1/users").body["data"][0].contains("email"));
  EXPECT_EQ(Get("/admin/v1/orgs/o-1/users?cursor=x").code(), "ADMIN-400-1");
}

}  // namespace
}  // namespace rollcall::twins
