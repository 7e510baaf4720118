#include "agent/cli/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "rollcall/v1/resources.pb.h"

namespace rollcall {
namespace {

Document Greeting() {
  Document document;
  document.blocks.push_back(Headline{Tone::kGood, "READY", "yes."});
  return document;
}

struct Streams {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
};

Console::Options Terminal() {
  Console::Options options;
  options.input_is_terminal = true;
  options.output_is_terminal = true;
  options.error_is_terminal = true;
  return options;
}

TEST(ConsoleTest, ColourIsForTerminalsWithoutNoColor) {
  Streams streams;
  Console(streams.in, streams.out, streams.err, Terminal()).Print(Greeting(), v1::Plan());
  EXPECT_THAT(streams.out.str(), ::testing::HasSubstr("\x1b["));
  streams.out.str("");
  Console::Options no_color = Terminal();
  no_color.no_color = true;
  Console(streams.in, streams.out, streams.err, no_color).Print(Greeting(), v1::Plan());
  Console(streams.in, streams.out, streams.err, {}).Print(Greeting(), v1::Plan());
  EXPECT_EQ(streams.out.str(), "READY  yes.\nREADY  yes.\n");
}

TEST(ConsoleTest, OnlyYesConfirms) {
  for (const char* answer : {"", "\n", "y\n", "no\n", "YES\n", "yes please\n"}) {
    Streams streams;
    streams.in.str(answer);
    EXPECT_FALSE(Console(streams.in, streams.out, streams.err, Terminal()).Confirm("Go?"))
        << answer;
  }
  Streams streams;
  streams.in.str("yes\n");
  EXPECT_TRUE(Console(streams.in, streams.out, streams.err, Terminal()).Confirm("Go?"));
  EXPECT_EQ(streams.out.str(), "");
}

TEST(ConsoleTest, WithoutATerminalNobodyIsAsked) {
  Streams streams;
  streams.in.str("yes\n");
  EXPECT_FALSE(Console(streams.in, streams.out, streams.err, {}).Confirm("Go?"));
  EXPECT_EQ(streams.err.str(), "");
}

TEST(ConsoleTest, ErrorsAreSafeForTheTerminal) {
  Streams streams;
  Console(streams.in, streams.out, streams.err, {})
      .Error(absl::InvalidArgumentError("user \x1b[2J\nsecond line"));
  EXPECT_EQ(streams.err.str(), "rollcall: user \\x1b[2J\nsecond line\n");
}

}  // namespace
}  // namespace rollcall
