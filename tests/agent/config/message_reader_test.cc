#include "agent/config/message_reader.h"

#include "agent/config/nearest_word.h"
#include "gmock/gmock.h"
#include "tests/agent/config/config_text.h"

namespace rollcall {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(MessageReaderTest, UnknownKeyNamesTheNearestKnownOne) {
  EXPECT_EQ(ErrorsOf(SmallConfig("polciy: {}\n")),
            "rollcall.yaml:5: unknown key \"polciy\"; did you mean policy?");
  EXPECT_EQ(ErrorsOf(SmallConfig("policy: {vanishd: report}\n")),
            "rollcall.yaml:5: policy: unknown key \"vanishd\"; did you mean vanished?");
}

TEST(MessageReaderTest, UnknownKeyThatResemblesNothingListsTheKnownOnes) {
  EXPECT_THAT(ErrorsOf(SmallConfig("managed: {xyzzy: 1}\n")),
              HasSubstr("unknown key \"xyzzy\"; known are domains, groups"));
}

TEST(MessageReaderTest, KeyThatStandsTwiceIsToldWithBothLines) {
  EXPECT_EQ(ErrorsOf(SmallConfig("state: a\nstate: b\n")),
            "rollcall.yaml:6: state: stands twice, first in line 5; remove one");
}

TEST(MessageReaderTest, AttributeThatStandsTwiceIsTold) {
  EXPECT_THAT(ErrorsOf("export: {people: p, exclude: [{where: {a: 1, a: 2}}]}\n"),
              HasSubstr("export.exclude[0].where.a: stands twice"));
}

TEST(MessageReaderTest, AllProblemsAreToldAtOnceInTheOrderOfTheFile) {
  const std::string errors = ErrorsOf(
      "export: {people: p, min_people: many}\n"
      "directories:\n"
      "  - {id: \"a b\", scim: {url: \"http://x.example.com\", token: abc}}\n"
      "guards: {first_run: maybe}\n"
      "stat: x\n");
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n') + 1, 7) << errors;
  EXPECT_LT(errors.find("yaml:1: export.min_people"), errors.find("yaml:3:"));
  EXPECT_LT(errors.find("yaml:3:"), errors.find("yaml:4: guards.first_run"));
  EXPECT_THAT(errors, HasSubstr("yaml:3: directories[0].people: is missing"));
  EXPECT_THAT(errors, HasSubstr("yaml:5: unknown key \"stat\"; did you mean state?"));
}

TEST(MessageReaderTest, AfterAHundredProblemsTheRestIsCounted) {
  std::string text = SmallConfig();
  for (int i = 0; i < 101; ++i) absl::StrAppend(&text, "unknown_", i, ": 1\n");
  const std::string errors = ErrorsOf(text);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 100);
  EXPECT_THAT(errors, HasSubstr("and 1 more problems"));
}

TEST(MessageReaderTest, WrongTypesNameTheKeyTheValueAndWhatIsExpected) {
  const std::string errors =
      ErrorsOf(SmallConfig("state: [a]\n"
                           "vanished_after: two\n"
                           "plan_max_age: 4\n"
                           "policy: {activate: owm}\n"
                           "managed: {domains: example.com}\n"
                           "guards: {empty_export: \"false\", max_removals: 5}\n"
                           "serve:\n"));
  EXPECT_THAT(errors, HasSubstr(":5: state: is a list; expected text"));
  EXPECT_THAT(errors, HasSubstr(":6: vanished_after: is \"two\"; expected an integer from 1"));
  EXPECT_THAT(errors, HasSubstr(":7: plan_max_age: is \"4\"; expected a duration with its unit"));
  EXPECT_THAT(errors, HasSubstr(":8: policy.activate: is \"owm\"; expected one of own, all, report "
                                "(did you mean own?)"));
  EXPECT_THAT(errors, HasSubstr(":9: managed.domains: is not a list"));
  EXPECT_THAT(errors, HasSubstr(":10: guards.empty_export: is \"false\"; expected true or false"));
  EXPECT_THAT(errors, HasSubstr(":10: guards.max_removals: is \"5\"; expected a mapping with the "
                                "keys floor, percent, count, or false"));
  EXPECT_THAT(errors, HasSubstr(":11: serve: has no value"));
}

