#include "clients/xml/reader.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall::xml {
namespace {

// Writes down what comes.
class Notes final : public Handler {
 public:
  absl::Status StartElement(absl::string_view name, const Attributes& attributes) override {
    const char* value = attributes.Find("name");
    absl::StrAppend(&text, "<", name, value == nullptr ? "" : absl::StrCat(" ", value), ">");
    return name == "refused" ? absl::DataLossError("not this one") : absl::OkStatus();
  }
  absl::Status EndElement(absl::string_view name) override {
    absl::StrAppend(&text, "</", name, ">");
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view piece) override {
    absl::StrAppend(&text, piece);
    return absl::OkStatus();
  }
  std::string text;
};

TEST(XmlReader, ElementsAttributesAndTextsComeInOrderAndDecoded) {
  Notes notes;
  ASSERT_TRUE(Parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<a name=\"x &amp; &lt;&#252;\"><b/>t&#x6F22;</a>",
                    notes)
                  .ok());
  EXPECT_EQ(notes.text, "<a x & <ü><b></b>t漢</a>");
}

TEST(XmlReader, EveryCutOfADocumentIsAnError) {
  const std::string whole = "<a><b name=\"1\"/></a>";
  for (size_t size = 0; size < whole.size(); ++size) {
    Notes notes;
    const absl::Status status = Parse(absl::string_view(whole).substr(0, size), notes);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << size;
  }
}

TEST(XmlReader, WhatIsBrokenIsToldWithLineAndColumn) {
  Notes notes;
  const absl::Status status = Parse("<a>\n  <b></c>\n</a>", notes);
  EXPECT_TRUE(absl::StrContains(status.message(), "line 2, column ")) << status;
}

TEST(XmlReader, ASecondDocumentBehindTheFirstIsAnError) {
  Notes notes;
  EXPECT_FALSE(Parse("<a/><a/>", notes).ok());
}

TEST(XmlReader, EntitiesCannotBeDeclared) {
  Notes notes;
  const absl::Status status = Parse("<!DOCTYPE a [<!ENTITY e \"boom\">]><a name=\"&e;\"/>", notes);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "DOCTYPE")) << status;
  EXPECT_EQ(notes.text, "");
}

TEST(XmlReader, NestingIsLimited) {
  Notes at_limit, beyond;
  Limits limits;
  limits.max_depth = 3;
  EXPECT_TRUE(Parse("<a><b><c/></b></a>", at_limit, limits).ok());
  EXPECT_FALSE(Parse("<a><b><c><d/></c></b></a>", beyond, limits).ok());
  EXPECT_EQ(beyond.text.find("<d>"), std::string::npos);
}

TEST(XmlReader, AttributesAreLimited) {
  Notes at_limit, beyond;
  Limits limits;
  limits.max_attribute = 4;
  EXPECT_TRUE(Parse("<a name=\"1234\"/>", at_limit, limits).ok());
  EXPECT_FALSE(Parse("<a name=\"12345\"/>", beyond, limits).ok());
}

TEST(XmlReader, AHandlersErrorEndsTheParseAndKeepsItsCode) {
  Notes notes;
  EXPECT_EQ(Parse("<a><refused/><b/></a>", notes).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(notes.text, "<a><refused>");
}

TEST(XmlReader, ADocumentLongerThanOnePieceIsRead) {
  std::string document = "<a>";
  for (int i = 0; i < 100'000; ++i) document += "<b name=\"123456\"/>";
  document += "</a>";
  Notes notes;
  ASSERT_TRUE(Parse(document, notes).ok());
  EXPECT_EQ(notes.text.size(), 7 + 100'000 * std::string("<b 123456></b>").size());
}

}  // namespace
}  // namespace rollcall::xml
