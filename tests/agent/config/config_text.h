// What the tests of the configuration share: a small valid text, and what is wrong with another.
#ifndef TESTS_AGENT_CONFIG_CONFIG_TEXT_H_
#define TESTS_AGENT_CONFIG_CONFIG_TEXT_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "agent/config/load_config.h"
#include "gtest/gtest.h"

namespace rollcall {

// Four lines; a test appends keys of its own from line 5 on.
inline std::string SmallConfig(const std::string& more = "") {
  return absl::StrCat(
      "export: {people: people.json}\n"
      "directories:\n"
      "  - {id: cloud, people: all, atlassian_admin: {org_id: o-1, api_key: {env: ORG_KEY}}}\n"
      "  - {id: scim, people: all, scim: {url: \"https://scim.example.com/v2\", token: {env: "
      "T}}}\n",
      more);
}

inline LoadedConfig Loaded(const std::string& text) {
  auto loaded = ParseConfig(text, "rollcall.yaml");
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *loaded : LoadedConfig();
}

// The errors, a line each; "" where there are none.
inline std::string ErrorsOf(const std::string& text) {
  return std::string(ParseConfig(text, "rollcall.yaml").status().message());
}

}  // namespace rollcall

#endif  // TESTS_AGENT_CONFIG_CONFIG_TEXT_H_
