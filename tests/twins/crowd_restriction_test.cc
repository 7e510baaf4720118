#include "tests/twins/crowd_restriction.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

std::vector<std::string> AdasField(const std::string& field) {
  static const auto* const kFields = new std::map<std::string, std::vector<std::string>>{
      {"name", {"ada"}}, {"email", {"Ada.Lovelace@example.com"}}, {"tags", {"x", "y"}}};
  const auto found = kFields->find(field);
  return found == kFields->end() ? std::vector<std::string>() : found->second;
}

TEST(CrowdRestrictionTest, QueriesFindWhatTheySay) {
  const std::map<std::string, bool> cases = {
      {"", true},
      {"name=ADA", true},
      {"name = \"ada\"", true},
      {"name=ad", false},
      {"email=*lovelace*", true},
      {"email=ada.*@*.com", true},
      {"email=*lovelace", false},
      {"tags=y", true},
      {"tags>x", true},
      {"tags<x", false},
      {"missing=x", false},
      {"name=bob or tags=x", true},
      {"name=bob and tags=x", false},
      {"name=ada or name=bob and tags=z", true},
      {"(name=ada or name=bob) and tags=z", false},
      {"(NAME=x) OR (name=ada)", true},
  };
  for (const auto& [query, found] : cases) {
    const std::optional<CrowdRestriction> restriction = ParseCrowdQuery(query);
    ASSERT_TRUE(restriction.has_value()) << query;
    EXPECT_EQ((*restriction)(AdasField), found) << query;
  }
}

TEST(CrowdRestrictionTest, WhatIsNoQueryIsNothing) {
  for (const char* query : {"name", "name=", "=x", "name!=x", "name=x and", "(name=x", "name=x)",
                            "name=\"x", "not name=x"}) {
    EXPECT_FALSE(ParseCrowdQuery(query).has_value()) << query;
  }
}

TEST(CrowdRestrictionTest, ParenthesesHaveALimit) {
  for (const int depth : {kMaxRestrictionDepth, kMaxRestrictionDepth + 1}) {
    const std::string query =
        absl::StrCat(std::string(depth, '('), "name=ada", std::string(depth, ')'));
    EXPECT_EQ(ParseCrowdQuery(query).has_value(), depth == kMaxRestrictionDepth) << depth;
  }
}

TEST(CrowdRestrictionTest, XmlRestrictionsNest) {
  const std::string name =
      "<property-search-restriction><property><name>name</name></property>"
      "<match-mode>EXACTLY_MATCHES</match-mode><value>ada</value></property-search-restriction>";
  const std::string none =
      "<property-search-restriction><property><name>name</name></property>"
      "<match-mode>NULL</match-mode></property-search-restriction>";
  for (const auto& [logic, found] : {std::pair<const char*, bool>{"and", false}, {"or", true}}) {
    const auto node = ParseXml(absl::StrCat("<boolean-search-restriction boolean-logic=\"", logic,
                                            "\"><restrictions>", name, none,
                                            "</restrictions></boolean-search-restriction>"));
    ASSERT_TRUE(node.has_value());
    EXPECT_EQ((*ReadCrowdRestriction(*node))(AdasField), found) << logic;
  }
  EXPECT_TRUE((*ReadCrowdRestriction(*ParseXml("<null-search-restriction/>")))(AdasField));
  EXPECT_FALSE(ReadCrowdRestriction(*ParseXml("<other/>")).has_value());
}

}  // namespace
}  // namespace rollcall::twins
