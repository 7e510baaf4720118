// ParseInsitu: one document in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/json/events.h"
#include "tests/clients/json/recorder.h"

namespace rollcall::json {
namespace {

using ::testing::HasSubstr;

struct Parsed {
  absl::Status status;
  std::string log;
};

Parsed Parse(std::string text, const Limits& limits = {}) {
  Recorder recorder;
  Parsed parsed;
  parsed.status = ParseInsitu(text, recorder, limits);
  parsed.log = recorder.log;
  return parsed;
}

std::string MessageOf(const std::string& text, const Limits& limits = {}) {
  Parsed parsed = Parse(text, limits);
  EXPECT_EQ(parsed.status.code(), absl::StatusCode::kInvalidArgument) << text << parsed.status;
  return std::string(parsed.status.message());
}

TEST(ParseInsituTest, EveryKindOfValueIsReportedInOrder) {
  Parsed parsed = Parse(R"( {"a":[1,-2.5e3,"x"],"b":{"c":null},"d":true,"e":false} )");
  EXPECT_TRUE(parsed.status.ok()) << parsed.status;
  EXPECT_EQ(parsed.log, "{ a: [ 1 -2.5e3 'x' ] b: { c: null } d: true e: false }");
}

TEST(ParseInsituTest, ScalarsAndEmptyContainersAreDocuments) {
  EXPECT_EQ(Parse("7").log, "7");
  EXPECT_EQ(Parse("\"\"").log, "''");
  EXPECT_EQ(Parse("{}").log, "{ }");
  EXPECT_EQ(Parse("[[],{}]").log, "[ [ ] { } ]");
}

TEST(ParseInsituTest, NumbersComeAsWritten) {
  EXPECT_EQ(Parse("[0,-0,12345678901234567890123,1.10,1E+2]").log,
            "[ 0 -0 12345678901234567890123 1.10 1E+2 ]");
}

TEST(ParseInsituTest, EscapesAreDecoded) {
  Parsed parsed = Parse(R"(["a\"b\\c\/d\n\t\u00e4\u20AC\ud83d\ude00z","plain"])");
  EXPECT_EQ(parsed.log, "[ 'a\"b\\c/d\n\t\u00e4\u20AC\U0001F600z' 'plain' ]");
}

TEST(ParseInsituTest, LongTextsAroundTheSixteenByteStepsAreWhole) {
  for (size_t length = 0; length < 70; ++length) {
    std::string text(length, 'x');
    EXPECT_EQ(Parse("[\"" + text + "\",\"" + text + "\\n" + text + "\"]").log,
              "[ '" + text + "' '" + text + "\n" + text + "' ]");
  }
}

TEST(ParseInsituTest, HalfASurrogateIsAnErrorEitherWay) {
  EXPECT_THAT(MessageOf(R"(["\ud83d"])"), HasSubstr("surrogate"));
  EXPECT_THAT(MessageOf(R"(["\ude00"])"), HasSubstr("half a character"));
  EXPECT_THAT(MessageOf(R"({"\udfff":1})"), HasSubstr("half a character"));
}

TEST(ParseInsituTest, InvalidUtf8NamesTheByte) {
  EXPECT_THAT(MessageOf("[\"ab\xff\"]"), HasSubstr("byte 4 is not valid UTF-8"));
  EXPECT_THAT(MessageOf("[\"\xC3\"]"), HasSubstr("byte 2"));
}

TEST(ParseInsituTest, EveryControlCharacterInsideATextIsRefused) {
  for (int c = 0; c < 0x20; ++c) {
    for (size_t before : {0u, 20u}) {
      std::string text =
          "[\"" + std::string(before, 'x') + static_cast<char>(c) + std::string(20, 'y') + "\"]";
      EXPECT_THAT(MessageOf(text), HasSubstr("control character")) << c;
    }
  }
}

TEST(ParseInsituTest, ANulByteDoesNotEndTheDocument) {
  EXPECT_THAT(MessageOf(std::string("{}\0{", 4)), HasSubstr("after the end"));
  EXPECT_THAT(MessageOf(std::string("[1,\0]", 5)), HasSubstr("control character (0)"));
}

TEST(ParseInsituTest, ADocumentThatEndsEarlyIsAnError) {
  const std::string whole = R"({"a":[true,"x\n",{"b":-1.5}]})";
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THAT(MessageOf(whole.substr(0, length)), HasSubstr("cut")) << length;
  }
  EXPECT_TRUE(Parse(whole).status.ok());
}

