#include "agent/config/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall::config {
namespace {

// The length of the UTF-8 sequence at `text`, or 0 where it is not one (RFC 3629).
size_t SequenceLength(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : length;
}

// What yaml-cpp would take and we do not: looked for before it sees a byte.
bool CheckBytes(absl::string_view text, Problems* problems) {
  int line = 1;
  bool indentation = true;
  for (size_t i = 0; i < text.size();) {
    const size_t length = SequenceLength(text.substr(i));
    if (length == 0) {
      problems->Add(line, "", "the file is not UTF-8 here; save it as UTF-8");
      return false;
    }
    const char c = text[i];
    if (c == '\t' && indentation) {
      problems->Add(line, "", "a tab in the indentation; use spaces");
      return false;
    }
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') ||
        c == 0x7F) {
      problems->Add(line, "", "a control character; remove it");
      return false;
    }
    if (c == '\n') ++line;
    indentation = c == '\n' || (indentation && c == ' ');
    i += length;
  }
  return true;
}

// Stops yaml-cpp from within an event; caught below and nowhere else.
struct Refusal {
  int line;
  std::string what;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlNode* root) : root_(root) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Append(mark, "", anchor, YamlNode::Kind::kNull);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{mark.line + 1,
                  "aliases are not taken; write the value out, and quote one that starts with *"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode* node = Append(mark, tag, anchor, YamlNode::Kind::kScalar);
    node->text = value;
    node->quoted = tag == "!";
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Enter(Append(mark, tag, anchor, YamlNode::Kind::kList), mark);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Enter(Append(mark, tag, anchor, YamlNode::Kind::kMap), mark);
  }
  void OnMapEnd() override {
    // yaml-cpp places a value that is not there where the next token is.
    std::vector<YamlNode>& items = open_.back()->items;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (items[i + 1].kind == YamlNode::Kind::kNull) items[i + 1].line = items[i].line;
    }
    open_.pop_back();
  }

 private:
  // A node's children move only while it is the innermost open one, so that pointers in open_ stay.
  YamlNode* Append(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                   YamlNode::Kind kind) {
    const int line = mark.line + 1;
    if (anchor != 0) throw Refusal{line, "anchors (&) are not taken; write the value out"};
    if (!tag.empty() && tag != "!" && tag != "?") {
      throw Refusal{line, "tags (!) are not taken; quote a value that starts with !"};
    }
    if (++values_ > kMaxValues) {
      throw Refusal{line,
                    absl::StrCat("more than ", kMaxValues, " values; is this the right file?")};
    }
    YamlNode* node = root_;
    if (!open_.empty()) node = &open_.back()->items.emplace_back();
    node->kind = kind;
    node->line = line;
    return node;
  }
  void Enter(YamlNode* node, const YAML::Mark& mark) {
    open_.push_back(node);
    if (open_.size() > kMaxDepth) {
      throw Refusal{mark.line + 1, absl::StrCat("nested deeper than ", kMaxDepth, " levels")};
    }
  }

  YamlNode* root_;
  std::vector<YamlNode*> open_;
  int values_ = 0;
};

// Notices that there is a second document.
class Nothing final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    throw Refusal{mark.line + 1, "a second document begins; the file must hold one"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

std::string Explained(const YAML::Exception& exception) {
  const std::string& what = exception.msg;
  if (absl::StrContains(what, "anchor") || absl::StrContains(what, "alias")) {
    return absl::StrCat("not YAML: ", what, "; a value that starts with * or & must be quoted");
  }
  return absl::StrCat("not YAML: ", what, "; check the indentation, quotes and brackets above");
}

}  // namespace

bool ParseYaml(absl::string_view text, YamlNode* root, Problems* problems) {
  if (text.size() > kMaxFileBytes) {
    problems->Add(0, "",
                  absl::StrCat("larger than ", kMaxFileBytes, " bytes; is this the right file?"));
    return false;
  }
  if (absl::StartsWith(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!CheckBytes(text, problems)) return false;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(root);
    if (!parser.HandleNextDocument(builder)) {
      problems->Add(0, "", "the file is empty; see the documentation for a first configuration");
      return false;
    }
    Nothing nothing;
    parser.HandleNextDocument(nothing);
    return true;
  } catch (const Refusal& refusal) {
    problems->Add(refusal.line, "", refusal.what);
  } catch (const YAML::Exception& exception) {
    problems->Add(exception.mark.line + 1, "", Explained(exception));
  }
  return false;
}

}  // namespace rollcall::config
