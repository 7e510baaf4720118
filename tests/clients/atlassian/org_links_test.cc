#include "clients/atlassian/org_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/scripted_client.h"
#include "tests/support/twin_client.h"
#include "tests/twins/org_quirks.h"
#include "tests/twins/org_twin.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kGoodLink[] =
    R"({"scimUserId": "u-1", "atlassianAccountId": "aa-1", "orgId": "o-1", "directoryId": "9f"})";

std::string Body(const std::vector<std::string>& links) {
  std::string text;
  for (const std::string& link : links) absl::StrAppend(&text, text.empty() ? "" : ",", link);
  return absl::StrCat(R"({"scimLinks": [)", text, "]}");
}

// Asks once, with this answer.
class OrgLinksTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<ScimLink>> Read(int status, const std::string& body,
                                             const std::string& account = "aa-1") {
    ScriptedClient client([&](const HttpRequest&) { return Answer(status, body); });
    OrgApi api("http://127.0.0.1", "o-1", client);
    OrgLinks links(api);
    return account.empty() ? links.OfEmail("a@example.com", {}) : links.OfAccount(account, {});
  }
  std::string WhyNot(int status, const std::string& body, const std::string& account = "aa-1") {
    const auto links = Read(status, body, account);
    EXPECT_FALSE(links.ok()) << body;
    return std::string(links.status().message());
  }
  WriteReply Write(const absl::StatusOr<HttpResponse>& answer) {
    ScriptedClient client([&](const HttpRequest&) { return answer; });
    OrgApi api("http://127.0.0.1", "o-1", client);
    return OrgLinks(api).Unlink({"9f", "u-1", "aa-1"}, {});
  }
};

TEST_F(OrgLinksTest, LinksAreSortedAndUniqueAndARecordMayOwnNoAccount) {
  const auto links = Read(
      200,
      Body(
          {R"({"scimUserId": "u-2", "atlassianAccountId": null, "orgId": "o-1", "directoryId": "9f"})",
           kGoodLink, kGoodLink}),
      "");
  ASSERT_TRUE(links.ok()) << links.status();
  EXPECT_THAT(*links, ElementsAre(ScimLink{"9f", "u-1", "aa-1"}, ScimLink{"9f", "u-2", ""}));
  EXPECT_THAT(*Read(200, Body({})), IsEmpty());
}

TEST_F(OrgLinksTest, WhatIsNoListOfLinksIsNeverTakenForNone) {
  for (const char* body :
       {"", "{}", "[]", R"({"scimLinks": null})", R"({"scimLinks": {}})", R"({"scimLinks": [)",
        "<html><title>Log in</title></html>", R"({"scimLinks": ["u-1"]})"}) {
    EXPECT_EQ(Read(200, body).status().code(), absl::StatusCode::kDataLoss) << body;
  }
  EXPECT_THAT(WhyNot(200, "<html><title>Log in</title></html>"), HasSubstr("check `base_url`"));
}

TEST_F(OrgLinksTest, OneBadLinkSpoilsTheAnswer) {
  const char* const bad[] = {
      R"({"atlassianAccountId": "aa-1", "orgId": "o-1", "directoryId": "9f"})",
      R"({"scimUserId": "", "atlassianAccountId": "aa-1", "orgId": "o-1", "directoryId": "9f"})",
      R"({"scimUserId": 7, "atlassianAccountId": "aa-1", "orgId": "o-1", "directoryId": "9f"})",
      R"({"scimUserId": "u-1", "atlassianAccountId": 7, "orgId": "o-1", "directoryId": "9f"})",
      R"({"scimUserId": "u-1", "atlassianAccountId": "aa-1", "orgId": "o-1"})",
      R"({"scimUserId": "u-1", "atlassianAccountId": "aa-1", "directoryId": "9f"})",
      R"({"scimUserId": "u-1", "atlassianAccountId": "aa-1", "orgId": "o-2", "directoryId": "9f"})",
      R"({"scimUserId": "u-1", "atlassianAccountId": "aa-2", "orgId": "o-1", "directoryId": "9f"})",
      R"({"scimUserId": "u-1", "atlassianAccountId": null, "orgId": "o-1", "directoryId": "9f"})"};
  for (const char* link : bad) {
    EXPECT_THAT(WhyNot(200, Body({kGoodLink, link})), HasSubstr("link 2 of the answer")) << link;
  }
}