TEST(ParseInsituTest, TextAfterTheDocumentIsAnError) {
  EXPECT_THAT(MessageOf("{} x"), HasSubstr("after the end of the document (byte 3)"));
  EXPECT_THAT(MessageOf("{}{}"), HasSubstr("after the end"));
  EXPECT_TRUE(Parse("{} \r\n\t").status.ok());
}

TEST(ParseInsituTest, WhatIsNotJsonNamesThePathAndTheByte) {
  EXPECT_THAT(MessageOf(R"({"Resources":[{"id":1},{"id":tru}]})"),
              HasSubstr("($.Resources[1].id, byte 32)"));
  EXPECT_THAT(MessageOf("<html>"), HasSubstr("not JSON"));
  for (const char* text : {"[1,]", "{\"a\":1,}", "{a:1}", "['a']", "[01]", "[1.]", "[+1]", "[NaN]",
                           "[\"\\x\"]", "{\"a\" 1}", "[1 2]", "]", "// c\n1", "[.5]", "[1e]"}) {
    EXPECT_THAT(MessageOf(text), HasSubstr("not JSON")) << text;
  }
}

TEST(ParseInsituTest, DepthIsLimited) {
  Limits limits;
  limits.max_depth = 5;
  EXPECT_TRUE(Parse("[[[[[1]]]]]", limits).status.ok());
  EXPECT_THAT(MessageOf("[[[[[[1]]]]]]", limits), HasSubstr("nested deeper than 5"));
  EXPECT_THAT(MessageOf(R"({"a":[{"b":[{"c":{}}]}]})", limits), HasSubstr("nested deeper than 5"));
}

TEST(ParseInsituTest, AMillionBracketsDoNotSmashTheStackWhateverLimitIsAsked) {
  Limits limits;
  limits.max_depth = 1 << 30;
  EXPECT_THAT(MessageOf(std::string(1000000, '['), limits), HasSubstr("nested deeper than 1000"));
}

TEST(ParseInsituTest, TheLengthOfTextsAndKeysIsLimited) {
  Limits limits;
  limits.max_string = 4;
  EXPECT_TRUE(Parse(R"({"abcd":"efgh"})", limits).status.ok());
  EXPECT_THAT(MessageOf(R"({"abcd":"efghi"})", limits), HasSubstr("longer than 4 bytes"));
  EXPECT_THAT(MessageOf(R"({"abcde":1})", limits), HasSubstr("longer than 4 bytes"));
}

TEST(ParseInsituTest, AHandlerThatStopsGetsItsOwnErrorWithThePlace) {
  Recorder recorder;
  recorder.stop_key = "b";
  recorder.stop_error = absl::DataLossError("b is bad");
  std::string text = R"({"x":[{"a":1},{"b":2}]})";
  absl::Status status = ParseInsitu(text, recorder);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(status.message(), "b is bad ($.x[1].b, byte 18)");
}

TEST(ParseInsituTest, AHandlerThatStopsWithoutAnErrorIsCancelled) {
  Recorder recorder;
  recorder.stop_key = "a";
  std::string text = R"({"a":1})";
  EXPECT_EQ(ParseInsitu(text, recorder).code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(recorder.log, "{ a:");
}

TEST(ParseInsituTest, ASkippedValueIsNotReportedButChecked) {
  for (const char* value :
       {"1", "\"s\"", "null", "[]", "{}", "[1,[2],{\"b\":3}]", "{\"x\":[{}]}"}) {
    Recorder recorder;
    recorder.skip_key = "s";
    std::string text =
        std::string("{\"s\":") + value + ",\"t\":[" + value + "],\"s\":" + value + "}";
    ASSERT_TRUE(ParseInsitu(text, recorder).ok());
    EXPECT_THAT(recorder.log, testing::StartsWith("{ s: t: [ "));
    EXPECT_THAT(recorder.log, testing::EndsWith(" s: }"));
  }
  Recorder recorder;
  recorder.skip_key = "s";
  std::string broken = R"({"s":[1,}]})";
  EXPECT_FALSE(ParseInsitu(broken, recorder).ok());
}

TEST(ParseInsituTest, AContainerCanBeSkippedFromItsStart) {
  Recorder recorder;
  recorder.skip_arrays = true;
  std::string text = R"({"a":[1,[2]],"b":{"c":[[]],"d":4}})";
  ASSERT_TRUE(ParseInsitu(text, recorder).ok());
  EXPECT_EQ(recorder.log, "{ a: [ b: { c: [ d: 4 } }");
}

}  // namespace
}  // namespace rollcall::json
