#include "agent/config/command.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A runtime whose clock goes on by a second whenever somebody looks at it.
class HurriedRuntime final : public Runtime {
 public:
  absl::Time Now() override {
    inner_.Advance(absl::Seconds(1));
    return inner_.Now();
  }
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override {
    return inner_.SleepUntil(when, context);
  }
  uint64_t Random() override { return inner_.Random(); }
  void RunAll(std::vector<std::function<void()>> tasks) override {
    inner_.RunAll(std::move(tasks));
  }

 private:
  FakeRuntime inner_;
};

class CommandTest : public ::testing::Test {
 protected:
  absl::Status Run(std::vector<std::string> argv, int64_t max_bytes = 1024) {
    output_.clear();
    CommandSpec command;
    command.argv = std::move(argv);
    command.max_bytes = max_bytes;
    command.folder = folder_.path();
    return RunCommand(
        command,
        [this](absl::string_view piece) {
          output_.append(piece.data(), piece.size());
          return absl::OkStatus();
        },
        runtime_, context_);
  }

  TempFolder folder_;
  FakeRuntime runtime_;
  CallContext context_;
  std::string output_;
};

TEST_F(CommandTest, OutputIsRead) {
  ASSERT_TRUE(Run({"printf", "%s|%s", "a b", "c"}).ok());
  EXPECT_EQ(output_, "a b|c");
}

TEST_F(CommandTest, NoShellReadsTheArguments) {
  ASSERT_TRUE(Run({"printf", "%s", "$HOME; echo x | cat `id`"}).ok());
  EXPECT_EQ(output_, "$HOME; echo x | cat `id`");
}

TEST_F(CommandTest, RunsInItsFolderWithNothingToRead) {
  ASSERT_TRUE(Run({"sh", "-c", "pwd -P; cat"}).ok());
  EXPECT_THAT(output_, HasSubstr(folder_.path().substr(folder_.path().rfind('/'))));
}

TEST_F(CommandTest, ExitCodeIsToldWithoutArgumentsOrOutput) {
  const absl::Status status = Run({"sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("command sh: ended with exit code 3"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hunter2")));
}

TEST_F(CommandTest, EndBySignalIsTold) {
  EXPECT_THAT(std::string(Run({"sh", "-c", "kill -TERM $$"}).message()), HasSubstr("signal 15"));
}

TEST_F(CommandTest, CommandThatDoesNotExistIsNotFound) {
  EXPECT_EQ(Run({"rollcall-no-such-command"}).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Run({}).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CommandTest, OutputAtTheLimitIsReadAndOneByteMoreIsNot) {
  EXPECT_TRUE(Run({"printf", "%s", std::string(100, 'x')}, 100).ok());
  EXPECT_EQ(Run({"printf", "%s", std::string(101, 'x')}, 100).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(CommandTest, EndlessOutputIsEndedAtTheLimit) {
  EXPECT_EQ(Run({"yes"}).code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(CommandTest, CommandThatTakesTooLongIsEnded) {
  HurriedRuntime hurried;
  CommandSpec command;
  command.argv = {"sleep", "1000"};
  const absl::Status status =
      RunCommand(command, [](absl::string_view) { return absl::OkStatus(); }, hurried, context_);
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(status.message()), HasSubstr("within 10s"));
}

TEST_F(CommandTest, StopEndsTheCommand) {
  StopFlag stop;
  stop.Request();
  context_.stop = &stop;
  EXPECT_EQ(Run({"sleep", "1000"}).code(), absl::StatusCode::kCancelled);
}

TEST_F(CommandTest, ErrorOfTheReaderEndsTheCommand) {
  CommandSpec command;
  command.argv = {"yes"};
  EXPECT_EQ(
      RunCommand(
          command, [](absl::string_view) { return absl::DataLossError("bad"); }, runtime_, context_)
          .code(),
      absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rollcall
