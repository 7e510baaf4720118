#include "tests/twins/crowd_xml.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

TEST(CrowdXmlTest, BodyIsReadInItsJsonShape) {
  const auto node = ParseXml(
      "<?xml version=\"1.0\"?><!-- x --><user name='a&amp;b'><email>&#x6F22;&lt;</email>"
      "<first-name><![CDATA[<x>]]></first-name><active> true </active><password><value>s</value>"
      "</password><attributes><attribute name=\"k\"><values><value>1</value><value/></values>"
      "</attribute></attributes></user>");
  ASSERT_TRUE(node.has_value());
  EXPECT_EQ(
      XmlToBody(*node),
      (json{
          {"name", "a&b"},
          {"email", "漢<"},
          {"first-name", "<x>"},
          {"active", "true"},
          {"password", {{"value", "s"}}},
          {"attributes",
           {{"attributes", json::array({{{"name", "k"}, {"values", json::array({"1", ""})}}})}}}}));
}

TEST(CrowdXmlTest, WhatIsNotWellFormedIsNothing) {
  for (const char* text : {"", "<a>", "<a></b>", "<a/><b/>", "<a b></a>", "<a b=\"<\"/>",
                           "<a>&nbsp;</a>", "<a>&#0;</a>", "text", "<!DOCTYPE a><a/>"}) {
    EXPECT_FALSE(ParseXml(text).has_value()) << text;
  }
}

TEST(CrowdXmlTest, DepthIsLimited) {
  for (const int depth : {kMaxXmlDepth, kMaxXmlDepth + 1}) {
    std::string text;
    for (int i = 0; i <= depth; ++i) absl::StrAppend(&text, "<a>");
    for (int i = 0; i <= depth; ++i) absl::StrAppend(&text, "</a>");
    EXPECT_EQ(ParseXml(text).has_value(), depth == kMaxXmlDepth) << depth;
  }
}

TEST(CrowdXmlTest, AnswersAreElementsWithNamesAsAttributes) {
  EXPECT_EQ(BodyToXml("users", {{"expand", "user"},
                                {"users", json::array({{{"name", "a\"<&"}, {"active", true}}})}}),
            absl::StrCat(kXmlProlog,
                         "<users expand=\"user\"><user name=\"a&quot;&lt;&amp;\">"
                         "<active>true</active></user></users>"));
  EXPECT_EQ(BodyToXml("error", {{"reason", "R"}, {"message", "a\x01z"}}),
            absl::StrCat(kXmlProlog, "<error><message>az</message><reason>R</reason></error>"));
  EXPECT_EQ(BodyToXml("session", {{"created-date", 1500}}),
            absl::StrCat(kXmlProlog,
                         "<session><created-date>1970-01-01T00:00:01.500+00:00"
                         "</created-date></session>"));
}

}  // namespace
}  // namespace rollcall::twins
