// ParseStream: documents from a pull stream.
#include "clients/json/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/json/window.h"
#include "tests/clients/json/recorder.h"

namespace rollcall::json {
namespace {

using ::testing::HasSubstr;

struct Streamed {
  absl::Status status;
  std::string log;
};

Streamed ReadStream(const std::string& text, Documents documents = Documents::kMany,
                    size_t piece = SIZE_MAX) {
  Recorder recorder;
  PieceSource source(text, piece);
  Streamed parsed;
  parsed.status = ParseStream(source, recorder, documents);
  parsed.log = recorder.log;
  return parsed;
}

TEST(ParseStreamTest, SeveralDocumentsFollowOneAnother) {
  EXPECT_EQ(ReadStream("{\"a\":1}\n{\"a\":2}\r\n\n[3] {}{}").log,
            "{ a: 1 } { a: 2 } [ 3 ] { } { }");
}

TEST(ParseStreamTest, NothingIsNoDocument) {
  EXPECT_TRUE(ReadStream("").status.ok());
  EXPECT_TRUE(ReadStream(" \n\t ").status.ok());
  EXPECT_FALSE(ReadStream("", Documents::kOne).status.ok());
}

TEST(ParseStreamTest, OneDocumentMeansOne) {
  EXPECT_TRUE(ReadStream("{}\n", Documents::kOne).status.ok());
  EXPECT_THAT(std::string(ReadStream("{}\n{}", Documents::kOne).status.message()),
              HasSubstr("after the end of the document (line 2, byte 3)"));
}

TEST(ParseStreamTest, ACutDocumentIsDataLoss) {
  const std::string whole = R"({"a":[true,"x\n",{"b":-1.5}]})";
  for (size_t length = 1; length < whole.size(); ++length) {
    EXPECT_EQ(ReadStream(whole.substr(0, length)).status.code(), absl::StatusCode::kDataLoss)
        << length;
  }
}

TEST(ParseStreamTest, ErrorsNameTheLineTheByteAndThePath) {
  absl::Status status = ReadStream("{\"t\":\"a\\nb\"}\n{\"list\":[\n 1,\n x]}").status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("($.list[1], line 4, byte 28)"));
}

// Records whose quotes, escapes and numbers fall on every place of the window's edge.
std::string ManyRecords(size_t count, std::string* expected) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const std::string filler(i % 37, 'f');
    text += "{\"id\":\"" + std::to_string(i) + filler + "\",\"t\":\"a\\\\\\\"" + filler +
            "\\u20ac\",\"n\":[" + std::to_string(i) + ", true,null ]}\n";
    if (!expected->empty()) *expected += ' ';
    *expected += "{ id: '" + std::to_string(i) + filler + "' t: 'a\\\"" + filler + "\u20ac' n: [ " +
                 std::to_string(i) + " true null ] }";
  }
  return text;
}

TEST(ParseStreamTest, TokensAcrossTheEdgeOfTheWindowAreWhole) {
  std::string expected;
  const std::string text = ManyRecords(8000, &expected);
  ASSERT_GT(text.size(), 5 * Window::kPull);
  for (size_t piece : {SIZE_MAX, size_t{4096}, size_t{1000}, size_t{7}}) {
    Streamed parsed = ReadStream(text, Documents::kMany, piece);
    ASSERT_TRUE(parsed.status.ok()) << parsed.status;
    ASSERT_TRUE(parsed.log == expected) << "piece " << piece;
  }
}

TEST(ParseStreamTest, EveryKindOfTokenMayLieOnTheEdge) {
  const std::string record = R"({"k\"\\":"v\\",  "n" :-12.5e3, "b":[true , false,null,"\\\""] })";
  const std::string expected = R"({ k"\: 'v\' n: -12.5e3 b: [ true false null '\"' ] })";
  for (size_t shift = 0; shift <= record.size() + 1; ++shift) {
    const std::string text = std::string(Window::kPull - shift, ' ') + record + "\n" + record;
    Streamed parsed = ReadStream(text);
    ASSERT_TRUE(parsed.status.ok()) << parsed.status;
    ASSERT_EQ(parsed.log, expected + " " + expected) << shift;
  }
}

