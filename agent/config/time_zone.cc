#include "agent/config/time_zone.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/config/nearest_word.h"
#include "agent/config/problems.h"

namespace rollcall::config {
namespace {

constexpr size_t kMaxZoneName = 64;
// Of tzdata.zi; today it has 4,300.
constexpr int kMaxZoneLines = 100000;

bool IsZoneName(absl::string_view name) {
  const auto fits = [](char c) {
    return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kMaxZoneName && absl::ascii_isalpha(name[0]) &&
         std::all_of(name.begin(), name.end(), fits) && name != "localtime" &&
         !absl::StartsWith(name, "posix") && !absl::StartsWith(name, "right/");
}

// The names that tzdata's one text file defines ("Z NAME …") or gives to others ("L OTHER NAME"),
// by what NearestWord compares.
std::map<std::string, std::string> ZoneNames(const std::string& folder) {
  std::map<std::string, std::string> names;
  std::ifstream file(folder + "/tzdata.zi");
  int lines = 0;
  for (std::string line; lines < kMaxZoneLines && std::getline(file, line); ++lines) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    std::string name;
    if (words.size() > 1 && words[0] == "Z") name = words[1];
    if (words.size() > 2 && words[0] == "L") name = words[2];
    std::string folded = absl::AsciiStrToLower(name);
    std::replace(folded.begin(), folded.end(), '-', '_');
    if (!name.empty()) names.emplace(folded, name);
  }
  return names;
}

std::string LikelyZone(absl::string_view name, const std::string& folder) {
  const std::map<std::string, std::string> names = ZoneNames(folder);
  std::vector<std::string> known;
  for (const auto& [folded, written] : names) known.push_back(folded);
  std::string spaced(name);
  std::replace(spaced.begin(), spaced.end(), ' ', '_');
  const auto found = names.find(NearestWord(spaced, known));
  return found == names.end() ? "" : found->second;
}

}  // namespace

std::string ZoneFolder() {
  const char* folder = std::getenv("TZDIR");
  return folder == nullptr || *folder == '\0' ? "/usr/share/zoneinfo" : folder;
}

absl::StatusOr<absl::TimeZone> LoadZone(absl::string_view name) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (name.empty()) return zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(name, &zone)) {
    return UnknownZone(name, ZoneFolder());
  }
  return zone;
}

absl::Status UnknownZone(absl::string_view name, const std::string& folder) {
  if (!std::ifstream(folder + "/Etc/UTC").good()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "is ", Shown(name), ", but this machine has no time zones (", folder,
        "); install tzdata and start Rollcall again, or remove time_zone to count in UTC"));
  }
  const std::string likely = LikelyZone(name, folder);
  return absl::InvalidArgumentError(absl::StrCat(
      "is ", Shown(name), "; expected a time zone by its IANA name, such as ",
      likely.empty() ? "Europe/Berlin" : absl::StrCat(likely, " (did you mean that?)")));
}

}  // namespace rollcall::config
