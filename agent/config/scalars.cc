#include "agent/config/scalars.h"

#include <cctype>
#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/config/nearest_word.h"

namespace rollcall::config {
namespace {

absl::Status Wrong(const YamlNode& node, absl::string_view expected) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return absl::InvalidArgumentError(
          absl::StrCat("has no value; expected ", expected, ", or leave the key out"));
    case YamlNode::Kind::kList:
      return absl::InvalidArgumentError(absl::StrCat("is a list; expected ", expected));
    case YamlNode::Kind::kMap:
      return absl::InvalidArgumentError(absl::StrCat("is a mapping; expected ", expected));
    case YamlNode::Kind::kScalar:
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat("is ", Shown(node.text), "; expected ", expected));
}

bool IsPlain(const YamlNode& node) { return node.kind == YamlNode::Kind::kScalar && !node.quoted; }

// ACTIVATE_OWN of enum Activate is "own"; DEACTIVATE_BY_ACCOUNT of DeactivateBy is "account".
std::string WordOf(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix;
  for (char c : value.type()->name()) {
    if (std::isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(c);
  }
  return absl::AsciiStrToLower(value.name().substr(prefix.size() + 1));
}

}  // namespace

absl::StatusOr<std::string> ParseText(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kScalar) return Wrong(node, "text");
  return node.text;
}

absl::StatusOr<bool> ParseTruth(const YamlNode& node) {
  if (IsPlain(node) && node.text == "true") return true;
  if (IsPlain(node) && node.text == "false") return false;
  return Wrong(node, "true or false");
}

absl::StatusOr<int64_t> ParseInteger(const YamlNode& node, const v1::KeyRule& rule) {
  const int64_t min = rule.has_min() ? rule.min() : std::numeric_limits<int64_t>::min();
  const int64_t max = rule.has_max() ? rule.max() : std::numeric_limits<int64_t>::max();
  int64_t value = 0;
  if (!IsPlain(node) || !absl::SimpleAtoi(node.text, &value) || value < min || value > max) {
    return Wrong(node, rule.has_min() && rule.has_max()
                           ? absl::StrCat("an integer from ", min, " to ", max)
                           : "an integer");
  }
  return value;
}

absl::StatusOr<double> ParseNumber(const YamlNode& node) {
  double value = 0;
  if (!IsPlain(node) || !absl::SimpleAtod(node.text, &value) || !std::isfinite(value)) {
    return Wrong(node, "a number");
  }
  return value;
}

absl::StatusOr<absl::Duration> ParseSpan(const YamlNode& node) {
  absl::Duration value;
  if (node.kind != YamlNode::Kind::kScalar || !absl::ParseDuration(node.text, &value) ||
      value < absl::ZeroDuration() || value > absl::Hours(24 * 366 * 10)) {
    return Wrong(node, "a duration with its unit, such as 60s, 15m or 26h");
  }
  return value;
}

absl::StatusOr<int> ParseWord(const YamlNode& node, const google::protobuf::EnumDescriptor& words) {
  std::vector<std::string> known;
  for (int i = 0; i < words.value_count(); ++i) {
    if (words.value(i)->number() == 0) continue;
    const std::string word = WordOf(*words.value(i));
    if (node.kind == YamlNode::Kind::kScalar && node.text == word) return words.value(i)->number();
    known.push_back(word);
  }
  std::string expected = absl::StrCat("one of ", absl::StrJoin(known, ", "));
  if (node.kind == YamlNode::Kind::kScalar) {
    const std::string nearest = NearestWord(node.text, known);
    if (!nearest.empty()) absl::StrAppend(&expected, " (did you mean ", nearest, "?)");
  }
  return Wrong(node, expected);
}

}  // namespace rollcall::config
