#include "clients/crowd/change_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The names in each event; what makes the parse fail.
std::vector<std::string> NamesIn(absl::string_view body) {
  const absl::StatusOr<ChangeAnswer> answer = ParseChangeAnswer(body);
  if (!answer.ok()) return {std::string(answer.status().message())};
  std::vector<std::string> names;
  for (const ChangeEvent& event : answer->users) {
    std::vector<std::string> users;
    for (const EventUser& user : event) users.push_back(user.name);
    names.push_back(absl::StrJoin(users, "+"));
  }
  return names;
}

TEST(ChangeEvents, ATokenAndWhetherThereIsAFeed) {
  const auto answer = ParseChangeAnswer(
      R"({"newEventToken":"8047511070899496297:12","incrementalSynchronisationAvailable":true})");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->token, "8047511070899496297:12");
  EXPECT_EQ(answer->available, true);
  EXPECT_THAT(answer->users, IsEmpty());
  EXPECT_EQ(ParseChangeAnswer(R"({"newEventToken":12})")->token, "12");
  EXPECT_EQ(ParseChangeAnswer("{}")->available, std::nullopt);
  EXPECT_EQ(ParseChangeAnswer(R"({"incrementalSynchronisationAvailable":"False"})")->available,
            false);
}

TEST(ChangeEvents, AUsersEventIsFoundInAnyForm) {
  for (const char* body :
       {R"({"events":[{"type":"userEvent","operation":"UPDATED","user":{"name":"ada"}}]})",
        R"({"events":[{"operation":"updated","user":{"name":"ada"}}]})",
        R"({"events":[{"userEvent":{"operation":"Updated","user":{"name":"ada"}}}]})",
        R"({"events":{"userEvent":[{"operation":"UPDATED","user":{"name":"ada"}}]}})",
        R"({"events":{"userEvent":{"operation":"UPDATED","user":{"name":"ada"}}}})",
        R"({"userEvent":[{"operation":"UPDATED","user":{"name":"ada"}}]})",
        R"({"userEvents":[{"operation":"UPDATED","entity":{"name":"ada"}}],"groupEvents":[]})",
        R"({"userEvent":{"user":{"@name":"ada","active":true}}})",
        R"({"user-events":[{"name":"ada","display-name":"Ada"}]})",
        R"({"changes":[{"users":[{"name":"ada"}]}]})",
        R"({"events":[{"@type":"x.UserUpdatedEvent","user":{"name":"ada"},
               "storedAttributes":{"attributes":[{"name":"bob","values":["1"]}]},
               "deletedAttributes":[{"name":"carl"}]}]})"}) {
    EXPECT_THAT(NamesIn(body), ElementsAre("ada")) << body;
  }
}

TEST(ChangeEvents, MembershipsAndGroupsAreNoChangesOfUsers) {
  for (const char* body :
       {R"({"events":[{"type":"userMembershipEvent","childUser":{"name":"ada"}}]})",
        R"({"events":[{"childUser":{"name":"ada"},"parentGroups":[{"name":"staff"}]}]})",
        R"({"userMembershipEvent":[{"user":{"name":"ada"}}]})",
        R"({"groupEvent":[{"operation":"UPDATED","group":{"name":"ada"}}]})",
        R"({"events":[{"type":"groupEvent","entity":{"name":"ada"}}]})",
        R"({"events":[{"group":{"name":"ada"}}]})",
        R"({"events":[{"type":"aliasEvent","alias":"x"}]})", R"({"events":[],"userEvent":[]})",
        R"({"links":[{"rel":"self"},"x"],"link":{"name":"ada"}})", R"({})"}) {
    EXPECT_THAT(NamesIn(body), IsEmpty()) << body;
  }
}

TEST(ChangeEvents, EachEventCountsOnce) {
  EXPECT_THAT(NamesIn(R"({"events":[{"user":{"name":"ada"}},{"user":{"name":"bob"}},
                                    {"user":{"name":"ada"}}]})"),
              ElementsAre("ada", "bob", "ada"));
  EXPECT_THAT(NamesIn(R"({"userEvent":[{"oldUser":{"name":"ada"},"user":{"name":"ada.new"}}]})"),
              ElementsAre("ada+ada.new"));
}

TEST(ChangeEvents, WhatCannotBeUnderstoodIsSaidSo) {
  std::string deep = "null";
  for (int i = 0; i < 70; ++i) deep = absl::StrCat(R"({"events":[)", deep, "]}");
  for (const std::string& body :
       {std::string(""), std::string("[]"), std::string("<events/>"), std::string("{"),
        std::string(R"({"events":["ada"]})"), std::string(R"({"events":[{"who":"ada"}]})"),
        std::string(R"({"userEvent":[{"user":"ada"}]})"),
        std::string(R"({"events":[{"type":"userEvent","user":{"login":"ada"}}]})"), deep}) {
    EXPECT_FALSE(ParseChangeAnswer(body).ok()) << body;
  }
}

TEST(ChangeEvents, AnAnswerAtTheLimitIsReadAndOnePastItIsNot) {
  std::string body = R"({"events":[{"user":{"name":"ada"}}]})";
  body.append(ChangeAnswer::kMaxBytes - body.size(), ' ');
  EXPECT_THAT(NamesIn(body), ElementsAre("ada"));
  EXPECT_TRUE(absl::IsResourceExhausted(ParseChangeAnswer(body + " ").status()));
}

TEST(ChangeEvents, ATokenAtTheLimitIsTakenAndOnePastItIsNot) {
  const std::string longest(ChangeAnswer::kMaxToken, 't');
  EXPECT_EQ(ParseChangeAnswer(absl::StrCat(R"({"newEventToken":")", longest, "\"}"))->token,
            longest);
  EXPECT_TRUE(absl::IsResourceExhausted(
      ParseChangeAnswer(absl::StrCat(R"({"newEventToken":"t)", longest, "\"}")).status()));
}

TEST(ChangeEvents, TheKeyDecidesWhereBothHaveOneElseTheFoldedName) {
  CrowdUser ada;
  ada.name = "Ada";
  ada.key = "1:x1";
  EXPECT_TRUE((EventUser{"ada", "", {}, {}}).Is(ada));
  EXPECT_FALSE((EventUser{"adam", "", {}, {}}).Is(ada));
  EXPECT_TRUE((EventUser{"alias", "1:x1", {}, {}}).Is(ada));
  EXPECT_FALSE((EventUser{"ada", "2:x1", {}, {}}).Is(ada));
  EXPECT_TRUE((EventUser{"ada", "x1", {}, {}}).Is(ada)) << "no key of Crowd's";
  ada.key.clear();
  EXPECT_TRUE((EventUser{"ADA", "2:x1", {}, {}}).Is(ada));
}

}  // namespace
}  // namespace rollcall