TEST(MessageReaderTest, NumbersAreTakenAtTheirBoundsAndNotBeyond) {
  for (const char* good : {"0", "100"}) {
    EXPECT_EQ(
        ErrorsOf(SmallConfig(absl::StrCat("guards: {max_removals: {percent: ", good, "}}\n"))), "");
  }
  for (const char* bad : {"-1", "101", "5%", "1e1", "99999999999999999999", "0x5", "5.0"}) {
    EXPECT_THAT(
        ErrorsOf(SmallConfig(absl::StrCat("guards: {max_removals: {percent: ", bad, "}}\n"))),
        HasSubstr("expected an integer from 0 to 100"))
        << bad;
  }
}

TEST(MessageReaderTest, PlainTextLooksLikeOtherTypesAndStaysText) {
  const LoadedConfig config =
      Loaded(SmallConfig("managed: {domains: [true, 12, ~x], groups: [\"\\\"quoted\\\"\"]}\n"));
  EXPECT_THAT(config.proto.managed().domains(), ElementsAre("true", "12", "~x"));
}

TEST(MessageReaderTest, EnvironmentReferencesAreNotExpanded) {
  const LoadedConfig config = Loaded(SmallConfig("state: \"$HOME/${USER}.db\"\n"));
  EXPECT_EQ(config.proto.state(), "$HOME/${USER}.db");
}

TEST(MessageReaderTest, SecretInPlainTextIsRefusedAndNeverRepeated) {
  for (const char* token : {"hunter2", "\"hunter2\"", "{hunter2}", "{value: hunter2}", "[hunter2]",
                            "{env: [hunter2]}", "{env: \"hunter2!\"}", "{file: {hunter2: 1}}",
                            "{exec: hunter2}", "{hunter2: hunter2}", "hunter2: x"}) {
    const std::string errors = ErrorsOf(absl::StrCat(
        "export: {people: p}\ndirectories:\n  - id: scim\n    people: all\n    scim:\n      url: "
        "\"https://scim.example.com\"\n      token: ",
        token, "\n"));
    EXPECT_NE(errors, "") << token;
    EXPECT_THAT(errors, Not(HasSubstr("hunter2"))) << token;
  }
  EXPECT_THAT(ErrorsOf(SmallConfig("x: 1\n")), Not(HasSubstr("plain text")));
  EXPECT_THAT(ErrorsOf("directories: [{id: a, people: all, scim: {url: \"https://a.example.com\", "
                       "token: abc}}]\n"),
              HasSubstr("never written in plain text"));
}

TEST(MessageReaderTest, EmptyAllowListIsAnErrorSinceItWouldMeanEverything) {
  EXPECT_THAT(ErrorsOf("export: {people: p}\ndirectories: [{id: a, people: all, allow: [], scim: "
                       "{url: \"https://a.example.com\", token: {env: T}}}]\n"),
              HasSubstr("directories[0].allow: is an empty list"));
}

TEST(MessageReaderTest, ProtectedListIsTakenAtItsLimitAndNotBeyond) {
  std::string list;
  for (int i = 0; i < 10000; ++i) absl::StrAppend(&list, i == 0 ? "" : ",", "p", i);
  EXPECT_EQ(ErrorsOf(SmallConfig(absl::StrCat("guards: {protected: [", list, "]}\n"))), "");
  EXPECT_THAT(ErrorsOf(SmallConfig(absl::StrCat("guards: {protected: [", list, ",x]}\n"))),
              HasSubstr("has 10001 entries; the limit is 10000"));
}

TEST(NearestWordTest, FewestEditsWinAndTooManyFindNothing) {
  const std::vector<std::string> known = {"policy", "people", "page_size"};
  EXPECT_EQ(config::NearestWord("polcy", known), "policy");
  EXPECT_EQ(config::NearestWord("opeple", known), "people");
  EXPECT_EQ(config::NearestWord("page-size", known), "page_size");
  EXPECT_EQ(config::NearestWord("zzz", known), "");
  EXPECT_EQ(config::NearestWord(std::string(65, 'p'), known), "");
}

}  // namespace
}  // namespace rollcall
