#include "tests/twins/crowd_directory.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

constexpr const char* kCrowdOperationNames[kCrowdOperations] = {
    "create_user",  "update_user",  "update_user_attribute",  "delete_user",
    "create_group", "update_group", "update_group_attribute", "delete_group"};

// The lower case of a letter that takes two bytes of UTF-8, which its lower case does as well.
uint32_t LowerLetter(uint32_t c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if ((c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) {
    return c | 1;
  }
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c + (c & 1);
  if (c == 0x178) return 0xFF;
  if (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

}  // namespace

const char* NameOfCrowdOperation(CrowdOperation operation) {
  return kCrowdOperationNames[static_cast<int>(operation)];
}

std::optional<CrowdOperation> FindCrowdOperation(absl::string_view name) {
  for (int i = 0; i < kCrowdOperations; ++i) {
    if (name == kCrowdOperationNames[i]) return static_cast<CrowdOperation>(i);
  }
  return std::nullopt;
}

std::string FoldCrowdName(absl::string_view name) {
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<uint8_t>(name[i]);
    if (byte < 0xC2 || byte > 0xDF || i + 1 == name.size()) {
      result.push_back(absl::ascii_tolower(byte));
      continue;
    }
    const auto next = static_cast<uint8_t>(name[++i]);
    const uint32_t letter = LowerLetter(((byte & 0x1Fu) << 6) | (next & 0x3Fu));
    result.push_back(static_cast<char>(0xC0 | (letter >> 6)));
    result.push_back(static_cast<char>(0x80 | (letter & 0x3F)));
  }
  return result;
}

CrowdUser MakeCrowdUser(absl::string_view name, bool active) {
  CrowdUser user;
  user.name = std::string(name);
  user.first_name = user.name;
  if (!user.first_name.empty()) {
    user.first_name[0] = absl::ascii_toupper(static_cast<uint8_t>(user.first_name[0]));
  }
  user.last_name = "Example";
  user.display_name = absl::StrCat(user.first_name, " Example");
  user.email = absl::StrCat(name, "@example.com");
  user.active = active;
  user.external_id = absl::StrCat("x-", name);
  return user;
}

}  // namespace rollcall::twins
