// What rollcall-twin can be told on its command line. Plain values.
#ifndef TESTS_TWINS_MAIN_FLAGS_H_
#define TESTS_TWINS_MAIN_FLAGS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace rollcall::twins {

struct TwinFlags {
  std::string state;
  std::string company;
  std::string out;
  std::string out_format = "scim";
  std::string listen = "127.0.0.1:0";
  std::string token = "twin-token";
  std::string dialect = "rfc";
  std::vector<std::string> quirks;
  std::string crowd_application = "rollcall";
  std::vector<std::string> crowd_quirks;
  std::string org_key;
  std::vector<std::string> org_quirks;
  std::string jira_email = "admin@example.com";
  std::string jira_token;
  std::vector<std::string> jira_quirks;
  int64_t page = 0;
  int64_t latency_ms = 0;
  double rate = 0;
  std::string rate_style = "seconds";
  std::string faults;
  bool until_stdin_closes = false;
  bool list_quirks = false;
};

// `flags` gets the values when `app` parses; it outlives that.
void DeclareFlags(CLI::App& app, TwinFlags& flags);

// Every oddity that can be asked for, with its meaning, by kind.
void ListQuirks(std::ostream& out);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_MAIN_FLAGS_H_
