#include "tests/twins/crowd_restriction.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "tests/twins/crowd_directory.h"

namespace rollcall::twins {
namespace {

using Restrictions = std::vector<CrowdRestriction>;

// `*` stands for any text.
bool MatchesStars(absl::string_view text, absl::string_view pattern) {
  const size_t star = pattern.find('*');
  if (star == absl::string_view::npos) return text == pattern;
  if (!absl::StartsWith(text, pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  if (pattern.find('*') == absl::string_view::npos) return absl::EndsWith(text, pattern);
  const std::string next(pattern.substr(0, pattern.find('*')));
  const size_t at = text.find(next);
  return at != absl::string_view::npos && MatchesStars(text.substr(at), pattern);
}

CrowdRestriction Compare(const std::string& field, char op, const std::string& value) {
  const std::string wanted = FoldCrowdName(value);
  return [field, op, wanted](const CrowdFields& entity) {
    const std::vector<std::string> values = entity(field);
    return std::any_of(values.begin(), values.end(), [&](const std::string& raw) {
      const std::string actual = FoldCrowdName(raw);
      if (op == '<') return actual < wanted;
      if (op == '>') return actual > wanted;
      return MatchesStars(actual, wanted);
    });
  };
}

CrowdRestriction AllOf(Restrictions parts) {
  return [parts = std::move(parts)](const CrowdFields& entity) {
    return std::all_of(parts.begin(), parts.end(), [&](const auto& part) { return part(entity); });
  };
}

CrowdRestriction AnyOf(Restrictions parts) {
  return [parts = std::move(parts)](const CrowdFields& entity) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part(entity); });
  };
}

class QueryParser {
 public:
  explicit QueryParser(absl::string_view text) : rest_(text) {}

  std::optional<CrowdRestriction> Parse() {
    SkipBlanks();
    if (rest_.empty()) return AllOf({});
    std::optional<CrowdRestriction> result = ParseOr(0);
    return rest_.empty() ? result : std::nullopt;
  }

 private:
  void SkipBlanks() { rest_ = absl::StripLeadingAsciiWhitespace(rest_); }
  bool TakeChar(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    SkipBlanks();
    return true;
  }
  bool TakeWord(absl::string_view word) {
    if (!absl::StartsWithIgnoreCase(rest_, word)) return false;
    const absl::string_view after = rest_.substr(word.size());
    if (!after.empty() && after[0] != ' ' && after[0] != '(') return false;
    rest_ = after;
    SkipBlanks();
    return true;
  }

  std::optional<CrowdRestriction> ParseOr(int depth) {
    Restrictions parts;
    do {
      std::optional<CrowdRestriction> part = ParseAnd(depth);
      if (!part.has_value()) return std::nullopt;
      parts.push_back(*std::move(part));
    } while (TakeWord("or"));
    return AnyOf(std::move(parts));
  }

  std::optional<CrowdRestriction> ParseAnd(int depth) {
    Restrictions parts;
    do {
      std::optional<CrowdRestriction> part = ParsePart(depth);
      if (!part.has_value()) return std::nullopt;
      parts.push_back(*std::move(part));
    } while (TakeWord("and"));
    return AllOf(std::move(parts));
  }

  std::optional<CrowdRestriction> ParsePart(int depth) {
    if (depth > kMaxRestrictionDepth) return std::nullopt;
    if (TakeChar('(')) {
      std::optional<CrowdRestriction> inner = ParseOr(depth + 1);
      return TakeChar(')') ? inner : std::nullopt;
    }
    std::string field, value;
    if (!ReadWord(field) || rest_.empty()) return std::nullopt;
    const char op = rest_[0];
    if (op != '=' && op != '<' && op != '>') return std::nullopt;
    TakeChar(op);
    if (!ReadWord(value)) return std::nullopt;
    return Compare(field, op, value);
  }

  bool ReadWord(std::string& out) {
    if (!rest_.empty() && (rest_[0] == '"' || rest_[0] == '\'')) return ReadQuoted(out);
    const size_t end = std::min(rest_.size(), rest_.find_first_of(" =<>()!\t\n"));
    out = std::string(rest_.substr(0, end));
    rest_.remove_prefix(end);
    SkipBlanks();
    return !out.empty();
  }

  bool ReadQuoted(std::string& out) {
    const char quote = rest_[0];
    for (size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        rest_.remove_prefix(i + 1);
        SkipBlanks();
        return true;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      out.push_back(rest_[i]);
    }
    return false;
  }

  absl::string_view rest_;
};

std::optional<CrowdRestriction> ReadProperty(const XmlNode& node) {
  const XmlNode* property = node.Child("property");
  const XmlNode* name = property == nullptr ? nullptr : property->Child("name");
  const XmlNode* mode = node.Child("match-mode");
  const XmlNode* value = node.Child("value");
  if (name == nullptr || name->text.empty()) return std::nullopt;
  const std::string wanted = FoldCrowdName(value == nullptr ? "" : value->text);
  const std::string how = mode == nullptr ? "EXACTLY_MATCHES" : mode->text;
  if (how == "GREATER_THAN") return Compare(name->text, '>', wanted);
  if (how == "LESS_THAN") return Compare(name->text, '<', wanted);
  return [field = name->text, wanted, how](const CrowdFields& entity) {
    const std::vector<std::string> values = entity(field);
    if (how == "NULL") return values.empty();
    return std::any_of(values.begin(), values.end(), [&](const std::string& raw) {
      const std::string actual = FoldCrowdName(raw);
      if (how == "CONTAINS") return absl::StrContains(actual, wanted);
      if (how == "STARTS_WITH") return absl::StartsWith(actual, wanted);
      return actual == wanted;
    });
  };
}

}  // namespace

std::optional<CrowdRestriction> ParseCrowdQuery(absl::string_view text) {
  return QueryParser(text).Parse();
}

// As deep as ParseXml lets it be.
std::optional<CrowdRestriction> ReadCrowdRestriction(const XmlNode& node) {
  if (node.name == "null-search-restriction") return AllOf({});
  if (node.name == "property-search-restriction") return ReadProperty(node);
  const XmlNode* list = node.Child("restrictions");
  const auto logic = node.attributes.find("boolean-logic");
  if (node.name != "boolean-search-restriction" || list == nullptr ||
      logic == node.attributes.end()) {
    return std::nullopt;
  }
  Restrictions parts;
  for (const XmlNode& child : list->children) {
    std::optional<CrowdRestriction> part = ReadCrowdRestriction(child);
    if (!part.has_value()) return std::nullopt;
    parts.push_back(*std::move(part));
  }
  return absl::EqualsIgnoreCase(logic->second, "or") ? AnyOf(std::move(parts))
                                                     : AllOf(std::move(parts));
}

}  // namespace rollcall::twins
