// The binary rollcall-twin, as a script starts it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

extern char** environ;

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// A process of the binary with pipes to all three streams; it has ended with the destructor.
class TwinProcess {
 public:
  explicit TwinProcess(std::vector<std::string> arguments) {
    int in[2], out[2], err[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC) + ::pipe2(out, O_CLOEXEC) + ::pipe2(err, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    const std::string binary = std::string(ROLLCALL_BINARY_DIR) + "/tests/rollcall-twin";
    arguments.insert(arguments.begin(), binary);
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, binary.c_str(), &actions, nullptr, raw.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    for (const int end : {in[0], out[1], err[1]}) ::close(end);
    in_ = in[1];
    out_ = out[0];
    err_ = err[0];
  }
  ~TwinProcess() {
    CloseInput();
    if (pid_ > 0 && !ended_) {
      ::kill(pid_, SIGTERM);
      Wait();
    }
    ::close(out_);
    ::close(err_);
  }

  void CloseInput() {
    if (in_ >= 0) ::close(in_);
    in_ = -1;
  }
  void Signal(int signal) { ::kill(pid_, signal); }
  std::string FirstLine() {
    std::string line;
    char byte;
    while (::read(out_, &byte, 1) == 1 && byte != '\n') line.push_back(byte);
    return line;
  }
  // The exit code, or minus the signal.
  int Wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string Errors() {
    std::string text;
    char buffer[4096];
    for (ssize_t got; (got = ::read(err_, buffer, sizeof(buffer))) > 0;) text.append(buffer, got);
    return text;
  }

 private:
  pid_t pid_ = -1;
  bool ended_ = false;
  int in_ = -1, out_ = -1, err_ = -1;
};

class RollcallTwinTest : public ::testing::Test {
 protected:
  RollcallTwinTest() {
    if (!std::filesystem::exists(std::string(ROLLCALL_BINARY_DIR) + "/tests/rollcall-twin")) {
      ADD_FAILURE() << "rollcall-twin is not built";
    }
    folder_ = std::filesystem::temp_directory_path() /
              ("rollcall-twin-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~RollcallTwinTest() override { std::filesystem::remove_all(folder_); }
  std::string Write(const char* name, const char* text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_;
};

TEST_F(RollcallTwinTest, FirstLineNamesTheAddressesAndSigtermEndsIt) {
  TwinProcess twin({"--company", "people=20,groups=2,drift=2", "--token", "secret"});
  const json line = json::parse(twin.FirstLine());
  EXPECT_THAT(line["twin"].get<std::string>(), HasSubstr("http://127.0.0.1:"));
  EXPECT_EQ(line["scim"]["base_url"], line["twin"].get<std::string>() + "/scim/v2");
  EXPECT_EQ(line["scim"]["token"], "secret");
  twin.Signal(SIGTERM);
  EXPECT_EQ(twin.Wait(), 0);
}

TEST_F(RollcallTwinTest, EndOfInputEndsItIfAsked) {
  TwinProcess twin({"--company", "people=0,drift=0", "--until-stdin-closes"});
  EXPECT_NE(twin.FirstLine(), "");
  twin.CloseInput();
  EXPECT_EQ(twin.Wait(), 0);
}

TEST_F(RollcallTwinTest, UnmetFaultsAreReportedAtTheEnd) {
  const std::string faults =
      Write("faults.json", R"({"faults":[{"name":"never came","effect":{"status":500}}]})");
  TwinProcess twin({"--company", "people=0,drift=0", "--faults", faults});
  EXPECT_NE(twin.FirstLine(), "");
  twin.Signal(SIGINT);
  EXPECT_EQ(twin.Wait(), 1);
  EXPECT_THAT(twin.Errors(), HasSubstr("\"never came\""));
}

TEST_F(RollcallTwinTest, CompanyWritesItsExport) {
  const std::string out = (folder_ / "new" / "exports").string();
  TwinProcess twin({"--company", "people=20,groups=2,drift=2", "--out", out});
  EXPECT_NE(twin.FirstLine(), "");
  for (const char* name : {"people.json", "groups.json", "drift.json"}) {
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(out) / name)) << name;
  }
}

TEST_F(RollcallTwinTest, AtlassianDialectHasItsOwnPath) {
  const std::string state =
      Write("world.json", R"({"scim":{"scim":{"users":[{"userName":"a"}]},"other":{}}})");
  TwinProcess twin({"--state", state, "--dialect", "atlassian"});
  const json line = json::parse(twin.FirstLine());
  EXPECT_THAT(line["scim"]["base_url"].get<std::string>(), HasSubstr("/scim/directory/"));
  EXPECT_NE(line["scim"]["base_url"], line["other"]["base_url"]);
}

TEST_F(RollcallTwinTest, CrowdIsNamedWithItsApplication) {
  const std::string state =
      Write("world.json", R"({"crowd":{"crowd":{"users":[{"name":"a"}]},"other":{}}})");
  TwinProcess twin({"--state", state, "--token", "secret", "--crowd-application", "app",
                    "--crowd-quirk", "unknown_list_empty"});
  const json line = json::parse(twin.FirstLine());
  EXPECT_EQ(line["crowd"]["base_url"], line["twin"].get<std::string>() + "/crowd");
  EXPECT_EQ(line["crowd"]["application"], "app");
  EXPECT_EQ(line["crowd"]["password"], "secret");
  EXPECT_EQ(line["other"]["base_url"], line["twin"].get<std::string>() + "/other/crowd");
}

TEST_F(RollcallTwinTest, OrganisationIsNamedWithItsDirectories) {
  const std::string state = Write("world.json", R"({"organisation":{"id":"o-1",
      "directories":[{"id":"dir-main"},{"id":"dir-lab"}]},"scim":{"scim":{}}})");
  TwinProcess twin({"--state", state, "--org-key", "secret", "--org-quirk", "next_url"});
  const json line = json::parse(twin.FirstLine());
  EXPECT_EQ(line["organisation"]["base_url"], line["twin"].get<std::string>() + "/atlassian");
  EXPECT_EQ(line["organisation"]["org_id"], "o-1");
  EXPECT_EQ(line["organisation"]["token"], "secret");
  EXPECT_EQ(line["organisation"]["directories"], (json{"dir-main", "dir-lab"}));
  EXPECT_EQ(line["scim"]["token"], "twin-token");
}

