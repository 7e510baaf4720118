#include "clients/json/value.h"

#include <gtest/gtest.h>

namespace rollcall::json {
namespace {

TEST(ValueTest, ADocumentBecomesATreeInOrder) {
  absl::StatusOr<Value> value = Value::Parse(
      R"({"schemas":["urn:a","urn:b"],"patch":{"supported":true},"n":42,"x":null,"s":"\u00e4"})");
  ASSERT_TRUE(value.ok()) << value.status();
  ASSERT_EQ(value->members().size(), 5u);
  EXPECT_EQ(value->members()[0].first, "schemas");
  EXPECT_EQ(value->Find("schemas")->items()[1].text(), "urn:b");
  EXPECT_EQ(value->Find("patch")->Find("supported")->boolean(), true);
  EXPECT_EQ(value->Find("n")->integer(), 42);
  EXPECT_EQ(value->Text("n"), "42");
  EXPECT_TRUE(value->Find("x")->is_null());
  EXPECT_EQ(value->Text("s"), "\u00e4");
}

TEST(ValueTest, WhatIsNotThereIsEmpty) {
  absl::StatusOr<Value> value = Value::Parse(R"({"a":"1","b":1.5,"c":9223372036854775808})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->Find("z"), nullptr);
  EXPECT_EQ(value->Text("z"), "");
  EXPECT_EQ(value->Find("a")->integer(), std::nullopt);
  EXPECT_EQ(value->Find("b")->integer(), std::nullopt);
  EXPECT_EQ(value->Find("c")->integer(), std::nullopt);
  EXPECT_EQ(value->Find("a")->boolean(), std::nullopt);
  EXPECT_EQ(value->Find("a")->Find("x"), nullptr);
}

TEST(ValueTest, KeysCompareExactlyUnlessAskedOtherwise) {
  absl::StatusOr<Value> value = Value::Parse(R"({"Patch":1,"patch":2})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->Text("patch"), "2");
  EXPECT_EQ(value->Find("PATCH"), nullptr);
  EXPECT_EQ(value->FindIgnoringCase("PATCH")->text(), "1");
}

TEST(ValueTest, ErrorsOfTheTextAreErrors) {
  EXPECT_FALSE(Value::Parse("").ok());
  EXPECT_FALSE(Value::Parse("<html>").ok());
  EXPECT_FALSE(Value::Parse("{} {}").ok());
}

TEST(ValueTest, OneMebibyteIsTheEnd) {
  std::string text = "\"" + std::string(Value::kMaxBytes - 2, 'x') + "\"";
  EXPECT_TRUE(Value::Parse(text).ok());
  EXPECT_EQ(Value::Parse(text + " ").status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace rollcall::json
