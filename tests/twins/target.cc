#include "tests/twins/target.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace rollcall::twins {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::optional<std::string> Target::Parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  return found->second;
}

bool TakeBasePath(const std::string& base_path, std::vector<std::string>& segments) {
  const std::vector<std::string> base = absl::StrSplit(base_path, '/', absl::SkipEmpty());
  if (segments.size() < base.size() || !std::equal(base.begin(), base.end(), segments.begin())) {
    return false;
  }
  segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(base.size()));
  return true;
}

std::string PercentDecode(absl::string_view text, Encoding encoding) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      result.push_back(static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2])));
      i += 2;
    } else if (text[i] == '+' && encoding == Encoding::kForm) {
      result.push_back(' ');
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

std::string PercentEncode(absl::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~') {
      result.push_back(c);
    } else {
      result.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return result;
}

Target ParseTarget(absl::string_view target) {
  Target result;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(target, absl::MaxSplits('?', 1));
  result.trailing_slash = parts.first.size() > 1 && parts.first.back() == '/';
  for (absl::string_view segment : absl::StrSplit(parts.first, '/', absl::SkipEmpty())) {
    result.segments.push_back(PercentDecode(segment, Encoding::kPath));
  }
  for (absl::string_view pair : absl::StrSplit(parts.second, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> item =
        absl::StrSplit(pair, absl::MaxSplits('=', 1));
    result.parameters[PercentDecode(item.first, Encoding::kForm)] =
        PercentDecode(item.second, Encoding::kForm);
  }
  return result;
}

}  // namespace rollcall::twins