TEST_F(RollcallTwinTest, JiraSiteIsNamedWithItsAddressesAndCredentials) {
  const std::string state = Write("world.json", R"({"organisation":{"id":"o-1",
      "directories":[{"id":"dir-main"}]},"sites":{"site":{"id":"cloud-1"},"other":{}}})");
  TwinProcess twin({"--state", state, "--jira-email", "ada@example.com", "--jira-token", "secret",
                    "--jira-quirk", "short_pages", "--jira-quirk", "page_cap=2"});
  const json line = json::parse(twin.FirstLine());
  const std::string url = line["twin"];
  EXPECT_EQ(line["site"], (json{{"kind", "jira"},
                                {"base_url", url + "/jira/site"},
                                {"gateway_url", url + "/atlassian/ex/jira/cloud-1"},
                                {"cloud_id", "cloud-1"},
                                {"email", "ada@example.com"},
                                {"token", "secret"}}));
  EXPECT_EQ(line["other"]["base_url"], url + "/jira/other");
}

TEST_F(RollcallTwinTest, CompanyWithAnOrganisationHasASite) {
  TwinProcess twin({"--company", "people=40,groups=2,drift=2,cloud=1"});
  const json line = json::parse(twin.FirstLine());
  EXPECT_EQ(line["site"]["token"], "twin-token");
  EXPECT_EQ(line["site"]["email"], "admin@example.com");
}

TEST_F(RollcallTwinTest, MistakesAreUsageErrorsThatSayWhat) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{}, "--state"},
      {{"--company", "people=1"}, "drift"},
      {{"--company", "people=x"}, "people=x"},
      {{"--state", (folder_ / "none.json").string()}, "none.json"},
      {{"--state", Write("broken.json", "{")}, "broken.json"},
      {{"--company", "drift=0", "--quirk", "nonsense"}, "nonsense"},
      {{"--company", "drift=0", "--jira-quirk", "nonsense"}, "no quirk of Jira"},
      {{"--state", Write("twice.json", R"({"organisation":{"id":"o","directories":[{"id":"d"}]},
         "scim":{"site":{}},"sites":{"site":{}}})")},
       "are named site"},
      {{"--company", "drift=0", "--dialect", "klingon"}, "klingon"},
      {{"--company", "drift=0", "--crowd-quirk", "nonsense"}, "nonsense"},
      {{"--state", Write("both.json", R"({"scim":{"d":{}},"crowd":{"d":{}}})")}, "named d"},
      {{"--company", "drift=0", "--org-quirk", "nonsense"}, "nonsense"},
      {{"--state", Write("org.json", R"({"organisation":{"directories":[{"id":"d"}]},
          "scim":{"organisation":{}}})")},
       "named organisation"},
      {{"--company", "drift=0", "--listen", "0.0.0.0:0"}, "not loopback"},
      {{"--company", "drift=0", "--faults", Write("faults.json", "[]")}, "faults.json"},
      {{"--company", "drift=0", "--rate-style", "soon"}, "soon"},
  };
  for (const auto& item : cases) {
    TwinProcess twin(item.arguments);
    EXPECT_EQ(twin.Wait(), 7) << item.message;
    EXPECT_THAT(twin.Errors(), HasSubstr(item.message));
  }
}

}  // namespace
}  // namespace rollcall::twins
