#include "tests/twins/crowd_xml.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

void AppendUtf8(uint32_t c, std::string& out) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.append({static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))});
  } else if (c < 0x10000) {
    out.append({static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
                static_cast<char>(0x80 | (c & 0x3F))});
  } else {
    out.append({static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)),
                static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))});
  }
}

class XmlReader {
 public:
  explicit XmlReader(absl::string_view text) : rest_(text) {}

  std::optional<XmlNode> ReadDocument() {
    SkipMisc();
    XmlNode root;
    if (!ReadElement(root, 0)) return std::nullopt;
    SkipMisc();
    if (!rest_.empty()) return std::nullopt;
    return root;
  }

 private:
  bool Take(absl::string_view prefix) {
    if (!absl::StartsWith(rest_, prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }
  void SkipSpace() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }
  bool SkipPast(absl::string_view end) {
    const size_t at = rest_.find(end);
    if (at == absl::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }
  void SkipMisc() {
    SkipSpace();
    while ((Take("<?") && SkipPast("?>")) || (Take("<!--") && SkipPast("-->"))) SkipSpace();
  }

  std::string ReadName() {
    size_t length = 0;
    while (length < rest_.size() && rest_[length] != '=' && rest_[length] != '>' &&
           rest_[length] != '/' && rest_[length] != '<' &&
           !absl::ascii_isspace(static_cast<uint8_t>(rest_[length]))) {
      ++length;
    }
    std::string name(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return name;
  }

  // Text up to a `stop` character, references undone.
  bool ReadText(char stop, std::string& out) {
    while (!rest_.empty() && rest_[0] != stop) {
      if (rest_[0] == '<') return false;
      if (rest_[0] != '&') {
        out.push_back(rest_[0]);
        rest_.remove_prefix(1);
      } else if (!ReadReference(out)) {
        return false;
      }
    }
    return !rest_.empty();
  }

  bool ReadReference(std::string& out) {
    const size_t end = rest_.find(';');
    if (end == absl::string_view::npos || end > 10) return false;
    const std::string name(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    for (const auto& [known, c] : {std::pair<const char*, char>{"lt", '<'},
                                   {"gt", '>'},
                                   {"amp", '&'},
                                   {"quot", '"'},
                                   {"apos", '\''}}) {
      if (name != known) continue;
      out.push_back(c);
      return true;
    }
    uint32_t code = 0;
    const bool read = absl::StartsWith(name, "#x")  ? absl::SimpleHexAtoi(name.substr(2), &code)
                      : absl::StartsWith(name, "#") ? absl::SimpleAtoi(name.substr(1), &code)
                                                    : false;
    if (!read || code == 0 || code > 0x10FFFF) return false;
    AppendUtf8(code, out);
    return true;
  }

  bool ReadAttributes(XmlNode& node) {
    SkipSpace();
    while (!rest_.empty() && rest_[0] != '>' && rest_[0] != '/') {
      const std::string name = ReadName();
      SkipSpace();
      if (name.empty() || !Take("=")) return false;
      SkipSpace();
      const char quote = rest_.empty() ? '\0' : rest_[0];
      if (quote != '"' && quote != '\'') return false;
      rest_.remove_prefix(1);
      if (!ReadText(quote, node.attributes[name])) return false;
      rest_.remove_prefix(1);
      SkipSpace();
    }
    return true;
  }

  bool ReadElement(XmlNode& node, int depth) {
    if (depth > kMaxXmlDepth || !Take("<")) return false;
    node.name = ReadName();
    if (node.name.empty() || node.name[0] == '!' || !ReadAttributes(node)) return false;
    if (Take("/>")) return true;
    if (!Take(">")) return false;
    return ReadContent(node, depth);
  }

  bool ReadContent(XmlNode& node, int depth) {
    std::string text;
    while (true) {  // ends with the input
      if (!ReadText('<', text)) return false;
      if (Take("</")) break;
      if (Take("<!--")) {
        if (!SkipPast("-->")) return false;
      } else if (Take("<![CDATA[")) {
        const absl::string_view before = rest_;
        if (!SkipPast("]]>")) return false;
        absl::StrAppend(&text, before.substr(0, before.size() - rest_.size() - 3));
      } else if (!ReadElement(node.children.emplace_back(), depth + 1)) {
        return false;
      }
    }
    node.text = std::string(absl::StripAsciiWhitespace(text));
    if (ReadName() != node.name) return false;
    SkipSpace();
    return Take(">");
  }

  absl::string_view rest_;
};

// In JSON a list stands beside its siblings; in XML its items do, under another name.
const char* ItemName(const std::string& key) {
  if (key == "users" || key == "user") return "user";
  if (key == "groups" || key == "group") return "group";
  if (key == "attributes" || key == "attribute") return "attribute";
  if (key == "values") return "value";
  if (key == "validationFactors") return "validation-factor";
  return "item";
}

bool IsAttribute(const std::string& element, const std::string& key) {
  if (element == "link") return true;
  if (key == "expand") return true;
  if (key == "name") return element == "user" || element == "group" || element == "attribute";
  return element == "events" && key != "events";
}

std::string ScalarText(const std::string& key, const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "";
  if (absl::EndsWith(key, "-date") && value.is_number()) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E3S+00:00", absl::FromUnixMillis(value.get<int64_t>()),
                            absl::UTCTimeZone());
  }
  return value.dump();
}

void WriteElement(const std::string& name, const json& value, std::string& out);

void WriteChild(const std::string& key, const json& value, std::string& out) {
  if (!value.is_array()) {
    WriteElement(key, value, out);
    return;
  }
  if (key == "values") absl::StrAppend(&out, "<values>");
  for (const json& item : value) {
    // Events name their own elements.
    const std::string own = item.is_object() ? item.value("type", "") : "";
    WriteElement(key == "events" ? own : std::string(ItemName(key)), item, out);
  }
  if (key == "values") absl::StrAppend(&out, "</values>");
}

void WriteElement(const std::string& name, const json& value, std::string& out) {
  absl::StrAppend(&out, "<", name);
  if (!value.is_object()) {
    absl::StrAppend(&out, ">", EscapeXml(ScalarText(name, value)), "</", name, ">");
    return;
  }
  for (const auto& item : value.items()) {
    if (!item.value().is_structured() && IsAttribute(name, item.key())) {
      absl::StrAppend(&out, " ", item.key(), "=\"", EscapeXml(ScalarText(item.key(), item.value())),
                      "\"");
    }
  }
  absl::StrAppend(&out, ">");
  for (const auto& item : value.items()) {
    if (!item.value().is_structured() && IsAttribute(name, item.key())) continue;
    WriteChild(item.key(), item.value(), out);
  }
  absl::StrAppend(&out, "</", name, ">");
}

}  // namespace

const XmlNode* XmlNode::Child(absl::string_view child) const {
  for (const XmlNode& node : children) {
    if (node.name == child) return &node;
  }
  return nullptr;
}

std::optional<XmlNode> ParseXml(absl::string_view text) { return XmlReader(text).ReadDocument(); }

json XmlToBody(const XmlNode& node) {
  if (node.name == "values") {
    json values = json::array();
    for (const XmlNode& child : node.children) values.push_back(child.text);
    return values;
  }
  const bool factors = node.name == "validation-factors";
  if (node.name == "attributes" || factors) {
    json items = json::array();
    for (const XmlNode& child : node.children) {
      if (child.name != "link") items.push_back(XmlToBody(child));
    }
    return {{factors ? "validationFactors" : "attributes", items}};
  }
  if (node.children.empty() && node.attributes.empty()) return node.text;
  json result = json::object();
  for (const auto& [key, value] : node.attributes) result[key] = value;
  for (const XmlNode& child : node.children) result[child.name] = XmlToBody(child);
  return result;
}

std::string BodyToXml(const std::string& root, const json& body) {
  std::string out = kXmlProlog;
  WriteElement(root, body, out);
  return out;
}

std::string EscapeXml(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') continue;
    if (c == '&') {
      out.append("&amp;");
    } else if (c == '<') {
      out.append("&lt;");
    } else if (c == '>') {
      out.append("&gt;");
    } else if (c == '"') {
      out.append("&quot;");
    } else if (byte < 0x20) {
      absl::StrAppend(&out, "&#", static_cast<int>(byte), ";");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace rollcall::twins
