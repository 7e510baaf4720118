#include "absl/time/time.h"
#include "tests/support/scenario_lines.h"

namespace rollcall::scenario {
namespace {

// person ID USER_NAME [EMAIL] [inactive|hold] [alias=EMAIL] [ATTRIBUTE=VALUE]…
absl::Status PersonLine(Company& company, const Words& words) {
  if (words.size() < 3) return Unknown("a person has an id and a user name");
  size_t next = 3;
  std::string email;
  if (words.size() > 3 && words[3].find('=') == std::string::npos && words[3] != "inactive" &&
      words[3] != "hold") {
    email = Name(words[3]);
    next = 4;
  }
  company.Person(words[1], Name(words[2]), email);
  for (size_t i = next; i < words.size(); ++i) {
    auto [name, value] = Pair(words[i]);
    if (words[i] == "inactive") {
      company.Inactive(words[1]);
    } else if (words[i] == "hold") {
      company.OnHold(words[1]);
    } else if (name == "alias") {
      company.Alias(words[1], value);
    } else if (!value.empty()) {
      company.Attribute(words[1], name, value);
    } else {
      return Unknown(words[i]);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadExportLine(Company& company, absl::string_view line, const Words& words,
                            const std::string& tail) {
  if (words[0] == "person") return PersonLine(company, SplitWords(line));
  if (words[0] == "group" && words.size() == 2) {
    company.Group(words[1], SplitWords(tail));
    return absl::OkStatus();
  }
  if (words[0] == "cut" && words.size() == 2) {
    company.HeldGroup(words[1], tail);
    return absl::OkStatus();
  }
  if (words[0] == "without_stable_ids") {
    company.WithoutStableIds();
    return absl::OkStatus();
  }
  if (words[0] == "age" && words.size() == 2) {
    absl::Duration age;
    if (words[1] == "unknown") {
      company.set_export_time(std::nullopt);
    } else if (absl::ParseDuration(words[1], &age)) {
      company.set_export_time(company.now() - age);
    } else {
      return Unknown(words[1]);
    }
    return absl::OkStatus();
  }
  return Unknown(words[0]);
}

}  // namespace rollcall::scenario
