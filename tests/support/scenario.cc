#include "tests/support/scenario.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/account_conditions.h"
#include "tests/support/scenario_lines.h"

namespace rollcall {
namespace {

using scenario::Unknown;
using scenario::Words;

class ScenarioParser {
 public:
  absl::StatusOr<Scenario> Parse(absl::string_view text) {
    int number = 0;
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number;
      line = absl::StripTrailingAsciiWhitespace(line.substr(0, line.find('#')));
      if (line.empty()) continue;
      absl::Status status = absl::ascii_isspace(static_cast<unsigned char>(line[0]))
                                ? Content(absl::StripLeadingAsciiWhitespace(line))
                                : Section(scenario::SplitWords(line));
      RETURN_IF_ERROR(Annotate(status, absl::StrCat("line ", number, " (", line, ")")));
    }
    if (scenario_.expected.empty()) return absl::InvalidArgumentError("nothing is expected");
    return std::move(scenario_);
  }

 private:
  Company& company() { return *scenario_.company; }

  absl::Status Section(const Words& words) {
    static constexpr std::array<absl::string_view, 9> kSections = {
        "export", "groups", "links", "holds", "memory", "configuration", "guards", "expect", "odd"};
    section_ = words[0];
    if (section_ == "directory") return StartDirectory(words);
    bool known = words.size() == 1 &&
                 std::find(kSections.begin(), kSections.end(), section_) != kSections.end();
    return known ? absl::OkStatus() : Unknown(section_);
  }

  // directory ID [scim|crowd|cloud|jira]
  absl::Status StartDirectory(const Words& words) {
    if (words.size() < 2) return Unknown("a directory without a name");
    directory_ = words[1];
    DirectoryKind kind = DirectoryKind::kScim;
    if (words.size() > 2) {
      ASSIGN_OR_RETURN(kind,
                       scenario::OneOf<DirectoryKind>({{"scim", DirectoryKind::kScim},
                                                       {"crowd", DirectoryKind::kCrowd},
                                                       {"cloud", DirectoryKind::kAtlassianAdmin},
                                                       {"jira", DirectoryKind::kJira}},
                                                      words[2]));
    }
    company().Directory(directory_, kind);
    return absl::OkStatus();
  }

  absl::Status Content(absl::string_view line) {
    if (section_ == "expect") {
      absl::StrAppend(&scenario_.expected, line, "\n");
      return absl::OkStatus();
    }
    if (section_ == "odd") {
      scenario_.odd = absl::StrCat(scenario_.odd.value_or(""), line, "\n");
      return absl::OkStatus();
    }
    // "group eng: a1 a2": what follows the colon is a list.
    std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    Words words = scenario::SplitWords(absl::StripSuffix(halves.first, ":"));
    std::string tail(halves.second);
    if (section_ == "export") return scenario::ReadExportLine(company(), line, words, tail);
    if (section_ == "directory") return DirectoryLine(line, words, tail);
    if (section_ == "guards") {
      return scenario::ReadGuardLine(company().spec().guards, words, tail);
    }
    return PlainLine(scenario::SplitWords(line));
  }

  absl::Status DirectoryLine(absl::string_view line, const Words& words, const std::string& tail) {
    if (words[0] == "owned") return scenario::ReadOwnedLine(scenario_.probes[directory_], words);
    if (words[0] == "takes") return scenario::ReadTakesLine(scenario_.probes[directory_], words);
    return scenario::ReadDirectoryLine(company().Directory(directory_), line, words, tail);
  }

  absl::Status PlainLine(const Words& words) {
    if (section_ == "groups") return scenario::ReadManagedGroupLine(company(), words);
    if (section_ == "links") return scenario::ReadLinkLine(company(), words);
    if (section_ == "holds") return scenario::ReadHoldLine(company(), words);
    if (section_ == "memory") return scenario::ReadMemoryLine(company(), words);
    if (section_ != "configuration") return Unknown("a line before the first section");
    // `rollcall deactivate` and `activate` plan for one person.
    if (words[0] == "only" && words.size() == 2) {
      scenario_.only_person = words[1];
      return absl::OkStatus();
    }
    return scenario::ReadConfigurationLine(company(), words);
  }

  Scenario scenario_;
  std::string section_;
  std::string directory_;
};

}  // namespace

absl::StatusOr<Scenario> ParseScenario(absl::string_view text) {
  return ScenarioParser().Parse(text);
}

Plan PlanOf(Scenario& scenario) {
  PlanInput input = scenario.company->Input();
  input.only_person = scenario.only_person;
  Draft draft = MakeDraft(input);
  return FinishPlan(input, draft, scenario.probes).plan;
}

std::string AccountsOf(Scenario& scenario) {
  const PlanInput input = scenario.company->Input();
  const Draft draft = MakeDraft(input);
  const ConditionReport report = FindConditions(input, draft, Conditions::kAll);
  std::string text = absl::StrCat("in step ", report.people_in_step, "\n");
  for (const PersonAccounts& person : report.people) {
    for (const ConditionRow& row : person.rows) {
      absl::StrAppend(&text, TextOf(row.condition).name, " ", row.directory, "/", row.account, " ",
                      person.subject, row.beside.empty() ? "" : " beside ", row.beside, "\n");
    }
  }
  return text;
}

}  // namespace rollcall
