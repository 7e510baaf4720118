// For tests of the SCIM twin: a directory with five users and two groups, a clock that the test
// moves, and calls that read like the protocol.
#ifndef TESTS_TWINS_SCIM_FIXTURE_H_
#define TESTS_TWINS_SCIM_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/twins/scim_twin.h"

namespace rollcall::twins {

struct Reply {
  TwinResponse raw;
  nlohmann::json body;  // null if there is none, or if it is no JSON
  int status() const { return raw.status; }
  std::string header(const char* name) const {
    return std::string(FindTwinHeader(raw.headers, name));
  }
};

inline constexpr char kDeactivate[] = R"({"op":"replace","path":"active","value":false})";
inline constexpr char kRemoveU1[] = R"({"op":"remove","path":"members[value eq \"u1\"]"})";

// Of a list answer.
inline std::vector<std::string> Ids(const Reply& reply) {
  std::vector<std::string> ids;
  for (const nlohmann::json& item : reply.body["Resources"]) ids.push_back(item["id"]);
  return ids;
}

class ScimFixture : public ::testing::Test {
 protected:
  // Users u1 to u5 (user1@example.com, externalId p1, active; u5 is not), groups g1 "Engineering"
  // with u1 and u2, g2 "Finance" with nobody.
  ScimFixture() {
    ScimDirectory& directory = world_.scim["scim"];
    for (int i = 1; i <= 5; ++i) {
      ScimUser user = MakeScimUser(absl::StrCat("u", i), absl::StrCat("user", i, "@example.com"),
                                   absl::StrCat("p", i), i != 5);
      user.created = user.modified = now_;
      directory.PutUser(std::move(user));
    }
    directory.PutGroup({"g1", "Engineering", "", {"u1", "u2"}, now_, now_, 1});
    directory.PutGroup({"g2", "Finance", "", {}, now_, now_, 1});
  }

  // Makes the twin anew with these quirks (names or NAME=NUMBER).
  void Use(const std::vector<std::string>& quirks) {
    options_ = ScimOptions();
    for (const std::string& quirk : quirks) ASSERT_TRUE(ApplyQuirk(quirk, options_).ok()) << quirk;
    Restart();
  }
  void Restart() {
    twin_ = std::make_unique<ScimTwin>(&world_, "scim", options_, [this] { return now_; });
  }

  Reply Send(TwinRequest request) {
    if (twin_ == nullptr) Restart();
    request.target = absl::StrCat("/scim/v2", request.target);
    request.headers.emplace_back("Authorization", "Bearer twin-token");
    Reply reply;
    reply.raw = twin_->Handle(request);
    reply.body = nlohmann::json::parse(reply.raw.body, nullptr, false);
    if (reply.body.is_discarded()) reply.body = nullptr;
    return reply;
  }
  Reply Get(const std::string& target) { return Send({"GET", target, {}, "", Writes::kKept}); }
  Reply Delete(const std::string& target) {
    return Send({"DELETE", target, {}, "", Writes::kKept});
  }
  Reply Post(const std::string& target, const nlohmann::json& body) {
    return Send({"POST", target, {}, body.dump(), Writes::kKept});
  }
  Reply Put(const std::string& target, const nlohmann::json& body) {
    return Send({"PUT", target, {}, body.dump(), Writes::kKept});
  }
  // A PATCH of these operations, in JSON: {"op": "replace", "path": "active", "value": false}.
  Reply Patch(const std::string& target, const std::string& operations) {
    return Send(
        {"PATCH", target, {}, absl::StrCat("{\"Operations\":[", operations, "]}"), Writes::kKept});
  }

  const ScimDirectory& directory() { return world_.scim["scim"]; }
  bool IsActive(const std::string& id) { return directory().FindUser(id)->Active(); }
  std::vector<std::string> Members(const std::string& id) {
    return directory().FindGroup(id)->members;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  ScimOptions options_;
  std::unique_ptr<ScimTwin> twin_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_FIXTURE_H_