TEST_F(OrgLinksTest, TheLimitOfOneAnswerIsAThousandLinks) {
  const std::vector<std::string> most(OrgLinks::kMostLinks, kGoodLink);
  EXPECT_TRUE(Read(200, Body(most)).ok());
  std::vector<std::string> more = most;
  more.push_back(kGoodLink);
  EXPECT_THAT(WhyNot(200, Body(more)), HasSubstr("the limit of one answer is 1000"));
}

TEST_F(OrgLinksTest, RefusalsNameTheCure) {
  EXPECT_THAT(WhyNot(401, ""), HasSubstr("API key of the organisation"));
  EXPECT_THAT(WhyNot(403, ""), HasSubstr("as an administrator of this organisation"));
  EXPECT_THAT(WhyNot(401, R"({"errors":[{"code":"ADMIN-401-2","title":"INSUFFICIENT_SCOPE"}]})"),
              HasSubstr("make a key without scopes"));
}

TEST_F(OrgLinksTest, EverySuccessOfAnUnlinkCounts) {
  for (const int status : {200, 202, 204}) {
    const WriteReply reply = Write(Answer(status, ""));
    EXPECT_TRUE(reply.status.ok()) << status;
    EXPECT_EQ(reply.http_status, status);
  }
  EXPECT_EQ(Write(Answer(404, "")).status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Write(Answer(403, "")).status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Write(Answer(500, "")).status.code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(Write(absl::UnknownError("reset")).status.code(), absl::StatusCode::kUnknown);
}

TEST_F(OrgLinksTest, RequestsEncodeTheirIdsAndAreNeverRepeatedByThemselves) {
  ScriptedClient client([&](const HttpRequest&) { return Answer(204, ""); });
  OrgApi api("http://127.0.0.1", "o/1", client);
  OrgLinks links(api);
  links.Unlink({"9/f", "u 1", "aa-1"}, {});
  links.DeleteRecords("aa:1", {});
  const std::string base = "http://127.0.0.1/admin/user-provisioning/v1/org/o%2F1";
  ASSERT_THAT(client.requests(), SizeIs(2));
  EXPECT_EQ(client.requests()[0].method, "PATCH");
  EXPECT_EQ(client.requests()[0].url, base + "/scimDirectoryId/9%2Ff/scimUserId/u%201/unlink");
  EXPECT_EQ(client.requests()[1].method, "DELETE");
  EXPECT_THAT(client.requests()[1].url, HasSubstr("/onlyDeleteUserInDB"));
  for (const HttpRequest& request : client.requests()) {
    EXPECT_EQ(request.idempotency, Idempotency::kNotIdempotent);
  }
  EXPECT_FALSE(links.Unlink({"9f", "", "aa-1"}, {}).status.ok());
  EXPECT_FALSE(links.DeleteRecords("", {}).status.ok());
  EXPECT_FALSE(links.OfEmail("", {}).ok());
  EXPECT_THAT(client.requests(), SizeIs(2)) << "nothing is sent without an id";
}

TEST(OrgLinksOnTwin, ARecordIsUnlinkedAndDeletedAndTheAccountStays) {
  twins::World world;
  world.organisation.emplace().id = "o-1";
  for (const char* name : {"ada", "bob"}) {
    twins::CloudAccount& account = world.cloud_accounts[absl::StrCat("aa-", name)];
    account.id = absl::StrCat("aa-", name);
    twins::ScimUser user =
        twins::MakeScimUser(absl::StrCat("u-", name), absl::StrCat(name, "@example.com"), "", true);
    user.attributes[twins::kAtlassianExtension]["atlassianAccountId"] = account.id;
    world.scim["9f"].PutUser(std::move(user));
  }
  twins::OrgTwin twin(&world, twins::OrgOptions(),
                      [] { return absl::FromUnixSeconds(1'700'000'000); });
  TwinClient client(twin);
  OrgApi api("http://127.0.0.1/atlassian", "o-1", client);
  OrgLinks links(api);
  const ScimLink ada = {"9f", "u-ada", "aa-ada"};
  EXPECT_THAT(*links.OfAccount("aa-ada", {}), ElementsAre(ada));
  EXPECT_TRUE(links.Unlink(ada, {}).status.ok());
  EXPECT_THAT(*links.OfAccount("aa-ada", {}), IsEmpty());
  EXPECT_THAT(*links.OfEmail("ada@example.com", {}), ElementsAre(ScimLink{"9f", "u-ada", ""}));
  EXPECT_TRUE(links.DeleteRecords("aa-bob", {}).status.ok());
  EXPECT_THAT(*links.OfEmail("bob@example.com", {}), IsEmpty());
  EXPECT_TRUE(world.cloud_accounts.at("aa-bob").active);
  EXPECT_EQ(links.OfAccount("aa-nobody", {}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace rollcall
