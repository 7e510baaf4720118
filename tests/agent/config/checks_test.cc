#include "agent/config/checks.h"

#include "agent/config/url_rule.h"
#include "gmock/gmock.h"
#include "tests/agent/config/config_text.h"

namespace rollcall {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A configuration with one SCIM directory of these keys.
std::string Directory(const std::string& keys) {
  return absl::StrCat("export: {people: p}\ndirectories:\n  - {", keys, "}\n");
}
std::string Scim(const std::string& url, const std::string& keys = "") {
  return Directory(absl::StrCat("id: a, people: all, ", keys, keys.empty() ? "" : ", ",
                                "scim: {url: \"", url, "\", token: {env: T}}"));
}

TEST(ChecksTest, DirectoryNeedsExactlyOneKind) {
  EXPECT_THAT(ErrorsOf(Directory("id: a, people: all")), HasSubstr("needs one of crowd"));
  EXPECT_THAT(
      ErrorsOf(Directory("id: a, people: all, scim: {url: \"https://a.example.com\", token: "
                         "{env: T}}, jira: {url: \"https://a.example.com\", email: x, "
                         "api_token: {env: T}}")),
      HasSubstr("directories[0].jira: cannot stand beside scim"));
}

TEST(ChecksTest, PeopleNeedsExactlyOneForm) {
  EXPECT_THAT(ErrorsOf(Directory("id: a, people: {groups: [x], where: {a: b}}, scim: {url: "
                                 "\"https://a.example.com\", token: {env: T}}")),
              HasSubstr("directories[0].people: needs exactly one of"));
  EXPECT_THAT(ErrorsOf(Directory("id: a, people: everybody, scim: {url: \"https://a.example.com\", "
                                 "token: {env: T}}")),
              HasSubstr("directories[0].people: is \"everybody\"; expected"));
}

TEST(ChecksTest, IdsAreSaneAndUnique) {
  for (const char* id : {"\"a b\"", "a/b", "-a", ".a", "\"a\\tb\""}) {
    EXPECT_THAT(ErrorsOf(Directory(absl::StrCat("id: ", id,
                                                ", people: all, scim: {url: "
                                                "\"https://a.example.com\", token: {env: T}}"))),
                HasSubstr("directories[0].id"))
        << id;
  }
  const std::string twice = ErrorsOf(SmallConfig(
      "  - {id: scim, people: all, scim: {url: \"https://b.example.com\", token: {env: T}}}\n"));
  EXPECT_THAT(twice, HasSubstr(":5: directories[2].id: another directory is called \"scim\""));
}

TEST(ChecksTest, IdAtTheLimitIsTakenAndOneLetterMoreIsNot) {
  const auto with_id = [](size_t length) {
    return Directory(absl::StrCat("id: ", std::string(length, 'a'),
                                  ", people: all, scim: {url: \"https://a.example.com\", token: "
                                  "{env: T}}"));
  };
  EXPECT_EQ(ErrorsOf(with_id(64)), "");
  EXPECT_NE(ErrorsOf(with_id(65)), "");
}

TEST(ChecksTest, PlainHttpIsTakenForThisMachineOnlyUnlessAllowed) {
  for (const char* url : {"http://127.0.0.1:8080", "http://localhost/scim", "http://[::1]:1"}) {
    EXPECT_EQ(ErrorsOf(Scim(url)), "") << url;
  }
  for (const char* url : {"http://scim.example.com", "http://127.0.0.1.example.com",
                          "http://localhost.example.com"}) {
    EXPECT_THAT(ErrorsOf(Scim(url)), HasSubstr("use https")) << url;
    EXPECT_EQ(ErrorsOf(Scim(url, "allow_http: true")), "") << url;
  }
}

TEST(ChecksTest, PlainHttpThatIsAllowedIsWarnedAbout) {
  const LoadedConfig config = Loaded(Scim("http://scim.example.com", "allow_http: true"));
  ASSERT_EQ(ConfigWarnings(config.proto).size(), 1u);
  EXPECT_THAT(ConfigWarnings(config.proto)[0], HasSubstr("clear text"));
  EXPECT_EQ(ConfigWarnings(Loaded(Scim("http://127.0.0.1:1")).proto).size(), 0u);
}

TEST(ChecksTest, UrlWithAPasswordIsRefusedAndNotRepeated) {
  const std::string errors = ErrorsOf(Scim("https://bot:hunter2@scim.example.com/v2"));
  EXPECT_THAT(errors, HasSubstr("directories[0].scim.url"));
  EXPECT_THAT(errors, Not(HasSubstr("hunter2")));
}

TEST(ChecksTest, UrlMustBeAWebAddress) {
  for (const char* url : {"ftp://a.example.com", "scim.example.com", "https://", "https://a b",
                          "https://a.example.com/?x=1", "https://a.example.com/#x"}) {
    EXPECT_THAT(ErrorsOf(Scim(url)), HasSubstr("directories[0].scim.url")) << url;
  }
}

TEST(ChecksTest, BaseUrlStandsInForTheUrl) {
  const LoadedConfig config = Loaded(
      Directory("id: a, people: all, base_url: \"http://127.0.0.1:99/\", scim: {token: {env: T}}"));
  EXPECT_EQ(BaseUrlOf(config.proto.directories(0)), "http://127.0.0.1:99");
  EXPECT_THAT(ErrorsOf(Directory("id: a, people: all, scim: {token: {env: T}}")),
              HasSubstr("directories[0].scim.url: is missing"));
  EXPECT_EQ(BaseUrlOf(Loaded(SmallConfig()).proto.directories(0)), "https://api.atlassian.com");
}

TEST(ChecksTest, ProvisionsNamesADirectoryOfTheOrganisation) {
  const auto provisions = [](const std::string& id) {
    return ErrorsOf(SmallConfig(
        absl::StrCat("  - {id: other, people: all, scim: {url: \"https://b.example.com\", token: "
                     "{env: T}, provisions: ",
                     id, "}}\n")));
  };
  EXPECT_EQ(provisions("cloud"), "");
  EXPECT_THAT(provisions("scim"), HasSubstr("no directory of kind atlassian_admin"));
  EXPECT_THAT(provisions("missing"), HasSubstr("directories[2].scim.provisions"));
}

TEST(ChecksTest, GroupsNameDirectories) {
  EXPECT_THAT(ErrorsOf(SmallConfig("groups: [{export: eng, directory: clod}]\n")),
              HasSubstr(":5: groups[0].directory: names \"clod\""));
}

TEST(ChecksTest, TwoModesForOneTargetGroupAreAnError) {
  EXPECT_THAT(
      ErrorsOf(SmallConfig("groups:\n"
                           "  - {export: eng, directory: cloud}\n"
                           "  - {export: ops, directory: cloud, name: ENG, mode: additive}\n")),
      HasSubstr(":7: groups[1].mode: differs from groups[0]"));
  EXPECT_EQ(ErrorsOf(SmallConfig("groups:\n"
                                 "  - {export: eng, directory: cloud, mode: exact}\n"
                                 "  - {export: ops, directory: cloud, name: ENG}\n"
                                 "  - {export: eng, directory: scim, mode: additive}\n")),
            "");
}

TEST(ChecksTest, PatternAndAGroupThatItFitsMustAgreeToo) {
  EXPECT_THAT(ErrorsOf(SmallConfig("groups:\n"
                                   "  - {export: \"eng-*\", directory: cloud, mode: additive}\n"
                                   "  - {export: Eng-Core, directory: cloud}\n")),
              HasSubstr("groups[1].mode: differs from groups[0]"));
  EXPECT_EQ(ErrorsOf(SmallConfig("groups:\n"
                                 "  - {export: \"eng-*\", directory: cloud, mode: additive}\n"
                                 "  - {export: ops, directory: cloud}\n")),
            "");
}

TEST(ChecksTest, PatternHasNoNameOfItsOwn) {
  EXPECT_THAT(ErrorsOf(SmallConfig("groups: [{export: \"eng-*\", directory: cloud, name: x}]\n")),
              HasSubstr("groups[0].name: cannot stand with a pattern"));
}

TEST(ChecksTest, SecretHasExactlyOneForm) {
  const auto token = [](const std::string& text) {
    return ErrorsOf(Directory(absl::StrCat(
        "id: a, people: all, scim: {url: \"https://a.example.com\", token: ", text, "}")));
  };
  EXPECT_EQ(token("{file: /run/secrets/x}"), "");
  EXPECT_EQ(token("{exec: [pass, show, x]}"), "");
  EXPECT_THAT(token("{env: A, file: b}"), HasSubstr("exactly one of env, file, exec"));
  EXPECT_THAT(token("{}"), HasSubstr("needs exactly one of env, file, exec"));
  EXPECT_THAT(token("{env: \"9x\"}"), HasSubstr("not the name of an environment variable"));
}

TEST(ChecksTest, RateAndTimeoutHaveBounds) {
  for (const char* keys : {"rate: 0", "rate: -1", "rate: 10001", "timeout: 999ms", "timeout: 601s",
                           "concurrency: 0", "concurrency: 65", "page_size: 0"}) {
    EXPECT_NE(ErrorsOf(Scim("https://a.example.com", keys)), "") << keys;
  }
  for (const char* keys : {"rate: 0.5", "rate: 10000", "timeout: 1s", "timeout: 10m",
                           "concurrency: 64", "page_size: 1"}) {
    EXPECT_EQ(ErrorsOf(Scim("https://a.example.com", keys)), "") << keys;
  }
}

TEST(ChecksTest, AttributeThatIsNamedTwiceInSnakeCaseIsTold) {
  EXPECT_THAT(ErrorsOf("export: {people: p, exclude: [{where: {userType: a, user_type: b}}]}\n"),
              HasSubstr("names the attribute user_type twice"));
}

TEST(ChecksTest, SchedulesHaveNamesOfTheirOwnAndACronOfFiveFields) {
  const std::string errors =
      ErrorsOf(SmallConfig("schedules:\n"
                           "  - {name: a, cron: \"7 * * * *\", action: plan}\n"
                           "  - {name: a, cron: \"60 * * * *\", action: apply}\n"
                           "  - {name: b, cron: \"0 2 * *\", action: deploy}\n"));
  EXPECT_THAT(errors, HasSubstr(":7: schedules[1].name: another schedule"));
  EXPECT_THAT(errors, HasSubstr(":7: schedules[1].cron: the minute cannot be \"60\""));
  EXPECT_THAT(errors, HasSubstr(":8: schedules[2].cron: has 4 fields"));
  EXPECT_THAT(errors, HasSubstr(":8: schedules[2].action: is \"deploy\""));
}

// One schedule with these keys beside its name and action.
std::string ErrorsOfSchedule(const std::string& keys) {
  return ErrorsOf(
      SmallConfig(absl::StrCat("schedules: [{name: nightly, action: plan, ", keys, "}]\n")));
}

TEST(ChecksTest, NamesOfSchedulesAreSane) {
  for (const char* name : {"\"a b\"", "a/b", "-a", "nächtlich"}) {
    EXPECT_THAT(ErrorsOf(SmallConfig(absl::StrCat("schedules: [{name: ", name,
                                                  ", cron: \"0 2 * * *\", action: plan}]\n"))),
                HasSubstr("schedules[0].name: is"))
        << name;
  }
}

TEST(ChecksTest, MetricsNeedAnAddressAndNoSocket) {
  const auto serve = [](const std::string& metrics) {
    return absl::StrCat(Scim("https://a.example.com"), "serve: {metrics: \"", metrics, "\"}\n");
  };
  EXPECT_EQ(ErrorsOf(serve("0.0.0.0:9464")), "");
  EXPECT_EQ(ErrorsOf(serve("[::1]:0")), "");
  EXPECT_THAT(ErrorsOf(serve("unix:/run/rollcall/metrics.sock")),
              HasSubstr("serve.metrics: is a socket; write an address"));
  EXPECT_THAT(ErrorsOf(serve("127.0.0.1")), HasSubstr("serve.metrics: is no address with a port"));
}

TEST(ChecksTest, WhatIsStillNeededCannotBeDeletedByAge) {
  const auto serve = [](const std::string& age) {
    return absl::StrCat(Scim("https://a.example.com"), "serve: {retention: {age: ", age, "}}\n");
  };
  EXPECT_EQ(ErrorsOf(serve("48h")), "");
  EXPECT_THAT(ErrorsOf(serve("47h")), HasSubstr("serve.retention.age: is less than 48h"));
}

TEST(ChecksTest, TimeZonesAreKnownAndTheNearestIsNamed) {
  EXPECT_EQ(ErrorsOfSchedule("cron: \"0 2 * * *\", time_zone: Europe/Berlin"), "");
  EXPECT_THAT(ErrorsOfSchedule("cron: \"0 2 * * *\", time_zone: europe/berlin"),
              HasSubstr("schedules[0].time_zone: is \"europe/berlin\"; expected a time zone by its "
                        "IANA name, such as Europe/Berlin (did you mean that?)"));
  EXPECT_THAT(ErrorsOfSchedule("cron: \"61 2 * * *\", time_zone: Nowhere"),
              AllOf(HasSubstr("such as Europe/Berlin"), Not(HasSubstr("did you mean")),
                    HasSubstr("schedules[0].cron: the minute")));
}

TEST(ChecksTest, AScheduleThatNeverStartsIsRefused) {
  EXPECT_THAT(ErrorsOfSchedule("cron: \"0 2 31 2 *\""),
              HasSubstr("schedules[0].cron: never starts"));
}

TEST(ChecksTest, JitterIsShorterThanTheShortestWait) {
  EXPECT_EQ(ErrorsOfSchedule("cron: \"0 * * * *\", jitter: 59m"), "");
  EXPECT_THAT(ErrorsOfSchedule("cron: \"0 * * * *\", jitter: 1h"),
              HasSubstr("schedules[0].jitter: is 1h, but starts of \"0 * * * *\" can follow each "
                        "other within 1h; make it shorter than that"));
  // The day of the change to summer time is shorter.
  EXPECT_EQ(ErrorsOfSchedule("cron: \"0 2 * * *\", jitter: 1379m, time_zone: Europe/Berlin"), "");
  EXPECT_THAT(ErrorsOfSchedule("cron: \"0 2 * * *\", jitter: 23h, time_zone: Europe/Berlin"),
              HasSubstr("within 23h"));
}

TEST(ChecksTest, ListenAddressesNeedAnAddressAndAPort) {
  for (const char* good : {"127.0.0.1:8441", "[::1]:0", "localhost:65535", "0.0.0.0:1"}) {
    EXPECT_TRUE(config::CheckListenAddress(good).ok()) << good;
  }
  for (const char* bad : {"", ":8441", "127.0.0.1", "[::1]", "host:", "host:x", "host:65536",
                          "host:1/x", "http://host:1"}) {
    EXPECT_FALSE(config::CheckListenAddress(bad).ok()) << bad;
  }
}

TEST(ChecksTest, PlanThatCouldNeverBeAppliedIsTold) {
  EXPECT_THAT(ErrorsOf(SmallConfig("plan_max_age: 0s\n")), HasSubstr("plan_max_age: is 0"));
}

}  // namespace
}  // namespace rollcall
