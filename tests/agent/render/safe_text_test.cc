#include "agent/render/safe_text.h"

#include <gtest/gtest.h>

#include <string>

namespace rollcall {
namespace {

TEST(PrintableTest, OrdinaryNamesOfAnyScriptStay) {
  for (const char* name : {"ada", "Zoë Ångström", "王小明", "علی", "नि‌षाद", "😀"}) {
    EXPECT_EQ(Printable(name), name);
  }
}

TEST(PrintableTest, EscapeSequencesBecomeVisible) {
  EXPECT_EQ(Printable("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(Printable("a\nb\tc\rd"), "a\\x0ab\\x09c\\x0dd");
  EXPECT_EQ(Printable(absl::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Printable("\x7f"), "\\x7f");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\\u{9b}31m");  // CSI in one C1 character
}

TEST(PrintableTest, CharactersThatTurnTheReadingDirectionBecomeVisible) {
  EXPECT_EQ(Printable("\u202egpj.exe"), "\\u{202e}gpj.exe");
  EXPECT_EQ(Printable("a\u2066b\u2069"), "a\\u{2066}b\\u{2069}");
  EXPECT_EQ(Printable("a\u200bb\ufeff"), "a\\u{200b}b\\u{feff}");
  EXPECT_EQ(Printable("line\u2028line"), "line\\u{2028}line");
}

TEST(PrintableTest, BytesThatAreNotUtf8BecomeVisibleOneByOne) {
  EXPECT_EQ(Printable("a\xff"
                      "b"),
            "a\\xffb");
  EXPECT_EQ(Printable("\xc3"), "\\xc3");                    // cut at the end
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // half a surrogate pair
  EXPECT_EQ(Printable("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");
}

TEST(EscapeHtmlTest, NothingCanOpenATagOrEndAnAttribute) {
  EXPECT_EQ(EscapeHtml("<script>\"&'"), "&lt;script&gt;&quot;&amp;&#39;");
}

TEST(EscapeMarkdownTest, NothingCanAddALinkACellOrAHeading) {
  EXPECT_EQ(EscapeMarkdown("[a](b) | `c` # <d>"), "\\[a\\]\\(b\\) \\| \\`c\\` \\# \\<d\\>");
  EXPECT_EQ(EscapeMarkdown("a\nb"), "a\\\\x0ab");
}

TEST(ShellWordTest, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(ShellWord("quickstart/rollcall.yaml"), "quickstart/rollcall.yaml");
  EXPECT_EQ(ShellWord("my file"), "'my file'");
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellWord(""), "''");
}

TEST(WidthTest, CountsCharactersNotBytes) { EXPECT_EQ(Width("Zoë"), 3u); }

}  // namespace
}  // namespace rollcall
