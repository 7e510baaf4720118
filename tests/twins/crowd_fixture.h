// For tests of the Crowd twin: one internal directory with four users and three groups, a clock
// that the test moves, and calls that read like the protocol.
#ifndef TESTS_TWINS_CROWD_FIXTURE_H_
#define TESTS_TWINS_CROWD_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_twin.h"

namespace rollcall::twins {

struct CrowdReply {
  TwinResponse raw;
  nlohmann::json body;  // null if there is none, or if it is no JSON
  int status() const { return raw.status; }
  std::string reason() const { return body.is_object() ? body.value("reason", "") : ""; }
  std::string header(const char* name) const {
    return std::string(FindTwinHeader(raw.headers, name));
  }
  // Of a list of users or groups.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const char* key : {"users", "groups", "user", "group"}) {
      if (!body.is_object() || !body.contains(key)) continue;
      for (const nlohmann::json& item : body[key]) result.push_back(item["name"]);
    }
    return result;
  }
};

class CrowdFixture : public ::testing::Test {
 protected:
  // ada, Bob (inactive), carl and dora; group "staff" holds ada and Bob and the group "Team", which
  // holds carl; "empty" holds nobody. Passwords are "pw".
  CrowdFixture() {
    CrowdDirectory directory;
    for (const char* name : {"ada", "Bob", "carl", "dora"}) {
      CrowdUser user = MakeCrowdUser(name, name[0] != 'B');
      user.password = "pw";
      user.created = user.updated = now_;
      directory.users[FoldCrowdName(name)] = user;
    }
    directory.users["ada"].attributes = {{"uuid", {"4711"}}, {"tags", {"x", "y"}}};
    directory.groups["staff"] = {"staff", "Everybody", true, {}, {"ada", "bob"}, {"team"}};
    directory.groups["team"] = {"Team", "", true, {}, {"carl"}, {}};
    directory.groups["empty"] = {"empty", "", true, {}, {}, {}};
    app().directories.push_back(directory);
    Restart();
  }

  void Restart() {
    twin_ = std::make_unique<CrowdTwin>(&world_, "crowd", options_, [this] { return now_; });
  }
  // From now on with these quirks alone.
  void Use(const std::vector<std::string>& quirks) {
    options_ = CrowdOptions();
    for (const std::string& quirk : quirks) {
      EXPECT_TRUE(ApplyCrowdQuirk(quirk, options_).ok()) << quirk;
    }
    Restart();
  }

  // Headers that are given win over the usual ones; a value of "-" leaves the header out.
  CrowdReply Send(const std::string& method, const std::string& target,
                  const std::string& body = "", TwinHeaders headers = {}) {
    TwinRequest request;
    request.method = method;
    request.target = absl::StrCat("/crowd/rest/usermanagement/1", target);
    request.body = body;
    for (const auto& [name, value] : TwinHeaders{{"Authorization", Basic("rollcall", "twin-token")},
                                                 {"Accept", "application/json"},
                                                 {"Content-Type", "application/json"}}) {
      if (FindTwinHeader(headers, name).empty()) headers.emplace_back(name, value);
    }
    for (const auto& header : headers) {
      if (header.second != "-") request.headers.push_back(header);
    }
    return Handle(request);
  }
  CrowdReply Handle(const TwinRequest& request) {
    CrowdReply reply;
    reply.raw = twin_->Handle(request);
    reply.body = nlohmann::json::parse(reply.raw.body, nullptr, false);
    if (reply.body.is_discarded()) reply.body = nullptr;
    return reply;
  }
  CrowdReply Get(const std::string& target) { return Send("GET", target); }
  CrowdReply Delete(const std::string& target) { return Send("DELETE", target); }
  CrowdReply Post(const std::string& target, const nlohmann::json& body) {
    return Send("POST", target, body.dump());
  }
  CrowdReply Put(const std::string& target, const nlohmann::json& body) {
    return Send("PUT", target, body.dump());
  }
  static std::string Basic(absl::string_view name, absl::string_view password) {
    return absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(name, ":", password)));
  }
  // All six fields of ada, inactive.
  static nlohmann::json InactiveAda() {
    return {{"name", "ada"},
            {"first-name", "Ada"},
            {"last-name", "Example"},
            {"display-name", "Ada Example"},
            {"email", "ada@example.com"},
            {"active", false}};
  }

  CrowdApplication& app() { return world_.crowd["crowd"]; }
  CrowdDirectory& directory(size_t number = 0) { return app().directories[number]; }
  CrowdUser& user(const std::string& folded) { return directory().users.at(folded); }
  CrowdGroup& group(const std::string& folded) { return directory().groups.at(folded); }
  // A second directory below the first, with the same ada (inactive there), zoe, and a group
  // "lower" that holds both.
  CrowdDirectory& AddSecondDirectory() {
    CrowdDirectory second;
    second.id = 2;
    second.users["ada"] = MakeCrowdUser("ada", false);
    second.users["zoe"] = MakeCrowdUser("zoe", true);
    second.groups["lower"] = {"lower", "", true, {}, {"ada", "zoe"}, {}};
    app().directories.push_back(second);
    return app().directories.back();
  }
  static std::set<CrowdOperation> Everything() {
    std::set<CrowdOperation> all;
    for (int i = 0; i < kCrowdOperations; ++i) all.insert(static_cast<CrowdOperation>(i));
    return all;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  CrowdOptions options_;
  std::unique_ptr<CrowdTwin> twin_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_FIXTURE_H_
