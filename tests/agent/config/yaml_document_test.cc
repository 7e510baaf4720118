#include "agent/config/yaml_document.h"

#include "gmock/gmock.h"
#include "tests/agent/config/config_text.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(YamlDocumentTest, AliasesAndAnchorsAreRefused) {
  EXPECT_THAT(ErrorsOf("a: &x [1]\nb: *x\n"), HasSubstr("rollcall.yaml:1: anchors"));
  EXPECT_THAT(ErrorsOf("guards:\n  privileged: {groups: [*admin*]}\n"),
              HasSubstr("must be quoted"));
}

TEST(YamlDocumentTest, AliasBombEndsAtItsFirstAnchor) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    bomb += absl::StrCat(std::string(1, c), ": &", std::string(1, c), " [*", std::string(1, c - 1),
                         ",*", std::string(1, c - 1), "]\n");
  }
  EXPECT_THAT(ErrorsOf(bomb), StartsWith("rollcall.yaml:1: anchors"));
}

TEST(YamlDocumentTest, SecondDocumentIsRefused) {
  EXPECT_THAT(ErrorsOf(SmallConfig("---\nstate: x\n")), HasSubstr(":5: a second document"));
}

TEST(YamlDocumentTest, DocumentMarkersAroundOneDocumentAreTaken) {
  EXPECT_EQ(ErrorsOf("---\n" + SmallConfig("...\n")), "");
}

TEST(YamlDocumentTest, EmptyFileAndFileOfCommentsAreTold) {
  EXPECT_THAT(ErrorsOf(""), HasSubstr("the file is empty"));
  EXPECT_NE(ErrorsOf("# nothing\n"), "");
}

TEST(YamlDocumentTest, FileAtTheLimitIsReadAndOneByteMoreIsNot) {
  std::string text = SmallConfig();
  text += "#" + std::string(config::kMaxFileBytes - text.size() - 1, 'x');
  ASSERT_EQ(text.size(), config::kMaxFileBytes);
  EXPECT_EQ(ErrorsOf(text), "");
  EXPECT_THAT(ErrorsOf(text + "x"), HasSubstr("larger than"));
}

TEST(YamlDocumentTest, DepthAtTheLimitIsReadAndOneLevelMoreIsNot) {
  const auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '[') +
           std::string(static_cast<size_t>(depth), ']');
  };
  config::YamlNode root;
  config::Problems problems("x");
  EXPECT_TRUE(config::ParseYaml(nested(config::kMaxDepth), &root, &problems));
  config::YamlNode deeper;
  EXPECT_FALSE(config::ParseYaml(nested(config::kMaxDepth + 1), &deeper, &problems));
  EXPECT_THAT(std::string(problems.ToStatus().message()), HasSubstr("deeper than 32"));
}

TEST(YamlDocumentTest, ValuesAtTheLimitAreReadAndOneMoreIsNot) {
  const auto list = [](int values) {
    std::string text = "[";
    for (int i = 1; i < values; ++i) text += "1,";
    return text + "]";
  };
  config::YamlNode root;
  config::Problems problems("x");
  EXPECT_TRUE(config::ParseYaml(list(config::kMaxValues), &root, &problems));
  config::YamlNode more;
  EXPECT_FALSE(config::ParseYaml(list(config::kMaxValues + 1), &more, &problems));
}

TEST(YamlDocumentTest, TabsInTheIndentationAreTold) {
  EXPECT_THAT(ErrorsOf(SmallConfig("policy:\n\tactivate: own\n")), HasSubstr(":6: a tab"));
}

TEST(YamlDocumentTest, TextThatIsNotUtf8IsTold) {
  for (const char* bytes :
       {"\xFF\xFE", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE4\xB8"}) {
    EXPECT_THAT(ErrorsOf(SmallConfig(absl::StrCat("# ", bytes, "\n"))),
                HasSubstr(":5: the file is not UTF-8"))
        << absl::StrCat(bytes);
  }
  EXPECT_EQ(ErrorsOf(SmallConfig("# Zoë 北 \xF0\x9F\x98\x80\n")), "");
}

TEST(YamlDocumentTest, ByteOrderMarkIsTaken) {
  EXPECT_EQ(ErrorsOf("\xEF\xBB\xBF" + SmallConfig()), "");
}

TEST(YamlDocumentTest, ControlCharactersAreTold) {
  EXPECT_THAT(ErrorsOf(SmallConfig(std::string("# \x01\n"))), HasSubstr(":5: a control character"));
}

TEST(YamlDocumentTest, TagsAreRefused) {
  EXPECT_THAT(ErrorsOf(SmallConfig("state: !!str x\n")), HasSubstr(":5: tags"));
}

TEST(YamlDocumentTest, BrokenYamlNamesTheLine) {
  EXPECT_THAT(ErrorsOf("export: {people: a\nstate: [}\n"), HasSubstr("rollcall.yaml:2: not YAML"));
}

}  // namespace
}  // namespace rollcall