TEST(ParseStreamTest, AWindowWithoutAQuoteIsReadToo) {
  std::string text = "[";
  std::string expected = "[";
  for (int i = 0; i < 50000; ++i) {
    text += std::to_string(i) + ",";
    expected += " " + std::to_string(i);
  }
  Streamed parsed = ReadStream(text + "1]");
  ASSERT_TRUE(parsed.status.ok()) << parsed.status;
  EXPECT_TRUE(parsed.log == expected + " 1 ]");
}

TEST(ParseStreamTest, ATextLongerThanTheWindowMakesItGrow) {
  for (size_t length : {Window::kPull - 2, Window::kPull, Window::kPull * 3 + 5}) {
    const std::string text(length, 'x');
    Streamed parsed = ReadStream("[1,\"" + text + "\",\"\\\"" + text + "\"]");
    ASSERT_TRUE(parsed.status.ok()) << parsed.status;
    EXPECT_TRUE(parsed.log == "[ 1 '" + text + "' '\"" + text + "' ]") << length;
  }
}

TEST(ParseStreamTest, AnEndlessTextFailsEarlyAndWithoutItsMemory) {
  Recorder recorder;
  EndlessSource source("[\"", 'x');
  absl::Status status = ParseStream(source, recorder, Documents::kMany);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("longer than"));
  EXPECT_LT(source.pulled(), size_t{34} << 20);
}

TEST(ParseStreamTest, AnEndlessTextIsNamedByThePlaceWhereItBegins) {
  for (char filler : {'x', '\n'}) {
    Recorder recorder;
    EndlessSource source("{\"t\":1}\n{\"list\":[1,\"", filler);
    absl::Status status = ParseStream(source, recorder, Documents::kMany);
    EXPECT_THAT(std::string(status.message()), HasSubstr("($.list[1], line 2, byte 19)"));
  }
}

TEST(ParseStreamTest, TheLengthOfATextIsLimitedToTheByte) {
  Limits limits;
  limits.max_string = 200000;
  for (size_t length : {size_t{200000}, size_t{200001}}) {
    Recorder recorder;
    PieceSource source("\"" + std::string(length, 'x') + "\"");
    EXPECT_EQ(ParseStream(source, recorder, Documents::kOne, limits).ok(), length == 200000);
  }
}

TEST(ParseStreamTest, EndlessNumbersAndWordsFailToo) {
  for (char filler : {'1', 'a', '-'}) {
    Recorder recorder;
    EndlessSource source("[1", filler);
    EXPECT_FALSE(ParseStream(source, recorder, Documents::kMany).ok());
    EXPECT_LT(source.pulled(), size_t{34} << 20);
  }
}

TEST(ParseStreamTest, InvalidUtf8AcrossPiecesNamesTheByte) {
  Streamed fine = ReadStream("[\"\xE2\x82\xAC\"]", Documents::kMany, 1);
  EXPECT_EQ(fine.log, "[ '\u20AC' ]");
  absl::Status status = ReadStream("[\"\xE2\x82\"]", Documents::kMany, 1).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("byte 2 is not valid UTF-8"));
}

TEST(ParseStreamTest, AnErrorOfTheSourceIsReturnedAsItIs) {
  Recorder recorder;
  PieceSource source(std::string(100, ' ') + "[1,2", 50);
  source.fail_at = 100;
  EXPECT_EQ(ParseStream(source, recorder, Documents::kMany),
            absl::UnavailableError("the disk is gone"));
}

TEST(ParseStreamTest, ThePathSurvivesTheMoveOfTheWindow) {
  Recorder recorder;
  recorder.stop_key = "stop";
  recorder.stop_error = absl::InvalidArgumentError("stopped");
  PieceSource source("{\"first_key\":{\"second\":[" + std::string(2 * Window::kPull, ' ') +
                     "{\"stop\":1}]}}");
  EXPECT_THAT(std::string(ParseStream(source, recorder, Documents::kMany).message()),
              HasSubstr("$.first_key.second[0].stop"));
}

}  // namespace
}  // namespace rollcall::json
