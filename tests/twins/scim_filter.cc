#include "tests/twins/scim_filter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"

namespace rollcall::twins {
namespace {

constexpr const char* kOperators[] = {"eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"};

// Takes the next word or quoted string off the front; empty at the end.
std::string TakeToken(absl::string_view& text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  if (text.empty()) return "";
  size_t end = 0;
  if (text[0] == '"') {
    for (end = 1; end < text.size() && text[end] != '"'; ++end) {
      if (text[end] == '\\') ++end;
    }
    end = std::min(end + 1, text.size());
  } else {
    while (end < text.size() && !absl::ascii_isspace(text[end])) ++end;
  }
  std::string token(text.substr(0, end));
  text.remove_prefix(end);
  return token;
}

absl::StatusOr<Comparison> TakeComparison(absl::string_view& text, Filter& filter) {
  Comparison comparison;
  comparison.attribute = TakeToken(text);
  const std::string op = TakeToken(text);
  comparison.op = absl::AsciiStrToLower(op);
  if (comparison.op != op) filter.upper_case = true;
  if (comparison.attribute.empty() || std::find(std::begin(kOperators), std::end(kOperators),
                                                comparison.op) == std::end(kOperators)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the filter is not understood at \"", comparison.attribute, " ", op, "\""));
  }
  if (comparison.op == "pr") return comparison;
  const std::string value = TakeToken(text);
  if (value.find('\\') != std::string::npos) filter.escaped = true;
  comparison.value = nlohmann::json::parse(value, nullptr, /*allow_exceptions=*/false);
  if (comparison.value.is_discarded() || comparison.value.is_structured()) {
    return absl::InvalidArgumentError(absl::StrCat("the filter's value ", value, " is not JSON"));
  }
  return comparison;
}

int Order(const nlohmann::json& left, const nlohmann::json& right, Case letters,
          absl::string_view attribute) {
  if (!left.is_string() || !right.is_string()) return left < right ? -1 : left == right ? 0 : 1;
  std::string a = left.get<std::string>();
  std::string b = right.get<std::string>();
  if (letters == Case::kAsDefined && !IsCaseExact(attribute)) {
    absl::AsciiStrToLower(&a);
    absl::AsciiStrToLower(&b);
  }
  return a.compare(b);
}

bool TextHolds(const Comparison& comparison, const nlohmann::json& value) {
  if (!value.is_string() || !comparison.value.is_string()) return false;
  const std::string whole = absl::AsciiStrToLower(value.get<std::string>());
  const std::string part = absl::AsciiStrToLower(comparison.value.get<std::string>());
  if (comparison.op == "co") return absl::StrContains(whole, part);
  if (comparison.op == "sw") return absl::StartsWith(whole, part);
  return absl::EndsWith(whole, part);
}

bool Holds(const Comparison& comparison, const nlohmann::json& value, Case letters) {
  const std::string& op = comparison.op;
  if (op == "pr") return !value.is_null();
  if (op == "co" || op == "sw" || op == "ew") return TextHolds(comparison, value);
  const int order = Order(value, comparison.value, letters, comparison.attribute);
  if (op == "eq") return order == 0;
  if (op == "gt") return order > 0;
  if (op == "ge") return order >= 0;
  if (op == "lt") return order < 0;
  return order <= 0;
}

bool AnyHolds(const Comparison& comparison, const std::vector<nlohmann::json>& values,
              Case letters) {
  if (comparison.op == "ne") {
    return std::none_of(values.begin(), values.end(), [&](const nlohmann::json& value) {
      return Order(value, comparison.value, letters, comparison.attribute) == 0;
    });
  }
  return std::any_of(values.begin(), values.end(), [&](const nlohmann::json& value) {
    return Holds(comparison, value, letters);
  });
}

}  // namespace

absl::StatusOr<Filter> ParseFilter(absl::string_view text) {
  Filter filter;
  filter.alternatives.emplace_back();
  while (true) {  // each turn takes at least one token, so the text's length is the limit
    absl::StatusOr<Comparison> comparison = TakeComparison(text, filter);
    if (!comparison.ok()) return comparison.status();
    filter.alternatives.back().push_back(*std::move(comparison));
    const std::string joint = absl::AsciiStrToLower(TakeToken(text));
    if (joint.empty()) return filter;
    if (joint == "or") {
      filter.alternatives.emplace_back();
    } else if (joint != "and") {
      return absl::InvalidArgumentError(
          absl::StrCat("the filter is not understood at \"", joint, "\""));
    }
  }
}

bool Matches(const Filter& filter, const nlohmann::json& resource, Case letters) {
  const auto holds = [&](const Comparison& comparison) {
    return AnyHolds(comparison, ValuesAt(resource, comparison.attribute), letters);
  };
  return std::any_of(filter.alternatives.begin(), filter.alternatives.end(),
                     [&](const std::vector<Comparison>& all) {
                       return std::all_of(all.begin(), all.end(), holds);
                     });
}

}  // namespace rollcall::twins
