#include "clients/json/writer.h"

#include <gtest/gtest.h>

#include "clients/json/value.h"

namespace rollcall::json {
namespace {

TEST(WriterTest, CommasAreInTheirPlaces) {
  Writer w;
  w.StartObject().Key("a").StartArray().Int(1).String("x").StartObject().EndObject();
  w.StartArray().EndArray().Null().EndArray().Key("b").Bool(true).Key("c").Raw("1.50").EndObject();
  EXPECT_EQ(std::move(w).Take(), R"({"a":[1,"x",{},[],null],"b":true,"c":1.50})");
}

TEST(WriterTest, EveryTextComesBackAsItWas) {
  std::string text = "quote \" backslash \\ slash / \u00e4\u20ac\U0001F600";
  for (char c = 0; c < 0x20; ++c) text.push_back(c);
  text.push_back(0x7F);
  absl::StatusOr<Value> value = Value::Parse(Quoted(text));
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(value->text(), text);
}

TEST(WriterTest, ControlCharactersAreEscaped) {
  EXPECT_EQ(Quoted(absl::string_view("\n\t\r\x01\x1f\0", 6)), R"("\n\t\r\u0001\u001f\u0000")");
}

TEST(WriterTest, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(Quoted("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(Quoted("\xC3"), "\"\uFFFD\"");
}

TEST(WriterTest, KeysAreEscapedToo) {
  Writer w;
  w.StartObject().Key("a\"b").Int(-7).EndObject();
  EXPECT_EQ(w.text(), R"({"a\"b":-7})");
}

}  // namespace
}  // namespace rollcall::json
