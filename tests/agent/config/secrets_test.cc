#include "agent/config/secrets.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "gmock/gmock.h"
#include "tests/agent/config/config_text.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SecretsTest : public ::testing::Test {
 protected:
  SecretsTest() { config_.folder = folder_.path(); }

  absl::StatusOr<Secret> FromEnvironment(const char* value) {
    setenv("ROLLCALL_TEST_SECRET", value, 1);
    config::v1::Secret where;
    where.set_env("ROLLCALL_TEST_SECRET");
    return ResolveSecret(where, config_, runtime_, {});
  }
  absl::StatusOr<Secret> FromFile(const std::string& content) {
    std::ofstream(folder_.File("key"), std::ios::binary) << content;
    return ResolveSecret(File(), config_, runtime_, {});
  }
  absl::StatusOr<Secret> FromCommand(std::vector<std::string> argv) {
    config::v1::Secret where;
    for (const std::string& argument : argv) where.add_exec(argument);
    return ResolveSecret(where, config_, runtime_, {});
  }
  static config::v1::Secret File() {
    config::v1::Secret where;
    where.set_file("key");
    return where;
  }

  TempFolder folder_;
  FakeRuntime runtime_;
  LoadedConfig config_;
};

TEST_F(SecretsTest, EachFormFindsTheSecret) {
  EXPECT_EQ(FromEnvironment("abc")->Reveal(), "abc");
  EXPECT_EQ(FromFile("abc")->Reveal(), "abc");
  EXPECT_EQ(FromCommand({"echo", "abc"})->Reveal(), "abc");
}

TEST_F(SecretsTest, OneNewlineAtTheEndIsTakenOffAndNoMore) {
  EXPECT_EQ(FromFile("abc\n")->Reveal(), "abc");
  EXPECT_EQ(FromFile("abc\r\n")->Reveal(), "abc");
  EXPECT_EQ(FromFile(" abc ")->Reveal(), " abc ");
  EXPECT_EQ(FromFile("abc\n\n").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SecretsTest, ErrorsNeverHoldTheValue) {
  for (const absl::StatusOr<Secret>& result :
       {FromFile("hunter2\nhunter2"), FromEnvironment("hunter2\x01"),
        FromCommand({"sh", "-c", "echo hunter2; exit 1"}),
        FromCommand({"printf", "hunter2\\nhunter2"})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_THAT(std::string(result.status().message()), Not(HasSubstr("hunter2")));
  }
}

TEST_F(SecretsTest, EmptyAndMissingSecretsNameTheirPlace) {
  EXPECT_THAT(std::string(FromFile("").status().message()), HasSubstr("/key is empty"));
  EXPECT_THAT(std::string(FromEnvironment("").status().message()),
              HasSubstr("ROLLCALL_TEST_SECRET is empty"));
  config::v1::Secret unset;
  unset.set_env("ROLLCALL_TEST_UNSET");
  EXPECT_THAT(std::string(ResolveSecret(unset, config_, runtime_, {}).status().message()),
              HasSubstr("ROLLCALL_TEST_UNSET is not set"));
  config::v1::Secret missing;
  missing.set_file("nowhere");
  EXPECT_EQ(ResolveSecret(missing, config_, runtime_, {}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(SecretsTest, SecretAtTheLimitIsTakenAndOneByteMoreIsNot) {
  EXPECT_TRUE(FromFile(std::string(64 * 1024, 'x')).ok());
  EXPECT_EQ(FromFile(std::string(64 * 1024 + 1, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SecretsTest, FileThatOthersMayReadIsWarnedAbout) {
  ASSERT_TRUE(FromFile("abc").ok());
  chmod(folder_.File("key").c_str(), 0644);
  ASSERT_THAT(SecretWarnings(File(), config_), SizeIs(1));
  EXPECT_THAT(SecretWarnings(File(), config_)[0], HasSubstr("chmod 600"));
  chmod(folder_.File("key").c_str(), 0600);
  EXPECT_THAT(SecretWarnings(File(), config_), IsEmpty());
}

}  // namespace
}  // namespace rollcall
